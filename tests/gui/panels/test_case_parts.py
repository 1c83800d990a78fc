"""What stands round an incident on its card, its files, phrases, story and page: by keys, paste and drop."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.incident import Incident
from app.domain.instants import DAY_MS
from app.i18n import set_language
from app.service.eta import Eta
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_case import on_scene, report_with_reporter, story, type_words, units
from widgets.panels.case import CasePanel
from widgets.panels.case_files import safe_name
from widgets.panels.case_units import MADE_A_TURN
from widgets.panels.eta_words import eta_text

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> CasePanel:
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.resize(380, 1000)
    card.show()
    qtbot.waitExposed(card)
    return card


def open_card(desk: DeskUnderTest, card: CasePanel, **fields: object) -> tuple[float, float]:
    """On an incident at a camera; where that is."""
    camera = desk.app.district.cameras[0]
    desk.report("i1", lat=camera.lat, lon=camera.lon, **fields)  # type: ignore[arg-type]
    card.show_incident("i1")
    card.setFocus()
    return camera.lat, camera.lon


def incident(desk: DeskUnderTest, key: str = "i1") -> Incident:
    return desk.bridge.desk.incidents[key]


def texts(rows: object) -> list[str]:
    return [row.text for row in rows.rows]  # type: ignore[attr-defined]


# -- round it --------------------------------------------------------------------------------------------------------


def test_a_camera_near_goes_to_the_wall_by_key_and_by_click(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    open_card(desk, card)
    nearest = desk.app.district.cameras[0]
    assert texts(card.around.cameras_list)[0] == nearest.name_zh
    qtbot.keyClick(card, Key.Key_C, SHIFT)
    assert card.around.cameras_list.hasFocus()
    with qtbot.waitSignal(card.camera_wanted) as wanted:
        qtbot.keyClick(card.around.cameras_list, Key.Key_Return)
    assert wanted.args == [nearest.id]
    second = card.around.cameras_list.rows[1].key
    with qtbot.waitSignal(card.camera_wanted) as wanted:
        qtbot.keyClick(card.around.cameras_list, Key.Key_Down)
        qtbot.keyClick(card.around.cameras_list, Key.Key_Space)
    assert wanted.args == [second]
    with qtbot.waitSignal(card.camera_wanted) as wanted:
        qtbot.mouseClick(card.around.cameras_list, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    assert wanted.args == [nearest.id]


def test_letters_on_a_list_are_still_the_keys_of_the_card(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    open_card(desk, card)
    qtbot.keyClick(card, Key.Key_C, SHIFT)
    qtbot.keyClick(card.around.cameras_list, Key.Key_A)
    desk.wait_until(lambda: incident(desk).status == "accepted")


def test_hazards_come_first_and_numbers_in_them_are_masked(desk: DeskUnderTest, card: CasePanel) -> None:
    lat, lon = open_card(desk, card)
    assert card.around.premises.isHidden()
    until = desk.app.clock.now() + DAY_MS
    desk.do(
        cmd.PutPremiseNote("n1", "门卫电话 13812341234", False, until, lat=lat, lon=lon),
        cmd.PutPremiseNote("n2", "院内有犬", True, until, lat=lat, lon=lon),
    )
    rows = card.around.premises_list.rows
    assert [(row.text, row.tone) for row in rows] == [
        ("院内有犬", "danger"),
        ("门卫电话 138****1234", "warn"),
    ]
    desk.do(cmd.WithdrawPremiseNote("n2", "犬已迁走"))
    assert texts(card.around.premises_list) == ["门卫电话 138****1234"]


def test_what_was_before_is_counted_named_and_masked(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    camera = desk.app.district.cameras[0]
    for number in range(5):
        title = f"来电 1381234123{number}"
        desk.report(f"old{number}", title, lat=camera.lat, lon=camera.lon)
    report_with_reporter(desk, "r1")
    report_with_reporter(desk, "i2")
    open_card(desk, card)
    desk.wait_until(lambda: bool(card.around.history_list.rows))
    said = texts(card.around.history_list)
    assert said[0] == "此处以往 5 件，在办 5"
    assert "138****1234" in said[1]
    assert not re.search(r"1381234123\d", " ".join(said))
    assert said[-1] == "另有 2 件"
    card.show_incident("i2")
    desk.wait_until(lambda: "该报告人以往 1 件，在办 1" in texts(card.around.history_list))
    with qtbot.waitSignal(card.incident_wanted) as wanted:
        qtbot.keyClick(card.around.history_list, Key.Key_Return)
    assert wanted.args == ["r1"]


def test_a_link_opens_the_other_one(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    open_card(desk, card)
    desk.report("i2", "另一件")
    assert card.around.links.isHidden()
    desk.do(cmd.LinkIncidents("i1", "i2", "cause"))
    assert texts(card.around.links_list) == ["002  另一件"]
    with qtbot.waitSignal(card.incident_wanted) as wanted:
        qtbot.keyClick(card.around.links_list, Key.Key_Return)
    assert wanted.args == ["i2"]


def test_many_units_are_made_a_few_a_turn_and_used_again(desk: DeskUnderTest, card: CasePanel) -> None:
    sent = tuple(unit.id for unit in desk.app.district.units[: 3 * MADE_A_TURN])
    open_card(desk, card)
    desk.report("i2", "另一件")
    desk.do(cmd.DispatchUnits("i1", sent[:-1]), cmd.DispatchUnits("i2", sent[-1:]))
    desk.wait_until(lambda: list(card.units.rows) == list(sent[:-1]))
    made = set(card.units.rows.values())
    card.show_incident("i2")
    assert list(card.units.rows) == [sent[-1]]
    assert set(card.units.rows.values()) <= made


def test_a_unit_on_its_way_says_when_it_will_be_there(desk: DeskUnderTest, card: CasePanel) -> None:
    unit = units(desk)[0]
    open_card(desk, card)
    desk.do(cmd.DispatchUnits("i1", (unit,)), cmd.SetUnitStatus(unit, "en_route", "i1"))
    row, now = card.units.rows[unit], desk.app.clock.now()
    assert "分" not in row.status
    assert desk.app.etas is not None
    desk.app.etas.known[unit, "i1"] = Eta(now + 4 * 60_000 - 5_000, is_straight=False)
    row.set_now(now)
    assert row.status.endswith(eta_text(now + 4 * 60_000 - 5_000, now, 480, is_straight=False))
    assert "4" in row.status


def test_a_due_time_on_days_nobody_knows_yet_says_so(
    desk: DeskUnderTest, card: CasePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from widgets.panels import case_head

    open_card(desk, card)
    assert card.head.unsure.isHidden()
    known = case_head.due_clocks
    monkeypatch.setattr(
        case_head,
        "due_clocks",
        lambda *of: tuple(replace(c, is_sure=c.name != "resolve") for c in known(*of)),
    )
    desk.do(cmd.NoteIncident("i1", "x"))
    assert card.head.unsure.isVisible()
    assert card.head.unsure.text == "按周一至周五推算"
    assert "处置时限" in card.head.unsure.toolTip()


# -- phrases ---------------------------------------------------------------------------------------------------------


def test_a_phrase_is_found_by_a_few_signs_and_put_into_the_note_with_tab(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    open_card(desk, card, incident_type="fire")
    card.focus_note()
    type_words(card.note, "门口有车")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_F)
    phrases = card.note_box.phrases
    assert phrases.filter.hasFocus()
    assert "已转 119，消防出动" in texts(phrases.list)
    type_words(phrases.filter, "社区")
    assert texts(phrases.list) == ["已通知社区"]
    qtbot.keyClick(phrases.filter, Key.Key_Tab)
    assert phrases.isHidden()
    assert card.note.hasFocus()
    assert card.note.text() == "门口有车；已通知社区"
    qtbot.keyClick(card.note, Key.Key_Return)
    story(desk, card, "门口有车；已通知社区")


def test_phrases_open_from_the_note_and_escape_gives_it_back(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    open_card(desk, card)
    card.focus_note()
    qtbot.keyClick(card.note, Key.Key_Down)
    phrases = card.note_box.phrases
    first = phrases.list.current
    qtbot.keyClick(phrases.filter, Key.Key_Down)
    assert phrases.list.current != first
    qtbot.keyClick(phrases.filter, Key.Key_Escape)
    assert phrases.isHidden()
    assert card.note.hasFocus()
    assert card.note.text() == ""


# -- files -----------------------------------------------------------------------------------------------------------


def picture(path: Path) -> Path:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 80, 40))
    assert image.save(str(path))
    return path


def drop(card: CasePanel, mime: QMimeData) -> bool:
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(9, 9), actions, mime, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(card, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(9, 9), actions, mime, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(card, event)
    return event.isAccepted()


def files_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def attached(desk: DeskUnderTest, count: int) -> None:
    desk.wait_until(lambda: len(incident(desk).files) == count)
    desk.settle()


def test_files_that_are_dropped_are_attached_with_a_small_picture(
    desk: DeskUnderTest, card: CasePanel, tmp_path: Path
) -> None:
    open_card(desk, card)
    (tmp_path / "平面图.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    assert drop(card, files_of(picture(tmp_path / "现场.png"), tmp_path / "平面图.pdf"))
    attached(desk, 2)
    assert sorted(texts(card.files.list)) == ["平面图.pdf", "现场.png"]
    shown = next(row.key for row in card.files.list.rows if row.text == "现场.png")
    desk.wait_until(lambda: shown in card.files.list._images)
    assert card.files.list._images[shown].width() == 128
    story(desk, card, "附件 现场.png")


def test_text_that_is_dropped_is_not_taken(desk: DeskUnderTest, card: CasePanel) -> None:
    open_card(desk, card)
    mime = QMimeData()
    mime.setText("只是文字")
    assert not drop(card, mime)


def test_a_picture_on_the_clipboard_is_pasted_with_ctrl_v(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    open_card(desk, card)
    image = QImage(50, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(card, Key.Key_V, CTRL)
    attached(desk, 1)
    (file,) = incident(desk).files
    assert (file.media_type, file.name[:2]) == ("image/png", "粘贴")
    image.fill(QColor(9, 9, 9))
    QGuiApplication.clipboard().setImage(image)
    card.focus_note()
    qtbot.keyClick(card.note, Key.Key_V, CTRL)
    attached(desk, 2)
    QGuiApplication.clipboard().setText("文字")
    qtbot.keyClick(card.note, Key.Key_V, CTRL)
    assert card.note.text() == "文字"


def test_a_file_that_is_not_taken_says_why(desk: DeskUnderTest, card: CasePanel, tmp_path: Path) -> None:
    open_card(desk, card)
    (tmp_path / "x.exe").write_bytes(b"MZ\x90\x00")
    drop(card, files_of(tmp_path / "x.exe"))
    desk.wait_until(card.refusal.isVisible)
    assert "x.exe" in card.refusal.text
    assert incident(desk).files == ()


def test_a_file_is_opened_saved_elsewhere_and_taken_away_with_a_reason_by_keys(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    open_card(desk, card)
    card.files.attach("i1", [picture(tmp_path / "现场.png")])
    attached(desk, 1)
    card.setFocus()
    qtbot.keyClick(card, Key.Key_F, SHIFT)
    assert card.files.list.hasFocus()
    qtbot.keyClick(card.files.list, Key.Key_Return)
    desk.wait_until(lambda: bool(opened))
    copy = Path(opened[0].toLocalFile())
    assert copy.read_bytes() == (tmp_path / "现场.png").read_bytes()
    assert copy.parent.stat().st_mode & 0o077 == 0
    qtbot.keyClick(card.files.list, Key.Key_S, CTRL)
    dialog = card.files.dialog
    assert dialog is not None
    assert not dialog.isModal()
    dialog.fileSelected.emit(str(tmp_path / "副本.png"))
    dialog.reject()
    desk.wait_until((tmp_path / "副本.png").exists)
    card.files.list.setFocus()
    qtbot.keyClick(card.files.list, Key.Key_Delete)
    reason = card.sheet.edits["reason"]
    assert card.focusWidget() is reason, "which file is chosen already"
    type_words(reason, "传错了")
    qtbot.keyClick(reason, Key.Key_Return, CTRL)
    attached(desk, 0)
    assert card.sheet.isHidden()
    folder = Path(f"{desk.app.config.db}.files")
    desk.wait_until(lambda: not [path for path in folder.rglob("*") if path.is_file()])
    story(desk, card, "移除附件：传错了")


def test_a_place_that_cannot_be_written_is_told(desk: DeskUnderTest, card: CasePanel, tmp_path: Path) -> None:
    open_card(desk, card)
    card.files.attach("i1", [picture(tmp_path / "现场.png")])
    attached(desk, 1)
    card.files.save_as(incident(desk).files[0].id)
    assert card.files.dialog is not None
    card.files.dialog.fileSelected.emit(str(tmp_path / "no such folder" / "x.png"))
    card.files.dialog.reject()
    desk.wait_until(card.refusal.isVisible)
    assert "no such folder" in card.refusal.text


def test_a_name_from_outside_leads_nowhere(desk: DeskUnderTest) -> None:
    from app.domain.incident_parts import Attachment

    hostile = Attachment("a" * 64, '../../etc/pass:wd"', "image/png", 9, 0)
    assert safe_name(hostile) == "_.._etc_pass_wd_.png"
    assert safe_name(Attachment("b" * 64, "...", "application/pdf", 9, 0)) == "bbbbbbbb.pdf"


# -- story -----------------------------------------------------------------------------------------------------------


def test_the_time_line_shows_all_mine_units_or_changes(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    on_scene(desk)
    desk.do(cmd.UpdateIncident("i1", priority=1), cmd.NoteIncident("i1", "一句话"))
    other = cmd.Context("李四", "duty_officer", "desk-2", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.NoteIncident("i1", "邻席的话"), other))
    desk.settle()
    card.show_incident("i1")
    card.setFocus()
    story(desk, card, "邻席的话")
    assert next(x.who for x in card.timeline.lines if x.what == "邻席的话") == "李四 · desk-2"
    shown = []
    for _ in range(4):
        shown.append([line.what for line in card.timeline.lines])
        qtbot.keyClick(card, Key.Key_T, SHIFT)
    everything, mine, of_units, changes = shown
    assert "邻席的话" in everything
    assert "邻席的话" not in mine
    assert "一句话" in mine
    assert len(of_units) == 3
    assert changes == ["更新：等级 P1"]
    assert [line.what for line in card.timeline.lines] == everything


# -- paper -----------------------------------------------------------------------------------------------------------


def printed(desk: DeskUnderTest, card: CasePanel, path: Path, qtbot: QtBot) -> str:
    """The text of the file's one page; a font may say a radical where it means the sign that looks the same."""
    qtbot.keyClick(card, Key.Key_P, CTRL)
    dialog = card.print.dialog
    assert dialog is not None
    assert not dialog.isModal()
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    desk.wait_until(lambda: not card.print.is_writing)
    assert path.exists(), card.refusal.text
    content = path.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box is not None
    assert [round(float(side)) for side in box.groups()] == [595, 842]
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return unicodedata.normalize("NFKC", told.stdout.decode()).replace("\u2ed4", "\u95e8")


