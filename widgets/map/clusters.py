"""Owns the clusters of one map: who is in one at the present zoom, where each is on the screen, which one was hit.

Must not paint what a cluster looks like (cluster_symbols.py) or say what a click means. Groups hold for half a zoom
level and some room round the view; they are made anew when incidents, zoom or the choice change. Whoever is chosen,
and a new incident of the first priority, never disappears in one; whom its symbol would cover stands as a ring beside.
"""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from widgets.map.cluster_groups import Floats, Ints, grouped, nobody, with_singles
from widgets.map.cluster_symbols import ClusterSymbols, Column, ring_codes
from widgets.map.dirty import DirtyCells
from widgets.map.fan import Symbols
from widgets.map.fragments import FragmentBatch
from widgets.map.marks import IncidentMark
from widgets.map.placement import Placement
from widgets.map.scene import Scene
from widgets.map.sprites import SpriteSheet
from widgets.map.view import MAX_ZOOM, METRE_ZOOM, ZOOM_STEP, Bounds, encloses

CELL_PX = 60.0
"""A cell in logical pixels at a half zoom level: a symbol and some air."""
APART_S = 60.0
"""So long a new incident of the first priority stands by itself."""
_MOST_APART = 100
_ROOM_PX = 340.0
_ROOM_PART = 0.3
_REACH_PX = 20.0
_CLEAR_PX = 25.0
"""Half a chosen symbol with its ring."""
_SPRITES_S = 0.0015

Boxes = npt.NDArray[np.int32]
_NO_ROWS: Boxes = np.zeros((0, 6), dtype=np.int32)
_RING, _TOTAL = 4, 5


