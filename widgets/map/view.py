"""Owns which part of the plane is seen: centre, zoom, glides between views, and when the map may fit itself.

Must not paint or know Qt. Zoom 17 is one metre a logical pixel, every step doubles it; at rest the zoom stands on a
level of tiles, four to a zoom, so that tiles are shown pixel for pixel: by hand on every second one, fitted on any.
Screen positions are logical pixels from the top left corner.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

Bounds = tuple[float, float, float, float]
"""left, top, right, bottom in metres on the plane."""

MIN_ZOOM = 9.0
MAX_ZOOM = 20.0
METRE_ZOOM = 17.0
ZOOM_STEP = 0.5
LEVELS_PER_ZOOM = 4
_FIT_MAX_ZOOM = 17.5


def half_step(zoom: float) -> float:
    """The nearest zoom at which the officer's hand leaves the view."""
    return min(MAX_ZOOM, max(MIN_ZOOM, round(zoom / ZOOM_STEP) * ZOOM_STEP))


def level_of(zoom: float) -> int:
    """The level of tiles that is nearest to a zoom."""
    return round(min(MAX_ZOOM, max(MIN_ZOOM, zoom)) * LEVELS_PER_ZOOM)


def zoom_of(level: int) -> float:
    return level / LEVELS_PER_ZOOM


def union_of(points_m: Iterable[tuple[float, float]]) -> Bounds | None:
    """The smallest bounds round all points, None for no point."""
    points = list(points_m)
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def encloses(outer: Bounds, inner: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


@dataclass(frozen=True, slots=True)
class Camera2D:
    """Where the view looks: a centre in metres and a zoom."""

    x_m: float
    y_m: float
    zoom: float


@dataclass(slots=True)
class _Glide:
    start: Camera2D
    end: Camera2D
    started_s: float
    duration_s: float


class Viewport:
    """The seen part of the plane and its glides. Times are seconds of any monotonic clock."""

    def __init__(self) -> None:
        self.width_px = 1
        self.height_px = 1
        self.at = Camera2D(0.0, 0.0, METRE_ZOOM)
        self._glide: _Glide | None = None

    @property
    def zoom(self) -> float:
        return self.at.zoom

    @property
    def px_per_m(self) -> float:
        return 2.0 ** (self.at.zoom - METRE_ZOOM)

    @property
    def target(self) -> Camera2D:
        """Where the view stands when its glide has ended."""
        return self._glide.end if self._glide else self.at

    @property
    def gliding(self) -> bool:
        return self._glide is not None

    def resize(self, width_px: int, height_px: int) -> None:
        self.width_px, self.height_px = max(1, width_px), max(1, height_px)

    def to_screen(self, x_m: float, y_m: float) -> tuple[float, float]:
        scale = self.px_per_m
        return (
            (x_m - self.at.x_m) * scale + self.width_px / 2,
            (y_m - self.at.y_m) * scale + self.height_px / 2,
        )

    def to_plane(self, x_px: float, y_px: float) -> tuple[float, float]:
        return self._to_plane_from(self.at, x_px, y_px)

    def bounds(self, margin_px: float = 0.0) -> Bounds:
        """What is seen, with a margin on every side."""
        return self._bounds_from(self.at, margin_px)

    def target_bounds(self, margin_px: float = 0.0) -> Bounds:
        """What will be seen when the glide has ended."""
        return self._bounds_from(self.target, margin_px)

    def _bounds_from(self, base: Camera2D, margin_px: float) -> Bounds:
        left, top = self._to_plane_from(base, -margin_px, -margin_px)
        right, bottom = self._to_plane_from(base, self.width_px + margin_px, self.height_px + margin_px)
        return left, top, right, bottom

    def pan_px(self, dx_px: float, dy_px: float) -> None:
        """Move the ground by so many pixels, at once."""
        scale = self.px_per_m
        self._glide = None
        self.at = replace(self.at, x_m=self.at.x_m - dx_px / scale, y_m=self.at.y_m - dy_px / scale)

    def zoomed_about(self, steps: float, x_px: float, y_px: float, *, rest: bool = True) -> Camera2D:
        """The view after zooming by steps of ZOOM_STEP while the ground under a pixel stays where it is."""
        base = self.target
        zoom = base.zoom + steps * ZOOM_STEP
        zoom = half_step(zoom) if rest else min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        ground_x_m, ground_y_m = self._to_plane_from(base, x_px, y_px)
        scale = 2.0 ** (zoom - METRE_ZOOM)
        return Camera2D(
            ground_x_m - (x_px - self.width_px / 2) / scale,
            ground_y_m - (y_px - self.height_px / 2) / scale,
            zoom,
        )

    def fitted(self, bounds: Bounds, margin_px: float) -> Camera2D:
        """The view that shows all of these bounds as large as a level of tiles allows."""
        left, top, right, bottom = bounds
        free_width_px = max(1.0, self.width_px - 2 * margin_px)
        free_height_px = max(1.0, self.height_px - 2 * margin_px)
        px_per_m = min(free_width_px / max(1e-9, right - left), free_height_px / max(1e-9, bottom - top))
        level = math.floor((math.log2(px_per_m) + METRE_ZOOM) * LEVELS_PER_ZOOM)
        zoom = min(_FIT_MAX_ZOOM, max(MIN_ZOOM, zoom_of(level)))
        return Camera2D((left + right) / 2, (top + bottom) / 2, zoom)

    def jump(self, to: Camera2D) -> None:
        self._glide = None
        self.at = to

    def glide(self, to: Camera2D, now_s: float, duration_s: float) -> None:
        """Start to move to another view; a duration of 0 is there at once."""
        if duration_s <= 0:
            self.jump(to)
        else:
            self._glide = _Glide(self.at, to, now_s, duration_s)

    def advance(self, now_s: float) -> bool:
        """Carry a glide on; whether the view has moved."""
        glide = self._glide
        if glide is None:
            return False
        part = min(1.0, (now_s - glide.started_s) / glide.duration_s)
        if part >= 1.0:
            self.jump(glide.end)
        else:
            self.at = _between(glide.start, glide.end, 1 - (1 - part) ** 3)
        return True

    def _to_plane_from(self, base: Camera2D, x_px: float, y_px: float) -> tuple[float, float]:
        scale = 2.0 ** (base.zoom - METRE_ZOOM)
        return base.x_m + (x_px - self.width_px / 2) / scale, base.y_m + (y_px - self.height_px / 2) / scale


def _between(start: Camera2D, end: Camera2D, part: float) -> Camera2D:
    """Between two views so that one point of the ground stands still while the zoom runs."""
    zoom = start.zoom + (end.zoom - start.zoom) * part
    if abs(end.zoom - start.zoom) > 1e-9:
        # The centre moves as the pixel size does: linear in metres a pixel.
        first, last = 2.0**-start.zoom, 2.0**-end.zoom
        part = (2.0**-zoom - first) / (last - first)
    return Camera2D(start.x_m + (end.x_m - start.x_m) * part, start.y_m + (end.y_m - start.y_m) * part, zoom)


class FitRule:
    """When the map may fit itself: only as the set of incidents changes, and never while the officer holds the view."""

    def __init__(self) -> None:
        self.locked = False
        self._known: Hashable = None

    def incidents_now(self, members: Hashable) -> bool:
        """Take notice of the incidents there are, by anything that stands for the set; whether to fit now."""
        changed = members != self._known
        self._known = members
        return changed and not self.locked
