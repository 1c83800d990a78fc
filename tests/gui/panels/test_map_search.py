"""The search box on the map: real keys in, the map's view and the pin out; the keyboard comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.domain import commands as cmd
from app.geo.district_error import DistrictError
from app.i18n import set_language, tr
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets.console import Console
from widgets.panels import search_source
from widgets.panels.map import MapPanel
from widgets.panels.map_search import MOST_QUOTED, MapSearch
from widgets.style import apply_theme

Key = Qt.Key


@pytest.fixture
def window(desk: DeskUnderTest) -> Iterator[QWidget]:
    """A window with a line that has the keyboard, and the map below it."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(QLineEdit())
    column.addWidget(MapPanel(desk.bridge))
    desk.qtbot.addWidget(window)
    window.resize(800, 640)
    window.show()
    desk.qtbot.waitExposed(window)
    other_line(window).setFocus()
    desk.settle()
    yield window
    set_language("zh_CN")


@pytest.fixture
def panel(window: QWidget) -> MapPanel:
    return window.findChildren(MapPanel)[0]


@pytest.fixture
def search(panel: MapPanel) -> MapSearch:
    return panel.search


def other_line(window: QWidget) -> QLineEdit:
    return next(line for line in window.findChildren(QLineEdit) if type(line) is QLineEdit)


def opened(desk: DeskUnderTest, search: MapSearch) -> MapSearch:
    search.open()
    desk.wait_until(lambda: search._source.is_ready)
    return search


def type_(search: MapSearch, text: str) -> None:
    search.edit.clear()
    QTest.keyClicks(search.edit, text)


def titles(search: MapSearch) -> list[str]:
    return [row.title for row in search.list.rows]


def target(panel: MapPanel) -> tuple[float, float]:
    goal = panel.view.view.target
    return panel.view.scene.projection.to_degrees(goal.x_m, goal.y_m)


