"""Owns the desk's alarm load against ISA-18.2: a chart, the figures with their targets, the busiest sources.

Must not count: that is projections/alarm_load.py. It reads while it is open, at most every READ_TICKS seconds.
"""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.domain.instants import DAY_MS, Instant
from app.i18n import tr
from app.projections.alarm_load import LoadFigures
from widgets.bridge import Bridge
from widgets.local_time import clock_text, minute_text
from widgets.models.alarm_lane import Names
from widgets.panels.action_button import ActionButton
from widgets.panels.case_words import source_name
from widgets.panels.side_sheet import SideSheet
from widgets.parts.age_text import format_age
from widgets.parts.load_bars import LoadBars
from widgets.parts.section_list import SectionList, SectionRow
from widgets.style import tokens

PERIOD_KEY: Final = "T"
READ_TICKS: Final = 10

Period = Literal["shift", "day"]


class AlarmLoadSheet(SideSheet):
    """The last 24 hours, or the shift so far."""

    def __init__(self, bridge: Bridge, names: Names, lane: QWidget) -> None:
        super().__init__(lane)
        self.bridge, self.names = bridge, names
        self.period: Period = "day"
        self._ticks = 0
        self.chart, self.list, self.other = LoadBars(), SectionList(), ActionButton("quiet")
        self.other.clicked.connect(self.change_period)
        self.known = QLabel()
        self.known.setProperty("tone", "second")
        self.known.setWordWrap(True)
        self.figures: dict[str, QLabel] = {}
        self._names_of: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens().space_m)
        grid.setVerticalSpacing(tokens().space_xs)
        for place, name in enumerate(("mean", "peak", "flood", "top", "standing", "shelved")):
            self._put(grid, place, name)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.other)
        self.body.addWidget(self.chart)
        self.body.addWidget(self.known)
        self.body.addLayout(grid)
        self.body.addWidget(self.list, 1)
        self.body.addLayout(foot)

    def _put(self, grid: QGridLayout, place: int, name: str) -> None:
        what, figure = self._names_of.setdefault(name, QLabel()), self.figures.setdefault(name, QLabel())
        what.setProperty("tone", "second")
        row, column = divmod(place, 2)
        grid.addWidget(what, row, 2 * column)
        grid.addWidget(figure, row, 2 * column + 1)
        grid.setColumnStretch(2 * column + 1, 1)

    def take_keyboard(self) -> None:
        self.list.setFocus()

    def tick(self) -> None:
        """A second has passed."""
        self._ticks += 1
        if self.is_open and self._ticks % READ_TICKS == 0:
            self.refresh()

    def change_period(self) -> None:
        """From the day to the shift and back."""
        self.period = "shift" if self.period == "day" else "day"
        self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_T and not event.modifiers():
            self.change_period()
        super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.title.setText(tr(f"alarm.load_sheet.title.{self.period}"))
        other = "day" if self.period == "shift" else "shift"
        self.other.set_words(tr(f"alarm.load_sheet.period.{other}"), PERIOD_KEY)
        for name, label in self._names_of.items():
            label.setText(tr(f"alarm.load_sheet.{name}"))
        super().retranslate()

    def refresh(self) -> None:
        now = self.bridge.clock.now()
        load, lane = self.bridge.projections.alarm_load, self.bridge.projections.alarm_lane
        limits = lane.limits
        since = now - DAY_MS if self.period == "day" else limits.shift_start(now)
        found = load.figures(since, now)
        offset_min = self.bridge.district.utc_offset_min
        ends = (minute_text(since, now, offset_min), minute_text(now, now, offset_min))
        words = tr(
            "alarm.load_sheet.spoken", total=found.total, peak=found.peak, flood=_percent(found.flood_share)
        )
        self.chart.set_values(load.series(since, now), limits.acceptable, limits.flood, ends, words)
        self._show_figures(found, now)
        self._show_top(found)
        self._say_known(load.known_from(since), since, now)

    def _say_known(self, known_from: Instant, since: Instant, now: Instant) -> None:
        """A mean over a day of which an hour is known is no mean over a day."""
        self.known.setVisible(known_from > since)
        at = clock_text(known_from, self.bridge.district.utc_offset_min)[:5]
        span = format_age((now - known_from) / 1000)
        self.known.setText(tr("alarm.load_sheet.known", at=at, span=span))

    def _show_figures(self, found: LoadFigures, now: Instant) -> None:
        lane = self.bridge.projections.alarm_lane
        limits = lane.limits
        self._say(
            "mean", found.per_slot > limits.acceptable, value=f"{found.per_slot:.1f}", limit=limits.acceptable
        )
        self._say("peak", found.peak > limits.flood, value=found.peak, limit=limits.flood)
        self._say(
            "flood", found.flood_share > limits.flood_share,
            value=_percent(found.flood_share), limit=_percent(limits.flood_share), count=found.floods,
        )  # fmt: skip
        self._say(
            "top", found.top_share > limits.top_ten_share,
            value=_percent(found.top_share), limit=_percent(limits.top_ten_share),
        )  # fmt: skip
        stale, chattering = lane.stale_count(now), len(lane.chattering.devices)
        self._say("standing", bool(stale or chattering), stale=stale, chattering=chattering)
        self._say("shelved", False, now=lane.shelved_count, count=found.shelved)

    def _say(self, name: str, beyond: bool, **facts: object) -> None:
        """Colour is for what is not normal, and never alone: the target stands beside the figure."""
        label = self.figures[name]
        label.setText(tr(f"alarm.load_sheet.{name}.value", **facts))
        label.setProperty("tone", "warn" if beyond else "")
        label.style().polish(label)

    def _show_top(self, found: LoadFigures) -> None:
        every = max(1, found.total, sum(count for _, count in found.top))  # a source is counted by the slot
        rows = [SectionRow("head", tr("alarm.load_sheet.sources"))]
        rows += [
            SectionRow(
                "row",
                self.names.camera(source) or source_name(source),
                ("source", source),
                aside=tr("alarm.load_sheet.source", count=count, share=_percent(count / every)),
                glyph="camera" if self.names.camera(source) else "incident/alarm",
            )
            for source, count in found.top
        ]
        self.list.show_rows(rows if found.top else [SectionRow("note", tr("alarm.load_sheet.empty"))])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
