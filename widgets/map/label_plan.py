"""Owns which labels stand where: candidates by kind, alarms first, never one over another. Must not draw them.

Positions are device pixels of the plane at the planned scale, so a pan moves them all without a new plan. Labels of
incidents and of still things are planned when they or the zoom change; those of units every frame, since units move,
and a still label gives way to a unit's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from widgets.map.labels import MAX_LABELS, Label, LabelSprites, Occupancy
from widgets.map.marks import IncidentMark, UnitMark

if TYPE_CHECKING:
    from widgets.map.static_names import StaticNames

Boxes = npt.NDArray[np.int32]
_MARGIN_PX = 240
_BESIDE_PX = {"incident": 17, "unit": 12}


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
        self._still_boxes = np.zeros((0, 4), dtype=np.int32)
        self._still_shown = np.zeros(0, dtype=bool)

    def plan_still(
        self,
        area: Area,
        incidents: Iterable[tuple[IncidentMark, float, float]],
        names: "StaticNames | None",
        *,
        with_incidents: bool,
        budget_s: float,
    ) -> None:
        """Labels of incidents, then of places, grids and roads. Incidents come with metres x, y."""
        generation = self._sprites.sheet.generation
        occupied = Occupancy(area.left_px, area.top_px, area.width_px, area.height_px)
        plan = LabelPlan(area)
        if with_incidents:
            plan.incidents = self._incident_labels(area, incidents, occupied)
        self._occupied = occupied
        if names is not None:
            room = MAX_LABELS - len(plan.incidents)
            still = names.labels(area, occupied.copy(), room, budget_s)
            plan.still, plan.still_keys, plan.complete = still
        self.plan = plan
        if generation != self._sprites.sheet.generation:
            # The sheet was begun anew on the way: numbers of this plan may point nowhere.
            plan.incidents, plan.still, plan.still_keys, plan.complete = [], [], [], False
        self._still_boxes = _boxes_of(plan.still)
        self._still_shown = np.ones(len(plan.still), dtype=bool)

    def plan_units(self, units: Iterable[tuple[UnitMark, int, int, str]]) -> None:
        """Labels of units: mark, position in pixels of the plane, and its text (the call sign, an age when stale)."""
        if self._occupied is None:
            return
        occupied = self._occupied.copy()
        room = MAX_LABELS - len(self.plan.incidents)
        labels: list[Label] = []
        for mark, x_px, y_px, text in units:
            sprite = self._sprites.text(text, "stale" if mark.stale else "unit")
            label = self._beside(sprite, x_px, y_px, _BESIDE_PX["unit"], occupied, below=True)
            if label is not None and len(labels) < room:
                labels.append(label)
        self.plan.units = labels
        self._still_shown = ~_overlapped(self._still_boxes, _boxes_of(labels))

    def standing(self) -> list[Label]:
        """Every label to draw, the least important first."""
        still = [
            label for label, shown in zip(self.plan.still, self._still_shown.tolist(), strict=True) if shown
        ]
        return [
            *still[: MAX_LABELS - len(self.plan.incidents) - len(self.plan.units)],
            *self.plan.units,
            *self.plan.incidents,
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
        self, area: Area, incidents: Iterable[tuple[IncidentMark, float, float]], occupied: Occupancy
    ) -> list[Label]:
        placed = sorted(incidents, key=lambda item: (item[0].priority, item[0].opened_at or 0))
        pixels = [(mark, round(x_m * area.scale), round(y_m * area.scale)) for mark, x_m, y_m in placed]
        half = round(13 * self._sprites.dpr)
        for _, x_px, y_px in pixels:
            occupied.block(x_px - half, y_px - half, 2 * half, 2 * half)
        labels = []
        for mark, x_px, y_px in pixels[:MAX_LABELS]:
            if mark.label:
                role = "alarm" if mark.priority <= 2 else "incident"
                sprite = self._sprites.text(mark.label, role)
                labels.append(self._beside(sprite, x_px, y_px, _BESIDE_PX["incident"], occupied, below=False))
        return [label for label in labels if label is not None]

    def _beside(
        self, sprite: int, x_px: int, y_px: int, away: float, occupied: Occupancy, *, below: bool
    ) -> Label | None:
        """A label right, left, under or over a symbol, wherever there is room first."""
        width, height = self._sprites.sheet.sources[sprite, 2:].tolist()
        gap = round(away * self._sprites.dpr)
        right, left = (x_px + gap, y_px - height // 2), (x_px - gap - width, y_px - height // 2)
        under, over = (x_px - width // 2, y_px + gap), (x_px - width // 2, y_px - gap - height)
        for corner in (under, right, left, over) if below else (right, left, under, over):
            if occupied.take(*corner, width, height):
                return Label(sprite, *corner, width, height)
        return None


def _boxes_of(labels: list[Label]) -> Boxes:
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
