"""The field link at the desk through real keys: roll call, messages, requests, codes, what is overdue in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.roles import SYSTEM
from app.domain.unit import Assignment
from app.i18n import set_language, tr
from app.link.field.pairing import PairingCodes
from tests.gui.conftest import DeskUnderTest, Opened
from widgets.models.field_link import LATELY_MS, field_key
from widgets.panels.alarm_lane import AlarmLanePanel
from widgets.panels.case_words import Names, story_text
from widgets.panels.field_link import FieldPanel
from widgets.panels.map import MapPanel
from widgets.panels.pairing_sheet import PairingSheet
from widgets.panels.unit_board import UnitBoardPanel
from widgets.parts.symbols import DISTRESS

Key = Qt.Key
ROW = field_key("p1", "i1")
LEFT = field_key("p1", "")


@pytest.fixture(autouse=True)
def clock_stands(desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until `later` moves it on: ages and what is overdue are read to the second."""
    now = desk.app.clock.now()
    monkeypatch.setattr(desk.app.clock, "now", lambda: now)


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[FieldPanel]:
    panel = FieldPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 640)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def out(desk: DeskUnderTest, panel: FieldPanel, status: str = "on_scene") -> None:
    desk.report("i1", priority=1)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    if status != "dispatched":
        desk.do(cmd.SetUnitStatus("p1", status, "i1"))
    desk.wait_until(lambda: panel.field.get(ROW) is not None)
    panel.view.show_key(ROW)
    panel.view.picked.emit(ROW)


def shown(panel: FieldPanel, column: str) -> str:
    model = panel.field
    return str(model.data(model.index(model.row_of(ROW), model.column_number(column))))


def held(desk: DeskUnderTest) -> Assignment:
    found = desk.bridge.desk.units["p1"].assignment("i1")
    assert found is not None
    return found


def later(desk: DeskUnderTest, panel: FieldPanel, monkeypatch: pytest.MonkeyPatch, ms: int) -> None:
    now = desk.app.clock.now() + ms
    monkeypatch.setattr(desk.app.clock, "now", lambda: now)
    desk.bridge.ticked.emit(now)


