"""How likely two reports tell of one matter.

Owns what is compared and how it is weighed. Must not know the desk or where reports are kept; weights and thresholds
are data (data/duplicates.toml), read by rule_file.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import mul
from typing import Final

from app.duplicates.report import Report
from app.duplicates.sound import digits_likeness, likeness
from app.duplicates.wording import PlaceNames, Values, Vocabulary, Wording, wording_of
from app.geo.coordinates import distance_m

MINUTE_MS: Final = 60_000
FEATURES: Final = (
    "place", "near", "spoken", "far", "placeless", "nameless", "other_door", "same_named", "other_named",
    "recent", "gap", "same_type", "near_type", "same_matter", "other_matter",
    "words", "same_numbers", "other_numbers", "other_marks", "same_caller", "caller_matter",
    "place_matter", "place_words",
)  # fmt: skip
"""All between 0 and 1, none dependent on which report comes first; each has its weight in the file."""
_COMPARED_LAST: Final = FEATURES.index("words")
ANY_TYPE: Final = "other"
_NEAR_M, _FAR_M = 80.0, 1_000.0
_SEEN_AS_NEAR_M = 100.0
_RECENT_SHARE = 8.0
_MOST_TOLD_APART = 2
_NO_DOOR, _SAME_ROAD = 0.5, 0.3
"""What one address without a number is worth, and two houses of one road."""


@dataclass(frozen=True, slots=True)
class Busy:
    """What makes a place one where the same happens again and again; `since_ms` and `until_ms` before a report."""

    weight: float
    metres: float
    since_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Rule:
    """`threshold` is for what the desk says by itself, `hint` for the list under a form that is being filled in.

    `beside` is how much less likely than the likeliest one another may be to be named beside it.
    """

    bias: float
    weights: tuple[float, ...]
    threshold: float
    hint: float
    beside: float
    busy: Busy
    window_ms: Mapping[str, int]
    default_window_ms: int
    radius_m: float
    near_types: frozenset[tuple[str, str]]
    vocabulary: Vocabulary
    most_details: float = field(init=False)
    """What all details together can add."""

    def __post_init__(self) -> None:
        details = sum(weight for weight in self.weights[_COMPARED_LAST:-2] if weight > 0)
        object.__setattr__(self, "most_details", details)

    def among(self, names: Iterable[str], addresses: Mapping[str, str] | None = None) -> Rule:
        """The rule where these are names of places; `addresses` are the street addresses of what is called so."""
        return replace(self, vocabulary=replace(self.vocabulary, places=PlaceNames(names, addresses)))

    def window_of(self, incident_type: str) -> int:
        """How long before or after a report of this type another one can be of the same matter, in ms."""
        return self.window_ms.get(incident_type, self.default_window_ms)

    def type_likeness(self, one: str, other: str) -> float:
        """1 the same, 0.5 such as are taken for each other, 0 others."""
        if one == other:
            return 1.0
        pair = (one, other) if one < other else (other, one)
        return 0.5 if ANY_TYPE in pair or pair in self.near_types else 0.0

    def score(self, one: Told, other: Told, least: float = 0.0) -> float:
        """The likelihood, 0 to 1, that both tell of one matter; the same from either side.

        0 where place, time and matter alone show that it cannot be `least`: most pairs are told apart by these.
        """
        place, matter = _place(one, other), self._matter(one, other)
        known = (*place, *self._time(one.report, other.report), *matter)
        z = self.bias + sum(map(mul, self.weights, known))
        if least and z + self._most_else(place[0], matter[2]) < math.log(least / (1 - least)):
            return 0.0
        words = overlap(one.wording, other.wording)
        rest = self._rest(one, other, place[0], matter[2], words)
        z += sum(map(mul, self.weights[len(known) :], rest))
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, z))))

    def calmed(self, score: float, earlier: int) -> float:
        """The likelihood where `earlier` others of this matter were at this place before: less, the more they were."""
        if not earlier or not 0.0 < score < 1.0:
            return score
        z = math.log(score / (1.0 - score)) - self.busy.weight * math.log1p(earlier)
        return 1.0 / (1.0 + math.exp(-z))

    def _most_else(self, place: float, same_matter: float) -> float:
        """What is left to look at can add no more than this."""
        with_place = same_matter * max(0.0, self.weights[-2]) + max(0.0, self.weights[-1])
        return self.most_details + place * with_place

    def features(self, one: Told, other: Told) -> tuple[float, ...]:
        """The values of FEATURES."""
        place, matter = _place(one, other), self._matter(one, other)
        words = overlap(one.wording, other.wording)
        rest = self._rest(one, other, place[0], matter[2], words)
        return (*place, *self._time(one.report, other.report), *matter, *rest)

    @staticmethod
    def _rest(one: Told, other: Told, place: float, same_matter: float, words: float) -> tuple[float, ...]:
        """The features from words on: what takes longest to compare."""
        details = _details(one.wording, other.wording)
        return (words, *details, *_caller(one, other), place * same_matter, place * words)

    def _time(self, one: Report, other: Report) -> tuple[float, float]:
        window_ms = min(self.window_of(one.incident_type), self.window_of(other.incident_type))
        share = min(1.0, abs(one.at - other.at) / window_ms)
        return math.exp(-_RECENT_SHARE * share), share

    def _matter(self, one: Told, other: Told) -> tuple[float, float, float, float]:
        """same_type, near_type, same_matter, other_matter; what is of the same type is of a near one too."""
        types = self.type_likeness(one.report.incident_type, other.report.incident_type)
        a, b = one.wording.matters, other.wording.matters
        same = _same_matter(one, other)
        apart = bool(a and b) and not same
        return float(types == 1.0), float(types > 0.0), float(same), float(apart)


@dataclass(frozen=True, slots=True)
class Told:
    """A report with its pieces, cut once."""

    report: Report
    wording: Wording


def told(report: Report, vocabulary: Vocabulary) -> Told:
    return Told(report, wording_of(report, vocabulary))


def _same_matter(one: Told, other: Told) -> bool:
    """By what callers call it; words that mean the same count between reports of the same type only."""
    a, b = one.wording, other.wording
    if not a.matters.isdisjoint(b.matters):
        return True
    return one.report.incident_type == other.report.incident_type and not a.meant.isdisjoint(b.meant)


def away_m(one: Report, other: Report) -> float | None:
    """Metres between two reports; None where one has no position."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return distance_m(one.lat, one.lon, other.lat, other.lon)


