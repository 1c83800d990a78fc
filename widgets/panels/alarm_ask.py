"""Owns the line in which the alarm lane asks: why an alarm is cancelled; what is shelved, why and for how long.

Must not shelve or cancel. Everything goes by keys: Tab from field to field, Enter does it, Escape leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.panels.action_button import ActionButton
from widgets.panels.list_panel import head_margins
from widgets.style import icon, theme_notifier, tokens

Asked = Literal["shelve", "cancel"]

REASONS: Final[dict[Asked, tuple[str, ...]]] = {
    "shelve": ("dirty", "works", "repair", "weather", "sensitive"),
    "cancel": ("false", "test", "handled", "called_back"),
}
"""Canned reasons by text key; any other may be written."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be shelved: a scope of app/domain/shelf.py and how it is called here."""

    id: str
    title: str


class AlarmAskBar(QWidget):
    """Hidden until it asks. `shelve_wanted` carries (scope, reason, ms), `cancel_wanted` the reason."""

    shelve_wanted = Signal(str, str, int)
    cancel_wanted = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: Asked = "cancel"
        self._title = ""
        self._question, self._dismiss = QLabel(), QToolButton()
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._question.setWordWrap(True)
        self.scope, self.duration, self.reason = QComboBox(), QComboBox(), QComboBox()
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.confirm = ActionButton("primary")
        self._lay_out()
        self._dismiss.clicked.connect(self.dismiss)
        self.reason.editTextChanged.connect(lambda _text: self._name_consequence())
        self.scope.currentIndexChanged.connect(lambda _index: self._name_consequence())
        self.confirm.clicked.connect(self._confirmed)
        for part in (self.scope, self.duration, self.reason, self.confirm):
            part.installEventFilter(self)
        theme_notifier.changed.connect(self._dress)
        self._dress()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(tokens().space_xs)
        head, choice = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._question, 1)
        head.addWidget(self._dismiss)
        choice.addWidget(self.scope, 1)
        choice.addWidget(self.duration)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addLayout(choice)
        column.addWidget(self.confirm)
        for one, next_one in (
            (self.reason, self.scope),
            (self.scope, self.duration),
            (self.duration, self.confirm),
        ):
            QWidget.setTabOrder(one, next_one)

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))

    def ask_shelve(self, title: str, scopes: Sequence[Scope], choices_ms: Sequence[int]) -> None:
        """Scopes from the one that is proposed on; the first time is proposed."""
        self._begin("shelve", title)
        self.scope.clear()
        for scope in scopes:
            self.scope.addItem(scope.title, scope.id)
        self.duration.clear()
        for span_ms in choices_ms:
            self.duration.addItem(span_text(span_ms), span_ms)
        self._open()

    def ask_cancel(self, title: str) -> None:
        self._begin("cancel", title)
        self._open()

    def _begin(self, asked: Asked, title: str) -> None:
        self.asked, self._title = asked, title
        self.reason.clear()
        self.reason.addItems([tr(f"alarm.reason.{asked}.{name}") for name in REASONS[asked]])
        self.reason.setCurrentIndex(-1)
        self.reason.clearEditText()
        for part in (self.scope, self.duration):
            part.setVisible(asked == "shelve")

    def _open(self) -> None:
        self.retranslate()
        self.show()
        self.reason.setFocus()

    def dismiss(self) -> None:
        """Does nothing of it."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

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
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            if event.key() in _ENTER:
                self._confirmed()
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
        self._question.setText(tr(f"alarm.{self.asked}.question", title=self._title))
        line = self.reason.lineEdit()
        assert line is not None
        line.setPlaceholderText(tr("alarm.reason.placeholder"))
        self.reason.setAccessibleName(tr("alarm.reason.placeholder"))
        self.scope.setAccessibleName(tr("alarm.shelve.scope"))
        self.duration.setAccessibleName(tr("alarm.shelve.duration"))
        self._name_consequence()


def span_text(span_ms: int) -> str:
    """15 minutes, 2 hours."""
    minutes = span_ms // _MINUTE_MS
    if minutes % 60:
        return tr("alarm.minutes", count=minutes)
    return tr("alarm.hours", count=minutes // 60)
