"""A drill played through without a window: who goes by which policy, what becomes of everybody, and that it adds up."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.bench.dispatch_foreseen import Foreseeing
from app.config import default_district
from app.domain import events as ev
from app.domain.errors import ConfigError
from app.domain.events import Recorded
from app.domain.instants import Instant
from app.drill.officers import Officer, Planned
from app.drill.options import NEAREST, NONE, RECOMMENDED
from app.drill_play import DrillPlan, at_once, open_drill
from app.projections.changes import Changes

SCENARIO = """
title = {zh = "小演练", en = "Small"}
seed = 3
stories_per_s = 0
decline_share = 0.15
duration_s = 1200

[[reports]]
from_s = 0
to_s = 900
count = 10
templates = ["noise", "theft", "neighbours", "crash", "crowd_plaza", "manhole"]

[[congestion]]
from_s = 300
to_s = 3600
slower = 1.5
"""


@dataclass
class Played:
    report: dict[str, Any]
    records: list[Recorded]

    @property
    def metrics(self) -> dict[str, Any]:
        found: dict[str, Any] = self.report["metrics"]
        return found

    def events(self, kind: type) -> list[Any]:
        return [record.event for record in self.records if isinstance(record.event, kind)]


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


async def played(
    scenario: Path, policy: str = RECOMMENDED, officer: Officer | None = None, **plan: Any
) -> Played:
    records: list[Recorded] = []

    def note(_changes: Changes, more: Sequence[Recorded]) -> None:
        records.extend(more)

    async with open_drill(DrillPlan(scenario, default_district(), policy, **plan)) as drill:
        drill.desk.projector.listen(note)
        assert await drill.play(at_once, officer)
        return Played(await drill.report(), records)


async def once(scenario: Path, policy: str) -> Played:
    """The drill by a policy, played when it is first asked for: it is the same each time, as is tested."""
    if policy not in _PLAYED:
        _PLAYED[policy] = await played(scenario, policy)
    return _PLAYED[policy]


_PLAYED: dict[str, Played] = {}


@pytest.mark.parametrize("policy", [RECOMMENDED, NEAREST])
async def test_everybody_is_reached_and_all_of_it_adds_up(scenario: Path, policy: str) -> None:
    found = await once(scenario, policy)
    metrics = found.metrics
    assert metrics["incidents"] == metrics["arrived"] == metrics["arrival_s"]["count"] == 10
    assert metrics["by_status"] == {"closed": 10}
    assert metrics["not_served_why"] == {} and metrics["orders_refused"] == {}
    assert metrics["orders_sent"] == len(found.events(ev.UnitDispatched))
    declined = [answer for answer in found.events(ev.UnitAnswered) if not answer.accepted]
    assert metrics["orders_declined"] == len(declined) > 0
    assert (metrics["policy"], metrics["seed"], metrics["scenario"]) == (policy, 3, "small.toml")
    of_priorities = metrics["arrival_s_by_priority"].values()
    assert sum(one["count"] for one in of_priorities) == 10
    assert metrics["arrival_s"]["p90"] <= max(one["p90"] for one in of_priorities)


@pytest.mark.parametrize("policy", [RECOMMENDED, NEAREST])
async def test_nobody_is_sent_to_two_places_or_twice_to_one_that_he_declined(
    scenario: Path, policy: str
) -> None:
    found = await once(scenario, policy)
    at_work: dict[str, set[str]] = {}
    declined: set[tuple[str, str]] = set()
    for record in found.records:
        match record.event:
            case ev.UnitDispatched(unit, incident):
                assert incident not in at_work.setdefault(unit, set())
                assert (unit, incident) not in declined
                at_work[unit].add(incident)
                assert len(at_work[unit]) == 1
            case ev.UnitReleased(unit, incident):
                at_work[unit].discard(incident)
            case ev.UnitAnswered(unit, incident, False):
                declined.add((unit, incident))
    assert declined
    assert not any(at_work.values())


async def test_where_somebody_is_already_nobody_at_work_is_bound(tmp_path: Path) -> None:
    """More matters for several units each than there are units: the panel names those who will be free, too."""
    crowded = tmp_path / "crowded.toml"
    several = re.sub("templates = .*", 'templates = ["medical", "brawl"]', SCENARIO)
    crowded.write_text(several.replace("count = 10", "count = 40"), encoding="utf-8")
    at_work: Counter[str] = Counter()
    for record in (await played(crowded)).records:
        match record.event:
            case ev.UnitDispatched(unit, _):
                at_work[unit] += 1
                assert at_work[unit] == 1
            case ev.UnitReleased(unit, _):
                at_work[unit] -= 1


async def test_with_nobody_sent_nobody_comes_and_the_report_says_why(scenario: Path) -> None:
    found = await played(scenario, NONE)
    assert found.events(ev.UnitDispatched) == []
    assert found.metrics["arrived"] == 0
    assert found.metrics["not_served_why"] == {"nobody_sent": 10}
    assert found.metrics["arrival_s"] == {"count": 0, "mean": None, "p50": None, "p90": None}


async def test_the_same_drill_writes_the_same_journal_and_report(scenario: Path) -> None:
    first, second = await once(scenario, RECOMMENDED), await played(scenario)
    assert first.records == second.records
    assert json.dumps(first.report, sort_keys=True) == json.dumps(second.report, sort_keys=True)
    assert first.records != (await once(scenario, NEAREST)).records


async def test_a_plan_is_kept_to(scenario: Path) -> None:
    served = await once(scenario, NEAREST)
    orders: dict[str, list[str]] = {}
    for event in served.events(ev.UnitProgressed):
        if event.phase == "on_scene":
            orders.setdefault(event.unit, []).append(event.incident)
    willing = scenario.with_name("willing.toml")
    willing.write_text(SCENARIO.replace("decline_share = 0.15", "decline_share = 0"), encoding="utf-8")
    async with open_drill(DrillPlan(willing, default_district(), NONE)) as drill:
        plan = Planned(orders, lambda: drill.desk.projections.desk)
        assert await drill.play(at_once, plan)
        report = await drill.report()
    assert report["metrics"]["arrived"] == 10
    assert report["metrics"]["orders_sent"] == sum(map(len, orders.values()))


JAMMED = """
title = {zh = "拥堵", en = "Jammed"}
seed = 5
stories_per_s = 0
decline_share = 0
duration_s = 600

