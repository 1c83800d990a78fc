"""What the map's overlays are fed with, and the file in which the officer's choice of layers and sketches is kept.

Owns the reading and writing of that file and the supply of tracks and heat while they are shown. Must not paint, and
must not choose a layer: only the officer does.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from app.domain.incident import Incident
from app.domain.instants import Instant
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.map.layer_file import LayerFile, LayerFileError, read_layer_file, write_layer_file
from widgets.map.map_view import MapView
from widgets.map.tracks import KEEP_MS, Fix

SAVE_MS = 400
"""A slider that is dragged is written once, when it has come to rest."""
HEAT_EVERY_MS = 5_000
SLICE_S, SLICE_GAP_MS = 0.002, 8
_DAY_MS = 86_400_000
_WINDOW_MS = {"day": _DAY_MS, "week": 7 * _DAY_MS}


@dataclass(frozen=True, slots=True)
class _Spot:
    lat: float
    lon: float
    opened_at: Instant
    is_open: bool


class MapLayers(QObject):
    """The layers of one map panel. `path` is None where nothing is to be remembered."""

    def __init__(self, bridge: Bridge, view: MapView, path: Path | None) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view
        self._path = path
        self._spots: dict[str, _Spot] = {}
        self._heat_at: Instant = 0
        self._heat_changed = False
        self._tracking = False
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_MS)
        self._save.timeout.connect(self.save)
        self._history: list[list[Any]] = []
        self._slices = QTimer(self)
        self._slices.setSingleShot(True)
        self._slices.setInterval(SLICE_GAP_MS)
        self._slices.timeout.connect(self._put_slice)
        self._read()
        view.stack.changed.connect(self._chosen)
        view.sketching.changed.connect(self._remember)
        bridge.positions_changed.connect(self._put_fixes)
        bridge.ticked.connect(self._follow_clock)
        bridge.restored.connect(self._begin_tracks)
        self._begin_tracks()

    # -- the file ----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what stands now, without waiting for the slider to rest."""
        self._save.stop()
        if self._path is None:
            return
        try:
            write_layer_file(self._path, LayerFile(self._view.stack.choices, self._view.sketching.items))
        except OSError as fault:
            self._bridge.trouble_changed.emit(tr("map.layers.not_saved", reason=fault))

    def close(self) -> None:
        """Write what has not been written yet; what is under way goes on where the map is only hidden."""
        if self._save.isActive():
            self.save()

    def _read(self) -> None:
        if self._path is None:
            return
        try:
            content = read_layer_file(self._path)
        except LayerFileError as fault:
            text = tr("map.layers.unreadable", reason=fault)
            # The window that shows it is still being built.
            QTimer.singleShot(0, self, lambda: self._bridge.trouble_changed.emit(text))
            return
        self._view.stack.restore(content.choices)
        self._view.sketching.set_items(content.sketches)

    def _remember(self) -> None:
        if self._path is not None:
            self._save.start()

    def _chosen(self, layer: str) -> None:
        self._remember()
        if layer in ("", "heat"):
            self._heat_at = 0
            self._follow_clock(self._bridge.clock.now())
        if layer in ("", "tracks"):
            self._begin_tracks()

    # -- tracks ------------------------------------------------------------------------------------------------------

    def _begin_tracks(self) -> None:
        """Shown: what is known of the last hour, then what comes. Hidden: nothing is kept."""
        shown = self._view.stack.visible("tracks") and self._bridge.app.is_restored
        if shown == self._tracking:
            return
        self._tracking = shown
        if shown:
            since = self._bridge.clock.now() - KEEP_MS
            self._bridge.fetch(self._bridge.positions.ways(since), self._put_history)
        else:
            self._history.clear()
            self._view.frame.overlays.tracks.clear()

    def _put_history(self, points: Iterable[Any]) -> None:
        if isValid(self._view) and self._tracking:
            self._view.put_tracks((), self._bridge.clock.now())
            self._history = [list(way) for _, way in itertools.groupby(points, key=lambda point: point.unit)]
            self._slices.start()

    def _put_slice(self) -> None:
        """An hour of all units is tens of thousands of points: a few units' ways at a time."""
        until_s = time.perf_counter() + SLICE_S
        while self._history and time.perf_counter() < until_s:
            self._view.put_track_history([_fix(point) for point in self._history.pop()])
        if self._history:
            self._slices.start()

    def _put_fixes(self, fixes: Mapping[str, Any]) -> None:
        if self._tracking:
            self._view.put_tracks((_fix(point) for point in fixes.values()), self._bridge.clock.now())

    # -- heat --------------------------------------------------------------------------------------------------------

    def note(self, incidents: Iterable[Incident]) -> None:
        """These incidents are new or others than before."""
        oldest_at = self._bridge.clock.now() - _WINDOW_MS["week"]
        for incident in incidents:
            counts = incident.is_open or incident.opened_at >= oldest_at
            if counts and incident.lat is not None and incident.lon is not None:
                spot = _Spot(incident.lat, incident.lon, incident.opened_at, incident.is_open)
                self._spots[incident.id] = spot
            else:
                self._spots.pop(incident.id, None)
        self._heat_changed = True

    def _follow_clock(self, now: Instant) -> None:
        if not self._view.stack.visible("heat"):
            return
        window_ms = _WINDOW_MS.get(str(self._view.stack.option("heat", "window")))
        rolls_on = window_ms is not None and now - self._heat_at >= 12 * HEAT_EVERY_MS
        is_due = now - self._heat_at >= HEAT_EVERY_MS and (self._heat_changed or self._heat_at == 0)
        if not (is_due or rolls_on):
            return
        self._heat_at, self._heat_changed = now, False
        self._view.set_heat(
            (spot.lat, spot.lon)
            for spot in self._spots.values()
            if (spot.is_open if window_ms is None else now - spot.opened_at <= window_ms)
        )


def _fix(point: Any) -> Fix:
    return point.unit, point.at, point.lat, point.lon
