"""What the sheet of a grid says: figures, open items, people, contacts, dangers, cameras, history, neighbours.

Owns which facts stand there, in which order and in which words. Must not show them, and is given contacts masked.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.centre.types_in_force import type_name
from app.domain.incident import Incident
from app.domain.instants import DAY_MS, Instant
from app.i18n import has_text, language, tr
from app.projections.grid_indicators import WEEK_MS
from widgets.bridge import Bridge
from widgets.local_time import local
from widgets.panels.map_grids import MapGrids, figure_lines
from widgets.parts.section_list import SectionRow
from widgets.parts.symbols import unit_color, unit_fill
from widgets.style import tokens

if TYPE_CHECKING:
    from app.geo.district import Camera, Grid, Place, UnitSpec
    from app.geo.grid_facts import Contact, Hazard

MONTH_MS = 30 * DAY_MS
LAST_INCIDENTS = 10
_KINDS_NAMED = 4

ClearContacts = Mapping[str, "Contact"]
"""Contacts by id that the officer has given a purpose for."""


class Named(Protocol):
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


class InGrid(Protocol):
    @property
    def grid(self) -> str: ...


T = TypeVar("T", bound=InGrid)


@dataclass(frozen=True, slots=True)
class GridPage:
    """One grid in words."""

    title: str
    under: str
    figures: tuple[str, ...]
    rows: tuple[SectionRow, ...]


class GridPages:
    """Pages of one district's grids. Rows carry (kind, key): incident, unit, contact, hazard, camera or grid."""

    def __init__(self, bridge: Bridge, grids: MapGrids) -> None:
        self._bridge, self._grids = bridge, grids
        district = bridge.district
        self._by_code = {grid.code: grid for grid in district.grids}
        self._communities = {community.code: community for community in district.communities}
        self._cameras = {camera.id: camera for camera in district.cameras}
        self._specs = {spec.id: spec for spec in district.units}
        self._posts = _by_grid(district.units)
        self._hazards = _by_grid(district.hazards)
        self._places = district.places
        self._post_names: dict[str, Place | None] = {}
        self._neighbours: dict[str, tuple[Grid, ...]] = {}

    def page(self, code: str, clear: ClearContacts, now: Instant) -> GridPage:
        """Raises KeyError for a code that the district does not have."""
        grid = self._by_code[code]
        community = self._communities.get(grid.community)
        name = _named(community) if community is not None else grid.community
        incidents = [self._bridge.desk.incidents[key] for key in self._grids.tally.incidents_of(code)]
        sections = (
            self._open(incidents, now),
            self._people(code),
            self._contacts(code, clear),
            self._dangers(code),
            self._watched(code),
            self._history(incidents, now),
            self._beside(code),
        )
        return GridPage(
            _named(grid),
            tr("grid.page.under", code=code, community=name),
            figure_lines(self._grids.figures(code)),
            tuple(row for section in sections for row in section),
        )

    # -- sections ----------------------------------------------------------------------------------------------------

    def _open(self, incidents: Sequence[Incident], now: Instant) -> list[SectionRow]:
        opened = sorted((i for i in incidents if i.is_open), key=lambda i: (i.priority, i.opened_at))
        return _section("open", [self._incident(i, now) for i in opened])

    def _people(self, code: str) -> list[SectionRow]:
        """Whose post is here, then who else is here now."""
        inside = self._grids.units_inside().get(code, [])
        posted = [spec.id for spec in self._posts.get(code, [])]
        others = sorted(key for key in inside if key not in posted)
        rows = [self._unit(key, tr("grid.page.inside") if key in inside else "") for key in posted]
        rows += [self._unit(key, tr("grid.page.visiting")) for key in others]
        return _section("people", [row for row in rows if row is not None])

    def _contacts(self, code: str, clear: ClearContacts) -> list[SectionRow]:
        masked = self._bridge.app.contacts(code)
        return _section("contacts", [_contact(clear.get(c.id, c), c.id in clear) for c in masked])

    def _dangers(self, code: str) -> list[SectionRow]:
        return _section("hazards", [_hazard(n, h) for n, h in enumerate(self._hazards.get(code, []))])

    def _watched(self, code: str) -> list[SectionRow]:
        cameras = [self._cameras[key] for key in self._grids.cameras_of.get(code, [])]
        rows = [_camera(camera, self._grids.is_online(camera.id)) for camera in cameras]
        return _section("cameras", sorted(rows, key=lambda row: (row.aside == "", row.title)))

    def _history(self, incidents: Sequence[Incident], now: Instant) -> list[SectionRow]:
        last = heapq.nlargest(LAST_INCIDENTS, incidents, key=lambda i: (i.opened_at, i.number))
        rows = [self._incident(incident, now) for incident in last]
        spans = [("week", WEEK_MS), ("month", MONTH_MS)] if rows else []
        counts = [_counts(name, [i for i in incidents if now - i.opened_at <= ms]) for name, ms in spans]
        head, *listed = _section("history", rows, aside="")
        return [head, *counts, *listed]

    def _beside(self, code: str) -> list[SectionRow]:
        """Who could help out: the grids that border on this one with what is open there."""
        index = self._bridge.app.grids
        if index is not None and code not in self._neighbours:
            self._neighbours[code] = index.neighbours(code)
        return _section("neighbours", [self._neighbour(grid) for grid in self._neighbours.get(code, ())])

    # -- rows --------------------------------------------------------------------------------------------------------

    def _incident(self, incident: Incident, now: Instant) -> SectionRow:
        is_overdue = self._grids.tally.is_overdue(incident.id)
        status = tr(f"terms.incident_status.{incident.status}")
        when = self._when(incident.opened_at, now)
        return SectionRow(
            "row",
            self._bridge.said(incident).title,
            ("incident", incident.id),
            _line(incident.number, when, status),
            tr("grid.page.overdue") if is_overdue else "",
            f"marker/{incident.priority}/{incident.incident_type}",
            tokens().priority.of(incident.priority) if incident.is_open else tokens().stale,
            aside_color=tokens().red,
        )

    def _when(self, at: Instant, now: Instant) -> str:
        """The time of day within a day, else day and time."""
        offset = self._bridge.district.utc_offset_min
        return local(at, offset).strftime("%H:%M" if now - at < DAY_MS else "%m-%d %H:%M")

    def _unit(self, key: str, aside: str) -> SectionRow | None:
        unit = self._bridge.desk.units.get(key)
        if unit is None:
            return None
        spec = self._specs.get(key)
        call_sign = spec.call_sign_en if spec is not None and language() == "en" else unit.call_sign
        post = self._post(spec) if spec is not None else ""
        return SectionRow(
            "row",
            call_sign,
            ("unit", key),
            _line(tr(f"terms.unit_kind.{unit.kind}"), tr(f"terms.unit_status.{unit.status}"), post),
            aside,
            f"unit/{unit.kind}",
            unit_color(unit.status),
            unit_fill(unit.status),
        )

    def _post(self, spec: UnitSpec) -> str:
        """What its post is called: the place that is nearest to it."""
        if spec.id not in self._post_names:
            places, lat, lon = self._places, spec.home_lat, spec.home_lon
            east = math.cos(math.radians(lat))
            self._post_names[spec.id] = min(
                places, key=lambda p: math.hypot(p.lat - lat, (p.lon - lon) * east), default=None
            )
        place = self._post_names[spec.id]
        return tr("grid.page.post", place=_named(place)) if place is not None else ""

    def _neighbour(self, grid: Grid) -> SectionRow:
        tally = self._grids.tally
        opened, overdue = tally.value("open", grid.code), tally.value("overdue", grid.code)
        inside = len(self._grids.units_inside().get(grid.code, ()))
        return SectionRow(
            "row",
            _named(grid),
            ("grid", grid.code),
            _line(
                tr("grid.value.open", value=opened),
                tr("grid.value.overdue", value=overdue),
                tr("grid.value.units", value=inside),
            ),
            glyph="grid",
        )


