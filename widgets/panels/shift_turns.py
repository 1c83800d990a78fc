"""Owns what is done with the turn of the duty plan that the keyboard is on, and with what the plan proposes.

Must not judge: commands go through the panel. A key that can do nothing just now says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from app.domain import commands as cmd
from app.domain.duty import DutyTurn
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels import shift_duty
from widgets.panels.shift_head import AskLine
from widgets.panels.shift_reveal import ShiftReveal
from widgets.panels.shift_words import ShiftWords, turn_key
from widgets.parts.section_list import SectionList

TURN: Final = "turn/"
"""What a line that was asked for begins with when it is about a turn."""


class ShiftTurns:
    """`submit` takes a command, what it is and for whom; `refuse` takes what was wanted and why not."""

    def __init__(
        self,
        bridge: Bridge,
        view: SectionList,
        words: Callable[[], ShiftWords],
        submit: Callable[[cmd.Command, str, str], None],
        refuse: Callable[[str, str], None],
    ) -> None:
        self._bridge, self._view, self._words = bridge, view, words
        self._submit, self._refuse = submit, refuse

    def sign(self, *, on: bool) -> None:
        """Everybody of the turn that the keyboard is on, and its unit."""
        turn = self._current()
        if turn is None:
            self._refuse("duty", tr("shift.not.turn"))
            return
        commands = list(shift_duty.of_turn(turn, self._bridge.desk.units, on=on))
        if not commands:
            key = "shift.not.on" if on else "shift.not.off"
            self._refuse("duty", tr(key, place=self._words().place(turn)))
        self._give(commands)

    def confirm_proposal(self) -> None:
        """What the plan proposes for units, now."""
        wanted = self._bridge.app.shifts.proposal(self._bridge.clock.now())
        commands = list(shift_duty.of_proposal(wanted, self._bridge.desk.units))
        if not commands:
            self._refuse("duty", tr("shift.not.proposed"))
        self._give(commands)

    def ask_reveal(self, line: AskLine) -> None:
        """Asks what for, before names and numbers of the turn are shown."""
        turn = self._current()
        if turn is None:
            self._refuse("reveal", tr("shift.not.turn"))
        elif not turn.people:
            self._refuse("reveal", tr("shift.not.people", place=self._words().place(turn)))
        else:
            place = self._words().place(turn)
            line.ask(f"{TURN}{turn_key(turn)}", tr("shift.reveal.placeholder", place=place))

    def reveal(self, key: str, purpose: str, revealing: ShiftReveal) -> None:
        turn = self._turn_of(key)
        if turn is not None:
            revealing.reveal(turn, key, self._words().place(turn), purpose)

    def _give(self, commands: Iterable[cmd.Command]) -> None:
        for command in commands:
            unit = command.unit if isinstance(command, cmd.SetUnitStatus) else ""
            self._submit(command, "duty", self._words().place_names([unit])[0] if unit else "")

    def _current(self) -> DutyTurn | None:
        kind, key = self._view.current_key
        return self._turn_of(key) if kind == "turn" else None

    def _turn_of(self, key: str) -> DutyTurn | None:
        return next((turn for turn in self._bridge.desk.duty if turn_key(turn) == key), None)
