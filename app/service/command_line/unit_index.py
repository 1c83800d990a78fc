"""Owns how a unit is meant by id, call sign, kind or number, and which are offered first: free, suitable, near.

What changes every second (free or not, where) stands in arrays, so that 10,000 units are put in order within
milliseconds. Must not word anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from app.domain.unit import DISPATCHABLE, Unit
from app.geo.coordinates import LocalPlane
from app.i18n import has_text, texts
from app.service.command_line.name_index import ENDS, NameIndex
from app.service.command_line.words import bare_number, folded

if TYPE_CHECKING:
    from app.geo.district import UnitSpec
    from app.service.command_line.name_index import Initials

MOST_MEANT: Final = 12
_FAR_M: Final = 9e6
_STEP_M: Final = 1e7
"""A better place in the order beats any nearness."""


class Fix(Protocol):
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


class UnitIndex:
    """Units by their slots, in the order in which they became known."""

    def __init__(
        self, units: Iterable[Unit], specs: Mapping[str, UnitSpec], fixes: Mapping[str, Fix]
    ) -> None:
        self._specs = specs
        self._slot_of: dict[str, int] = {}
        self._ids: list[str] = []
        self._by_id: dict[str, str] = {}
        self._rows: list[list[str]] = []
        known = list(units)
        self._free = np.zeros(len(known), dtype=np.bool_)
        self._out = np.zeros(len(known), dtype=np.bool_)
        self._kinds = np.empty(len(known), dtype=object)
        self._lat, self._lon = np.full(len(known), np.nan), np.full(len(known), np.nan)
        for unit in known:
            self._add(unit)
        self._names = NameIndex(self._rows)
        self.move(fixes)

    # -- keeping up --------------------------------------------------------------------------------------------------

    def put(self, unit: Unit) -> None:
        """Takes in the newer state of a unit."""
        if unit.id in self._slot_of:
            self._take_state(self._slot_of[unit.id], unit)
            return
        self._free, self._out = np.append(self._free, [False]), np.append(self._out, [False])
        self._kinds = np.append(self._kinds, [None])
        self._lat, self._lon = np.append(self._lat, np.nan), np.append(self._lon, np.nan)
        self._add(unit)
        self._names = NameIndex(self._rows)

    def move(self, fixes: Mapping[str, Fix]) -> None:
        """Where units are now."""
        for key, fix in fixes.items():
            slot = self._slot_of.get(key)
            if slot is not None:
                self._lat[slot], self._lon[slot] = fix.lat, fix.lon

    def spell(self, initials: Initials) -> None:
        """Chinese call signs are found by their initials too."""
        rows = [[*row, *filter(None, map(initials.of, row))] for row in self._rows]
        self._rows[: len(rows)] = rows
        self._names = NameIndex(self._rows)

    def _add(self, unit: Unit) -> None:
        slot = self._slot_of[unit.id] = len(self._ids)
        spec = self._specs.get(unit.id)
        self._ids.append(unit.id)
        self._by_id[bare_number(folded(unit.id))] = unit.id
        self._rows.append(_names(unit, spec))
        self._kinds[slot] = unit.kind
        self._take_state(slot, unit)
        if spec is not None:
            self._lat[slot], self._lon[slot] = spec.home_lat, spec.home_lon

    def _take_state(self, slot: int, unit: Unit) -> None:
        self._free[slot], self._out[slot] = is_free(unit), is_out(unit)

    # -- asking ------------------------------------------------------------------------------------------------------

    def place_of(self, unit: str) -> tuple[float, float] | None:
        """(lat, lon), None while nobody knows."""
        slot = self._slot_of.get(unit)
        if slot is None or np.isnan(self._lat[slot]):
            return None
        return float(self._lat[slot]), float(self._lon[slot])

    def meant_by(self, word: str, exactly: bool) -> list[str]:
        """Ids that a bare word can mean: an id itself, whole names, then beginnings and parts of names."""
        if word in self._by_id:
            return [self._by_id[word]]
        if not word:
            return []
        slots, tiers = self._names.find(word)
        if not len(slots) or (exactly and tiers.min() > ENDS):
            return []
        return [self._ids[slot] for slot in slots[tiers == tiers.min()][:MOST_MEANT]]

    def offered(
        self, begun: str, near: tuple[float, float], kinds: Sequence[str], busy: bool, limit: int
    ) -> list[str]:
        """Ids whose names hold the word, best first; `busy` wants those at work or on the way first, else the free."""
        slots, tiers = self._names.find(begun)
        if not len(slots):
            return []
        is_behind = ~self._out[slots] if busy else ~self._free[slots]
        is_other = ~np.isin(self._kinds[slots].astype(str), list(kinds)) if kinds else np.zeros(len(slots))
        x_m, y_m = LocalPlane(*near).to_xy_m(self._lat[slots], self._lon[slots])
        away_m = np.nan_to_num(np.hypot(x_m, y_m), nan=_FAR_M)
        keys = (4.0 * tiers + 2.0 * is_behind + is_other) * _STEP_M + np.minimum(away_m, _FAR_M)
        few = np.argpartition(keys, limit - 1)[:limit] if len(slots) > limit else np.arange(len(slots))
        return [self._ids[slot] for slot in slots[few[np.argsort(keys[few], kind="stable")]]]


def is_free(unit: Unit) -> bool:
    """May it be sent to one more incident?"""
    if not unit.assignments:
        return unit.duty in DISPATCHABLE
    return len(unit.assignments) < unit.capacity


def is_out(unit: Unit) -> bool:
    """Is there anything to call it back from: an incident, or the way to a post?"""
    return bool(unit.assignments) or unit.post_order is not None


def _names(unit: Unit, spec: UnitSpec | None) -> list[str]:
    kind = f"terms.unit_kind.{unit.kind}"
    kinds = texts(kind) if has_text(kind) else ()
    english = spec.call_sign_en if spec is not None else ""
    return [bare_number(folded(name)) for name in (unit.id, unit.call_sign, english, *kinds) if name]
