"""The closed road: by whom, why and until when; and what the plan of a district closes.

Owns the fold of one road's stream and the limits that every closure keeps. Must not judge (road_rules.py) and must not
know what a closure does to a way (geo/road_graph.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain import events as ev
from app.domain.instants import DAY_MS, Instant
from app.domain.plain import Plain, plain, replace

MOST_ROADS: Final = 500
"""The pieces between the crossings of the longest street."""
MOST_REASON: Final = 200
LONGEST_MS: Final = 31 * DAY_MS
"""What is closed for longer stands in the plan (closures.csv): a closure nobody looks at again is a wrong way."""

_NEVER: Final = 1 << 62


@plain
class RoadClosure(Plain):
    """The last closure of a road; `is_opened` before its time."""

    road: str
    name: str
    reason: str
    from_at: Instant
    until_at: Instant
    actor: str
    desk: str
    closed_at: Instant
    is_opened: bool = False
    emergency_passes: bool = False
    """Whether emergency vehicles may pass all the same."""

    def holds(self, now: Instant) -> bool:
        """Whether the road is closed at this instant."""
        return not self.is_opened and self.from_at <= now < self.until_at

    def is_to_come(self, now: Instant) -> bool:
        """Whether it is closed at this instant or will be."""
        return not self.is_opened and now < self.until_at


@plain
class PlannedClosure(Plain):
    """What the plan closes: nobody's order, so it has no reason; None for no end. A road may have no name."""

    road: str
    name_zh: str
    name_en: str
    from_at: Instant = 0
    until_at: Instant | None = None
    emergency_passes: bool = False

    def holds(self, now: Instant) -> bool:
        """Whether the plan closes the road at this instant."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)

    def holds_before(self, now: Instant, until: Instant) -> bool:
        """Whether it closes the road at any time from now to before `until`."""
        return self.from_at < until and (self.until_at is None or now < self.until_at)


def closed(e: ev.RoadClosed, at: Instant, actor: str, desk: str) -> RoadClosure:
    return RoadClosure(
        e.road, e.name, e.reason, e.from_at, e.until_at, actor, desk, at, emergency_passes=e.emergency_passes
    )


def evolve(closure: RoadClosure, event: ev.Event) -> RoadClosure:
    """The closure after a later event of its stream."""
    return replace(closure, is_opened=True) if isinstance(event, ev.RoadOpened) else closure


def matters(closures: Iterable[RoadClosure]) -> list[tuple[RoadClosure, ...]]:
    """Closures of the pieces of one street, put together where all but the piece is the same; what ends first first."""
    groups: dict[tuple[object, ...], list[RoadClosure]] = {}
    for one in closures:
        about = (one.name, one.reason, one.from_at, one.until_at, one.desk, one.emergency_passes)
        groups.setdefault(about, []).append(one)
    pieces = (tuple(sorted(group, key=lambda one: one.road)) for group in groups.values())
    return sorted(pieces, key=lambda group: (group[0].until_at, group[0].road))


def planned_matters(closures: Iterable[PlannedClosure]) -> list[tuple[PlannedClosure, ...]]:
    """The same of what the plan closes; what has no end comes last, and a nameless piece stays alone."""
    groups: dict[tuple[object, ...], list[PlannedClosure]] = {}
    for one in closures:
        name = (one.name_zh, one.name_en) if one.name_zh or one.name_en else (one.road,)
        groups.setdefault((name, one.from_at, one.until_at, one.emergency_passes), []).append(one)
    pieces = (tuple(sorted(group, key=lambda one: one.road)) for group in groups.values())
    return sorted(pieces, key=lambda group: (group[0].until_at or _NEVER, group[0].road))
