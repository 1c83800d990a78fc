"""Owns what every line that asks something within a panel has: question, cross, Escape, the keyboard given back.

Must not know what is asked.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.panels.list_panel import head_margins
from widgets.style import follow_look, icon, tokens

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionBar(QWidget):
    """Hidden until it asks. `closed` says that nothing was done and the keyboard is to be given back.

    What is answered goes into `body`, below the question. Escape anywhere in it, or the cross, closes it.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.question, self.cross = QLabel(), QToolButton()
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setWordWrap(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*head_margins())
        self.body.setSpacing(tokens().space_xs)
        head = QHBoxLayout()
        head.addWidget(self.question, 1)
        head.addWidget(self.cross)
        self.body.addLayout(head)
        self.cross.clicked.connect(self.dismiss)
        follow_look(self, self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        self.cross.setIcon(icon("close"))

    def dismiss(self) -> None:
        """Nothing is done."""
        if not self.isHidden():
            self.forget()
            self.hide()
            self.closed.emit()

    def forget(self) -> None:
        """What it was about; of whoever has something to forget."""

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether a key, of the line or of a field in it, was meant for the line."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the line does not know is no key of what stands beside it."""
        self.take_key(event)
        event.accept()

    def retranslate(self) -> None:
        """The language has changed."""
        self.cross.setToolTip(tr("common.cancel"))
        self.cross.setAccessibleName(tr("common.cancel"))
