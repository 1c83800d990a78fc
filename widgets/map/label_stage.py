"""Owns when labels are planned anew and their drawing. Must not decide where one stands: that is label_plan.py.

A plan holds for a zoom and an area larger than the screen, so a pan costs nothing. Where only things on the map have
changed, a new plan is begun as often as one part in twenty of the time allows, and so are the labels of moving units:
at once on a calm day, less often when hundreds of changes stream in.
"""

import math
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from app.geo.district import District
from widgets.map import cartography as rules
from widgets.map.carried_labels import LEAST, MOST, CarriedLabels
from widgets.map.dirty import DirtyCells
from widgets.map.fragments import FragmentBatch
from widgets.map.label_plan import (
    MOST_INCIDENTS_TRIED,
    MOST_UNITS_TRIED,
    Area,
    Crowd,
    Labeller,
    Placed,
    StillNames,
    area_round,
    boxes_of,
    overlapped,
)
from widgets.map.label_sides import ALONG, Box, encloses, whole
from widgets.map.labels import Label, LabelSprites, Occupancy
from widgets.map.marks import UnitMark
from widgets.map.near import NearSlots
from widgets.map.placement import Placement
from widgets.map.point_layer import Slots
from widgets.map.scene import Scene
from widgets.map.static_names import StaticNames
from widgets.map.unit_looks import UnitLooks
from widgets.style import tokens

_TIME_SHARE = 20
_STAGE_S = 0.1  # names that are still being set come in groups: each coming costs a look at all
_CLEAR_S = 1.0  # a label that something has driven under moves out of the way so often at most
_INCIDENT_HALF_PX = {1: 18, 2: 17, 3: 14, 4: 13}
_CROWD = 300
_FULL = 0.7
_CHOSEN_FIRST = -1  # before every priority: see marks.IncidentMark.order

Boxes = npt.NDArray[np.int32]
_NO_BOXES: Boxes = np.zeros((0, 4), dtype=np.int32)