class Clusters:
    """Tells the scene which incidents are in a cluster and have no symbol of their own.

    Where clusters are not `wanted` every incident has its own. `complete` is False while pictures are missing. Times
    are seconds of the performance counter.
    """

    def __init__(self, scene: Scene, dpr: float) -> None:
        self._scene = scene
        self.symbols = ClusterSymbols(dpr)
        self.opacity = 1.0
        self.wanted = True
        self.complete = True
        self._apart: dict[str, float] = {}
        self._groups = nobody(0)
        self._slots: Ints = np.zeros(0, dtype=np.int64)
        self._key: tuple[object, ...] = ()
        self._area: Bounds | None = None
        self._priority_of_look: Ints = np.zeros(0, dtype=np.int64)
        self._rings: Column = np.zeros(0, dtype=np.int32)
        self._totals: Column = np.zeros(0, dtype=np.int32)
        self._rows = _NO_ROWS
        self._middles = np.zeros((0, 2))
        self._shown: Ints = np.zeros(0, dtype=np.int64)
        self._batch = FragmentBatch()
        self._rings_drawn = _Drawn(self.symbols.sheet, self.symbols.ring)
        self._totals_drawn = _Drawn(self.symbols.sheet, self.symbols.total)

    def __len__(self) -> int:
        return len(self._groups)

    def keep_apart(self, key: str, now_s: float) -> None:
        """A new incident that must not disappear in a cluster for a while."""
        self._apart[key] = now_s + APART_S
        while len(self._apart) > _MOST_APART:
            del self._apart[next(iter(self._apart))]

    def renew(self, dpr: float) -> None:
        """Other colours, sizes or resolution: what stands has no picture any more."""
        self.symbols.renew(dpr)
        self._key = ()
        self._rows = _NO_ROWS

    # -- placing -----------------------------------------------------------------------------------------------------

    def place(self, at: Placement) -> None:
        """Bring groups and their places to a view."""
        dpr = self.symbols.dpr
        bounds = _bounds(at, 0.0)
        key = self._key_of(at, time.perf_counter())
        if key != self._key or self._area is None or not encloses(self._area, bounds):
            self._key = key
            self._area = _bounds(at, _ROOM_PX * dpr + _ROOM_PART * at.size_px[0])
            self._group(at.zoom, self._area)
        self._stand(at)

    def changes(self, before: Boxes) -> Boxes:
        """Boxes (n, 4) to paint anew against the `rows` from before `place`."""
        if before is self._rows or (before.shape == self._rows.shape and bool((before == self._rows).all())):
            return before[:0, :4]
        gone = {tuple(row) for row in before.tolist()} ^ {tuple(row) for row in self._rows.tolist()}
        return np.array([row[:4] for row in gone], dtype=np.int32).reshape(-1, 4)

    @property
    def rows(self) -> Boxes:
        """(n, 6) left, top, width, height on the screen, and the sprites of ring and total."""
        return self._rows

    @property
    def boxes(self) -> Boxes:
        """(n, 4) left, top, width, height of every cluster on the screen, device pixels."""
        return self._rows[:, :4]

    def draw(self, painter: QPainter, cells: DirtyCells) -> None:
        """Draw the clusters that touch dirty cells; the painter stands in device pixels."""
        if not len(self._rows):
            return
        rows = self._rows[cells.touched(self._rows[:, :4])]
        sheet = self.symbols.sheet
        middle = rows[:, :2] + rows[:, 2:4] // 2
        for column in (_RING, _TOTAL):
            sprites = rows[:, column]
            corner = middle - sheet.anchors[sprites]
            sources = sheet.sources[sprites]
            self._batch.draw(painter, sheet.pixmap, corner[:, 0], corner[:, 1], sources, self.opacity)

    def _key_of(self, at: Placement, now_s: float) -> tuple[object, ...]:
        over = [key for key, until_s in self._apart.items() if until_s <= now_s]
        for key in over:
            del self._apart[key]
        layer = self._scene.incidents
        half_level = round(at.zoom / ZOOM_STEP)
        shown = layer.visible, self.wanted
        return half_level, layer.revision, shown, self._scene.chosen_incident, *self._apart

    def _group(self, zoom: float, area: Bounds) -> None:
        layer = self._scene.incidents
        hidden = np.zeros(len(layer.alive), dtype=bool)
        shown = layer.visible and self.wanted
        slots = self._candidates(area) if shown else np.zeros(0, dtype=np.int64)
        side_m = cell_m(round(zoom / ZOOM_STEP) * ZOOM_STEP)
        self._slots = slots
        x_m, y_m, priority = layer.x_m[slots], layer.y_m[slots], self._priorities(slots)
        groups = grouped(x_m, y_m, priority, side_m)
        alone = np.flatnonzero(groups.group_of < 0)
        covered = alone[self._under_apart(x_m[alone], y_m[alone], side_m * _CLEAR_PX / CELL_PX)]
        self._groups = with_singles(groups, covered, x_m, y_m, priority)
        hidden[slots] = self._groups.group_of >= 0
        self._scene.set_clustered(hidden)
        self._rings = ring_codes(self._groups.counts)
        self._totals = self._groups.counts.sum(axis=1).astype(np.int32)

    def _candidates(self, area: Bounds) -> Ints:
        layer = self._scene.incidents
        left, top, right, bottom = area
        near = layer.alive & (layer.x_m >= left) & (layer.x_m <= right)
        near &= (layer.y_m >= top) & (layer.y_m <= bottom)
        near[self._standing_apart()] = False
        return np.flatnonzero(near)

    def _standing_apart(self) -> list[int]:
        """Slots of those who have their own symbol wherever they stand."""
        slots = (self._scene.incidents.slot(key) for key in (*self._apart, self._scene.chosen_incident))
        return [slot for slot in slots if slot is not None]

    def _under_apart(self, x_m: Floats, y_m: Floats, within_m: float) -> npt.NDArray[np.bool_]:
        """Who would lie under the symbol of one that stands apart."""
        layer, under = self._scene.incidents, np.zeros(len(x_m), dtype=bool)
        for slot in self._standing_apart():
            under |= np.hypot(x_m - layer.x_m[slot], y_m - layer.y_m[slot]) < within_m
        return under

    def _priorities(self, slots: Ints) -> Ints:
        looks = self._scene.incidents.looks[len(self._priority_of_look) :]
        if looks:
            new = np.array([min(4, max(1, mark.priority)) for mark in looks], dtype=np.int64)
            self._priority_of_look = np.concatenate([self._priority_of_look, new])
        return self._priority_of_look[self._scene.incidents.look[slots]]

    def _stand(self, at: Placement) -> None:
        side = self.symbols.side_px
        x_px, y_px = self._clear_of_apart(at.scale)
        self._middles = np.column_stack([x_px, y_px]) / at.scale
        left = np.rint(x_px).astype(np.int32) - at.origin_px[0] - side // 2
        top = np.rint(y_px).astype(np.int32) - at.origin_px[1] - side // 2
        seen = (left > -side) & (left < at.size_px[0]) & (top > -side) & (top < at.size_px[1])
        shown = np.flatnonzero(seen)
        until_s = time.perf_counter() + _SPRITES_S
        rings = self._rings_drawn.of(self._rings[shown], until_s)
        totals = self._totals_drawn.of(self._totals[shown], until_s)
        ready = (rings >= 0) & (totals >= 0)
        self.complete = bool(ready.all())
        shown, rings, totals = shown[ready], rings[ready], totals[ready]
        sides = np.full(len(shown), side, dtype=np.int32)
        self._shown = shown
        self._rows = np.column_stack([left[shown], top[shown], sides, sides, rings, totals]).astype(np.int32)

    def _clear_of_apart(self, scale: float) -> tuple[Floats, Floats]:
        """Pixels of the plane: a cluster gives way to a symbol that stands apart, so that its number can be read."""
        x_px, y_px = self._groups.x_m * scale, self._groups.y_m * scale
        layer, least_px = self._scene.incidents, self.symbols.side_px / 2 + _CLEAR_PX * self.symbols.dpr
        for slot in self._standing_apart():
            dx, dy = x_px - layer.x_m[slot] * scale, y_px - layer.y_m[slot] * scale
            away = np.hypot(dx, dy)
            near = away < least_px
            if near.any():
                dx, away = np.where(away < 1, 1.0, dx), np.maximum(away, 1.0)
                x_px = np.where(near, x_px + dx / away * (least_px - away), x_px)
                y_px = np.where(near, y_px + dy / away * (least_px - away), y_px)
        return x_px, y_px

    def standing_for(self) -> Symbols:
        """Which symbol stands for each incident on the map: its own, or below 0 that of its cluster."""
        layer = self._scene.incidents
        number = np.arange(len(layer.alive))
        x_m, y_m = layer.x_m.copy(), layer.y_m.copy()
        gathered = self._groups.group_of >= 0
        slots, groups = self._slots[gathered], self._groups.group_of[gathered]
        number[slots] = -1 - groups
        x_m[slots], y_m[slots] = self._middles[groups].T
        return Symbols(number, x_m, y_m)

    # -- what is where -----------------------------------------------------------------------------------------------

    def hit_at(self, x_px: float, y_px: float) -> str | None:
        """The key of the cluster under a point of the screen, device pixels."""
        if not len(self._rows):
            return None
        middle = self._rows[:, :2] + self._rows[:, 2:4] / 2
        away = np.hypot(middle[:, 0] - x_px, middle[:, 1] - y_px)
        nearest = int(away.argmin())
        if away[nearest] > _REACH_PX * self.symbols.dpr:
            return None
        return str(int(self._groups.keys[self._shown[nearest]]))

    def members(self, key: str) -> list[IncidentMark]:
        """Who is in a cluster, the most urgent first; nobody when it is no more."""
        index = self._index(key)
        if index is None:
            return []
        layer = self._scene.incidents
        slots = self._slots[self._groups.group_of == index]
        slots = slots[np.argsort(layer.order[slots], kind="stable")]
        return [mark for slot in slots.tolist() if (mark := layer.marks[slot]) is not None]

    def counts(self, key: str) -> tuple[int, ...]:
        """How many of each priority, the first to the fourth; () when it is no more."""
        index = self._index(key)
        return () if index is None else tuple(self._groups.counts[index].tolist())

    def bounds(self, key: str) -> Bounds | None:
        """The box round the members in metres."""
        x_m, y_m = self._places(key)
        if not len(x_m):
            return None
        return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())

    def opening_zoom(self, key: str, zoom: float) -> float | None:
        """The least half level above a zoom at which the cluster is no longer one; None when it never opens."""
        x_m, y_m = self._places(key)
        priority = np.ones(len(x_m), dtype=np.int64)
        for half_level in range(round(zoom / ZOOM_STEP) + 1, round(MAX_ZOOM / ZOOM_STEP) + 1):
            groups = grouped(x_m, y_m, priority, cell_m(half_level * ZOOM_STEP))
            if len(groups) != 1 or bool((groups.group_of < 0).any()):
                return half_level * ZOOM_STEP
        return None

    def _index(self, key: str) -> int | None:
        found = np.flatnonzero(self._groups.keys == int(key))
        return int(found[0]) if len(found) else None

    def _places(self, key: str) -> tuple[Floats, Floats]:
        index = self._index(key)
        slots = self._slots[self._groups.group_of == index] if index is not None else self._slots[:0]
        return self._scene.incidents.x_m[slots], self._scene.incidents.y_m[slots]


