"""Owns when labels are planned anew and their drawing. Must not decide where one stands: that is label_plan.py.

A plan holds for a zoom and an area larger than the screen, so a pan costs nothing. Labels of moving units are planned
as often as one part in twenty of the time allows: every frame for a street's units, less often for hundreds.
"""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from widgets.map import cartography as rules
from widgets.map.dirty import DirtyCells
from widgets.map.fragments import FragmentBatch
from widgets.map.label_plan import Labeller, LabelPlan, area_round, boxes_of
from widgets.map.labels import Label, LabelSprites
from widgets.map.marks import IncidentMark, UnitMark
from widgets.map.placement import Placement
from widgets.map.scene import Scene
from widgets.map.static_names import StaticNames

_STILL_BUDGET_S = 0.004
_UNIT_TIME_SHARE = 20

Boxes = npt.NDArray[np.int32]


class LabelStage:
    """The labels of one map. `due` says that unit labels have fallen behind and want another tick."""

    def __init__(self, scene: Scene, dpr: float, unit_text: Callable[[UnitMark], str]) -> None:
        self._scene = scene
        self.sprites = LabelSprites(dpr)
        self.labeller = Labeller(self.sprites)
        self.names: StaticNames | None = None
        self.due = False
        self.stale_seen = False
        self._unit_text = unit_text
        self._batch = FragmentBatch()
        self._key: tuple[object, ...] = ()
        self._units_key: tuple[object, ...] = ()
        self._units_next_s = 0.0
        self._standing: list[Label] = []
        self._changed: list[Label] = []
        self._under = _Drawn([])
        self._over = _Drawn([])

    @property
    def complete(self) -> bool:
        return self.labeller.plan.complete and not self.due

    def drawn(self) -> list[Label]:
        """Every label on the map, positions on the plane."""
        return list(self._standing)

    def forget(self) -> None:
        """Plan everything anew: another language, layer or district."""
        self._key = ()

    def renew(self, dpr: float) -> None:
        """Other colours, sizes or resolution."""
        self.sprites.renew(dpr)
        if self.names is not None:
            self.names.forget_sprites()
        self.forget()

    def place(self, at: Placement, obstacles: Callable[[], Boxes]) -> None:
        """Bring the labels to a view; `obstacles` gives boxes of symbols on the plane when a new plan needs them."""
        # Painting a label may begin the sheet anew, which voids the plan it was painted for: once more, then.
        for _ in range(2):
            changed = self._plan(at, obstacles)
            if self.labeller.generation == self.sprites.sheet.generation:
                break
        else:
            self.labeller.plan, changed = LabelPlan(), True
        if changed:
            self._restage()

    def changes(self, origin_px: tuple[int, int]) -> Boxes:
        """Boxes on the screen of the labels that came or went with the last `place`."""
        changed, self._changed = self._changed, []
        return _on_screen(boxes_of(changed), origin_px)

    def draw_under(self, painter: QPainter, origin_px: tuple[int, int], cells: DirtyCells) -> None:
        """Everything that stands under the symbols."""
        self._draw(self._under, painter, origin_px, cells)

    def draw_over(self, painter: QPainter, origin_px: tuple[int, int], cells: DirtyCells) -> None:
        """The labels of incidents, which stand over other symbols."""
        self._draw(self._over, painter, origin_px, cells)

    def _plan(self, at: Placement, obstacles: Callable[[], Boxes]) -> bool:
        """Plan what is out of date; whether there was anything."""
        area = self.labeller.plan.area
        scene = self._scene
        obstacles_key = (len(scene.units), scene.units.visible, scene.cameras.revision, scene.cameras.visible)
        key = (at.scale, scene.incidents.revision, self.sprites.sheet.generation, *obstacles_key)
        changed = False
        if area is None or key != self._key or not area.covers(at.origin_px, at.size_px):
            area = area_round(at.zoom, at.scale, at.origin_px, at.size_px, self.sprites.dpr)
            self.labeller.begin(area, self._incident_places(), obstacles(), self.names)
            self._key, self._units_key = key, ()
            changed = True
        if not self.labeller.plan.complete:
            self.labeller.go_on(_STILL_BUDGET_S)
            changed = True
        return self._plan_units(at, still_changed=changed) or changed

    def _plan_units(self, at: Placement, *, still_changed: bool) -> bool:
        """Plan the units' labels when they have moved and it is their turn."""
        area, layer = self.labeller.plan.area, self._scene.units
        if area is None:
            return False
        shown = at.zoom >= rules.UNIT_LABELS_FROM_ZOOM and layer.visible
        slots = np.flatnonzero(layer.alive) if shown else np.zeros(0, dtype=np.int64)
        x_px = np.rint(layer.x_m[slots] * at.scale).astype(np.int32)
        y_px = np.rint(layer.y_m[slots] * at.scale).astype(np.int32)
        key = (layer.revision, x_px.tobytes(), y_px.tobytes())
        # The age of a stale fix counts up though nothing moves.
        moved = key != self._units_key or self.stale_seen
        now_s = time.perf_counter()
        self.due = moved and not still_changed and now_s < self._units_next_s
        if self.due or not (moved or still_changed):
            self.due = self.due and key != self._units_key
            return False
        inside = (
            (x_px > area.left_px)
            & (x_px < area.left_px + area.width_px)
            & (y_px > area.top_px)
            & (y_px < area.top_px + area.height_px)
        )
        self.labeller.plan_units(self._unit_places(slots[inside], x_px[inside], y_px[inside]))
        self._units_key = key
        done_s = time.perf_counter()
        self._units_next_s = done_s + (done_s - now_s) * _UNIT_TIME_SHARE
        return True

    def _unit_places(
        self, slots: npt.NDArray[np.int64], x_px: Boxes, y_px: Boxes
    ) -> list[tuple[UnitMark, int, int, str]]:
        places = zip(slots.tolist(), x_px.tolist(), y_px.tolist(), strict=True)
        marks = [(self._scene.units.marks[slot], x, y) for slot, x, y in places]
        self.stale_seen = any(mark is not None and mark.stale for mark, _, _ in marks)
        return [(mark, x, y, self._unit_text(mark)) for mark, x, y in marks if mark is not None]

    def _incident_places(self) -> list[tuple[IncidentMark, float, float]]:
        layer = self._scene.incidents
        if not layer.visible:
            return []
        return [(mark, float(layer.x_m[slot]), float(layer.y_m[slot])) for slot, mark in layer.items()]

    def _restage(self) -> None:
        under, over = self.labeller.standing(), self.labeller.plan.incidents
        before, self._standing = self._standing, [*under, *over]
        self._under, self._over = _Drawn(under), _Drawn(over)
        old, new = (
            {_key_of(label): label for label in before},
            {_key_of(label): label for label in self._standing},
        )
        self._changed += [old.get(key) or new[key] for key in old.keys() ^ new.keys()]

    def _draw(
        self, drawn: "_Drawn", painter: QPainter, origin_px: tuple[int, int], cells: DirtyCells
    ) -> None:
        if not len(drawn.boxes):
            return
        boxes = _on_screen(drawn.boxes, origin_px)
        seen = cells.touched(boxes)
        sheet, boxes = self.sprites.sheet, boxes[seen]
        sources = sheet.sources[drawn.sprites[seen]]
        self._batch.draw(painter, sheet.pixmap, boxes[:, 0], boxes[:, 1], sources)


class _Drawn:
    """Labels as columns: boxes on the plane, and sprites."""

    __slots__ = ("boxes", "sprites")

    def __init__(self, labels: list[Label]) -> None:
        self.boxes = boxes_of(labels)
        self.sprites = np.array([label.sprite for label in labels], dtype=np.int32)


def _key_of(label: Label) -> tuple[int, int, int]:
    return label.sprite, label.left_px, label.top_px


def _on_screen(boxes: Boxes, origin_px: tuple[int, int]) -> Boxes:
    moved = boxes.copy()
    moved[:, :2] -= np.array(origin_px, dtype=np.int32)
    return moved
