"""A made-up city for the map's bench: grids side by side, symbols that all move, nothing else.

Owns what stands where and how it moves from frame to frame. Must not paint or measure.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from app.geo.district import District, Grid, Place
from app.geo.geojson import Ring
from app.geo.surface import Surface
from app.i18n import tr
from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.projection import Projection

COLUMNS, ROWS, SIDE_M = 50, 40, 32.0
CODE = "310198006"
CENTRE_LAT, CENTRE_LON = 31.2206, 121.4766
SEED = 20_261_122
HUBS, HUB_M, GATHERED = 60, 60.0, 0.92
NAMED_HUB_M = 25.0
STEP_M = 8.0
"""A vehicle in a second."""
KINDS = (
    "police",
    "urban_management",
    "joint_patrol",
    "fire",
    "medical",
    "mediator",
    "grid_member",
    "volunteer",
)
TYPES = ("crowd", "fire", "traffic", "fraud", "dispute", "facility")
STATUSES = ("available", "en_route", "on_scene")

Floats = npt.NDArray[np.float64]


class City:
    """`units` is how many move; incidents and cameras stand. Positions are metres east and south of the centre.

    With `names` places the city gathers closer, as towns with open ground between do: there is room to name them.
    """

    def __init__(self, units: int, incidents: int = 0, cameras: int = 0, names: int = 0) -> None:
        self._hub_m, self._gathered = (NAMED_HUB_M, 1.0) if names else (HUB_M, GATHERED)
        self._names = names
        self._random = np.random.default_rng(SEED)
        self.projection = Projection.at(CENTRE_LAT, CENTRE_LON)
        self.half_m = np.array([COLUMNS * SIDE_M / 2, ROWS * SIDE_M / 2])
        places = self._places(units)
        self.heading = self._random.uniform(0, 2 * np.pi, units)
        self.fixed = 0
        self._incidents = self._places(incidents)
        self._cameras = self._places(cameras)
        self.all_at_m = np.concatenate([places, self._incidents, self._cameras])
        """Units, incidents, cameras."""
        self.at_m = self.all_at_m[:units]

    def district(self) -> District:
        half_x, half_y = self.half_m
        return District(
            code=CODE,
            name_zh=tr("bench.city"),
            name_en="Bench City",
            centre_lat=CENTRE_LAT,
            centre_lon=CENTRE_LON,
            utc_offset_min=480,
            boundary=self._box(-half_x, -half_y, half_x, half_y),
            communities=(),
            grids=tuple(self._grid(n % COLUMNS, n // COLUMNS) for n in range(COLUMNS * ROWS)),
            places=tuple(map(self._place, range(self._names))),
            cameras=(),
            units=(),
            surface=lambda: Surface((), (), ()),
        )

    def load(self) -> dict[str, int]:
        """Open items by grid, of every colour."""
        return {
            self.code(n): int(items) for n, items in enumerate(self._random.integers(0, 6, COLUMNS * ROWS))
        }

    def unit_marks(self) -> list[UnitMark]:
        return [self._unit(slot) for slot in range(len(self.at_m))]

    def incident_marks(self) -> list[IncidentMark]:
        return [
            IncidentMark(
                f"i{n}",
                TYPES[n % 6],
                1 + n % 4,
                tr("bench.incident", number=n),
                *self._lat_lon(place),
                "reported",
                n,
            )
            for n, place in enumerate(self._incidents)
        ]

    def camera_marks(self) -> list[CameraMark]:
        return [
            CameraMark(
                f"c{n}", tr("bench.camera", number=n), *self._lat_lon(place), float(n * 37 % 360), 60.0, 80.0
            )
            for n, place in enumerate(self._cameras)
        ]

    def move(self, count: int) -> list[UnitMark]:
        """The next `count` units drive on for a second, round robin; their new fixes."""
        return [self._unit(slot) for slot in self.drive(count).tolist()]

    def drive(self, count: int) -> npt.NDArray[np.int64]:
        """`move` without anybody who is told; who has moved."""
        slots = np.arange(self.fixed, self.fixed + count) % len(self.at_m)
        self.fixed = int(self.fixed + count) % len(self.at_m)
        self.heading[slots] += self._random.normal(0, 0.2, count)
        step = np.column_stack([np.sin(self.heading[slots]), -np.cos(self.heading[slots])]) * STEP_M
        self.at_m[slots] = np.clip(self.at_m[slots] + step, -self.half_m, self.half_m)
        return slots

    @staticmethod
    def code(number: int) -> str:
        return f"{CODE}{number // 1000 + 1:03}{number % 1000:03}"

    def _places(self, count: int) -> Floats:
        """Most gather where the city does, the rest are anywhere."""
        hubs = self._random.uniform(-0.9, 0.9, (HUBS, 2)) * self.half_m
        gathered = hubs[self._random.integers(0, HUBS, count)] + self._random.normal(
            0, self._hub_m, (count, 2)
        )
        anywhere = self._random.uniform(-1, 1, (count, 2)) * self.half_m
        places = np.where(self._random.random((count, 1)) < self._gathered, gathered, anywhere)
        return np.clip(places, -self.half_m, self.half_m)

    def _unit(self, slot: int) -> UnitMark:
        kind, status = KINDS[slot % 8], STATUSES[slot % 3]
        heading_deg = float(np.degrees(self.heading[slot])) % 360
        return UnitMark(
            f"u{slot}",
            kind,
            tr("bench.unit", number=slot),
            *self._lat_lon(self.at_m[slot]),
            status,
            heading_deg,
        )

    def _place(self, number: int) -> Place:
        """Named places side by side, all over the city."""
        columns = math.ceil(math.sqrt(self._names * COLUMNS / ROWS))
        step_m = 2 * self.half_m[0] / columns
        corner = np.array([number % columns + 0.5, number // columns + 0.5]) * step_m
        lat, lon = self._lat_lon(corner - self.half_m)
        return Place(
            f"p{number}", "plaza", tr("bench.place", number=number), f"Plaza {number}", "", "", lat, lon
        )

    def _grid(self, column: int, row: int) -> Grid:
        number = row * COLUMNS + column
        left, top = column * SIDE_M - self.half_m[0], row * SIDE_M - self.half_m[1]
        ring = self._box(left, top, left + SIDE_M, top + SIDE_M)
        return Grid(
            self.code(number), tr("bench.grid", number=number), f"Grid {number}", self.code(number)[:12], ring
        )

    def _box(self, left: float, top: float, right: float, bottom: float) -> Ring:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        return tuple((lon, lat) for lat, lon in (self.projection.to_degrees(x, y) for x, y in corners))

    def _lat_lon(self, place: Floats) -> tuple[float, float]:
        return self.projection.to_degrees(float(place[0]), float(place[1]))
