"""Who of the desk last had a hand in an incident, and what was last noted on it: what the ledger shows of a story.

Owns one short entry an incident, so that a hundred thousand of them stay small: the whole story stays in the journal.
Must not phrase anything.
"""

from __future__ import annotations

from sys import intern
from typing import Final

from app.domain import events as ev
from app.domain.events import Recorded
from app.domain.instants import Instant
from app.domain.plain import Plain, plain
from app.domain.roles import SYSTEM

NOTE_SIGNS: Final = 160
"""So much of a note is kept; the card has the whole one."""
_NOT_AT_A_DESK: Final = ("feed:", "field:")
_NOBODY: Final = frozenset({"", SYSTEM, "geofence"})


@plain
class Handling(Plain):
    """`officer` acted on it last, `note` was noted last, at `noted_at`; what nobody has done is empty."""

    incident: str
    officer: str = ""
    note: str = ""
    noted_at: Instant = 0


class CaseHandling:
    """By incident, only those that an officer has touched or that somebody has noted something on."""

    def __init__(self) -> None:
        self._known: dict[str, Handling] = {}

    def get(self, incident: str) -> Handling | None:
        return self._known.get(incident)

    def all(self) -> list[Handling]:
        """A copy, for a snapshot."""
        return list(self._known.values())

    def restore(self, handlings: list[Handling]) -> None:
        self._known.update((one.incident, one) for one in handlings)

    def put(self, incident: str, record: Recorded) -> None:
        """Folds one record of an incident's stream in."""
        is_note = isinstance(record.event, ev.IncidentNoted)
        is_officer = is_of_an_officer(record.actor)
        if not (is_note or is_officer):
            return
        before = self._known.get(incident) or Handling(incident)  # the desk's own string: one for both
        officer = intern(record.actor) if is_officer else before.officer
        if isinstance(record.event, ev.IncidentNoted):
            note, noted_at = shortened(record.event.text), record.occurred_at
        elif officer == before.officer:
            return
        else:
            note, noted_at = before.note, before.noted_at
        self._known[incident] = Handling(before.incident, officer, note, noted_at)


def is_of_an_officer(actor: str) -> bool:
    """Whether somebody at a desk spoke, and no feed, no unit and not the desk itself."""
    return not (actor.startswith(_NOT_AT_A_DESK) or actor in _NOBODY)


def shortened(text: str) -> str:
    flat = " ".join(text[: 4 * NOTE_SIGNS].split())
    return flat if len(flat) <= NOTE_SIGNS else f"{flat[: NOTE_SIGNS - 1]}…"
