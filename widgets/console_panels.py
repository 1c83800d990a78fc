"""Builds the panels of a window, each when it is first seen, and ends what they show frames from.

Owns which panel stands in which dock. Must not place docks or connect panels: layouts.py and wiring.py do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from widgets.bridge import Bridge
from widgets.docks import DockSpec

if TYPE_CHECKING:
    from app.media.frames import FrameSource
    from widgets.panels.ledger import LedgerPanel

EXERCISE_PURPOSE = "exercise"


class Panels:
    """The builders of one window. `remember`: panels keep what the officer chose; `unattended`: a picture is taken."""

    def __init__(self, bridge: Bridge, *, remember: bool, unattended: bool) -> None:
        self._bridge = bridge
        self._remember = remember
        self._unattended = unattended
        self.source: FrameSource | None = None
        self._ledger: LedgerPanel | None = None

    def close(self) -> None:
        """Ends every stream of frames, and what a panel still has to write."""
        if self.source is not None:
            self.source.close_all()
        if self._ledger is not None:
            self._ledger.end()
            self._ledger = None

    def specs(self) -> tuple[DockSpec, ...]:
        builders: dict[str, Callable[[], QWidget]] = {
            "queue": self._build_queue,
            "alarms": self._build_alarms,
            "map": self._build_map,
            "card": self._build_card,
            "dispatch": self._build_dispatch,
            "units": self._build_units,
            "wall": self._build_wall,
            "quarantine": self._build_quarantine,
            "ledger": self._build_ledger,
            "shift": self._build_shift,
            "field": self._build_field,
        }
        return tuple(DockSpec(name, build) for name, build in builders.items())

    def _build_queue(self) -> QWidget:
        from widgets.panels.incident_queue import IncidentQueuePanel

        return IncidentQueuePanel(self._bridge)

    def _build_alarms(self) -> QWidget:
        from widgets.panels.alarm_lane import AlarmLanePanel

        return AlarmLanePanel(self._bridge)

    def _build_quarantine(self) -> QWidget:
        from widgets.panels.quarantine import QuarantinePanel

        return QuarantinePanel(self._bridge)

    def _build_field(self) -> QWidget:
        from widgets.panels.field_link import FieldPanel

        return FieldPanel(self._bridge)

    def _build_shift(self) -> QWidget:
        from widgets.panels.shift import ShiftPanel

        return ShiftPanel(self._bridge)

    def _build_ledger(self) -> QWidget:
        from widgets.panels.ledger import LedgerPanel

        self._ledger = LedgerPanel(self._bridge, remember=self._remember)
        return self._ledger

    def _build_map(self) -> QWidget:
        from widgets.panels.map import MapPanel
        from widgets.panels.map_kept_view import view_path

        return MapPanel(
            self._bridge, remember=self._remember, view_file=view_path() if self._remember else None
        )

    def _build_card(self) -> QWidget:
        from widgets.panels.case import CasePanel

        return CasePanel(self._bridge)

    def _build_dispatch(self) -> QWidget:
        from widgets.panels.dispatch import DispatchPanel

        return DispatchPanel(self._bridge)

    def _build_units(self) -> QWidget:
        from widgets.panels.unit_board import UnitBoardPanel

        return UnitBoardPanel(self._bridge, remember=self._remember)

    def _build_wall(self) -> QWidget:
        from app.media.pattern_source import TestPatternSource
        from widgets.panels.camera_wall import CameraWallPanel

        bridge, district = self._bridge, self._bridge.district
        groups = {camera.id: camera.group for camera in district.cameras}
        self.source = TestPatternSource(bridge.clock.now, district.utc_offset_min, self._is_online, groups)
        posed = self._unattended and bridge.app.mode == "drill"
        return CameraWallPanel(bridge, self.source, EXERCISE_PURPOSE if posed else "")

    def _is_online(self, camera: str) -> bool:
        state = self._bridge.desk.cameras.get(camera)
        return state is None or state.online