def test_an_order_that_nobody_takes_says_so_and_is_sent_again_or_confirmed_by_key(
    desk: DeskUnderTest, panel: FieldPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    out(desk, panel, "dispatched")
    assert shown(panel, "stage") == "已发"
    later(desk, panel, monkeypatch, 21_000)
    assert shown(panel, "stage") == "未送达 超时"
    QTest.keyClick(panel.view, Key.Key_G)
    desk.wait_until(lambda: held(desk).delivery.resent == 1)
    desk.wait_until(lambda: shown(panel, "stage") == "已发")
    QTest.keyClick(panel.view, Key.Key_K)
    desk.wait_until(lambda: shown(panel, "stage") == "签收")
    assert panel.acts.buttons["confirm"].isHidden()


def test_a_roll_call_is_answered_paused_with_a_reason_and_resumed_by_key(
    desk: DeskUnderTest, panel: FieldPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    out(desk, panel)
    assert re.fullmatch(r"1[45]:\d\d 后", shown(panel, "roll")), "no time of day: how long from now"
    later(desk, panel, monkeypatch, 17 * 60_000)
    assert shown(panel, "roll") == "点名超时 02:00"
    QTest.keyClick(panel.view, Key.Key_I)
    desk.wait_until(lambda: shown(panel, "roll").startswith("15:00"))
    QTest.keyClick(panel.view, Key.Key_J)
    QTest.keyClick(panel.why, Key.Key_Return)
    assert held(desk).roll.paused_at is None
    QTest.keyClicks(panel.why, "interview")
    QTest.keyClick(panel.why, Key.Key_Return)
    desk.wait_until(lambda: shown(panel, "roll") == "已暂停")
    QTest.keyClick(panel.view, Key.Key_J)
    desk.wait_until(lambda: shown(panel, "roll").endswith(" 后"))


def place_of(desk: DeskUnderTest, phrase: str) -> int:
    """Among the canned words of the desk."""
    return [one.id for one in desk.app.field_limits.desk_phrases].index(phrase)


def test_messages_go_both_ways_and_what_is_looked_at_is_read(desk: DeskUnderTest, panel: FieldPanel) -> None:
    out(desk, panel)
    QTest.keyClick(panel.view, Key.Key_Return)
    assert panel.talk.line.hasFocus()
    QTest.keyClick(panel.talk.line, Key.Key_Escape)
    assert panel.view.hasFocus()
    QTest.keyClick(panel.view, Key.Key_M)
    QTest.keyClicks(panel.talk.line, "hold on")
    QTest.keyClick(panel.talk.line, Key.Key_Return)
    desk.wait_until(lambda: "hold on" in panel.talk.lines.toPlainText())
    for canned in ("call", "photo"):
        panel.talk.phrases.actions()[place_of(desk, canned)].trigger()
    messages = desk.bridge.desk.units
    desk.wait_until(lambda: len(messages["p1"].messages) == 3)
    asked = [message.asks_reading for message in messages["p1"].messages]
    assert asked == [True, True, False], "typed words, words that it must have seen, and others"
    assert "电台" in panel.talk.line.placeholderText(), "nobody would see it: no phone is paired"
    door = cmd.Context("field:door", SYSTEM, "desk-1", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.PairPhone("p1", "phone1", "a" * 64, "officer"), door))

    def waits() -> list[bool]:
        return [line.endswith("等待阅读") for line in panel.talk.lines.toPlainText().splitlines()]

    desk.wait_until(lambda: waits() == asked)
    assert "电台" not in panel.talk.line.placeholderText()
    desk.do_as_feed(cmd.MessageDesk("p1", "m-from-unit", "<b>calm</b>", "i1"))
    desk.wait_until(lambda: shown(panel, "messages") == "新消息 1：<b>calm</b>")
    assert "<b>calm</b>" in panel.talk.lines.toPlainText()
    panel.view.picked.emit(ROW)
    desk.wait_until(lambda: shown(panel, "messages") == "")


def test_what_is_asked_for_stands_until_it_is_answered(
    desk: DeskUnderTest, panel: FieldPanel, qtbot: QtBot
) -> None:
    out(desk, panel)
    desk.do_as_feed(cmd.RequestForce("i1", "r-1", "p1", ("police",), 2, "crowd grows"))
    desk.wait_until(lambda: len(panel.requests.lines) == 1)
    line = next(iter(panel.requests.lines.values()))
    assert "公安" in line.words.text
    with qtbot.waitSignal(panel.dispatch_wanted) as wanted:
        line.dispatch.click()
    assert wanted.args == ["i1"]
    line.refuse.click()
    QTest.keyClick(line.why, Key.Key_Return)
    assert desk.bridge.desk.incidents["i1"].open_requests
    QTest.keyClicks(line.why, "none free")
    QTest.keyClick(line.why, Key.Key_Return)
    desk.wait_until(lambda: not panel.requests.isVisible())


def test_sending_settles_what_was_asked_for_in_part_then_whole_and_the_story_says_with_whom(
    desk: DeskUnderTest, panel: FieldPanel
) -> None:
    out(desk, panel)
    police = [unit.id for unit in desk.bridge.district.units if unit.kind == "police" and unit.id != "p1"][:2]
    desk.do_as_feed(cmd.RequestForce("i1", "r-1", "p1", ("police",), 2, "crowd grows"))
    desk.wait_until(lambda: len(panel.requests.lines) == 1)
    desk.do(cmd.DispatchUnits("i1", (police[0],)))
    line = next(iter(panel.requests.lines.values()))
    desk.wait_until(lambda: "请求增援 1 公安" in line.words.text and "另已派 1 支" in line.words.text)
    desk.do(cmd.DispatchUnits("i1", (police[1],)))
    desk.wait_until(lambda: not panel.requests.isVisible())
    names, lines = Names(desk.bridge), desk.run(desk.app.timeline("i1"))
    told = [story_text(one, names, masked=True) for one in lines if one.text_key.endswith("force_sent")]
    asker, first, second = (names.unit(unit) for unit in ("p1", *police))
    assert told == [
        f"应 {asker} 请求派出 {first}，还差 1 支",
        f"应 {asker} 请求派出 {second}，请求已满足",
    ]


def test_a_code_is_for_any_unit_and_says_when_the_client_is_off(
    desk: DeskUnderTest, panel: FieldPanel
) -> None:
    panel.select("p2")
    assert panel.talk.isVisible()
    QTest.keyClick(panel.view, Key.Key_P)
    sheet = panel.findChild(PairingSheet)
    assert sheet is not None
    assert "--field-listen" in sheet.how.text()
    QTest.keyClick(sheet, Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_unit_board_says_what_is_overdue(
    desk: DeskUnderTest, panel: FieldPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = UnitBoardPanel(desk.bridge)
    qtbot.addWidget(board)
    board.show()
    out(desk, panel)
    later(desk, panel, monkeypatch, 17 * 60_000)
    desk.wait_until(lambda: board.board.get("p1").alert == "field.roll_mark")
    desk.do(cmd.AnswerRollCall("p1", "i1"))
    desk.wait_until(lambda: board.board.get("p1").alert == "")


@pytest.mark.parametrize("size", [(420, 440), (420, 310), (380, 210), (380, 671)])
def test_nothing_lies_over_anything_and_what_is_looked_at_can_be_read(
    desk: DeskUnderTest, panel: FieldPanel, size: tuple[int, int]
) -> None:
    out(desk, panel)
    for number in (1, 2, 3):
        desk.do_as_feed(cmd.RequestForce("i1", f"r-{number}", "p1", ("police",), 2, "crowd grows"))
    desk.wait_until(lambda: len(panel.requests.lines) == 3)
    panel.resize(*size)
    desk.settle()
    parts = [panel.requests, panel.pages, panel.acts, panel.talk]
    QTest.keyClick(panel.view, Key.Key_M)
    desk.settle()
    shown_parts = [part.geometry() for part in parts if part.isVisible()]
    for above, below in pairwise(shown_parts):
        assert above.bottom() < below.top()
    assert shown_parts[-1].bottom() <= panel.height()
    fixed = [panel.talk.title, panel.talk.line, panel.talk.canned, panel.talk.phones]
    assert all(part.height() >= part.minimumSizeHint().height() for part in fixed)
    assert panel.talk.lines.height() >= 2 * panel.talk.lines.fontMetrics().lineSpacing()
    assert panel.talk.line.geometry().top() > panel.talk.lines.geometry().bottom()
    if panel.pages.isVisible():
        assert panel.view.viewport().height() >= 3 * panel.view.rowHeight(0)
    QTest.keyClick(panel.talk.line, Key.Key_Escape)
    assert panel.view.isVisible()
    assert panel.view.viewport().height() >= 3 * panel.view.rowHeight(0)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (Key.Key_X, "not.recall"), (Key.Key_G, "not.resend_task"), (Key.Key_K, "not.confirm_task"),
        (Key.Key_I, "not.roll_present"), (Key.Key_J, "not.pause"), (Key.Key_D, "not.dispatch"),
        (Key.Key_R, "not.requests"), (Key.Key_E, "not.en_route"),
    ],
)  # fmt: skip
def test_a_key_that_can_do_nothing_says_why(
    desk: DeskUnderTest, panel: FieldPanel, key: Qt.Key, why: str
) -> None:
    out(desk, panel)
    desk.do_as_feed(cmd.MessageDesk("p1", "m1", "calm", "i1"))
    desk.do(cmd.RecallUnit("i1", "p1", "not needed"))
    desk.wait_until(lambda: panel.field.get(LEFT) is not None)
    panel.view.show_key(LEFT)
    panel.view.picked.emit(LEFT)
    QTest.keyClick(panel.view, key)
    assert tr(f"field.{why}") in panel.refusal.text
    assert tr("field.request.met") not in panel.refusal.text, "nothing was arranged"
    assert panel.refusal.isVisible()


def test_without_a_unit_a_key_asks_for_one(desk: DeskUnderTest, panel: FieldPanel) -> None:
    QTest.keyClick(panel.view, Key.Key_M)
    assert panel.refusal.text.endswith(tr("field.not.write"))
    QTest.keyClick(panel.view, Key.Key_X)
    assert panel.refusal.text.endswith(tr("field.not.chosen"))


def test_a_unit_is_recalled_by_key_with_a_reason_and_a_hold(desk: DeskUnderTest, panel: FieldPanel) -> None:
    out(desk, panel)
    QTest.keyClick(panel.view, Key.Key_X)
    assert panel.recall_bar.isVisible()
    QTest.keyClicks(panel.recall_bar.reason, "not needed")
    QTest.keyClick(panel.recall_bar.reason, Key.Key_Return)
    QTest.keyPress(panel.recall_bar.confirm, Key.Key_Space)
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].assignments == ())