class LabelStage:
    """The labels of one map. `due` says that labels have fallen behind and want another frame."""

    def __init__(self, scene: Scene, dpr: float, unit_text: Callable[[UnitMark], str]) -> None:
        self._scene = scene
        self.sprites = LabelSprites(dpr)
        self.labeller = Labeller(self.sprites)
        self.names: StaticNames | None = None
        self.due = False
        self.stale_seen = False
        self.opacity: dict[str, float] = {}
        self.extra_names: StillNames | None = None
        self.glass: Callable[[], Boxes] = lambda: _NO_BOXES
        """What stands over the map, boxes on the plane."""
        self.crowd_drawn: Callable[[], Slots | None] | None = None
        """Those units of a crowd that are drawn; None while all are."""
        self._unit_text = unit_text
        self._batch = FragmentBatch()
        self._key: tuple[object, ...] = ()
        self._area: Area | None = None
        self._things_key: tuple[object, ...] = ()
        self._units_key: tuple[object, ...] = ()
        self._near = NearSlots(scene.incidents)
        self._looks = UnitLooks(scene.units)
        self._scale = 0.0
        self._carried: CarriedLabels | None = None
        self._spent_s = self._next_s = self._units_next_s = 0.0
        self._clear_s = 0.0
        self._unhurried = False
        self._unstaged = self._behind = False
        self._stage_next_s = 0.0
        self._standing: list[Label] = []
        self._drawn_rows: Boxes = np.zeros((0, 5), dtype=np.int32)
        self._under = _Drawn([])
        self._over = _Drawn([])

    @property
    def working(self) -> bool:
        """Whether `work` has something to do."""
        return not self.labeller.complete

    def drawn(self) -> list[Label]:
        """Every label on the map but those that the edge of the screen would cut, positions on the plane."""
        columns = self._under, self._over
        return [
            label
            for column in columns
            for label, whole in zip(column.labels, column.whole.tolist(), strict=True)
            if whole
        ]

    def forget(self) -> None:
        """Plan everything anew: another language, layer or district."""
        self._key = ()

    def renew(self, dpr: float) -> None:
        """Other colours, sizes or resolution: nothing that stands has a picture any more."""
        self.sprites.renew(dpr)
        if self.names is not None:
            self.names.forget_sprites()
        self._drop_void()
        self.forget()

    def take_time(self) -> None:
        """For a print: every unit has its turn, however long that takes."""
        self._unhurried = True
        self.labeller.units_s = math.inf

    def renew_names(self, district: District) -> None:
        """Another district or language; what names are shown stays as it was."""
        shown = self.names.shown if self.names is not None else None
        self.names = StaticNames(district, self._scene.projection, self.sprites)
        self.names.shown = shown or self.names.shown

    def place(self, at: Placement, obstacles: Callable[[], Boxes]) -> None:
        """Bring the labels to a view; `obstacles` gives boxes of symbols on the plane when a new plan needs them."""
        self.labeller.seen = (*at.origin_px, *at.size_px)
        if self._carry(at):
            self.due = True
        else:
            late = self._begin_plan(at, obstacles)
            late = self._plan_units(at) or late
            self.due = late
            if self._unstaged:
                self._restage()
            self._drop_void()
        self._keep_whole()

    def _carry(self, at: Placement) -> bool:
        """While the zoom is on its way the labels that stand go with what they name; whether it is."""
        on_its_way = at.scale != self._scale
        self._scale = at.scale
        area = self._area
        if not on_its_way or area is None or at.scale == area.scale or not self._may_carry(at, area):
            self._carried = None
            return False
        if time.perf_counter() >= self._units_next_s:
            self._plan_units(at)
        if self._unstaged:
            self._restage()
        if self._carried is None:
            self._carried = CarriedLabels([*self._over.labels, *self._under.labels], area.scale, self._anchor)
        boxes, shown = self._carried.at(at.scale)
        over = len(self._over.labels)
        self._over.move(boxes[:over], shown[:over])
        self._under.move(boxes[over:], shown[over:])
        return True

    def _may_carry(self, at: Placement, area: Area) -> bool:
        is_current = self._key == (area.scale, self.sprites.sheet.generation)
        return is_current and LEAST < at.scale / area.scale < MOST

    def _anchor(self, label: Label) -> tuple[float, float] | None:
        layer = self._scene.layer(label.layer.removesuffix("s")) if label.key else None
        slot = layer.slot(label.key) if layer is not None else None
        return None if layer is None or slot is None else (float(layer.x_m[slot]), float(layer.y_m[slot]))

    def work(self, until_s: float) -> None:
        """Plan and paint labels until then (seconds of the performance counter)."""
        began_s = time.perf_counter()
        self._behind = self.labeller.go_on(until_s) or self._behind
        self._drop_void()
        now_s = time.perf_counter()
        if self._behind and (self.labeller.complete or now_s >= self._stage_next_s):
            self._behind, self._unstaged, self.due = False, True, True
            self._stage_next_s = now_s + _STAGE_S
        self._spent_s += now_s - began_s
        if self.labeller.complete:
            self._next_s = now_s + self._spent_s * _TIME_SHARE

    def changes(self, origin_px: tuple[int, int], *, all_painted: bool) -> Boxes:
        """Boxes on the screen of the labels that came or went since the last call; none when all is painted anyway.

        What counts is where each was last drawn, which is not where it was planned while it was carried.
        """
        before, self._drawn_rows = self._drawn_rows, np.concatenate([self._under.rows(), self._over.rows()])
        if all_painted or np.array_equal(before, self._drawn_rows):
            return _NO_BOXES
        changed = set(map(tuple, before.tolist())) ^ set(map(tuple, self._drawn_rows.tolist()))
        return _on_screen(np.array(sorted(changed), dtype=np.int32).reshape(-1, 5)[:, 1:], origin_px)

    def draw_under(self, painter: QPainter, origin_px: tuple[int, int], cells: DirtyCells) -> None:
        """The labels of what lies still, which stand under the symbols."""
        self._draw(self._under, painter, origin_px, cells)

    def draw_over(self, painter: QPainter, origin_px: tuple[int, int], cells: DirtyCells) -> None:
        """The labels of incidents and units, which stand over the symbols of others."""
        self._draw(self._over, painter, origin_px, cells)

    def _begin_plan(self, at: Placement, obstacles: Callable[[], Boxes]) -> bool:
        """Begin a plan where there is none for the view, or none of what stands there now; whether that must wait."""
        area, scene = self.labeller.plan.area, self._scene
        key = (at.scale, self.sprites.sheet.generation)
        standing = scene.incidents.revision, scene.clustered_revision, scene.cameras.revision
        things = (standing, len(scene.units), scene.selected, scene.chosen_incident, self._covered(at))
        fresh = area is not None and key == self._key and self._area_covers(at)
        unchanged = things == self._things_key
        if fresh and unchanged and not self._hampered(at, obstacles):
            return False
        next_s = self._clear_s if unchanged else self._next_s
        if fresh and (self.working or time.perf_counter() < next_s):
            return True
        if self.sprites.sheet.fullness > _FULL:
            self._make_room()
        self._area = area = area_round(at.zoom, at.scale, at.origin_px, at.size_px, self.sprites.dpr)
        self.labeller.begin(area, self._crowd(area), obstacles(), self)
        self._key, self._things_key, self._units_key = key, things, ()
        self._spent_s = 0.0
        self._clear_s = time.perf_counter() + _CLEAR_S
        return False

    def _covered(self, at: Placement) -> bytes:
        """What stands over the map, wherever the view is: when it goes, what it kept away may come back."""
        boxes = self.glass().copy()
        boxes[:, :2] -= np.array(at.origin_px, dtype=np.int32)
        return boxes.tobytes()

    def placing(self, area: Area, occupied: Occupancy) -> Iterator[Placed | None]:
        """All names of what lies still: what officers have drawn and planned before what was always there."""
        for names in (self.extra_names, self.names):
            if names is not None:
                yield from names.placing(area, occupied)

    def _hampered(self, at: Placement, obstacles: Callable[[], Boxes]) -> bool:
        """Whether a label has to move: a symbol has come under it, or the view's edge cuts it."""
        if self.working:
            return False
        seen = (*at.origin_px, *at.size_px)
        labels = [label for label in self.labeller.plan.incidents if not label.pressed]
        is_other_view = self._area is not None and self._area.seen != seen
        if is_other_view and self.labeller.may_turn(seen):
            return True
        if any(self._is_cut(label, seen) for label in labels):
            return True
        if not labels:
            return False
        boxes, symbols = boxes_of(labels), obstacles()
        return len(symbols) > 0 and bool(overlapped(boxes, symbols).any())

    def _is_cut(self, label: Label, seen: Box) -> bool:
        box = label.left_px, label.top_px, label.width_px, label.height_px
        area, slot = self._area, self._scene.incidents.slot(label.key)
        if area is None or slot is None or encloses(seen, box):
            return False
        layer, margin = self._scene.incidents, 2 * self.sprites.dpr * tokens().px(_INCIDENT_HALF_PX[1])
        x_px, y_px = float(layer.x_m[slot]) * area.scale, float(layer.y_m[slot]) * area.scale
        # Only where the symbol itself stands well on the screen has the label anywhere to go.
        return (
            seen[0] + margin < x_px < seen[0] + seen[2] - margin
            and seen[1] + margin < y_px < seen[1] + seen[3] - margin
            and area.seen != seen
        )

    def _area_covers(self, at: Placement) -> bool:
        return self._area is not None and self._area.covers(at.origin_px, at.size_px)

    def _make_room(self) -> None:
        plan = self.labeller.plan
        self.sprites.sheet.keep_only(
            {label.sprite for label in (*self._standing, *plan.incidents, *plan.still, *plan.units)}
        )

    def _drop_void(self) -> None:
        """Painting a label may begin the sheet anew, which voids every plan."""
        if self.labeller.generation not in (-1, self.sprites.sheet.generation):
            self.labeller.forget()
            self.labeller.generation = -1
            self._key = ()
            self.due = True
            self._restage()

    def _plan_units(self, at: Placement) -> bool:
        """Plan the units' labels when they have moved and it is their turn; whether they must wait for it."""
        area, layer = self.labeller.plan.area, self._scene.units
        if area is None:
            return False
        shown = at.zoom >= rules.UNIT_LABELS_FROM_ZOOM and layer.visible
        slots = self._nameable() if shown else np.zeros(0, dtype=np.int64)
        x_px = np.rint(layer.x_m[slots] * area.scale).astype(np.int32)
        y_px = np.rint(layer.y_m[slots] * area.scale).astype(np.int32)
        key = (layer.revision, shown, x_px.tobytes(), y_px.tobytes())
        moved = key != self._units_key or not self.labeller.units_complete
        # The age of a stale fix counts up though nothing moves.
        if not (moved or self._unstaged or self.stale_seen):
            return False
        now_s = time.perf_counter()
        if now_s < self._units_next_s and not self._unstaged and not self._unhurried:
            return moved
        inside = (
            (x_px > area.left_px)
            & (x_px < area.left_px + area.width_px)
            & (y_px > area.top_px)
            & (y_px < area.top_px + area.height_px)
        )
        slots, x_px, y_px = slots[inside], x_px[inside], y_px[inside]
        self.stale_seen = self._looks.any_stale(slots)
        first = self._looks.at_work_first(slots, MOST_UNITS_TRIED)
        symbols = self._looks.boxes(slots, x_px, y_px, self.sprites.dpr)
        self.labeller.plan_units(self._unit_places(slots[first], x_px[first], y_px[first]), symbols)
        self._units_key, self._unstaged = key, True
        done_s = time.perf_counter()
        self._units_next_s = done_s + (done_s - now_s) * _TIME_SHARE
        return not self.labeller.units_complete

    def _nameable(self) -> Slots:
        """All units; of a crowd those that are drawn: a name beside nothing would tell of nobody."""
        drawn = self.crowd_drawn() if self.crowd_drawn is not None else None
        return np.flatnonzero(self._scene.units.alive) if drawn is None else drawn

    def _unit_places(
        self, slots: npt.NDArray[np.int64], x_px: Boxes, y_px: Boxes
    ) -> list[tuple[UnitMark, int, int, str]]:
        places = zip(slots.tolist(), x_px.tolist(), y_px.tolist(), strict=True)
        marks = [(self._scene.units.marks[slot], x, y) for slot, x, y in places]
        return [(mark, x, y, self._unit_text(mark)) for mark, x, y in marks if mark is not None]

    def _crowd(self, area: Area) -> Crowd:
        """The most urgent incidents of an area; where there are very many, only their symbols are kept clear."""
        layer = self._scene.incidents
        slots = self._near.of(area.bounds) if layer.visible else np.zeros(0, dtype=np.int64)
        slots = self._scene.by_themselves(slots)
        order = layer.order[slots]
        chosen = layer.slot(self._scene.chosen_incident)
        order[slots == (-1 if chosen is None else chosen)] = _CHOSEN_FIRST
        named = slots[np.argsort(order, kind="stable")[:MOST_INCIDENTS_TRIED]]
        kept_clear = named if len(slots) > _CROWD else slots
        marks = [
            (layer.marks[slot], float(layer.x_m[slot]), float(layer.y_m[slot])) for slot in named.tolist()
        ]
        return Crowd(
            [(mark, x_m, y_m) for mark, x_m, y_m in marks if mark is not None],
            np.concatenate([self._symbol_boxes(kept_clear, area), self.glass()]),
            self._scene.chosen_incident,
        )

    def _symbol_boxes(self, slots: npt.NDArray[np.int64], area: Area) -> Boxes:
        layer = self._scene.incidents
        half = np.rint(self._half_of_look()[layer.look[slots]] * self.sprites.dpr)
        x_px, y_px = layer.x_m[slots] * area.scale, layer.y_m[slots] * area.scale
        boxes = np.column_stack([x_px - half, y_px - half, 2 * half, 2 * half])
        return np.rint(boxes).astype(np.int32)

    def _half_of_look(self) -> npt.NDArray[np.float64]:
        looks = self._scene.incidents.looks
        halves = [tokens().px(_INCIDENT_HALF_PX.get(mark.priority, _INCIDENT_HALF_PX[4])) for mark in looks]
        return np.array(halves, dtype=np.float64)

    def _restage(self) -> None:
        self._unstaged = self._behind = False
        self._carried = None
        under, over = self.labeller.still_standing(), self.labeller.over_symbols()
        self._standing = [*under, *over]
        self._under, self._over = _Drawn(under), _Drawn(over)
        self._keep_whole()

    def _keep_whole(self) -> None:
        if self.labeller.seen is not None:
            self._under.keep_whole(self.labeller.seen)
            self._over.keep_whole(self.labeller.seen)

    def _draw(
        self, drawn: "_Drawn", painter: QPainter, origin_px: tuple[int, int], cells: DirtyCells
    ) -> None:
        if not len(drawn.boxes):
            return
        boxes = _on_screen(drawn.boxes, origin_px)
        standing = drawn.shown & drawn.whole
        seen = standing if cells.whole else cells.touched(boxes) & standing
        sheet, boxes = self.sprites.sheet, boxes[seen]
        sources = sheet.sources[drawn.sprites[seen]]
        opacity = np.array([self.opacity.get(layer, 1.0) for layer in drawn.layers])[drawn.layer_of[seen]]
        self._batch.draw(painter, sheet.pixmap, boxes[:, 0], boxes[:, 1], sources, opacity)


