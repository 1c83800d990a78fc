"""The view of one map panel as it is kept from one run to the next: centre, zoom, and whether it is held.

Owns the file's content. Must not move the map after the start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from app.i18n import tr
from app.paths import user_config_dir
from widgets.map.view import MAX_ZOOM, MIN_ZOOM, Camera2D
from widgets.settings_keeper import SettingsKeeper

if TYPE_CHECKING:
    from widgets.bridge import Bridge
    from widgets.map.map_view import MapView

VERSION = 1
FILE_NAME = "map_view.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a map looks: district, WGS-84 degrees, zoom."""

    district: str
    lat: float
    lon: float
    zoom: float
    locked: bool


def view_path() -> Path:
    return user_config_dir() / FILE_NAME


def read_view(path: Path) -> Seen | None:
    """What was kept last; None when there is no file. Raises OSError, ValueError, KeyError, TypeError."""
    if not path.exists():
        return None
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    if content["version"] != VERSION:
        raise ValueError(f"version {content['version']!r} is not {VERSION}")
    lat, lon, zoom = (float(content[name]) for name in ("lat", "lon", "zoom"))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"{lat}, {lon} is no position")
    return Seen(
        str(content["district"]), lat, lon, min(MAX_ZOOM, max(MIN_ZOOM, zoom)), bool(content["locked"])
    )


def view_text(seen: Seen) -> str:
    return json.dumps(
        {
            "version": VERSION,
            "district": seen.district,
            "lat": round(seen.lat, 7),
            "lon": round(seen.lon, 7),
            "zoom": seen.zoom,
            "locked": seen.locked,
        }
    )


class KeptView(QObject):
    """Brings the view back, then follows it. A file that cannot be used is told and never written."""

    def __init__(self, bridge: Bridge, view: MapView, path: Path) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view
        self._path = path
        self._keeper: SettingsKeeper | None = None
        try:
            seen = read_view(path)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            self._tell("map_tools.view.unreadable", str(fault))
            return
        if seen is not None and seen.district == bridge.district.code:
            x_m, y_m = view.scene.projection.to_metres(seen.lat, seen.lon)
            view.steering.restore(Camera2D(x_m, y_m, seen.zoom), locked=seen.locked)
        self._keeper = SettingsKeeper(bridge, path, self._content, self)
        self._keeper.failed.connect(lambda fault: self._tell("map_tools.view.not_kept", fault))
        view.view_changed.connect(self._keeper.touch)

    def close(self) -> None:
        """Write what has not been written yet."""
        if self._keeper is not None:
            self._keeper.close()

    def _content(self) -> str | None:
        view = self._view
        if view.steering.district is None:
            return None
        target = view.view.target
        lat, lon = view.scene.projection.to_degrees(target.x_m, target.y_m)
        return view_text(Seen(self._bridge.district.code, lat, lon, target.zoom, view.locked))

    def _tell(self, key: str, fault: str) -> None:
        text = tr(key, reason=f"{self._path}: {fault}")
        # The window that shows it may still be being built.
        QTimer.singleShot(0, self, lambda: self._bridge.trouble_changed.emit(text))