def press(search: MapSearch, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(search.edit, key)


def test_it_is_shut_until_asked_for_and_takes_no_keyboard(window: QWidget, search: MapSearch) -> None:
    assert not search.is_open
    assert search.width() == search.height()
    assert QApplication.focusWidget() is other_line(window)
    assert not search._source.is_ready


def test_the_glass_opens_it_and_escape_gives_the_keyboard_back(
    desk: DeskUnderTest, window: QWidget, search: MapSearch
) -> None:
    QTest.mouseClick(search.glass, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is search.edit
    assert search.message == (tr("search.title"), tr("search.hint"))
    press(search, Key.Key_Escape)
    assert not search.is_open
    assert QApplication.focusWidget() is other_line(window)
    desk.wait_until(lambda: search._source.is_ready)


class LayoutCount(QObject):
    """How often a widget was asked to lay itself out."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_opening_and_shutting_it_lays_out_nothing_else_of_the_window(
    desk: DeskUnderTest, window: QWidget, search: MapSearch
) -> None:
    """That would cost more than a millisecond for every part of the box."""
    desk.settle()
    laid_out = LayoutCount(window)
    opened(desk, search)
    type_(search, "C0")
    search.dismiss()
    desk.settle()
    assert laid_out.count == 0


def test_what_is_typed_before_names_are_read_is_answered_after(
    desk: DeskUnderTest, search: MapSearch
) -> None:
    search.open()
    type_(search, "C012")
    assert search.message == (tr("search.preparing"), "")
    desk.wait_until(lambda: search._source.is_ready)
    assert titles(search) == ["望浦中心医院门前"]


def test_enter_flies_to_a_camera_and_rings_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    chosen: list[tuple[object, ...]] = []
    search = opened(desk, panel.search)
    search.chosen.connect(lambda *what: chosen.append(what))
    type_(search, "c012")
    press(search, Key.Key_Return)
    camera = next(camera for camera in desk.app.district.cameras if camera.id == "C012")
    assert target(panel) == pytest.approx((camera.lat, camera.lon), abs=1e-5)
    assert panel.view.scene.selected == ("camera", "C012")
    assert chosen == [("camera", "C012", camera.lat, camera.lon)]
    assert not search.is_open
    assert search.pin.place is None


def test_down_and_up_choose_another_answer_and_stay_inside_the_list(
    desk: DeskUnderTest, search: MapSearch
) -> None:
    opened(desk, search)
    type_(search, "jing0")
    assert set(titles(search)[:4]) == {"警01", "警02", "警03", "警04"}
    press(search, Key.Key_Up, Key.Key_Down, Key.Key_Down)
    assert search.list.currentIndex().row() == 2
    press(search, *[Key.Key_PageDown] * 9)
    assert search.list.currentIndex().row() == len(titles(search)) - 1


def test_a_click_on_an_answer_chooses_it_and_a_grid_is_outlined(desk: DeskUnderTest, panel: MapPanel) -> None:
    search = opened(desk, panel.search)
    type_(search, "0203")
    box = search.list.visualRect(search.list.model().index(0, 0))
    QTest.mouseClick(search.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert panel.view.scene.selected == ("grid", "310198006002003")
    assert not search.is_open


@pytest.mark.parametrize("query", ["31.2206,121.4766", "121.4766 31.2206"])
def test_coordinates_set_a_lone_pin_that_a_click_removes(
    desk: DeskUnderTest, panel: MapPanel, query: str
) -> None:
    panel.view.set_reduced_motion(True)
    search = opened(desk, panel.search)
    type_(search, query)
    press(search, Key.Key_Enter)
    assert target(panel) == pytest.approx((31.2206, 121.4766), abs=1e-6)
    assert search.pin.place == pytest.approx((31.2206, 121.4766))
    tip = search.pin.geometry().center().x(), search.pin.geometry().bottom()
    middle = panel.view.rect().center()
    assert abs(tip[0] - middle.x()) <= 2
    assert abs(tip[1] - middle.y()) <= 4
    panel.view.steering.pan_by_hand(40, 0, glide=False)
    assert search.pin.geometry().center().x() == pytest.approx(tip[0] + 40, abs=1)
    QTest.mouseClick(search.pin, Qt.MouseButton.LeftButton)
    assert search.pin.place is None
    assert search.pin.isHidden()


def test_a_house_number_that_nobody_told_is_pinned_and_called_an_estimate(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    search = opened(desk, panel.search)
    type_(search, "jiefanglu350")
    (row,) = search.list.rows
    assert (row.title, row.second) == ("解放路350号", tr("search.address.near", known=348))
    press(search, Key.Key_Return)
    assert search.pin.place is not None
    assert panel.view.scene.selected == ("", "")


def test_incidents_are_found_as_they_come_and_change(desk: DeskUnderTest, panel: MapPanel) -> None:
    search = opened(desk, panel.search)
    place = desk.app.district.places[9]
    desk.report("i1", title="电动车相撞", lat=place.lat, lon=place.lon, address="学府路200号")
    number = desk.bridge.desk.incidents["i1"].number
    type_(search, "ddcxz")
    assert titles(search) == ["电动车相撞"]
    assert number in search.list.rows[0].second
    desk.do(cmd.UpdateIncident("i1", title="三轮车侧翻"))
    type_(search, "dianpingche")
    assert titles(search) == []
    type_(search, number)
    assert titles(search) == ["三轮车侧翻"]
    press(search, Key.Key_Return)
    assert panel.view.scene.selected == ("incident", "i1")
    assert target(panel) == pytest.approx((place.lat, place.lon), abs=1e-5)


def test_a_unit_is_found_where_it_is_now(desk: DeskUnderTest, panel: MapPanel) -> None:
    search = opened(desk, panel.search)
    spec = desk.app.district.units[0]
    desk.app.positions.put(TrackPoint(spec.id, desk.app.clock.now(), 31.2288, 121.4701, 0.0))
    desk.settle()
    type_(search, spec.id)
    assert titles(search)[0] == spec.call_sign_zh
    press(search, Key.Key_Return)
    assert target(panel) == pytest.approx((31.2288, 121.4701), abs=1e-5)


def test_nothing_found_says_what_else_to_try(desk: DeskUnderTest, search: MapSearch) -> None:
    opened(desk, search)
    type_(search, "zzzz")
    assert search.message == (tr("search.nothing.title", query="zzzz"), tr("search.nothing.hint"))
    press(search, Key.Key_Return)
    assert search.is_open


def test_a_page_that_was_pasted_is_quoted_shortly(desk: DeskUnderTest, search: MapSearch) -> None:
    opened(desk, search)
    search.edit.insert("<b>zq</b> " * 3_000)
    assert "zq" in search.message[0] and len(search.message[0]) < 2 * MOST_QUOTED


def test_going_on_elsewhere_shuts_it_and_leaves_the_keyboard_there(
    desk: DeskUnderTest, panel: MapPanel, search: MapSearch
) -> None:
    opened(desk, search)
    type_(search, "wangpu")
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=QPoint(600, 300))
    assert not search.is_open
    assert QApplication.focusWidget() is panel.view


def test_it_stays_inside_a_small_map(desk: DeskUnderTest, panel: MapPanel, search: MapSearch) -> None:
    opened(desk, search)
    panel.window().resize(360, 300)
    type_(search, "wangpu")
    assert panel.rect().contains(search.geometry())
    assert search.list.height() >= 40


def test_language_and_theme_change_while_it_is_open(
    desk: DeskUnderTest, qapp: QApplication, panel: MapPanel, search: MapSearch
) -> None:
    opened(desk, search)
    type_(search, "wangpuguangchang")
    assert titles(search)[0] == "望浦广场"
    set_language("en")
    panel.retranslate()
    assert titles(search)[0] == "Wangpu Plaza"
    assert search.edit.placeholderText() == tr("search.placeholder")
    apply_theme(qapp, "light")
    assert titles(search)[0] == "Wangpu Plaza"
    apply_theme(qapp, "dark")


def test_a_district_that_cannot_be_read_says_so_in_the_box(
    desk: DeskUnderTest, search: MapSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = DistrictError("roads.geojson", "", "", "not_json", reason="EOF")

    def broken(*_args: object) -> None:
        raise fault

    monkeypatch.setattr(search_source, "_finder", broken)
    search.open()
    desk.wait_until(lambda: search.message[0] == tr("search.failed.title"))
    assert search.message[1] == str(fault)


# -- in the console ----------------------------------------------------------------------------------------------------


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1600, 900)
    console.show()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    yield console
    console.shut_down()
    console.deleteLater()


def find_key(console: Console, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier
    if shift:
        held |= Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(QApplication.focusWidget() or console, Key.Key_F, held)


def search_of(console: Console) -> MapSearch:
    panel = console.panel("map")
    assert isinstance(panel, MapPanel)
    return panel.search


def test_control_f_searches_the_map_except_in_lists_that_have_a_find_of_their_own(
    desk: DeskUnderTest, console: Console
) -> None:
    search = search_of(console)
    console.dock("queue").bring_up()
    find_key(console)
    assert not search.is_open
    before = QApplication.focusWidget()
    find_key(console, shift=True)
    assert QApplication.focusWidget() is search.edit
    press(search, Key.Key_Escape)
    assert QApplication.focusWidget() is before
    console.dock("map").bring_up()
    find_key(console)
    assert QApplication.focusWidget() is search.edit
    find_key(console)
    press(search, Key.Key_Escape)
    assert QApplication.focusWidget() is console.dock("map").panel.focusProxy()
    desk.wait_until(lambda: search._source.is_ready)


def test_the_answer_is_the_selection_of_every_panel(desk: DeskUnderTest, console: Console) -> None:
    search = opened(desk, search_of(console))
    type_(search, "C034")
    press(search, Key.Key_Return)
    assert console.selection.camera == "C034"
    search.open()
    type_(search, "p2")
    press(search, Key.Key_Return)
    assert console.selection.unit == "p2"


def test_a_place_outside_the_district_is_said_to_be_and_the_way_back_is_offered(
    desk: DeskUnderTest, panel: MapPanel, search: MapSearch
) -> None:
    opened(desk, search)
    panel.view.set_reduced_motion(True)
    search.edit.setText("0,0")
    (found,) = search._answers
    row = search._rows.row(found)
    assert tr("search.outside", distance="")[:4] in row.second
    assert "13,0" in row.second or "12,9" in row.second, "kilometres are counted in thousands"
    QTest.keyClick(search.edit, Key.Key_Return)
    told = panel.tools.told
    assert told.isVisible()
    assert "13,0" in told.text.text or "12,9" in told.text.text
    (back,) = told.offered
    back.click()
    left, top, right, bottom = panel.view.view.target_bounds()
    assert left < 0 < right and top < 0 < bottom, "the district's middle is in sight again"


def test_a_place_within_the_district_is_just_shown(
    desk: DeskUnderTest, panel: MapPanel, search: MapSearch
) -> None:
    opened(desk, search)
    search.edit.setText(f"{desk.bridge.district.centre_lat},{desk.bridge.district.centre_lon}")
    (found,) = search._answers
    assert search._rows.row(found).second == tr("search.coordinate")
    QTest.keyClick(search.edit, Key.Key_Return)
    assert not panel.tools.told.isVisible()
