"""bench map: the live map beside the barest painter of the same symbols, in turn, in one run.

1600 x 900, 2,000 grids, 10,000 symbols that all move, labels; a hand that pans and zooms at every frame. A frame is the
whole way of one: fixes taken in, view moved, everything placed and painted, and the slice of tile and label work that a
tick of the map's timer would do before the next. pyqtgraph and one graphics item a thing stand beside it.
"""

from __future__ import annotations

import asyncio
import gc
import math
import os
import random
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from widgets.bench.map_floor import SYMBOL_PX, BarePainter, Looks, items_view
from widgets.bench.map_world import City
from widgets.bench.quantiles import median, quantile
from widgets.loop import DeskLoop
from widgets.map import MapView
from widgets.map.points import PointPainter
from widgets.map.view import METRE_ZOOM, Camera2D
from widgets.style import apply_theme

WIDTH_PX, HEIGHT_PX = 1600, 900
SYMBOLS, INCIDENTS, CAMERAS = 9_400, 300, 300
NAMES = 1_900
MORE_CAMERAS = 3_000
ROUNDS, FRAMES, WARM_FRAMES = 6, 60, 300
FPS = 60
SLOW_FRAMES = 6
HITS = 3_000
BASE_PX_PER_M = 0.95
"""All of the city is on the screen but at the near end of the swing."""
SETTLE_S = 120.0
MB = 1_048_576


def run() -> Iterator[dict[str, Any]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "dark")
    gc.collect()
    gc.freeze()
    figures: dict[str, float] = {}
    baseline: dict[str, float] = {}
    for measure in (_crowd, _named, _calm, _search, _others):
        ours, theirs = measure()
        figures |= ours
        baseline |= theirs
    _loop().close()
    yield {
        "bench": "map",
        "figures": {name: round(value, 2) for name, value in figures.items()},
        "baseline": {name: round(value, 2) for name, value in baseline.items()},
        "ratio": {
            "fps": round(figures["fps"] / baseline["bare_fps"], 2),
            "fps_named": round(figures["fps_named"] / baseline["bare_fps_named"], 2),
            "fps_small_discs": round(figures["fps"] / baseline["bare_fps_small_discs"], 2),
            "fps_only_drawn": round(figures["fps"] / baseline["bare_fps_only_drawn"], 2),
            "moved_200": round(baseline["moved_200_floor_ms"] / figures["moved_200_ms"], 2),
        },
    }


Measured = tuple[dict[str, float], dict[str, float]]
"""Figures and baselines."""


def _crowd() -> Measured:
    """The whole city in a crowd, in which there is hardly room for names."""
    whole = _Whole(City(SYMBOLS, INCIDENTS, CAMERAS))
    ours, bare, plain, drawn_only = whole.everything_moves()
    figures = whole.opening | {
        "fps": _fps(ours),
        "frame_p50_ms": _ms(quantile(ours, 0.5)),
        "frame_p99_ms": _ms(quantile(ours, 0.99)),
        "symbols_drawn": whole.drawn(),
        "labels": whole.labels(),
        "tick_work_p99_ms": _ms(quantile(whole.work_s, 0.99)),
        "tick_work_max_ms": _ms(max(whole.work_s)),
    }
    baseline = {
        "bare_fps": _fps(bare),
        "bare_frame_p99_ms": _ms(quantile(bare, 0.99)),
        "bare_fps_small_discs": _fps(plain),
        "bare_fps_only_drawn": _fps(drawn_only),
    }
    few, floor = whole.some_move(200)
    figures["moved_200_ms"] = _ms(median(few))
    baseline["moved_200_floor_ms"] = _ms(median(floor))
    figures["hit_p99_ms"] = whole.hit_p99_ms()
    whole.close()
    return figures, baseline


def _named() -> Measured:
    """As many symbols, gathered closer, and hundreds of names between them."""
    whole = _Whole(City(SYMBOLS, INCIDENTS, CAMERAS, NAMES))
    ours, bare, *_ = whole.everything_moves()
    figures = {
        "fps_named": _fps(ours),
        "frame_p99_ms_named": _ms(quantile(ours, 0.99)),
        "labels_named": median([float(count) for count in whole.label_counts]),
        "symbols_drawn_named": whole.drawn(),
    }
    whole.close()
    return figures, {"bare_fps_named": _fps(bare)}


