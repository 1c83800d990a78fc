"""Owns the finding of rows by any part of their names, in arrays: 10,000 units are looked through in a millisecond.

Must not know what a row is. Reads numpy: import it only where the desk already stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from app.geo.pinyin import Readings

EXACT, ENDS, BEGINS, HOLDS = range(4)
"""How a query stands in a name. ENDS only for a query with a figure at its end: patrol 3 is not patrol 31."""
_BREAK: Final = 10
_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_LONGEST_QUERY: Final = 48

Slots = npt.NDArray[np.int64]
Tiers = npt.NDArray[np.int64]


class NameIndex:
    """Rows of folded names; an empty query finds every row."""

    def __init__(self, rows: Sequence[Iterable[str]]) -> None:
        texts, lengths = [], []
        for row in rows:
            text = "\n".join(dict.fromkeys(name.replace("\n", " ") for name in row if name))
            encoded = f"{text}\n".encode("utf-16-le", "surrogatepass")
            texts.append(encoded)
            lengths.append(len(encoded) // 2)
        self._units = np.frombuffer(b"\n\0" + b"".join(texts), dtype="<u2")
        self._owner = np.concatenate(([0], np.repeat(np.arange(len(rows)), lengths))).astype(np.int64)
        self._count = len(rows)

    def find(self, query: str) -> tuple[Slots, Tiers]:
        """Rows that hold the query, ascending, and how each holds it."""
        if not query:
            return np.arange(self._count), np.full(self._count, BEGINS)
        wanted = np.frombuffer(query[:_LONGEST_QUERY].encode("utf-16-le", "surrogatepass"), dtype="<u2")
        starts = np.flatnonzero(self._units[: len(self._units) - len(wanted)] == wanted[0])
        for offset, unit in enumerate(wanted[1:], 1):
            starts = starts[self._units[starts + offset] == unit]
        return self._best(starts, len(wanted), has_figure=query[-1].isdigit())

    def _best(self, starts: Slots, length: int, *, has_figure: bool) -> tuple[Slots, Tiers]:
        begins = self._units[starts - 1] == _BREAK
        ends = self._units[starts + length] == _BREAK
        tiers = np.where(begins, BEGINS, HOLDS)
        tiers[ends & has_figure] = ENDS
        tiers[begins & ends] = EXACT
        best = np.full(self._count, HOLDS + 1)
        np.minimum.at(best, self._owner[starts], tiers)
        slots = np.flatnonzero(best <= HOLDS)
        return slots, best[slots]


class Initials:
    """The first letters of how Chinese is read, by the usual reading of each character."""

    def __init__(self, readings: Readings) -> None:
        self._letter = np.zeros(0x10000, dtype=np.uint8)
        for letter in _LETTERS:
            self._letter[readings.mask(letter, whole=False, usual=True)] = ord(letter)

    def of(self, text: str) -> str:
        """ "rqjj" for a text of four characters; "" for one that holds no Chinese. Figures stay."""
        if text.isascii():
            return ""
        letters = (
            chr(self._letter[ord(c)]) if ord(c) < 0x10000 and self._letter[ord(c)] else c for c in text
        )
        return "".join(letters)
