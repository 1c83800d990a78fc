"""Owns the line that asks why units are sent against the run card. Must not send."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.panels.action_button import ActionButton
from widgets.panels.list_panel import head_margins
from widgets.style import icon, theme_notifier, tokens

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OverrideBar(QWidget):
    """Hidden until `open_for`. `given` carries the reason; Escape or the cross sends nobody."""

    given = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._units = self._why = ""
        self._count = 0
        self.question, self.reason = QLabel(), QLineEdit()
        self._dismiss, self.confirm = QToolButton(), ActionButton("danger")
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*head_margins())
        column.setSpacing(tokens().space_xs)
        self.question.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        head.addWidget(self.question, 1)
        head.addWidget(self._dismiss)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self.confirm)
        self.reason.installEventFilter(self)
        self.reason.textChanged.connect(lambda _text: self._name())
        self.confirm.clicked.connect(self._confirmed)
        self._dismiss.clicked.connect(self.dismiss)
        theme_notifier.changed.connect(self._dress)
        self._dress()
        self.hide()

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))

    def open_for(self, units: str, why: str, count: int) -> None:
        """Asks why these units go though the card says no; `count` units would go in all."""
        self._units, self._why, self._count = units, why, count
        self.reason.clear()
        self.retranslate()
        self.show()
        self.reason.setFocus()

    def dismiss(self) -> None:
        """Sends nobody."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _confirmed(self) -> None:
        reason = self.reason.text().strip()
        if reason:
            self.hide()
            self.given.emit(reason)

    def _name(self) -> None:
        self.confirm.setEnabled(bool(self.reason.text().strip()))
        self.confirm.set_words(tr("dispatch.override.send", count=self._count), "↵")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            if event.key() in _ENTER:
                self._confirmed()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """The language has changed."""
        self._dismiss.setToolTip(tr("dispatch.override.cancel"))
        self._dismiss.setAccessibleName(tr("dispatch.override.cancel"))
        self.question.setText(tr("dispatch.override.question", units=self._units, why=self._why))
        self.reason.setPlaceholderText(tr("dispatch.override.placeholder"))
        self.reason.setAccessibleName(tr("dispatch.override.placeholder"))
        self._name()
