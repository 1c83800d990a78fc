"""A labelled day of reports: which of them tell of one matter, known because it was made so.

Owns the making of the set from the simulator's templates and the demo district. Must not know the rule that is judged
by it. The same seed gives the same set.
"""

from __future__ import annotations

import math
import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.instants import Instant
from app.drill.gazetteer import Gazetteer, Spot
from app.drill.ground import Ground
from app.drill.templates import Template, TemplateBook, load_templates
from app.duplicates.report import Report
from app.geo.district import load_district
from app.geo.pinyin import usual_reading
from app.paths import bundled_data_dir

EVENTS: Final = 5_000
DUPLICATES: Final = 0.15
HARD: Final = 0.25
"""Shares of the set: second reports of a matter, and other matters made to look like one that is there."""
DAYS: Final = 5
TOLD_BY_CALLERS: Final = 0.6
LATEST_MIN: Final = 45.0
MINUTE_MS: Final = 60_000
METRES_PER_DEGREE: Final = 111_320.0
BEGAN_AT: Final = 1_795_000_000_000
CROSSROADS: Final = 4
CROSSROADS_KIND: Final = "busy crossroads"
SLOW: Final = frozenset({"facility", "environment"})
"""Types of which a second report may come hours later: nobody leaves the spot, nobody is in danger."""
SLOW_LATEST_MIN: Final = 360.0
_SOURCES = ("110", "12345", "app")
_DOOR_AT_END = re.compile(r"\d+.?$")
_LIKE_DIGITS = {"1": "7", "7": "1", "6": "9", "9": "6", "4": "10", "2": "5", "5": "2"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """`matter` is the same for all reports of one matter; `kind` says how the report came about."""

    report: Report
    matter: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Matter:
    """What happens where and when, before anybody reports it; an empty `caller` is anybody."""

    template: Template
    spot: Spot
    at: Instant
    kind: str
    caller: str = ""


@dataclass(frozen=True, slots=True)
class _First:
    """A matter's first report with what it was made of."""

    labelled: Labelled
    template: Template
    spot: Spot
    values: dict[str, str]
    things: frozenset[int]
    """Which of the things that its template speaks of."""


def make_set(seed: int, part: int, events: int = EVENTS) -> list[Labelled]:
    """The set in the order of time; `part` 0 or 1 chooses which of the second callers' texts are used."""
    return _Making(random.Random(seed), part).all(events)


class _Making:
    def __init__(self, dice: random.Random, part: int) -> None:
        self._dice, self._part = dice, part
        self._book, self._gazetteer, told = _sources()
        self._told, self._taken_for = told["told"], told["taken_for"]
        self._several = told["things"]
        self._thing = {name: names[0] for names in told["same_thing"] for name in names}
        junctions = self._gazetteer.spots(("junction",))
        self._crossroads = dice.sample(junctions, CROSSROADS)
        self._count = 0
        self._begun: dict[tuple[str, str], list[Instant]] = {}

    def all(self, events: int) -> list[Labelled]:
        duplicates, hard = round(events * DUPLICATES), round(events * HARD)
        firsts = [self._first(self._plain) for _ in range(events - duplicates - hard)]
        hards = [self._first(lambda: self._hard(self._dice.choice(firsts))) for _ in range(hard)]
        seconds = [self._second(self._dice.choice(firsts)) for _ in range(duplicates)]
        made = [first.labelled for first in (*firsts, *hards)] + seconds
        return sorted(made, key=lambda labelled: (labelled.report.at, labelled.report.id))

    # -- matters -----------------------------------------------------------------------------------------------------

    def _plain(self) -> _Matter:
        at = BEGAN_AT + int(self._dice.random() * DAYS * 1440 * MINUTE_MS)
        template = self._book.drawn("incident.reported", self._dice)
        return _Matter(template, self._spot(template), at, "plain")

    def _spot(self, template: Template) -> Spot:
        return self._dice.choice(self._gazetteer.spots(template.where))

    def _first(self, make: Callable[[], _Matter]) -> _First:
        """The first report of a matter that nobody would take for one that goes on at the same spot."""
        while self._goes_on(matter := make()):
            pass
        self._begun.setdefault(self._thing_at(matter), []).append(matter.at)
        story = self._book.story(matter.template, matter.spot, self._dice)
        self._count += 1
        lat, lon = self._moved(matter.spot.lat, matter.spot.lon, 12.0)
        title, description, things = self._of_one_thing(matter.template, story.values)
        report = Report(
            f"e{self._count:05d}",
            matter.at,
            matter.template.type,
            title,
            description,
            matter.spot.address,
            lat,
            lon,
            matter.caller or (story.fields["reporter"] or {}).get("phone", ""),
            story.fields["source"],
        )
        labelled = Labelled(report, self._count, matter.kind)
        return _First(labelled, matter.template, matter.spot, story.values, things)

    def _goes_on(self, matter: _Matter) -> bool:
        """The same kind of thing at the same spot so soon is the same thing, whoever made the set."""
        begun = self._begun.get(self._thing_at(matter), ())
        apart_min = 10 if matter.kind == CROSSROADS_KIND else 840 if matter.template.type in SLOW else 180
        return any(abs(matter.at - at) < apart_min * MINUTE_MS for at in begun)

    def _thing_at(self, matter: _Matter) -> tuple[str, str]:
        name = matter.template.name
        return self._thing.get(name, name), matter.spot.name

    # -- other matters that look like one ----------------------------------------------------------------------------

    def _hard(self, like: _First) -> _Matter:
        make = self._dice.choices(
            (self._same_place, self._same_type_near, self._same_time, self._at_crossroads, self._same_caller),
            (25, 25, 10, 20, 20),
        )[0]
        return make(like)

    def _after(self, like: _First, least_min: float, most_min: float) -> Instant:
        return like.labelled.report.at + int(self._dice.uniform(least_min, most_min) * MINUTE_MS)

    def _other_template(self, like: _First) -> Template:
        while (template := self._book.drawn("incident.reported", self._dice)) is like.template:
            pass
        return template

    def _same_place(self, like: _First) -> _Matter:
        template = self._other_template(like)
        return _Matter(template, like.spot, self._after(like, 1, 45), "same place, other matter")

    def _same_type_near(self, like: _First) -> _Matter:
        near = [
            spot
            for spot in self._gazetteer.spots(like.template.where)
            if 60 < _metres(spot, like.spot) < 350 and spot.name != like.spot.name
        ]
        spot = self._dice.choice(near) if near else self._spot(like.template)
        return _Matter(like.template, spot, self._after(like, 0, 20), "same type near by")

    def _same_time(self, like: _First) -> _Matter:
        template = self._book.drawn("incident.reported", self._dice)
        return _Matter(template, self._spot(template), self._after(like, 0, 1), "same time")

    def _at_crossroads(self, like: _First) -> _Matter:
        """One accident after the other where the traffic is."""
        template = self._book.named(self._dice.choice(("crash", "hit_and_run")))
        return _Matter(
            template, self._dice.choice(self._crossroads), self._after(like, 0, 600), CROSSROADS_KIND
        )

    def _same_caller(self, like: _First) -> _Matter:
        caller = like.labelled.report.caller
        template = self._other_template(like)
        spot = like.spot if self._dice.random() < 0.4 else self._spot(template)
        return _Matter(template, spot, self._after(like, 2, 60), "caller with another matter", caller)

    # -- second reports ----------------------------------------------------------------------------------------------

    def _second(self, of: _First) -> Labelled:
        dice, first = self._dice, of.labelled.report
        self._count += 1
        report = replace(
            self._retold(of),
            id=f"e{self._count:05d}",
            at=first.at + int(self._late_min(first.incident_type) * MINUTE_MS),
            incident_type=self._heard_type(first.incident_type),
            caller=self._second_caller(first.caller),
            source=dice.choice(_SOURCES),
        )
        return Labelled(report, of.labelled.matter, "second report")

    def _late_min(self, incident_type: str) -> float:
        dice = self._dice
        if incident_type in SLOW and dice.random() < 0.3:
            return dice.uniform(LATEST_MIN, SLOW_LATEST_MIN)
        return (
            dice.uniform(0, LATEST_MIN) if dice.random() < 0.35 else min(LATEST_MIN, dice.expovariate(1 / 9))
        )

    def _retold(self, of: _First) -> Report:
        """The same matter in another's words, at the place as he gives it."""
        values = self._seen_by_another(of)
        while True:
            title, description = self._in_words(of.template, dict(values))
            if self._things(of.template, title + description) <= of.things:
                break
        return self._placed(replace(of.labelled.report, title=title, description=description))

    def _of_one_thing(self, template: Template, values: dict[str, str]) -> tuple[str, str, frozenset[int]]:
        while True:
            title, description = self._in_words(template, values)
            things = self._things(template, title + description)
            if len(things) == 1 or template.name not in self._several:
                return title, description, things

    def _things(self, template: Template, text: str) -> frozenset[int]:
        several = self._several.get(template.name, ())
        return frozenset(n for n, words in enumerate(several) if any(word in text for word in words))

    def _in_words(self, template: Template, values: dict[str, str]) -> tuple[str, str]:
        """Title and description, as a source writes them or as a caller tells them; some say no more than a title."""
        dice = self._dice
        titles: Sequence[str] = template.titles
        descriptions: Sequence[str] = template.descriptions
        if dice.random() < TOLD_BY_CALLERS:
            told = self._told[template.name]
            titles, descriptions = told["titles"][self._part :: 2], told["descriptions"][self._part :: 2]
        title = self._book.filled(dice.choice(titles), values, dice)
        says_more = dice.random() < 0.85
        return title, self._book.filled(dice.choice(descriptions), values, dice) if says_more else ""

    def _seen_by_another(self, of: _First) -> dict[str, str]:
        """Counts are guessed anew, colours and makes now and then; a place is misheard or named by its road."""
        unsure = {"many": 1.0, "minutes": 1.0, "metres": 1.0, "few": 0.4, "colour": 0.1, "vehicle": 0.15,
                  "door": 0.15, "floor": 0.1, "old_age": 0.3, "age": 0.1, "yuan": 0.1, "cause": 0.1}  # fmt: skip
        values = {
            name: value for name, value in of.values.items() if self._dice.random() >= unsure.get(name, 0.0)
        }
        chance = self._dice.random()
        if chance < 0.1:
            values["place"] = self._misheard(values["place"])
        elif chance < 0.2:
            values["place"] = _DOOR_AT_END.sub("", of.spot.address)
        return values

    def _placed(self, report: Report) -> Report:
        """Where the second report says it is: on the spot, near it, misheard, or by words alone."""
        dice = self._dice
        assert report.lat is not None
        assert report.lon is not None
        chance = dice.random()
        if chance < 0.30:
            lat, lon = self._moved(report.lat, report.lon, 12.0)
            return replace(report, lat=lat, lon=lon)
        if chance < 0.70:
            lat, lon = self._moved(report.lat, report.lon, 45.0)
            address = report.address if dice.random() < 0.5 else ""
            return replace(report, lat=lat, lon=lon, address=address)
        misheard = self._misheard(report.address)
        if chance < 0.85:
            return replace(report, lat=None, lon=None, address=misheard)
        lat, lon = self._moved(report.lat, report.lon, dice.uniform(60, 300))
        return replace(report, lat=lat, lon=lon, address=misheard)

    def _heard_type(self, said: str) -> str:
        chance = self._dice.random()
        if chance < 0.75:
            return said
        return self._dice.choice(self._taken_for.get(said, ["other"])) if chance < 0.9 else "other"

    def _second_caller(self, first: str) -> str:
        chance = self._dice.random()
        if chance < 0.12:
            return first
        return f"12{self._dice.randrange(10**9):09d}" if chance < 0.85 else ""

    # -- mishearing --------------------------------------------------------------------------------------------------

    def _misheard(self, name: str) -> str:
        """One syllable for another of the same or a like sound, two digits swapped, or one character lost."""
        dice = self._dice
        letters = list(name)
        digits = [i for i, letter in enumerate(letters) if letter.isdigit()]
        names = [i for i, letter in enumerate(letters) if not letter.isdigit()][:-1]
        if digits and dice.random() < 0.5:
            self._mishear_digits(letters, digits)
        if names and (not digits or dice.random() < 0.7):
            place = dice.choice(names)
            letters[place] = "" if dice.random() < 0.12 else self._heard_as(letters[place])
        return "".join(letters)

    def _mishear_digits(self, letters: list[str], digits: list[int]) -> None:
        if len(digits) > 1 and self._dice.random() < 0.6:
            i = self._dice.randrange(len(digits) - 1)
            one, other = digits[i], digits[i + 1]
            letters[one], letters[other] = letters[other], letters[one]
        else:
            place = self._dice.choice(digits)
            letters[place] = _LIKE_DIGITS.get(letters[place], letters[place])

    def _heard_as(self, character: str) -> str:
        """Mostly a homophone, sometimes a character of a neighbouring sound, sometimes any other."""
        syllable = usual_reading(character)
        chance = self._dice.random()
        by_sound = _characters_by_sound()
        if chance < 0.6:
            heard = by_sound.get(syllable, [character])
        elif chance < 0.85:
            alike = sorted(s for s in by_sound if s != syllable and s[-2:] == syllable[-2:])
            heard = by_sound[self._dice.choice(alike)] if alike else [character]
        else:
            heard = by_sound[self._dice.choice(sorted(by_sound))]
        return self._dice.choice(heard)

    def _moved(self, lat: float, lon: float, sigma_m: float) -> tuple[float, float]:
        north, east = (max(-3 * sigma_m, min(3 * sigma_m, self._dice.gauss(0, sigma_m))) for _ in "ne")
        return (
            round(lat + north / METRES_PER_DEGREE, 6),
            round(lon + east / METRES_PER_DEGREE / math.cos(math.radians(lat)), 6),
        )


def _metres(one: Spot, other: Spot) -> float:
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(one.lat - other.lat, east) * METRES_PER_DEGREE


@cache
def _sources() -> tuple[TemplateBook, Gazetteer, dict[str, Any]]:
    data = bundled_data_dir()
    district = load_district(data / "districts" / "demo")
    drills: Path = data / "drills"
    told = tomllib.loads((drills / "second_reports.toml").read_text(encoding="utf-8"))
    return load_templates(drills / "templates.toml"), Gazetteer(district, Ground(district)), told


def names_of_places() -> frozenset[str]:
    """What the district's places and roads are called: the desk knows them too."""
    district = load_district(bundled_data_dir() / "districts" / "demo")
    return frozenset(
        name for name in (*(p.name_zh for p in district.places), *(r.name_zh for r in district.roads))
    )


@cache
def _characters_by_sound() -> dict[str, list[str]]:
    """The characters of the first level of the national set, in which names are written, by how they are read."""
    found: dict[str, list[str]] = {}
    for character in _first_level():
        found.setdefault(usual_reading(character), []).append(character)
    return found


def _first_level() -> Iterator[str]:
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            if (row, cell) <= (0xD7, 0xF9):
                yield bytes((row, cell)).decode("gb2312")
