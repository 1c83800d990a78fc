"""Owns names and numbers of one turn of the duty plan while they are shown in full, and that they go again.

Must not show them: it says what to say. Why they were read is in the journal before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.domain.duty import DutyTurn
from app.domain.instants import Instant
from app.i18n import tr
from app.service.shift_desk import ShiftDesk
from widgets.bridge import Bridge

if TYPE_CHECKING:
    from app.bootstrap import Person

SHOWN_MS: Final = 60_000
"""Long enough to dial, and gone when the next one steps up to the desk."""


class ShiftReveal(QObject):
    """`told` carries the place of the turn and its people, `gone` that they are to be hidden, `failed` why not."""

    told = Signal(str)
    gone = Signal()
    failed = Signal(str)

    def __init__(self, bridge: Bridge, desk: ShiftDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._desk = bridge, desk
        self._turn = ""
        self._until: Instant = 0

    def reveal(self, turn: DutyTurn, key: str, place: str, purpose: str) -> None:
        """Reads the people of a turn; `key` names it in the list, `place` on the screen."""
        reading = self._desk.reveal(turn, purpose, self._bridge.app.context(purpose))
        self._bridge.fetch(reading, partial(self._came, key, place), self._failed)

    def _came(self, key: str, place: str, people: list[Person]) -> None:
        if not isValid(self):
            return
        self._turn, self._until = key, self._bridge.clock.now() + SHOWN_MS
        said = (tr("shift.reveal.person", name=p.name, phone=p.phone).strip() for p in people)
        self.told.emit(tr("shift.reveal.of", place=place, people=" · ".join(said) or tr("shift.sign.erased")))

    def _failed(self, why: str) -> None:
        if isValid(self):
            self.failed.emit(why)

    def keep(self, current: str, now: Instant) -> None:
        """`current` names the turn that is looked at: for another one, or after a while, they are hidden."""
        if self._turn and (current != self._turn or now >= self._until):
            self._turn = ""
            self.gone.emit()
