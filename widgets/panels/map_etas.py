"""What is written on the lines of units that are on their way. Owns the wording and its rhythm; must not estimate."""

from __future__ import annotations

from PySide6.QtCore import QObject

from widgets.bridge import Bridge
from widgets.map.map_view import MapView
from widgets.panels.eta_words import MINUTE_MS, eta_text

__all__ = ["MINUTE_MS", "MapEtas", "eta_text"]


class MapEtas(QObject):
    """Keeps one map's plates in step with the estimates and with the clock."""

    def __init__(self, bridge: Bridge, view: MapView) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view
        bridge.etas_changed.connect(self._follow)
        bridge.ticked.connect(self._follow)
        self.show()

    def _follow(self, _what: object) -> None:
        self.show()

    def show(self) -> None:
        """Every estimate in force, as it reads now."""
        etas = self._bridge.app.etas
        known = etas.known if etas is not None else {}
        now, offset_min = self._bridge.clock.now(), self._bridge.district.utc_offset_min
        self._view.set_etas(
            {pair: eta_text(eta.arrives_at, now, offset_min, eta.is_straight) for pair, eta in known.items()}
        )
