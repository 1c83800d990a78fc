"""The map as an officer meets it: it shows, holds still, and moves only by hand or for a new set of incidents."""

from tests.gui.map.town import lat_lon
from widgets.map import IncidentMark, MapView, UnitMark


def incident(
    key: str, east_m: float, north_m: float, priority: int = 3, *, is_new: bool = False
) -> IncidentMark:
    return IncidentMark(
        key, "crowd", priority, f"事件{key}", *lat_lon(east_m, north_m), "reported", None, is_new
    )


def unit(
    key: str, east_m: float, north_m: float, fix_at: int | None = None, *, stale: bool = False
) -> UnitMark:
    return UnitMark(key, "police", f"警{key}", *lat_lon(east_m, north_m), "available", None, fix_at, stale)


def test_shows_the_whole_district_at_first(town_map: MapView) -> None:
    left, top, right, bottom = town_map.view.bounds()
    assert left <= -500 and top <= -500 and right >= 500 and bottom >= 500


def test_what_stands_on_the_map_is_hit_where_it_is_seen(town_map: MapView, settle) -> None:
    town_map.put_incidents([incident("i1", 100, 100)])
    town_map.put_units([unit("p1", -100, 100)])
    settle(town_map)
    for kind, key, x_m, y_m in (("incident", "i1", 100, -100), ("unit", "p1", -100, -100)):
        from PySide6.QtCore import QPointF

        assert town_map.hit_at(QPointF(*town_map.view.to_screen(x_m, y_m))) == (kind, key)
