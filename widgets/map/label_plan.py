"""Owns which labels stand where: candidates by kind, alarms first, never one over another. Must not draw them.

Positions are device pixels of the plane at the planned scale, so a pan moves them all without a new plan. Labels of
incidents and of still things are planned in slices of time, and what stood before stands until the new plan is
complete; those of units are planned at once, since units move, and a still label gives way to a unit's.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from widgets.map.label_sides import BELOW_FIRST, RIGHT_FIRST, Box, Sides, whole
from widgets.map.labels import MAX_LABELS, Label, LabelSprites, Occupancy
from widgets.map.marks import IncidentMark, UnitMark
from widgets.map.view import Bounds

Boxes = npt.NDArray[np.int32]
_SPRITES_A_SLICE = 8
_MARGIN_PX = 240
_UNITS_S = 0.002
_MOST_CUTS = 8  # looks in a row that time cut short; then a crowd has those names that it could have
_TURN = 37
_BESIDE_INCIDENT_PX, _BESIDE_CHOSEN_PX, _BESIDE_UNIT_PX = 20, 28, 12

_SHORT_IDEOGRAPHS, _SHORT_LETTERS = 5, 12
_IDEOGRAPHS_FROM = chr(0x2E80)

MOST_INCIDENT_LABELS = 60
MOST_INCIDENTS_TRIED = 150
MOST_UNITS_TRIED = 300


@dataclass(frozen=True, slots=True)
class Area:
    """A scale (device pixels a metre) and the box of the plane, in its pixels, for which a plan holds.

    `seen` is the screen when the plan was begun: labels keep from running over its edge.
    """

    zoom: float
    scale: float
    left_px: int
    top_px: int
    width_px: int
    height_px: int
    seen: Box | None = None

    @property
    def bounds(self) -> Bounds:
        """In metres."""
        left, top = self.left_px / self.scale, self.top_px / self.scale
        return left, top, left + self.width_px / self.scale, top + self.height_px / self.scale

    def covers(self, origin_px: tuple[int, int], size_px: tuple[int, int]) -> bool:
        """Whether a screen lies within."""
        return (
            self.left_px <= origin_px[0]
            and self.top_px <= origin_px[1]
            and origin_px[0] + size_px[0] <= self.left_px + self.width_px
            and origin_px[1] + size_px[1] <= self.top_px + self.height_px
        )


def area_round(
    zoom: float, scale: float, origin_px: tuple[int, int], size_px: tuple[int, int], dpr: float
) -> Area:
    """An area with room to pan on every side."""
    margin = round(_MARGIN_PX * dpr)
    return Area(
        zoom,
        scale,
        origin_px[0] - margin,
        origin_px[1] - margin,
        size_px[0] + 2 * margin,
        size_px[1] + 2 * margin,
        (*origin_px, *size_px),
    )


UnitText = tuple[UnitMark, int, int, str]
"""A mark, its position in pixels of the plane, and its text: the call sign, an age when stale."""

Placed = tuple[Label, tuple[str, str]]
"""A label that stands, and the (kind, key) of what it names."""


class StillNames(Protocol):
    """Names of what does not move, in the order in which they may stand."""

    def placing(self, area: Area, occupied: Occupancy) -> Iterator[Placed | None]: ...


@dataclass(frozen=True, slots=True)
class Crowd:
    """What labels of incidents are made from: who is to be named, the most urgent first, at metres x, y.

    `symbols` are boxes of incidents, and of what stands over the map, (n, 4) in pixels of the plane, that no label may
    cover; `chosen` is the key of the
    one that wears a ring.
    """

    named: Sequence[tuple[IncidentMark, float, float]]
    symbols: Boxes
    chosen: str = ""


@dataclass(slots=True)
class LabelPlan:
    """What stands. `complete` is False while there are names that no time was left to set."""

    area: Area | None = None
    incidents: list[Label] = field(default_factory=list)
    units: list[Label] = field(default_factory=list)
    still: list[Label] = field(default_factory=list)
    still_keys: list[tuple[str, str]] = field(default_factory=list)
    occupied: Occupancy | None = None
    complete: bool = True


class Labeller:
    """Plans labels with one set of sprites.

    `plan` is what is shown; a new plan of the same scale follows it when it is complete. `units_complete` is False
    while units lack a sprite for their label.
    """

    def __init__(self, sprites: LabelSprites) -> None:
        self._sprites = sprites
        self.plan = LabelPlan()
        self.units_complete = True
        self.units_s = _UNITS_S
        """How long one look at the units may take; who has had no turn comes in the next ones."""
        self._turn = self._cuts = 0
        self._next = self.plan
        self._steps: Iterator[None] = iter(())
        self._still_boxes = np.zeros((0, 4), dtype=np.int32)
        self._still_shown = self._sided = np.zeros(0, dtype=bool)
        self.seen: Box | None = None
        """The screen as it is now: what its edge cuts is not drawn."""
        self.generation = -1

    @property
    def complete(self) -> bool:
        """Whether nothing is being planned."""
        return self._next.complete

    def forget(self) -> None:
        """Leave every plan: its sprites are gone."""
        self.plan = self._next = LabelPlan()
        self._steps = iter(())
        self._show_still()

    def begin(self, area: Area, crowd: Crowd, obstacles: Boxes, names: StillNames | None) -> None:
        """A new plan, made by `go_on`.

        `obstacles` are boxes of other symbols (pixels of the plane) that labels of incidents and still labels keep
        clear of.
        """
        self.generation = self._sprites.sheet.generation
        before = self.plan.area
        self._next = LabelPlan(area, complete=False)
        self._steps = self._planning(self._next, area, crowd, obstacles, names)
        if before is None or before.scale != area.scale or not before.covers(*_middle(area)):
            self.plan = self._next
            self._show_still()

    def go_on(self, until_s: float) -> bool:
        """Plan until then (seconds of the performance counter), one step at least; whether what is shown changed."""
        if self.complete:
            return False
        painted = self._sprites.sheet.painted_count
        for _ in self._steps:
            if (
                time.perf_counter() >= until_s
                or self._sprites.sheet.painted_count - painted >= _SPRITES_A_SLICE
            ):
                break
        else:
            self._next.complete = True
        if self._next.complete or self.plan is self._next:
            self._next.units = self.plan.units
            self.plan = self._next
            self._show_still()
            return True
        return False

    def plan_units(self, units: Sequence[UnitText], symbols: Boxes) -> None:
        """Labels of units, none over one of `symbols`, (n, 4).

        A few new texts are painted at a time; the others are named by a later call.
        """
        if self.plan.occupied is None:
            return
        occupied = self.plan.occupied.copy()
        occupied.block_all(symbols)
        room, sheet = MAX_LABELS - len(self.plan.incidents), self._sprites.sheet
        may_paint = sheet.painted_count + _SPRITES_A_SLICE
        self.units_complete = True
        labels: list[Label] = []
        stood = {label.key: label.side for label in self.plan.units}
        beside = Sides(self._sprites, self.plan.area.seen if self.plan.area else None)
        until_s = time.perf_counter() + self.units_s
        for mark, x_px, y_px, text in self._turn_about(units, stood):
            if time.perf_counter() > until_s:
                self._cuts += 1
                self.units_complete = self._cuts >= _MOST_CUTS
                break
            role = "stale" if mark.stale else "unit"
            if sheet.painted_count >= may_paint and not self._sprites.has_text(text, role):
                self.units_complete = False
                continue
            sides = _kept_first(stood.get(mark.key), BELOW_FIRST)
            label = beside.set(
                (text, role), (x_px, y_px), _BESIDE_UNIT_PX, occupied, sides, layer="units", key=mark.key
            )
            if label is not None:
                labels.append(label)
            if len(labels) >= room:
                break
        else:
            self._cuts = 0
        self.plan.units = labels
        self._still_shown = ~overlapped(self._still_boxes, boxes_of(labels))

    def _turn_about(self, units: Sequence[UnitText], stood: Mapping[str, str]) -> Iterator[UnitText]:
        """Who has a label first; then the others, each time from another one on, as the time may not do for all."""
        yield from (unit for unit in units if unit[0].key in stood)
        others = [unit for unit in units if unit[0].key not in stood]
        self._turn = (self._turn + _TURN) % max(1, len(others))
        yield from others[self._turn :]
        yield from others[: self._turn]

    def still_standing(self) -> list[Label]:
        """The labels of what lies still, as many as there is room for; they stand under the symbols."""
        still = [
            label for label, shown in zip(self.plan.still, self._still_shown.tolist(), strict=True) if shown
        ]
        return still[: MAX_LABELS - len(self.plan.incidents) - len(self.plan.units)]

    def over_symbols(self) -> list[Label]:
        """The labels of incidents and units: no camera that a unit passes may stand in its call sign."""
        return [*self.plan.incidents, *self.plan.units]

    def still_at(self, x_px: float, y_px: float) -> tuple[str, str] | None:
        """Kind and key of the still label under a pixel of the plane, ("", "") keys left out."""
        boxes = self._still_boxes
        inside = (
            (boxes[:, 0] <= x_px)
            & (x_px < boxes[:, 0] + boxes[:, 2])
            & (boxes[:, 1] <= y_px)
            & (y_px < boxes[:, 1] + boxes[:, 3])
            & self._still_shown
        )
        if self.seen is not None:
            inside &= whole(boxes, self.seen)
        keys = (self.plan.still_keys[index] for index in np.flatnonzero(inside).tolist())
        return next((key for key in keys if key[0]), None)

    def _planning(
        self, plan: LabelPlan, area: Area, crowd: Crowd, obstacles: Boxes, names: StillNames | None
    ) -> Iterator[None]:
        """Incidents beside their symbols, clear of all others, else without a name; then what is still.

        An alarm and the chosen one are never without: where nothing is free they stand over units and cameras.
        """
        occupied = Occupancy(area.left_px, area.top_px, area.width_px, area.height_px)
        occupied.block_all(crowd.symbols)
        crowded = occupied.copy()
        crowded.block_all(obstacles)
        plan.occupied = occupied
        yield
        yield from self._naming(plan, area, crowd, occupied, crowded)
        room = MAX_LABELS - len(plan.incidents)
        for placed in names.placing(area, crowded) if names is not None else ():
            if placed is not None:
                plan.still.append(placed[0])
                plan.still_keys.append(placed[1])
            if len(plan.still) >= room:
                return
            yield

    def _naming(
        self, plan: LabelPlan, area: Area, crowd: Crowd, occupied: Occupancy, crowded: Occupancy
    ) -> Iterator[None]:
        stood = {label.key: label.side for label in self.plan.incidents}
        beside = Sides(self._sprites, area.seen)
        for mark, x_m, y_m in crowd.named:
            if len(plan.incidents) >= MOST_INCIDENT_LABELS:
                break
            if not mark.label:
                continue
            point = round(x_m * area.scale), round(y_m * area.scale)
            sides, chosen = _kept_first(stood.get(mark.key), RIGHT_FIRST), mark.key == crowd.chosen
            label = _named(mark, point, sides, beside, crowded, chosen=chosen)
            if label is None and (mark.priority <= 2 or chosen):
                label = _named(mark, point, sides, beside, occupied, chosen=chosen)
                if label is not None:
                    label.pressed = True
            if label is not None:
                for cells in (occupied, crowded):
                    cells.block(label.left_px, label.top_px, label.width_px, label.height_px)
                plan.incidents.append(label)
            yield

    def may_turn(self, seen: Box) -> bool:
        """Whether the edge of a screen cuts a still name that may have room on the other side of its dot."""
        return not whole(self._still_boxes[self._sided], seen).all()

    def _show_still(self) -> None:
        self._still_boxes = boxes_of(self.plan.still)
        self._sided = np.array([label.side in ("left", "right") for label in self.plan.still], dtype=bool)
        self._still_shown = np.ones(len(self.plan.still), dtype=bool)


def _named(
    mark: IncidentMark,
    point_px: tuple[int, int],
    sides: tuple[str, ...],
    beside: Sides,
    occupied: Occupancy,
    *,
    chosen: bool,
) -> Label | None:
    """An incident's label, whole or shortened; None where no side of it is free."""
    role = "alarm" if mark.priority <= 2 else "incident"
    away = _BESIDE_CHOSEN_PX if chosen else _BESIDE_INCIDENT_PX
    tries = [(mark.label, away)]
    short = _SHORT_IDEOGRAPHS if mark.label[:1] >= _IDEOGRAPHS_FROM else _SHORT_LETTERS
    if len(mark.label) > short:
        # Rather shortened than without a name; an alarm rather a little off than shortened.
        tries += [(mark.label, 2 * away)] if role == "alarm" else []
        tries.append((f"{mark.label[:short]}…", away))
    for text, away_px in tries:
        label = beside.set((text, role), point_px, away_px, occupied, sides, layer="incidents", key=mark.key)
        if label is not None:
            return label
    return None


def boxes_of(labels: list[Label]) -> Boxes:
    """(n, 4) left, top, width, height."""
    rows = [(label.left_px, label.top_px, label.width_px, label.height_px) for label in labels]
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def _kept_first(side: str | None, sides: tuple[str, ...]) -> tuple[str, ...]:
    return (side, *(other for other in sides if other != side)) if side else sides


def overlapped(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """Which boxes touch any of the others."""
    if not len(others):
        return np.zeros(len(boxes), dtype=bool)
    left, top = boxes[:, None, 0], boxes[:, None, 1]
    right, bottom = left + boxes[:, None, 2], top + boxes[:, None, 3]
    hit = (
        (left < others[None, :, 0] + others[None, :, 2])
        & (right > others[None, :, 0])
        & (top < others[None, :, 1] + others[None, :, 3])
        & (bottom > others[None, :, 1])
    )
    return np.asarray(hit.any(axis=1))


def _middle(area: Area) -> tuple[tuple[int, int], tuple[int, int]]:
    """The middle half of an area as a screen: what stood must cover that to be worth showing on."""
    origin_px = area.left_px + area.width_px // 4, area.top_px + area.height_px // 4
    return origin_px, (area.width_px // 2, area.height_px // 2)