def test_who_will_not_go_stands_in_red_with_why_until_another_is_sent(
    desk: DeskUnderTest, panel: FieldPanel
) -> None:
    out(desk, panel, "dispatched")
    desk.do_as_feed(cmd.AnswerTask("p1", "i1", False, "车辆故障"))
    desk.wait_until(lambda: (shown(panel, "stage"), shown(panel, "roll")) == ("已拒绝", "车辆故障"))
    assert panel.field.get(ROW).urgency == 1
    desk.do(cmd.DispatchUnits("i1", ("p2",)))
    desk.wait_until(lambda: panel.field.keys() == [field_key("p2", "i1")])


def test_what_a_unit_wrote_and_asked_for_stays_when_it_has_left(
    desk: DeskUnderTest, panel: FieldPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    out(desk, panel)
    desk.do_as_feed(cmd.MessageDesk("p1", "m1", "two are hurt", "i1"))
    desk.do_as_feed(cmd.RequestForce("i1", "r-1", "p1", ("police",), 1, "knife"))
    desk.do(cmd.RecallUnit("i1", "p1", "not needed"))
    desk.wait_until(lambda: panel.field.keys() == [LEFT])
    assert len(panel.requests.lines) == 1
    panel.view.show_key(LEFT)
    panel.view.picked.emit(LEFT)
    assert "two are hurt" in panel.talk.lines.toPlainText()
    desk.wait_until(lambda: panel.field.get(LEFT).unread == 0)
    QTest.keyClick(panel.view, Key.Key_M)
    QTest.keyClicks(panel.talk.line, "well done")
    QTest.keyClick(panel.talk.line, Key.Key_Return)
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].messages[-1].text == "well done")
    later(desk, panel, monkeypatch, LATELY_MS + 60_000)
    desk.wait_until(lambda: panel.field.keys() == [])
    desk.do(cmd.SettleForceRequest("i1", "r-1", True))
    desk.wait_until(lambda: not panel.requests.isVisible())


