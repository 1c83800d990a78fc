"""Times of arrival on their lines: in the middle, readable, never one over another, gone with the line."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF

from tests.gui.map.town import lat_lon
from widgets.map import IncidentMark, MapView, UnitMark

Settle = Callable[[MapView], None]


def unit(key: str, east_m: float, north_m: float) -> UnitMark:
    return UnitMark(key, "police", key, *lat_lon(east_m, north_m), "en_route")


def incident(key: str, east_m: float, north_m: float) -> IncidentMark:
    return IncidentMark(key, "crowd", 2, key, *lat_lon(east_m, north_m), "dispatched")


def end_points(view: MapView, unit_key: str, incident_key: str) -> tuple[QPointF, QPointF]:
    found = []
    for layer, key in ((view.scene.units, unit_key), (view.scene.incidents, incident_key)):
        slot = layer.slot(key)
        assert slot is not None
        found.append(view.frame.at.point(float(layer.x_m[slot]), float(layer.y_m[slot])))
    return found[0], found[1]


@pytest.fixture
def crossing(town_map: MapView, settle: Settle) -> MapView:
    """Two units on lines that cross in the middle, a third all but there."""
    town_map.set_locked(True)
    town_map.fly_to(*lat_lon(0, 0), zoom=17.0)
    town_map.put_units([unit("u1", -200, -100), unit("u2", -200, 100), unit("u3", 210, 190)])
    town_map.put_incidents([incident("i1", 200, 100), incident("i2", 200, -100), incident("i3", 230, 190)])
    town_map.set_links([("u1", "i1"), ("u2", "i2"), ("u3", "i3")])
    settle(town_map)
    return town_map


def texts(view: MapView) -> list[str]:
    return [text for text, _ in view.frame.etas.placed]


def test_a_plate_stands_in_the_middle_of_its_line_and_goes_with_it(crossing: MapView, settle: Settle) -> None:
    crossing.set_etas({("u1", "i1"): "4 min"})
    settle(crossing)
    ((text, box),) = crossing.frame.etas.placed
    start, end = end_points(crossing, "u1", "i1")
    assert text == "4 min"
    assert (box.center() - (start + end) / 2).manhattanLength() < 2
    crossing.put_units([unit("u1", -100, -100)])
    settle(crossing)
    start, end = end_points(crossing, "u1", "i1")
    assert (crossing.frame.etas.placed[0][1].center() - (start + end) / 2).manhattanLength() < 2
    crossing.set_links([])
    settle(crossing)
    assert texts(crossing) == []


def test_of_two_on_one_place_the_one_of_the_chosen_incident_stands(crossing: MapView, settle: Settle) -> None:
    crossing.set_etas({("u1", "i1"): "4 min", ("u2", "i2"): "7 min"})
    settle(crossing)
    assert texts(crossing) == ["4 min"]
    crossing.select("incident", "i2")
    settle(crossing)
    assert texts(crossing) == ["7 min"]
    crossing.select("unit", "u1")
    settle(crossing)
    assert texts(crossing) == ["4 min"]


def test_a_line_that_is_too_short_has_none(crossing: MapView, settle: Settle) -> None:
    crossing.set_etas({("u3", "i3"): "1 min"})
    settle(crossing)
    assert texts(crossing) == []


def test_a_new_time_is_painted_though_nothing_has_moved(crossing: MapView, settle: Settle) -> None:
    crossing.set_etas({("u1", "i1"): "4 min"})
    settle(crossing)
    before = crossing.grab().toImage()
    crossing.set_etas({("u1", "i1"): "3 min"})
    settle(crossing)
    box = crossing.frame.etas.placed[0][1].toAlignedRect()
    assert crossing.grab().toImage().copy(box) != before.copy(box)


def test_hidden_layers_hide_the_times(crossing: MapView, settle: Settle) -> None:
    crossing.set_etas({("u1", "i1"): "4 min"})
    crossing.stack.show("units", False)
    settle(crossing)
    assert texts(crossing) == []


def test_labels_keep_clear_of_a_plate(crossing: MapView, settle: Settle) -> None:
    crossing.put_incidents([incident("beside", 0, -8)])
    crossing.set_etas({("u1", "i1"): "4 min"})
    settle(crossing)
    crossing.frame.labels.forget()
    crossing.draw_now()
    settle(crossing)
    plate = crossing.frame.etas.placed[0][1].toAlignedRect()
    origin = crossing.frame.at.origin_px
    for label in crossing.frame.labels.labeller.plan.incidents:
        left, top = label.left_px - origin[0], label.top_px - origin[1]
        assert not plate.intersects(plate.__class__(left, top, label.width_px, label.height_px))
