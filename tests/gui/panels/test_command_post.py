"""Calling a unit back from the way to a post, on the command line, through the window."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain import commands as cmd
from app.i18n import set_language
from tests.gui.panels.test_command_line import ENTER, TAB, Hand, hand

__all__ = ["hand"]

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


def order_up(hand: Hand, unit: str = "p3") -> None:
    grid = hand.desk.bridge.district.grids[3]
    hand.desk.do(cmd.OrderToPost(unit, "order-1", 31.2213, 121.4747, grid.code))


def test_who_is_on_the_way_to_a_post_is_offered_named_and_called_back(hand: Hand) -> None:
    order_up(hand)
    grid = hand.desk.bridge.district.grids[3]
    hand.open()
    hand.line.edit.insert("撤 ")
    first = hand.line.sheet.list.rows[0]
    assert first.title.startswith("警03"), "who is out stands before who is free"
    assert "去补位" in first.second and f"{grid.name_zh} 驻点" in first.second
    hand.press(TAB)
    assert hand.line.edit.text() == "撤 警03 "
    hand.line.edit.insert("已有人到")
    assert f"从去 {grid.name_zh} 驻点的途中撤回 警03" in hand.told
    hand.press(ENTER)
    button = hand.line.sheet.hold
    assert QApplication.focusWidget() is button, (hand.line.edit.text(), hand.told)
    assert hand.desk.bridge.desk.units["p3"].post_order is not None, "a short press must not recall anybody"
    QTest.keyPress(button, ENTER)
    hand.desk.wait_until(lambda: hand.line.sheet.tone == "done")
    QTest.keyRelease(QApplication.focusWidget(), ENTER)
    hand.desk.settle()
    assert hand.desk.bridge.desk.units["p3"].post_order is None
    assert hand.desk.bridge.desk.units["p3"].duty == "available"
    hand.write("撤 警03 又来一次")
    assert "不在补位途中" in hand.told


def test_a_post_without_a_grid_is_called_its_way_and_english_says_the_same(hand: Hand) -> None:
    hand.desk.do(cmd.OrderToPost("p3", "order-2", 31.2213, 121.4747, ""))
    hand.open()
    set_language("en")
    try:
        hand.write("x p3 somebody is there")
        assert hand.told == "Recall Police 03 from its way to the post"
    finally:
        set_language("zh_CN")
