"""Keeps which units have called for help, for the lists that show units. Must not decide it: app/domain does."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.domain.distress import DEVICE, units_in_distress
from widgets.bridge import Bridge


class Distress(QObject):
    """`changed` carries the units that have called, or were helped, since."""

    changed = Signal(set)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.units: frozenset[str] = frozenset()
        bridge.restored.connect(self._renew)
        bridge.alarms_changed.connect(self._alarms_changed)
        bridge.incidents_changed.connect(self._incidents_changed)
        if bridge.app.is_restored:
            self._renew()

    def _alarms_changed(self, keys: Iterable[str]) -> None:
        alarms = self._bridge.desk.alarms
        if any(alarms[key].device.startswith(DEVICE) for key in keys):
            self._renew()

    def _incidents_changed(self, _keys: object) -> None:
        """The incident that a call became may have ended."""
        if self.units:
            self._renew()

    def _renew(self) -> None:
        before, self.units = self.units, units_in_distress(self._bridge.desk)
        if self.units != before:
            self.changed.emit(set(self.units ^ before))
