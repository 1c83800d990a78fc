"""Owns where units that are on scene are shown: round the symbol of their incident or of its cluster, which would
cover them.

Only what is shown is moved, by a few pixels, so everything that asks where a unit is shown (symbol, label, ring, hit
test) follows. Must not change where a unit is: its own place comes back before the next frame.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.domain.unit import ON_SCENE
from widgets.map.marks import IncidentMark, UnitMark
from widgets.map.point_layer import PointLayer, Slots

REACH_PX = 24.0
"""So near to the middle of the symbol a unit is covered."""
AWAY_PX = 34.0
"""Outside the symbol and the ring of a chosen incident."""
ROUND = 8
"""So many stand on the first ring; those beyond it on wider ones."""
_STEP_RAD = math.tau / ROUND

Links = tuple[tuple[str, str], ...]
Floats = npt.NDArray[np.float64]
_NOBODY: Slots = np.zeros(0, dtype=np.int64)


class Symbols(NamedTuple):
    """By slot of the incidents: the symbol that stands for each, which several share, and its middle in metres."""

    number: Slots
    x_m: Floats
    y_m: Floats


class Fan:
    """The units of one scene."""

    def __init__(self, units: PointLayer[UnitMark], incidents: PointLayer[IncidentMark]) -> None:
        self._units = units
        self._incidents = incidents
        self._key: tuple[object, ...] = ()
        self._ends: tuple[Slots, Slots] = (_NOBODY, _NOBODY)
        self._on_scene = np.zeros(0, dtype=bool)
        self._slots = _NOBODY
        self._own = self._shown = np.zeros((0, 2))

    def spread(self, links: Links, standing_for: Callable[[], Symbols], px_per_m: float) -> None:
        """Stand where the symbols of a view need it; pixels are logical ones at the scale of the text."""
        before, before_slots = self._shown, self._slots
        self._gather()
        units, number, middle = self._covered(links, standing_for, px_per_m)
        layer = self._units
        self._slots = units
        self._own = np.column_stack([layer.x_m[units], layer.y_m[units]])
        self._shown = middle + _around(number) / px_per_m
        layer.x_m[units], layer.y_m[units] = self._shown.T
        if before.shape != self._shown.shape or bool(
            (before_slots != units).any() or (before != self._shown).any()
        ):
            layer.moved()

    def _gather(self) -> None:
        """Everybody back in his own place; who has been placed anew meanwhile is there already."""
        layer, slots = self._units, self._slots
        still = (layer.x_m[slots] == self._shown[:, 0]) & (layer.y_m[slots] == self._shown[:, 1])
        layer.x_m[slots[still]], layer.y_m[slots[still]] = self._own[still].T

    def _covered(
        self, links: Links, standing_for: Callable[[], Symbols], px_per_m: float
    ) -> tuple[Slots, Slots, Floats]:
        """Slots of the units that lie under the symbol of their incident, its number and its middle (n, 2), by both."""
        units, incidents = self._linked(links)
        if not len(units) or not (self._units.visible and self._incidents.visible):
            return _NOBODY, _NOBODY, np.zeros((0, 2))
        symbols = standing_for()
        number = symbols.number[incidents]
        middle = np.column_stack([symbols.x_m[incidents], symbols.y_m[incidents]])
        away_m = np.hypot(self._units.x_m[units] - middle[:, 0], self._units.y_m[units] - middle[:, 1])
        covered = np.flatnonzero(self._are_on_scene(units) & (away_m * px_per_m <= REACH_PX))
        order = covered[np.lexsort((units[covered], number[covered]))]
        return units[order], number[order], middle[order]

    def _linked(self, links: Links) -> tuple[Slots, Slots]:
        key = links, self._units.membership, self._incidents.membership
        if key[1:] != self._key[1:] or links is not self._key[0]:
            self._key = key
            known = {
                unit: (a, b)
                for unit, incident in links
                if (a := self._units.slot(unit)) is not None
                and (b := self._incidents.slot(incident)) is not None
            }
            pairs = np.array(list(known.values()), dtype=np.int64).reshape(-1, 2)
            self._ends = pairs[:, 0], pairs[:, 1]
        return self._ends

    def _are_on_scene(self, units: Slots) -> npt.NDArray[np.bool_]:
        new = self._units.looks[len(self._on_scene) :]
        if new:
            there = np.array([mark.status == ON_SCENE for mark in new], dtype=bool)
            self._on_scene = np.concatenate([self._on_scene, there])
        return self._on_scene[self._units.look[units]]


def _around(symbols: Slots) -> Floats:
    """Pixels right and down of each symbol, in the order in which its units come: below it first, then both ways."""
    if not len(symbols):
        return np.zeros((0, 2))
    first = np.flatnonzero(np.r_[True, symbols[1:] != symbols[:-1]])
    counts = np.diff(np.r_[first, len(symbols)])
    number = np.arange(len(symbols)) - np.repeat(first, counts)
    ring, place = np.divmod(number, ROUND)
    on_ring = np.minimum(ROUND, np.repeat(counts, counts) - ring * ROUND)
    angle = math.pi / 2 + (place - (on_ring - 1) / 2) * _STEP_RAD
    away_px = AWAY_PX * (1 + ring * 0.8)
    return np.column_stack([np.cos(angle) * away_px, np.sin(angle) * away_px])
