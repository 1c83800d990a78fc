"""Recommendations: how long one takes beside a bare search over the same roads, and what they are worth in a drill.

Owns what is counted; docs/dispatch.md says how. The ratio of time is that of the median question to a bare scipy
dijkstra for each mode of travel on the same three graphs, interleaved.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from app.bench import dispatch_drill, dispatch_run
from app.bench.dispatch_foretold import Foretold
from app.bench.dispatch_hindsight import hindsight
from app.bench.dispatch_run import Outcome, make_day, play
from app.bench.dispatch_town import at_work, city, people, place
from app.centre.types_file import load_incident_types
from app.dispatch.candidates import Question
from app.dispatch.coverage import Reach, coverage
from app.dispatch.engaged import Engaged
from app.dispatch.force import TRAVELS, Force
from app.dispatch.joint import Place, compare
from app.dispatch.kinds import load_kinds
from app.dispatch.recommendation import Recommendation, recommend
from app.dispatch.run_card_file import load_run_cards
from app.dispatch.waiting import solve_together
from app.domain.incident import Incident
from app.domain.unit import Unit
from app.geo.road_graph import RoadGraph
from app.journal.store import TrackPoint

SIDE: Final = 142
UNITS: Final = 10_000
QUESTIONS: Final = 100
LISTED: Final = 100
MOVED: Final = 1_000
TOGETHER: Final = (200, 2_000)
DAYS: Final = (21, 22, 23, 24, 25)
FORETOLD_S: Final = 600.0
SEARCHED_FROM_S: Final = (1_200.0, 1_800.0)
"""Plans of who is told of reports so long before, from which the search for the whole day may begin."""
NOW: Final = 1_795_330_626_000


def run() -> Iterator[dict[str, Any]]:
    """One result for `main.py bench`."""
    town = _Town()
    ours, bare, moves = town.timed()
    joint = town.joint_s()
    figures = {
        "recommend_p50_ms": _quantile(ours, 50),
        "recommend_p99_ms": _quantile(ours, 99),
        "thousand_moved_p50_ms": _quantile(moves, 50),
        "coverage_ms": town.coverage_ms(),
        "units": UNITS,
        "nodes": town.graph.node_count,
        **joint,
        **dispatch_drill.arrivals(),
        **{f"days_{name}": figure for name, figure in days().items()},
    }
    baseline = {"dijkstra_p50_ms": _quantile(bare, 50), "dijkstra_p99_ms": _quantile(bare, 99)}
    ratio = {
        "time": figures["recommend_p50_ms"] / baseline["dijkstra_p50_ms"],
        "time_p99": figures["recommend_p99_ms"] / baseline["dijkstra_p99_ms"],
    }
    yield {
        "bench": "dispatch",
        "figures": _rounded(figures),
        "baseline": _rounded(baseline),
        "ratio": _rounded(ratio),
    }


class _Town:
    """20,000 corners, 10,000 units."""

    def __init__(self) -> None:
        self.district = city(SIDE)
        self.graph = RoadGraph(self.district)
        self._dice = random.Random(3)
        members, units, self._fixes = people(self.district, UNITS, SIDE, NOW, self._dice)
        self.force = Force(members, self.graph)
        self.force.put(units, self._fixes.items())
        self.engaged = self._busy(self.force, units)
        self._card = load_run_cards(load_incident_types())["crowd"]
        self._kinds = load_kinds()["crowd"]

    def _busy(self, force: Force, units: list[Unit]) -> Engaged:
        """Those at work, each at a place of its own; grid members have room for a second task."""
        full = [unit for unit in units if len(unit.assignments) >= unit.capacity]
        places = [place(self.district, self._dice, SIDE) for _ in full]
        engaged = Engaged(self.graph)
        engaged.put(force, at_work(full, places, NOW))
        return engaged

    def timed(self) -> tuple[list[float], list[float], list[float]]:
        """Milliseconds of a question, of the bare searches, of taking in a thousand new positions; by turns."""
        ours: list[float] = []
        bare: list[float] = []
        moves: list[float] = []
        for number in range(QUESTIONS + 2):
            question = self._question(number)
            measured = (
                _ms(lambda question=question: self._asked(question)),  # type: ignore[misc]
                _ms(self._bare),
                _ms(self._move),
            )
            if number >= 2:
                for kept, ms in zip((ours, bare, moves), measured, strict=True):
                    kept.append(ms)
        return ours, bare, moves

    def _asked(self, question: Question) -> Recommendation:
        found = recommend(self.force, question, self.engaged)
        assert len(found.ranking[:LISTED]) == LISTED
        return found

    def _question(self, number: int, priority: int = 1) -> Question:
        lat, lon = place(self.district, self._dice, SIDE)
        grid = self._dice.choice(self.district.grids).code
        incident = Incident(
            f"i{number}", (f"110:{number}",), "crowd", priority, "", NOW, lat=lat, lon=lon, grid=grid
        )
        return Question(incident, NOW, self._kinds, self._card.response(priority))

    def _bare(self) -> None:
        for mode in TRAVELS:
            dijkstra(self.graph.reverse_of(mode), indices=self._dice.randrange(self.graph.node_count))

    def _move(self) -> None:
        moved = self._dice.sample(sorted(self._fixes), MOVED)
        fixes = [(key, TrackPoint(key, NOW, *place(self.district, self._dice, SIDE))) for key in moved]
        self.force.put((), fixes)

    def joint_s(self) -> dict[str, float]:
        """200 cards of one to three places and 2,000 units, times by road included; the assignment alone beside it."""
        count, units = TOGETHER
        members, people_there, fixes = people(self.district, units, SIDE, NOW, self._dice)
        force = Force(members, self.graph)
        force.put(people_there, fixes.items())
        engaged = self._busy(force, people_there)
        questions = [self._question(number, self._dice.choice((1, 2, 3))) for number in range(count)]
        began_s = time.perf_counter()
        found = solve_together(force, questions, engaged)
        joint_s = time.perf_counter() - began_s
        places = [Place(f"i{n}", "lead", 1.0) for n in range(count)]
        table = np.array([force.away_m(q.incident.lat, q.incident.lon) for q in questions])
        assigned_ms = _ms(lambda: compare(table, places))
        return {
            "joint_s": joint_s,
            "joint_assignment_alone_s": assigned_ms / 1e3,
            "joint_units_sent": float(sum(len(going.units) for going in found.errands)),
            "joint_waits": float(sum(len(going.waits) for going in found.errands)),
            "joint_open_places": float(sum(len(going.missing) for going in found.errands)),
            "joint_saved_s": found.comparison.saved_s,
        }

    def coverage_ms(self) -> float:
        """What is left behind with the move-up, after the table of times was made once."""
        corners = [(grid.code, *grid.ring[0]) for grid in self.district.grids]
        reach = Reach(self.graph, [(code, lat, lon) for code, lon, lat in corners])
        sent = self._asked(self._question(0)).units

        def covered() -> None:
            coverage(reach, self.force, ("police", "joint_patrol"), sent, 480.0, NOW)

        covered()
        return _quantile([_ms(covered) for _ in range(5)], 50)


def days() -> dict[str, float]:
    """A second, larger check: seconds from report to arrival over some made days of 500 incidents each, by policy.

    Regret against each bound, also those that know of reports to come, which no desk can.
    """
    played: dict[str, list[Outcome]] = {"recommended": [], "nearest": [], "hindsight": []}
    played |= {"foretold": [], "clairvoyant": []}
    for seed in DAYS:
        day = make_day(seed)
        ours, plain = play(day, dispatch_run.recommended), play(day, dispatch_run.nearest)
        bound = play(day, dispatch_run.foreseeing)
        played["recommended"].append(ours)
        played["nearest"].append(plain)
        played["hindsight"].append(bound)
        told = play(day, Foretold(day, FORETOLD_S))
        played["foretold"].append(told)
        begun = [play(day, Foretold(day, ahead_s)) for ahead_s in SEARCHED_FROM_S]
        played["clairvoyant"].append(hindsight(day, (ours, plain, bound, told, *begun), seed))
    figures: dict[str, float] = {"incidents": float(sum(len(one.arrival_s) for one in played["nearest"]))}
    for name, outcomes in played.items():
        seconds = np.concatenate([one.arrival_s for one in outcomes])
        figures[f"arrival_mean_s_{name}"] = float(seconds.mean())
        figures[f"arrival_p90_s_{name}"] = float(np.percentile(seconds, 90))
    for bound_name in ("hindsight", "foretold", "clairvoyant"):
        for measure in ("mean", "p90"):
            best = figures[f"arrival_{measure}_s_{bound_name}"]
            figures[f"regret_{measure}_{bound_name}"] = figures[f"arrival_{measure}_s_recommended"] / best - 1
    return figures


def _ms(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return (time.perf_counter() - began_s) * 1e3


def _quantile(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent))


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
