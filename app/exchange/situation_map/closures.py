"""Roads that officers have closed, as a layer.

Owns their lines and signs, and the facts of each: why, until when, who may pass. Must not show what only a plan closes,
nor what is open again: the situation holds neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from folium import FeatureGroup, Map
from folium.utilities import JsCode

from app.domain.masking import mask_text
from app.domain.road import RoadClosure, matters
from app.exchange.situation import Situation
from app.exchange.situation_map import geometry as geo
from app.exchange.situation_map.features import Features
from app.exchange.situation_map.ground import CLOSURE_PANE, marks
from app.exchange.situation_map.palette import Palette
from app.i18n import tr

_LINE_PX: Final = 3.4
_DASHES: Final = "8 5"
_RANK: Final = 11


class ClosureLayer:
    """A broken red line over each closed piece, one no-entry sign for a street."""

    def __init__(self, situation: Situation, palette: Palette, masked: bool) -> None:
        self._situation, self._masked = situation, masked
        self._color = palette.danger
        self._lines = {road.id: road.line.tolist() for road in situation.district.roads}

    def add_to(self, page: Map) -> None:
        streets = matters(road for road in self._situation.closures if road.road in self._lines)
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

    def _shapes(self, street: Sequence[RoadClosure]) -> Iterator[geo.Feature]:
        style = {
            "stroke": True,
            "color": self._color,
            "weight": _LINE_PX,
            "dashArray": _DASHES,
            "fill": False,
        }
        for piece in street:
            line = self._lines[piece.road]
            yield geo.line(line, title=piece.name, facts=self._facts(street), style=style)

    def _mark(self, street: Sequence[RoadClosure]) -> geo.Feature:
        line = self._lines[street[len(street) // 2].road]
        lon, lat = line[len(line) // 2]
        return geo.point(
            lat, lon, title=street[0].name, facts=self._facts(street), rank=_RANK, looks="closure"
        )

    def _facts(self, street: Sequence[RoadClosure]) -> list[str | None]:
        first, time = street[0], self._situation.local_time
        reason = mask_text(first.reason) if self._masked else first.reason
        passes = tr("roads.passing") if first.emergency_passes else None
        return [reason, passes, first.desk, time(first.from_at), time(first.until_at)]
