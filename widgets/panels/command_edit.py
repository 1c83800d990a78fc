"""Owns the line in the window's head in which commands are written. Must not know what they mean.

It stands from the start; all that reads and completes what is written in it is made when it is first entered.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from app.service.command_line.words import LONGEST_LINE
from widgets.style import tokens

NARROWEST_PX = 170
WIDEST_PX = 520
_LEFT_FOR_A_MOMENT = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class CommandEdit(QLineEdit):
    """The line itself: what it does not know as writing it tells as a key."""

    entered = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.take_key: Callable[[QKeyEvent], bool] = lambda _event: False
        self.setMaxLength(LONGEST_LINE + 1)
        self._fitting = ""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(tokens().px(WIDEST_PX))

    def refuse_too_long(self) -> bool:
        """Puts back what stood there before something too long came; True when it did. It is shown nowhere."""
        text = self.text()
        if len(text) <= LONGEST_LINE:
            self._fitting = text
            return False
        self.blockSignals(True)
        self.setText(self._fitting)
        self.blockSignals(False)
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(NARROWEST_PX), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(WIDEST_PX), super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Tab completes here; Qt would leave the line before a key press is told."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.take_key(event):
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _LEFT_FOR_A_MOMENT:
            self.left.emit()
