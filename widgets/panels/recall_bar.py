"""Owns the line in which a unit is called back: why, and a button that is held. Must not recall."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.panels.list_panel import head_margins
from widgets.parts.hold_button import HoldButton
from widgets.style import icon, theme_notifier, tokens

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RecallBar(QWidget):
    """Hidden until `open_for`. `recall_wanted` carries (unit, incident, reason); Escape or the cross closes it."""

    recall_wanted = Signal(str, str, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.unit = self.incident = self._call_sign = self._number = ""
        self._question, self.reason = QLabel(), QLineEdit()
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._dismiss = QToolButton()
        self.confirm = HoldButton("", tone="danger")
        self._lay_out()
        self._dismiss.clicked.connect(self.dismiss)
        self.reason.textChanged.connect(self._name_consequence)
        self.confirm.confirmed.connect(self._confirmed)
        theme_notifier.changed.connect(self._dress)
        self._dress()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(tokens().space_xs)
        head = QHBoxLayout()
        head.addWidget(self._question, 1)
        head.addWidget(self._dismiss)
        self._question.setWordWrap(True)
        self.reason.installEventFilter(self)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self.confirm)

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))

    def open_for(self, unit: str, call_sign: str, incident: str, number: str) -> None:
        """Asks why this unit is called back from this incident."""
        self.unit, self._call_sign, self.incident, self._number = unit, call_sign, incident, number
        self.reason.clear()
        self.retranslate()
        self.show()
        self.reason.setFocus()

    def dismiss(self) -> None:
        """Recalls nobody."""
        if not self.isHidden():
            self.unit = self.incident = ""
            self.hide()
            self.closed.emit()

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
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        if event.key() in _ENTER and self.confirm.isEnabled():
            self.confirm.setFocus()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """The language has changed."""
        self._dismiss.setToolTip(tr("common.cancel"))
        self._dismiss.setAccessibleName(tr("common.cancel"))
        self._question.setText(tr("dispatch.recall.question", unit=self._call_sign, number=self._number))
        self.reason.setPlaceholderText(tr("dispatch.recall.placeholder"))
        self.reason.setAccessibleName(tr("dispatch.recall.placeholder"))
        self._name_consequence()
