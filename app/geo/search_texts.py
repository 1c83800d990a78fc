"""Owns the folded texts of a search index as one array of code units, and finds patterns in it.

Must not know what the texts belong to beyond a slot number. Texts are only ever added; `keep` drops many at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.geo.pinyin import Mask
from app.geo.search_patterns import LONGEST_QUERY, Pattern, units_of
from app.geo.search_postings import Ints, Postings

Ranks = npt.NDArray[np.uint8]

EXACT, PREFIX, WORD, INSIDE, INITIALS, INITIALS_PREFIX, INITIALS_INSIDE, NONE = range(8)
"""How well a text answers, best first."""

_SEPARATOR, _LETTER, _DIGIT, _OTHER = range(4)
_INITIAL_UNITS, _INITIAL_TEXTS = 1 << 14, 1 << 9
_LONGEST_TAIL = 1 << 15
_SLACK = 2 * LONGEST_QUERY + 1
"""Beyond the last text there is room for a whole query, of two units a character: matching never leaves the array."""


class SearchTexts:
    """Texts by slot. `unit_type` is uint8 for a store that only holds ASCII, else uint16."""

    def __init__(self, unit_type: type[np.uint8] | type[np.uint16]) -> None:
        self._units: npt.NDArray[Any] = np.zeros(_INITIAL_UNITS, dtype=unit_type)
        self._starts = np.zeros(_INITIAL_TEXTS, dtype=np.int64)
        self._slots = np.zeros(_INITIAL_TEXTS, dtype=np.int32)
        self._size = 0
        self._count = 0
        self._postings = Postings(self._units[:0])

    def add(self, slot: int, text: str) -> None:
        """Put one more folded text under a slot."""
        units = units_of(text)
        after = self._size + len(units) + 1
        self._units = with_room(self._units, after + _SLACK)
        self._starts = with_room(self._starts, self._count + 1)
        self._slots = with_room(self._slots, self._count + 1)
        self._units[self._size : after - 1] = units
        self._starts[self._count], self._slots[self._count] = self._size, slot
        self._size, self._count = after, self._count + 1

    def settle(self) -> None:
        """Look up where each unit stands, once for all texts so far: what is added later is looked through."""
        self._postings = Postings(self._units[: self._size])

    def rank(self, pattern: Pattern, ranks: Ranks) -> None:
        """Lower `ranks` (by slot) to how well each slot's texts answer the pattern."""
        found = self._positions(pattern)
        if not len(found):
            return
        texts = np.searchsorted(self._starts[: self._count], found, side="right") - 1
        at_start = self._starts[texts] == found
        at_end = self._units[found + len(pattern.elements)] == 0
        if pattern.is_initials:
            worst = INITIALS_INSIDE
            levels = np.where(at_start, INITIALS_PREFIX, INITIALS_INSIDE)
            levels[at_start & at_end] = INITIALS
        else:
            worst = INSIDE
            tails = at_end & (_CLASSES[self._units[found]] == _DIGIT)
            levels = np.where(self._begins_word(found) | tails, WORD, INSIDE)
            levels[at_start] = PREFIX
            levels[at_start & at_end] = EXACT
        levels = np.minimum(levels + self._is_rare(pattern, found), worst)
        np.minimum.at(ranks, self._slots[texts], levels.astype(np.uint8))

    def keep(self, new_slots: npt.NDArray[np.int32]) -> None:
        """Let go of texts whose slot has no new number (-1) and number the others anew."""
        starts, slots = self._starts[: self._count], new_slots[self._slots[: self._count]]
        lengths = np.diff(starts, append=self._size)
        kept = slots >= 0
        units = self._units[: self._size][np.repeat(kept, lengths)]
        self._size, self._count = len(units), int(kept.sum())
        self._units = with_room(units, self._size + _SLACK)
        ends = np.cumsum(lengths[kept])
        self._starts, self._slots = ends - lengths[kept], slots[kept]
        self.settle()

    def _positions(self, pattern: Pattern) -> Ints:
        """Where the pattern stands, in no order; one letter or digit is looked for only where a text begins."""
        elements = pattern.elements
        units = self._units[: self._size + _SLACK]
        if _is_one_letter(pattern):
            starts = self._starts[: self._count]
            return starts[self._is(elements[0], units[starts])]
        settled = self._postings.size
        if self._size - settled > max(_LONGEST_TAIL, settled // 4):
            self.settle()
            settled = self._size
        tail = np.flatnonzero(self._is(elements[0], units[settled : self._size])) + settled
        found = np.concatenate((self._postings.positions(elements[0]), tail))
        for offset, element in enumerate(elements[1:], 1):
            found = found[self._is(element, units[found + offset])]
        return found

    def _is_rare(self, pattern: Pattern, positions: Ints) -> Mask:
        """Whether a match needs a reading that is not the usual one: it goes one rank down."""
        rare = np.zeros(len(positions), dtype=np.bool_)
        for offset, element in enumerate(pattern.usual):
            rare |= ~self._is(element, self._units[positions + offset])
        return rare

    @staticmethod
    def _is(element: int | Mask, units: npt.NDArray[Any]) -> Mask:
        if isinstance(element, int):
            # A unit that the array's type cannot hold is nowhere in it.
            fits = element <= np.iinfo(units.dtype).max
            return np.equal(units, element) if fits else np.zeros(len(units), dtype=np.bool_)
        # Three times as fast as indexing: it does not copy the units into larger numbers first.
        among: Mask = np.take(element, units)
        return among

    def _begins_word(self, positions: Ints) -> npt.NDArray[np.bool_]:
        """Whether a word begins there: after a separator, or where digits, Latin letters and others meet."""
        before, here = _CLASSES[self._units[positions - 1]], _CLASSES[self._units[positions]]
        begins: Mask = (before == _SEPARATOR) | (before != here)
        return begins


def with_room(array: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """The array, or a larger one that begins with it and goes on with zeros."""
    if size <= len(array):
        return array
    larger = np.zeros(max(size, 2 * len(array)), dtype=array.dtype)
    larger[: len(array)] = array
    return larger


def _is_one_letter(pattern: Pattern) -> bool:
    """A letter or a digit is in half of all texts; a Chinese character or a syllable says enough by itself."""
    first = pattern.elements[0]
    return len(pattern.elements) == 1 and (pattern.is_initials or (isinstance(first, int) and first < 128))


def _classes() -> Ranks:
    classes = np.full(0x10000, _OTHER, dtype=np.uint8)
    for unit in range(128):
        character = chr(unit)
        classes[unit] = _DIGIT if character.isdigit() else _LETTER if character.isalpha() else _SEPARATOR
    return classes


_CLASSES = _classes()
