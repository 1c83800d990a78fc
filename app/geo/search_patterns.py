"""Owns what a query can mean: the letters as they stand, syllables, or initials. Must not know what is searched.

Texts and queries are folded alike: compatibility forms (full width), letter case and white space make no difference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice, product

import numpy as np
import numpy.typing as npt

from app.geo.pinyin import Mask, Readings

Elements = tuple[int | Mask, ...]
"""What each place of a text has to be: this very code unit, or one of a set of them."""

LONGEST_QUERY = 48
_MOST_PATTERNS = 8
_MOST_BEGUN = 4
_NO_INITIALS = frozenset("iuv")
"""No syllable begins with them: a query that holds one is no row of initials."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What consecutive code units have to be, and what they are (`usual`) when no rare reading is needed for it.

    `is_initials` marks the weakest reading of a query.
    """

    elements: Elements
    usual: Elements = ()
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
    spelled = list(_spelled(runs, readings))
    begun = [] if spelled or len(runs) > 1 else islice(_begun_in_full(query, readings), _MOST_BEGUN)
    return [*spelled, *begun, *_initials(query, readings)]


def _spelled(runs: list[tuple[str, bool]], readings: Readings) -> Iterator[Pattern]:
    """Letters as syllables; what ends the query may be broken off, but a lone letter is an initial."""
    splits: list[list[tuple[str, ...]]] = []
    for index, (text, is_letters) in enumerate(runs, 1):
        is_last = index == len(runs)
        if not is_letters:
            splits.append([tuple(text)])
        elif not is_last or len(text) > 1:
            splits.append(readings.splits(text, may_break_off=is_last))
        else:
            return
    for way in islice(product(*splits), _MOST_PATTERNS):
        parts = tuple(chain.from_iterable(way))
        ends = runs[-1][1]
        yield _pattern(parts, len(parts) - 1 if ends else None, readings)


def _initials(query: str, readings: Readings) -> Iterator[Pattern]:
    if _NO_INITIALS.isdisjoint(query):
        yield _pattern(tuple(query), 0, readings, is_initials=True)


def _begun_in_full(letters: str, readings: Readings) -> Iterator[Pattern]:
    """Whole syllables first and initials after them: how people begin to type and then grow tired of it."""
    for end in range(len(letters) - 1, 1, -1):
        rest = letters[end:]
        if not _NO_INITIALS.isdisjoint(rest):
            return
        for split in readings.splits(letters[:end], may_break_off=False):
            yield _pattern((*split, *rest), len(split), readings, is_initials=True)


def _pattern(
    parts: tuple[str, ...], broken_from: int | None, readings: Readings, *, is_initials: bool = False
) -> Pattern:
    """Syllables and single other characters; from `broken_from` on syllables may go on."""
    kinds: list[Elements] = []
    for usual in (False, True):
        elements: list[int | Mask] = []
        for index, part in enumerate(parts):
            if _is_letter(part[0]):
                whole = broken_from is None or index < broken_from
                elements.append(readings.mask(part, whole=whole, usual=usual))
            else:
                elements.extend(units_of(part).tolist())
        kinds.append(tuple(elements))
    return Pattern(kinds[0], kinds[1], is_initials)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()
