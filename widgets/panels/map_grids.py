"""What the map says of its grids: their colour by the chosen indicator, the card under the pointer, the way to choose.

Owns the counts by grid of one map panel and when they are shown. Must not paint, and must not choose an indicator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from app.domain.incident import PRIORITIES, Incident
from app.domain.instants import Instant
from app.i18n import tr
from app.projections.grid_indicators import CameraTally, GridTally, levels
from widgets.bridge import Bridge
from widgets.map.grid_choice import chosen, value_text
from widgets.map.indicator_sheet import IndicatorSheet, LegendButton
from widgets.map.map_view import MapView

SLICE_GAP_MS = 8
_SAID_ANYWAY = ("open", "overdue", "units", "cameras_online")
"""Indicators that stand among the figures of every grid."""


@dataclass(frozen=True, slots=True)
class GridFigures:
    """One grid now: open incidents, those by priority from P1, overdue ones, units inside, cameras."""

    open: int
    by_priority: tuple[int, ...]
    overdue: int
    units: int
    cameras_online: int
    cameras_offline: int


class MapGrids(QObject):
    """The grids of one map panel."""

    def __init__(self, bridge: Bridge, view: MapView) -> None:
        super().__init__(view)
        self._bridge, self._view = bridge, view
        self.tally = GridTally(bridge.app.limits)
        self._now: Instant = 0
        self._levels: dict[str, int] = {}
        self._inside_at: Instant = -1
        self._inside: dict[str, list[str]] = {}
        self.cameras_of: Mapping[str, list[str]] = self._cameras_by_grid()
        self._cameras = CameraTally({camera.id: camera.grid for camera in bridge.district.cameras})
        self._slices = QTimer(self)
        self._slices.setSingleShot(True)
        self._slices.setInterval(SLICE_GAP_MS)
        self._slices.timeout.connect(self._count_on)
        view.sheets["indicator"] = IndicatorSheet(view.stack, view)
        self.legend = LegendButton(view.stack, view.load_legend_rect, view)
        view.floating.rewritten.connect(self.legend.renew)
        self.legend.clicked.connect(self._turn_sheet)
        view.set_grid_lines(self.lines)
        view.stack.changed.connect(self._layer_changed)
        bridge.ticked.connect(self._follow_clock)
        bridge.cameras_changed.connect(self._note_cameras)
        bridge.restored.connect(self._note_all_cameras)
        if bridge.app.is_restored:
            self._note_all_cameras()

    # -- what the desk says ------------------------------------------------------------------------------------------

    def note(self, incidents: Iterable[Incident]) -> None:
        """These incidents are new or others than before; `show` brings them to the map."""
        now = self._now = max(self._now, self._bridge.clock.now())
        for incident in incidents:
            self.tally.put(incident, now)

    def show(self) -> None:
        """Colour the grids by what is known now."""
        indicator, kind = chosen(self._view.stack)
        wanted = levels(indicator, self.values(indicator.id, kind))
        if wanted != self._levels:
            self._levels = wanted
            self._view.set_grid_load(wanted)

    def retranslate(self) -> None:
        self.legend.renew()

    def _turn_sheet(self) -> None:
        """A click on the legend opens the choice, and puts it away with the keyboard back on the map."""
        sheet = self._view.sheets["indicator"]
        if sheet.isVisible():
            sheet.close_by_hand()
        else:
            self._view.open_sheet("indicator")

    def _layer_changed(self, layer: str) -> None:
        if layer in ("", "grids"):
            self.show()

    def _count_on(self) -> None:
        self._follow_clock(self._now)

    def _follow_clock(self, now: Instant) -> None:
        """What is overdue or too old by now; much at once is counted in slices."""
        self._now = max(self._now, now)
        if not self.tally.advance(self._now):
            self._slices.start()
        self.show()

    # -- figures -----------------------------------------------------------------------------------------------------

    def values(self, indicator: str, kind: str) -> Mapping[str, int]:
        """The figure of an indicator by grid; a grid that has none is absent."""
        if indicator == "units":
            return {grid: len(units) for grid, units in self.units_inside().items()}
        if indicator == "cameras_online":
            return self._cameras.shares()
        return self.tally.values(indicator, kind)

    def figures(self, grid: str) -> GridFigures:
        tally = self.tally
        return GridFigures(
            tally.value("open", grid),
            tuple(tally.value(f"p{priority}", grid) for priority in PRIORITIES),
            tally.value("overdue", grid),
            len(self.units_inside().get(grid, ())),
            self._cameras.online(grid),
            self._cameras.offline(grid),
        )

    def units_inside(self) -> dict[str, list[str]]:
        """Units by the grid that they are in, as the map shows them; looked at anew once a second."""
        index, second = self._bridge.app.grids, self._bridge.clock.now() // 1000
        if index is not None and second != self._inside_at:
            marks = [mark for _, mark in self._view.scene.units.items()]
            inside = defaultdict(list)
            for mark, grid in zip(marks, index.grids_of([(m.lat, m.lon) for m in marks]), strict=True):
                if grid is not None:
                    inside[grid.code].append(mark.key)
            self._inside, self._inside_at = dict(inside), second
        return self._inside

    def lines(self, grid: str) -> tuple[str, ...]:
        """What the card under the pointer says of a grid."""
        indicator, kind = chosen(self._view.stack)
        first = []
        if indicator.id not in _SAID_ANYWAY or kind != "all":
            value = self.values(indicator.id, kind).get(grid, 0)
            first.append(value_text(indicator, kind, value))
        return (*first, *figure_lines(self.figures(grid)))

    def _note_all_cameras(self) -> None:
        self._note_cameras(self._bridge.desk.cameras)

    def _note_cameras(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._cameras.put(key, self.is_online(key))
        self.show()

    def is_online(self, camera: str) -> bool:
        state = self._bridge.desk.cameras.get(camera)
        return state is None or state.online

    def _cameras_by_grid(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for camera in self._bridge.district.cameras:
            found[camera.grid].append(camera.id)
        return dict(found)


def figure_lines(figures: GridFigures) -> tuple[str, ...]:
    """Open by priority, overdue, units and cameras, each a line."""
    by_priority = [
        tr("grid.figures.priority", priority=f"P{priority}", count=count)
        for priority, count in zip(PRIORITIES, figures.by_priority, strict=True)
        if count
    ]
    opened = tr("grid.value.open", value=figures.open)
    return (
        " · ".join([opened, *by_priority]),
        tr("grid.value.overdue", value=figures.overdue),
        tr("grid.value.units", value=figures.units),
        tr("grid.figures.cameras", online=figures.cameras_online, offline=figures.cameras_offline),
    )
