"""Owns the scale rules of the base map: what is drawn from which zoom on, how wide and how fine. Must not draw.

Widths in metres and colours are tokens; here stand only ratios and zooms, as a map maker's sheet has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from widgets.map.view import METRE_ZOOM
from widgets.style import tokens


@dataclass(frozen=True, slots=True)
class RoadRule:
    """From which zoom a class of road and its names are drawn, and how thin it may become."""

    from_zoom: float
    name_from_zoom: float
    least_px: float


# The least important first: that is the order in which they are painted.
ROADS = {
    "footway": RoadRule(16.0, 18.0, 0.8),
    "alley": RoadRule(15.5, 17.0, 1.0),
    "residential": RoadRule(14.0, 16.5, 1.4),
    "tertiary": RoadRule(13.0, 15.5, 2.2),
    "secondary": RoadRule(12.0, 14.5, 2.8),
    "primary": RoadRule(0.0, 14.0, 3.4),
    "trunk": RoadRule(0.0, 13.5, 4.0),
}
OTHER_ROAD = RoadRule(14.0, 16.5, 1.4)
_TOKEN_OF = {"trunk": "motorway", "alley": "lane", "public": "government", "old": "old_lane"}

BUILDINGS_FROM_ZOOM = 14.0
BUILDING_LINES_FROM_ZOOM = 16.0
SHADOWS_FROM_ZOOM = 16.5
CONES_FROM_ZOOM = 17.5
CAMERA_SYMBOLS_FROM_ZOOM = 17.5
CAMERAS_FROM_ZOOM = 15.5
UNIT_LABELS_FROM_ZOOM = 16.0
COMMUNITY_NAMES_FROM_ZOOM, COMMUNITY_NAMES_TO_ZOOM = 12.0, 15.25
GRID_NAMES_FROM_ZOOM = 14.5
PLACE_FROM_ZOOM = {0: 14.0, 1: 16.0, 2: 17.0}
LEAST_SHAPE_PX = 1.5
_STOREY_M = 3.0
_SHADOW_PER_M = 0.22
_SHADOW_MOST_M = 9.0

_LANDMARKS = {
    "metro_station", "railway_station", "station", "hospital", "mall", "plaza", "school", "park", "police_post",
    "ferry", "market", "grid_centre",
}  # fmt: skip
_AT_THE_DOOR = {
    "compound",
    "office",
    "bank",
    "petrol_station",
    "care_home",
    "commercial",
    "industrial",
    "restaurant",
    "pharmacy",
}


def named(table: Mapping[str, QColor], kind: str) -> QColor:
    """A colour by kind; districts and tokens call some kinds by different names."""
    return table.get(kind) or table.get(_TOKEN_OF.get(kind, "")) or table["default"]


def road_width_px(road_class: str, px_per_m: float) -> float:
    """Width of the carriageway in pixels: true to scale when near, never thinner than can be told apart."""
    widths = tokens().map.road_width_m
    width_m = widths.get(road_class) or widths.get(_TOKEN_OF.get(road_class, "")) or widths["default"]
    return max(road(road_class).least_px, width_m * px_per_m)


def road(road_class: str) -> RoadRule:
    return ROADS.get(road_class, OTHER_ROAD)


def casing_px(zoom: float) -> float:
    """Width of a road's edge line on each side."""
    return 0.6 if zoom < 15 else 1.0


def shadow_m(levels: int) -> float:
    """How far a building's shadow reaches; enough to tell a tower from a shed."""
    return min(_SHADOW_MOST_M, levels * _STOREY_M * _SHADOW_PER_M)


def place_rank(kind: str) -> int:
    """0 for what everybody orients by, 2 for what matters at the door, 1 for the rest."""
    if kind in _LANDMARKS:
        return 0
    return 2 if kind in _AT_THE_DOOR else 1


def tolerance_m(zoom: float) -> float:
    """How far a simplified outline may lie off at a whole zoom; 0 keeps every vertex."""
    return 0.0 if zoom >= METRE_ZOOM else 0.4 * 2.0 ** (METRE_ZOOM - zoom)
