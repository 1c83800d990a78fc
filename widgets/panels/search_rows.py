"""Owns how an answer of the search reads: its symbol, its name in the language in force, and a line that places it.

Must not search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.parts.search_list import SearchRow
from widgets.parts.symbols import unit_color, unit_fill
from widgets.style import tokens

if TYPE_CHECKING:
    from app.geo.search import Entry, Found

_GLYPHS = {
    "road": "road",
    "grid": "grid",
    "community": "grid",
    "coordinate": "cross_hair",
    "camera": "camera",
}


class SearchRows:
    """Rows for one desk."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._grids = {grid.code: grid for grid in bridge.district.grids}
        self._units = {spec.id: spec for spec in bridge.district.units}

    def row(self, found: Found) -> SearchRow:
        entry = found.entry
        make: Callable[[Found], SearchRow] = {"incident": self._incident, "unit": self._unit}.get(
            entry.kind, self._still
        )
        return make(found)

    def title(self, found: Found) -> str:
        """What an answer is called."""
        entry = found.entry
        name = _named(entry.name_zh, entry.name_en)
        if found.house is not None:
            return tr("search.address", road=name, number=found.house.number)
        return name

    def outside(self, lat: float, lon: float) -> str:
        """That a place lies outside the district, and how far; "" within it."""
        from app.geo.outside import outside_m  # not before somebody searches: it takes a while to come

        away_m = outside_m(self._bridge.district.boundary, lat, lon)
        return tr("search.outside", distance=length_text(away_m)) if away_m else ""

    def _incident(self, found: Found) -> SearchRow:
        incident = self._bridge.desk.incidents[found.entry.key]
        status = tr(f"terms.incident_status.{incident.status}")
        return SearchRow(
            f"marker/{incident.priority}/{incident.incident_type}",
            self._bridge.said(incident).title,
            _line(incident.number, status, incident.address or self._grid_name(found.entry)),
            _distance(found),
            tokens().priority.of(incident.priority) if incident.is_open else tokens().stale,
        )

    def _unit(self, found: Found) -> SearchRow:
        unit = self._bridge.desk.units[found.entry.key]
        kind, status = tr(f"terms.unit_kind.{unit.kind}"), tr(f"terms.unit_status.{unit.status}")
        glyph, color, fill = f"unit/{unit.kind}", unit_color(unit.status), unit_fill(unit.status)
        return SearchRow(
            glyph, self.title(found), _line(kind, status, unit.id), _distance(found), color, fill
        )

    def _still(self, found: Found) -> SearchRow:
        entry = found.entry
        color = tokens().camera if entry.kind == "camera" else None
        return SearchRow(
            _GLYPHS.get(entry.kind, "pin"), self.title(found), self._second(found), _distance(found), color
        )

    def _second(self, found: Found) -> str:
        entry = found.entry
        if found.house is not None:
            return tr("search.address.near", known=found.house.known)
        address = _named(entry.address_zh, entry.address_en)
        if entry.kind == "coordinate" and entry.lat is not None and entry.lon is not None:
            return _line(tr("search.coordinate"), self.outside(entry.lat, entry.lon))
        what = "" if entry.kind == "place" and address else tr(f"search.{entry.kind}", code=entry.code)
        return _line(what, address, self._grid_name(entry))

    def _grid_name(self, entry: Entry) -> str:
        grid = self._grids.get(entry.grid)
        return _named(grid.name_zh, grid.name_en) if grid is not None else ""


def _named(zh: str, en: str) -> str:
    """In the language in force, where there is a name in it."""
    return (en or zh) if language() == "en" else (zh or en)


def _line(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _distance(found: Found) -> str:
    if found.distance_m is None:
        return tr("search.no_place")
    return length_text(found.distance_m)


def length_text(length_m: float) -> str:
    """480 m, 1.2 km"""
    if length_m < 999.5:
        return tr("search.m", value=f"{length_m:.0f}")
    digits = 1 if length_m < 99_950 else 0
    return tr("search.km", value=f"{length_m / 1000:,.{digits}f}")
