"""Closed roads, as a layer: what officers have closed and what the district's plan closes.

Owns their lines and signs, and the facts of each: why or by what plan, until when, who may pass. Must not show what is
open again: the situation does not hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from folium import FeatureGroup, Map
from folium.utilities import JsCode

from app.domain.masking import mask_text
from app.domain.road import PlannedClosure, RoadClosure, matters, planned_matters
from app.exchange.situation import Situation, name_of
from app.exchange.situation_map import geometry as geo
from app.exchange.situation_map.features import Features
from app.exchange.situation_map.ground import CLOSURE_PANE, marks
from app.exchange.situation_map.palette import Palette
from app.i18n import tr

_LINE_PX: Final = 3.4
_DASHES: Final = "8 5"
_RANK: Final = 11


class _Street(NamedTuple):
    """One matter: what it is called, its pieces, and what is said of it."""

    name: str
    pieces: list[str]
    facts: list[str | None]


class ClosureLayer:
    """A broken red line over each closed piece, one no-entry sign for a street."""

    def __init__(self, situation: Situation, palette: Palette, masked: bool) -> None:
        self._situation, self._masked = situation, masked
        self._color = palette.danger
        self._lines = {road.id: road.line.tolist() for road in situation.district.roads}

    def add_to(self, page: Map) -> None:
        ordered = matters(road for road in self._situation.closures if road.road in self._lines)
        planned = planned_matters(road for road in self._situation.planned if road.road in self._lines)
        streets = [*map(self._ordered, ordered), *map(self._planned, planned)]
        group = FeatureGroup(name=tr("situation_map.layer.closures", count=len(streets)))
        shapes = Features(
            [shape for street in streets for shape in self._shapes(street)],
            pane=CLOSURE_PANE,
            interactive=True,
            control=False,
            renderer=JsCode(f"L.svg({{pane: {CLOSURE_PANE!r}}})"),
            on_each_feature=JsCode("situation.explain('closure')"),
        )
        shapes.add_to(group)
        marks([self._mark(street) for street in streets], "closure").add_to(group)
        group.add_to(page)

    # -- what is said of one -----------------------------------------------------------------------------------------

    def _ordered(self, street: Sequence[RoadClosure]) -> _Street:
        first, time = street[0], self._situation.local_time
        reason = mask_text(first.reason) if self._masked else first.reason
        facts = [reason, _passing(first), first.desk, time(first.from_at), time(first.until_at)]
        return _Street(first.name, [one.road for one in street], facts)

    def _planned(self, street: Sequence[PlannedClosure]) -> _Street:
        """Nobody has ordered it, so it has no reason; it may have neither beginning nor end."""
        first, time = street[0], self._situation.local_time
        until = tr("shift.line.endless") if first.until_at is None else time(first.until_at)
        begin = time(first.from_at) if first.from_at else None
        facts = [tr("shift.line.plan"), _passing(first), None, begin, until]
        return _Street(name_of(first) or first.road, [one.road for one in street], facts)

    # -- what is drawn of one ----------------------------------------------------------------------------------------

    def _shapes(self, street: _Street) -> Iterator[geo.Feature]:
        style = {
            "stroke": True,
            "color": self._color,
            "weight": _LINE_PX,
            "dashArray": _DASHES,
            "fill": False,
        }
        for piece in street.pieces:
            yield geo.line(self._lines[piece], title=street.name, facts=street.facts, style=style)

    def _mark(self, street: _Street) -> geo.Feature:
        line = self._lines[street.pieces[len(street.pieces) // 2]]
        lon, lat = line[len(line) // 2]
        return geo.point(lat, lon, title=street.name, facts=street.facts, rank=_RANK, looks="closure")


def _passing(closure: RoadClosure | PlannedClosure) -> str | None:
    return tr("roads.passing") if closure.emergency_passes else None
