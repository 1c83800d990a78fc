"""Owns the line that asks why units are sent against the run card. Must not send."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.i18n import tr
from widgets.panels.action_button import ActionButton
from widgets.panels.question_bar import ENTER, QuestionBar


class OverrideBar(QuestionBar):
    """`given` carries the reason; Escape or the cross sends nobody."""

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._units = self._why = ""
        self._count = 0
        self.reason, self.confirm = QLineEdit(), ActionButton("danger")
        self.body.addWidget(self.reason)
        self.body.addWidget(self.confirm)
        self.reason.installEventFilter(self)
        self.reason.textChanged.connect(lambda _text: self._name())
        self.confirm.clicked.connect(self._confirmed)

    def open_for(self, units: str, why: str, count: int) -> None:
        """Asks why these units go though the card says no; `count` units would go in all."""
        self._units, self._why, self._count = units, why, count
        self.reason.clear()
        self.retranslate()
        self.show()
        self.reason.setFocus()

    def _confirmed(self) -> None:
        reason = self.reason.text().strip()
        if reason:
            self.hide()
            self.given.emit(reason)

    def _name(self) -> None:
        self.confirm.setEnabled(bool(self.reason.text().strip()))
        self.confirm.set_words(tr("dispatch.override.send", count=self._count), "↵")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in ENTER:
            self._confirmed()
            return True
        return self.take_key(event) or super().eventFilter(watched, event)

    def retranslate(self) -> None:
        super().retranslate()
        self.cross.setToolTip(tr("dispatch.override.cancel"))
        self.cross.setAccessibleName(tr("dispatch.override.cancel"))
        self.question.setText(tr("dispatch.override.question", units=self._units, why=self._why))
        self.reason.setPlaceholderText(tr("dispatch.override.placeholder"))
        self.reason.setAccessibleName(tr("dispatch.override.placeholder"))
        self._name()
