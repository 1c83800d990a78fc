"""bench alarms: 10,000 alarms in 16 s on the whole console - how late its heart beats, and that none is lost.

Once as floods of one district (rows of the lane by place), once each from a device that says nothing of its place
(10,000 rows). Fed by the simulator in another process over a real socket, as bench latency is.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.bootstrap import App
from app.cli import parse
from app.domain.alarm_rules import MOST_ALARMS
from app.domain.commands import AcknowledgeAlarms
from widgets.bench.heart_beat import HeartBeat, bare_late_ms
from widgets.bench.load import SimulatorChild, enough
from widgets.bench.quantiles import quantile
from widgets.console import Console
from widgets.run import run_console

COUNT = 10_000
EVERY_S = 0.0016
BEFORE_S = 4
MEASURED_S = 20

_STORM = """
title = {{zh = "bench", en = "bench"}}
stories_per_s = 0
[[inject]]
at_s = {at_s}
count = {count}
every_s = {every_s}
{what}
"""
_PLACED = 'template = "alarm_water"'
_UNPLACED = """[inject.fields]
kind = "alarm.raised"
source = "sensor"
type = "door"
priority = 3
title = "bench"
"""


def run() -> Iterator[dict[str, Any]]:
    bare_ms = bare_late_ms()
    placed, unplaced = _Storm(_PLACED).measure(), _Storm(_UNPLACED).measure()
    yield {
        "bench": "alarms",
        "figures": placed.figures("placed") | unplaced.figures("unplaced"),
        "baseline": {"bare_heartbeat_late_p99_ms": round(quantile(bare_ms, 0.99), 1)},
        "ratio": {},
    }


class _Storm:
    """One console through one storm."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.late_ms: list[float] = []
        self.acknowledging_late_ms: list[float] = []
        self.raised = self.standing = self.rows = 0

    def measure(self) -> _Storm:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CONFIG_HOME"] = folder
            scenario = Path(folder) / "storm.toml"
            text = _STORM.format(at_s=BEFORE_S + 2, count=COUNT, every_s=EVERY_S, what=self._what)
            scenario.write_text(text, encoding="utf-8")
            with SimulatorChild(0, "--scenario", str(scenario)) as simulator:
                words = ["console", "--db", str(Path(folder) / "bench.db"), "--size", "1366x768"]
                options = parse(words)
                options.feed = [simulator.url]
                self._run(options)
        return self

    def figures(self, name: str) -> dict[str, Any]:
        return {
            f"heartbeat_late_p50_ms_{name}": round(quantile(self.late_ms, 0.5), 1),
            f"heartbeat_late_p99_ms_{name}": round(quantile(self.late_ms, 0.99), 1),
            f"heartbeat_late_most_ms_{name}": round(max(self.late_ms), 1),
            f"acknowledging_late_p99_ms_{name}": round(quantile(self.acknowledging_late_ms, 0.99), 1),
            f"rows_{name}": self.rows,
            f"lost_{name}": COUNT - self.standing,
        }

    def _run(self, options: argparse.Namespace) -> None:
        def usable(console: Console) -> None:
            console.bridge.app.tasks.start(self._watch(console, console.bridge.app), "bench")

        run_console(options, on_usable=usable)

    async def _watch(self, console: Console, app: App) -> None:
        while not app.feeds:  # noqa: ASYNC110 - the console connects right after it has become usable
            await asyncio.sleep(0.01)
        await asyncio.sleep(BEFORE_S)
        beat = HeartBeat()
        await asyncio.sleep(MEASURED_S)
        beat.stop()
        self.late_ms = beat.late_ms
        lane = app.projections.alarm_lane
        await enough(lambda: len(app.projections.desk.alarms), COUNT)
        await app.bus.drain()
        self.standing = len(lane.shown) + lane.shelved_count
        panel: Any = console.panel("alarms")
        self.rows = panel.lane.shown_count
        await self._acknowledge_all(app)
        console.close()

    async def _acknowledge_all(self, app: App) -> None:
        """As the panel gives it: in parts."""
        keys, beat = list(app.projections.desk.alarms), HeartBeat()
        for start in range(0, len(keys), MOST_ALARMS):
            command = AcknowledgeAlarms(tuple(keys[start : start + MOST_ALARMS]))
            await app.bus.submit(command, app.context())
        beat.stop()
        self.acknowledging_late_ms = beat.late_ms
