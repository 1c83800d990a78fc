"""Owns how ages and distances are written. Must not read a clock."""

from widgets.unit_words import in_words

_DAYS_FROM_S = 48 * 3600
_WHOLE_DAYS_FROM_S = 10 * 86_400


def format_age(seconds: float) -> str:
    """mm:ss under an hour; from there with their units, so that 1:05h is never taken for a minute; then days.

    Never negative.
    """
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60:02d}:{whole % 60:02d}"
    if whole >= _WHOLE_DAYS_FROM_S:
        return in_words("span.days", days=whole // 86_400)
    hours = whole // 3600
    if whole >= _DAYS_FROM_S:
        return in_words("span.days_hours", days=hours // 24, hours=f"{hours % 24:02d}")
    return in_words("span.hours", hours=hours, minutes=f"{whole % 3600 // 60:02d}")


def format_distance(distance_m: float) -> str:
    """Metres under 1,000, kilometres with one decimal up to 10, whole kilometres beyond."""
    if round(distance_m) < 1000:
        return in_words("unit.m", value=round(distance_m))
    kilometres = distance_m / 1000
    return in_words("unit.km", value=f"{kilometres:.1f}" if kilometres < 9.95 else f"{kilometres:.0f}")
