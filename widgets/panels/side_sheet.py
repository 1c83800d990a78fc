"""Owns a sheet that lies beside a panel and leaves it in sight: title, close, a body.

Must not know what is in its body. Escape closes it and gives the keyboard back to the panel.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.style import follow_look, icon, tokens

WIDTH_PX = 460
HEIGHT_PX = 440


class SideSheet(QFrame):
    """Hidden until `open`. Subclasses fill `body`, say their texts in `retranslate` and their figures in `refresh`."""

    closed = Signal()

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel.window())
        self._panel = panel
        self.width_px, self.height_px = WIDTH_PX, HEIGHT_PX
        """As large as it would like to be, at text scale 1."""
        self.setProperty("raised", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title, self._dismiss = QLabel(), QToolButton()
        self.title.setProperty("type", "title")
        self._dismiss.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self._dismiss)
        self.body = QVBoxLayout()
        column = QVBoxLayout(self)
        look = tokens()
        column.setContentsMargins(look.space_m, look.space_s, look.space_s, look.space_s)
        column.setSpacing(look.space_s)
        column.addLayout(head)
        column.addLayout(self.body, 1)
        follow_look(self, self._dress)
        self._dress()
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    def open(self) -> None:
        """Beside the panel, with the keyboard in it; one that has moved to another window takes its sheet along."""
        window = self._panel.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        window.installEventFilter(self)
        self.retranslate()
        self._place()
        self.show()
        self.raise_()
        self.take_keyboard()

    def dismiss(self) -> None:
        if self.is_open:
            self.hide()
            self._panel.setFocus()
            self.closed.emit()

    def take_keyboard(self) -> None:
        self.setFocus()

    def refresh(self) -> None:
        """The figures as they are now."""

    def retranslate(self) -> None:
        """The language has changed."""
        self._dismiss.setToolTip(f"{tr('common.dismiss')}  Esc")
        self._dismiss.setAccessibleName(tr("common.dismiss"))
        self.setAccessibleName(self.title.text())
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.is_open:
            self._place()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._panel.window().removeEventFilter(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What a sheet does not know is no key of what lies under it."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside: next door letters are commands, and words meant for here would give them."""
        here = QApplication.focusWidget()
        if not self.is_open or here is None or not self.isAncestorOf(here):
            return super().focusNextPrevChild(forward)
        stop = self._next(here, forward)
        while stop is not here and not self._takes_tab(stop):
            stop = self._next(stop, forward)
        stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    @staticmethod
    def _next(here: QWidget, forward: bool) -> QWidget:
        there = here.nextInFocusChain() if forward else here.previousInFocusChain()
        return there if there is not None else here

    def _takes_tab(self, stop: QWidget) -> bool:
        is_inside = stop is not self and self.isAncestorOf(stop) and stop.focusProxy() is None
        by_tab = bool(stop.focusPolicy() & Qt.FocusPolicy.TabFocus)
        return is_inside and by_tab and stop.isVisible() and stop.isEnabled()

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))

    def _place(self) -> None:
        """Right of the panel where there is room, else left of it, foot beside foot; always inside the window."""
        window, look = self._panel.window(), tokens()
        width = min(look.px(self.width_px), window.width())
        height = min(look.px(self.height_px), window.height())
        corner = self._panel.mapTo(window, QPoint(self._panel.width() + look.space_s, self._panel.height()))
        beyond = corner.x() - self._panel.width() - 2 * look.space_s - width
        left = corner.x() if corner.x() + width <= window.width() else max(0, beyond)
        top = min(max(0, corner.y() - height), window.height() - height)
        self.setGeometry(left, top, width, height)
