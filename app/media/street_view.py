"""How a street looks from a camera on a pole: perspective, and the still picture behind everything that moves.

Owns `View` (street coordinates to pixels) and `paint_still`. Must not know time but as daylight 0 to 1.

Street coordinates in metres: `along` the street away from the camera, `across` it to the right, `up`. Pictures are
painted twice as large as wanted and averaged, rays against the ground and against the two rows of houses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.media.frames import Picture

Grid = npt.NDArray[np.float32]
Canvas = npt.NDArray[np.float32]
"""(rows, columns, 3), blue-green-red, 0 to 255."""

Flags = npt.NDArray[np.bool_]

FAR_M = 400.0
HAZE_M = 230.0
FLOOR_M = 3.2
OVERSAMPLING = 2
_NO_BED = (0.0, 0.0, 0.0)


def _pigment(*parts: object) -> Canvas:
    return np.array(parts, dtype=np.float32)


# Pigments of the test picture at noon, blue-green-red. They imitate a street and dress no widget.
ASPHALT = _pigment(92, 90, 86)
PAVING = _pigment(146, 152, 156)
KERB = _pigment(172, 176, 178)
MARKING = _pigment(210, 218, 220)
YELLOW_LINE = _pigment(92, 178, 214)
GRASS = _pigment(84, 112, 94)
SKY_TOP = _pigment(214, 190, 160)
SKY_LOW = _pigment(222, 214, 204)
GLASS = _pigment(112, 98, 84)
LIT_GLASS = _pigment(120, 196, 240)
LEAF = _pigment(72, 102, 76)
BARK = _pigment(58, 68, 76)
NIGHT = _pigment(0.34, 0.24, 0.2)
LAMP = _pigment(0.18, 0.28, 0.35)
FACADES = _pigment(
    (168, 182, 192), (150, 164, 182), (176, 176, 172), (138, 152, 172), (186, 196, 202), (128, 140, 150)
)


@dataclass(frozen=True, slots=True)
class Street:
    """What stands where; made from a seed by `street_of`."""

    half_width_m: float
    lanes_m: tuple[float, ...]
    crossing_m: float
    tiled: bool
    houses_m: float
    bed: tuple[float, float, float]
    """A planted bed on a square: along, across, radius; in metres."""
    tree_gap_m: float
    seed: int


@dataclass(frozen=True, slots=True)
class View:
    """A camera over a street: `height_m` above it, `offset_m` right of its middle, turned by `yaw` radians."""

    width_px: int
    height_px: int
    height_m: float
    offset_m: float
    yaw: float
    horizon: float
    """Share of the picture that lies above the horizon."""

    @property
    def focal_px(self) -> float:
        return self.width_px * 0.92

    @property
    def horizon_px(self) -> float:
        return self.height_px * self.horizon

    def scaled(self, factor: int) -> View:
        return View(
            self.width_px * factor,
            self.height_px * factor,
            self.height_m,
            self.offset_m,
            self.yaw,
            self.horizon,
        )

    def project(self, along_m: float, across_m: float, up_m: float) -> tuple[float, float, float]:
        """(x px, y px, depth m) of a point of the street; depth under 1 is at or behind the camera."""
        right_m = across_m - self.offset_m
        sine, cosine = math.sin(self.yaw), math.cos(self.yaw)
        depth_m = max(0.01, along_m * cosine - right_m * sine)
        x_m = along_m * sine + right_m * cosine
        scale = self.focal_px / depth_m
        return self.width_px / 2 + x_m * scale, self.horizon_px + (self.height_m - up_m) * scale, depth_m


def street_of(seed: int, group: str) -> Street:
    """A believable street for a camera: wide at a crossing, narrow at a gate, a tiled square on a plaza."""
    rng = np.random.default_rng(seed)
    tree_gap_m = float(rng.uniform(8, 13))
    if group == "plaza":
        bed = (float(rng.uniform(24, 44)), float(rng.uniform(-8, 8)), float(rng.uniform(3, 8)))
        return Street(16.0, (), 0.0, True, float(rng.uniform(20, 34)), bed, tree_gap_m, seed)
    if group == "compound":
        return Street(3.6, (1.8, -1.8), 0.0, False, 9.0 + float(rng.uniform(0, 2)), _NO_BED, tree_gap_m, seed)
    wide = bool(rng.random() < 0.6)
    lanes = (1.7, 5.1, -1.7, -5.1) if wide else (1.8, -1.8)
    return Street(
        7.0 if wide else 3.8,
        lanes,
        float(rng.uniform(19, 30)),
        False,
        14.0 + float(rng.uniform(0, 4)),
        _NO_BED,
        tree_gap_m,
        seed,
    )


def view_of(seed: int, width_px: int, height_px: int) -> View:
    """Where the pole stands: the same for every size of tile."""
    rng = np.random.default_rng(seed + 1)
    return View(
        width_px,
        height_px,
        float(rng.uniform(4.6, 8.0)),
        float(rng.uniform(-4.0, 4.0)),
        float(rng.uniform(-0.32, 0.32)),
        float(rng.uniform(0.2, 0.36)),
    )


def paint_still(street: Street, view: View, daylight: float) -> tuple[Picture, npt.NDArray[np.float32]]:
    """(picture, depth in metres per pixel) of everything that does not move. Takes some ten milliseconds."""
    large = view.scaled(OVERSAMPLING)
    scene = _Scene(street, large, daylight)
    scene.paint_sky()
    scene.paint_ground()
    scene.paint_houses()
    scene.paint_trees()
    scene.light()
    picture = np.full((view.height_px, view.width_px, 4), 255, dtype=np.uint8)
    picture[..., :3] = _averaged(scene.canvas).clip(0, 255)
    return picture, np.ascontiguousarray(scene.depth_m[::OVERSAMPLING, ::OVERSAMPLING])


def _averaged(canvas: Canvas) -> Canvas:
    rows, columns, n = canvas.shape[0] // OVERSAMPLING, canvas.shape[1] // OVERSAMPLING, OVERSAMPLING
    return np.asarray(canvas.reshape(rows, n, columns, n, 3).mean(axis=(1, 3)), dtype=np.float32)


class _Scene:
    """The canvas while it is painted, far things first; `depth_m` is how far away each pixel is."""

    def __init__(self, street: Street, view: View, daylight: float) -> None:
        self.street, self.view, self.daylight = street, view, daylight
        self.rng = np.random.default_rng(street.seed + 2)
        shape = (view.height_px, view.width_px)
        self.canvas: Canvas = np.zeros((*shape, 3), dtype=np.float32)
        self.glow: Grid = np.zeros(shape, dtype=np.float32)
        self.depth_m: Grid = np.full(shape, FAR_M, dtype=np.float32)
        self._on_ground: Flags = np.zeros(shape, dtype=bool)
        x = (np.arange(view.width_px, dtype=np.float32) - view.width_px / 2) / view.focal_px
        y = (np.arange(view.height_px, dtype=np.float32) - view.horizon_px) / view.focal_px
        self._x, self._down = np.meshgrid(x, y)
        sine, cosine = math.sin(view.yaw), math.cos(view.yaw)
        self._along = cosine + self._x * sine
        self._across = self._x * cosine - sine

    def paint_sky(self) -> None:
        rows = np.arange(self.view.height_px, dtype=np.float32)
        share = np.clip(rows / max(1.0, self.view.horizon_px), 0, 1)[:, None, None]
        self.canvas[:] = (1 - share) * SKY_TOP + share * SKY_LOW

    def paint_ground(self) -> None:
        depth_m = self.view.height_m / np.maximum(self._down, np.float32(1e-4))
        ground = (self._down > 0) & (depth_m < FAR_M)
        along, across = depth_m * self._along, depth_m * self._across + self.view.offset_m
        colors = self._square(along, across) if self.street.tiled else self._road(along, across)
        self._put(ground, colors * self._grain(depth_m.shape), depth_m)
        self._on_ground = ground

    def _grain(self, shape: tuple[int, ...]) -> Canvas:
        grain = self.rng.random((*shape, 1), dtype=np.float32)
        grain -= 0.5
        grain *= 0.1
        grain += 1.0
        return grain

    def _square(self, along: Grid, across: Grid) -> Canvas:
        joints = ((along % 1.6) < 0.09) | ((across % 1.6) < 0.09)
        bands = ((along if self.street.seed % 2 else across) % 9.6) < 1.6
        bed_along, bed_across, radius = self.street.bed
        reach = np.hypot(along - bed_along, across - bed_across)
        colors = np.where(bands[..., None], KERB, PAVING)
        colors[joints] *= 0.88
        colors[reach < radius] = KERB
        colors[reach < radius * 0.87] = GRASS
        return colors

    def _road(self, along: Grid, across: Grid) -> Canvas:
        street, side = self.street, np.abs(across)
        colors = np.empty((*along.shape, 3), dtype=np.float32)
        colors[:] = PAVING
        colors[((along % 1.2) < 0.07) | ((across % 1.2) < 0.07)] *= np.float32(0.93)
        colors[(side > street.half_width_m + 0.4) & (side < street.half_width_m + 1.8)] = GRASS
        colors[side < street.half_width_m + 0.35] = KERB
        road = side < street.half_width_m
        colors[road] = ASPHALT
        self._mark_lanes(colors, along, across, road)
        if street.crossing_m:
            self._mark_crossing(colors, along, across)
        return colors

    def _mark_lanes(self, colors: Canvas, along: Grid, across: Grid, road: Flags) -> None:
        dashed = (along % 6.0) < 2.6
        colors[(np.abs(across) < 0.12) & road] = YELLOW_LINE
        if len(self.street.lanes_m) > 2:
            colors[(np.abs(np.abs(across) - 3.4) < 0.1) & dashed & road] = MARKING
        colors[np.abs(np.abs(across) - self.street.half_width_m + 0.5) < 0.08] = MARKING

    def _mark_crossing(self, colors: Canvas, along: Grid, across: Grid) -> None:
        start, side = self.street.crossing_m, np.abs(across)
        junction = (along > start) & (along < start + 13)
        colors[junction & (side < 60)] = ASPHALT
        for zebra in (start - 3.6, start + 13.6):
            stripes = (along > zebra) & (along < zebra + 3) & (side < self.street.half_width_m)
            colors[stripes] = ASPHALT
            colors[stripes & ((across % 1.0) < 0.5)] = MARKING
        stop = (
            (along > start - 5) & (along < start - 4.6) & (across > 0.2) & (side < self.street.half_width_m)
        )
        colors[stop] = MARKING

    def paint_houses(self) -> None:
        for side in (-1.0, 1.0):
            self._paint_row(side)

    def _paint_row(self, side: float) -> None:
        """One row of houses: where each ray meets the plane of their fronts."""
        reach = side * self.street.houses_m - self.view.offset_m
        with np.errstate(divide="ignore", invalid="ignore"):
            distance_m = reach / self._across
        distance_m = np.where((distance_m > 4) & (distance_m < FAR_M), distance_m, FAR_M).astype(np.float32)
        along = distance_m * self._along
        up = self.view.height_m - self._down * distance_m
        block = np.floor(along / 23.0).astype(int) % 64
        heights = self._heights(side)[block]
        gap = (along % 23.0) < self.rng.uniform(1.5, 4.0)
        wall = (distance_m < self.depth_m) & (up > 0) & (up < heights) & (along > 2) & ~gap
        colors, lit = self._facade(along, up, block, side)
        self._put(wall, colors, distance_m)
        self.glow[wall & lit] = 0.8
        self._on_ground &= ~wall

    def _heights(self, side: float) -> npt.NDArray[np.float32]:
        rng = np.random.default_rng(self.street.seed + (11 if side > 0 else 7))
        tallest = 3 if self.street.half_width_m < 4 and rng.random() < 0.4 else 9
        return (rng.integers(2, tallest, 64) * FLOOR_M + 1.0).astype(np.float32)

    def _facade(
        self, along: Grid, up: Grid, block: npt.NDArray[np.int_], side: float
    ) -> tuple[Canvas, Flags]:
        """(colours, what is lit at night)."""
        tones = FACADES * np.float32(0.92 if side > 0 else 0.78)
        colors = tones[(block * 5 + self.street.seed + (3 if side > 0 else 0)) % len(tones)]
        floor, bay = np.floor(up / FLOOR_M).astype(int), np.floor(along / 2.9).astype(int)
        window = (
            ((up % FLOOR_M) > 1.0) & ((up % FLOOR_M) < 2.5) & ((along % 2.9) > 0.7) & ((along % 2.9) < 2.2)
        )
        shop = (up < 2.9) & ((along % 5.8) > 0.5) & (up > 0.4)
        colors[window | shop] = GLASS
        lit = (window | shop) & (((floor * 7 + bay * 13 + self.street.seed) % 5) < 2)
        colors[lit] = GLASS * self.daylight + LIT_GLASS * (1 - self.daylight)
        return colors, lit

    def paint_trees(self) -> None:
        lane = self.street.half_width_m + 1.1
        for number in range(14, 0, -1):
            for side in (-1.0, 1.0):
                along = 9.0 + number * self.street.tree_gap_m + side
                if not 0 <= along - self.street.crossing_m < 14:
                    self._paint_tree(along, side * lane, number)

    def _paint_tree(self, along_m: float, across_m: float, number: int) -> None:
        x, foot, depth_m = self.view.project(along_m, across_m, 0.0)
        px_per_m = self.view.focal_px / depth_m
        crown_m = 1.7 + 0.5 * ((number * 7 + self.street.seed) % 3)
        self._paint_disc(x, foot - 2.0 * px_per_m, 0.13 * px_per_m, 2.2 * px_per_m, BARK, depth_m)
        self._paint_disc(
            x, foot - 5.2 * px_per_m, crown_m * px_per_m, crown_m * 0.9 * px_per_m, LEAF, depth_m
        )

    def _paint_disc(
        self, x: float, y: float, radius_x: float, radius_y: float, tone: Canvas, depth_m: float
    ) -> None:
        """A ragged disc that is lighter above than below."""
        top, left = max(0, int(y - radius_y)), max(0, int(x - radius_x))
        bottom, right = int(y + radius_y) + 2, int(x + radius_x) + 2
        room = self.canvas[top:bottom, left:right]
        if right <= 0 or bottom <= 0 or not room.size:
            return
        rows = (np.arange(top, top + room.shape[0])[:, None] - y) / max(0.5, radius_y)
        columns = (np.arange(left, left + room.shape[1])[None, :] - x) / max(0.5, radius_x)
        ragged = self.rng.random(room.shape[:2], dtype=np.float32) * 0.33 + 0.72
        inside = (rows**2 + columns**2 < ragged) & (depth_m < self.depth_m[top:bottom, left:right])
        shade = (1.05 - 0.28 * (rows + 1)) * (self.rng.random(room.shape[:2], dtype=np.float32) * 0.25 + 0.85)
        room[inside] = (tone * shade[..., None])[inside]
        self.depth_m[top:bottom, left:right][inside] = depth_m
        self.glow[top:bottom, left:right][inside] = 0
        self._on_ground[top:bottom, left:right][inside] = False

    def light(self) -> None:
        """Haze with the distance, then the evening: everything darker and bluer but what is lit."""
        clear = np.exp(self.depth_m * np.float32(-1 / HAZE_M))[..., None]
        self.canvas -= SKY_LOW
        self.canvas *= clear
        self.canvas += SKY_LOW
        if self.daylight < 1:
            self._darken()

    def _darken(self) -> None:
        day = np.float32(self.daylight)
        tint = day + (1 - day) * (NIGHT + self._lamp_light()[..., None] * LAMP)
        self.canvas *= tint + self.glow[..., None] * (1 - tint)

    def _lamp_light(self) -> Grid:
        """Pools of light under street lamps, on the ground that is near enough to show them."""
        near = self._on_ground & (self.depth_m < 90)
        wave = np.cos(self.depth_m * self._along * np.float32(2 * math.pi / 18.0))
        return np.where(near, 0.5 + 0.5 * wave, np.float32(0))

    def _put(self, where: Flags, colors: Canvas, depth_m: Grid) -> None:
        np.copyto(self.canvas, colors, where=where[..., None])
        np.copyto(self.depth_m, depth_m, where=where)
        self.glow[where] = 0.0
