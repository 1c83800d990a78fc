"""Reports of one matter found among 5,000 that come in, beside the rule of thumb of other desks.

Owns what is counted: the set that judges is made from another seed and other callers' texts than the one that trained
the rule. The baseline is: same type, within 200 m and 15 minutes.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from app.bench.duplicates_set import MINUTE_MS, Labelled, make_set, names_of_places
from app.duplicates.index import DuplicateIndex
from app.duplicates.report import Report
from app.duplicates.rule import Rule, away_m
from app.duplicates.rule_file import load_rule

JUDGING_SEED: Final = 2
JUDGING_PART: Final = 1
SUGGESTED: Final = 3
BASELINE_M, BASELINE_MIN = 200.0, 15
KNOWN: Final = 100_000
KNOWN_DAYS: Final = 30
QUESTIONS: Final = 1_000
PLAIN_EVERY: Final = 10

Finds = Callable[[Report], Sequence[str]]


def run() -> Iterator[dict[str, Any]]:
    """One result for `main.py bench`: precision and recall of suggestions, milliseconds of a look-up."""
    rule = load_rule().among(names_of_places())
    labelled = make_set(JUDGING_SEED, JUDGING_PART)
    found, plain = judged(Arriving(rule).take, labelled), judged(_Plain().take, labelled)
    index_ms, plain_ms = _look_ups(rule, labelled)
    figures, baseline = {**found, **index_ms}, {**plain, **plain_ms}
    yield {
        "bench": "duplicates",
        "figures": _rounded(figures),
        "baseline": _rounded(baseline),
        "ratio": _rounded(
            {name: figures[name] / baseline[name] for name in ("precision", "recall", "p99_ms")}
        ),
    }


def judged(take: Finds, labelled: Sequence[Labelled]) -> dict[str, float]:
    """`precision` of all that is suggested, `recall` of second reports for which a right one is among it."""
    matters = {one.report.id: one.matter for one in labelled}
    begun: set[int] = set()
    said = right = seconds = found = 0
    for one in labelled:
        same = [matters[other] == one.matter for other in take(one.report)]
        said, right = said + len(same), right + sum(same)
        if one.matter in begun:
            seconds, found = seconds + 1, found + any(same)
        begun.add(one.matter)
    return {
        "precision": right / said,
        "recall": found / seconds,
        "events": len(labelled),
        "duplicates": seconds,
    }


class Arriving:
    """What the desk says of each report as it comes in."""

    def __init__(self, rule: Rule) -> None:
        self._index = DuplicateIndex(rule)

    def take(self, report: Report) -> list[str]:
        suggestions = self._index.find(report, self._index.rule.threshold, SUGGESTED)
        self._index.put(report)
        return [suggestion.other.id for suggestion in suggestions]


class _Plain:
    """Same type within 200 m and 15 minutes, the nearest first."""

    def __init__(self) -> None:
        self._recent: deque[Report] = deque()

    def take(self, report: Report) -> list[str]:
        while self._recent and self._recent[0].at < report.at - BASELINE_MIN * MINUTE_MS:
            self._recent.popleft()
        same = [other for other in self._recent if other.incident_type == report.incident_type]
        near = [(metres, other.id) for other in same if (metres := away_m(report, other)) is not None]
        self._recent.append(report)
        return [other for metres, other in sorted(near) if metres <= BASELINE_M][:SUGGESTED]


def _look_ups(rule: Rule, labelled: Sequence[Labelled]) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds with 100,000 reports of a month, by the index and by looking through all of them, in turn."""
    index, known = DuplicateIndex(rule), _a_month(labelled)
    began_s = time.perf_counter()
    for report in known:
        index.put(report)
    put_us = (time.perf_counter() - began_s) / len(known) * 1e6
    dice = random.Random(JUDGING_SEED)
    asked = [replace(report, id=f"{report.id}?") for report in dice.sample(known, QUESTIONS)]
    index_ms, plain_ms = [], []
    for number, report in enumerate(asked):
        index_ms.append(_taken_ms(lambda r=report: index.find(r, rule.threshold, SUGGESTED)))  # type: ignore[misc]
        if number % PLAIN_EVERY == 0:
            plain_ms.append(_taken_ms(lambda r=report: _looked_through(known, r)))  # type: ignore[misc]
    return {"known": len(known), **_quantiles(index_ms), "put_us": put_us}, _quantiles(plain_ms)


def _looked_through(known: Sequence[Report], report: Report) -> list[str]:
    recent = [
        other
        for other in known
        if other.incident_type == report.incident_type
        and abs(other.at - report.at) <= BASELINE_MIN * MINUTE_MS
    ]
    return [o.id for o in recent if (metres := away_m(report, o)) is not None and metres <= BASELINE_M]


def _taken_ms(ask: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    ask()
    return (time.perf_counter() - began_s) * 1e3


def _quantiles(taken_ms: list[float]) -> dict[str, float]:
    ordered = sorted(taken_ms)
    return {"p50_ms": ordered[len(ordered) // 2], "p99_ms": ordered[-(len(ordered) // 100) - 1]}


def _a_month(labelled: Sequence[Labelled]) -> list[Report]:
    """The set over and over, each time beginning at another hour of the month."""
    dice = random.Random(JUDGING_SEED)
    made: list[Report] = []
    while len(made) < KNOWN:
        shift_ms = dice.randrange(KNOWN_DAYS * 1440) * MINUTE_MS
        made += [
            replace(one.report, id=f"{one.report.id}-{len(made)}", at=one.report.at + shift_ms)
            for one in labelled
        ]
    return made[:KNOWN]


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
