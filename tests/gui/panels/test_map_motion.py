"""Units in motion on the map's dock: times of arrival, following, notes, cameras - from the desk to the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain import unit as un
from app.domain.roles import SYSTEM
from app.i18n import set_language, tr
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets.map.cards import unit_card
from widgets.panels.map import MapPanel
from widgets.panels.map_etas import MINUTE_MS, eta_text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

NOW = 1_795_330_000_000


@pytest.fixture
def panel(desk: DeskUnderTest) -> MapPanel:
    panel = MapPanel(desk.bridge)
    desk.qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.view.set_reduced_motion(True)  # nobody waits for three pulses
    panel.show()
    desk.settle()
    desk.wait_until(lambda: panel.view.idle)
    return panel


def put(desk: DeskUnderTest, unit: str, lat: float, lon: float, speed_mps: float | None = None) -> None:
    desk.app.positions.put(TrackPoint(unit, desk.app.clock.now(), lat, lon, 90.0, speed_mps))
    desk.settle()


def send(desk: DeskUnderTest, unit: str, lat: float, lon: float) -> None:
    desk.report("i1", lat=lat, lon=lon)
    desk.do(cmd.AcceptIncident("i1"), cmd.DispatchUnits("i1", (unit,)))
    desk.do(cmd.SetUnitStatus(unit, un.EN_ROUTE, "i1"))


# -- arrival --------------------------------------------------------------------------------------------------------


def test_who_sets_out_has_his_time_on_the_line_until_he_is_there(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    unit, camera = desk.app.district.units[0], desk.app.district.cameras[-1]
    put(desk, unit.id, unit.home_lat, unit.home_lon)
    send(desk, unit.id, camera.lat, camera.lon)
    desk.wait_until(lambda: bool(panel.view.frame.etas.placed))
    ((text, box),) = panel.view.frame.etas.placed
    etas = desk.app.etas
    assert etas is not None
    known = etas.known[unit.id, "i1"]
    assert text == eta_text(known.arrives_at, desk.app.clock.now(), 480, known.is_straight)
    units, incidents = panel.view.scene.units, panel.view.scene.incidents
    a, b = units.slot(unit.id), incidents.slot("i1")
    assert a is not None
    assert b is not None
    ends = [
        panel.view.frame.at.point(layer.x_m[s], layer.y_m[s]) for layer, s in ((units, a), (incidents, b))
    ]
    assert (box.center() - (ends[0] + ends[1]) / 2).manhattanLength() < 3
    desk.do(cmd.SetUnitStatus(unit.id, un.ON_SCENE, "i1"))
    desk.wait_until(lambda: not panel.view.frame.etas.placed)


@pytest.mark.parametrize(
    ("left_ms", "is_straight", "text"),
    [
        (30_000, False, "1 min"),
        (4 * MINUTE_MS, False, "4 min"),
        (4 * MINUTE_MS + 1, True, "~5 min"),
        (-1, False, "due"),
        (61 * MINUTE_MS, False, "15:47"),
    ],
)
def test_a_time_reads_in_minutes_within_the_hour(left_ms: int, is_straight: bool, text: str) -> None:
    set_language("en")
    assert eta_text(NOW + left_ms, NOW, 480, is_straight) == text
    set_language("zh_CN")


def test_two_fixes_beside_the_incident_are_an_arrival_on_every_screen(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    unit, camera = desk.app.district.units[0], desk.app.district.cameras[0]
    send(desk, unit.id, camera.lat, camera.lon)
    for _ in range(2):
        put(desk, unit.id, camera.lat + 0.0001, camera.lon)
    desk.wait_until(lambda: desk.bridge.desk.units[unit.id].status == un.ON_SCENE)
    desk.wait_until(lambda: getattr(panel.view.scene.units.mark(unit.id), "status", "") == un.ON_SCENE)


def test_a_map_that_is_taken_away_listens_no_longer(desk: DeskUnderTest, qtbot: QtBot) -> None:
    panel = MapPanel(desk.bridge)
    with qtbot.waitSignal(panel.destroyed):
        panel.deleteLater()
    desk.bridge.etas_changed.emit({"i1"})
    desk.bridge.ticked.emit(NOW)
    observe(desk, desk.app.district.units[0].id, inside=False)


# -- areas ----------------------------------------------------------------------------------------------------------


def observe(desk: DeskUnderTest, unit: str, inside: bool) -> None:
    context = cmd.Context("geofence", SYSTEM, "desk-1", desk.app.clock.now())
    code = desk.app.district.code
    desk.run(desk.app.bus.submit(cmd.ObserveUnitArea(unit, un.DISTRICT, code, inside), context))
    desk.settle()


def test_leaving_is_noted_once_and_stands_on_the_card(desk: DeskUnderTest, panel: MapPanel) -> None:
    unit = desk.app.district.units[0]
    told = panel.tools.told
    put(desk, unit.id, unit.home_lat, unit.home_lon)
    observe(desk, unit.id, inside=False)
    left = tr("motion.note.left", unit=unit.call_sign_zh, area=tr("motion.note.district"))
    assert told.isVisible()
    assert told.accessibleName() == left
    told.hide()
    put(desk, unit.id, unit.home_lat, unit.home_lon)
    assert not told.isVisible()
    desk.wait_until(lambda: bool(getattr(panel.view.scene.units.mark(unit.id), "outside", ())))
    mark = panel.view.scene.units.mark(unit.id)
    assert mark is not None
    assert any(
        tr("motion.card.outside.district", age="").strip() in line for line in unit_card(mark, None)[1]
    )
    observe(desk, unit.id, inside=True)
    entered = tr("motion.note.entered", unit=unit.call_sign_zh, area=tr("motion.note.district"))
    assert told.accessibleName() == entered


def test_a_note_never_takes_the_place_of_a_failure(desk: DeskUnderTest, panel: MapPanel) -> None:
    panel.tools.told.tell("没有送出", failed=True)
    observe(desk, desk.app.district.units[0].id, inside=False)
    assert panel.tools.told.accessibleName() == "没有送出"


# -- speed and following --------------------------------------------------------------------------------------------


def test_the_card_says_how_fast_and_where_to(desk: DeskUnderTest, panel: MapPanel) -> None:
    unit = desk.app.district.units[0]
    put(desk, unit.id, unit.home_lat, unit.home_lon, 10.0)
    desk.wait_until(lambda: getattr(panel.view.scene.units.mark(unit.id), "speed_mps", None) == 10.0)
    mark = panel.view.scene.units.mark(unit.id)
    assert mark is not None
    assert tr("motion.card.speed", speed=36, heading="090") in unit_card(mark, None)[1]


def test_a_unit_chosen_on_the_map_is_followed_with_f_through_its_fixes(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    unit = desk.app.district.units[0]
    put(desk, unit.id, unit.home_lat, unit.home_lon)
    desk.wait_until(lambda: panel.view.idle)
    panel.select("unit", unit.id)
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_F)
    assert panel.view.following.unit == unit.id
    put(desk, unit.id, unit.home_lat + 0.003, unit.home_lon + 0.003)
    desk.wait_until(lambda: panel.view.idle)
    slot = panel.view.scene.units.slot(unit.id)
    assert slot is not None
    units = panel.view.scene.units
    x_px, y_px = panel.view.view.to_screen(float(units.x_m[slot]), float(units.y_m[slot]))
    assert panel.view.width() / 3 <= x_px <= panel.view.width() * 2 / 3
    assert panel.view.height() / 3 <= y_px <= panel.view.height() * 2 / 3


def test_the_menu_of_a_unit_follows_it_and_ends_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    unit = desk.app.district.units[0]
    put(desk, unit.id, unit.home_lat, unit.home_lon)
    desk.wait_until(lambda: panel.view.idle)
    for expected in (unit.id, ""):
        menu = panel.tools.menu.menu_for([("unit", unit.id)], unit.home_lat, unit.home_lon)
        next(action for action in menu.actions() if action.objectName() == "follow").trigger()
        assert panel.view.following.unit == expected


# -- cameras --------------------------------------------------------------------------------------------------------


def test_a_click_on_an_incident_rings_the_cameras_that_show_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    camera = desk.app.district.cameras[0]
    desk.report("i1", lat=camera.lat, lon=camera.lon)
    desk.wait_until(lambda: panel.view.idle)
    slot = panel.view.scene.incidents.slot("i1")
    assert slot is not None
    incidents = panel.view.scene.incidents
    at = QPointF(*panel.view.view.to_screen(float(incidents.x_m[slot]), float(incidents.y_m[slot])))
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert panel.view.scene.selected == ("incident", "i1")
    ringed = panel.view.frame.near_cameras.ringed
    assert (camera.id, True) in ringed
    assert 1 <= len(ringed) <= 4
