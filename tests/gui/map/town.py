"""Owns a small town for the map's tests: four grids, a river, crossing roads, some houses. About 1 km square."""

import numpy as np

from app.geo.district import Community, District, Grid, Place
from app.geo.geojson import Ring
from app.geo.surface import Area, Building, Road, Surface

LAT, LON = 31.22, 121.47
_DEGREES_PER_M_LAT = 1 / 110_860
_DEGREES_PER_M_LON = 1 / 95_240
HALF_M = 500.0


def lat_lon(east_m: float, north_m: float) -> tuple[float, float]:
    return LAT + north_m * _DEGREES_PER_M_LAT, LON + east_m * _DEGREES_PER_M_LON


def ring(*corners: tuple[float, float]) -> Ring:
    """A closed ring from metres east and north."""
    return tuple(lat_lon(*corner)[::-1] for corner in (*corners, corners[0]))


def box(left_m: float, bottom_m: float, right_m: float, top_m: float) -> Ring:
    return ring((left_m, bottom_m), (right_m, bottom_m), (right_m, top_m), (left_m, top_m))


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array([lat_lon(*point)[::-1] for point in points])


def _quarter(x: int, y: int) -> Ring:
    return box(x * HALF_M, y * HALF_M, (x + 1) * HALF_M, (y + 1) * HALF_M)


def small_town() -> District:
    code = "310198006"
    quarters = {(-1, -1): "001", (0, -1): "002", (-1, 0): "003", (0, 0): "004"}
    grids = tuple(
        Grid(f"{code}001{number}", f"网格{number}", f"Grid {number}", f"{code}001", _quarter(x, y))
        for (x, y), number in quarters.items()
    )
    roads = tuple(
        Road(f"r{i}", name, f"Road {i}", kind, False, False, 2 * i, 2 * i + 1, line(*points))
        for i, (name, kind, points) in enumerate(
            [
                ("解放路", "primary", [(-600, 0), (600, 0)]),
                ("滨江路", "secondary", [(200, -600), (210, 0), (200, 600)]),
                ("学府路", "tertiary", [(-600, 250), (0, 260), (600, 200)]),
                ("柳巷", "alley", [(-300, -500), (-290, 0)]),
            ]
        )
    )
    houses = tuple(
        Building(
            f"b{x}{y}",
            "residential",
            6,
            "",
            np.array(box(x * 60 - 450, y * 50 - 400, x * 60 - 410, y * 50 - 380)),
        )
        for x in range(10)
        for y in range(6)
    )
    river = Area("water", "明河", "Ming River", np.array(box(350, -500, 450, 500)))
    return District(
        code=code, name_zh="小镇街道", name_en="Small Town", centre_lat=LAT, centre_lon=LON, utc_offset_min=480,
        boundary=box(-HALF_M, -HALF_M, HALF_M, HALF_M),
        communities=(Community(f"{code}001", "小镇社区", "Small Town", box(-HALF_M, -HALF_M, HALF_M, HALF_M)),),
        grids=grids, surface=lambda: Surface(roads, houses, (river,)),
        places=(
            Place("L1", "hospital", "中心医院", "Hospital", grids[0].code, "", *lat_lon(-300, -250)),
            Place("L2", "school", "小学", "School", grids[3].code, "", *lat_lon(150, 320)),
        ),
        cameras=(), units=(),
    )  # fmt: skip
