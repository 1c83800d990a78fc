"""Owns which points of a still layer stand in or near a view, kept up by what changes. Must not know pixels.

The layer is looked through only when the view leaves the area for which that was done; in between the work is that of
the changed slots.
"""

from typing import Any

import numpy as np

from widgets.map.point_layer import PointLayer, Slots
from widgets.map.view import Bounds, encloses, union_of

_MARGIN = 0.3
_WIDE = 4.0


class NearSlots:
    """The slots of one layer near a view. `examined_count` counts the slots that were looked at."""

    def __init__(self, layer: PointLayer[Any]) -> None:
        self._layer = layer
        self._area: Bounds | None = None
        self._revision = -1
        self._near = np.zeros(0, dtype=bool)
        self._slots: Slots = np.zeros(0, dtype=np.int64)
        self.examined_count = 0

    def of(self, bounds: Bounds) -> Slots:
        """Every slot within these bounds in metres, and some around them; ascending."""
        layer = self._layer
        changed = layer.changed_since(self._revision)
        if self._area is None or changed is None or not _fits(self._area, bounds):
            self._area = _grown(bounds)
            self._near = np.zeros(len(layer.alive), dtype=bool)
            self._slots = np.zeros(0, dtype=np.int64)
            changed = np.flatnonzero(layer.alive).tolist()
        self._revision = layer.revision
        if changed:
            self._follow(np.array(changed, dtype=np.int64), self._area)
        return self._slots

    def _follow(self, changed: Slots, area: Bounds) -> None:
        layer = self._layer
        self.examined_count += len(changed)
        missing = len(layer.alive) - len(self._near)
        self._near = np.concatenate([self._near, np.zeros(missing, dtype=bool)]) if missing else self._near
        x_m, y_m = layer.x_m[changed], layer.y_m[changed]
        inside = (x_m >= area[0]) & (y_m >= area[1]) & (x_m <= area[2]) & (y_m <= area[3])
        self._near[changed] = inside & layer.alive[changed]
        self._slots = np.flatnonzero(self._near)


class Extent:
    """The bounds of everything in one layer, widened by what comes, measured anew when its edge goes."""

    def __init__(self, layer: PointLayer[Any]) -> None:
        self._layer = layer
        self._revision = -1
        self._bounds: Bounds | None = None

    def bounds(self) -> Bounds | None:
        """In metres; None for an empty layer."""
        changed = self._layer.changed_since(self._revision)
        self._revision = self._layer.revision
        if changed is None or self._bounds is None or any(map(self._left_the_edge, changed)):
            self._bounds = self._measured()
        elif changed:
            alive = [slot for slot in changed if self._layer.alive[slot]]
            points = [self._place(slot) for slot in alive]
            self._bounds = union_of([self._bounds[:2], self._bounds[2:], *points])
        return self._bounds

    def _left_the_edge(self, slot: int) -> bool:
        x_m, y_m = self._place(slot)
        left, top, right, bottom = self._bounds or (x_m, y_m, x_m, y_m)
        return not self._layer.alive[slot] and (x_m <= left or y_m <= top or x_m >= right or y_m >= bottom)

    def _place(self, slot: int) -> tuple[float, float]:
        return float(self._layer.x_m[slot]), float(self._layer.y_m[slot])

    def _measured(self) -> Bounds | None:
        alive = np.flatnonzero(self._layer.alive)
        if not len(alive):
            return None
        x_m, y_m = self._layer.x_m[alive], self._layer.y_m[alive]
        return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())


def _grown(bounds: Bounds) -> Bounds:
    dx_m, dy_m = (bounds[2] - bounds[0]) * _MARGIN, (bounds[3] - bounds[1]) * _MARGIN
    return bounds[0] - dx_m, bounds[1] - dy_m, bounds[2] + dx_m, bounds[3] + dy_m


def _fits(area: Bounds, bounds: Bounds) -> bool:
    """Whether an area covers these bounds without being far too wide for them."""
    return encloses(area, bounds) and area[2] - area[0] <= _WIDE * (bounds[2] - bounds[0])
