"""The story of one incident, line by line.

Owns which events make a line and with which facts. Must not phrase them: `text_key` names the sentence in
resources/i18n/timeline.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Final

from app.domain import events as ev
from app.domain.events import Recorded
from app.domain.instants import Instant
from app.domain.plain import Plain, plain
from app.domain.unit import RETURNED

DECLINED: Final = "timeline.unit.declined"
"""The sentence of an answer that is a no."""


@plain
class TimelineLine(Plain):
    """`facts` fill the sentence's placeholders; `late_s` > 0 when the desk heard of it that much later."""

    seq: int
    at: Instant
    actor: str
    desk: str
    text_key: str
    facts: dict[str, object]
    late_s: float


def is_told_of_unit(record: Recorded, incident: str) -> bool:
    """Whether an event of a unit's stream belongs to the incident's story beside what that tells itself.

    Sent, arrived and cleared stand in the incident's own stream.
    """
    match record.event:
        case ev.UnitAnswered(incident=of):
            return of == incident
        case ev.UnitProgressed(incident=of, phase="en_route"):
            return of == incident
        case ev.UnitLeftArea(incident=of) | ev.UnitEnteredArea(incident=of) | ev.UnitTaskResent(incident=of):
            return of == incident
        case ev.UnitRollPaused(incident=of) | ev.UnitRollResumed(incident=of) | ev.UnitMessaged(incident=of):
            return of == incident
    return False


def timeline(records: Iterable[Recorded]) -> list[TimelineLine]:
    """Lines in the order in which things happened at their source."""
    told = _without_repeats(records)
    return sorted((_line(record) for record in told), key=lambda line: (line.at, line.seq))


def _without_repeats(records: Iterable[Recorded]) -> Iterator[Recorded]:
    """Who sends it back or declines has left with that, and an order to a department hands it over: told once."""
    ordered: dict[int, str] = {}
    declined: set[tuple[str, str]] = set()
    for record in sorted(records, key=lambda one: one.seq):
        match record.event:
            case ev.IncidentOrdered(department=department):
                ordered[record.seq + 1] = department
            case ev.IncidentHandedOver(department=department) if ordered.get(record.seq) == department:
                continue
            case ev.IncidentUnitCleared(reason=reason) if reason == RETURNED:
                continue
            case ev.UnitAnswered(unit=unit, incident=incident, accepted=False):
                declined.add((unit, incident))
            case ev.IncidentUnitCleared(unit=unit, incident=incident) if (unit, incident) in declined:
                declined.remove((unit, incident))
                continue
        yield record


def _line(record: Recorded) -> TimelineLine:
    event = record.event
    facts = {f.name: getattr(event, f.name) for f in fields(event)}
    late_s = (record.recorded_at - record.occurred_at) / 1000
    key = DECLINED if isinstance(event, ev.UnitAnswered) and not event.accepted else f"timeline.{event.TYPE}"
    return TimelineLine(record.seq, record.occurred_at, record.actor, record.desk, key, facts, late_s)
