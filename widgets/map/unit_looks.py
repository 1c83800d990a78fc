"""Owns what labels need to know of a crowd of units, as columns by look: heading, staleness, who is at work.

A look is shared by many units, so that thousands cost a few numpy operations. Must not plan or draw.
"""

import math

import numpy as np
import numpy.typing as npt

from widgets.map.marks import UnitMark
from widgets.map.point_layer import PointLayer, Slots
from widgets.parts.symbols import DISTRESS
from widgets.style import tokens

Column = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int32] | npt.NDArray[np.float64]

_HALF_PX = 11
_ARROW_AWAY_PX, _ARROW_HALF_PX = 15.0, 6
_AT_WORK = frozenset({"dispatched", "en_route", "on_scene", DISTRESS})


class UnitLooks:
    """Columns that grow with the looks of one layer."""

    def __init__(self, layer: PointLayer[UnitMark]) -> None:
        self._layer = layer
        self._turn_rad = np.zeros(0)
        self._stale = np.zeros(0, dtype=bool)
        self._idle = np.zeros(0, dtype=np.int8)

    def any_stale(self, slots: Slots) -> bool:
        self._keep_up()
        return bool(self._stale[self._layer.look[slots]].any())

    def at_work_first(self, slots: Slots, most: int) -> npt.NDArray[np.intp]:
        """Where in `slots` those are who come first, at most so many, the same ones from call to call."""
        if len(slots) <= most:
            return np.arange(len(slots))
        self._keep_up()
        return np.argsort(self._idle[self._layer.look[slots]], kind="stable")[:most]

    def boxes(self, slots: Slots, x_px: Column, y_px: Column, dpr: float) -> Boxes:
        """Boxes (n, 4) of the symbols at these places and of the arrows that say where they go."""
        self._keep_up()
        scale = tokens().scale * dpr
        turn = self._turn_rad[self._layer.look[slots]]
        heads = ~np.isnan(turn)
        away = _ARROW_AWAY_PX * scale
        arrow_x = x_px[heads] + np.sin(turn[heads]) * away
        arrow_y = y_px[heads] - np.cos(turn[heads]) * away
        squares = [_squares(x_px, y_px, _HALF_PX * scale), _squares(arrow_x, arrow_y, _ARROW_HALF_PX * scale)]
        return np.rint(np.concatenate(squares)).astype(np.int32)

    def _keep_up(self) -> None:
        looks = self._layer.looks
        if len(looks) == len(self._stale):
            return
        turns = [math.nan if mark.heading_deg is None else math.radians(mark.heading_deg) for mark in looks]
        self._turn_rad = np.array(turns)
        self._stale = np.array([mark.stale for mark in looks], dtype=bool)
        self._idle = np.array([mark.status not in _AT_WORK for mark in looks], dtype=np.int8)


def _squares(x_px: Numbers, y_px: Numbers, half_px: float) -> npt.NDArray[np.float64]:
    side = np.full(len(x_px), 2 * half_px)
    return np.column_stack([x_px - half_px, y_px - half_px, side, side])
