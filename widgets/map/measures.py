"""Owns how lengths and areas on the map are said. Must not measure."""

from app.i18n import tr


def length_text(length_m: float) -> str:
    """Metres under a kilometre, then kilometres to ten metres."""
    if length_m < 1000:
        return tr("map.scale.m", value=round(length_m))
    return tr("map.scale.km", value=f"{length_m / 1000:.2f}")


def area_text(area_m2: float) -> str:
    """Square metres up to a tenth of a square kilometre, then square kilometres."""
    if area_m2 < 100_000:
        return tr("map.measure.m2", value=f"{round(area_m2):,}")
    return tr("map.measure.km2", value=f"{area_m2 / 1e6:.3f}")


def position_text(lat: float, lon: float) -> str:
    """Degrees as they are said: north or south, east or west, never a minus."""
    north, east = tr("map.north" if lat >= 0 else "map.south"), tr("map.east" if lon >= 0 else "map.west")
    return tr("map.position", lat=f"{abs(lat):.5f}", lon=f"{abs(lon):.5f}", north=north, east=east)
