"""What stands at one instant, held still for documents.

Owns the frozen copy that a document is made of: it is written on another thread while the desk goes on. Must not
fold or mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.centre.types_in_force import type_name
from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.instants import Instant, format_iso
from app.domain.plain import replace
from app.domain.road import PlannedClosure, RoadClosure
from app.domain.sketch import SharedSketch
from app.domain.unit import Unit
from app.geo.district import District
from app.i18n import language
from app.projections.projections import Projections
from app.service.field_alarm_words import own_title, said

MINUTE_MS = 60_000


class Fix(Protocol):
    """Where a unit was heard of: WGS-84 degrees, heading clockwise from north."""

    @property
    def at(self) -> Instant: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...
    @property
    def heading_deg(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Situation:
    """A desk at `at`; `mode` is the journal's (live or drill), `offline` names cameras, `fixes` are by unit."""

    district: District
    at: Instant
    mode: str
    incidents: tuple[Incident, ...]
    units: tuple[Unit, ...]
    fixes: Mapping[str, Fix]
    offline: frozenset[str]
    open_by_grid: Mapping[str, int]
    alarms: tuple[Alarm, ...] = ()
    """Those that nobody has dealt with yet."""
    sketches: tuple[SharedSketch, ...] = ()
    """Those that stand on every desk at `at`."""
    closures: tuple[RoadClosure, ...] = ()
    """Roads that officers have closed and that are closed at `at`."""
    planned: tuple[PlannedClosure, ...] = ()
    """Roads that the district's plan closes at `at`."""

    @property
    def is_exercise(self) -> bool:
        return self.mode == "drill"

    def local_time(self, at: Instant) -> str:
        """The district's civil time, such as 2026-11-22 14:57:06."""
        return format_iso(at + self.district.utc_offset_min * MINUTE_MS)[:19].replace("T", " ")

    def reported_since(self, since: Instant | None) -> list[Incident]:
        """Incidents in the order of their numbers; None means all."""
        return sorted(
            (i for i in self.incidents if since is None or i.opened_at >= since), key=lambda i: i.number
        )


def situation_of(
    projections: Projections,
    district: District,
    fixes: Mapping[str, Fix],
    at: Instant,
    mode: str,
    planned: Iterable[PlannedClosure] = (),
) -> Situation:
    """Copies references only: milliseconds with ten thousand incidents. Words of the field link are said anew."""
    desk, signs = projections.desk, _own_signs(district)
    return Situation(
        district,
        at,
        mode,
        tuple(said(incident, desk, signs.get) for incident in desk.incidents.values()),
        tuple(desk.units.values()),
        dict(fixes),
        frozenset(key for key, camera in desk.cameras.items() if not camera.online),
        dict(projections.grid_load.open_by_grid),
        tuple(_said_alarm(alarm, desk, signs) for alarm in desk.alarms.values() if alarm.is_live),
        tuple(sketch for sketch in desk.sketches.values() if sketch.is_shown(at)),
        tuple(road for road in desk.roads.values() if road.holds(at)),
        tuple(road for road in planned if road.holds(at)),
    )


class Named(Protocol):
    """What carries its name in both languages."""

    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def name_of(thing: Named) -> str:
    """The name in the language of the call, the other one where it has none."""
    names = (thing.name_zh, thing.name_en)
    return next(filter(None, names if language() == "zh_CN" else names[::-1]), "")


def grid_names(district: District) -> dict[str, str]:
    return {grid.code: name_of(grid) for grid in district.grids}


def call_signs(situation: Situation) -> dict[str, str]:
    """Unit id -> call sign in the language of the call; units of elsewhere keep their own."""
    own = _own_signs(situation.district)
    return {unit.id: own.get(unit.id) or unit.call_sign for unit in situation.units}


def _own_signs(district: District) -> dict[str, str]:
    chinese = language() == "zh_CN"
    return {u.id: u.call_sign_zh if chinese else u.call_sign_en for u in district.units}


def _said_alarm(alarm: Alarm, desk: Desk, signs: Mapping[str, str]) -> Alarm:
    title = own_title(alarm, desk, signs.get)
    return alarm if title == alarm.title else replace(alarm, title=title)


def names_of_units(ids: Iterable[str], signs: Mapping[str, str]) -> str:
    return ", ".join(signs.get(key, key) for key in ids)


def incident_type_name(incident_type: str) -> str:
    """Types of elsewhere keep their own word."""
    return type_name(incident_type)
