"""Whether roads may be closed or opened.

Owns the rules about closures. Must not know which roads there are: whoever does is asked by the bus
(service/closures.py). What asks when stands in `permit_roads`: decisions themselves do not know it.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import MAX_NAME, plain_line, required_line, sane_code
from app.domain.ids import road_stream
from app.domain.instants import DAY_MS, Instant
from app.domain.masking import mask_text
from app.domain.road import LONGEST_MS, MOST_REASON, MOST_ROADS, RoadClosure


def close_road(desk: Desk, c: cmd.CloseRoad) -> Changes:
    """What of the street is closed already stays so, unless it is to be closed otherwise."""
    roads, name = _sane_roads(c.roads, c.name)
    reason = mask_text(required_line(roads[0], "reason", c.reason, MOST_REASON))
    if c.until_at <= c.from_at:
        raise Refusal("road_end_before_begin", roads[0], road=name)
    wanted = [road for road in roads if c.extends or not _overlaps(desk.roads.get(road), c)]
    if not wanted:
        known = desk.roads[roads[0]]
        raise Refusal(
            "road_closed_already",
            known.road,
            road=name,
            at=known.until_at,
            officer=known.actor,
            why=known.reason,
        )
    return [
        (road_stream(r), ev.RoadClosed(r, name, reason, c.from_at, c.until_at, c.emergency_passes))
        for r in wanted
    ]


def open_road(desk: Desk, c: cmd.OpenRoad) -> Changes:
    roads, name = _sane_roads(c.roads, c.name)
    reason = mask_text(plain_line(roads[0], "reason", c.reason, MOST_REASON))
    closed = [road for road in roads if (known := desk.roads.get(road)) is not None and not known.is_opened]
    if not closed:
        raise Refusal("road_not_closed", roads[0], road=name)
    return [(road_stream(road), ev.RoadOpened(road, name, reason)) for road in closed]


def permit_roads(desk: Desk, command: cmd.Command, now: Instant) -> None:
    """Raises Refusal for an end that is over or too far off, and when what is to be opened is open by now.

    Other commands pass.
    """
    if isinstance(command, cmd.CloseRoad):
        if command.until_at <= now:
            raise Refusal("road_end_over", _first(command.roads), road=command.name)
        if command.until_at > now + LONGEST_MS:
            raise Refusal("road_end_far", _first(command.roads), road=command.name, days=LONGEST_MS // DAY_MS)
    elif isinstance(command, cmd.OpenRoad):
        known = [desk.roads[road] for road in command.roads if road in desk.roads]
        if not any(closure.is_to_come(now) for closure in known):
            raise Refusal("road_not_closed", _first(command.roads), road=command.name)


def _sane_roads(roads: tuple[str, ...], name: str) -> tuple[tuple[str, ...], str]:
    """Each once, and the name that every desk reads."""
    wanted = tuple(dict.fromkeys(roads))
    if not wanted:
        raise Refusal("road_none", "")
    if len(wanted) > MOST_ROADS:
        raise Refusal("road_too_many", wanted[0], count=len(wanted), limit=MOST_ROADS)
    for road in wanted:
        sane_code(wanted[0], "road", road)
    return wanted, mask_text(plain_line(wanted[0], "road", name, MAX_NAME)) or wanted[0]


def _overlaps(known: RoadClosure | None, c: cmd.CloseRoad) -> bool:
    if known is None or known.is_opened:
        return False
    return known.from_at < c.until_at and c.from_at < known.until_at


def _first(roads: tuple[str, ...]) -> str:
    return roads[0] if roads else ""
