"""Owns which cameras are near the chosen incident, and the rings round them. Must not choose or open a camera.

First come those that look at it, then those nearest to it; those that look wear a whole ring, the others a broken one.
"""

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.geo.camera_view import sees
from widgets.map import cartography as rules
from widgets.map.placement import Placement
from widgets.map.scene import Scene
from widgets.style import tokens

MOST = 4
NEAR_M = 150.0
_FARTHEST_VIEW_M = 500.0
_RING_PX, _WEDGE_RING_PX = 13.0, 8.0

Ringed = tuple[str, bool]
"""Key of a camera, and whether it looks at the incident."""


class NearCameras:
    """The cameras round the chosen incident of one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._key: tuple[object, ...] = ()
        self._ringed: list[Ringed] = []
        self._placed: list[tuple[QPointF, bool]] = []
        self._radius_px = 0.0
        self._dpr = 1.0

    @property
    def ringed(self) -> list[Ringed]:
        """At most MOST of them, the best first; nobody while no incident is chosen."""
        scene = self._scene
        key = scene.chosen_incident, scene.cameras.revision, scene.incidents.revision
        if key != self._key:
            self._key, self._ringed = key, self._found()
        return self._ringed

    def place(self, at: Placement, dpr: float) -> list[tuple[int, int, int, int]]:
        """Find the rings' places; the boxes that they take on the screen, device pixels."""
        cameras = self._scene.cameras
        shown = cameras.visible and at.zoom >= rules.CAMERAS_FROM_ZOOM
        slots = [(cameras.slot(key), looks) for key, looks in (self.ringed if shown else [])]
        self._placed = [
            (at.point(float(cameras.x_m[slot]), float(cameras.y_m[slot])), looks)
            for slot, looks in slots
            if slot is not None
        ]
        self._dpr, self._radius_px = dpr, self._ring_px(at.zoom) * dpr
        half = math.ceil(self._radius_px + 3 * dpr)
        return [
            (round(point.x()) - half, round(point.y()) - half, 2 * half, 2 * half)
            for point, _ in self._placed
        ]

    @staticmethod
    def _ring_px(zoom: float) -> float:
        """Round a wedge a smaller ring than round a symbol, as long as the town is seen from afar."""
        return tokens().px(_RING_PX if zoom >= rules.CAMERA_SYMBOLS_FROM_ZOOM else _WEDGE_RING_PX)

    def draw(self, painter: QPainter) -> None:
        """Under the symbols: a ring never hides an incident. The painter stands in device pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for point, looks in self._placed:
            painter.setPen(QPen(tokens().map.label_halo, 4.0 * self._dpr))
            painter.drawEllipse(point, self._radius_px, self._radius_px)
            pen = QPen(tokens().accent, 1.8 * self._dpr)
            if not looks:
                pen.setDashPattern([2.0, 2.0])
            painter.setPen(pen)
            painter.drawEllipse(point, self._radius_px, self._radius_px)

    def _found(self) -> list[Ringed]:
        slot = self._scene.incidents.slot(self._scene.chosen_incident)
        incident = self._scene.incidents.marks[slot] if slot is not None else None
        if slot is None or incident is None:
            return []
        cameras, incidents = self._scene.cameras, self._scene.incidents
        away_m = np.hypot(cameras.x_m - incidents.x_m[slot], cameras.y_m - incidents.y_m[slot])
        within = np.flatnonzero(cameras.alive & (away_m <= _FARTHEST_VIEW_M))
        marks = [
            (mark, float(away_m[camera])) for camera in within.tolist() if (mark := cameras.marks[camera])
        ]
        found = [
            (not (mark.online and sees(mark, incident.lat, incident.lon)), distance_m, mark.key)
            for mark, distance_m in marks
        ]
        near = sorted(one for one in found if not one[0] or one[1] <= NEAR_M)
        return [(key, not is_blind) for is_blind, _, key in near[:MOST]]
