"""What is written on the lines of units that are on their way. Owns the wording and its rhythm; must not estimate."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject

from app.domain.instants import Instant
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.map.map_view import MapView

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


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


def eta_text(arrives_at: Instant, now: Instant, utc_offset_min: int, is_straight: bool) -> str:
    """Whole minutes within the hour, then the time of day; "~" where no road is known."""
    left_ms = arrives_at - now
    if left_ms <= 0:
        text = tr("motion.eta.due")
    elif left_ms < HOUR_MS:
        text = tr("motion.eta.minutes", minutes=math.ceil(left_ms / MINUTE_MS))
    else:
        text = clock_text(arrives_at, utc_offset_min)[:5]
    return tr("motion.eta.about", text=text) if is_straight else text
