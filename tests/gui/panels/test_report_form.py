"""What the form understands and what it keeps: type, place, reporter, what is known of a place, files, a draft."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.incident import Incident
from app.domain.instants import DAY_MS
from app.i18n import set_language
from app.service.drafts import Draft
from app.service.reporter import Reporter, take_report
from tests.gui.conftest import DeskUnderTest
from widgets.panels.new_incident import NewIncidentSheet
from widgets.panels.report_files import MOST_FILES

Key, Modifier = Qt.Key, Qt.KeyboardModifier
PLAZA = "望浦广场"


@pytest.fixture
def window(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[QMainWindow]:
    window = QMainWindow()
    window.setCentralWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    yield window
    set_language("zh_CN")


@pytest.fixture
def sheet(desk: DeskUnderTest, window: QMainWindow) -> NewIncidentSheet:
    return opened(desk, window)


def opened(desk: DeskUnderTest, window: QMainWindow) -> NewIncidentSheet:
    sheet = NewIncidentSheet(desk.bridge, window)
    sheet.open()
    desk.wait_until(lambda: sheet.place._search.is_ready)
    return sheet


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key, modifier)


def taken(desk: DeskUnderTest, count: int = 1) -> Incident:
    desk.wait_until(lambda: len(desk.bridge.desk.incidents) == count)
    desk.settle()
    return list(desk.bridge.desk.incidents.values())[-1]


# -- what ------------------------------------------------------------------------------------------------------------


def test_a_clear_word_fills_type_and_urgency_in_and_says_why(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    sheet.what.setText("厨房着火了")
    assert sheet.type.value == "fire"
    assert sheet.priority.priority == desk.app.types.priority_of("fire")
    assert "着火" in sheet.about.chips[0].text()
    sheet.what.setText("没有着火")
    assert (sheet.type.value, sheet.priority.priority) == ("", 3)


def test_a_misheard_word_is_shown_with_what_was_meant(sheet: NewIncidentSheet) -> None:
    sheet.what.setText("有人打价")
    assert "打价（打架）" in sheet.about.chips[0].text()


def test_what_an_officer_picked_stays_whatever_is_typed_then(sheet: NewIncidentSheet, qtbot: QtBot) -> None:
    sheet.type.setFocus()
    press(qtbot, Key.Key_Right)
    press(qtbot, Key.Key_1, Modifier.ControlModifier)
    sheet.what.setText("厨房着火了")
    assert (sheet.type.value, sheet.priority.priority) == ("crowd", 1)


def test_unclear_words_fill_nothing_in_and_a_key_takes_one_after_the_other(
    sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    sheet.what.setText("争吵打架")
    assert sheet.type.value == ""
    sheet.what.setFocus()
    seen = []
    for _ in range(2):
        press(qtbot, Key.Key_T, Modifier.AltModifier)
        seen.append(sheet.type.value)
    assert set(seen) == {"security", "dispute"}


def test_numbers_in_the_words_are_masked_in_the_record(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.what.setText("打架，报警人13812341234")
    sheet.where.setText("13912341234 隔壁")
    assert "遮蔽" in sheet.about.fault.text()
    sheet.take()
    incident = taken(desk)
    assert "12341234" not in incident.title + incident.address
    assert incident.incident_type == "security"


# -- where -----------------------------------------------------------------------------------------------------------


def test_initials_offer_places_and_enter_takes_the_marked_one(
    desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    sheet.where.setFocus()
    qtbot.keyClicks(sheet.where, "wpgc")
    assert not sheet.place.list.isHidden()
    assert sheet.point is None
    press(qtbot, Key.Key_Down)
    press(qtbot, Key.Key_Return)
    place = next(p for p in desk.bridge.district.places if p.name_zh == PLAZA)
    assert (sheet.where.text(), sheet.point) == (PLAZA, (place.lat, place.lon))
    assert sheet.grid.currentData() == place.grid
    assert not desk.bridge.desk.incidents, "Enter took the place, not the report"


def test_escape_shuts_the_answers_before_the_form(sheet: NewIncidentSheet, qtbot: QtBot) -> None:
    sheet.where.setFocus()
    qtbot.keyClicks(sheet.where, "wp")
    press(qtbot, Key.Key_Escape)
    assert sheet.place.list.isHidden()
    assert sheet.isVisible()
    press(qtbot, Key.Key_Escape)
    assert sheet.isHidden()


@pytest.mark.parametrize("system", ["", "gcj ", "bd09 "])
def test_coordinates_of_any_system_are_written_down_as_wgs84(
    desk: DeskUnderTest, sheet: NewIncidentSheet, system: str
) -> None:
    sheet.type.pick("other")
    sheet.where.setText(f"{system}31.2206, 121.4766")
    sheet.take()
    incident = taken(desk)
    assert incident.address == ""
    assert incident.lat is not None
    shift = abs(incident.lat - 31.2206) + abs((incident.lon or 0) - 121.4766)
    assert (shift == 0) == (system == "")
    assert shift < 0.03


def test_words_far_from_the_chosen_point_are_said_to_be(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    here = desk.bridge.district.places[0]
    far = next(p for p in desk.bridge.district.places if abs(p.lat - here.lat) > 0.005)
    sheet.open_at(here.lat, here.lon)
    sheet.where.setText(far.name_zh)
    assert sheet.point == (here.lat, here.lon)
    assert "相距" in sheet.place.warning.text()
    sheet.place.put_point(None)
    assert sheet.point == (far.lat, far.lon)


def test_other_words_take_the_place_of_an_answer_but_not_of_a_point_on_the_map(
    desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    sheet.where.setFocus()
    qtbot.keyClicks(sheet.where, "wpgc")
    press(qtbot, Key.Key_Down)
    press(qtbot, Key.Key_Return)
    sheet.where.setText("")
    assert sheet.point is None
    unit = next(iter(desk.bridge.district.units))
    sheet.where.setText(unit.call_sign_zh)
    assert sheet.point == (unit.home_lat, unit.home_lon)
    assert unit.call_sign_zh in sheet.place.spot.address


def test_a_code_of_a_camera_is_its_place_and_the_camera_is_on_record(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    camera = desk.bridge.district.cameras[9]
    sheet.type.pick("other")
    sheet.where.setText(camera.id)
    sheet.take()
    incident = taken(desk)
    assert (incident.camera, incident.address, incident.grid) == (camera.id, camera.name_zh, camera.grid)


# -- what is known ---------------------------------------------------------------------------------------------------


def test_hazards_come_first_and_a_note_can_be_added_by_keys(
    desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    place = next(p for p in desk.bridge.district.places if p.name_zh == PLAZA)
    ends_at = desk.app.clock.now() + DAY_MS
    desk.do(cmd.PutPremiseNote("n1", "key at the gate", False, ends_at, "", place.lat, place.lon))
    sheet.where.setText(PLAZA)
    desk.wait_until(lambda: len(sheet.known.notes.lines) == 1)
    sheet.where.setFocus()
    press(qtbot, Key.Key_N, Modifier.AltModifier)
    qtbot.keyClicks(sheet.known.text, "gas <b>bottles")
    sheet.known.hazard.setChecked(True)
    press(qtbot, Key.Key_Return)
    desk.wait_until(lambda: len(sheet.known.notes.lines) == 2)
    first, second = sheet.known.notes.lines
    assert first.is_hazard
    assert "gas <b>bottles" in first.text
    assert not second.is_hazard
    assert not desk.bridge.desk.incidents, "Enter kept the note, not the report"


def test_what_happened_here_and_what_this_number_reported_is_said_aside_and_masked(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    place = next(p for p in desk.bridge.district.places if p.name_zh == PLAZA)
    for name, kind in (("i1", "crowd"), ("i2", "noise")):
        report = cmd.ReportIncident(name, "desk", name, kind, 3, name, lat=place.lat, lon=place.lon)
        desk.run(take_report(desk.app.bus, desk.app.context(), report, Reporter("张建国", "138 1234-1234")))
    desk.settle()
    sheet.where.setText(PLAZA)
    sheet.phone.setText("+86 13812341234")
    desk.wait_until(lambda: not sheet.known.history.isHidden() and not sheet.person.history.isHidden())
    for label in (sheet.known.history, sheet.person.history):
        assert "2 起" in label.text()
        assert "001" in label.text()
        assert "张" not in label.text()
        assert "1234" not in label.text()
    assert "张**" not in sheet.person.says.text(), "an earlier name is nobody's to see"
    assert "138****1234" in sheet.person.says.text()


# -- who and when ----------------------------------------------------------------------------------------------------


def test_a_number_is_kept_normal_and_in_the_table_of_persons_alone(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    sheet.type.pick("dispute")
    sheet.where.setText(PLAZA)
    sheet.name.setText("张\u202e建国")
    sheet.phone.setText("+86 138-1234-1234")
    sheet.take()
    incident = taken(desk)
    person = desk.run(desk.app.person(incident.id, "call back"))
    assert person is not None
    assert (person.name, person.phone) == ("张建国", "13812341234")
    stream = desk.run(desk.app.journal.call(lambda journal: journal.read_stream(f"incident/{incident.id}")))
    assert "1234" not in repr([record.event for record in stream])
    assert "建国" not in repr(stream)


def test_who_wants_no_name_leaves_none(desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot) -> None:
    sheet.type.pick("dispute")
    sheet.where.setText(PLAZA)
    sheet.phone.setText("13812341234")
    sheet.phone.setFocus()
    press(qtbot, Key.Key_A, Modifier.AltModifier)
    assert sheet.phone.text() == ""
    sheet.take()
    incident = taken(desk)
    assert incident.person_ref is None
    assert "匿名" in incident.description


def test_what_happened_earlier_has_its_own_time_and_is_not_overdue(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    sheet.type.pick("fraud")
    sheet.where.setText(PLAZA)
    sheet.when.line.setText("-600")
    sheet.take()
    incident = taken(desk)
    assert 599 <= (incident.recorded_at - incident.opened_at) / 60_000 <= 601
    assert incident.counts_from == incident.recorded_at


# -- files -----------------------------------------------------------------------------------------------------------


def picture(path: Path, width: int = 64) -> Path:
    image = QImage(width, 48, QImage.Format.Format_RGB32)
    image.fill(QColor(90, 120, 60))
    assert image.save(str(path))
    return path


def test_pasted_and_dropped_files_become_the_incidents(
    desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot, tmp_path: Path
) -> None:
    image = QImage(1600, 900, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 30, 30))
    QGuiApplication.clipboard().setImage(image)
    sheet.what.setFocus()
    press(qtbot, Key.Key_V, Modifier.ControlModifier)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "shop <b>13812341234.png")))])
    sheet.dropEvent(
        QDropEvent(QPointF(QPoint(9, 9)), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                   Modifier.NoModifier)
    )  # fmt: skip
    desk.wait_until(lambda: len(sheet.files.files) == 2)
    assert all(file.picture is not None and file.picture.width() < 400 for file in sheet.files.files)
    assert not list(tmp_path.glob("*.files/*/*")), "nothing is on disk before the report is"
    sheet.type.pick("fire")
    sheet.where.setText(PLAZA)
    sheet.take()
    incident = taken(desk)
    desk.wait_until(lambda: len(desk.bridge.desk.incidents[incident.id].files) == 2)
    names = [file.name for file in desk.bridge.desk.incidents[incident.id].files]
    assert any("138****1234" in name for name in names)
    desk.wait_until(sheet.isHidden)
    assert sheet.files.files == ()


def test_a_file_removed_before_saving_leaves_nothing_behind(
    desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot, tmp_path: Path
) -> None:
    sheet.files.take_paths([picture(tmp_path / "a.png")])
    desk.wait_until(lambda: len(sheet.files.files) == 1)
    sheet.files.strip._tiles[sheet.files.strip.keys[0]].setFocus()
    press(qtbot, Key.Key_Delete)
    assert sheet.files.files == ()
    sheet.type.pick("fire")
    sheet.where.setText(PLAZA)
    sheet.take()
    assert taken(desk).files == ()
    desk.wait_until(sheet.isHidden)
    assert not list(tmp_path.glob("*.files/*/*"))


def test_what_is_no_file_of_ours_is_refused_by_name(
    desk: DeskUnderTest, sheet: NewIncidentSheet, tmp_path: Path
) -> None:
    refused = QSignalSpy(sheet.files.refused)
    (tmp_path / "tool.exe").write_bytes(b"MZ\x90\x00")
    (tmp_path / "empty.png").write_bytes(b"")
    sheet.files.take_paths([tmp_path / "tool.exe", tmp_path / "empty.png", tmp_path / "gone.png"])
    desk.wait_until(lambda: refused.count() == 3)
    said = " ".join(refused.at(number)[0] for number in range(3))
    assert all(name in said for name in ("tool.exe", "empty.png", "gone.png"))
    many = [picture(tmp_path / f"{number}.png") for number in range(MOST_FILES + 1)]
    sheet.files.take_paths(many)
    desk.wait_until(lambda: len(sheet.files.files) == MOST_FILES)
    assert str(MOST_FILES) in refused.at(3)[0]


# -- draft -----------------------------------------------------------------------------------------------------------


def test_the_words_survive_the_program_and_the_reporter_does_not(
    desk: DeskUnderTest, window: QMainWindow, sheet: NewIncidentSheet
) -> None:
    sheet.what.setText("厨房着火 13812341234")
    sheet.type.pick("facility")
    sheet.where.setText(PLAZA)
    sheet.name.setText("张建国")
    sheet.phone.setText("13812341234")
    sheet.when.line.setText("-15")
    desk.wait_until(
        lambda: (
            desk.app.draft.path.is_file() and PLAZA in json.loads(desk.app.draft.path.read_text())["where"]
        )
    )
    sheet.dismiss()
    desk.wait_until(lambda: not sheet.draft._is_writing)
    text = desk.app.draft.path.read_text()
    assert "13812341234" not in text
    assert json.dumps("建国")[1:-1] not in text
    sheet.deleteLater()
    after = opened(desk, window)
    desk.wait_until(lambda: not after.notice.isHidden())
    assert after.what.text() == "厨房着火 138****1234"
    assert (after.type.value, after.where.text(), after.when.line.text()) == ("facility", PLAZA, "-15")
    assert (after.name.text(), after.phone.text()) == ("", "")
    assert "报告人" in after.notice.text
    after.notice.mend_triggered.emit()
    assert after.what.text() == ""
    desk.wait_until(lambda: not desk.app.draft.path.exists())


def test_a_place_pointed_at_is_meant_when_a_draft_comes_back(
    desk: DeskUnderTest, window: QMainWindow
) -> None:
    desk.app.draft.write(Draft(1, "kept words", PLAZA))
    here = desk.bridge.district.places[5]
    sheet = NewIncidentSheet(desk.bridge, window)
    sheet.open_at(here.lat, here.lon)
    desk.wait_until(lambda: not sheet.notice.isHidden())
    assert (sheet.what.text(), sheet.point, sheet.where.text()) == ("kept words", (here.lat, here.lon), "")


def test_what_was_cleared_comes_back_until_the_form_is_put_away(
    sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    sheet.what.setText("kept words")
    sheet.where.setText(PLAZA)
    sheet.phone.setText("13812341234")
    sheet.what.setFocus()
    press(qtbot, Key.Key_C, Modifier.AltModifier)
    assert (sheet.what.text(), sheet.phone.text()) == ("", "")
    sheet.notice.mend_triggered.emit()
    assert (sheet.what.text(), sheet.where.text(), sheet.phone.text()) == ("kept words", PLAZA, "13812341234")
    press(qtbot, Key.Key_C, Modifier.AltModifier)
    press(qtbot, Key.Key_Escape)
    sheet.open()
    assert sheet.notice.isHidden()
    assert sheet.what.text() == ""


def test_tab_goes_from_what_to_where_to_who_to_how_urgent(sheet: NewIncidentSheet, qtbot: QtBot) -> None:
    fields = (sheet.what, sheet.type, sheet.where, sheet.grid, sheet.name, sheet.phone, sheet.person.anonymous,
              sheet.priority, sheet.when.line, sheet.files.paste, sheet.files.add, sheet.save)  # fmt: skip
    sheet.what.setFocus()
    for field in fields:
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused is field or field.isAncestorOf(focused), field.accessibleName()
        press(qtbot, Key.Key_Tab)


def test_a_report_that_was_taken_leaves_no_draft(desk: DeskUnderTest, sheet: NewIncidentSheet) -> None:
    sheet.type.pick("fire")
    sheet.where.setText(PLAZA)
    sheet.draft.keep_now()
    desk.wait_until(desk.app.draft.path.is_file)
    sheet.take()
    taken(desk)
    desk.wait_until(lambda: sheet.isHidden() and not desk.app.draft.path.exists())
