"""No key of the shift is silent: what can do nothing just now says why, and only on the page that it stands on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.duty import DutyTurn
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.shift_by_keys import keys, open_panel, rested
from widgets.panels.shift import ShiftPanel
from widgets.panels.shift_words import turn_key

HOUR = 3_600_000


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[ShiftPanel]:
    yield from open_panel(desk, qtbot)


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        ("2+", "先在排班页（2）"),
        ("2-", "先在排班页（2）"),
        ("2r", "先在排班页（2）"),
        ("2o", "没有要上岗或下岗的"),
        ("3h", "先在巡逻页（3）"),
        ("4p", "还没有签过字的交接"),
    ],
)
def test_a_key_with_nothing_to_act_on_says_what_to_do(panel: ShiftPanel, pressed: str, said: str) -> None:
    keys(panel, pressed)
    assert panel.refusal.isVisibleTo(panel)
    assert said in panel.refusal.text
    keys(panel, "1")
    assert panel.refusal.isHidden(), "what was refused stood on another page"


def test_delete_away_from_a_note_says_so(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    desk.report("i1")
    rested(desk, panel)
    panel.view.go_to(("incident", "i1"))
    panel._settle_note()
    assert "选一条交接事项" in panel.refusal.text


def test_who_is_on_duty_already_or_has_no_people_is_said(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    now = desk.app.clock.now()
    turn = DutyTurn(now - HOUR, now + HOUR, "p1")
    desk.do(cmd.AdoptDutyPlan("r1", "d", now - 2 * HOUR, now + HOUR, (turn,)))
    rested(desk, panel)
    keys(panel, "2")
    panel.view.go_to(("turn", turn_key(turn)))
    keys(panel, "+")
    assert "警01 已经上岗" in panel.refusal.text
    keys(panel, "r")
    assert "没有登记人员" in panel.refusal.text
