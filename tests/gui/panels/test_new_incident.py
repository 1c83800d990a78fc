"""A report is taken by keys alone; type and place are enough; what was typed is never lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain.incident import Incident
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from widgets.panels.new_incident import NewIncidentSheet
from widgets.style import apply_theme

Key = Qt.Key


@pytest.fixture
def window(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[QMainWindow]:
    window = QMainWindow()
    window.setCentralWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    qtbot.waitExposed(window)
    yield window
    set_language("zh_CN")


@pytest.fixture
def sheet(desk: DeskUnderTest, window: QMainWindow) -> NewIncidentSheet:
    return NewIncidentSheet(desk.bridge, window)


def press(qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, key)


def taken(desk: DeskUnderTest) -> Incident:
    desk.wait_until(lambda: bool(desk.bridge.desk.incidents))
    desk.settle()
    (incident,) = desk.bridge.desk.incidents.values()
    return incident


def test_a_report_is_taken_by_keys_alone(desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot) -> None:
    reported = QSignalSpy(sheet.reported)
    sheet.open()
    qtbot.keyClicks(QApplication.focusWidget(), "two men fighting")
    press(qtbot, Key.Key_Tab, Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "night market")
    press(qtbot, Key.Key_Return)
    incident = taken(desk)
    assert (incident.incident_type, incident.title, incident.address) == (
        "security", "two men fighting", "night market",
    )  # fmt: skip
    assert incident.priority == desk.app.types.priority_of("security")
    assert incident.source_ids == (f"desk:{incident.id}",)
    desk.wait_until(sheet.isHidden)
    assert reported.at(0) == [incident.id]


def test_type_and_place_are_enough(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open()
    sheet.type.pick("fire")
    sheet.where.setText("滨江里 7 号楼")
    sheet.take()
    assert taken(desk).title == "火警：滨江里 7 号楼"


@pytest.mark.parametrize(
    ("kind", "where", "said"), [("", "", "类型"), ("fire", "", "地点"), ("fire", "  ", "地点")]
)
def test_what_is_missing_is_said_beside_the_button(
    desk: DeskUnderTest, sheet: NewIncidentSheet, kind: str, where: str, said: str
) -> None:
    sheet.open()
    sheet.type.pick(kind)
    sheet.where.setText(where)
    sheet.take()
    assert said in sheet.refusal.text
    assert sheet.isVisible()
    assert not desk.bridge.desk.incidents


def test_escape_keeps_what_was_typed_and_gives_the_keyboard_back(
    window: QMainWindow, sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    window.centralWidget().setFocus()
    sheet.open()
    sheet.type.pick("dispute")
    sheet.where.setText("滨江里 3 号楼")
    press(qtbot, Key.Key_Escape)
    assert sheet.isHidden()
    assert window.centralWidget().hasFocus()
    sheet.open()
    assert (sheet.type.value, sheet.where.text()) == ("dispute", "滨江里 3 号楼")


def test_a_point_on_the_map_brings_its_grid(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    place = desk.bridge.district.places[0]
    sheet.open_at(place.lat, place.lon)
    assert sheet.grid.currentData() == place.grid
    sheet.type.pick("crowd")
    sheet.take()
    incident = taken(desk)
    assert (incident.lat, incident.lon, incident.grid) == (place.lat, place.lon, place.grid)


def test_a_place_chosen_by_name_brings_its_point(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    place = desk.bridge.district.places[3]
    sheet.open()
    sheet.where.setText(place.name_zh)
    desk.wait_until(lambda: sheet.point is not None)
    assert sheet.point == (place.lat, place.lon)
    assert sheet.grid.currentData() == place.grid
    assert place.name_zh in sheet.place.says.text()


def test_a_point_taken_while_the_desk_starts_has_its_grid_in_the_report(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    place, grids = desk.bridge.district.places[3], desk.app.grids
    desk.app.grids = None
    sheet.open_at(place.lat, place.lon)
    assert sheet.grid.currentData() == ""
    desk.app.grids = grids
    sheet.type.pick("other")
    sheet.take()
    assert taken(desk).grid == place.grid


def test_just_outside_the_district_no_grid_is_made_up(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open_at(31.26, 121.4766)
    assert sheet.grid.currentData() == ""
    assert "本区外" in sheet.place.warning.text()
    sheet.type.pick("other")
    sheet.take()
    incident = taken(desk)
    assert (incident.lat, incident.grid) == (31.26, None)
    assert incident.title == "其他：地图上的一点"


def test_far_outside_is_refused_naming_the_place(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open_at(0.0, 0.0)
    sheet.type.pick("other")
    sheet.take()
    assert "地点" in sheet.refusal.text
    assert sheet.where.hasFocus()
    assert not desk.bridge.desk.incidents


def test_from_a_camera_its_name_and_place_are_known(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    camera = desk.bridge.district.cameras[0]
    sheet.open_for_camera(camera.id)
    sheet.type.pick("crowd")
    sheet.take()
    incident = taken(desk)
    assert (incident.camera, incident.address, incident.grid) == (camera.id, camera.name_zh, camera.grid)


def test_the_reporter_is_kept_apart_and_masked(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open()
    sheet.type.pick("dispute")
    sheet.where.setText("滨江里 3 号楼")
    sheet.name.setText("张建国")
    sheet.phone.setText("13812341234")
    sheet.take()
    incident = taken(desk)
    assert "张建国" not in repr(incident)
    assert incident.person_ref is not None
    masked = desk.run(desk.app.masked_person(incident.person_ref))
    assert masked is not None
    assert (masked.name, masked.phone) == ("张**", "138****1234")


def test_a_refused_report_says_why_and_keeps_the_words(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open()
    sheet.type.pick("dispute")
    sheet.where.setText("滨江里 3 号楼")
    sheet.what.setText("争" * 201)
    sheet.take()
    desk.wait_until(lambda: not sheet.refusal.isHidden())
    assert "201" in sheet.refusal.text
    assert sheet.save.isEnabled()
    assert len(sheet.what.text()) == 201
    sheet.what.setText("争")
    sheet.take()
    assert taken(desk).title == "争"


def test_two_presses_are_one_report(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open()
    sheet.type.pick("fire")
    sheet.where.setText("滨江里")
    sheet.take()
    sheet.take()
    desk.wait_until(sheet.isHidden)
    desk.settle()
    assert len(desk.bridge.desk.incidents) == 1


def test_a_new_report_begins_blank_after_one_was_taken(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.open_at(31.22, 121.476)
    sheet.type.pick("fire")
    sheet.priority.pick("1")
    sheet.take()
    desk.wait_until(sheet.isHidden)
    assert (sheet.type.value, sheet.priority.priority, sheet.point, sheet.what.text()) == ("", 3, None, "")


def test_hostile_text_is_kept_as_plain_text(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    hostile = "<b>\u202eDROP TABLE incident; --&amp;"
    sheet.open()
    sheet.type.pick("other")
    sheet.what.setText(hostile)
    sheet.where.setText(hostile)
    sheet.take()
    incident = taken(desk)
    plain = hostile.replace("\u202e", "")
    assert (incident.title, incident.address) == (plain, plain)


def test_it_stands_at_the_right_edge_of_its_window(window: QMainWindow, sheet: NewIncidentSheet) -> None:
    sheet.open()
    assert sheet.geometry().right() == window.width() - 1
    window.resize(320, 500)
    assert (sheet.width(), sheet.height()) == (320, 500)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [300, 440])
def test_every_type_can_be_read_in_every_width(
    qapp: QApplication, window: QMainWindow, sheet: NewIncidentSheet, language: str, theme: str, width: int
) -> None:
    set_language("en" if language == "en" else "zh_CN")
    apply_theme(qapp, "light" if theme == "light" else "dark")
    sheet.retranslate()
    window.resize(width, 900)
    sheet.open()
    qapp.processEvents()
    narrow = [
        chip.text() for chip in sheet.type.chips.values() if chip.width() < chip.sizeHint().width() * 0.94
    ]
    assert narrow == []
    assert sheet.save.width() > 0.8 * sheet.width()
    apply_theme(qapp, "dark")


def test_the_language_can_change_while_it_is_open(sheet: NewIncidentSheet) -> None:
    sheet.open_at(31.2206, 121.4766)
    chosen = sheet.grid.currentData()
    set_language("en")
    sheet.retranslate()
    assert sheet.type.chips["fire"].text() == "Fire"
    assert sheet.grid.currentData() == chosen
    assert sheet.accessibleName() == "New incident"


def test_the_priority_is_picked_by_arrows(sheet: NewIncidentSheet, qtbot: QtBot) -> None:
    sheet.open()
    sheet.priority.setFocus()
    press(qtbot, Key.Key_Left, Key.Key_Left)
    assert sheet.priority.is_chosen
    assert sheet.priority.priority == 1
