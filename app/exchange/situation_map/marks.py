"""What stands and happens on the ground as layers: places, cameras, units, incidents.

Owns which facts each mark carries into the file. Must not carry who reported, and no free text that was not masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from folium import Map
from folium.plugins import MarkerCluster
from folium.utilities import JsCode

from app.domain.incident import MERGED, Incident
from app.domain.instants import Instant
from app.domain.masking import mask_text
from app.domain.unit import Unit
from app.exchange.situation import (
    Situation,
    call_signs,
    grid_names,
    incident_type_name,
    name_of,
    names_of_units,
)
from app.exchange.situation_map import geometry as geo
from app.exchange.situation_map.features import Features
from app.exchange.situation_map.ground import CLUSTER_PANE, PILE_PANE, marks
from app.exchange.situation_map.symbols import symbol_html, unit_fill, unit_kinds, unit_tone
from app.i18n import tr
from app.service.positions import STALE_MS

_LANDMARKS: Final = {
    "metro_station", "hospital", "mall", "plaza", "school", "park", "police_post", "ferry", "market", "grid_centre",
}  # fmt: skip
_AT_THE_DOOR: Final = {
    "compound",
    "office",
    "bank",
    "petrol_station",
    "care_home",
    "commercial",
    "industrial",
}
_SPARSE: Final = 150
"""Up to so many, incidents stand for themselves as long as they can; more are counted from farther away."""
_SPARSE_RADIUS_PX, _DENSE_RADIUS_PX = 46, 96
_PLACE_RANK: Final = 60
_UNIT_RANK: Final = 20


class Marks:
    """The marks of one situation; `since` leaves out what ended and was reported earlier."""

    def __init__(self, situation: Situation, since: Instant | None, masked: bool) -> None:
        self._situation = situation
        self._grids = grid_names(situation.district)
        self._signs = call_signs(situation)
        self._homes = {spec.id: spec for spec in situation.district.units}
        self._numbers = {i.id: i.number for i in situation.incidents}
        self._masked = masked
        shown = [i for i in situation.reported_since(None) if i.is_open]
        ended = [i for i in situation.reported_since(since) if not i.is_open and i.status != MERGED]
        self.without_place = [i for i in shown if i.lat is None]
        self._open = [i for i in shown if i.lat is not None]
        self._ended = [i for i in ended if i.lat is not None]

    def add_to(self, page: Map) -> None:
        """In the order of the switches: what matters most comes first."""
        self._open_incidents().add_to(page)
        self._ended_incidents().add_to(page)
        self._units().add_to(page)
        self._cameras().add_to(page)
        self._places().add_to(page)

    # -- what stands there ---------------------------------------------------------------------------------------------

    def _places(self) -> Features:
        features = [
            geo.point(
                place.lat,
                place.lon,
                title=name_of(place),
                facts=[place.address_zh, self._grids.get(place.grid)],
                rank=_PLACE_RANK + 10 * _place_rank(place.kind),
                from_zoom=(14.5, 16.0, 17.0)[_place_rank(place.kind)],
            )
            for place in self._situation.district.places
        ]
        return marks(features, "place", name=tr("situation_map.layer.places"))

    def _cameras(self) -> Features:
        features = []
        for camera in self._situation.district.cameras:
            online = camera.id not in self._situation.offline
            state = tr("situation_map.camera.online" if online else "situation_map.camera.offline")
            facts = [camera.id, state, camera.group, self._grids.get(camera.grid)]
            features.append(
                geo.point(
                    camera.lat,
                    camera.lon,
                    title=name_of(camera),
                    facts=facts,
                    symbol="camera-on" if online else "camera-off",
                    tone="camera" if online else "stale",
                    turn=camera.bearing_deg,
                )
            )
        swatch = symbol_html("camera-on", "camera", "swatch")
        return marks(features, "camera", name=f"{swatch}{tr('situation_map.layer.cameras')}")

    def _units(self) -> Features:
        features = [feature for unit in self._situation.units if (feature := self._unit(unit))]
        swatch = symbol_html("unit-police-half", "unit-busy", "swatch")
        return marks(features, "unit", name=f"{swatch}{tr('situation_map.layer.units')}")

    def _unit(self, unit: Unit) -> geo.Feature | None:
        """Where it was last heard of; its post where it never was; nothing where neither is known."""
        fix = self._situation.fixes.get(unit.id)
        home = self._homes.get(unit.id)
        if fix is None and home is None:
            return None
        lat, lon = (fix.lat, fix.lon) if fix else (home.home_lat, home.home_lon)  # type: ignore[union-attr]
        stale = fix is not None and self._situation.at - fix.at > STALE_MS
        kind = unit.kind if unit.kind in unit_kinds() else "external"
        return geo.point(
            lat,
            lon,
            title=self._signs[unit.id],
            facts=[
                tr(f"terms.unit_kind.{kind}"),
                tr(f"terms.unit_status.{unit.status}"),
                self._numbers.get(unit.incident or ""),
                self._situation.local_time(fix.at) if fix else tr("situation_map.unit.at_post"),
                tr("situation_map.unit.stale") if stale else None,
            ],
            symbol=f"unit-{kind}-{unit_fill(unit.status)}",
            tone="stale" if stale else unit_tone(unit.status),
            stale=stale,
            heading=fix.heading_deg if fix and not stale else None,
            rank=_UNIT_RANK,
            from_zoom=16.0,
        )

    # -- what happens there --------------------------------------------------------------------------------------------

    def _open_incidents(self) -> MarkerCluster:
        swatch = symbol_html("priority-1", "p1", "swatch priority")
        return self._cluster(
            self._open,
            name=f"{swatch}{tr('situation_map.layer.open', count=len(self._open))}",
            icon_create_function="situation.cluster",
            max_cluster_radius=_SPARSE_RADIUS_PX if len(self._open) <= _SPARSE else _DENSE_RADIUS_PX,
            cluster_pane=CLUSTER_PANE,
        )

    def _ended_incidents(self) -> MarkerCluster:
        """Off until it is asked for: a situation is what is open."""
        swatch = symbol_html("ended-4", "stale", "swatch")
        return self._cluster(
            self._ended,
            name=f"{swatch}{tr('situation_map.layer.ended', count=len(self._ended))}",
            icon_create_function="situation.pile",
            max_cluster_radius=_SPARSE_RADIUS_PX,
            cluster_pane=PILE_PANE,
            show=False,
        )

    def _cluster(self, incidents: Iterable[Incident], **options: Any) -> MarkerCluster:
        cluster = MarkerCluster(  # type: ignore[no-untyped-call]
            show_coverage_on_hover=False, zoom_to_bounds_on_click=False, spiderfy_on_max_zoom=False, **options
        )
        cluster.on(clusterclick=JsCode("situation.open"))
        marks((self._incident(i) for i in incidents), "incident").add_to(cluster)
        return cluster

    def _incident(self, i: Incident) -> geo.Feature:
        assert i.lat is not None
        assert i.lon is not None
        time = self._situation.local_time
        return geo.point(
            i.lat,
            i.lon,
            title=self._told(i.title),
            priority=i.priority,
            ended=not i.is_open,
            facts=[
                i.number,
                incident_type_name(i.incident_type),
                tr(f"terms.priority.P{i.priority}"),
                tr(f"terms.incident_status.{i.status}"),
                self._told(i.address),
                self._grids.get(i.grid or "", i.grid),
                time(i.opened_at),
                time(i.closed_at) if i.closed_at else None,
                names_of_units(i.units if i.is_open else i.attended, self._signs),
                None if self._masked else i.description,
            ],
        )

    def _told(self, text: str) -> str:
        return mask_text(text) if self._masked else text


def open_by_priority(incidents: Iterable[Incident]) -> Mapping[int, int]:
    counts = dict.fromkeys((1, 2, 3, 4), 0)
    for incident in incidents:
        if incident.is_open:
            counts[incident.priority] += 1
    return counts


def _place_rank(kind: str) -> int:
    """0 for what everybody orients by, 2 for what matters at the door, 1 for the rest."""
    if kind in _LANDMARKS:
        return 0
    return 2 if kind in _AT_THE_DOOR else 1
