"""Closing and recalling on the card: what stays undone is said first, what cannot be taken back is held."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_case import incident, on_scene, type_words, units
from widgets import actions as act
from widgets.panels.case import CasePanel

Key = Qt.Key


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> CasePanel:
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.resize(380, 900)
    card.show()
    qtbot.waitExposed(card)
    return card


def test_closing_waits_for_the_unit_on_its_way_and_for_the_answer_to_a_request(
    desk: DeskUnderTest, card: CasePanel
) -> None:
    on_scene(desk)
    second = units(desk, 2)[1]
    desk.do(cmd.ReportBack("i1", "已处理"))
    desk.do(cmd.VerifyIncident("i1"))
    desk.do(cmd.DispatchUnits("i1", (second,)))
    card.show_incident("i1")
    assert card.bar.primary.isHidden()
    assert card.bar.turn.text == "还有 1 支力量在途，未到场"
    desk.do(cmd.RequestForce("i1", "q1", units(desk)[0], ("fire",), 1, "火势变大"))
    assert card.bar.primary.text() == "选力量派往现场"
    desk.do(cmd.SettleForceRequest("i1", "q1", met=False, reason="没有了"))
    desk.do(cmd.SetUnitStatus(second, "on_scene"))
    assert card.bar.primary.text() == "结案，力量归队"


def test_before_closing_it_is_said_what_stays_undone(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    unit = on_scene(desk)
    second = units(desk, 2)[1]
    desk.do(cmd.DispatchUnits("i1", (second,)))
    card.show_incident("i1")
    desk.wait_until(lambda: card.field.unticked > 0)
    card.act(act.CLOSE)
    said = card.sheet.warning.text().splitlines()
    names = card.names
    assert said[0] == f"还在途中：{names.unit(second)}"
    assert said[1] == f"现场核对还有 {card.field.unticked} 项未完成"
    assert said[2].startswith("还没有核查")
    card.sheet.dismiss()
    desk.do(cmd.RequestForce("i1", "q1", unit, ("fire",), 2, "有人受困"))
    qtbot.keyClick(card, Key.Key_C)
    assert card.sheet.action is None
    assert "请求增援没有答复" in card.refusal.text
    card.act(act.ESCALATE)
    assert card.sheet.warning.isHidden()


def test_enter_leads_from_the_reason_to_the_button_that_is_held(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    (unit,) = units(desk)
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", (unit,)))
    card.show_incident("i1")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_X)
    reason = card.sheet.edits["reason"]
    qtbot.keyClick(reason, Key.Key_Return)
    assert reason.hasFocus()  # it still wants words
    type_words(reason, "去别处")
    qtbot.keyClick(reason, Key.Key_Return)
    assert card.sheet.hold.hasFocus()
    assert card.sheet.hold.accessibleDescription() == "回车，再按住"
    assert incident(desk).units == (unit,)
    qtbot.keyPress(card.sheet.hold, Key.Key_Return)
    desk.wait_until(lambda: incident(desk).units == ())
    desk.settle()
    assert card.marks.words == ["无人前往"]
    assert incident(desk).dispatched_at is None
