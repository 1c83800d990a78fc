"""Owns the sheet in which the alarm lane asks: why an alarm is cancelled; what is shelved, why and for how long.

Must not shelve or cancel. Everything goes by keys: Tab from field to field, Enter does it, Escape leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from app.i18n import tr
from widgets.panels.action_button import ActionButton
from widgets.panels.side_sheet import SideSheet
from widgets.style import tokens

Asked = Literal["shelve", "cancel"]

REASONS: Final[dict[Asked, tuple[str, ...]]] = {
    "shelve": ("dirty", "works", "repair", "weather", "sensitive"),
    "cancel": ("false", "test", "handled", "called_back"),
}
"""Canned reasons by text key; any other may be written."""

ASK_HEIGHT_PX: Final = 220

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be shelved: a scope of app/domain/shelf.py and how it is called here."""

    id: str
    title: str


class AlarmAskSheet(SideSheet):
    """Hidden until it asks. `shelve_wanted` carries (scope, reason, ms), `cancel_wanted` the reason."""

    shelve_wanted = Signal(str, str, int)
    cancel_wanted = Signal(str)

    def __init__(self, lane: QWidget) -> None:
        super().__init__(lane)
        self.height_px = ASK_HEIGHT_PX
        self.asked: Asked = "cancel"
        self._title = ""
        self._question = QLabel()
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._question.setWordWrap(True)
        self.scope, self.duration, self.reason = QComboBox(), QComboBox(), QComboBox()
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # What goes on record is what was written: no canned reason completes itself behind the hand.
        self.reason.setCompleter(None)  # type: ignore[arg-type]
        self.confirm = ActionButton("primary")
        self._lay_out()
        self.reason.editTextChanged.connect(lambda _text: self._name_consequence())
        self.scope.currentIndexChanged.connect(lambda _index: self._name_consequence())
        self.confirm.clicked.connect(self._confirmed)
        self._fields = (self.reason, self.scope, self.duration, self.confirm)
        for field in self._fields:
            field.installEventFilter(self)

    def _lay_out(self) -> None:
        choice = QHBoxLayout()
        choice.addWidget(self.scope, 1)
        choice.addWidget(self.duration)
        self.body.setSpacing(tokens().space_s)
        self.body.addWidget(self._question)
        self.body.addWidget(self.reason)
        self.body.addLayout(choice)
        self.body.addWidget(self.confirm)
        self.body.addStretch(1)

    def ask_shelve(self, title: str, scopes: Sequence[Scope], choices_ms: Sequence[int]) -> None:
        """Scopes from the one that is proposed on; the first time is proposed."""
        self._begin("shelve", title)
        self.scope.clear()
        for scope in scopes:
            self.scope.addItem(scope.title, scope.id)
        self.duration.clear()
        for span_ms in choices_ms:
            self.duration.addItem(span_text(span_ms), span_ms)
        self.open()

    def ask_cancel(self, title: str) -> None:
        self._begin("cancel", title)
        self.open()

    def _begin(self, asked: Asked, title: str) -> None:
        self.asked, self._title = asked, title
        self.reason.clear()
        self.reason.addItems([tr(f"alarm.reason.{asked}.{name}") for name in REASONS[asked]])
        self.reason.setCurrentIndex(-1)
        self.reason.clearEditText()
        for part in (self.scope, self.duration):
            part.setVisible(asked == "shelve")

    def take_keyboard(self) -> None:
        self.reason.setFocus()

    def _confirmed(self) -> None:
        reason = self.reason.currentText().strip()
        if not reason:
            return
        if self.asked == "shelve":
            self.shelve_wanted.emit(self.scope.currentData(), reason, self.duration.currentData())
        else:
            self.cancel_wanted.emit(reason)
        self.dismiss()

    def _name_consequence(self) -> None:
        ready = bool(self.reason.currentText().strip())
        self.confirm.setEnabled(ready)
        key = f"alarm.{self.asked}.consequence" if ready else "alarm.reason.first"
        self.confirm.set_words(tr(key), "Enter" if ready else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter does it from wherever the hand is; while a list is open it is the list's."""
        is_press = watched in self._fields and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            if event.key() in _ENTER:
                self._confirmed()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """The language has changed."""
        self.title.setText(tr(f"alarm.{self.asked}.title"))
        self._question.setText(self._title)
        line = self.reason.lineEdit()
        assert line is not None
        line.setPlaceholderText(tr("alarm.reason.placeholder"))
        self.reason.setAccessibleName(tr("alarm.reason.placeholder"))
        self.scope.setAccessibleName(tr("alarm.shelve.scope"))
        self.duration.setAccessibleName(tr("alarm.shelve.duration"))
        self._name_consequence()
        super().retranslate()


def span_text(span_ms: int) -> str:
    """15 minutes, 2 hours."""
    minutes = span_ms // _MINUTE_MS
    if minutes % 60:
        return tr("alarm.minutes", count=minutes)
    return tr("alarm.hours", count=minutes // 60)
