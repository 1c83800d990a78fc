"""Following a unit: the view goes with it until a hand leads it away, and the map says who it is."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.i18n import tr
from tests.gui.map.conftest import NOW_AT, Clock
from tests.gui.map.town import lat_lon
from widgets.map import MapView, UnitMark
from widgets.map.follow_chip import FollowChip

Settle = Callable[[MapView], None]


def unit(key: str, east_m: float, north_m: float, seconds: int = 0) -> UnitMark:
    return UnitMark(
        key, "police", f"组{key}", *lat_lon(east_m, north_m), "available", 90.0, NOW_AT + seconds * 1_000
    )


def chip_of(view: MapView) -> FollowChip:
    return view._follow_chip


def thirds(view: MapView, key: str) -> tuple[float, float]:
    """Where a unit is on the screen, as parts of it."""
    slot = view.scene.units.slot(key)
    assert slot is not None
    x_px, y_px = view.view.to_screen(float(view.scene.units.x_m[slot]), float(view.scene.units.y_m[slot]))
    return x_px / view.width(), y_px / view.height()


def is_in_the_middle_third(view: MapView, key: str) -> bool:
    return all(1 / 3 - 0.01 <= part <= 2 / 3 + 0.01 for part in thirds(view, key))


@pytest.fixture
def followed(town_map: MapView, settle: Settle) -> MapView:
    """Unit 1 chosen with the mouse and followed with F."""
    town_map.put_units([unit("1", -200, 100), unit("2", 200, -100)])
    settle(town_map)
    point = QPointF(
        *(
            part * side
            for part, side in zip(thirds(town_map, "1"), (town_map.width(), town_map.height()), strict=True)
        )
    )
    QTest.mouseClick(town_map, Qt.MouseButton.LeftButton, pos=point.toPoint())
    QTest.keyClick(town_map, Qt.Key.Key_F)
    settle(town_map)
    return town_map


def test_f_brings_the_chosen_unit_to_the_middle_and_says_who_it_is(followed: MapView) -> None:
    assert followed.following.unit == "1"
    assert thirds(followed, "1") == pytest.approx((0.5, 0.5), abs=0.01)
    assert chip_of(followed).chip.isVisible()
    assert chip_of(followed).chip.text == tr("motion.follow", unit="组1")
    assert followed.locked


def test_as_the_unit_goes_it_stays_in_the_middle_third_and_a_small_step_moves_nothing(
    followed: MapView, settle: Settle
) -> None:
    before = followed.view.target
    followed.put_units([unit("1", -195, 100, 1)])
    settle(followed)
    assert followed.view.target == before
    for step in range(2, 8):
        followed.put_units([unit("1", -200 + step * 60, 100, step)])
        settle(followed)
        assert is_in_the_middle_third(followed, "1")
    assert followed.view.target != before
    assert followed.view.target.zoom == before.zoom


def test_a_pan_by_mouse_ends_it(followed: MapView) -> None:
    QTest.mousePress(followed, Qt.MouseButton.LeftButton, pos=QPoint(400, 500))
    QTest.mouseMove(followed, QPoint(450, 530))
    QTest.mouseMove(followed, QPoint(480, 540))
    QTest.mouseRelease(followed, Qt.MouseButton.LeftButton, pos=QPoint(480, 540))
    assert followed.following.unit == ""
    assert not chip_of(followed).chip.isVisible()


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Left, Qt.Key.Key_0, Qt.Key.Key_L, Qt.Key.Key_Escape, Qt.Key.Key_F]
)
def test_keys_that_lead_elsewhere_end_it(followed: MapView, key: Qt.Key) -> None:
    QTest.keyClick(followed, key)
    assert followed.following.unit == ""


def test_a_flight_to_another_place_ends_it(followed: MapView) -> None:
    followed.fly_to(*lat_lon(300, 300))
    assert followed.following.unit == ""


def test_a_zoom_keeps_it_and_is_about_the_unit(followed: MapView, settle: Settle) -> None:
    before = thirds(followed, "1")
    QTest.keyClick(followed, Qt.Key.Key_Plus)
    settle(followed)
    assert followed.following.unit == "1"
    assert thirds(followed, "1") == pytest.approx(before, abs=0.01)


def test_the_cross_of_the_chip_ends_it(followed: MapView, qtbot: QtBot) -> None:
    cross = followed.findChild(QToolButton, "map_follow_end")
    assert isinstance(cross, QToolButton)
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert followed.following.unit == ""


def test_its_way_alone_is_drawn_and_the_officers_layers_are_as_before_afterwards(followed: MapView) -> None:
    tracks = followed.frame.overlays.tracks
    assert tracks.followed == "1"
    assert followed.stack.visible("tracks")
    assert followed.stack.option("tracks", "whose") == "followed"
    followed.select("incident", "elsewhere")
    assert tracks.followed == "1"
    followed.follow("")
    assert not followed.stack.visible("tracks")
    assert followed.stack.option("tracks", "whose") == "all"
    assert tracks.followed == ""


def test_tracks_that_the_officer_shows_are_left_as_he_has_them(town_map: MapView, settle: Settle) -> None:
    town_map.stack.show("tracks", True)
    town_map.put_units([unit("1", -200, 100)])
    settle(town_map)
    town_map.follow("1")
    town_map.follow("")
    assert town_map.stack.visible("tracks")
    assert town_map.stack.option("tracks", "whose") == "all"


def test_following_another_unit_takes_over_and_one_that_goes_away_ends_it(
    followed: MapView, settle: Settle
) -> None:
    followed.follow("2")
    settle(followed)
    assert chip_of(followed).chip.text == tr("motion.follow", unit="组2")
    assert is_in_the_middle_third(followed, "2")
    followed.drop_units(["2"])
    settle(followed)
    assert followed.following.unit == ""


def test_who_is_not_on_the_map_cannot_be_followed(town_map: MapView) -> None:
    town_map.follow("nobody")
    assert town_map.following.unit == ""
    QTest.keyClick(town_map, Qt.Key.Key_F)
    assert town_map.following.unit == ""


def test_with_reduced_motion_the_view_jumps_and_rests(
    followed: MapView, clock: Clock, settle: Settle
) -> None:
    followed.set_reduced_motion(True)
    followed.put_units([unit("1", 250, -100, 9)])
    settle(followed)
    assert is_in_the_middle_third(followed, "1")
