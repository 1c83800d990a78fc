"""The map's dock: tells the map what the desk knows, and the desk what was picked on it.

Owns which unit, incident and camera becomes which mark. Must not paint or judge.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import OFF_DUTY
from app.i18n import language
from app.service.aside import aside
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.distress import Distress
from widgets.map.ground_shapes import GroundShapes
from widgets.map.layer_file import layer_file_path
from widgets.map.map_view import MapView
from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.projection import Projection
from widgets.panels.map_basemaps import MapBasemaps
from widgets.panels.map_etas import MapEtas
from widgets.panels.map_grid_sheet import MapGridSheet
from widgets.panels.map_grids import MapGrids
from widgets.panels.map_kept_view import KeptView
from widgets.panels.map_layers import MapLayers
from widgets.panels.map_notes import MapNotes
from widgets.panels.map_roads import MapRoads
from widgets.panels.map_search import MapSearch
from widgets.panels.map_sharing import MapSharing
from widgets.panels.map_tools import MapTools
from widgets.panels.unit_story import UnitStory
from widgets.parts.symbols import DISTRESS
from widgets.style import follow_look

if TYPE_CHECKING:
    from app.geo.district import Camera

NEW_MS = 60_000
"""An incident that was recorded this recently is new to the eye."""

SLICE_S, SLICE_GAP_MS, CHUNK = 0.002, 8, 32


class MapPanel(QWidget):
    """`picked` and `activated` carry kind (incident, unit, camera, grid) and id; kind "" is the bare ground.

    `view_file` keeps where the map looks, from one run to the next; without it the view is fitted at every start.
    Without `remember` nothing that this user has chosen before is read, and nothing is kept: everything is as made.
    """

    picked = Signal(str, str)
    activated = Signal(str, str)
    dispatch_requested = Signal(str)
    incident_from_camera = Signal(str)
    incident_at = Signal(float, float)

    def __init__(
        self,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        layer_file: Path | None = None,
        remember: bool = True,
        view_file: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._homes = {spec.id: spec for spec in bridge.district.units}
        self._cameras = {camera.id: camera for camera in bridge.district.cameras}
        self._stale: dict[str, bool] = {}
        self._distress = Distress(bridge, self)
        self._waiting: dict[str, None] = {}
        self._slices = QTimer(self)
        self._slices.setSingleShot(True)
        self._slices.setInterval(SLICE_GAP_MS)
        self._slices.timeout.connect(self._put_slice)
        # Without a layout: each part of the search box that comes or goes would lay out the whole window with it.
        self.view = MapView(self, now_at=bridge.clock.now)
        self.setFocusProxy(self.view)
        self._lay_ground()
        self.view.picked.connect(self.picked)
        self.view.activated.connect(self.activated)
        # The new style repaints at once, before the map's own tick: by then its sprites must have been placed anew.
        follow_look(self, self._place_anew)
        self._make_parts((layer_file or layer_file_path()) if remember else None, view_file)
        self._put_cameras(self._cameras)
        if bridge.app.is_restored:
            self._put_all()

    def _make_parts(self, layer_file: Path | None, view_file: Path | None) -> None:
        """What else stands on this map; nothing is remembered where there is no file for it."""
        bridge = self.bridge
        self.grids = MapGrids(bridge, self.view)
        self.grid_sheet = MapGridSheet(bridge, self.view, self.grids)
        self.grid_sheet.picked.connect(self.picked)
        self.layers = MapLayers(bridge, self.view, layer_file)
        self.kept_view = KeptView(bridge, self.view, view_file) if view_file is not None else None
        self._connect()
        self.etas = MapEtas(bridge, self.view)
        self.search = MapSearch(self)
        self.search.chosen.connect(self.grid_sheet.look_at_found)
        self.tools = MapTools(self)
        self.notes = MapNotes(bridge, self.tools.told)
        self.sharing = MapSharing(bridge, self.view, self.tools.told)
        self.roads = MapRoads(bridge, self.view, self.tools.told)
        self.unit_story = UnitStory(bridge, self.view)
        choices_dir = layer_file.parent if layer_file is not None else None
        self.basemaps = MapBasemaps(self.view, bridge.app.config.district_dir, choices_dir)

    def _lay_ground(self) -> None:
        """The ground is read and shaped aside: a large district takes a second. Marks have their plane at once."""
        district = self.bridge.district
        projection = Projection.at(district.centre_lat, district.centre_lon)
        self.view.scene.project(projection)

        def shape() -> GroundShapes:
            return GroundShapes.of(district, projection)

        def laid(shapes: GroundShapes) -> None:
            if isValid(self):
                self.view.set_district(district, shapes)

        self.bridge.fetch(aside(shape, "ground"), laid)

    # -- what others say ---------------------------------------------------------------------------------------------

    def select(self, kind: str, key: str) -> None:
        """Rings what another panel has chosen."""
        self.view.select(kind, key)

    def fly_to(self, kind: str, key: str) -> None:
        """Brings an incident, a unit or a camera to the middle; what has no place stays where it is."""
        place = self._place_of(kind, key)
        if place is not None:
            self.view.fly_to(*place)

    def sizeHint(self) -> QSize:
        return self.view.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.view.minimumSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())

    def hideEvent(self, event: QHideEvent) -> None:
        self._write_what_is_kept()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._write_what_is_kept()
        super().closeEvent(event)

    def _write_what_is_kept(self) -> None:
        self.layers.close()
        if self.kept_view is not None:
            self.kept_view.close()

    def retranslate(self) -> None:
        self.view.retranslate()
        self.search.retranslate()
        self.tools.retranslate()
        self.sharing.retranslate()
        self.roads.retranslate()
        self.unit_story.retranslate()
        self.basemaps.retranslate()
        self.etas.show()
        self.grids.retranslate()
        self.grid_sheet.show_news()
        self._put_cameras(self._cameras)
        if self.bridge.app.is_restored:
            self._put_units(self.bridge.desk.units)
            self._put_incidents(self.bridge.desk.incidents)

    def _place_anew(self) -> None:
        self.view.frame.prepare(self.view.view)

    def _place_of(self, kind: str, key: str) -> tuple[float, float] | None:
        if kind == "camera" and key in self._cameras:
            return self._cameras[key].lat, self._cameras[key].lon
        if kind == "unit":
            mark = self._unit_mark(key, self.bridge.clock.now())
            return (mark.lat, mark.lon) if mark else None
        incident = self.bridge.desk.incidents.get(key) if kind == "incident" else None
        if incident is None or incident.lat is None or incident.lon is None:
            return None
        return incident.lat, incident.lon

    # -- what the desk says, once the journal is read: until then everything changes and nothing of it is news --------

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.restored.connect(self._put_all)
        bridge.incidents_changed.connect(self._put_incidents)
        bridge.units_changed.connect(self._units_changed)
        self._distress.changed.connect(self._units_changed)
        bridge.positions_changed.connect(self._put_units)
        bridge.cameras_changed.connect(self._put_cameras)
        bridge.ticked.connect(self._put_newly_stale)

    def _put_all(self) -> None:
        self._put_cameras(self._cameras)
        self._put_units(self.bridge.desk.units)
        self._put_incidents(self.bridge.desk.incidents)
        self._put_links()

    def _put_links(self) -> None:
        units = self.bridge.desk.units.values()
        self.view.set_links((unit.id, task.incident) for unit in units for task in unit.assignments)

    def _units_changed(self, keys: Iterable[str]) -> None:
        if self.bridge.app.is_restored:
            self._put_units(keys)
            self._put_links()

    # -- incidents ---------------------------------------------------------------------------------------------------

    def _put_incidents(self, keys: Iterable[str]) -> None:
        """A few at once; of many the rest in slices: a key that changes again meanwhile is looked at once."""
        if not self.bridge.app.is_restored:
            return
        self._waiting.update(dict.fromkeys(keys))
        if not self._slices.isActive():
            self._put_slice()

    def _put_slice(self) -> None:
        until_s = time.perf_counter() + SLICE_S
        while self._waiting:
            self._put_some([self._waiting.popitem()[0] for _ in range(min(CHUNK, len(self._waiting)))])
            if time.perf_counter() >= until_s:
                break
        self.grids.show()
        if self._waiting:
            self._slices.start()
        else:
            self.view.steering.settle()

    def _put_some(self, keys: list[str]) -> None:
        now, known = self.bridge.clock.now(), self.bridge.desk.incidents
        incidents = [known[key] for key in keys]
        self.layers.note(incidents)
        self.grids.note(incidents)
        said = map(self.bridge.said, incidents)
        marks = [mark for incident in said if (mark := _incident_mark(incident, now)) is not None]
        shown = {mark.key for mark in marks}
        self.view.put_incidents(marks)
        self.view.drop_incidents([incident.id for incident in incidents if incident.id not in shown])

    # -- units -------------------------------------------------------------------------------------------------------

    def _put_units(self, keys: Iterable[str]) -> None:
        now = self.bridge.clock.now()
        marks = {key: self._unit_mark(key, now) for key in keys}
        shown = [mark for mark in marks.values() if mark is not None]
        self._stale.update((mark.key, mark.stale) for mark in shown)
        self.view.put_units(shown)
        self.view.drop_units([key for key, mark in marks.items() if mark is None])

    def _put_newly_stale(self, now: Instant) -> None:
        """A unit that has fallen silent says nothing: the clock has to notice."""
        if self.bridge.app.is_restored:
            stale = self.bridge.positions.is_stale
            self._put_units([key for key, was in self._stale.items() if not was and stale(key, now)])

    def _unit_mark(self, key: str, now: Instant) -> UnitMark | None:
        """The unit at its newest fix, else, stale, at its post; None for one that is nowhere or off duty."""
        unit = self.bridge.desk.units.get(key)
        if unit is None or unit.status == OFF_DUTY:
            return None
        fix = self.bridge.positions.fixes.get(key) if self.bridge.app.is_restored else None
        home = self._homes.get(key)
        call_sign = home.call_sign_en if home and language() == "en" else unit.call_sign
        status = DISTRESS if key in self._distress.units else unit.status
        if fix is not None:
            stale = self.bridge.positions.is_stale(key, now) and status != DISTRESS
            way = fix.heading_deg, fix.at, stale, fix.speed_mps, unit.outside
            return UnitMark(key, unit.kind, call_sign, fix.lat, fix.lon, status, *way)
        if home is None:
            return None
        place, is_calling = (home.home_lat, home.home_lon), status == DISTRESS
        return UnitMark(key, unit.kind, call_sign, *place, status, stale=not is_calling)

    # -- cameras -----------------------------------------------------------------------------------------------------

    def _put_cameras(self, keys: Iterable[str]) -> None:
        self.view.put_cameras(self._camera_mark(self._cameras[key]) for key in keys if key in self._cameras)

    def _camera_mark(self, camera: Camera) -> CameraMark:
        state = self.bridge.desk.cameras.get(camera.id)
        name = camera.name_en if language() == "en" else camera.name_zh
        return CameraMark(
            camera.id,
            name,
            camera.lat,
            camera.lon,
            camera.bearing_deg,
            camera.fov_deg,
            camera.range_m,
            state is None or state.online,
        )


def _incident_mark(incident: Incident, now: Instant) -> IncidentMark | None:
    if not incident.is_open or incident.lat is None or incident.lon is None:
        return None
    return IncidentMark(
        incident.id,
        incident.incident_type,
        incident.priority,
        incident.title,
        incident.lat,
        incident.lon,
        incident.status,
        incident.opened_at,
        is_new=now - incident.recorded_at < NEW_MS,
        number=tail(incident.number),
    )
