"""What the officer is looking at: one incident, one unit, one camera, shared by every panel.

Owns the three ids and their signals. Must not know a panel, and never drops an id because its thing has changed.
"""

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Ids, "" for none. A signal is emitted only when the id is another one."""

    incident_changed = Signal(str)
    unit_changed = Signal(str)
    camera_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._incident = self._unit = self._camera = ""

    @property
    def incident(self) -> str:
        return self._incident

    @property
    def unit(self) -> str:
        return self._unit

    @property
    def camera(self) -> str:
        return self._camera

    def select_incident(self, incident: str | None) -> None:
        if (incident or "") != self._incident:
            self._incident = incident or ""
            self.incident_changed.emit(self._incident)

    def select_unit(self, unit: str | None) -> None:
        if (unit or "") != self._unit:
            self._unit = unit or ""
            self.unit_changed.emit(self._unit)

    def select_camera(self, camera: str | None) -> None:
        if (camera or "") != self._camera:
            self._camera = camera or ""
            self.camera_changed.emit(self._camera)
