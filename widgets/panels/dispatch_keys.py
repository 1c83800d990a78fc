"""Owns what keys mean in the dispatch panel, and those that are typed before there is an answer to act on.

Must not choose or send: the panel does.
"""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_LEVEL_STEPS: Final = {"+": 1, "=": 1, "-": -1}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Dispatcher(Protocol):
    """What the keys ask of the panel."""

    @property
    def is_waiting(self) -> bool: ...
    def send(self) -> None: ...
    def toggle_current(self) -> None: ...
    def toggle_row(self, row: int) -> None: ...
    def take_recommendation(self) -> None: ...
    def drop_choice(self) -> bool: ...
    def open_joint(self) -> None: ...
    def reorder(self) -> None: ...
    def turn_tasks(self) -> None: ...
    def move_up(self) -> None: ...
    def step_level(self, step: int) -> None: ...


class DispatchKeys:
    """A hand that knows its way is quicker than the roads: what it types early is done when the answer is there."""

    def __init__(self, panel: Dispatcher) -> None:
        self._panel = panel
        self._ahead: list[QKeyEvent] = []

    def forget(self) -> None:
        """What was typed was meant for another incident."""
        self._ahead.clear()

    def do_what_was_typed(self) -> None:
        typed, self._ahead = self._ahead, []
        for event in typed:
            self.press(event)

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key means anything here."""
        if self._panel.is_waiting:
            self._ahead.append(QKeyEvent(event.type(), event.key(), event.modifiers(), event.text()))
            return True
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            return self._control(Qt.Key(event.key()))
        if event.text() in _LEVEL_STEPS:
            self._panel.step_level(_LEVEL_STEPS[event.text()])
            return True
        return not modifiers and self._plain(Qt.Key(event.key()))

    def _control(self, key: Qt.Key) -> bool:
        if key in _ENTER:
            self._panel.send()
        return key in _ENTER

    def _plain(self, key: Qt.Key) -> bool:
        panel = self._panel
        acts = {
            Qt.Key.Key_D: panel.send,
            **dict.fromkeys(_ENTER, panel.send),
            Qt.Key.Key_Space: panel.toggle_current,
            Qt.Key.Key_R: panel.take_recommendation,
            Qt.Key.Key_J: panel.open_joint,
            Qt.Key.Key_U: panel.reorder,
            Qt.Key.Key_T: panel.turn_tasks,
            Qt.Key.Key_M: panel.move_up,
        }
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            panel.toggle_row(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_Escape:
            return panel.drop_choice()
        elif key in acts:
            acts[key]()
        else:
            return False
        return True
