"""Choosing in a rectangle, walking from incident to incident, copying: real mouse and keys on a real desk."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_map_tools import empty_spot, panel, put_unit, report_at
from widgets.map.things import place_of
from widgets.map.view import encloses
from widgets.panels.dispatch import DispatchPanel
from widgets.panels.map import MapPanel
from widgets.style import tokens

__all__ = ["panel"]

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def drag(panel: MapPanel, start: QPoint, end: QPoint, *, release: bool = True) -> None:
    view = panel.view
    QTest.mousePress(view, LEFT, SHIFT, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    if release:
        QTest.mouseRelease(view, LEFT, SHIFT, end)


@pytest.fixture
def crowd(desk: DeskUnderTest, panel: MapPanel) -> QPoint:
    """Two incidents and a unit round one spot, a third incident far off."""
    spot = empty_spot(panel)
    report_at(desk, panel, "i1", spot, priority=2)
    report_at(desk, panel, "i2", spot + QPoint(14, 6), priority=1)
    report_at(desk, panel, "far", QPoint(spot.x() + 160, spot.y() + 120), priority=3)
    put_unit(desk, panel, 0, spot + QPoint(-12, 10))
    return spot


def choose_crowd(panel: MapPanel, spot: QPoint) -> None:
    drag(panel, spot - QPoint(40, 40), spot + QPoint(40, 40))


# -- the rectangle -----------------------------------------------------------------------------------------------------


def test_a_rectangle_chooses_incidents_and_units_inside_and_leaves_the_map_where_it_is(
    desk: DeskUnderTest, panel: MapPanel, crowd: QPoint
) -> None:
    before = panel.view.view.at
    choose_crowd(panel, crowd)
    chosen = panel.tools.chosen
    assert chosen.of_kind("incident") == ("i2", "i1")
    assert desk.app.district.units[0].id in chosen.of_kind("unit")
    assert "far" not in chosen.of_kind("incident")
    assert chosen.bar.isVisible()
    units = len(chosen.of_kind("unit"))
    assert chosen.bar.text.text == f"2 件事件，{units} 支力量"
    assert panel.view.view.at == before


def test_chosen_things_are_ringed_and_the_rings_go_with_escape(
    desk: DeskUnderTest, panel: MapPanel, crowd: QPoint
) -> None:
    choose_crowd(panel, crowd)
    assert accent_near(panel, crowd) > 20
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert panel.tools.chosen.things == ()
    assert not panel.tools.chosen.bar.isVisible()
    assert accent_near(panel, crowd) < 5


def test_labels_stand_under_the_rings_as_before(desk: DeskUnderTest, panel: MapPanel, crowd: QPoint) -> None:
    before = {label.key for label in panel.view.frame.labels.drawn() if label.layer == "incidents"}
    assert before
    panel.tools.chosen.rings.ring([("incident", "i1")])
    panel.view.frame.change_all()
    panel.view._wake()
    desk.wait_until(lambda: panel.view.idle)
    assert {label.key for label in panel.view.frame.labels.drawn() if label.layer == "incidents"} == before


def accent_near(panel: MapPanel, spot: QPoint) -> int:
    """How many pixels round a spot have the colour of what is chosen."""
    image: QImage = panel.view.grab().toImage()
    accent = tokens().accent
    return sum(
        image.pixelColor(x, y) == accent
        for x in range(spot.x() - 40, spot.x() + 40)
        for y in range(spot.y() - 40, spot.y() + 40)
    )


def test_escape_leaves_the_rectangle_that_is_being_drawn(panel: MapPanel, crowd: QPoint) -> None:
    drag(panel, crowd - QPoint(40, 40), crowd + QPoint(40, 40), release=False)
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    QTest.mouseRelease(panel.view, LEFT, SHIFT, crowd + QPoint(40, 40))
    assert panel.tools.chosen.things == ()


def test_a_rectangle_without_anything_in_it_chooses_nothing(panel: MapPanel, crowd: QPoint) -> None:
    choose_crowd(panel, crowd)
    drag(panel, QPoint(2, 300), QPoint(14, 320))
    assert panel.tools.chosen.things == ()
    assert not panel.tools.chosen.bar.isVisible()


def test_shift_and_a_click_is_a_click(panel: MapPanel, crowd: QPoint) -> None:
    picked: list[tuple[str, str]] = []
    panel.picked.connect(lambda kind, key: picked.append((kind, key)))
    at = place_of(panel.view, ("incident", "far"))
    assert at is not None
    QTest.mouseClick(panel.view, LEFT, SHIFT, at.toPoint())
    assert picked == [("incident", "far")]
    assert panel.tools.chosen.things == ()


def test_what_ends_is_no_longer_chosen(desk: DeskUnderTest, panel: MapPanel, crowd: QPoint) -> None:
    choose_crowd(panel, crowd)
    desk.do(cmd.WithdrawIncident("i1", "报错了"))
    assert panel.tools.chosen.of_kind("incident") == ("i2",)


def test_units_are_sent_to_the_incident_that_is_looked_at_by_the_panel_that_sends(
    desk: DeskUnderTest, panel: MapPanel, crowd: QPoint
) -> None:
    sent: list[tuple[str, tuple[str, ...]]] = []
    panel.tools.chosen.send_wanted.connect(lambda incident, units: sent.append((incident, units)))
    choose_crowd(panel, crowd)
    assert not panel.tools.chosen.bar.send.isEnabled()
    panel.tools.show_incident("far")
    assert panel.tools.chosen.bar.send.isEnabled()
    QTest.mouseClick(panel.tools.chosen.bar.send, LEFT)
    units = panel.tools.chosen.of_kind("unit")
    assert sent == [("far", units)]
    dispatch = DispatchPanel(desk.bridge)
    desk.qtbot.addWidget(dispatch)
    dispatch.show_incident("far")
    dispatch.choose(units)
    assert set(dispatch.chosen) == set(units)


def test_who_is_at_work_already_is_not_counted_among_those_to_be_sent(
    desk: DeskUnderTest, panel: MapPanel, crowd: QPoint
) -> None:
    there = put_unit(desk, panel, 1, crowd + QPoint(12, 16))
    desk.do(cmd.AcceptIncident("far"), cmd.DispatchUnits("far", (there,)))
    choose_crowd(panel, crowd)
    chosen = panel.tools.chosen
    panel.tools.show_incident("far")
    units = chosen.of_kind("unit")
    assert there in units
    assert chosen.sendable == tuple(unit for unit in units if unit != there)
    assert str(len(units) - 1) in chosen.bar.send.text()
    desk.do(cmd.DispatchUnits("far", chosen.sendable))
    assert not chosen.bar.send.isEnabled()


def test_the_rings_lie_outside_the_symbols_they_choose(panel: MapPanel, crowd: QPoint) -> None:
    before = panel.view.grab().toImage()
    panel.tools.chosen.rings.ring([("incident", "i2")])
    ringed = panel.view.grab().toImage()
    at = place_of(panel.view, ("incident", "i2"))
    assert at is not None
    spots = [at.toPoint() + QPoint(dx, dy) for dx in range(-14, 15) for dy in range(-14, 15)]
    symbol = [spot for spot in spots if before.pixelColor(spot) == tokens().priority.of(1)]
    assert len(symbol) > 50
    assert all(ringed.pixelColor(spot) == tokens().priority.of(1) for spot in symbol)


def test_the_list_goes_to_what_is_clicked(panel: MapPanel, crowd: QPoint) -> None:
    picked: list[tuple[str, str]] = []
    panel.picked.connect(lambda kind, key: picked.append((kind, key)))
    choose_crowd(panel, crowd)
    QTest.mouseClick(panel.tools.chosen.bar.list, LEFT)
    sheet = panel.tools.chosen.sheet
    assert sheet.isVisible()
    assert [row.hit for row in sheet.rows][:2] == [("incident", "i2"), ("incident", "i1")]
    assert "商场门口人群聚集" in sheet.rows[0].name
    QTest.mouseClick(sheet._lines[1], LEFT)
    assert picked == [("incident", "i1")]


# -- keys --------------------------------------------------------------------------------------------------------------


def test_tab_walks_from_incident_to_incident_by_urgency_and_back(panel: MapPanel, crowd: QPoint) -> None:
    picked: list[str] = []
    panel.picked.connect(lambda _kind, key: picked.append(key))
    for _ in range(4):
        QTest.keyClick(panel.view, Qt.Key.Key_Tab)
    QTest.keyClick(panel.view, Qt.Key.Key_Backtab, SHIFT)
    assert picked == ["i2", "i1", "far", "i2", "far"]
    assert panel.view.scene.selected == ("incident", "far")


def test_walking_moves_the_map_only_to_what_is_out_of_sight(
    desk: DeskUnderTest, panel: MapPanel, crowd: QPoint
) -> None:
    before = panel.view.view.target
    QTest.keyClick(panel.view, Qt.Key.Key_Tab)
    assert panel.view.view.target == before
    for _ in range(8):
        QTest.keyClick(panel.view, Qt.Key.Key_Right)
    away = panel.view.view.target
    QTest.keyClick(panel.view, Qt.Key.Key_Tab)
    assert panel.view.view.target != away
    assert panel.view.view.target.zoom == before.zoom
    assert panel.view.locked


def test_without_an_incident_tab_goes_on_to_the_buttons_as_everywhere(panel: MapPanel) -> None:
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Tab)
    assert panel.view.scene.selected == ("", "")


def test_0_shows_all_incidents_and_home_or_0_again_the_whole_district(panel: MapPanel, crowd: QPoint) -> None:
    view, district = panel.view, panel.view.steering.district
    assert district is not None
    QTest.keyClick(view, Qt.Key.Key_Plus)
    near = view.view.target
    QTest.keyClick(view, Qt.Key.Key_0)
    incidents = view.view.target
    assert incidents != near
    assert not encloses(view.view.target_bounds(), district)
    for key in (Qt.Key.Key_0, Qt.Key.Key_Home):
        QTest.keyClick(view, key)
        assert encloses(view.view.target_bounds(), district), (
            "everything is the district, not the incidents of the hour"
        )
        QTest.keyClick(view, Qt.Key.Key_0)
        assert view.view.target == incidents
    assert view.locked


def test_control_c_copies_the_place_under_the_pointer(panel: MapPanel) -> None:
    QTest.mouseMove(panel.view, QPoint(300, 200))
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = tuple(map(float, QGuiApplication.clipboard().text().split(",")))
    assert copied == pytest.approx(panel.view.lat_lon_at(QPointF(300, 200)), abs=2e-6)
    assert "WGS-84" in panel.tools.told.text.text
