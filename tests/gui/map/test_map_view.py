"""The map as an officer meets it: it shows, holds still, and moves only by hand or for a new set of incidents."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.map.conftest import NOW_AT, Clock
from tests.gui.map.town import lat_lon, small_town
from widgets.map import CameraMark, IncidentMark, MapView, UnitMark
from widgets.map.view import encloses

Settle = Callable[[MapView], None]


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


def camera(key: str, east_m: float, north_m: float) -> CameraMark:
    return CameraMark(key, f"镜头{key}", *lat_lon(east_m, north_m), 90.0, 60.0, 40.0)


def on_screen(view: MapView, east_m: float, north_m: float) -> QPointF:
    return QPointF(*view.view.to_screen(east_m, -north_m))


class Paints(QObject):
    """Counts the paint events of a map and the pixels that they asked for."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self.areas: list[int] = []
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(sum(rect.width() * rect.height() for rect in event.region()))
        return False


def let_events_run(qtbot: QtBot) -> None:
    """Turn the loop until a timer that was started now has fired: everything that was due before it is done then."""
    timer = QTimer()
    timer.setSingleShot(True)
    with qtbot.waitSignal(timer.timeout):
        timer.start(60)


# -- the view -------------------------------------------------------------------------------------------------------


def test_shows_the_whole_district_at_first(town_map: MapView) -> None:
    assert encloses(town_map.view.bounds(), (-500, -500, 500, 500))
    assert not town_map.locked


