"""A desk in a process of its own that gives random commands: `conflicting_desk.py URL NAME COUNT`.

Says "ready", waits for a line, gives COUNT commands, a dozen at a time, on what it knows just then - the other desks do
the same to the same incidents and units - and tells as one JSON line what became of them. At the next line, when all
desks are done, it catches up and tells its state as it would be dumped. What goes wrong is told, not swallowed.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.errors import Refusal
from app.domain.incident import OUTCOMES
from app.projections.state_dump import state_dump

INCIDENTS = 36
AT_A_TIME = 12


def report(number: int) -> cmd.ReportIncident:
    return cmd.ReportIncident(f"i{number}", "110", f"i{number}", "crowd", 1 + number % 4, f"matter {number}")


class RandomOfficer:
    """Chooses among what there is; half of it is sensible, the other half is refused."""

    def __init__(self, app: App, name: str) -> None:
        self._app, self._name = app, name
        self._random = random.Random(name)
        self._noted = 0
        self.notes: list[str] = []
        self._choices: list[tuple[int, Callable[[str, str], cmd.Command]]] = [
            (14, lambda i, u: cmd.DispatchUnits(i, (u,))),
            (6, lambda i, u: cmd.DispatchUnits(i, tuple({u, self._unit()}))),
            (10, lambda i, u: cmd.RecallUnit(i, u, "needed elsewhere")),
            (14, lambda i, u: cmd.SetUnitStatus(u, self._random.choice(un.STATUSES))),
            (6, lambda i, u: cmd.AcceptIncident(i)),
            (5, lambda i, u: cmd.CloseIncident(i, self._random.choice(OUTCOMES), "done")),
            (12, lambda i, u: cmd.ReopenIncident(i, "not done")),
            (2, lambda i, u: cmd.MergeIncident(i, self._incident())),
            (12, lambda i, u: cmd.UnmergeIncident(i, "not the same")),
            (6, lambda i, u: cmd.ReturnIncident(i, u, "not ours")),
            (5, lambda i, u: cmd.ClaimIncident(i)),
            (4, lambda i, u: cmd.TakeOverIncident(i, "at lunch")),
            (3, lambda i, u: cmd.ReleaseClaim(i)),
            (4, lambda i, u: cmd.AssignByOrder(i, (u,), reason="go")),
            (6, lambda i, u: cmd.UpdateIncident(i, priority=self._random.randint(1, 4))),
        ]

    def command(self) -> cmd.Command:
        incident = self._incident()
        if self._random.random() < 0.12:
            self._noted += 1
            return cmd.NoteIncident(incident, f"{self._name} {self._noted}")
        weights = [weight for weight, _ in self._choices]
        _, make = self._random.choices(self._choices, weights)[0]
        return make(incident, self._unit())

    def context(self, command: cmd.Command) -> cmd.Context:
        """Now and then a claim of another desk has been seen and is passed over."""
        known = self._app.projections.desk.incidents.get(getattr(command, "incident", ""))
        claim = known.claim if known is not None else None
        heeds = claim is None or self._random.random() < 0.3
        return self._app.context(despite_claim="" if heeds or claim is None else claim.desk)

    def _incident(self) -> str:
        return f"i{self._random.randrange(INCIDENTS)}"

    def _unit(self) -> str:
        return self._random.choice(sorted(self._app.projections.desk.units))


async def main(url: str, name: str, count: int) -> None:
    app = App(Config(db=url, district_dir=default_district(), desk=name, actor=f"officer of {name}"))
    await app.start()
    try:
        await _told_to_go_on("ready")
        await _told_to_go_on(json.dumps(await _act(app, RandomOfficer(app, name), count)))
        await app._projector.catch_up()  # type: ignore[union-attr]
        _say(json.dumps(_state(app)))
    finally:
        await app.close()


async def _act(app: App, officer: RandomOfficer, count: int) -> dict[str, object]:
    for number in range(INCIDENTS):  # every desk hears of the same reports
        await app.bus.submit(report(number), app.context())
    refused: Counter[str] = Counter()
    failed: list[str] = []
    acknowledged: list[tuple[int, str, int, str]] = []
    left = iter(range(count))

    async def give() -> None:
        for _ in left:
            command = officer.command()
            try:
                records = await app.bus.submit(command, officer.context(command))
            except Refusal as refusal:
                refused[refusal.rule] += 1
            except Exception as error:  # noqa: BLE001 - told to the test
                failed.append(f"{command}: {error!r}")
            else:
                acknowledged.extend(
                    (r.seq, r.stream, r.version, getattr(r.event, "text", "")) for r in records
                )

    await asyncio.gather(*(give() for _ in range(AT_A_TIME)))
    return {"acknowledged": acknowledged, "refused": refused, "failed": failed, "trouble": app.bus.trouble}


def _state(app: App) -> dict[str, object]:
    projections = app.projections
    return {
        "at": projections.at,
        "state": state_dump(projections, app.limits, {}, (), projections.at),
        "versions": dict(sorted(projections.desk.versions.items())),
    }


async def _told_to_go_on(said: str) -> None:
    _say(said)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