def test_what_nobody_has_read_is_counted_on_the_strip_and_on_the_tab(
    desk: DeskUnderTest, opened: Opened
) -> None:
    console = opened()
    desk.report("i1", priority=1)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    assert not console.strip.unread.isVisible()
    for number in (1, 2):
        desk.do_as_feed(cmd.MessageDesk("p1", f"m{number}", "two are hurt", "i1"))
    desk.wait_until(console.strip.unread.isVisible)
    assert "2" in console.strip.unread.text()
    assert console.docks["field"].windowTitle().endswith("(2)")
    console.strip.unread.click()
    desk.wait_until(lambda: not console.strip.unread.isVisible())
    assert console.docks["field"].in_sight
    assert desk.bridge.desk.units["p1"].messages[-1].is_read
    assert not console.docks["field"].windowTitle().endswith(")")


def test_a_phone_is_paired_from_the_unit_board_and_the_used_code_is_gone(
    desk: DeskUnderTest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = SimpleNamespace(codes=PairingCodes(), address=("0.0.0.0", 8600))
    monkeypatch.setattr(desk.app.following, "server", server)
    board = UnitBoardPanel(desk.bridge)
    qtbot.addWidget(board)
    board.resize(420, 500)
    board.show()
    board.view.show_key("p2")
    QTest.keyClick(board.view, Key.Key_P)
    sheet = board.findChild(PairingSheet)
    assert sheet is not None
    first = sheet.code.text()
    assert ":8600/" in sheet.how.text()
    QTest.keyClick(sheet, Key.Key_P)
    assert server.codes.take(first, desk.app.clock.now()) is None, "a new code voids the one before"
    offer = server.codes.take(sheet.code.text(), desk.app.clock.now())
    assert offer is not None
    assert offer.unit == "p2"
    phone = cmd.Context("field:p2", SYSTEM, "desk-1", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.PairPhone("p2", "phone1", "a" * 64, offer.by), phone))
    desk.wait_until(lambda: sheet.code.text() == "")
    assert tr("field.phone.paired", count=1) in sheet.paired.text()
    QTest.keyClick(sheet.revoke, Key.Key_Space)
    assert desk.bridge.desk.units["p2"].phones, "a short press revokes nothing"
    QTest.keyPress(sheet.revoke, Key.Key_Space)
    desk.wait_until(lambda: desk.bridge.desk.units["p2"].phones == ())
    QTest.keyRelease(sheet.revoke, Key.Key_Space)
    monkeypatch.undo()


