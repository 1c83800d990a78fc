"""Owns how Chinese characters are read: every toneless syllable of each. Must not choose between readings.

The dictionary is a library that takes a moment and some megabytes: `Readings` is made off the Qt thread.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Units = npt.NDArray[np.uint16]
Mask = npt.NDArray[np.bool_]

_VOWELS = frozenset("aeiouv")
_MARKS = dict.fromkeys(range(768, 880))
_UNITS = 0x10000
_MOST_SPLITS = 8
_LONGEST_SYLLABLE = 6
_SLICE = 1_000
"""Characters that are looked at in one go: what is done in one go keeps every other thread waiting."""


class Readings:
    """Which characters are read how; only those of the basic plane, which holds every name in use.

    A character of several readings stands under each of them, so that no reading has to be guessed; which one comes
    first in the dictionary, and so is the usual one, is known as well.
    """

    def __init__(self) -> None:
        self._usual, self._others = _units_by_syllable()
        syllables = self._usual.keys() | self._others.keys()
        self._syllables = frozenset(syllables)
        self._prefixes = frozenset(s[:length] for s in syllables for length in range(1, len(s) + 1))
        self.mask = lru_cache(maxsize=128)(self._mask)

    def _mask(self, letters: str, *, whole: bool, usual: bool) -> Mask:
        """Of all code units: which have a reading that is (`whole`) or begins with these letters.

        With `usual` only the first reading of each counts.
        """
        mask = np.zeros(_UNITS, dtype=np.bool_)
        for units_by_syllable in (self._usual,) if usual else (self._usual, self._others):
            for syllable, units in units_by_syllable.items():
                if syllable == letters if whole else syllable.startswith(letters):
                    mask[units] = True
        return mask

    def splits(self, letters: str, *, may_break_off: bool) -> list[tuple[str, ...]]:
        """Ways to read letters as syllables, long ones first; the last may be a syllable's beginning. At most a few."""
        ways: list[list[tuple[str, ...]]] = [[] for _ in letters] + [[()]]
        for start in range(len(letters) - 1, -1, -1):
            found = ways[start]
            if may_break_off and letters[start:] in self._prefixes:
                found.append((letters[start:],))
            for length in range(min(_LONGEST_SYLLABLE, len(letters) - start), 0, -1):
                head, tails = letters[start : start + length], ways[start + length]
                is_last = start + length == len(letters)
                if head in self._syllables and not (is_last and may_break_off):
                    found.extend((head, *tail) for tail in tails[: _MOST_SPLITS - len(found)])
        return ways[0]


def _units_by_syllable() -> tuple[dict[str, Units], dict[str, Units]]:
    """Code units by their first reading, and by any other."""
    usual: dict[str, list[int]] = defaultdict(list)
    others: dict[str, list[int]] = defaultdict(list)
    for unit, readings in _dictionary():
        found = usual
        for syllable in readings.split(","):
            if not _VOWELS.isdisjoint(syllable):
                found[syllable].append(unit)
                if "v" in syllable:
                    found[syllable.replace("v", "u")].append(unit)
                found = others
    return _as_arrays(usual), _as_arrays(others)


def _as_arrays(units_by_syllable: dict[str, list[int]]) -> dict[str, Units]:
    return {syllable: np.array(units, dtype=np.uint16) for syllable, units in units_by_syllable.items()}


def _dictionary() -> Iterator[tuple[int, str]]:
    """(code unit, its readings without tones, parted by commas); u with a diaeresis is written v."""
    readings = _library()
    units = [unit for unit in readings if unit < _UNITS]
    for start in range(0, len(units), _SLICE):
        some = units[start : start + _SLICE]
        text = unicodedata.normalize("NFD", "\n".join(readings[unit] for unit in some))
        plain = text.replace("u\u0308", "v").translate(_MARKS)
        yield from zip(some, plain.split("\n"), strict=True)


@lru_cache(maxsize=8_192)
def usual_reading(character: str) -> str:
    """The toneless syllable that a character usually has, "v" for u with a diaeresis; "" for none that is known."""
    first = _library().get(ord(character), "").partition(",")[0]
    return unicodedata.normalize("NFD", first).replace("u\u0308", "v").translate(_MARKS)


def _library() -> dict[int, str]:
    # The library's phrases choose one reading of several: 45 MB for what is not wanted here.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict
