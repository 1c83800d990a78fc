"""The unit board through real keys and clicks on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.unit import STATUSES, Unit
from app.i18n import set_language
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets.models.unit_board import GROUPS, UnitFilter, UnitRow, group_of, status_name, status_text
from widgets.panels.unit_board import UnitBoardPanel
from widgets.parts.symbols import UNIT_KINDS
from widgets.style import apply_theme

Key = Qt.Key
Left = Qt.MouseButton.LeftButton
NOW = 1_795_330_626_000


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[UnitBoardPanel]:
    panel = UnitBoardPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 640)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def shown(panel: UnitBoardPanel, column: str, key: str) -> str:
    model = panel.board
    return model.data(model.index(model.row_of(key), model.column_number(column)))


def fix(desk: DeskUnderTest, unit: str, age_s: float) -> None:
    district, at = desk.bridge.district, desk.app.clock.now() - round(age_s * 1000)
    desk.app.positions.put(TrackPoint(unit, at, district.centre_lat, district.centre_lon))


def test_every_unit_stands_there_by_kind(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    rows = [panel.board.row_at(row) for row in range(panel.board.rowCount())]
    assert {row.unit.id for row in rows} == set(desk.bridge.desk.units)
    kinds = [UNIT_KINDS.index(row.unit.kind) for row in rows]
    assert kinds == sorted(kinds)
    assert shown(panel, "fix", "p1") == "驻点"
    assert shown(panel, "grid", "p1")


def test_a_unit_at_work_says_since_when_and_for_which_incident(
    desk: DeskUnderTest, panel: UnitBoardPanel
) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1",)), cmd.SetUnitStatus("p1", "en_route"))
    desk.wait_until(lambda: shown(panel, "status", "p1").startswith("途中 00:0"))
    assert shown(panel, "incident", "p1") == "001"
    assert panel.filter_bar.chips["engaged"].text() == "在办 1"


def test_what_a_unit_wrote_stands_beside_its_status_and_why_it_is_away(
    desk: DeskUnderTest, panel: UnitBoardPanel
) -> None:
    desk.do_as_feed(cmd.MessageDesk("p1", "m1", "两人受伤"))
    desk.do(cmd.SetUnitStatus("p1", "out_of_service", None, "车坏 13812345678"))
    desk.wait_until(lambda: panel.board.get("p1").unread == 1)
    row = panel.board.get("p1")
    assert status_name(row) == "停用：车坏 138****5678"
    tip = str(panel.board.data(panel.board.index(panel.board.row_of("p1"), 0), Qt.ItemDataRole.ToolTipRole))
    assert "停用：车坏" in tip
    assert "有新消息" in tip
    desk.do(cmd.ReadUnitMessages("p1"), cmd.SetUnitStatus("p1", "available"))
    desk.wait_until(lambda: panel.board.get("p1").unread == 0)
    assert status_name(panel.board.get("p1")) == "待命"


def test_ages_of_positions_are_shown_and_grow_stale(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    fix(desk, "p1", 125)
    desk.wait_until(lambda: shown(panel, "fix", "p1").startswith("02:0"))
    assert panel._is_stale("p1", desk.app.clock.now())
    assert not panel._is_stale("p2", desk.app.clock.now()), "nothing is known, which the row says in words"


def test_chips_kinds_and_words_narrow_and_one_button_clears(
    desk: DeskUnderTest, panel: UnitBoardPanel
) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1", "j1")), cmd.SetUnitStatus("p2", "off_duty"))
    desk.wait_until(lambda: panel.filter_bar.chips["off"].text() == "不在岗 1")
    QTest.mouseClick(panel.filter_bar.chips["engaged"], Left)
    assert set(panel.board.keys()) == {"p1", "j1"}
    panel.filter_bar.kinds["police"].trigger()
    assert panel.board.keys() == ["p1"]
    assert panel.filter_bar.kind_button.text() == "公安"
    panel.filter_bar.edit.setText("没有这个")
    assert panel.pages.currentWidget() is panel.state
    panel.state.action_triggered.emit()
    assert panel.board.shown_count == panel.board.total
    for words, found in (("001 联巡", "j1"), ("police02 ", None), ("警02 下班", "p2")):
        panel.filter_bar.edit.setText(words)
        assert panel.board.keys() == ([found] if found else []), words


def test_a_click_selects_and_a_double_click_asks_for_the_map(
    desk: DeskUnderTest, panel: UnitBoardPanel
) -> None:
    seen: list[tuple[str, str]] = []
    panel.unit_selected.connect(lambda unit: seen.append(("selected", unit)))
    panel.unit_activated.connect(lambda unit: seen.append(("activated", unit)))
    key = panel.board.key_at(3)
    at = panel.view.visualRect(panel.board.index(3, 0)).center()
    QTest.mouseClick(panel.view.viewport(), Left, pos=at)
    QTest.mouseDClick(panel.view.viewport(), Left, pos=at)
    assert seen == [("selected", key), ("activated", key)]
    panel.select("v1")
    assert panel.view.current_key == "v1"
    assert len(seen) == 2, "following another panel is not told back"
    QTest.keyClick(panel.view, Key.Key_Return)
    assert seen[-1] == ("activated", "v1")


def test_the_menu_offers_what_makes_sense_and_sets_it(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    def offered(unit: str) -> set[str]:
        menu = panel.menu_for(unit)
        return {a.objectName() for a in menu.actions() if a.objectName() and a.isEnabled()}

    assert offered("p1") == {"out_of_service", "off_duty", "pair"}
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    assert offered("p1") == {"en_route", "on_scene", "recall", "confirm_task", "resend_task", "pair"}
    panel.set_status("p1", "en_route")
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].status == "en_route")
    assert offered("p1") == {"on_scene", "available", "recall", "pair"}
    next(a for a in panel.menu_for("p1").actions() if a.objectName() == "available").trigger()
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].status == "available")
    assert desk.bridge.desk.incidents["i1"].units == ()


def test_a_refused_status_is_told_on_the_board(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    panel.set_status("p1", "off_duty")
    desk.wait_until(panel.refusal.isVisible)
    assert "警01" in panel.refusal.text
    assert desk.bridge.desk.units["p1"].status == "dispatched"


def test_a_key_recalls_with_a_reason(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    panel.view.setFocus()
    panel.select("p2")
    QTest.keyClick(panel.view, Key.Key_X)
    assert panel.recall_bar.isHidden(), "who is on nothing cannot be recalled"
    panel.select("p1")
    QTest.keyClick(panel.view, Key.Key_X)
    panel.recall_bar.reason.insert("另有安排")
    QTest.keyClick(panel.recall_bar.reason, Key.Key_Return)
    QTest.keyPress(panel.recall_bar.confirm, Key.Key_Return)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ())
    desk.wait_until(lambda: shown(panel, "status", "p1").startswith("待命"))


def test_every_dress_and_width(desk: DeskUnderTest, panel: UnitBoardPanel, qapp: Any) -> None:
    try:
        set_language("en")
        panel.retranslate()
        apply_theme(qapp, "light")
        panel.resize(300, 500)
        assert shown(panel, "unit", "p1") == "Police 01"
        assert panel.filter_bar.chips["available"].text() == f"Free {panel.board.total}"
        assert panel.width() == 300, "it fits a narrow dock"
        assert {"unit", "status", "incident", "fix"} <= set(panel.view.fit.shown())
        assert not panel.grab().isNull()
    finally:
        set_language("zh_CN")
        apply_theme(qapp, "dark")


def test_every_status_is_in_one_group_and_a_filter_of_nothing_passes_all() -> None:
    assert {group_of(status) for status in STATUSES} == set(GROUPS)
    row = UnitRow(Unit("x", "ufo", "X"), "X", "ufo", "", (), None)
    assert UnitFilter().passes(row)
    assert not UnitFilter(groups=frozenset({"off"})).passes(row)
    assert status_text(row, NOW) == "待命"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (Key.Key_Y, "还在办 001"),
        (Key.Key_O, "还在办 001"),
        (Key.Key_B, "撤回（X）"),
        (Key.Key_I, "不点名"),
    ],
)
def test_a_key_that_can_do_nothing_says_why(
    desk: DeskUnderTest, panel: UnitBoardPanel, key: Key, said: str
) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    panel.view.setFocus()
    panel.select("p1")
    QTest.keyClick(panel.view, key)
    assert panel.refusal.isVisible()
    assert said in panel.refusal.text
    assert "警01" in panel.refusal.text


def test_who_is_away_already_is_told_so(desk: DeskUnderTest, panel: UnitBoardPanel) -> None:
    desk.do(cmd.SetUnitStatus("p2", "off_duty"))
    panel.view.setFocus()
    panel.select("p2")
    QTest.keyClick(panel.view, Key.Key_O)
    assert "已是下班状态" in panel.refusal.text
