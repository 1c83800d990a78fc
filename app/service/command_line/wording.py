"""Owns how what is found reads: an incident, a unit, a grid, a camera, a place - in a sentence and in a list.

Must not search or decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.centre.types_in_force import type_name
from app.dispatch.kinds import SuitableKinds, load_kinds, suitable
from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.unit import Unit
from app.geo.coordinates import distance_m
from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S
from app.i18n import has_text, language, tr
from app.service.command_line.reading import Choice
from app.service.field_alarm_words import said

if TYPE_CHECKING:
    from app.domain.instants import Instant
    from app.geo.district import Camera, District, Grid
    from app.geo.search import Found
    from app.journal.store import TrackPoint

_KM_FROM_M = 999.5


class Wording:
    """Names for one desk, in the language in force when it is asked."""

    def __init__(
        self,
        desk: Desk,
        district: District,
        fixes: Callable[[], Mapping[str, TrackPoint]],
        now: Callable[[], Instant],
    ) -> None:
        self._desk, self._fixes, self._now = desk, fixes, now
        self._units = {spec.id: spec for spec in district.units}
        self._grids = {grid.code: grid for grid in district.grids}
        self._kinds: SuitableKinds = load_kinds()

    @property
    def now(self) -> Callable[[], Instant]:
        """The desk's clock."""
        return self._now

    # -- incidents and units -----------------------------------------------------------------------------------------

    def incident(self, key: str) -> Choice:
        """An incident: 012 (Crowd, Wangpu Plaza) in a sentence, its number and title in a list."""
        incident = self._desk.incidents[key]
        tail, state = tail_of(incident), tr(f"terms.incident_status.{incident.status}")
        where = incident.address or self.grid_name(incident.grid)
        name = "name.incident.place" if where else "name.incident"
        short = tail.lstrip("0") or tail
        return Choice(
            "incident",
            key,
            tr(f"command_line.{name}", number=tail, type=type_name(incident.incident_type), place=where),
            short if incident.is_open else incident.number[4:],
            f"{tail} {said(incident, self._desk, self._call_sign).title}",
            _line(f"P{incident.priority}", state, where),
            self._since(incident.opened_at),
            incident.lat,
            incident.lon,
        )

    def unit(self, key: str, near: tuple[float, float] | None = None) -> Choice:
        """A unit with its state, and how far it is from a place."""
        unit = self._desk.units[key]
        name, place = self.unit_name(unit), self._place_of(key)
        typed = name if name and " " not in name else key
        away = self._travel(key, distance_m(*place, *near)) if place and near else ""
        kind = tr(f"terms.unit_kind.{unit.kind}") if has_text(f"terms.unit_kind.{unit.kind}") else unit.kind
        state = tr("post.status" if unit.post_order is not None else f"terms.unit_status.{unit.status}")
        return Choice("unit", key, name, typed, f"{name}  {key}", _line(kind, state, self._task(unit)), away)

    def _call_sign(self, unit: str) -> str | None:
        """None where only the journal knows the unit."""
        spec = self._units.get(unit)
        if spec is None:
            return None
        return spec.call_sign_en if language() == "en" else spec.call_sign_zh

    def unit_name(self, unit: Unit) -> str:
        spec = self._units.get(unit.id)
        english = language() == "en" and spec is not None
        return spec.call_sign_en if english and spec is not None else unit.call_sign

    def suitable_kinds(self, incident: Incident) -> tuple[str, ...]:
        """Kinds of unit that an incident of this type asks for."""
        return suitable(self._kinds, incident.incident_type)

    def _task(self, unit: Unit) -> str:
        if unit.post_order is not None:
            code = unit.post_order.code
            return tr("command_line.unit.post", grid=self.grid_name(code) or code) if code else ""
        on = self._desk.incidents.get(unit.incident or "")
        if on is not None:
            return tr("command_line.unit.on", number=tail_of(on))
        fix = self._fixes().get(unit.id)
        return tr("command_line.unit.fix", age=self._since(fix.at)) if fix is not None else ""

    def _place_of(self, key: str) -> tuple[float, float] | None:
        fix, spec = self._fixes().get(key), self._units.get(key)
        if fix is not None:
            return fix.lat, fix.lon
        return (spec.home_lat, spec.home_lon) if spec is not None else None

    def _travel(self, key: str, metres: float) -> str:
        """How long it takes as the crow flies with a detour: the road is searched when the unit is sent."""
        spec = self._units.get(key)
        speed = SPEED_M_PER_S[spec.travel if spec is not None else "car"]["residential"]
        minutes = max(1, round(metres * DETOUR_FACTOR / speed / 60))
        return tr("command_line.unit.away", minutes=minutes, away=self.away(metres))

    def _since(self, at: Instant) -> str:
        seconds = max(0, (self._now() - at) // 1000)
        if seconds >= 3600:
            return tr("common.span.hours", hours=seconds // 3600, minutes=f"{seconds % 3600 // 60:02d}")
        return f"{seconds // 60:02d}:{seconds % 60:02d}"

    # -- what stands still -------------------------------------------------------------------------------------------

    def type(self, code: str) -> Choice:
        name = type_name(code)
        typed = name if " " not in name else code
        return Choice("type", code, name, typed, name, code)

    def grid(self, grid: Grid) -> Choice:
        name, said = _named(grid.name_zh, grid.name_en), f"{grid.code[-5:-3]}{grid.code[-2:]}"
        return Choice("grid", grid.code, name, said, name, grid.code)

    def camera(self, camera: Camera) -> Choice:
        name = _named(camera.name_zh, camera.name_en)
        digits = "".join(filter(str.isdigit, camera.id)).lstrip("0") or camera.id
        said = tr("command_line.name.camera", code=camera.id, name=name)
        return Choice(
            "camera", camera.id, said, digits, name, camera.id, "", camera.lat, camera.lon, camera.grid
        )

    def grid_name(self, code: str | None) -> str:
        grid = self._grids.get(code or "")
        return _named(grid.name_zh, grid.name_en) if grid is not None else ""

    def name_of(self, zh: str, en: str) -> str:
        """A name in the language in force; the other one where it has none."""
        return _named(zh, en)

    def place(self, found: Found) -> str:
        """What an answer of the search is called."""
        entry = found.entry
        name = _named(entry.name_zh, entry.name_en)
        if found.house is not None:
            return tr("search.address", road=name, number=found.house.number)
        return name or entry.key

    def place_second(self, found: Found) -> str:
        """What kind of thing it is and where."""
        entry = found.entry
        if found.house is not None:
            return tr("search.address.near", known=found.house.known)
        known = f"search.{entry.kind}"
        kind = tr(known, code=entry.code) if has_text(known) else ""
        if entry.kind in ("incident", "unit"):
            kind = entry.code
        address = _named(entry.address_zh, entry.address_en)
        return _line(kind, address, self.grid_name(entry.grid))

    def away(self, metres: float | None) -> str:
        if metres is None:
            return ""
        if metres < _KM_FROM_M:
            return tr("common.unit.m", value=f"{metres:.0f}")
        return tr("common.unit.km", value=f"{metres / 1000:.1f}")


def tail_of(incident: Incident) -> str:
    """012 of 20261122-012."""
    return incident.number.rpartition("-")[2]


def _named(zh: str, en: str) -> str:
    return (en or zh) if language() == "en" else (zh or en)


def _line(*parts: str) -> str:
    return " · ".join(filter(None, parts))
