"""What a report says, in the pieces that the rule compares.

Owns the cutting of texts into pairs of characters, numbers with their unit, and marks that tell things apart. Must not
weigh them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from sys import intern
from typing import Final

from app.duplicates.report import Report
from app.duplicates.sound import Sounds, is_han, sounds_of

MOST_CHARACTERS = 400
"""Of a text that is longer the rest tells no more about which matter it is."""
_HEAD = 2
_PIECE = re.compile(r"[a-z]{2,}|[\u4e00-\u9fff]+")
_COUNTED = re.compile(r"(\d+)([\u4e00-\u9fff])")
_DOOR = re.compile(r"\d+")

Values = Mapping[str, frozenset[str]]
_NONE: Final[frozenset[str]] = frozenset()
_NO_VALUES: Final[Values] = {}
"""One for all reports that say nothing of the kind; pairs are interned: callers use the same words again and again."""


@dataclass(frozen=True, slots=True)
class Wording:
    """`pairs` are of two Han characters or a Latin word, places' names left out; `numbers` by unit, `marks` by group.

    `meant` are the groups of synonyms of which it says a word; they speak to reports of the same type only.
    `named` are the district's names that stand in the text, `addressed` those in the address; `name` and `door` are
    the address's sound and number, of a place that is only called by its name those of its street address.
    """

    pairs: frozenset[str]
    numbers: Values
    marks: Values
    matters: frozenset[str]
    meant: frozenset[str]
    named: frozenset[str]
    addressed: frozenset[str]
    name: Sounds
    door: str


class PlaceNames:
    """The names that a district has, to be found in a text; `addresses` are street addresses by what stands there."""

    def __init__(self, names: Iterable[str] = (), addresses: Mapping[str, str] | None = None) -> None:
        self._addresses = {_plain(name): address for name, address in (addresses or {}).items()}
        self._by_head: dict[str, list[str]] = {}
        for name in sorted(set(names), key=len, reverse=True):
            if len(name) >= _HEAD:
                self._by_head.setdefault(name[:_HEAD], []).append(name)

    def street_address(self, address: str) -> str | None:
        """Where that stands of which the address is but the name, "" where no street is known; None for any other."""
        return self._addresses.get(_plain(address))

    def parted(self, text: str) -> tuple[frozenset[str], str]:
        """The names in a text, the longest at each place, and the text without them."""
        found: set[str] = set()
        rest: list[str] = []
        at = 0
        while at < len(text):
            names = self._by_head.get(text[at : at + _HEAD], ())
            name = next((name for name in names if text.startswith(name, at)), "")
            if name:
                found.add(name)
            rest.append(" " if name else text[at])
            at += len(name) or 1
        return frozenset(found) if found else _NONE, "".join(rest)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words that callers use for one thing, Han as they stand, Latin ones as whole words; no `types` means all."""

    name: str
    words: tuple[str, ...]
    types: frozenset[str] = frozenset()

    def said(self, text: str, latin: Set[str]) -> str:
        """The first of the words that is said, "" for none; `latin` are the text's Latin words."""
        return next((word for word in self.words if (word in text if is_han(word[0]) else word in latin)), "")

    def counts_for(self, incident_type: str) -> bool:
        return not self.types or incident_type in self.types


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`exact_units` follow numbers that no two callers give differently; words of `groups` exclude each other.

    `matters` are the words under which callers speak of one thing, by its name.
    """

    exact_units: frozenset[str] = frozenset()
    groups: tuple[tuple[str, ...], ...] = ()
    matters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    places: PlaceNames = field(default_factory=PlaceNames)
    synonyms: tuple[Synonyms, ...] = ()


def wording_of(report: Report, vocabulary: Vocabulary) -> Wording:
    """The pieces of a report's title, description and address."""
    text = _text_of(report)
    named, rest = vocabulary.places.parted(text)
    street = _street_of(report, vocabulary.places)
    addressed, _ = vocabulary.places.parted(f"{report.address}\n{street}")
    door = _DOOR.search(street)
    return Wording(
        frozenset(_pairs(rest)),
        _numbers(rest, vocabulary.exact_units),
        _marks(rest, vocabulary.groups),
        frozenset(name for name, words in vocabulary.matters if any(word in rest for word in words)) or _NONE,
        frozenset(_meant(report.incident_type, rest, vocabulary)) or _NONE,
        named,
        addressed,
        sounds_of(street),
        door.group() if door else "",
    )


def _meant(incident_type: str, text: str, vocabulary: Vocabulary) -> Iterator[str]:
    latin = _latin(text)
    return (
        group.name
        for group in vocabulary.synonyms
        if group.counts_for(incident_type) and group.said(text, latin)
    )


def _latin(text: str) -> frozenset[str]:
    """The Latin words of a text, of what may be a plural the other form as well."""
    found = {piece for piece in _PIECE.findall(text) if not is_han(piece[0])}
    return frozenset(found | {word.removesuffix("s") for word in found}) if found else _NONE


def synonyms_said(one: Report, other: Report, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """What each of two reports of one type calls what both mean; None where that is one word, or nothing."""
    if one.incident_type != other.incident_type:
        return None
    texts = [vocabulary.places.parted(_text_of(report))[1] for report in (one, other)]
    for group in vocabulary.synonyms:
        if group.counts_for(one.incident_type):
            here, there = (group.said(text, _latin(text)) for text in texts)
            if here and there and here != there:
                return here, there
    return None


def _street_of(report: Report, places: PlaceNames) -> str:
    """What is compared as its address: officers choose places by name, callers and feeds say the street.

    A name sounds like no street; where none is known the position has to do.
    """
    street = places.street_address(report.address)
    return report.address if street is None or (not street and report.lat is None) else street


def _plain(name: str) -> str:
    return name.strip().casefold()


def _text_of(report: Report) -> str:
    return f"{report.title}\n{report.description}"[:MOST_CHARACTERS].lower()


def _pairs(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(text):
        if is_han(piece[0]):
            yield from (intern(piece[i : i + 2]) for i in range(len(piece) - 1))
        else:
            yield intern(piece)


def _numbers(text: str, units: frozenset[str]) -> Values:
    found: dict[str, set[str]] = {}
    for number, unit in _COUNTED.findall(text):
        if unit in units:
            found.setdefault(unit, set()).add(number)
    return {unit: frozenset(values) for unit, values in found.items()} if found else _NO_VALUES


def _marks(text: str, groups: tuple[tuple[str, ...], ...]) -> Values:
    found = {str(n): frozenset(word for word in group if word in text) for n, group in enumerate(groups)}
    return {group: words for group, words in found.items() if words} or _NO_VALUES


def common_words(one: Report, other: Report, most: int = 3) -> tuple[str, ...]:
    """The longest words that both say, as they stand in the first; the order is that of the first.

    A run of Han characters is a word wherever it stands, a Latin word only as a whole.
    """
    said = _text_of(other)
    whole = {piece for piece in _PIECE.findall(said) if not is_han(piece[0])}
    found: dict[str, None] = {}
    for piece in _PIECE.findall(_text_of(one)):
        found.update(dict.fromkeys(_runs(piece, said) if is_han(piece[0]) else {piece} & whole))
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