class _Whole:
    """Our map and the bare painter with the same city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.work_s: list[float] = []
        self.label_counts: list[int] = []
        self._turn = 0
        _warm_fonts()
        memory = _private_bytes()
        began_s = time.perf_counter()
        self.view = MapView()
        self.view.resize(WIDTH_PX, HEIGHT_PX)
        self.view.set_district(self.city.district())
        self.view.set_grid_load(self.city.load())
        self.view.put_incidents(self.city.incident_marks())
        self.view.put_cameras(self.city.camera_marks())
        self.view.put_units(self.city.unit_marks())
        self.view.show()
        self.view.repaint()
        self.opening = {"first_paint_s": time.perf_counter() - began_s}
        _let_run(lambda: self.view.idle)
        self.opening["complete_s"] = time.perf_counter() - began_s
        self.opening["memory_mb"] = (_private_bytes() - memory) / MB
        at_m = self.city.all_at_m
        self.bare = _bare(at_m, self._looks())
        self.plain = _bare(at_m, Looks.plain(len(at_m)))
        self.drawn_only = _bare(at_m, self.bare.looks)

    def everything_moves(self) -> tuple[list[float], list[float], list[float], list[float]]:
        """Seconds of each frame: ours, the bare painter's with all of our symbols, with small discs in their places,
        and with only those of our symbols that we drew."""
        ours: list[float] = []
        bare: list[float] = []
        plain: list[float] = []
        drawn_only: list[float] = []
        for _ in range(WARM_FRAMES):
            self._our_frame()  # symbols and names are painted once in a shift, not in every frame
        self.work_s.clear()
        for _ in range(ROUNDS):
            ours += [self._timed(self._our_frame) for _ in range(FRAMES)]
            self.label_counts.append(self.labels())
            drawn = self._drawn_slots()
            self.drawn_only.at_m, self.drawn_only.looks = self.city.all_at_m[drawn], self.bare.looks.of(drawn)
            for taken, floor in ((bare, self.bare), (plain, self.plain), (drawn_only, self.drawn_only)):
                taken += [self._timed(partial(self._bare_frame, floor)) for _ in range(FRAMES)]
        return ours, bare, plain, drawn_only

    def some_move(self, count: int) -> tuple[list[float], list[float]]:
        """Seconds of each frame in which the view stands and only some units have new fixes."""
        self.view.set_reduced_motion(True)  # the fix is where the symbol stands: exactly these have moved
        self._look(self.view, 0)
        _let_run(lambda: self.view.idle)
        ours, floor = [], []
        for _ in range(ROUNDS):
            ours += [self._timed(lambda: self._our_still_frame(count)) for _ in range(FRAMES // 2)]
            floor += [self._timed(lambda: self._floor_frame(count)) for _ in range(FRAMES // 2)]
        self.view.set_reduced_motion(False)
        return ours, floor

    def hit_p99_ms(self) -> float:
        """Hover over anything: 13,000 symbols and 2,000 grids."""
        more = City(0, 0, CAMERAS + MORE_CAMERAS).camera_marks()
        self.view.put_cameras(more)
        _let_run(lambda: self.view.idle)
        dice = random.Random(7)
        taken = []
        for _ in range(HITS):
            at = QPointF(dice.uniform(0, WIDTH_PX), dice.uniform(0, HEIGHT_PX))
            taken.append(self._timed(partial(self.view.hit_at, at)))
        return _ms(quantile(taken, 0.99))

    def drawn(self) -> int:
        frame = self.view.frame
        return sum(len(painter.slots) for painter in (frame.units, frame.incidents, frame.cameras))

    def labels(self) -> int:
        return len(self.view.frame.labels.drawn())

    def close(self) -> None:
        for widget in (self.view, self.bare, self.plain, self.drawn_only):
            widget.close()

    def _our_frame(self) -> None:
        self._turn += 1
        self.view.put_units(self.city.move(SYMBOLS // FPS))
        self._look(self.view, self._turn)
        self.view.draw_now()
        began_s = time.perf_counter()
        self.view.frame.work(began_s)
        self.work_s.append(time.perf_counter() - began_s)

    def _our_still_frame(self, count: int) -> None:
        self.view.put_units(self.city.move(count))
        self.view.draw_now()

    def _bare_frame(self, bare: BarePainter) -> None:
        self._turn += 1
        self.city.drive(SYMBOLS // FPS)
        bare.centre_m, bare.px_per_m = self._swing(self._turn)
        bare.repaint()

    def _floor_frame(self, count: int) -> None:
        before, first = self.bare.left_top(), self.city.fixed
        self.city.drive(count)
        slots = np.arange(first, first + count) % SYMBOLS
        self.bare.repaint(self.bare.moved_region(before, slots))

    def _look(self, view: MapView, turn: int) -> None:
        (x_m, y_m), px_per_m = self._swing(turn)
        view.view.jump(Camera2D(float(x_m), float(y_m), METRE_ZOOM + math.log2(px_per_m)))

    def _swing(self, turn: int) -> tuple[Any, float]:
        """A hand that circles and zooms: every frame looks from somewhere else."""
        angle = turn / 40
        return np.array([math.sin(angle) * 150, math.cos(angle * 0.7) * 100]), BASE_PX_PER_M * 2 ** (
            0.4 * math.sin(angle * 1.3)
        )

    def _looks(self) -> Looks:
        """The very sprites with which our map draws each unit, incident and camera."""
        atlas, city = self.view.frame.atlas, self.city
        sprites = [
            *map(atlas.unit, city.unit_marks()),
            *map(atlas.incident, city.incident_marks()),
            *(atlas.camera(mark, as_wedge=False) for mark in city.camera_marks()),
        ]
        sheet = atlas.sheet
        return Looks(sheet.pixmap.copy(), sheet.sources[sprites], sheet.anchors[sprites])

    def _drawn_slots(self) -> Any:
        """Of all symbols, those that our map drew last."""
        frame = self.view.frame
        keys = [
            mark.key for painter in (frame.units, frame.incidents, frame.cameras) for mark in _marks(painter)
        ]
        first = {"u": 0, "i": SYMBOLS, "c": SYMBOLS + INCIDENTS}
        return np.array([first[key[0]] + int(key[1:]) for key in keys])

    @staticmethod
    def _timed(action: Callable[[], object]) -> float:
        began_s = time.perf_counter()
        action()
        return time.perf_counter() - began_s


def _bare(at_m: Any, looks: Looks) -> BarePainter:
    bare = BarePainter(at_m, looks)
    bare.resize(WIDTH_PX, HEIGHT_PX)
    _shown(bare)
    return bare


def _marks(painter: PointPainter[Any]) -> list[Any]:
    return [painter.layer.marks[slot] for slot in painter.slots.tolist()]


def _warm_fonts() -> None:
    """Other panels write Chinese too: the font's pages are not the map's."""
    picture = QPixmap(400, 40)
    painter = QPainter(picture)
    painter.drawText(0, 30, "".join(mark.label for mark in City(0, 8).incident_marks()))
    painter.end()


def _calm() -> Measured:
    """CPU of one frame with 500 units that glide, the view at rest."""
    city = City(500, 20, 100)
    view = MapView()
    view.resize(WIDTH_PX, HEIGHT_PX)
    view.set_district(city.district())
    view.set_grid_load(city.load())
    view.put_incidents(city.incident_marks())
    view.put_units(city.unit_marks())
    view.show()
    _let_run(lambda: view.idle)
    taken = []
    for _ in range(ROUNDS * FRAMES):
        view.put_units(city.move(500 // FPS))
        began_s = time.process_time()
        view.draw_now()
        taken.append(time.process_time() - began_s)
    view.close()
    return {"cpu_ms_500": _ms(median(taken))}, {}


def _search() -> Measured:
    from app.bench.search import measured

    found = measured()
    return {"search_p99_ms": found["search_p99_ms"]}, {"search_plain_p99_ms": found["search_baseline_p99_ms"]}


def _others() -> Measured:
    """Frames a second of what others would have used; few frames, they are slow."""
    city = City(SYMBOLS)
    return {}, {"items_fps": _items_fps(city), "pyqtgraph_fps": _pyqtgraph_fps(city)}


def _items_fps(city: City) -> float:
    view, items = items_view(city.at_m)
    zooms = cycle((1.01, 1 / 1.01))
    view.resize(WIDTH_PX, HEIGHT_PX)
    _shown(view)

    def frame() -> None:
        city.move(SYMBOLS // FPS)
        for item, (x_m, y_m) in zip(items, city.at_m.tolist(), strict=True):
            item.setPos(x_m, y_m)  # type: ignore[attr-defined]
        view.scale(*(next(zooms),) * 2)
        view.viewport().repaint()

    taken = [_Whole._timed(frame) for _ in range(SLOW_FRAMES)]
    view.close()
    return _fps(taken)


def _pyqtgraph_fps(city: City) -> float:
    import pyqtgraph as pg

    view = pg.PlotWidget()
    zooms = cycle((1.01, 1 / 1.01))
    view.resize(WIDTH_PX, HEIGHT_PX)
    scatter = pg.ScatterPlotItem(size=SYMBOL_PX)
    view.addItem(scatter)
    view.setXRange(-800, 800)
    view.setYRange(-450, 450)
    _shown(view)

    def frame() -> None:
        city.move(SYMBOLS // FPS)
        scatter.setData(pos=city.at_m)
        view.getViewBox().scaleBy((next(zooms),) * 2)
        view.viewport().repaint()

    taken = [_Whole._timed(frame) for _ in range(SLOW_FRAMES)]
    view.close()
    return _fps(taken)


def _let_run(condition: Callable[[], bool]) -> None:
    """Qt goes on until the condition holds."""

    async def until() -> None:
        async with asyncio.timeout(SETTLE_S):
            while not condition():  # noqa: ASYNC110 - whatever widget it asks, Qt has to go on meanwhile
                await asyncio.sleep(0.001)

    _loop().run_until_complete(until())


def _shown(widget: QWidget) -> None:
    """A window paints nothing before it has been exposed."""
    widget.show()
    _let_run(lambda: (window := widget.windowHandle()) is not None and window.isExposed())


@cache
def _loop() -> DeskLoop:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return DeskLoop(app)


def _fps(taken_s: list[float]) -> float:
    return len(taken_s) / sum(taken_s)


def _ms(seconds: float) -> float:
    return seconds * 1000


def _private_bytes() -> int:
    """Private memory: the pages of libraries are everybody's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))
