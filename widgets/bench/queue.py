"""bench queue: 100,000 incidents in the queue, filtered, sorted and scrolled, beside Qt's own sort and filter proxy.

A step is what an officer waits for: from the wish (a letter typed into the filter, a click on a column's head, a key)
to the finished paint of the table. The proxy has the same texts in a QStandardItemModel, all in C++. While pages are
turned a 10 ms timer says how late the Qt thread is for anything else.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

from app.centre.types_file import load_incident_types
from app.domain.incident import CLOSED, HANDLING, REPORTED, Incident
from app.geo.district import District, load_district
from app.paths import bundled_data_dir
from widgets.bench.heart_beat import HeartBeat
from widgets.bench.quantiles import median, quantile
from widgets.garbage import keep_what_stands
from widgets.loop import DeskLoop
from widgets.models.incident_queue import IncidentQueueModel, QueueFilter, QueueRow, QueueRows
from widgets.panels.queue_cells import queue_delegate
from widgets.panels.table_view import KeyedTableView
from widgets.style import apply_theme

INCIDENTS = 100_000
OPEN_SHARE = 50
WIDTH_PX, HEIGHT_PX = 420, 900
ROUNDS = 6
PAGES = 240
PAGE_GAP_S = 0.02
STEP_MS = 7_000
NOW_AT = 1_795_330_000_000
KINDS = ("crowd", "dispute", "traffic", "facility", "fire", "fraud")


def run() -> Iterator[dict[str, Any]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "dark")
    loop = DeskLoop(app)
    table = _Table()
    keep_what_stands()
    filters, sorts = table.filters_s(), table.sorts_s()
    late_ms = loop.run_until_complete(table.scrolled_late_ms())
    proxy = _Proxy(table.rows)
    proxy_filters, proxy_sorts = proxy.filters_s(), proxy.sorts_s()
    table.view.close()
    proxy.view.close()
    loop.close()
    yield {
        "bench": "queue",
        "figures": {
            "incidents": INCIDENTS,
            "filter_p50_ms": _ms(median(filters)),
            "filter_p99_ms": _ms(quantile(filters, 0.99)),
            "sort_p50_ms": _ms(median(sorts)),
            "sort_p99_ms": _ms(quantile(sorts, 0.99)),
            "scroll_heartbeat_late_p99_ms": round(quantile(late_ms, 0.99), 2),
            "scroll_heartbeat_late_max_ms": round(max(late_ms), 2),
        },
        "baseline": {
            "proxy_filter_p50_ms": _ms(median(proxy_filters)),
            "proxy_sort_p50_ms": _ms(median(proxy_sorts)),
        },
        "ratio": {
            "filter": round(median(filters) / median(proxy_filters), 3),
            "sort": round(median(sorts) / median(proxy_sorts), 3),
        },
    }


class _Table:
    """The queue's own model, view and painter."""

    def __init__(self) -> None:
        district = load_district(bundled_data_dir() / "districts" / "demo")
        grids = {grid.code: grid.name_zh for grid in district.grids}
        units = {unit.id: f"{unit.call_sign_zh} {unit.call_sign_en}" for unit in district.units}
        made = QueueRows(load_incident_types().limits, grids, units).of(_incidents(district))
        self.rows = list(made.values())
        self.model = IncidentQueueModel()
        self.model.set_now(NOW_AT)
        self.model.apply_filter(QueueFilter(open_only=False))
        self.model.put(made)
        self.view = KeyedTableView(self.model)
        self.delegate = queue_delegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.resize(WIDTH_PX, HEIGHT_PX)
        self.view.show()
        self._words = [district.places[number].name_zh for number in range(0, 60, 10)]

    def filters_s(self) -> list[float]:
        """Every letter of six names, typed and taken back."""
        taken = []
        for word in self._words:
            texts = [word[:count] for count in (*range(1, len(word) + 1), *range(len(word) - 1, -1, -1))]
            taken += [self._timed(partial(self._filter, text)) for text in texts]
        return taken

    def sorts_s(self) -> list[float]:
        """Every column both ways; the first time a column is ranked counts too."""
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        columns = range(1, len(self.model.columns))
        wished = [(column, order) for _ in range(ROUNDS) for column in columns for order in orders]
        return [self._timed(partial(self.model.sort, *wish)) for wish in wished]

    async def scrolled_late_ms(self) -> list[float]:
        """Pages turned as fast as a held key does, here and there a jump to the other end."""
        beat, dice = HeartBeat(), random.Random(7)
        bar = self.view.verticalScrollBar()
        for _ in range(PAGES):
            jumps = dice.random() < 0.1
            bar.setValue(dice.randrange(bar.maximum()) if jumps else bar.value() + bar.pageStep())
            await asyncio.sleep(PAGE_GAP_S)
        beat.stop()
        return beat.late_ms

    def _filter(self, text: str) -> None:
        self.model.apply_filter(QueueFilter(text=text, open_only=False))

    def _timed(self, wish: Callable[[], None]) -> float:
        return _timed(wish, self.view)


class _Proxy:
    """What Qt brings along for the same wish."""

    def __init__(self, rows: list[QueueRow]) -> None:
        self._model = QStandardItemModel(len(rows), 3)
        for number, row in enumerate(rows):
            self._model.setItem(number, 0, QStandardItem(row.incident.title))
            self._model.setItem(number, 1, QStandardItem(row.words))
            due = QStandardItem()
            due.setData(row.due_at, Qt.ItemDataRole.DisplayRole)
            self._model.setItem(number, 2, due)
        self._proxy = QSortFilterProxyModel()
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(1)
        self.view = QTableView()
        self.view.setModel(self._proxy)
        self.view.resize(WIDTH_PX, HEIGHT_PX)
        self.view.show()
        self._word = rows[0].incident.title[:4]

    def filters_s(self) -> list[float]:
        texts = [self._word[:count] for count in (1, 2, 3, 4, 3, 2, 1, 0)]
        return [_timed(partial(self._proxy.setFilterFixedString, text), self.view) for text in texts]

    def sorts_s(self) -> list[float]:
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        return [
            _timed(partial(self._proxy.sort, column, order), self.view)
            for column in (0, 2)
            for order in orders
        ]


def _incidents(district: District) -> Iterator[Incident]:
    """A year of a busy centre: most have ended."""
    for number in range(INCIDENTS):
        place, grid = (
            district.places[number % len(district.places)],
            district.grids[number % len(district.grids)],
        )
        is_open, at = number % OPEN_SHARE == 0, NOW_AT - (INCIDENTS - number) * STEP_MS
        yield Incident(
            id=f"{number:016x}",
            source_ids=(f"bench:{number}",),
            incident_type=KINDS[number % len(KINDS)],
            priority=1 + number % 4,
            title=f"{place.name_zh}{number}",
            opened_at=at,
            address=place.address_zh,
            lat=place.lat,
            lon=place.lon,
            grid=grid.code,
            number=f"20261122-{number:06d}",
            status=(REPORTED, HANDLING)[number % 2] if is_open else CLOSED,
            accepted_at=None if is_open else at + 30_000,
            closed_at=None if is_open else at + 1_800_000,
        )


def _timed(wish: Callable[[], object], view: QTableView) -> float:
    began_s = time.perf_counter()
    wish()
    QApplication.sendPostedEvents()
    view.viewport().repaint()
    return time.perf_counter() - began_s


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
