"""Owns the sheet in which an action asks for its words: outcome, feedback, reason, and the button that does it.

Nothing typed is lost: each incident's and action's words are kept until the action is done. Must not do the action.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from widgets.actions import Action, Target, Words
from widgets.panels.action_button import ActionButton
from widgets.panels.case_choices import CODES, LISTED, TYPED, Choices
from widgets.panels.question_bar import ENTER
from widgets.parts.hold_button import HoldButton
from widgets.style import follow_look, icon, tokens

_FIELDS = (
    "by", "to", "outcome", "result", "other", "linked", "relation", "file", "merged", "feedback", "department", "level",
    "reason",
)  # fmt: skip
_FIRST_IS_USUAL = ("result", "relation", "merged")
"""Fields whose first value is what is meant nearly always."""
_TEXT_LINES = 3

Key = tuple[str, str, str]


class ActionSheet(QFrame):
    """Hidden until `open_for`. `confirmed` carries (action, target, words); Escape closes it and keeps the text."""

    confirmed = Signal(object, object, object)
    opened = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Action | None = None
        self._target = Target()
        self._unit_name = self._warning = ""
        self._drafts: dict[Key, Words] = {}
        self.setProperty("raised", True)
        self.title, self.warning, self._dismiss = QLabel(), QLabel(), QToolButton()
        self.labels: dict[str, QLabel] = {}
        self.edits: dict[str, QWidget] = {}
        self.confirm, self.hold = ActionButton("primary"), HoldButton("")
        self._lay_out()
        self.confirm.clicked.connect(self._give)
        self.hold.confirmed.connect(self._give)
        self._dismiss.clicked.connect(self.dismiss)
        follow_look(self, self._dress)
        self._dress()
        self.hide()

    # -- making ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space_m, look.space_s, look.space_m, look.space_m)
        column.setSpacing(look.space_xs)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self._dismiss)
        self.title.setProperty("strong", True)
        column.addLayout(head)
        self.warning.setProperty("tone", "warn")
        self.warning.setTextFormat(Qt.TextFormat.PlainText)
        self.warning.setWordWrap(True)
        column.addWidget(self.warning)
        for name in _FIELDS:
            self._add_field(column, name)
        column.addSpacing(look.space_xs)
        column.addWidget(self.confirm)
        column.addWidget(self.hold)

    def _add_field(self, column: QVBoxLayout, name: str) -> None:
        label, edit = QLabel(), _edit(name)
        label.setProperty("tone", "second")
        label.setBuddy(edit)
        edit.installEventFilter(self)
        _changed(edit).connect(self._show_ready)
        self.labels[name], self.edits[name] = label, edit
        column.addWidget(label)
        column.addWidget(edit)

    def _dress(self) -> None:
        self._dismiss.setIcon(icon("close"))
        self._dismiss.setIconSize(QSize(tokens().size_icon, tokens().size_icon))

    # -- opening and closing -----------------------------------------------------------------------------------------

    @property
    def action(self) -> Action | None:
        """What is being asked for; None while the sheet is closed."""
        return self._action

    @property
    def target(self) -> Target:
        return self._target

    def open_for(
        self,
        action: Action,
        target: Target,
        unit_name: str = "",
        choices: Choices | None = None,
        warning: str = "",
    ) -> None:
        """Asks for what the action needs, with what was typed for it before; `choices` are of the fields that list.

        `warning` is what the officer should know before he does it.
        """
        self._keep_draft()
        self._action, self._target, self._unit_name = action, target, unit_name
        for name, offered in (choices or {}).items():
            _offer(self.edits[name], offered)
        self._warning = warning
        self._fill(self._drafts.get(_key(action, target), Words()))
        self.retranslate()
        self.show()
        self.opened.emit()
        empty = (name for name in action.asks if not _value(self.edits[name]).strip())
        self.edits[next(empty, action.asks[0])].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def choose(self, name: str, value: str) -> None:
        """One of what a field offers, as if the officer had chosen it."""
        if value:
            _set_value(self.edits[name], value)

    def renew(self, target: Target) -> None:
        """The same thing as the desk has it now."""
        self._target = target

    def dismiss(self) -> None:
        """Does nothing; the words are there again when the sheet is opened for the same thing."""
        if self._action is not None:
            self._keep_draft()
            self._action = None
            self.hide()
            self.closed.emit()

    def done(self, action: Action, target: Target) -> None:
        """It was carried out: its words have served."""
        self._drafts.pop(_key(action, target), None)
        if self._action is action and _key(action, self._target) == _key(action, target):
            self._action = None
            self.hide()
            self.closed.emit()

    def _keep_draft(self) -> None:
        if self._action is not None:
            self._drafts[_key(self._action, self._target)] = self._words()

    # -- words -------------------------------------------------------------------------------------------------------

    def _words(self) -> Words:
        return Words(**{name: _value(edit) for name, edit in self.edits.items()})  # type: ignore[arg-type]

    def _fill(self, words: Words) -> None:
        incident = self._target.incident
        if not words.outcome and incident is not None and (incident.arrived_at or incident.reported_back_at):
            words = replace(words, outcome="resolved")
        for field in fields(words):
            if field.name in self.edits:
                _set_value(self.edits[field.name], getattr(words, field.name))
        for name in (*_FIRST_IS_USUAL, *LISTED):
            _choose_the_usual(self.edits[name], is_usual=name in _FIRST_IS_USUAL)

    def _needed(self) -> list[str]:
        """What must not be empty; feedback that was given already need not be given again."""
        assert self._action is not None
        incident = self._target.incident
        told = incident is not None and incident.reported_back_at is not None
        return [
            name for name in self._action.asks if name != "feedback" or not (told and self._has_outcome())
        ]

    def _has_outcome(self) -> bool:
        return self._action is not None and "outcome" in self._action.asks

    def _is_ready(self) -> bool:
        return all(_value(self.edits[name]).strip() for name in self._needed())

    def _show_ready(self, *_args: Any) -> None:
        if self._action is not None:
            self.confirm.setEnabled(self._is_ready())
            self.hold.setEnabled(self._is_ready())
            self._show_warning()

    def _show_warning(self) -> None:
        """What was given, and that a department is typed which nobody has declared: a slip hands over to nobody."""
        department = self.edits["department"]
        assert isinstance(department, QComboBox)
        typed = department.currentText().strip()
        is_asked = self._action is not None and "department" in self._action.asks
        is_unknown = is_asked and typed and department.findText(typed, Qt.MatchFlag.MatchFixedString) < 0
        unlisted = tr("case.unlisted", name=typed) if is_unknown else ""
        text = "\n".join(filter(None, (self._warning, unlisted)))
        self.warning.setText(text)
        self.warning.setVisible(bool(text))

    def _give(self) -> None:
        if self._action is not None and self._is_ready():
            self._keep_draft()
            self.confirmed.emit(self._action, self._target, self._words())

    # -- keys --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._take_key(event):
                return True
            if isinstance(watched, QLineEdit) and event.key() in ENTER:
                self._go_on()
                return True
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        """Enter in a line goes to what is still empty; then it does it, or goes to the button that is held."""
        assert self._action is not None
        empty = [name for name in self._needed() if not _value(self.edits[name]).strip()]
        if empty:
            self.edits[empty[0]].setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._finish()

    def _finish(self) -> None:
        if self.hold.isVisible():
            self.hold.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._give()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside: next door are keys that send units, and words meant for here would press them."""
        buttons = [self.confirm, self.hold, self._dismiss]
        stops = [
            widget for widget in (*self.edits.values(), *buttons) if widget.isVisible() and widget.isEnabled()
        ]
        if self._action is None or not stops:
            return super().focusNextPrevChild(forward)  # Qt asks as well while the sheet is being hidden
        here = self.focusWidget()
        place = stops.index(here) if here in stops else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(place + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def _take_key(self, event: QKeyEvent) -> bool:
        """Ctrl+Enter does it; what is held cannot be done by a chord, it goes to the button that is held."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        if event.key() not in ENTER or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self._finish()
        return True

    def retranslate(self) -> None:
        """The language has changed."""
        self._dismiss.setToolTip(tr("common.cancel"))
        self._dismiss.setAccessibleName(tr("common.cancel"))
        if self._action is None:
            return
        action, held = self._action, self._action.confirm == "hold"
        self.title.setText(" ".join(part for part in (action.title(), self._unit_name) if part))
        for name, edit in self.edits.items():
            self.labels[name].setVisible(name in action.asks)
            edit.setVisible(name in action.asks)
            self._name_field(name, edit)
        self.confirm.setVisible(not held)
        self.hold.setVisible(held)
        consequence = action.consequence(self._target, self._unit_name)
        self.confirm.set_words(consequence, tr("case.ctrl_enter"))
        self.hold.set_consequence(consequence, tr("case.enter_hold"))
        self._show_ready()

    def _name_field(self, name: str, edit: QWidget) -> None:
        self.labels[name].setText(tr(f"action.ask.{name}"))
        edit.setAccessibleName(tr(f"action.ask.{name}"))
        if isinstance(edit, QComboBox):
            for place in range(edit.count() if name in CODES else 0):
                edit.setItemText(place, tr(f"{CODES[name][1]}.{edit.itemData(place)}"))
            edit.setPlaceholderText(tr("case.choose"))
            line = edit.lineEdit()
            if line is not None:
                line.setPlaceholderText(tr(f"case.hint.{name}"))
        elif isinstance(edit, QLineEdit | QPlainTextEdit):
            optional = self._action is not None and name in self._action.asks and name not in self._needed()
            edit.setPlaceholderText(tr("case.feedback_known") if optional else tr(f"case.hint.{name}"))


def _key(action: Action, target: Target) -> Key:
    incident, unit = target.incident, target.unit
    return action.id, incident.id if incident else "", unit.id if unit else ""


def _edit(name: str) -> QWidget:
    if name in CODES or name in LISTED or name in TYPED:
        return _combo(name)
    if name != "feedback":
        return QLineEdit()
    text = QPlainTextEdit()
    text.setTabChangesFocus(True)
    text.setFixedHeight(text.fontMetrics().lineSpacing() * _TEXT_LINES + tokens().space_l)
    return text


def _combo(name: str) -> QComboBox:
    """Long words do not widen the card.

    What may be typed stays as typed: a department is not completed to a unit of the same beginning. The arrows go
    through what is offered.
    """
    combo = QComboBox()
    for value in CODES[name][0] if name in CODES else ():
        combo.addItem(value, value)
    combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    if name in TYPED:
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.setCompleter(None)  # type: ignore[arg-type]
    return combo


def _offer(edit: QWidget, choices: list[tuple[str, str]]) -> None:
    assert isinstance(edit, QComboBox)
    edit.clear()
    for value, words in choices:
        edit.addItem(words, value)


def _choose_the_usual(edit: QWidget, *, is_usual: bool) -> None:
    """Where there is but one there is nothing to choose."""
    if isinstance(edit, QComboBox) and edit.currentIndex() < 0 and (is_usual or edit.count() == 1):
        edit.setCurrentIndex(0)


def _changed(edit: QWidget) -> Any:
    if isinstance(edit, QComboBox):
        return edit.currentTextChanged
    return edit.textChanged  # type: ignore[attr-defined]


def _value(edit: QWidget) -> str:
    if isinstance(edit, QComboBox):
        place = edit.findText(edit.currentText(), Qt.MatchFlag.MatchFixedString)
        typed = edit.currentText() if edit.isEditable() else ""
        return str(edit.itemData(place)) if place >= 0 else typed
    return edit.toPlainText() if isinstance(edit, QPlainTextEdit) else edit.text()  # type: ignore[attr-defined]


def _set_value(edit: QWidget, value: str) -> None:
    if isinstance(edit, QComboBox):
        edit.setCurrentIndex(edit.findData(value))
        if edit.isEditable() and edit.currentIndex() < 0:
            edit.setEditText(value)
    elif isinstance(edit, QPlainTextEdit):
        edit.setPlainText(value)
    else:
        edit.setText(value)  # type: ignore[attr-defined]
