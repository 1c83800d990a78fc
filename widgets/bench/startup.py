"""bench startup: a usable window with 10,000 incidents in the journal, beside a bare PySide6 window.

Both are processes timed from their spawning, in turn, so that a busy moment of the machine hits both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.config import default_district
from app.geo.district import load_district
from app.journal.store import open_journal
from app.service.clock import SystemClock
from widgets.bench.filling import fill
from widgets.bench.quantiles import median

INCIDENTS = 10_000
ROUNDS = 7
CHILD_TIMEOUT_S = 60


def run() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder  # the default layout, whatever this user has made of it
        db = str(Path(folder) / "journal.db")
        journal = open_journal(db, clock=SystemClock().now)
        fill(journal, load_district(default_district()), INCIDENTS, SystemClock().now())
        journal.close()
        _timed("widgets.bench.usable_window", db)  # the first start writes reference data and byte code
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(_timed("widgets.bench.bare_window"))
            ours.append(_timed("widgets.bench.usable_window", db))
    window_s, bare_s = median(ours), median(bare)
    yield {
        "bench": "startup",
        "figures": {
            "window_s": round(window_s, 3),
            "incidents": INCIDENTS,
            "over_limit_s": round(window_s - (1.5 * bare_s + 0.5), 3),
        },
        "baseline": {"bare_window_s": round(bare_s, 3)},
        "ratio": {"time": round(window_s / bare_s, 2)},
    }


def _timed(module: str, *arguments: str) -> float:
    """Seconds from the spawning of a process to the instant that it prints."""
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed console has its byte code
    began_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        env=environment,
        timeout=CHILD_TIMEOUT_S,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout.splitlines()[-1]) - began_s
