"""bench desks: from a command at one desk to its row painted at another, both on one PostgreSQL, beside a bare NOTIFY.

Two real processes and a real server: the busy desk has no window, this one shows the whole console. A change counts as
painted when the queue's viewport has painted the row with its title; of two changes of one row that fall into one
frame the paint of the later is the paint of both.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer

from app.bench.throwaway_postgres import ThrowawayPostgres
from app.cli import parse
from app.service.aside import aside
from widgets.bench.quantiles import quantile
from widgets.console import Console
from widgets.run import run_console

INCIDENTS, RATE_PER_S, SECONDS = 12, 200, 20
WARM_S = 5
NOTIFY_EVERY_S = 0.05
LAST_PAINT_S = 5.0


def run() -> Iterator[dict[str, Any]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with ThrowawayPostgres() as server, tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder  # the default layout, whatever this user has made of it
        server.make_database("street")
        measured = _Run(server).measure()
    ours, bare = _figures("painted", measured.painted_s), _figures("notify", measured.notify_s)
    yield {
        "bench": "desks",
        "figures": {
            **ours,
            "changes": measured.sent,
            "changes_per_s": round(measured.sent / SECONDS),
            "lost": measured.sent - len(measured.painted_s),
        },
        "baseline": bare,
        "ratio": {"p50": round(ours["painted_p50_s"] / bare["notify_p50_s"], 1)},
    }


def _figures(name: str, sample_s: list[float]) -> dict[str, float]:
    shares = ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
    return {f"{name}_{label}_s": round(quantile(sample_s, share), 4) for share, label in shares}


class _Run:
    """One window that watches another desk for a while."""

    def __init__(self, server: ThrowawayPostgres) -> None:
        self._server = server
        self.painted_s: list[float] = []
        self.notify_s: list[float] = []
        self.sent = 0

    def measure(self) -> _Run:
        url = self._server.url("street")
        with (
            _child("app.bench.busy_desk", url, str(INCIDENTS), str(RATE_PER_S), str(SECONDS)) as self._busy,
            _child("app.bench.bare_notify", self._server.conninfo("street")) as self._bare,
        ):
            run_console(parse(["console", "--db", url, "--size", "1366x768"]), on_usable=self._usable)
        return self

    def _usable(self, console: Console) -> None:
        self._probe = _PaintProbe(console.panel("queue"), self.painted_s)
        console.bridge.app.tasks.start(self._watch(console), "bench")

    async def _watch(self, console: Console) -> None:
        await asyncio.sleep(WARM_S)  # the last panels are built, feeds are connected
        _ask(self._busy)
        until_s = time.monotonic() + SECONDS
        while time.monotonic() < until_s:
            _ask(self._bare)
            self.notify_s.append(int(await aside(lambda: _answer(self._bare), "bare notify")) / 1e6)
            await asyncio.sleep(NOTIFY_EVERY_S)
        self.sent = int(await aside(lambda: _answer(self._busy), "busy desk"))
        until_s = time.monotonic() + LAST_PAINT_S
        while len(self.painted_s) < self.sent and time.monotonic() < until_s:  # noqa: ASYNC110 - paints tell nobody
            await asyncio.sleep(0.05)
        console.close()


class _PaintProbe(QObject):
    """Notes of every change how long it took until the row that shows it, or a later one, was painted."""

    def __init__(self, queue: Any, painted_s: list[float]) -> None:
        super().__init__(queue)
        self._queue, self._painted_s = queue, painted_s
        self._waiting: dict[str, list[int]] = defaultdict(list)
        self._heard: dict[str, int] = {}
        queue.bridge.app._projector.listen(self._records)
        queue.view.viewport().installEventFilter(self)

    def _records(self, _changes: object, records: Any) -> None:
        for record in records:
            title = getattr(record.event, "title", None) or ""
            if title.startswith("bench ") and record.event.TYPE == "incident.updated":
                self._waiting[record.event.incident].append(int(title.split()[1]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._waiting:
            shown = self._in_view()
            QTimer.singleShot(0, self, lambda: self._painted(shown))
        return False

    def _in_view(self) -> dict[str, int]:
        """Incident -> when what its row says was sent."""
        model = self._queue.queue
        rows = (model.row_at(row) for row in self._queue.view.visible_rows())
        titles = ((row.incident.id, row.incident.title) for row in rows if row is not None)
        return {key: int(title.split()[1]) for key, title in titles if title.startswith("bench ")}

    def _painted(self, shown: dict[str, int]) -> None:
        now_ns = time.monotonic_ns()
        for key, says_ns in shown.items():
            waiting = self._waiting.pop(key, [])
            self._painted_s.extend((now_ns - sent) / 1e9 for sent in waiting if sent <= says_ns)
            later = [sent for sent in waiting if sent > says_ns]
            if later:
                self._waiting[key] = later


@contextmanager
def _child(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Ready when it is handed over; ended by the end of its input, and killed should it not."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        _answer(child)
        yield child
    finally:
        child.communicate(timeout=30)


def _ask(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


def _answer(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise RuntimeError(f"{child.args!r} ended with {child.wait()}")
    return line.strip()