class _Drawn:
    """Sprite numbers by code, painted when a code is first seen and there is time."""

    def __init__(self, sheet: SpriteSheet, paint: Callable[[int], int]) -> None:
        self._sheet = sheet
        self._paint = paint
        self._known: dict[int, int] = {}
        self._generation = sheet.generation

    def of(self, codes: Column, until_s: float) -> Column:
        """Sprite numbers; -1 for what must wait."""
        if self._generation != self._sheet.generation:
            self._known.clear()
            self._generation = self._sheet.generation
        unique, inverse = np.unique(codes, return_inverse=True)
        found = [self._number(code, until_s) for code in unique.tolist()]
        return np.array(found, dtype=np.int32)[inverse] if found else codes[:0]

    def _number(self, code: int, until_s: float) -> int:
        known = self._known.get(code)
        if known is None:
            if time.perf_counter() > until_s:
                return -1
            known = self._known[code] = self._paint(code)
        return known


def _bounds(at: Placement, room_px: float) -> Bounds:
    left, top = (at.origin_px[0] - room_px) / at.scale, (at.origin_px[1] - room_px) / at.scale
    width, height = (at.size_px[0] + 2 * room_px) / at.scale, (at.size_px[1] + 2 * room_px) / at.scale
    return left, top, left + width, top + height


def cell_m(zoom: float) -> float:
    """The side of a cell in metres at a zoom."""
    return float(CELL_PX / 2.0 ** (zoom - METRE_ZOOM))
