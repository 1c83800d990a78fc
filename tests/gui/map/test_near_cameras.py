"""Choosing an incident rings the cameras that show it, wherever the choice was made."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.geo.camera_view import sees
from tests.gui.map.town import lat_lon
from widgets.map import IncidentMark, MapView
from widgets.map.marks import CameraMark

Settle = Callable[[MapView], None]


def camera(key: str, east_m: float, north_m: float, bearing_deg: float, *, online: bool = True) -> CameraMark:
    return CameraMark(key, key, *lat_lon(east_m, north_m), bearing_deg, 60.0, 200.0, online)


CAMERAS = [
    camera("looks from the south", 0, -180, 0),
    camera("looks away", 0, -60, 180),
    camera("looks past", 40, 0, 0),
    camera("has no power", 0, 50, 180, online=False),
    camera("far off", 400, 0, 270),
    camera("looks from the west", -100, 0, 90),
    camera("too far to the side", 160, 60, 90),
]


@pytest.fixture
def watched(town_map: MapView, settle: Settle) -> MapView:
    town_map.put_cameras(CAMERAS)
    town_map.put_incidents([IncidentMark("i1", "crowd", 2, "人群", *lat_lon(0, 0), "reported")])
    town_map.set_locked(True)
    town_map.fly_to(*lat_lon(0, 0), zoom=17.0)
    settle(town_map)
    return town_map


def test_those_that_look_at_it_come_first_then_the_nearest(watched: MapView, settle: Settle) -> None:
    QTest.mouseClick(
        watched, Qt.MouseButton.LeftButton, pos=QPoint(watched.width() // 2, watched.height() // 2)
    )
    settle(watched)
    assert watched.scene.selected == ("incident", "i1")
    assert watched.frame.near_cameras.ringed == [
        ("looks from the west", True),
        ("looks from the south", True),
        ("looks past", False),
        ("has no power", False),
    ]


def test_a_choice_made_elsewhere_rings_them_too_and_none_rings_nobody(
    watched: MapView, settle: Settle
) -> None:
    watched.select("incident", "i1")
    assert len(watched.frame.near_cameras.ringed) == 4
    watched.select("camera", "far off")
    assert len(watched.frame.near_cameras.ringed) == 4, "who looks at a camera has not left his incident"
    watched.select("incident", "")
    assert watched.frame.near_cameras.ringed == []


def test_rings_are_painted_and_go(watched: MapView, settle: Settle) -> None:
    plain = watched.grab().toImage()
    at = QPoint(watched.width() // 2 - 100, watched.height() // 2)  # one metre a pixel, 100 m to the west
    ring = [at + QPoint(x, 8) for x in (-1, 0, 1)]  # from afar a camera is a wedge, and its ring a small one
    watched.select("incident", "i1")
    settle(watched)
    ringed = watched.grab().toImage()
    assert any(plain.pixel(point) != ringed.pixel(point) for point in ring)
    watched.select("incident", "")
    settle(watched)
    again = watched.grab().toImage()
    assert all(plain.pixel(point) == again.pixel(point) for point in ring)


def test_a_camera_that_loses_power_no_longer_counts_as_looking(watched: MapView) -> None:
    watched.select("incident", "i1")
    watched.put_cameras([camera("looks from the west", -100, 0, 90, online=False)])
    assert watched.frame.near_cameras.ringed[0] == ("looks from the south", True)


@pytest.mark.parametrize(
    ("east_m", "north_m", "is_seen"),
    [(0, 100, True), (55, 100, True), (65, 100, False), (0, -10, False), (0, 201, False), (0, 0, True), (1, -1, True)],
)  # fmt: skip
def test_a_field_of_view_is_a_sector(east_m: float, north_m: float, is_seen: bool) -> None:
    assert sees(camera("c", 0, 0, 0), *lat_lon(east_m, north_m)) is is_seen


def test_a_field_of_view_over_north_has_no_seam() -> None:
    for bearing_deg in (350.0, -10.0, 10.0, 370.0):
        assert sees(camera("c", 0, 0, bearing_deg), *lat_lon(0, 100))
