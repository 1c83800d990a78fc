"""bench latency: from an event leaving the socket server to its row painted, and the desk under 2,000 events/s.

The whole console runs as an officer sees it, fed by the simulator in another process over a real socket. A row counts
as painted when the queue's viewport has painted while the row was in view; the queue is sorted newest first for that.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from app.bootstrap import App
from app.cli import parse
from widgets.bench.heart_beat import HeartBeat, bare_late_ms
from widgets.bench.load import SentStamps, SimulatorChild, enough
from widgets.bench.quantiles import quantile
from widgets.console import Console
from widgets.run import run_console

CALM_RATE, CALM_S = 200, 20
FLOOD_RATE, FLOOD_S = 2000, 60
QUIET_S = 0.5
"""So long nothing comes any more once the source has been silenced."""
WARM_S = 5
MB = 1_048_576


def run() -> Iterator[dict[str, Any]]:
    bare_ms = bare_late_ms()
    calm = _measured(CALM_RATE, CALM_S)
    flood = _measured(FLOOD_RATE, FLOOD_S)
    yield {
        "bench": "latency",
        "figures": {
            "paint_p50_ms_200": round(quantile(calm.painted_ms, 0.5), 1),
            "paint_p99_ms_200": round(quantile(calm.painted_ms, 0.99), 1),
            "painted_200": len(calm.painted_ms),
            "lost_200": calm.lost,
            "heartbeat_late_p99_ms_200": round(quantile(calm.late_ms, 0.99), 1),
            "paint_p99_ms_2000": round(quantile(flood.painted_ms, 0.99), 1),
            "heartbeat_late_p50_ms_2000": round(quantile(flood.late_ms, 0.5), 1),
            "heartbeat_late_p99_ms_2000": round(quantile(flood.late_ms, 0.99), 1),
            "received_2000": flood.received,
            "rate_2000": round(flood.received / (FLOOD_S + WARM_S)),
            "lost_2000": flood.lost,
            "incidents_2000": flood.incidents,
            "rss_growth_mb": round(flood.rss_growth_mb, 1),
        },
        "baseline": {"bare_heartbeat_late_p99_ms": round(quantile(bare_ms, 0.99), 1)},
        "ratio": {},
    }


@dataclass(slots=True)
class _Measured:
    painted_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    received: int = 0
    lost: int = 0
    incidents: int = 0
    rss_growth_mb: float = 0.0


def _measured(rate: int, seconds: int) -> _Measured:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder, SimulatorChild(rate) as simulator:
        os.environ["XDG_CONFIG_HOME"] = folder  # the default layout, whatever this user has made of it
        words = ["console", "--db", str(Path(folder) / "bench.db"), "--size", "1366x768"]
        return _Run(parse(words), simulator, seconds).measure()


class _Run:
    """One console, fed for a while."""

    def __init__(self, options: argparse.Namespace, simulator: SimulatorChild, seconds: int) -> None:
        self._options = options
        self._simulator = simulator
        self._seconds = seconds
        self._measured = _Measured()
        self._stamps = SentStamps()

    def measure(self) -> _Measured:
        self._options.feed = [self._simulator.url]
        run_console(self._options, on_usable=self._usable)
        return self._measured

    def _usable(self, console: Console) -> None:
        self._console = console
        app = console.bridge.app
        queue: Any = console.panel("queue")
        queue.queue.sort(queue.queue.column_number("age"), Qt.SortOrder.AscendingOrder)
        self._probe = _PaintProbe(queue, self._stamps, self._measured.painted_ms)
        app.tasks.start(self._feed(app), "bench")

    async def _feed(self, app: App) -> None:
        while not app.feeds:  # noqa: ASYNC110 - the console connects right after it has become usable
            await asyncio.sleep(0.01)
        app.intake.take = self._stamps.noting(app.intake.take)  # type: ignore[method-assign, assignment]
        await asyncio.sleep(WARM_S)
        self._stamps.unpainted.clear()  # what came while the last panels were built is start-up, not latency
        self._measured.painted_ms.clear()
        beat, rss = HeartBeat(), _rss_bytes()
        await asyncio.sleep(self._seconds)
        beat.stop()
        self._measured.late_ms = beat.late_ms
        self._measured.rss_growth_mb = (_rss_bytes() - rss) / MB
        await self._count(app)
        self._console.close()

    async def _count(self, app: App) -> None:
        """Everything that the simulator told until now must come in, and what is no fix must be in the journal."""
        told, measured = await self._simulator.told(), self._measured
        arrived = await enough(lambda: app.feeds[0].received, told)
        self._simulator.silence()
        noted = -1
        while noted != self._stamps.durable:
            noted = self._stamps.durable
            await asyncio.sleep(QUIET_S)
        await app.bus.drain()
        durable = _receipts(self._options.db)
        measured.received = arrived
        measured.incidents = len(app.projections.desk.incidents)
        measured.lost = max(0, told - arrived) + self._stamps.durable - durable


class _PaintProbe(QObject):
    """Notes when a row that was waiting for its first paint has been painted in view."""

    def __init__(self, queue: Any, stamps: SentStamps, painted_ms: list[float]) -> None:
        super().__init__(queue)
        self._queue, self._stamps, self._painted_ms = queue, stamps, painted_ms
        self._viewport = queue.view.viewport()
        self._viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._stamps.unpainted:
            visible = self._in_view()
            QTimer.singleShot(0, self, lambda: self._painted(visible))
        return False

    def _in_view(self) -> list[str]:
        """Keys of rows that this paint shows, of those that have not been painted before."""
        model = self._queue.queue
        keys = (model.key_at(row) for row in self._queue.view.visible_rows())
        return [key for key in keys if key in self._stamps.unpainted]

    def _painted(self, keys: list[str]) -> None:
        now_ns = time.monotonic_ns()
        for key in keys:
            sent_ns = self._stamps.unpainted.pop(key, None)
            if sent_ns is not None:
                self._painted_ms.append((now_ns - sent_ns) / 1e6)


def _receipts(db: str) -> int:
    with closing(sqlite3.connect(db)) as journal:
        return int(journal.execute("SELECT count(*) FROM receipt").fetchone()[0])


def _rss_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
