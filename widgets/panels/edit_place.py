"""Owns the place of one field on the card: what it shows, the editor in its stead, the flash when others changed it.

Must not know the field's value.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.style import tokens


class EditPlace(QWidget):
    """`wanted`: a double click on what is shown. `keeps` leaves that where it is while the editor stands below."""

    wanted = Signal()

    def __init__(self, display: QWidget, *, keeps: bool = False) -> None:
        super().__init__()
        self._display, self._keeps = display, keeps
        self.editor: QWidget | None = None
        self.may_show: Callable[[], bool] = lambda: True
        """Whether there is anything to show when the editor is gone."""
        self.is_flashing = False
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.timeout.connect(self._flash_over)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens().space_xs)
        self._column.addWidget(display)
        for widget in (display, *display.findChildren(QWidget)):
            widget.installEventFilter(self)

    def open(self, editor: QWidget) -> None:
        self.editor = editor
        self._column.addWidget(editor)
        self._display.setVisible(self._keeps)
        editor.show()

    def shut(self) -> None:
        if self.editor is not None:
            self._column.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
            self._display.setVisible(self.may_show())

    def flash(self) -> None:
        """Once and short; not at all with reduced motion."""
        look = tokens()
        if look.motion_pulse_count and look.motion_duration_ms:
            self.is_flashing = True
            self._flash.start(look.motion_duration_ms)
            self.update()

    def _flash_over(self) -> None:
        self.is_flashing = False
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick and self.editor is None:
            self.wanted.emit()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_flashing:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens().selection)
            painter.drawRoundedRect(QRectF(self.rect()), tokens().size_radius, tokens().size_radius)
            painter.end()
