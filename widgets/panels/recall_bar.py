"""Owns the line in which a unit is called back: why, and a button that is held. Must not recall."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.i18n import tr
from widgets.panels.question_bar import ENTER, QuestionBar
from widgets.parts.hold_button import HoldButton


class RecallBar(QuestionBar):
    """`recall_wanted` carries (unit, incident, reason)."""

    recall_wanted = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.unit = self.incident = self._call_sign = self._number = ""
        self.reason, self.confirm = QLineEdit(), HoldButton("", tone="danger")
        self.body.addWidget(self.reason)
        self.body.addWidget(self.confirm)
        self.reason.installEventFilter(self)
        self.reason.textChanged.connect(self._name_consequence)
        self.confirm.confirmed.connect(self._confirmed)

    def open_for(self, unit: str, call_sign: str, incident: str, number: str) -> None:
        """Asks why this unit is called back from this incident."""
        self.unit, self._call_sign, self.incident, self._number = unit, call_sign, incident, number
        self.reason.clear()
        self.retranslate()
        self.show()
        self.reason.setFocus()

    def forget(self) -> None:
        self.unit = self.incident = ""

    def _confirmed(self) -> None:
        reason = self.reason.text().strip()
        if self.unit and reason:
            self.recall_wanted.emit(self.unit, self.incident, reason)
            self.dismiss()

    def _name_consequence(self) -> None:
        ready = bool(self.reason.text().strip())
        self.confirm.setEnabled(ready)
        hint = tr("common.hold_to_confirm") if ready else tr("dispatch.recall.why_first")
        self.confirm.set_consequence(tr("dispatch.recall_unit", unit=self._call_sign), hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the button that is held, so that the hand need not leave the keys."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in ENTER and self.confirm.isEnabled():
            self.confirm.setFocus()
            return True
        return self.take_key(event) or super().eventFilter(watched, event)

    def retranslate(self) -> None:
        super().retranslate()
        self.question.setText(tr("dispatch.recall.question", unit=self._call_sign, number=self._number))
        self.reason.setPlaceholderText(tr("dispatch.recall.placeholder"))
        self.reason.setAccessibleName(tr("dispatch.recall.placeholder"))
        self._name_consequence()