def test_a_unit_that_calls_for_help_stands_first_in_red_everywhere(
    desk: DeskUnderTest, panel: FieldPanel, qtbot: QtBot
) -> None:
    board, on_map = UnitBoardPanel(desk.bridge), MapPanel(desk.bridge, remember=False)
    qtbot.addWidget(board)
    qtbot.addWidget(on_map)
    out(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("p2",)))
    call = cmd.RaiseAlarm("e1", "field", "e1", "officer_down", 1, "P2 calls", device="unit:p2")
    desk.do_as_feed(call)
    desk.wait_until(lambda: panel.field.keys()[:1] == [field_key("p2", "i1")])
    first = panel.field.get(field_key("p2", "i1"))
    assert first.is_calling
    assert board.board.get("p2").alert == "field.calling"
    mark = on_map._unit_mark("p2", desk.app.clock.now())
    assert mark is not None
    assert (mark.status, mark.stale) == (DISTRESS, False)
    desk.do(cmd.CancelAlarms(("e1",), "by mistake"))
    desk.wait_until(lambda: not panel.field.get(field_key("p2", "i1")).is_calling)
    assert board.board.get("p2").alert != "field.calling"


def test_the_unit_that_is_acted_on_stays_in_sight_when_the_list_goes_another_way(
    desk: DeskUnderTest, panel: FieldPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.report("i1", priority=1)
    everybody = [unit.id for unit in desk.bridge.desk.units.values() if unit.kind == "police"][:4]
    everybody += [unit.id for unit in desk.bridge.desk.units.values() if unit.kind == "grid_member"][:6]
    for unit in everybody:
        desk.do(cmd.DispatchUnits("i1", (unit,)), cmd.SetUnitStatus(unit, "on_scene", "i1"))
    panel.resize(420, 340)
    later(desk, panel, monkeypatch, 16 * 60_000 + 30_000)
    desk.wait_until(lambda: len(panel.field.keys()) == len(everybody))
    key = panel.field.keys()[0]
    panel.view.show_key(key)
    panel.view.picked.emit(key)
    QTest.keyClick(panel.view, Key.Key_I)
    desk.wait_until(lambda: panel.field.get(key).roll.state == "running")
    panel.view.clearFocus()
    later(desk, panel, monkeypatch, 1_000)
    desk.wait_until(lambda: panel.field.row_of(key) == len(everybody) - 1)
    assert panel.view.current_key == key
    assert panel.view.viewport().rect().intersects(panel.view.visualRect(panel.view.currentIndex()))


def test_an_alarm_of_the_field_link_speaks_the_language_of_the_desk_that_shows_it(
    desk: DeskUnderTest, qtbot: QtBot
) -> None:
    lane = AlarmLanePanel(desk.bridge)
    qtbot.addWidget(lane)
    desk.report("i1", priority=1)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    desk.do_as_feed(cmd.AnswerTask("p1", "i1", False, "flat tyre"))

    def title() -> str:
        return next((row.alarm.title for row in lane.model.rows() if "001" in row.alarm.title), "")

    desk.wait_until(lambda: "拒绝任务（001）：flat tyre" in title())
    set_language("en")
    lane.retranslate()
    assert title() == "Police 01 declined (001): flat tyre"
