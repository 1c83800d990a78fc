"""Who changed what last: so that whoever comes second is told who was first.

Owns the newest hand on each of the streams that moved lately. Must not decide: a refusal is the domain's, this only
says by whom.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Final

from app.domain import commands as cmd
from app.domain.errors import Hand, Refusal
from app.domain.events import Recorded
from app.domain.ids import incident_stream, unit_stream
from app.domain.instants import Instant
from app.domain.roles import ROLES_AT_A_DESK

MOST: Final = 2_000
LATELY_MS: Final = 60_000
"""Who acts on what another desk changed a minute ago has seen that change."""

_STATE_RULES: Final = frozenset(
    {
        "overtaken", "incident_ended", "unit_busy", "unit_already_assigned", "unit_not_assigned", "unit_not_on_duty",
        "unit_not_started", "unit_without_task", "not_closed", "not_merged", "nobody_has_it", "not_theirs_to_return",
        "nothing_reported_back", "not_accepted_yet", "nobody_on_scene", "changed_meanwhile", "status_backwards",
        "unmerge_the_other_first", "merge_loses_supervision", "incident_ambiguous",
    }
)  # fmt: skip
"""Rules that say no because of how things stand, which another desk may have changed; not because of what was typed."""


class LastHands:
    """Listens to what is folded in."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, Hand] = OrderedDict()

    def note(self, records: Sequence[Recorded], now: Instant) -> None:
        if not records or now - records[-1].recorded_at > LATELY_MS:
            return
        for record in records:
            self._last[record.stream] = Hand(record.desk, record.actor, record.recorded_at, record.event.TYPE)
            self._last.move_to_end(record.stream)
        while len(self._last) > MOST:
            self._last.popitem(last=False)

    def sign(self, refusal: Refusal, command: cmd.Command, context: cmd.Context, now: Instant) -> None:
        """Puts on the refusal who of another desk was first; leaves it alone when nobody was."""
        if refusal.rule not in _STATE_RULES or context.role not in ROLES_AT_A_DESK:
            return
        hands = (self._last.get(stream) for stream in _streams(refusal, command))
        others = [h for h in hands if h and h.desk != context.desk and now - h.at < LATELY_MS]
        refusal.by = max(others, key=lambda hand: hand.at, default=None)


def _streams(refusal: Refusal, command: cmd.Command) -> Iterator[str]:
    """What the rule protects; failing that, what the command is about."""
    yield incident_stream(refusal.subject)
    yield unit_stream(refusal.subject)
    incident = getattr(command, "incident", None)
    if refusal.rule == "overtaken" and incident:
        yield incident_stream(incident)
