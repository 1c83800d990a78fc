"""Owns which labels stand where: candidates by kind, alarms first, never one over another. Must not draw them.

Positions are device pixels of the plane at the planned scale, so a pan moves them all without a new plan. Labels of
incidents and of still things are planned when they or the zoom change; those of units every frame, since units move,
and a still label gives way to a unit's.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from widgets.map.labels import MAX_LABELS, Label, LabelSprites, Occupancy
from widgets.map.marks import IncidentMark, UnitMark

Boxes = npt.NDArray[np.int32]
_DOWN_DEG = (115.0, 245.0)  # a heading whose tail would lie under a label below the symbol
_BELOW_FIRST = ("under", "right", "left", "over")
_RIGHT_FIRST = ("right", "left", "under", "over")
_MOST_TRIED = 1_500
_UNIT_HALF_PX = 9
_MARGIN_PX = 240
_BESIDE_PX = {"incident": 20, "unit": 12}


@dataclass(frozen=True, slots=True)
class Area:
    """A scale (device pixels a metre) and the box of the plane, in its pixels, for which a plan holds."""

    zoom: float
    scale: float
    left_px: int
    top_px: int
    width_px: int
    height_px: int

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
    )


Placed = tuple[Label, tuple[str, str]]
"""A label that stands, and the (kind, key) of what it names."""


class StillNames(Protocol):
    """Names of what does not move, in the order in which they may stand."""

    def placing(self, area: Area, occupied: Occupancy) -> Iterator[Placed | None]: ...


@dataclass(slots=True)
class LabelPlan:
    """What stands now. `complete` is False while there are names that no time was left to set."""

    area: Area | None = None
    incidents: list[Label] = field(default_factory=list)
    units: list[Label] = field(default_factory=list)
    still: list[Label] = field(default_factory=list)
    still_keys: list[tuple[str, str]] = field(default_factory=list)
    complete: bool = True


class Labeller:
    """Plans labels with one set of sprites."""

    def __init__(self, sprites: LabelSprites) -> None:
        self._sprites = sprites
        self.plan = LabelPlan()
        self._occupied: Occupancy | None = None
        self._placing: Iterator[Placed | None] = iter(())
        self._still_boxes = np.zeros((0, 4), dtype=np.int32)
        self._still_shown = np.zeros(0, dtype=bool)
        self.generation = -1

    def begin(
        self,
        area: Area,
        incidents: Iterable[tuple[IncidentMark, float, float]],
        obstacles: Boxes,
        names: StillNames | None,
    ) -> None:
        """A new plan: labels of incidents at once, those of still things by `go_on`.

        Incidents come with metres x, y; `obstacles` are boxes of symbols (pixels of the plane) that still labels keep
        clear of, and labels of incidents where they can.
        """
        self._occupied = Occupancy(area.left_px, area.top_px, area.width_px, area.height_px)
        crowded = self._occupied.copy()
        for box in obstacles.tolist():
            crowded.block(*box)
        self.generation = self._sprites.sheet.generation
        self.plan = LabelPlan(area, self._incident_labels(area, incidents, crowded))
        self._placing = names.placing(area, crowded) if names is not None else iter(())
        self._still_boxes = np.zeros((0, 4), dtype=np.int32)
        self._still_shown = np.zeros(0, dtype=bool)
        self.plan.complete = False

    def go_on(self, budget_s: float) -> None:
        """Place still labels until the time is up or all are placed."""
        if self.plan.complete:
            return
        until_s = time.perf_counter() + budget_s
        plan, room = self.plan, MAX_LABELS - len(self.plan.incidents)
        for placed in self._placing:
            if placed is not None:
                plan.still.append(placed[0])
                plan.still_keys.append(placed[1])
            if len(plan.still) >= room:
                plan.complete = True
            if plan.complete or time.perf_counter() > until_s:
                break
        else:
            plan.complete = True
        self._still_boxes = boxes_of(plan.still)
        self._still_shown = np.ones(len(plan.still), dtype=bool)

    def plan_units(self, units: list[tuple[UnitMark, int, int, str]]) -> None:
        """Labels of units: mark, position in pixels of the plane, and its text (the call sign, an age when stale)."""
        if self._occupied is None:
            return
        occupied = self._occupied.copy()
        half = round(_UNIT_HALF_PX * self._sprites.dpr)
        for _, x_px, y_px, _ in units:
            occupied.block(x_px - half, y_px - half, 2 * half, 2 * half)
        room = MAX_LABELS - len(self.plan.incidents)
        labels: list[Label] = []
        for mark, x_px, y_px, text in units[:_MOST_TRIED]:
            if len(labels) >= room:
                break
            sprite = self._sprites.text(text, "stale" if mark.stale else "unit")
            below = mark.heading_deg is None or not _DOWN_DEG[0] < mark.heading_deg % 360 < _DOWN_DEG[1]
            label = self._beside(sprite, x_px, y_px, _BESIDE_PX["unit"], occupied, below=below)
            if label is not None:
                labels.append(label)
        self.plan.units = labels
        self._still_shown = ~_overlapped(self._still_boxes, boxes_of(labels))

    def standing(self) -> list[Label]:
        """Every label to draw but those of incidents, which stand over the symbols."""
        still = [
            label for label, shown in zip(self.plan.still, self._still_shown.tolist(), strict=True) if shown
        ]
        return [
            *still[: MAX_LABELS - len(self.plan.incidents) - len(self.plan.units)],
            *self.plan.units,
        ]

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
        keys = (self.plan.still_keys[index] for index in np.flatnonzero(inside).tolist())
        return next((key for key in keys if key[0]), None)

    def _incident_labels(
        self, area: Area, incidents: Iterable[tuple[IncidentMark, float, float]], crowded: Occupancy
    ) -> list[Label]:
        """Beside their symbols, clear of other symbols where there is such a side."""
        assert self._occupied is not None
        occupied = self._occupied
        placed = sorted(incidents, key=lambda item: (item[0].priority, item[0].opened_at or 0))
        pixels = [(mark, round(x_m * area.scale), round(y_m * area.scale)) for mark, x_m, y_m in placed]
        half = round(13 * self._sprites.dpr)
        for _, x_px, y_px in pixels:
            occupied.block(x_px - half, y_px - half, 2 * half, 2 * half)
            crowded.block(x_px - half, y_px - half, 2 * half, 2 * half)
        labels = []
        for mark, x_px, y_px in pixels[:MAX_LABELS]:
            if mark.label:
                role = "alarm" if mark.priority <= 2 else "incident"
                sprite = self._sprites.text(mark.label, role)
                clear = self._beside(sprite, x_px, y_px, _BESIDE_PX["incident"], crowded, below=False)
                label = clear or self._beside(
                    sprite, x_px, y_px, _BESIDE_PX["incident"], occupied, below=False
                )
                if label is not None:
                    for taken in (occupied, crowded):
                        taken.block(label.left_px, label.top_px, label.width_px, label.height_px)
                    labels.append(label)
        return labels

    def _beside(
        self, sprite: int, x_px: int, y_px: int, away: float, occupied: Occupancy, *, below: bool
    ) -> Label | None:
        """A label right, left, under or over a symbol, wherever there is room first."""
        width, height = self._sprites.sheet.size(sprite)
        gap = round(away * self._sprites.dpr)
        for side in _BELOW_FIRST if below else _RIGHT_FIRST:
            if side == "right":
                left, top = x_px + gap, y_px - height // 2
            elif side == "left":
                left, top = x_px - gap - width, y_px - height // 2
            else:
                left, top = x_px - width // 2, y_px + gap if side == "under" else y_px - gap - height
            if occupied.take(left, top, width, height):
                return Label(sprite, left, top, width, height)
        return None


def boxes_of(labels: list[Label]) -> Boxes:
    """(n, 4) left, top, width, height."""
    rows = [(label.left_px, label.top_px, label.width_px, label.height_px) for label in labels]
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def _overlapped(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
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
