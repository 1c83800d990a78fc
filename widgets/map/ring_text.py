"""Owns how range rings are typed: radii in metres, then a name, as in `100 200 1.5km cordon`. Must not draw or keep."""

import re

from app.domain.sketch import MOST_RADII, MOST_RADIUS_M
from app.i18n import tr
from widgets.map.sketch import SketchError

_RADIUS = re.compile(r"(\d+(?:\.\d+)?)\s*(km|m)?(?:[^\w.]+|$)", re.IGNORECASE)


def ring_text(radii_m: tuple[float, ...], name: str = "") -> str:
    """As it would be typed."""
    return " ".join((*(f"{radius_m:g}" for radius_m in radii_m), *([name] if name else [])))


def rings_of(text: str) -> tuple[tuple[float, ...], str]:
    """Radii, the smallest first, and the name. Raises SketchError, which says what to type."""
    at, radii_m = 0, set()
    text = text.strip()
    while (found := _RADIUS.match(text, at)) is not None:
        radii_m.add(float(found[1]) * (1000 if (found[2] or "").lower() == "km" else 1))
        at = found.end()
    if not 1 <= len(radii_m) <= MOST_RADII or not 1 <= min(radii_m) <= max(radii_m) <= MOST_RADIUS_M:
        raise SketchError(tr("map.sketch.rings_wrong", most=MOST_RADII, limit_km=round(MOST_RADIUS_M / 1000)))
    return tuple(sorted(radii_m)), text[at:].strip()