def _section(name: str, rows: list[SectionRow], aside: str | None = None) -> list[SectionRow]:
    """A head with the number of rows; a note where there are none."""
    count = str(len(rows)) if rows and aside is None else aside or ""
    head = SectionRow("head", tr(f"grid.section.{name}"), aside=count)
    return [head, *(rows or [SectionRow("note", tr(f"grid.empty.{name}"))])]


def _contact(contact: Contact, is_clear: bool) -> SectionRow:
    return SectionRow(
        "row",
        tr("grid.page.contact", role=_term("role", contact.role), name=contact.name),
        ("contact", contact.id),
        contact.phone or tr("grid.page.no_phone"),
        "" if is_clear else tr("grid.page.reveal"),
        "person",
    )


def _hazard(number: int, hazard: Hazard) -> SectionRow:
    return SectionRow(
        "row",
        hazard.name,
        ("hazard", str(number)),
        hazard.note,
        _term("hazard", hazard.kind),
        "hazard",
        tokens().yellow,
        wraps=True,
    )


def _camera(camera: Camera, is_online: bool) -> SectionRow:
    return SectionRow(
        "row",
        _named(camera),
        ("camera", camera.id),
        aside="" if is_online else tr("map.card.offline"),
        glyph="camera",
        color=tokens().camera if is_online else tokens().off,
        aside_color=tokens().red,
    )


def _counts(span: str, incidents: list[Incident]) -> SectionRow:
    """How many by kind, the most frequent first."""
    kinds = Counter(incident.incident_type for incident in incidents).most_common()
    named = [
        tr("grid.page.kind_count", kind=type_name(kind), count=count) for kind, count in kinds[:_KINDS_NAMED]
    ]
    rest = sum(count for _, count in kinds[_KINDS_NAMED:])
    if rest:
        named.append(tr("grid.page.rest", count=rest))
    return SectionRow("note", _line(tr(f"grid.page.{span}", count=len(incidents)), *named))


def _term(family: str, name: str) -> str:
    return _term_of(f"grid.{family}", name)


def _term_of(prefix: str, name: str) -> str:
    """A known word in the language in force, any other as it was written."""
    return tr(f"{prefix}.{name}") if has_text(f"{prefix}.{name}") else name


def _named(thing: Named) -> str:
    return (thing.name_en or thing.name_zh) if language() == "en" else (thing.name_zh or thing.name_en)


def _line(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _by_grid(things: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for thing in things:
        found.setdefault(thing.grid, []).append(thing)
    return found
