"""How the time at which a unit will be there is written. Owns the wording; must not estimate."""

from __future__ import annotations

import math

from app.domain.instants import Instant
from app.i18n import tr
from widgets.local_time import clock_text

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


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
