"""Owns the list of canned phrases under the note line: what fits the incident first, filtered by what is typed.

Must not write the note: the text of a phrase is told.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout

from app.domain.incident import Incident
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.parts.row_list import Row, RowList
from widgets.style import tokens

MOST_SHOWN = 8
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_INSERT = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CasePhrases(QFrame):
    """Hidden until `open_for`. `inserted` carries a phrase, `closed` says that nothing is wanted any more."""

    inserted = Signal(str)
    closed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._type, self._step = "", ""
        self._texts: dict[str, str] = {}
        self.setProperty("raised", True)
        self.filter, self.list, self.hint = QLineEdit(), RowList(marks_always=True), QLabel()
        self.hint.setProperty("tone", "second")
        self.list.picked.connect(self._insert)
        self.filter.textChanged.connect(self._fill)
        self.filter.installEventFilter(self)
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_s, look.space_s, look.space_s, look.space_s)
        column.setSpacing(look.space_xs)
        for part in (self.filter, self.list, self.hint):
            column.addWidget(part)
        self.hide()

    def open_for(self, incident: Incident) -> None:
        self._type, self._step = incident.incident_type, incident.status
        self.filter.clear()
        self._fill()
        self.show()
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_list(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _fill(self) -> None:
        known = self._bridge.app.phrases
        found = known.fitting(self._type, self._step, language(), self.filter.text()) if known else []
        self._texts = {phrase.id: phrase.text(language()) for phrase in found[:MOST_SHOWN]}
        self.list.set_rows([Row(key, text) for key, text in self._texts.items()])
        if self._texts:
            self.list.set_current(next(iter(self._texts)))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        more = len(found) - len(self._texts)
        hint = tr("card.phrases.hint") + (tr("card.phrases.more", more=more) if more else "")
        self.hint.setText(hint if found else tr("card.phrases.none"))

    def _insert(self, key: str) -> None:
        if key in self._texts:
            self.hide()
            self.inserted.emit(self._texts[key])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._move(_STEPS[key])
        elif key in _INSERT:
            self._insert(self.list.current)
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        keys = list(self._texts)
        if keys:
            at = keys.index(self.list.current) + step
            self.list.set_current(keys[min(max(at, 0), len(keys) - 1)])

    def retranslate(self) -> None:
        self.filter.setPlaceholderText(tr("card.phrases.filter"))
        self.filter.setAccessibleName(tr("card.phrases.filter"))
        self._fill()
