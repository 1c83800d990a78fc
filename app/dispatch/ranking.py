"""Distances and the order of many units at once, in arrays.

Owns the arithmetic of the order. Must not know units or reasons: that is candidates.py, which imports this on its first
use - a start of the desk pays for no numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EARTH_RADIUS_M: Final = 6_371_008.8
WALKING_MPS: Final = 1.4
"""Turns a distance into a time where no travel time is known, so that both can stand in one order."""
MILLIMETRES: Final = 3
"""Two units at one post are equally far, whatever the last bit of an arc sine says."""


def distances_m(lat: float, lon: float, lats: Sequence[float], lons: Sequence[float]) -> list[float]:
    """Great-circle metres, to the millimetre, from a WGS-84 position to each of many; NaN where one is NaN."""
    phi, phis = np.radians(lat), np.radians(lats)
    half_lat, half_lon = (phis - phi) / 2, np.radians(np.subtract(lons, lon)) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi) * np.cos(phis) * np.sin(half_lon) ** 2
    metres = np.round(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chord))), MILLIMETRES)
    found: list[float] = metres.tolist()
    return found


def times_s(away_m: Sequence[float], etas_s: Sequence[float]) -> Floats:
    """What the order goes by: the travel time, else that of a walk as the crow flies, else inf. NaN is unknown."""
    walks_s = np.nan_to_num(np.asarray(away_m, dtype=np.float64), nan=np.inf) / WALKING_MPS
    return np.where(np.isnan(etas_s), walks_s, etas_s)


def order(
    is_out: Sequence[bool], is_barred: Sequence[bool], tiers: Sequence[int], times: Floats, ids: Sequence[str]
) -> list[int]:
    """Indices, the best first: those left out last and of them those barred last; then tier, time and id."""
    by_id = np.argsort(np.array(ids, dtype=np.str_), kind="stable")
    ties = np.empty(len(ids), dtype=np.intp)
    ties[by_id] = np.arange(len(ids))
    best_first: list[int] = np.lexsort([ties, times, *map(np.asarray, (tiers, is_barred, is_out))]).tolist()
    return best_first


def first_soonest(best_first: Sequence[int], times: Floats, is_eligible: Sequence[bool]) -> int | None:
    """The index of the soonest eligible one, of equal ones that which stands first; None when none is eligible."""
    if not any(is_eligible):
        return None
    in_order = np.where(is_eligible, times, np.inf)[list(best_first)]
    return best_first[int(in_order.argmin())]
