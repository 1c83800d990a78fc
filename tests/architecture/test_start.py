"""What a start may read before the queue is painted: ARCHITECTURE.md, "A start, in order"."""

import subprocess
import sys

LATER = (
    "chinese_calendar",
    "numpy",
    "shapely",
    "scipy",
    "aiohttp",
    "folium",
    "pyqtgraph",
    "widgets.map",
    "app.geo.surface",
)


def test_the_window_reads_neither_numpy_nor_the_map_nor_the_network() -> None:
    looking = "import sys, main, app.before_qt, widgets.run; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", looking], check=True, capture_output=True, text=True)
    read = set(told.stdout.split())
    assert "widgets.console" in read
    assert [name for name in LATER if name in read] == []