class _Drawn:
    """Labels as columns: boxes on the plane, and sprites; `whole` are those that no edge of the screen cuts."""

    __slots__ = ("_along", "boxes", "labels", "layer_of", "layers", "shown", "sprites", "whole")

    def __init__(self, labels: list[Label]) -> None:
        self.labels = list(labels)  # those of a plan grow while it is shown
        self.boxes = boxes_of(labels)
        self.shown = np.ones(len(labels), dtype=bool)
        self.whole = self.shown
        self._along = np.array([label.side == ALONG for label in labels], dtype=bool)
        self.sprites = np.array([label.sprite for label in labels], dtype=np.int32)
        self.layers = list(dict.fromkeys(label.layer for label in labels))
        number = {layer: place for place, layer in enumerate(self.layers)}
        self.layer_of = np.array([number[label.layer] for label in labels], dtype=np.intp)

    def rows(self) -> Boxes:
        """(n, 5) of what is seen: sprite, left, top, width, height on the plane."""
        return np.column_stack([self.sprites, self.boxes])[self.shown & self.whole]

    def keep_whole(self, seen: Box) -> None:
        """A road's name goes on beyond the edge as the road does; any other is whole or not there."""
        self.whole = whole(self.boxes, seen) | self._along

    def move(self, boxes: Boxes, shown: npt.NDArray[np.bool_]) -> None:
        """Elsewhere for a frame; what is planned anew comes in another one."""
        self.boxes, self.shown = boxes, shown


def _on_screen(boxes: Boxes, origin_px: tuple[int, int]) -> Boxes:
    moved = boxes.copy()
    moved[:, :2] -= np.array(origin_px, dtype=np.int32)
    return moved
