"""Owns the small districts that drill tests run in: built in memory, so that no change of the demo breaks them."""

from __future__ import annotations

import numpy as np

from app.geo.district import Camera, District, Place, UnitSpec
from app.geo.surface import Road, Surface

LAT, LON = 31.22, 121.47
STEP_DEG = 0.002
SIDE = 5


def small_district() -> District:
    """Five by five crossings about 200 m apart, named streets, one lane, three places, two cameras, four units."""
    return District(
        code="310198006",
        name_zh="试验街道",
        name_en="Test Street",
        centre_lat=LAT + 2 * STEP_DEG,
        centre_lon=LON + 2 * STEP_DEG,
        utc_offset_min=480,
        boundary=_square(-0.001, 0.009),
        communities=(),
        grids=(),
        surface=lambda: Surface(tuple(_roads()), (), ()),
        places=(
            Place("L1", "plaza", "中心广场", "Plaza", "", "东路1号", LAT + 0.004, LON + 0.004),
            Place("L2", "compound", "和平小区", "Peace", "", "西路2号", LAT + 0.002, LON + 0.006),
            Place("L3", "market", "菜市场", "Market", "", "南路3号", LAT + 0.006, LON + 0.002),
        ),
        cameras=(_camera("C1", 0.004), _camera("C2", 0.006)),
        units=(
            _unit("p1", "police", "car", 0, 0),
            _unit("g1", "grid_member", "ebike", 2, 2),
            _unit("j1", "joint_patrol", "foot", 3, 1),
            _unit("f1", "fire", "car", 4, 4),
        ),
    )


def _square(low: float, high: float) -> tuple[tuple[float, float], ...]:
    corners = ((low, low), (high, low), (high, high), (low, high), (low, low))
    return tuple((LON + east, LAT + north) for east, north in corners)


def _roads() -> list[Road]:
    roads = []
    for row in range(SIDE):
        for column in range(SIDE):
            node = row * SIDE + column
            if column + 1 < SIDE:
                roads.append(_road(f"东{row}路", node, node + 1))
            if row + 1 < SIDE:
                roads.append(_road(f"北{column}路", node, node + SIDE))
    return [*roads[:-1], _road("小弄", SIDE * SIDE - 2, SIDE * SIDE - 1, "alley")]


def _road(name: str, start: int, end: int, road_class: str = "secondary") -> Road:
    line = np.array([_lon_lat(start), _lon_lat(end)])
    return Road(f"R{start}-{end}", name, name, road_class, False, False, start, end, line)  # type: ignore[arg-type]


def _lon_lat(node: int) -> tuple[float, float]:
    return LON + node % SIDE * STEP_DEG, LAT + node // SIDE * STEP_DEG


def _camera(camera_id: str, at: float) -> Camera:
    return Camera(
        camera_id, f"{camera_id}号", camera_id, LAT + at, LON + at, 90.0, 60.0, 80.0, "street", "", "plaza"
    )


def _unit(unit_id: str, kind: str, travel: str, row: int, column: int) -> UnitSpec:
    lon, lat = _lon_lat(row * SIDE + column)
    return UnitSpec(unit_id, unit_id, unit_id, kind, lat, lon, "", 2, travel, ())  # type: ignore[arg-type]
