"""Owns the search over names, addresses, codes and call signs of everything on the map.

Must not know Qt or the desk's state: what can be found is told to it. Made off the Qt thread, a second for 50,000
entries; afterwards one thread changes and asks it. The same entries give the same answer in any order of adding.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.geo.coordinates import LocalPlane
from app.geo.search_patterns import LONGEST_QUERY, folded, literal, readings_of, squeezed
from app.geo.search_texts import NONE, WORD, Ranks, SearchTexts, with_room

if TYPE_CHECKING:
    from app.geo.coordinates import Floats
    from app.geo.house_numbers import House
    from app.geo.pinyin import Readings

TOP = 12
_MOST_WORDS = 6
_NOWHERE_M = 9e8
_RANK_M = 1e9
"""A better rank beats any nearness on this earth."""
_COMPACT_DEAD = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found. `live` goes first among equals: an open incident, a unit. `aliases` are not shown."""

    kind: str
    key: str
    name_zh: str
    name_en: str = ""
    address_zh: str = ""
    address_en: str = ""
    code: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str = ""
    aliases: tuple[str, ...] = ()
    live: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        return (
            self.name_zh, self.name_en, self.address_zh, self.address_en, self.code, *self.aliases,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An answer; `distance_m` from the middle of the map, None for what has no place.

    `house` is set for an address that was worked out: the number, and the known one that it was worked out from.
    """

    entry: Entry
    distance_m: float | None = None
    house: House | None = None


class SearchIndex:
    """Entries by (kind, key). Chinese is found as it is written, spelled or by its initials."""

    def __init__(self, entries: Iterable[Entry], readings: Readings) -> None:
        self._readings = readings
        self._wide, self._narrow = SearchTexts(np.uint16), SearchTexts(np.uint8)
        self._slot_of: dict[tuple[str, str], int] = {}
        self._entries: list[Entry | None] = []
        self._lat, self._lon = np.empty(0), np.empty(0)
        self._behind = np.empty(0, dtype=np.uint8)
        """1 for what goes after live entries of the same rank."""
        self._alive = np.empty(0, dtype=np.bool_)
        self._kinds, self._kind_numbers = np.empty(0, dtype=np.int16), dict[str, int]()
        for entry in entries:
            self.put(entry)
        for texts in (self._wide, self._narrow):
            texts.settle()

    def __len__(self) -> int:
        return len(self._slot_of)

    @property
    def readings(self) -> Readings:
        """How Chinese is read, for whoever has names of its own to find."""
        return self._readings

    # -- what can be found -------------------------------------------------------------------------------------------

    def put(self, entry: Entry) -> None:
        """Add an entry, or the newer state of one that is known."""
        slot = self._slot_of.get((entry.kind, entry.key))
        known = self._entries[slot] if slot is not None else None
        if slot is None or known is None or known.texts != entry.texts:
            self.drop(entry.kind, entry.key)
            slot = self._add_texts(entry)
        self._entries[slot] = entry
        self._lat[slot] = math.nan if entry.lat is None else entry.lat
        self._lon[slot] = math.nan if entry.lon is None else entry.lon
        self._behind[slot] = not entry.live
        self._alive[slot] = True
        self._kinds[slot] = self._kind_numbers.setdefault(entry.kind, len(self._kind_numbers))

    def drop(self, kind: str, key: str) -> None:
        """Forget an entry; nothing happens for one that is not known."""
        slot = self._slot_of.pop((kind, key), None)
        if slot is None:
            return
        self._entries[slot], self._alive[slot] = None, False
        dead = len(self._entries) - len(self._slot_of)
        if dead > max(_COMPACT_DEAD, len(self._slot_of) // 4):
            self._compact()

    def _add_texts(self, entry: Entry) -> int:
        slot = self._slot_of[entry.kind, entry.key] = len(self._entries)
        self._entries.append(None)
        self._lat, self._lon = with_room(self._lat, slot + 1), with_room(self._lon, slot + 1)
        self._behind, self._alive = with_room(self._behind, slot + 1), with_room(self._alive, slot + 1)
        self._kinds = with_room(self._kinds, slot + 1)
        for text in dict.fromkeys(entry.texts):
            if not text.isascii():
                self._wide.add(slot, squeezed(text))
            elif text:
                self._narrow.add(slot, folded(text))
        return slot

    def _compact(self) -> None:
        """Let go of what was dropped."""
        kept = self._alive[: len(self._entries)]
        new_slots = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        self._entries = [entry for entry in self._entries if entry is not None]
        self._slot_of = {(e.kind, e.key): slot for slot, e in enumerate(self._entries) if e is not None}
        self._lat, self._lon = self._lat[: len(kept)][kept], self._lon[: len(kept)][kept]
        self._behind, self._kinds = self._behind[: len(kept)][kept], self._kinds[: len(kept)][kept]
        self._alive = np.ones(len(self._entries), dtype=np.bool_)
        for texts in (self._wide, self._narrow):
            texts.keep(new_slots)

    # -- asking ------------------------------------------------------------------------------------------------------

    def find(
        self, query: str, lat: float, lon: float, limit: int = TOP, kinds: Collection[str] = ()
    ) -> list[Found]:
        """The best answers, of some kinds or of all, best first.

        By rank, live before the rest, then by nearness to (lat, lon).
        """
        ranks = self._ranks(folded(query)[:LONGEST_QUERY])
        slots = np.flatnonzero(ranks < NONE)
        if kinds:
            wanted = [number for kind, number in self._kind_numbers.items() if kind in kinds]
            slots = slots[np.isin(self._kinds[slots], wanted)]
        distances_m = self._distances_m(slots, lat, lon)
        keys = (2.0 * ranks[slots] + self._behind[slots]) * _RANK_M + np.nan_to_num(
            distances_m, nan=_NOWHERE_M
        )
        if len(slots) > limit:
            best = np.flatnonzero(keys <= np.partition(keys, limit - 1)[limit - 1])
            slots, distances_m, keys = slots[best], distances_m[best], keys[best]
        found = [
            (key, Found(entry, None if math.isnan(distance_m) else distance_m))
            for key, slot, distance_m in zip(keys.tolist(), slots.tolist(), distances_m.tolist(), strict=True)
            if (entry := self._entries[slot]) is not None
        ]
        found.sort(key=lambda each: (each[0], each[1].entry.kind, each[1].entry.key))
        return [answer for _, answer in found[:limit]]

    def _ranks(self, query: str) -> Ranks:
        """By slot; every word of several is looked for on its own as well, in any order."""
        ranks = self._ranks_of(query)
        words = query.split()[:_MOST_WORDS]
        if len(words) > 1:
            all_words = np.maximum.reduce([self._ranks_of(word) for word in words])
            np.minimum(ranks, np.maximum(all_words, WORD), out=ranks)
        ranks[~self._alive[: len(ranks)]] = NONE
        return ranks

    def _ranks_of(self, query: str) -> Ranks:
        ranks: Ranks = np.full(len(self._entries), NONE, dtype=np.uint8)
        if not query:
            return ranks
        if query.isascii():
            self._narrow.rank(literal(query), ranks)
        wide = query.replace(" ", "")
        for pattern in (literal(wide), *readings_of(wide, self._readings)):
            self._wide.rank(pattern, ranks)
        return ranks

    def _distances_m(self, slots: npt.NDArray[np.int64], lat: float, lon: float) -> Floats:
        x_m, y_m = LocalPlane(lat, lon).to_xy_m(self._lat[slots], self._lon[slots])
        return np.hypot(x_m, y_m)
