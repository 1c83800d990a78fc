"""What a report says, in the pieces that the rule compares.

Owns the cutting of texts into pairs of characters, numbers with their unit, and marks that tell things apart. Must not
weigh them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.duplicates.report import Report
from app.duplicates.sound import Sounds, is_han, sounds_of

MOST_CHARACTERS = 400
"""Of a text that is longer the rest tells no more about which matter it is."""
_PIECE = re.compile(r"[a-z]{2,}|[\u4e00-\u9fff]+")
_COUNTED = re.compile(r"(\d+)([\u4e00-\u9fff])")
_DOOR = re.compile(r"\d+")

Values = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Wording:
    """`pairs` are of two Han characters or a Latin word; `numbers` by unit, `marks` by group."""

    pairs: frozenset[str]
    numbers: Values
    marks: Values
    name: Sounds
    door: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`exact_units` follow numbers that no two callers give differently; `groups` are words that exclude each other."""

    exact_units: frozenset[str] = frozenset()
    groups: tuple[tuple[str, ...], ...] = ()


def wording_of(report: Report, vocabulary: Vocabulary) -> Wording:
    """The pieces of a report's title, description and address."""
    text = f"{report.title}\n{report.description}"[:MOST_CHARACTERS].lower()
    door = _DOOR.search(report.address)
    return Wording(
        frozenset(_pairs(text)),
        _numbers(text, vocabulary.exact_units),
        _marks(text, vocabulary.groups),
        sounds_of(report.address),
        door.group() if door else "",
    )


def _pairs(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(text):
        if is_han(piece[0]):
            yield from (piece[i : i + 2] for i in range(len(piece) - 1))
        else:
            yield piece


def _numbers(text: str, units: frozenset[str]) -> Values:
    found: dict[str, set[str]] = {}
    for number, unit in _COUNTED.findall(text):
        if unit in units:
            found.setdefault(unit, set()).add(number)
    return {unit: frozenset(values) for unit, values in found.items()}


def _marks(text: str, groups: tuple[tuple[str, ...], ...]) -> Values:
    found = {str(n): frozenset(word for word in group if word in text) for n, group in enumerate(groups)}
    return {group: words for group, words in found.items() if words}


def common_words(one: Report, other: Report, most: int = 3) -> tuple[str, ...]:
    """The longest words that both say, as they stand in the first; the order is that of the first."""
    said = f"{other.title}\n{other.description}"[:MOST_CHARACTERS].lower()
    found: dict[str, None] = {}
    for piece in _PIECE.findall(f"{one.title}\n{one.description}"[:MOST_CHARACTERS].lower()):
        found.update(dict.fromkeys(_runs(piece, said)))
    longest = sorted(found, key=len, reverse=True)[:most]
    return tuple(word for word in found if word in longest)


def _runs(piece: str, said: str) -> Iterator[str]:
    """Stretches of the piece, as long as they go, that are said as well."""
    start = 0
    while start < len(piece) - 1:
        end = start + 2
        if piece[start:end] not in said:
            start += 1
            continue
        while end < len(piece) and piece[start : end + 1] in said:
            end += 1
        yield piece[start:end]
        start = end
