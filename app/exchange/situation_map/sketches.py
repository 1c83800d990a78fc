"""What desks have drawn for all desks, as a layer.

Owns the shapes of lines, areas, rings and notes, and the facts that each carries. Must not show what only one desk
sees, nor what has run out: the situation holds neither.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Final

from folium import FeatureGroup, Map
from folium.utilities import JsCode

from app.domain.masking import mask_text
from app.domain.sketch import SharedSketch
from app.exchange.situation import Situation
from app.exchange.situation_map import geometry as geo
from app.exchange.situation_map.features import Features
from app.exchange.situation_map.ground import SKETCH_PANE, marks
from app.exchange.situation_map.palette import Palette
from app.geo.coordinates import LocalPlane, distance_m
from app.i18n import tr

_RING_CORNERS: Final = 72
_LINE_PX: Final = 2.6
_DASHES: Final = "9 6"
_RANK: Final = 12


class SketchLayer:
    """Shapes with a broken edge, as on the desks; a card for each says whose it is and until when."""

    def __init__(self, situation: Situation, palette: Palette, masked: bool) -> None:
        self._situation = situation
        self._color = palette.map_color("sketch")
        self._masked = masked

    def add_to(self, page: Map) -> None:
        sketches = self._situation.sketches
        group = FeatureGroup(name=tr("situation_map.layer.sketches", count=len(sketches)))
        # Drawn as elements: a canvas would lie over the grids and take their clicks.
        shapes = Features(
            [shape for sketch in sketches for shape in self._shapes(sketch)],
            pane=SKETCH_PANE,
            interactive=True,
            control=False,
            renderer=JsCode(f"L.svg({{pane: {SKETCH_PANE!r}}})"),
            on_each_feature=JsCode("situation.explain('sketch')"),
        )
        shapes.add_to(group)
        marks([self._mark(sketch) for sketch in sketches], "sketch").add_to(group)
        group.add_to(page)

    def _shapes(self, sketch: SharedSketch) -> Iterator[geo.Feature]:
        title, facts = self._title(sketch), self._facts(sketch)
        line = [(lon, lat) for lat, lon in sketch.points]
        if sketch.kind == "line":
            yield geo.line(line, title=title, facts=facts, style=self._style(filled=False))
        elif sketch.kind == "area":
            yield geo.polygon([*line, line[0]], title=title, facts=facts, style=self._style(filled=True))
        for radius_m in sketch.radii_m:
            ring = ring_round(*sketch.points[0], radius_m)
            yield geo.line(ring, title=title, facts=facts, style=self._style(filled=False))

    def _mark(self, sketch: SharedSketch) -> geo.Feature:
        lat, lon = sketch.points[len(sketch.points) // 2 if sketch.kind == "line" else 0]
        return geo.point(
            lat, lon, title=self._title(sketch), facts=self._facts(sketch), rank=_RANK, looks="sketch"
        )

    def _style(self, *, filled: bool) -> dict[str, object]:
        return {
            "stroke": True,
            "color": self._color,
            "weight": _LINE_PX,
            "dashArray": _DASHES,
            "fill": filled,
            "fillColor": self._color,
            "fillOpacity": 0.14,
        }

    def _title(self, sketch: SharedSketch) -> str:
        """Masked again: what went into the journal before a rule was made is still there."""
        text = mask_text(sketch.text) if self._masked else sketch.text
        return text or tr(f"map.sketch.{sketch.kind}")

    def _facts(self, sketch: SharedSketch) -> list[str | None]:
        time = self._situation.local_time
        return [
            tr(f"map.sketch.{sketch.kind}"),
            _extent(sketch),
            sketch.desk,
            time(sketch.shared_at),
            time(sketch.expires_at),
        ]


def ring_round(lat: float, lon: float, radius_m: float) -> list[tuple[float, float]]:
    """(lon, lat) of a circle on the ground, closed."""
    plane = LocalPlane(lat, lon)
    turns = (2 * math.pi * corner / _RING_CORNERS for corner in range(_RING_CORNERS + 1))
    ring = (plane.to_lat_lon(radius_m * math.sin(turn), radius_m * math.cos(turn)) for turn in turns)
    return [(ring_lon, ring_lat) for ring_lat, ring_lon in ring]


def _extent(sketch: SharedSketch) -> str | None:
    """How long a line is, how far rings reach."""
    if sketch.kind == "line":
        return _length(sum(distance_m(*a, *b) for a, b in itertools.pairwise(sketch.points)))
    return " · ".join(map(_length, sketch.radii_m)) or None


def _length(length_m: float) -> str:
    if length_m < 1000:
        return str(tr("map.scale.m", value=round(length_m)))
    return str(tr("map.scale.km", value=f"{length_m / 1000:.2f}"))
