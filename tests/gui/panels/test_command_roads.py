"""Roads, alarm levels and ticks on the command line, through the window."""

from __future__ import annotations

import pytest

from tests.gui.panels.test_command_line import Hand, hand, incident

__all__ = ["hand"]

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


def test_a_road_is_closed_and_opened_and_the_line_says_why_not(hand: Hand) -> None:
    desk = hand.desk.bridge.desk
    hand.open()
    hand.desk.wait_until(lambda: hand.line.source.directory.roads is not None)  # type: ignore[union-attr]
    hand.write("封 人民路 到 2小时 管线抢修")
    hand.desk.wait_until(lambda: "人民路（整条" in hand.told)
    hand.enter()
    assert len(desk.roads) > 30 and {each.reason for each in desk.roads.values()} == {"管线抢修"}
    hand.write("block renminroad 3h works")
    hand.desk.wait_until(lambda: "管线抢修" in hand.told)
    hand.write("unblock ")
    hand.desk.wait_until(lambda: hand.titles == ["人民路"])
    hand.write("开路 人民路")
    hand.enter()
    assert all(each.is_opened for each in desk.roads.values())
    hand.write("开路 人民路")
    hand.desk.wait_until(lambda: "没有封闭" in hand.told)


@pytest.mark.parametrize("line", ["封 人民路 2小时 应急可过 火场", "block renminroad ev-pass 2h fire"])
def test_a_closure_that_lets_emergency_vehicles_pass_says_so_before_enter(hand: Hand, line: str) -> None:
    hand.open()
    hand.desk.wait_until(lambda: hand.line.source.directory.roads is not None)  # type: ignore[union-attr]
    hand.write(line)
    hand.desk.wait_until(lambda: "应急车辆可通行" in hand.told)
    hand.enter()
    closures = hand.desk.bridge.desk.roads.values()
    assert {each.emergency_passes for each in closures} == {True}
    assert {each.reason for each in closures} == {line.rsplit(maxsplit=1)[-1]}


def test_a_level_is_set_and_a_task_ticked_and_taken_back(hand: Hand) -> None:
    hand.desk.run(hand.desk.app.following.checklist(incident(hand)))  # type: ignore[union-attr]
    hand.write("级别 2 2")
    hand.enter()
    assert incident(hand).alarm_level == 2
    hand.write("勾 2 1")
    hand.enter()
    (tick,) = incident(hand).ticks
    assert (tick.unit, tick.desk) == ("", hand.desk.app.config.desk)
    hand.write("tick 2 1")
    hand.enter()
    assert incident(hand).ticks == ()
