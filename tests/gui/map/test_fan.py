"""Units on scene stand round their incident: seen, named, clicked. What they are does not change."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from tests.gui.map.test_map_view import incident, on_screen
from tests.gui.map.town import lat_lon
from widgets.map import MapView, UnitMark
from widgets.map.fan import AWAY_PX, REACH_PX, ROUND
from widgets.map.things import place_of

Settle = Callable[[MapView], None]


def at_work(key: str, east_m: float, north_m: float, status: str = "on_scene") -> UnitMark:
    return UnitMark(key, "police", f"警{key}", *lat_lon(east_m, north_m), status, None, None)


def shown(view: MapView, key: str) -> QPointF:
    place = place_of(view, ("unit", key))
    assert place is not None
    return place


@pytest.fixture
def scene_of(town_map: MapView, settle: Settle) -> Callable[[int], MapView]:
    def make(count: int) -> MapView:
        town_map.set_locked(True)
        town_map.put_incidents([incident("i1", 0, 0, 2)])
        town_map.put_units([at_work(f"u{n}", 1, 1) for n in range(count)])
        town_map.set_links([(f"u{n}", "i1") for n in range(count)])
        settle(town_map)
        return town_map

    return make


def test_three_on_scene_are_seen_named_and_clicked_beside_their_incident(
    scene_of: Callable[[int], MapView],
) -> None:
    view = scene_of(3)
    middle = on_screen(view, 0, 0)
    assert view.hit_at(middle) == ("incident", "i1")
    for key in ("u0", "u1", "u2"):
        place = shown(view, key)
        assert np.hypot(place.x() - middle.x(), place.y() - middle.y()) == pytest.approx(AWAY_PX, abs=1)
        assert view.hit_at(place) == ("unit", key)
    named = [label for label in view.frame.labels.drawn() if label.layer == "units"]
    assert len(named) == 3


def test_many_stand_on_wider_rings_and_nobody_on_another(scene_of: Callable[[int], MapView]) -> None:
    view = scene_of(ROUND * 2 + 3)
    places = [shown(view, f"u{n}") for n in range(ROUND * 2 + 3)]
    for one in range(len(places)):
        for other in range(one):
            away = places[one] - places[other]
            assert np.hypot(away.x(), away.y()) > 18


def test_who_is_on_his_way_or_stands_apart_is_shown_where_he_is(
    scene_of: Callable[[int], MapView], settle: Settle
) -> None:
    view = scene_of(2)
    apart_m = (REACH_PX + 4) / view.view.px_per_m
    view.put_units([at_work("u0", 1, 1, "en_route"), at_work("u1", apart_m, 0)])
    settle(view)
    for key, place in (("u0", (1, 1)), ("u1", (apart_m, 0))):
        away = shown(view, key) - on_screen(view, *place)
        assert abs(away.x()) + abs(away.y()) < 1.5


def test_his_own_place_comes_back_with_the_zoom_and_with_the_end_of_the_work(
    scene_of: Callable[[int], MapView], settle: Settle
) -> None:
    view = scene_of(1)
    slot = view.scene.units.slot("u0")
    view.fly_to(*lat_lon(0, 0), zoom=18.0)
    settle(view)
    away = shown(view, "u0") - on_screen(view, 0, 0)
    assert np.hypot(away.x(), away.y()) == pytest.approx(AWAY_PX, abs=1), "pixels, not metres"
    view.set_links([])
    settle(view)
    own = view.scene.projection.to_metres(*lat_lon(1, 1))
    assert (view.scene.units.x_m[slot], view.scene.units.y_m[slot]) == pytest.approx(own)
    revision = view.scene.units.revision
    view.draw_now()
    assert view.scene.units.revision == revision, "a frame in which nothing happens moves nobody"


def test_who_works_at_an_incident_in_a_cluster_stands_round_the_cluster(
    town_map: MapView, settle: Settle
) -> None:
    """Two incidents with a unit each and one without: nobody is left under the ring."""
    town_map.set_locked(True)
    town_map.put_incidents([incident(f"i{n}", n * 4, 0, 3) for n in range(3)])
    town_map.put_units([at_work("u0", 0, 1), at_work("u1", 4, 1), at_work("far", 200, 0)])
    town_map.set_links([("u0", "i0"), ("u1", "i1"), ("far", "i2")])
    settle(town_map)
    ((left, top, width, height),) = town_map.frame.clusters.boxes.tolist()
    middle = QPointF(left + width / 2, top + height / 2) / town_map.frame.dpr
    assert town_map.hit_at(middle)[0] == "cluster"
    for key in ("u0", "u1"):
        place = shown(town_map, key)
        assert np.hypot(place.x() - middle.x(), place.y() - middle.y()) == pytest.approx(AWAY_PX, abs=1.5)
        assert town_map.hit_at(place) == ("unit", key)
    away = shown(town_map, "far") - on_screen(town_map, 200, 0)
    assert abs(away.x()) + abs(away.y()) < 1.5, "who stands clear of it is shown where he is"
    town_map.select("incident", "i0")
    settle(town_map)
    place, own = shown(town_map, "u0"), on_screen(town_map, 0, 0)
    assert np.hypot(place.x() - own.x(), place.y() - own.y()) == pytest.approx(AWAY_PX, abs=1.5)
