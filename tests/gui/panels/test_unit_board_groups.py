"""The unit board in groups, its warnings, and signing on and off by keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.duty import DutyTurn
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit
from tests.gui.conftest import DeskUnderTest
from widgets.models.grouped_table import HEAD
from widgets.models.unit_board import GROUPINGS, UnitRow, figures_words, status_light
from widgets.panels.unit_board import UnitBoardPanel

Key = Qt.Key
Ctrl = Qt.KeyboardModifier.ControlModifier
HOUR = 3_600_000


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[UnitBoardPanel]:
    panel = UnitBoardPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(520, 700)
    panel.show()
    qtbot.waitExposed(panel)
    panel.view.setFocus()
    yield panel
    panel.close()


def stand_on(panel: UnitBoardPanel, key: str) -> None:
    panel.view.selectRow(panel.board.row_of(key))
    assert panel.view.current_key == key


def test_ctrl_g_goes_through_the_groupings_and_every_unit_is_in_one_group(
    desk: DeskUnderTest, panel: UnitBoardPanel
) -> None:
    everybody = len(desk.bridge.desk.units)
    for grouping in (*GROUPINGS[1:], ""):
        QTest.keyClick(panel.view, Key.Key_G, Ctrl)
        assert panel.filter_bar._grouping == grouping
        heads = panel.board.groups()
        assert sum(head.count for head in heads) == (everybody if grouping else 0)
        assert panel.board.rowCount() == everybody + len(heads), "all of them open"


def test_a_group_is_closed_and_opened_by_keys_and_a_new_one_is_open(
    desk: DeskUnderTest, panel: UnitBoardPanel
) -> None:
    panel.group_by("status")
    rows = panel.board.rowCount()
    stand_on(panel, "p1")
    QTest.keyClick(panel.view, Key.Key_Left)
    assert panel.view.current_key == f"{HEAD}available"
    QTest.keyClick(panel.view, Key.Key_Return)
    assert panel.board.rowCount() == 1
    QTest.keyClick(panel.view, Key.Key_Right)
    assert panel.board.rowCount() == rows
    desk.do(cmd.SetUnitStatus("p2", "off_duty"))
    desk.wait_until(lambda: panel.board.row_of("p2") >= 0 and len(panel.board.groups()) == 2)
    off = next(head for head in panel.board.groups() if head.value == "off_duty")
    assert figures_words(off) == ["1 支", "不在岗 1"]


def test_the_grouping_is_kept_for_this_desk(desk: DeskUnderTest, qtbot: QtBot) -> None:
    panel = UnitBoardPanel(desk.bridge, remember=True)
    qtbot.addWidget(panel)
    panel.show()
    panel.group_by("grid")
    panel.hide()
    again = UnitBoardPanel(desk.bridge, remember=True)
    qtbot.addWidget(again)
    assert again.board.grouping is not None
    assert again.board.grouping.id == "grid"


def test_off_and_on_and_out_of_service_by_keys(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    units = desk.bridge.desk.units
    stand_on(panel, "p1")
    QTest.keyClick(panel.view, Key.Key_O)
    desk.wait_until(lambda: units["p1"].duty == "off_duty")
    assert units["p1"].off_duty_at > 0
    QTest.keyClick(panel.view, Key.Key_B)
    desk.wait_until(lambda: units["p1"].duty == "available")
    assert units["p1"].on_duty_at >= units["p1"].off_duty_at
    stand_on(panel, "p1")
    QTest.keyClick(panel.view, Key.Key_Y)
    assert units["p1"].duty == "available", "not without a reason"
    QTest.keyClicks(panel.line, "flat tyre")
    QTest.keyClick(panel.line, Key.Key_Return)
    desk.wait_until(lambda: units["p1"].duty == "out_of_service")
    since = units["p1"].on_duty_at
    QTest.keyClick(panel.view, Key.Key_B)
    desk.wait_until(lambda: units["p1"].duty == "available")
    assert units["p1"].on_duty_at == since, "a repair is no rest"


def test_who_is_at_work_is_not_signed_off_by_a_key(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    desk.wait_until(lambda: panel.board.get("p1").unit.incident == "i1")  # type: ignore[union-attr]
    stand_on(panel, "p1")
    QTest.keyClick(panel.view, Key.Key_O)
    QTest.keyClick(panel.view, Key.Key_Y)
    desk.settle()
    assert not panel.line.isVisible()
    assert desk.bridge.desk.units["p1"].duty == "available"


def test_the_duty_plan_names_the_post_of_a_unit(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    now = desk.app.clock.now()
    turn = DutyTurn(now - HOUR, now + HOUR, "p1", "north gate", "staff/1")
    desk.do(cmd.AdoptDutyPlan("r1", "d", now - 2 * HOUR, now + HOUR, (turn,)))
    desk.wait_until(lambda: panel.board.get("p1").post == "north gate")  # type: ignore[union-attr]
    panel.group_by("post")
    assert {head.name for head in panel.board.groups()} == {"north gate", "未定"}


def test_what_has_lasted_too_long_is_marked_at_its_limits() -> None:
    limits = ShiftLimits()
    row = UnitRow(Unit("p1", "police", "P1", duty="returning", since_at=1), "P1", "", "", (), None)
    notice_ms, overdue_ms = limits.status["returning"]
    lights = [
        status_light(row, 1 + ms, limits) for ms in (notice_ms - 1, notice_ms, overdue_ms - 1, overdue_ms)
    ]
    assert lights == ["green", "yellow", "yellow", "red"]
    unknown = UnitRow(Unit("p1", "police", "P1", duty="returning"), "P1", "", "", (), None)
    assert status_light(unknown, 10**15, limits) == "green", "nobody knows since when"
