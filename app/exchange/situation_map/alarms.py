"""The alarms that nobody has dealt with yet, as a layer.

Owns which facts an alarm carries into the file and where one without a position stands. Must not carry more than
marks.py would: titles from outside are masked like those of incidents.
"""

from __future__ import annotations

from folium import Map

from app.domain.alarm import Alarm
from app.domain.masking import mask_text
from app.exchange.situation import Situation, grid_names, incident_type_name, name_of
from app.exchange.situation_map import geometry as geo
from app.exchange.situation_map.ground import marks
from app.exchange.situation_map.symbols import symbol_html
from app.i18n import has_text, tr


class AlarmLayer:
    """Alarms where they are; one that has no position of its own stands at the camera that raised it."""

    def __init__(self, situation: Situation, masked: bool) -> None:
        self._situation = situation
        self._masked = masked
        self._grids = grid_names(situation.district)
        self._cameras = {camera.id: camera for camera in situation.district.cameras}
        placed = [(alarm, self._place(alarm)) for alarm in situation.alarms]
        self._placed = [(alarm, *place) for alarm, place in placed if place is not None]
        self.without_place = [alarm for alarm, place in placed if place is None]

    def add_to(self, page: Map) -> None:
        swatch = symbol_html("alarm", "p1", "swatch")
        name = f"{swatch}{tr('situation_map.layer.alarms', count=len(self._placed))}"
        features = [self._feature(alarm, lat, lon) for alarm, lat, lon in self._placed]
        marks(features, "alarm", name=name).add_to(page)

    def _place(self, alarm: Alarm) -> tuple[float, float] | None:
        if alarm.lat is not None and alarm.lon is not None:
            return alarm.lat, alarm.lon
        camera = self._cameras.get(alarm.camera or "")
        return None if camera is None else (camera.lat, camera.lon)

    def _feature(self, alarm: Alarm, lat: float, lon: float) -> geo.Feature:
        camera = self._cameras.get(alarm.camera or "")
        return geo.point(
            lat,
            lon,
            title=mask_text(alarm.title) if self._masked else alarm.title,
            priority=alarm.priority,
            symbol="alarm",
            tone=f"p{alarm.priority}",
            facts=[
                incident_type_name(alarm.alarm_type),
                tr(f"terms.priority.P{alarm.priority}"),
                tr(f"situation_map.alarm.{alarm.status}"),
                self._situation.local_time(alarm.raised_at),
                self._grids.get(alarm.grid or "", alarm.grid),
                name_of(camera) if camera else alarm.camera,
                _source_name(alarm.source),
            ],
        )


def _source_name(source: str) -> str:
    """Sources of elsewhere keep their own word."""
    key = f"case.source.{source}"
    return tr(key) if has_text(key) else source
