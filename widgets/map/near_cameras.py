"""Owns which cameras are near the chosen incident, and the rings round them. Must not choose or open a camera.

First come those that look at it, then those nearest to it; those that look wear a whole ring, the others a broken one.
"""

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.map import cartography as rules
from widgets.map.placement import Placement
from widgets.map.scene import Scene
from widgets.style import tokens

MOST = 4
NEAR_M = 150.0
_FARTHEST_VIEW_M = 500.0
_RING_PX = 13.0

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
        key = scene.selected, scene.cameras.revision, scene.incidents.revision
        if key != self._key:
            self._key, self._ringed = key, self._found()
        return self._ringed

    def place(self, at: Placement, dpr: float) -> list[tuple[int, int, int, int]]:
        """Find the rings' places; the boxes that they take on the screen, device pixels."""
        cameras = self._scene.cameras
        shown = cameras.visible and at.zoom >= rules.CAMERAS_FROM_ZOOM
        slots = [(cameras.slot(key), sees) for key, sees in (self.ringed if shown else [])]
        self._placed = [
            (at.point(float(cameras.x_m[slot]), float(cameras.y_m[slot])), sees)
            for slot, sees in slots
            if slot is not None
        ]
        self._dpr, self._radius_px = dpr, tokens().px(_RING_PX) * dpr
        half = math.ceil(self._radius_px + 3 * dpr)
        return [
            (round(point.x()) - half, round(point.y()) - half, 2 * half, 2 * half)
            for point, _ in self._placed
        ]

    def draw(self, painter: QPainter) -> None:
        """The painter stands in device pixels."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for point, sees in self._placed:
            painter.setPen(QPen(tokens().map.label_halo, 4.0 * self._dpr))
            painter.drawEllipse(point, self._radius_px, self._radius_px)
            pen = QPen(tokens().accent, 1.8 * self._dpr)
            if not sees:
                pen.setDashPattern([2.0, 2.0])
            painter.setPen(pen)
            painter.drawEllipse(point, self._radius_px, self._radius_px)

    def _found(self) -> list[Ringed]:
        kind, key = self._scene.selected
        slot = self._scene.incidents.slot(key) if kind == "incident" else None
        if slot is None:
            return []
        x_m, y_m = float(self._scene.incidents.x_m[slot]), float(self._scene.incidents.y_m[slot])
        cameras = self._scene.cameras
        away_m = np.hypot(cameras.x_m - x_m, cameras.y_m - y_m)
        within = np.flatnonzero(cameras.alive & (away_m <= _FARTHEST_VIEW_M))
        found = []
        for camera in within.tolist():
            distance_m = float(away_m[camera])
            sees = self._sees(camera, x_m, y_m, distance_m)
            if sees or distance_m <= NEAR_M:
                found.append((not sees, distance_m, camera))
        found.sort()
        marks = [(cameras.marks[camera], not blind) for blind, _, camera in found[:MOST]]
        return [(mark.key, sees) for mark, sees in marks if mark is not None]

    def _sees(self, camera: int, x_m: float, y_m: float, distance_m: float) -> bool:
        """Whether a place lies in a camera's field of view; houses are not asked. One without power sees nothing."""
        cameras = self._scene.cameras
        mark = cameras.marks[camera]
        if mark is None or not mark.online or distance_m > mark.range_m:
            return False
        east_m, south_m = x_m - float(cameras.x_m[camera]), y_m - float(cameras.y_m[camera])
        turn_deg = math.degrees(math.atan2(east_m, -south_m)) - mark.bearing_deg
        return abs((turn_deg + 180.0) % 360.0 - 180.0) <= mark.fov_deg / 2
