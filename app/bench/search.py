"""The search box over 50,000 names, beside the plainest search there is.

Owns the made-up city and its questions. The baseline looks through a list of the same names with `in` and keeps the
first twelve sorted by nearness: no pinyin, no initials, no ranks.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from app.geo.finder import Finder
from app.geo.house_numbers import HouseNumbers
from app.geo.pinyin import Readings
from app.geo.search import TOP, Entry, SearchIndex

NAMES = 50_000
QUESTIONS = 600
LAT, LON = 31.2206, 121.4766
SEED = 20_261_122

_FIRST, _LAST = 0x4E00, 0x9FA5
_COMMON = 400
"""A city's names are made of few characters: the more a character repeats, the more a search has to weigh."""


def measured() -> dict[str, float]:
    """Figures: `search_p50_ms`, `search_p99_ms`, `search_worst_ms`; beside them `search_baseline_p99_ms`.

    `search_put_p99_ms` is a change of one entry, `search_build_s` the making of the whole index.
    """
    city = _City(random.Random(SEED))
    entries = [city.entry(number) for number in range(NAMES)]
    began_s = time.perf_counter()
    index = SearchIndex(entries, Readings())
    finder = Finder(index, HouseNumbers((e.address_zh, e.lat or 0.0, e.lon or 0.0) for e in entries))
    build_s = time.perf_counter() - began_s
    questions = [city.question(entries) for _ in range(QUESTIONS)]
    finder.find("warm", LAT, LON)
    found_ms = _timed(lambda query: finder.find(query, LAT, LON), questions)
    plain_ms = _timed(lambda query: _plain(entries, query), questions)
    return {
        "search_p50_ms": found_ms[len(found_ms) // 2],
        "search_p99_ms": found_ms[-(len(found_ms) // 100) - 1],
        "search_worst_ms": found_ms[-1],
        "search_baseline_p99_ms": plain_ms[-(len(plain_ms) // 100) - 1],
        "search_put_p99_ms": _timed(
            lambda number: index.put(city.entry(int(number), "!")), list(map(str, range(300)))
        )[-4],
        "search_build_s": build_s,
    }


def run() -> Iterator[dict[str, float | str]]:
    """One result for `main.py bench`."""
    yield {"bench": "search", "names": NAMES, **{name: round(value, 3) for name, value in measured().items()}}


def _timed(ask: Callable[[str], object], questions: list[str]) -> list[float]:
    """Milliseconds of each question, ascending."""
    taken_ms = []
    for question in questions:
        began_s = time.perf_counter()
        ask(question)
        taken_ms.append((time.perf_counter() - began_s) * 1e3)
    return sorted(taken_ms)


def _plain(entries: list[Entry], query: str) -> list[Entry]:
    hits = [entry for entry in entries if any(query in text for text in entry.texts)]
    return sorted(hits, key=lambda e: ((e.lat or 0.0) - LAT) ** 2 + ((e.lon or 0.0) - LON) ** 2)[:TOP]


class _City:
    """Names as a city has them: a few characters often, most seldom; roads with numbers; codes of 15 digits."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        characters = chance.sample([chr(unit) for unit in range(_FIRST, _LAST)], _COMMON)
        self._characters, self._weights = characters, [1 / (rank + 3) for rank in range(_COMMON)]
        self._syllables = [
            "".join(chance.choice(part) for part in ("bdfghjlmnpqrstwxz", "aeiou", ["", "n", "ng"]))
            for _ in range(300)
        ]
        self._roads = [self._chinese(2) for _ in range(900)]

    def entry(self, number: int, mark: str = "") -> Entry:
        chance = self._chance
        return Entry(
            chance.choice(("place", "place", "place", "road", "camera", "grid", "unit")),
            f"k{number}",
            self._chinese(chance.randint(4, 9)) + mark,
            " ".join(self._word() for _ in range(chance.randint(2, 4))),
            f"{chance.choice(self._roads)}{chance.randint(1, 999)}",
            code=f"3101980{number:08d}",
            lat=LAT + chance.uniform(-0.1, 0.1),
            lon=LON + chance.uniform(-0.1, 0.1),
            live=number % 50 == 0,
        )

    def question(self, entries: list[Entry]) -> str:
        """What officers type, letter by letter as well: a part of a name, of a word, a number, syllables, initials."""
        chance = self._chance
        entry = chance.choice(entries)
        begin = chance.randint(0, 2)
        return chance.choice(
            (
                entry.name_zh[begin : begin + chance.randint(1, 4)],
                entry.name_en[: chance.randint(1, 12)],
                entry.address_zh,
                entry.address_zh[:2] + " " + entry.address_zh[2:],
                entry.code[-chance.randint(1, 8) :],
                "".join(chance.choice(self._syllables) for _ in range(chance.randint(1, 3))),
                "".join(chance.choice("abcdfghjlmnpqrstwxyz") for _ in range(chance.randint(1, 4))),
            )
        )

    def _chinese(self, length: int) -> str:
        return "".join(self._chance.choices(self._characters, self._weights, k=length))

    def _word(self) -> str:
        return "".join(self._chance.choice(self._syllables) for _ in range(2)).title()
