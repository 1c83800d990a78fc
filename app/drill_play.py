"""A drill without a window, put together: a scenario, a desk on a clock of its own, an officer, and the report.

Owns the wiring and the life of the journal that such a drill is written to. Must not print or parse anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from app.config import Config
from app.domain.incident import Incident
from app.domain.instants import Instant, format_iso
from app.drill.alarms import LaneOfficer, alarm_figures, load_alarm_rule
from app.drill.officers import Officer, OpenPlaces, officer_of
from app.drill.options import RECOMMENDED, TEMPLATES, is_bundled
from app.drill.report import drill_metrics
from app.drill.run import Pace, Run
from app.drill.scenario_file import Scenario, load_scenario
from app.drill.simulation import Simulation
from app.drill.templates import load_templates
from app.drill.works import Works
from app.drill_desk import DrillDesk
from app.paths import bundled_data_dir
from app.service.clock import SetClock

EPOCH: Final[Instant] = 1_767_571_200_000
"""2026-01-05T00:00:00Z, a Monday, eight in the morning at the centre: when the story of every such drill begins."""
FREE_PLACES: Final = "free_units_left"
"""Nothing stands against sending somebody, and nobody was sent."""


@dataclass(frozen=True, slots=True)
class DrillPlan:
    """What is to be played. `seed` and `duration_s` None leave it to the scenario, `db` None to a passing file."""

    scenario: Path
    district_dir: Path
    policy: str
    seed: int | None = None
    duration_s: float | None = None
    db: str | None = None


class Drill:
    """One drill that is open."""

    def __init__(self, plan: DrillPlan, scenario: Scenario, desk: DrillDesk) -> None:
        self.plan, self.scenario, self.desk = plan, scenario, desk
        self.seed = scenario.seed if plan.seed is None else plan.seed
        self.works = Works(desk.work_times, self.seed, lambda: desk.projections.desk)
        self.simulation = Simulation(
            desk.district,
            load_templates(bundled_data_dir() / "drills" / TEMPLATES),
            scenario,
            seed=self.seed,
            epoch_at=EPOCH,
            work_of=self.works.seconds,
        )
        self.simulation.get_about(desk.roads.modes())
        self.places = OpenPlaces(desk.dispatching, desk.district.places, lambda: desk.projections.desk)
        lasts_s = scenario.duration_s if plan.duration_s is None else plan.duration_s
        self._ends_at = EPOCH + round(lasts_s * 1000)
        self._lane_rule = load_alarm_rule(plan.district_dir)
        self.run: Run

    async def play(self, pace: Pace, officer: Officer | None = None) -> bool:
        """Plays it with the plan's policy, or with another officer; False when `pace` has stopped it.

        Whoever does what the desk recommends sees to the alarms too.
        """
        desk, lane = self.desk, None
        if officer is None and self.plan.policy == RECOMMENDED:
            lane = LaneOfficer(self._lane_rule, desk.types, lambda: desk.projections)
        officer = officer or officer_of(self.plan.policy, desk.dispatching, self.places)
        self.run = Run(desk, self.simulation, officer, self.places, self._ends_at, lane)
        desk.projector.listen(self.run.note)
        return await self.run.play(pace)

    async def report(self) -> dict[str, Any]:
        """The state dump at the end with the drill's own figures among its metrics."""
        plan, dump = self.plan, self.desk.dump()
        incidents = list(self.desk.projections.desk.incidents.values())
        figures = await drill_metrics(incidents, self.run.tally, plan.policy, self._why_not)
        name = plan.scenario.stem if is_bundled(plan.scenario) else plan.scenario.name
        told = {"scenario": name, "seed": self.seed, "policy": plan.policy}
        alarms = alarm_figures(self.desk.projections)
        counted = {"alarms": alarms} if alarms else {}
        return dump | {"metrics": dump["metrics"] | figures | counted | told}

    @property
    def story_time(self) -> str:
        """How far it is, ISO 8601."""
        return format_iso(self.desk.clock.now())

    async def _why_not(self, incident: Incident) -> str:
        advice = await self.desk.dispatching.advise(incident, None, 0)
        short = advice.recommendation.shortfalls
        return short[0].reason.key if short else FREE_PLACES


@asynccontextmanager
async def open_drill(plan: DrillPlan, scenario: Scenario | None = None) -> AsyncIterator[Drill]:
    """A drill at its beginning; its journal is gone at the end where no `db` was named. Raises StreetdeskError."""
    scenario = scenario or load_scenario(plan.scenario)
    with TemporaryDirectory(prefix="streetdesk-drill-", ignore_cleanup_errors=True) as folder:
        config = Config(
            plan.db or str(Path(folder) / "drill.db"), plan.district_dir, drill=plan.scenario, actor="drill"
        )
        desk = DrillDesk(config, SetClock(EPOCH))
        try:
            await desk.start()
            yield Drill(plan, scenario, desk)
        finally:
            await desk.close()


async def at_once(_at: Instant) -> bool:
    """A pace: as fast as the machine can."""
    return True


def paced(speed: float, now_s: Callable[[], float], wait: Callable[[float], Awaitable[bool]]) -> Pace:
    """A pace: `speed` seconds of the story in each second of `now_s`, as fast as can be for 0.

    `wait(seconds)` is False when it is to stop.
    """
    began_s = now_s()

    async def pace(at: Instant) -> bool:
        due_s = (at - EPOCH) / 1000 / speed if speed else 0.0
        return await wait(max(0.0, due_s - (now_s() - began_s)))

    return pace