[[reports]]
from_s = 10
to_s = 20
count = 3
templates = ["crash"]

[[congestion]]
from_s = 0
to_s = 36000
slower = 12
"""


async def test_who_knows_how_slow_the_roads_are_is_there_sooner(tmp_path: Path) -> None:
    """The bound of the bench: whoever goes by free roads sends cars into the jam."""
    file = tmp_path / "jammed.toml"
    file.write_text(JAMMED, encoding="utf-8")
    ours = await played(file)
    async with open_drill(DrillPlan(file, default_district(), NONE)) as drill:
        assert await drill.play(at_once, Foreseeing(drill))
        best = (await drill.report())["metrics"]
    assert best["arrived"] == ours.metrics["arrived"] == 3
    assert best["orders_refused"] == {}
    assert best["arrival_s"]["mean"] < ours.metrics["arrival_s"]["mean"]


async def test_a_drill_that_is_stopped_says_so(scenario: Path) -> None:
    turns: Counter[str] = Counter()

    async def pace(_at: Instant) -> bool:
        turns["asked"] += 1
        return turns["asked"] < 5

    async with open_drill(DrillPlan(scenario, default_district(), RECOMMENDED)) as drill:
        assert not await drill.play(pace)
    assert turns["asked"] == 5


async def test_its_journal_is_one_of_a_drill_and_must_be_new(scenario: Path, tmp_path: Path) -> None:
    from app.journal.store import ANY_MODE, open_journal

    db = str(tmp_path / "kept.db")
    found = await played(scenario, db=db)
    journal = open_journal(db, clock=lambda: 0, mode=ANY_MODE, readonly=True)
    assert (journal.mode, journal.head()) == ("drill", found.report["seq"])
    assert journal.verify().ok
    journal.close()
    with pytest.raises(ConfigError, match=r"kept\.db"):
        await played(scenario, db=db)
