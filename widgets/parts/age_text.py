"""Owns how ages and distances are written. Must not read a clock."""

_DAYS_FROM_S = 48 * 3600
_WHOLE_DAYS_FROM_S = 10 * 86_400


def format_age(seconds: float) -> str:
    """mm:ss under an hour, h:mm with an h up to two days, so that 1:05h is never taken for a minute; then days.

    Never negative.
    """
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60:02d}:{whole % 60:02d}"
    if whole >= _WHOLE_DAYS_FROM_S:
        return f"{whole // 86_400}d"
    if whole >= _DAYS_FROM_S:
        return f"{whole // 86_400}d{whole % 86_400 // 3600:02d}h"
    return f"{whole // 3600}:{whole % 3600 // 60:02d}h"


def format_distance(distance_m: float) -> str:
    """Metres under 1,000, kilometres with one decimal up to 10, whole kilometres beyond."""
    if round(distance_m) < 1000:
        return f"{round(distance_m)} m"
    kilometres = distance_m / 1000
    return f"{kilometres:.1f} km" if kilometres < 9.95 else f"{kilometres:.0f} km"
