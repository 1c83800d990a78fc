"""Owns what a query can mean: the letters as they stand, syllables, or initials. Must not know what is searched.

Texts and queries are folded alike: compatibility forms (full width), letter case and white space make no difference.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import chain, groupby, islice, product

import numpy as np
import numpy.typing as npt

from app.geo.pinyin import Mask, Readings

Elements = tuple[int | Mask, ...]
"""What each place of a text has to be: this very code unit, or one of a set of them."""

LONGEST_QUERY = 48
_MOST_PATTERNS = 8


@dataclass(frozen=True, slots=True)
class Pattern:
    """What consecutive code units have to be. `is_initials` marks the weakest reading of a query."""

    elements: Elements
    is_initials: bool = False


def folded(text: str) -> str:
    """The text as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def squeezed(text: str) -> str:
    """Folded, without any white space: Chinese needs none, and people type it where they like."""
    return folded(text).replace(" ", "")


def units_of(text: str) -> npt.NDArray[np.uint16]:
    """UTF-16 code units, (n,)."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2").astype(np.uint16, copy=False)


def literal(text: str) -> Pattern:
    """The letters as they stand."""
    return Pattern(tuple(units_of(text).tolist()))


def readings_of(query: str, readings: Readings) -> list[Pattern]:
    """The ways in which a squeezed query may spell Chinese: whole syllables first, initials last."""
    query = query.replace("'", "")
    runs = [("".join(run), is_letters) for is_letters, run in groupby(query, key=_is_letter)]
    if not any(is_letters for _, is_letters in runs):
        return []
    spelled = [
        _spelled(text, readings, is_last=index == len(runs)) if is_letters else [literal(text).elements]
        for index, (text, is_letters) in enumerate(runs, 1)
    ]
    ways = islice(product(*spelled), _MOST_PATTERNS)
    return [*(Pattern(tuple(chain.from_iterable(way))) for way in ways), _initials(query, readings)]


def _spelled(letters: str, readings: Readings, *, is_last: bool) -> list[Elements]:
    """A run of letters as syllables; what ends the query may be broken off, but a lone letter is an initial."""
    if is_last and len(letters) == 1:
        return []
    ending = readings.mask if is_last else readings.mask_of_syllable
    return [
        (*map(readings.mask_of_syllable, split[:-1]), ending(split[-1]))
        for split in readings.splits(letters, may_break_off=is_last)
    ]


def _initials(query: str, readings: Readings) -> Pattern:
    elements = (readings.mask(c) if _is_letter(c) else literal(c).elements[0] for c in query)
    return Pattern(tuple(elements), is_initials=True)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()
