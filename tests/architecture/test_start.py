"""What a start may read before the queue is painted: ARCHITECTURE.md, "A start, in order"."""

import os
import subprocess
import sys
from pathlib import Path

LATER = (
    "aiohttp",
    "app.dispatch",
    "app.domain.decide",
    "app.duplicates",
    "app.exchange.ledger",
    "app.feeds",
    "app.geo.pinyin",
    "app.geo.surface",
    "app.link",
    "app.service.dispatching",
    "app.service.intake",
    "app.service.judging",
    "chinese_calendar",
    "folium",
    "numpy",
    "openpyxl",
    "pypinyin",
    "pyqtgraph",
    "scipy",
    "shapely",
    "widgets.map",
    "widgets.panels.case",
    "widgets.panels.dispatch",
    "widgets.panels.ledger",
    "widgets.panels.new_incident",
    "widgets.sound",
)

BEFORE_QT = ("app.service.projector", "sqlalchemy", "sqlalchemy.dialects.sqlite")
"""PySide6 looks into the source of whatever is imported after it: what is large comes first."""

USABLE = """
import sys
from app.cli import parse
from main import open_console

def usable(console):
    print(*sys.modules)
    console.close()

sys.exit(open_console(parse(["console", "--db", sys.argv[1], "--feed", "ws://127.0.0.1:9/events"]), usable))
"""


def test_a_window_is_usable_without_rules_map_network_and_numbers(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", USABLE, str(tmp_path / "journal.db")],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
    )
    read = told.stdout.split()
    assert "widgets.panels.incident_queue" in read
    assert [name for name in LATER if name in read] == []
    assert [name for name in BEFORE_QT if read.index(name) > read.index("PySide6")] == []