def test_dragging_moves_the_ground_with_the_pointer_and_locks(town_map: MapView, qtbot: QtBot) -> None:
    before = town_map.view.to_plane(400, 300)
    qtbot.mousePress(town_map, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    for step in range(1, 6):
        QTest.mouseMove(town_map, QPoint(400 + 20 * step, 300 + 10 * step))
    qtbot.mouseRelease(town_map, Qt.MouseButton.LeftButton, pos=QPoint(500, 350))
    assert town_map.view.to_plane(500, 350) == pytest.approx(before)
    assert town_map.locked


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0]
)
def test_every_move_by_key_locks_the_view(town_map: MapView, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(town_map, key)
    assert town_map.locked


def test_a_locked_view_stays_where_it_is_when_incidents_come(
    town_map: MapView, settle: Settle, qtbot: QtBot
) -> None:
    qtbot.keyClick(town_map, Qt.Key.Key_Right)
    settle(town_map)
    before = town_map.view.at
    town_map.put_incidents([incident("far", 5_000, 5_000, 1, is_new=True)])
    settle(town_map)
    assert town_map.view.at == before


def test_freeing_the_view_shows_all_incidents(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    qtbot.keyClick(town_map, Qt.Key.Key_Right)
    town_map.put_incidents([incident("far", 3_000, 3_000), incident("near", 0, 0)])
    qtbot.keyClick(town_map, Qt.Key.Key_L)
    settle(town_map)
    assert not town_map.locked
    assert encloses(town_map.view.bounds(), (0, -3_000, 3_000, 0))


def test_fits_when_an_incident_comes_out_of_view(town_map: MapView, settle: Settle) -> None:
    town_map.put_incidents([incident("far", 3_000, 3_000)])
    settle(town_map)
    assert encloses(town_map.view.bounds(), (3_000, -3_000, 3_000, -3_000))


def test_nothing_else_moves_a_free_view(town_map: MapView, settle: Settle) -> None:
    town_map.put_incidents([incident("i1", 100, 100)])
    settle(town_map)
    before = town_map.view.at
    town_map.put_incidents([incident("i1", 9_000, 100, 1)])  # the same set: an incident that was moved
    town_map.put_units([unit("p1", 4_000, 0)])
    town_map.put_cameras([camera("c1", 0, 4_000)])
    town_map.set_grid_load({"310198006001001": 3})
    town_map.set_links([("p1", "i1")])
    settle(town_map)
    assert town_map.view.at == before


def test_wheel_zooms_about_the_pointer(town_map: MapView, settle: Settle) -> None:
    at = QPointF(200, 450)
    before = town_map.view.to_plane(at.x(), at.y())
    zoom = town_map.view.zoom
    town_map.steering.zoom_by_hand(1, at, rest=True)
    settle(town_map)
    assert town_map.view.zoom == zoom + 0.5
    assert town_map.view.to_plane(at.x(), at.y()) == pytest.approx(before)


def test_flying_somewhere_holds_the_view_there(town_map: MapView, settle: Settle) -> None:
    town_map.fly_to(*lat_lon(120, -80), 18.0)
    settle(town_map)
    assert town_map.lat_lon_at(QPointF(400, 300)) == pytest.approx(lat_lon(120, -80), abs=1e-6)
    assert town_map.locked


# -- what is under the pointer --------------------------------------------------------------------------------------


def test_pick_order_is_incident_unit_camera_grid(town_map: MapView, settle: Settle) -> None:
    at = on_screen(town_map, 100, 100)
    town_map.fly_to(*lat_lon(100, 100), 18.0)
    settle(town_map)
    at = on_screen(town_map, 100, 100)
    assert town_map.hit_at(at) == ("grid", "310198006001004")
    town_map.put_cameras([camera("c1", 100, 100)])
    settle(town_map)
    assert town_map.hit_at(at) == ("camera", "c1")
    town_map.put_units([unit("p1", 100, 100)])
    settle(town_map)
    assert town_map.hit_at(at) == ("unit", "p1")
    town_map.put_incidents([incident("i1", 100, 100)])
    settle(town_map)
    assert town_map.hit_at(at) == ("incident", "i1")
    town_map.stack.show("incidents", False)
    settle(town_map)
    assert town_map.hit_at(at) == ("unit", "p1")


def test_of_two_units_the_nearer_is_hit(town_map: MapView, settle: Settle) -> None:
    town_map.put_units([unit("p1", 0, 0), unit("p2", 12, 0)])
    settle(town_map)
    assert town_map.hit_at(on_screen(town_map, 11, 0)) == ("unit", "p2")


def test_a_name_of_a_place_is_hit_where_it_is_written(town_map: MapView, settle: Settle) -> None:
    town_map.fly_to(*lat_lon(-300, -250), 17.5)
    settle(town_map)
    assert town_map.hit_at(on_screen(town_map, -300, -250)) == ("place", "L1")


def test_a_click_picks_and_selects_a_double_click_activates(
    town_map: MapView, settle: Settle, qtbot: QtBot
) -> None:
    town_map.put_units([unit("p1", 50, 50)])
    settle(town_map)
    at = on_screen(town_map, 50, 50).toPoint()
    with qtbot.waitSignal(town_map.picked) as picked:
        qtbot.mouseClick(town_map, Qt.MouseButton.LeftButton, pos=at)
    assert picked.args == ["unit", "p1"]
    assert town_map.scene.selected == ("unit", "p1")
    with qtbot.waitSignal(town_map.activated) as activated:
        qtbot.mouseDClick(town_map, Qt.MouseButton.LeftButton, pos=at)
    assert activated.args == ["unit", "p1"]


def test_hover_says_what_is_there_and_when_it_is_left(town_map: MapView, settle: Settle) -> None:
    heard: list[tuple[str, str]] = []
    town_map.hovered.connect(lambda kind, key: heard.append((kind, key)))
    town_map.put_units([unit("p1", 50, 50)])
    settle(town_map)
    town_map.hover_at(on_screen(town_map, 50, 50))
    town_map.hover_at(None)
    assert heard == [("unit", "p1"), ("", "")]


# -- motion, age, rest ----------------------------------------------------------------------------------------------


def test_an_older_fix_never_moves_a_unit_back(town_map: MapView, settle: Settle) -> None:
    town_map.set_reduced_motion(True)
    town_map.put_units([unit("p1", 100, 0, 2_000)])
    settle(town_map)
    town_map.put_units([unit("p1", 0, 0, 1_000)])
    settle(town_map)
    assert town_map.hit_at(on_screen(town_map, 100, 0)) == ("unit", "p1")


def test_a_moving_unit_arrives_and_the_map_comes_to_rest(town_map: MapView, settle: Settle) -> None:
    town_map.put_units([unit("p1", 0, 0, 1_000)])
    settle(town_map)
    town_map.put_units([unit("p1", 30, 0, 2_000)])
    assert not town_map.idle
    settle(town_map)
    assert town_map.scene.units.x_m[town_map.scene.units.slot("p1")] == pytest.approx(30, abs=0.5)


def test_with_reduced_motion_a_unit_is_there_at_once(town_map: MapView, qtbot: QtBot) -> None:
    town_map.set_reduced_motion(True)
    town_map.put_units([unit("p1", 0, 0, 1_000), unit("p1", 40, 0, 2_000)])
    qtbot.waitUntil(lambda: town_map.idle)
    assert not town_map.scene.motion.active
    assert town_map.frame.pulses == {}


def test_an_idle_map_paints_nothing(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    town_map.put_units([unit("p1", 0, 0, 1_000)])
    town_map.put_incidents([incident("i1", 100, 100)])
    settle(town_map)
    paints = Paints(town_map)
    let_events_run(qtbot)
    assert paints.areas == []
    town_map.put_units([unit("p1", 0, 0, 2_000)])  # says nothing new that can be seen
    settle(town_map)
    let_events_run(qtbot)
    assert paints.areas == []


def test_one_unit_that_moves_repaints_its_surroundings_only(
    town_map: MapView, settle: Settle, qtbot: QtBot
) -> None:
    town_map.put_units([unit(f"p{i}", i * 60 - 300, 0, 1_000) for i in range(10)])
    settle(town_map)
    paints = Paints(town_map)
    town_map.put_units([unit("p3", -115, 0, 2_000)])
    settle(town_map)
    qtbot.waitUntil(lambda: bool(paints.areas))
    assert max(paints.areas) < 0.1 * town_map.width() * town_map.height()


def test_a_new_alarm_pulses_three_times_and_then_stands(town_map: MapView, qtbot: QtBot) -> None:
    town_map.put_incidents([incident("i1", 0, 0, 1, is_new=True), incident("i2", 50, 0, 3, is_new=True)])
    qtbot.waitUntil(lambda: bool(town_map.frame.pulses))
    assert set(town_map.frame.pulses) == {"i1"}
    qtbot.waitUntil(lambda: town_map.idle)
    assert town_map.frame.pulses == {}


def test_a_stale_unit_says_its_age_and_the_age_counts_up(
    town_map: MapView, clock: Clock, qtbot: QtBot
) -> None:
    town_map.fly_to(*lat_lon(0, 0), 17.5)
    town_map.put_units([unit("p1", 0, 0, NOW_AT - 65_000, stale=True)])
    sprites = town_map.frame.labels.sprites

    def says(text: str) -> bool:
        sprite = sprites.sheet.find((text, "stale"))
        return sprite is not None and sprite in {label.sprite for label in town_map.frame.labels.drawn()}

    qtbot.waitUntil(lambda: says("警p1 01:05 前"))
    clock.now_at += 1_000
    qtbot.waitUntil(lambda: says("警p1 01:06 前"))


@pytest.mark.parametrize("leave", ["hide", "close"])
def test_a_map_that_is_not_seen_runs_no_timer(town_map: MapView, leave: str) -> None:
    town_map.put_units([unit("p1", 0, 0, 1_000)])
    assert not town_map.idle
    getattr(town_map, leave)()
    assert town_map.idle
    town_map.put_units([unit("p1", 90, 0, 2_000)])
    assert town_map.idle


def test_what_came_while_hidden_is_there_when_shown(town_map: MapView, settle: Settle) -> None:
    town_map.hide()
    town_map.put_units([unit("p1", 90, 0, 2_000)])
    town_map.show()
    settle(town_map)
    assert town_map.hit_at(on_screen(town_map, 90, 0)) == ("unit", "p1")


def test_it_works_before_there_is_a_district(bare_map: MapView, qtbot: QtBot) -> None:
    bare_map.put_units([unit("p1", 0, 0)])
    bare_map.put_incidents([incident("i1", 0, 0)])
    bare_map.put_cameras([camera("c1", 0, 0)])
    bare_map.set_grid_load({"x": 1})
    bare_map.show()
    qtbot.waitUntil(lambda: bare_map.idle)
    bare_map.set_district(small_town())
    qtbot.waitUntil(lambda: bare_map.idle)
    assert bare_map.hit_at(on_screen(bare_map, 0, 0)) == ("incident", "i1")
