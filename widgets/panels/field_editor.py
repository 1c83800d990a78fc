"""Owns the editor of one field in its place on the card: the control, what others wrote meanwhile, why it was refused.

Enter saves, Escape gives up, Tab saves and goes on. Must not send anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels.case_fields import CaseField, Merge, Values
from widgets.panels.field_control import control_for
from widgets.style import tokens

if TYPE_CHECKING:
    from widgets.panels.search_source import SearchSource

CHOICES = ("mine", "theirs", "both")
CHOICE_KEYS = {"mine": "Ctrl+1", "theirs": "Ctrl+2", "both": "Ctrl+3"}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TABS = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}


class FieldEditor(QFrame):
    """`save_wanted` carries where to go then (0 nowhere, 1 the next field, -1 the one before).

    `said` is how the values are shown in the language of the screen: left as they are they are no change.
    """

    save_wanted = Signal(int)
    given_up = Signal()
    chosen = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        field: CaseField,
        values: Values,
        search: Callable[[], SearchSource],
        said: Values | None = None,
    ) -> None:
        super().__init__()
        self._recorded, self._said = values, values if said is None else said
        self.field, self.merge = field, Merge(values)
        self.setProperty("raised", True)
        self.control = control_for(bridge, field, search)
        self.hint, self.refusal, self.conflict = QLabel(), QLabel(), QLabel()
        self.buttons = {name: QPushButton() for name in CHOICES}
        self._lay_out()
        self.control.put(self._said)
        for widget in (self.control, *self.control.findChildren(QWidget)):
            widget.installEventFilter(self)
        for name, button in self.buttons.items():
            button.installEventFilter(self)
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
        self.control.changed.connect(lambda: self.refuse(""))
        self.refuse("")
        self.show_conflict("", "")

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_s, look.space_s, look.space_s, look.space_s)
        column.setSpacing(look.space_xs)
        column.addWidget(self.control)
        for label, tone in ((self.refusal, "danger"), (self.conflict, "warn"), (self.hint, "second")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setProperty("tone", tone)
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.space_xs)
        for name, button in self.buttons.items():
            button.setText(tr(f"card.conflict.{name}"))
            button.setToolTip(CHOICE_KEYS[name])
            button.setProperty("kind", "quiet")
            row.addWidget(button)
        row.addStretch(1)
        column.addWidget(self.refusal)
        column.addWidget(self.conflict)
        column.addWidget(self._choices)
        column.addWidget(self.hint)

    # -- what is told ------------------------------------------------------------------------------------------------

    def values(self) -> Values:
        typed = self.merge.base | self.control.values()
        return self._recorded if typed == self._said else typed

    def refuse(self, sentence: str) -> None:
        """Where the hand is; "" takes it away."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def show_conflict(self, theirs: str, who: str) -> None:
        """What others wrote, and who and when as far as that is known; "" when there is nothing to choose."""
        told = bool(theirs)
        self.conflict.setText(
            tr("card.conflict", who=who, field=self.field.title, value=theirs) if told else ""
        )
        self.conflict.setVisible(told)
        self._choices.setVisible(told)
        self.hint.setText(tr(self._hint_key(told)))
        for name, button in self.buttons.items():
            button.setVisible(told and (name != "both" or self.field.joined is not None))

    def _hint_key(self, is_conflict: bool) -> str:
        if is_conflict:
            return "card.conflict.hint_both" if self.field.joined is not None else "card.conflict.hint"
        return "card.edit.hint_long" if self.field.id == "description" else "card.edit.hint"

    # -- keys --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take_key(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters that the control did not want are no actions of the card while something is edited."""
        if not self._take_key(event):
            event.accept()

    def _take_key(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination()).toString()
        chosen = next((name for name, key in CHOICE_KEYS.items() if key == pressed), None)
        if chosen is not None and not self.buttons[chosen].isHidden():
            self.chosen.emit(chosen)
        elif event.key() == Qt.Key.Key_Escape:
            if not self.control.take_escape():
                self.given_up.emit()
        elif event.key() in _TABS and self.merge.theirs is None:
            self.save_wanted.emit(_TABS[Qt.Key(event.key())])
        elif self._is_save(event):
            self.save_wanted.emit(0)
        else:
            return False
        return True

    def _is_save(self, event: QKeyEvent) -> bool:
        """A button that has the keyboard keeps its Enter, and so does a list of places; Shift+Enter is a new line."""
        is_enter = event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        on_button = any(button.hasFocus() for button in self.buttons.values())
        return is_enter and not on_button and not self.control.takes_enter()