def test_ctrl_p_writes_one_page_with_all_of_it_masked(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    report_with_reporter(desk, "i1", "来电 13812341234，约百人")
    unit = units(desk)[0]
    desk.do(cmd.DispatchUnits("i1", (unit,)), cmd.NoteIncident("i1", "已通知社区"))
    card.show_incident("i1")
    card.setFocus()
    desk.wait_until(lambda: "张" in card.facts.who.text())
    card.facts.reveal_wanted.emit("回拨核实")
    desk.wait_until(lambda: "张建国" in card.facts.who.text())
    text = printed(desk, card, tmp_path / "page.pdf", qtbot)
    for words in (incident(desk).number, "商场门口人群聚集", "138****1234", "已通知社区", "派遣时限", "时间线",
                  "个人信息已遮盖"):  # fmt: skip
        assert words in text
    assert "13812341234" not in text, "paper is masked though the screen is not"
    assert "张建国" not in text
    assert "演练" not in text
    assert "page.pdf" in card.print.told.text.text
    set_language("en")
    card.retranslate()
    assert "Time line" in printed(desk, card, tmp_path / "page-en.pdf", qtbot)


def test_however_much_there_is_it_stays_one_page_and_says_what_is_missing(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    open_card(desk, card, description="没有空格的一长串" * 400, title="长" * 200)
    for number in range(90):
        desk.run(desk.app.bus.submit(cmd.NoteIncident("i1", f"第{number}条备注" * 9), desk.app.context()))
    desk.settle()
    text = printed(desk, card, tmp_path / "page.pdf", qtbot)
    assert re.search(r"另有 \d+ 条未印出", text)
    assert "第89条备注" in text, "how it stands now is printed"
    assert "接报" in text, "and how it began"


def test_a_page_that_cannot_be_written_says_why(desk: DeskUnderTest, card: CasePanel, tmp_path: Path) -> None:
    open_card(desk, card)
    card.print.write("i1", tmp_path / "no such folder" / "page.pdf")
    desk.wait_until(card.refusal.isVisible)
    assert "no such folder" in card.refusal.text
    assert not card.print.is_writing
