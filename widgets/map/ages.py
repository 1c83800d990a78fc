"""Owns how the map says how old something is. Must not know what time it is."""

from app.i18n import tr

_HOUR_S = 3600


def age_text(at_ms: int | None, now_ms: int | None) -> str:
    """mm:ss under an hour, whole hours from there on; "" when either instant is unknown."""
    if at_ms is None or now_ms is None:
        return ""
    age_s = max(0, (now_ms - at_ms) // 1000)
    if age_s >= _HOUR_S:
        return tr("map.age.hours", hours=age_s // _HOUR_S)
    return tr("map.age.seconds", age=f"{age_s // 60:02d}:{age_s % 60:02d}")