def overlap(a: Wording, b: Wording) -> float:
    """The share of the shorter text's pairs that the longer one has too."""
    least = min(len(a.pairs), len(b.pairs))
    return len(a.pairs & b.pairs) / least if least else 0.0


def _place(one: Told, other: Told) -> tuple[float, ...]:
    """The features from place to other_named: by position, by the address's sound, by the names in the words."""
    metres = away_m(one.report, other.report)
    a, b = one.wording, other.wording
    near = math.exp(-metres / _NEAR_M) if metres is not None else 0.0
    far = min(1.0, max(0.0, metres - _SEEN_AS_NEAR_M) / _FAR_M) if metres is not None else 0.0
    doors = digits_likeness(a.door, b.door) if a.door and b.door else _NO_DOOR
    spoken = likeness(a.name, b.name) ** 1.5 * (_SAME_ROAD + (1 - _SAME_ROAD) * doors)
    return (
        max(near, spoken),
        near,
        spoken,
        far,
        float(metres is None),
        float(not (a.name and b.name)),
        float(doors == 0.0),
        *_named(a, b),
    )


def _named(a: Wording, b: Wording) -> tuple[float, float]:
    """same_named, other_named: of the places in the words, not of the road that both addresses share."""
    same = not a.named.isdisjoint(b.named | b.addressed) or not b.named.isdisjoint(a.addressed)
    return float(same), float(bool(a.named and b.named) and not same)


def _details(a: Wording, b: Wording) -> tuple[float, float, float]:
    same_numbers, other_numbers = _told_apart(a.numbers, b.numbers)
    return same_numbers, other_numbers, _told_apart(a.marks, b.marks)[1]


def _caller(one: Told, other: Told) -> tuple[float, float]:
    same = float(one.report.caller != "" and one.report.caller == other.report.caller)
    return same, same * float(_same_matter(one, other))


def _told_apart(a: Values, b: Values) -> tuple[float, float]:
    """Of what both speak of: how much agrees and how much excludes each other, each at most 1."""
    agree = apart = 0
    for about in a.keys() & b.keys():
        if a[about].isdisjoint(b[about]):
            apart += 1
        else:
            agree += 1
    return min(agree, _MOST_TOLD_APART) / _MOST_TOLD_APART, min(apart, _MOST_TOLD_APART) / _MOST_TOLD_APART
