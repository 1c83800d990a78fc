"""The district itself as layers: ground, grids by their load, communities, buildings, roads.

Owns their order, style and scale rules. Must not know what happens on the ground but how much is open in each grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from folium import FeatureGroup, Map
from folium.map import CustomPane
from folium.utilities import JsCode

from app.exchange.situation import Situation, name_of
from app.exchange.situation_map import geometry as geo
from app.exchange.situation_map.features import Features
from app.exchange.situation_map.palette import Palette
from app.i18n import tr
from app.projections.grid_indicators import BY_ID

PANES: Final = ("ground", "grids", "buildings", "roads", "borders")
"""From the bottom up; each is a canvas of its own, so that switching one never puts it above the others."""
_FIRST_PANE_Z: Final = 210
CLUSTER_PANE, PILE_PANE = "clusters", "piles"
SKETCH_PANE: Final = "sketches"
CLOSURE_PANE: Final = "closures"
_MARK_PANES: Final = {CLOSURE_PANE: 440, SKETCH_PANE: 450, PILE_PANE: 590, CLUSTER_PANE: 620, "alarms": 630}
"""Sketches over the ground, what has ended below single marks (600), what is open above them, then alarms; all of it
below cards (700)."""

# Least important first: that is the order of painting. Class, zoom from which it is drawn, least width in pixels.
_ROADS: Final = (
    ("footway", 16.0, 0.8),
    ("alley", 15.0, 1.0),
    ("residential", 13.5, 1.3),
    ("tertiary", 12.5, 2.0),
    ("secondary", 11.0, 2.6),
    ("primary", 0.0, 3.2),
    ("trunk", 0.0, 3.8),
)
_NAME_FROM_ZOOM: Final = {
    "trunk": 13.5, "primary": 14.0, "secondary": 15.0, "tertiary": 16.0, "residential": 17.0, "alley": 18.0,
}  # fmt: skip
_ROAD_RANK: Final = 40
_COMMUNITY_RANK: Final = 5
"""Large, quiet and under everything: it may lie beneath a mark."""
_AREA_COLORS: Final = {
    "water": "water",
    "park": "park",
    "green": "park",
    "plaza": "plaza",
    "school_yard": "plaza",
}
_GRID_RANK, _GRID_FROM_ZOOM = 15, 15.0
OPEN: Final = BY_ID["open"]
"""Grids have the colours that they have in the console."""


def add_panes(page: Map) -> None:
    for place, name in enumerate(PANES):
        CustomPane(name, z_index=_FIRST_PANE_Z + 10 * place, pointer_events=name == "grids").add_to(page)
    for name, z_index in _MARK_PANES.items():
        CustomPane(name, z_index=z_index, pointer_events=True).add_to(page)


class GroundLayers:
    """A district's layers in one palette."""

    def __init__(self, situation: Situation, palette: Palette) -> None:
        self._situation = situation
        self._district = situation.district
        self._palette = palette
        self.roads: list[Features] = []
        """Whose widths follow the zoom."""

    def add_to(self, page: Map) -> None:
        """In the order of the switches; what lies above what is the panes' matter."""
        self._ground().add_to(page)
        self._grids().add_to(page)
        self._communities().add_to(page)
        self._buildings().add_to(page)
        self._roads().add_to(page)

    def _ground(self) -> Features:
        """Without a switch: a map without its ground is a sheet of dots."""
        color = self._palette.map_color
        features = [geo.polygon(self._district.boundary, style=_flat(color("district")))]
        for kind, areas in geo.by_kind(self._district.areas, "kind").items():
            fill = _AREA_COLORS.get(kind)
            style = _flat(color(fill)) if fill else _line(color(kind), 1.0) | _flat(color("plaza"))
            features.append(geo.joined_polygons((a.ring for a in areas), style=style))
        features.append(geo.line(self._district.boundary, style=_line(color("district_line"), 1.6)))
        return _shapes(features, "ground")

    def _grids(self) -> FeatureGroup:
        group = FeatureGroup(name=tr("situation_map.layer.grids"))
        ramp = self._palette.grid_load
        communities = {c.code: name_of(c) for c in self._district.communities}
        fills, lines = [], []
        for grid in self._district.grids:
            load = self._situation.open_by_grid.get(grid.code, 0)
            facts = [grid.code, communities.get(grid.community), tr("situation_map.count", count=load)]
            style = {**_flat(ramp[OPEN.level(load)]), "fillOpacity": 0.62}
            fills.append(geo.polygon(grid.ring, title=name_of(grid), facts=facts, style=style))
            lines.append(geo.line(grid.ring, style=_line(self._palette.map_color("grid_line"), 0.8, 0.75)))
        _shapes(fills, "grids", explained="grid").add_to(group)
        _shapes(lines, "borders").add_to(group)
        marks(self._grid_names(), "label").add_to(group)
        return group

    def _grid_names(self) -> Iterable[geo.Feature]:
        """With the count where something is open: a print has no cards, and colours only tell more from less."""
        for grid in self._district.grids:
            load = self._situation.open_by_grid.get(grid.code, 0)
            title = f"{name_of(grid)} · {load}" if load else name_of(grid)
            place = geo.inner_point(grid.ring)
            yield geo.point(*place, title=title, rank=_GRID_RANK, from_zoom=_GRID_FROM_ZOOM, looks="grid")

    def _communities(self) -> FeatureGroup:
        group = FeatureGroup(name=tr("situation_map.layer.communities"))
        style = _line(self._palette.map_color("grid_line"), 2.0) | {"dashArray": "7 4"}
        _shapes((geo.line(c.ring, style=style) for c in self._district.communities), "borders").add_to(group)
        marks(
            (
                geo.point(*geo.inner_point(c.ring), title=name_of(c), rank=_COMMUNITY_RANK, looks="community")
                for c in self._district.communities
            ),
            "label",
        ).add_to(group)
        return group

    def _buildings(self) -> Features:
        line = self._palette.map_color("building_line")
        features = (
            geo.joined_polygons(
                (b.ring for b in buildings),
                style=_line(line, 0.6) | _flat(self._palette.of_kind("building", kind)) | {"stroke": True},
            )
            for kind, buildings in geo.by_kind(self._district.buildings, "kind").items()
        )
        return _shapes(features, "buildings", name=tr("situation_map.layer.buildings"))

    def _roads(self) -> FeatureGroup:
        """All edges first, then all carriageways: crossings stay open."""
        group = FeatureGroup(name=tr("situation_map.layer.roads"))
        of_class = geo.by_kind(self._district.roads, "road_class")
        for table, edge_px in (("road_casing", 1.0), ("road_fill", 0.0)):
            features = [
                geo.joined_lines(
                    (road.line for road in of_class[road_class]),
                    width_m=self._palette.road_width_m(road_class),
                    least_px=least_px,
                    edge_px=edge_px,
                    from_zoom=from_zoom,
                    style=_line(self._palette.of_kind(table, road_class), least_px),
                )
                for road_class, from_zoom, least_px in _ROADS
                if road_class in of_class
            ]
            self.roads.append(_shapes(features, "roads"))
            self.roads[-1].add_to(group)
        marks(self._road_names(), "label").add_to(group)
        return group

    def _road_names(self) -> Iterable[geo.Feature]:
        named = geo.by_kind((r for r in self._district.roads if name_of(r)), "name_zh")
        places = geo.name_places({key: [road.line for road in roads] for key, roads in named.items()})
        for key, (lat, lon, turn_deg) in places.items():
            from_zoom, road = min(
                ((_NAME_FROM_ZOOM.get(r.road_class, 18.0), r) for r in named[key]), key=lambda found: found[0]
            )
            rank = _ROAD_RANK + round(from_zoom)
            yield geo.point(
                lat, lon, title=name_of(road), rank=rank, from_zoom=from_zoom, turn=turn_deg, looks="road"
            )


def _flat(color: str) -> dict[str, object]:
    return {"stroke": False, "fill": True, "fillColor": color, "fillOpacity": 1, "fillRule": "nonzero"}


def _line(color: str, weight: float, opacity: float = 1.0) -> dict[str, object]:
    return {"stroke": True, "color": color, "weight": weight, "opacity": opacity, "fill": False}


def _shapes(
    features: Iterable[geo.Feature], pane: str, *, name: str | None = None, explained: str = ""
) -> Features:
    """Shapes drawn on a pane's canvas; `explained` names the words of the card that a click opens."""
    options: dict[str, Any] = {"pane": pane, "interactive": bool(explained), "control": name is not None}
    if explained:
        options["on_each_feature"] = JsCode(f"situation.explain({explained!r})")
    return Features(features, name=name, **options)


def marks(features: Iterable[geo.Feature], kind: str, **options: Any) -> Features:
    """Points that resources/situation_map/page.js draws as marks of a kind."""
    return Features(features, point_to_layer=JsCode(f"situation.mark({kind!r})"), **options)
