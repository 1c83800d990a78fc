"""The field link at the desk through real keys: roll call, messages, requests, codes, what is overdue in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.unit import Assignment
from tests.gui.conftest import DeskUnderTest
from widgets.models.field_link import field_key
from widgets.panels.field_link import FieldPanel
from widgets.panels.pairing_sheet import PairingSheet
from widgets.panels.unit_board import UnitBoardPanel

Key = Qt.Key
ROW = field_key("p1", "i1")


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
    assert shown(panel, "roll")[:5] in ("点名 14", "点名 15")
    later(desk, panel, monkeypatch, 17 * 60_000)
    assert shown(panel, "roll") == "点名超时 02:00"
    QTest.keyClick(panel.view, Key.Key_I)
    desk.wait_until(lambda: shown(panel, "roll").startswith("点名 15:00"))
    QTest.keyClick(panel.view, Key.Key_J)
    QTest.keyClick(panel.why, Key.Key_Return)
    assert held(desk).roll.paused_at is None
    QTest.keyClicks(panel.why, "interview")
    QTest.keyClick(panel.why, Key.Key_Return)
    desk.wait_until(lambda: shown(panel, "roll") == "已暂停")
    QTest.keyClick(panel.view, Key.Key_J)
    desk.wait_until(lambda: shown(panel, "roll").startswith("点名 "))


def test_messages_go_both_ways_and_what_is_looked_at_is_read(desk: DeskUnderTest, panel: FieldPanel) -> None:
    out(desk, panel)
    QTest.keyClick(panel.view, Key.Key_M)
    QTest.keyClicks(panel.talk.line, "hold on")
    QTest.keyClick(panel.talk.line, Key.Key_Return)
    desk.wait_until(lambda: "hold on" in panel.talk.lines.toPlainText())
    panel.talk.phrases.actions()[0].trigger()
    desk.wait_until(lambda: len(desk.bridge.desk.units["p1"].messages) == 2)
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
