"""The ledger through real keys on a real desk: pages, facets, groups, columns, kept views, a workbook at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.ledger_desk import OpenLedger, fill, ledgers
from widgets.console import Console
from widgets.layouts import layouts_path
from widgets.models.grouped_table import HEAD
from widgets.panels.ledger import FLOOD_KEYS, LedgerPanel
from widgets.panels.ledger_file import LedgerFileError, ledger_path, read_ledger_file
from widgets.panels.ledger_loading import SMALL

# Menus where there is no window system.
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[OpenLedger]:
    yield from ledgers(desk, qtbot)


@pytest.fixture
def ledger(desk: DeskUnderTest, opened: OpenLedger) -> LedgerPanel:
    fill(desk)
    return opened()


def press(panel: LedgerPanel, qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(panel.view, key)


def menu() -> QMenu:
    (shown,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
    return shown


def texts(panel: LedgerPanel, column: str) -> list[str]:
    number = panel.ledger.column_number(column)
    return [panel.ledger.data(panel.ledger.index(row, number)) for row in range(panel.ledger.rowCount())]


# -- pages -------------------------------------------------------------------------------------------------------------


def test_digits_turn_the_pages_of_the_handbook_each_with_its_own_columns(
    desk: DeskUnderTest, ledger: LedgerPanel, qtbot: QtBot
) -> None:
    assert sorted(ledger.ledger.keys()) == ["crowd", "quarrel", "tree"]
    assert [page.text() for page in ledger.head.pages.values()] == [
        "全部 3", "今天 3", "本周 3", "超时 0", "待回访 1",
    ]  # fmt: skip
    press(ledger, qtbot, Key.Key_5)
    assert ledger.ledger.keys() == ["tree"]
    assert ledger.view.fit.shown()[:5] == ["priority", "number", "key", "responsible", "feedback"]
    assert texts(ledger, "key")[0].endswith("供电所同意停电")
    assert texts(ledger, "feedback")[0].endswith("树枝已锯除")
    press(ledger, qtbot, Key.Key_4)
    assert ledger.state.isVisible()
    assert "没有超时" in ledger.state.accessibleName()
    ledger.turn_to("all")
    assert ledger.view.fit.shown()[2] == "title"


def test_what_happens_while_it_is_open_is_in_it(
    desk: DeskUnderTest, ledger: LedgerPanel, qtbot: QtBot
) -> None:
    desk.do(cmd.VerifyIncident("tree"), cmd.CloseIncident("tree", "resolved", ""))
    assert ledger.ledger.get("tree").handled_ms >= 0  # type: ignore[union-attr]
    assert ledger.head.pages["waiting"].text() == "待回访 0"
    desk.report("new", "路灯不亮", 4)
    assert ledger.ledger.total == 4
    ledger.group_by("type")
    ledger.hide()
    desk.report("newer", "占道经营", 4)
    ledger.show()
    assert ledger.ledger.total == 5
    assert sum(head.count for head in ledger.ledger.groups()) == 5


def test_a_flood_is_gathered_and_nothing_of_it_is_lost(
    desk: DeskUnderTest, ledger: LedgerPanel, qtbot: QtBot
) -> None:
    async def report_many() -> None:
        for number in range(FLOOD_KEYS * 5):
            command = cmd.ReportIncident(f"n{number}", "110", f"n{number}", "crowd", 3, "占道经营")
            await desk.app.bus.submit(command, desk.app.context())

    desk.run(report_many())
    desk.wait_until(lambda: ledger.ledger.total == FLOOD_KEYS * 5 + 3)
    assert ledger.head.pages["today"].text() == f"今天 {FLOOD_KEYS * 5 + 3}"


def test_a_large_ledger_says_how_far_it_is_and_misses_nothing(
    desk: DeskUnderTest, opened: OpenLedger, qtbot: QtBot
) -> None:
    async def report_many() -> None:
        for number in range(SMALL + 40):
            command = cmd.ReportIncident(f"n{number}", "110", f"n{number}", "crowd", 3, "占道经营")
            await desk.app.bus.submit(command, desk.app.context())

    desk.run(report_many())
    panel = opened()
    assert panel.state.isVisible()
    assert "正在整理台账" in panel.state.accessibleName()
    desk.report("late", "夜里新报的", 2)
    desk.wait_until(lambda: panel.ledger.total == SMALL + 41)
    assert panel.view.isVisible()


# -- narrowing ---------------------------------------------------------------------------------------------------------


def test_facets_by_keys_alone(ledger: LedgerPanel, qtbot: QtBot) -> None:
    press(ledger, qtbot, Key.Key_F)
    sheet = ledger.sheet
    qtbot.waitUntil(lambda: sheet.isVisible() and sheet.values.count() > 0)
    for _ in range(2):
        qtbot.keyClick(sheet.facets, Key.Key_Down)
    assert sheet.facet == "priority"
    qtbot.waitUntil(lambda: sheet.values.count() == 4)
    qtbot.keyClick(sheet.facets, Key.Key_Right)
    qtbot.keyClick(sheet.values, Key.Key_Space)
    assert ledger.ledger.keys() == ["crowd"]
    qtbot.waitUntil(lambda: sheet.values.count() == 4)
    qtbot.keyClick(sheet.values, Key.Key_Down)
    qtbot.keyClick(sheet.values, Key.Key_Space)
    assert sorted(ledger.ledger.keys()) == ["crowd", "quarrel"]
    qtbot.keyClick(sheet.values, Key.Key_Escape)
    assert sheet.isHidden()
    assert ledger.head.chip_words == ["等级：P1 特急、P2 紧急"]
    press(ledger, qtbot, Key.Key_Escape)
    assert ledger.ledger.shown_count == 3
    assert ledger.head.chips.isHidden()


def test_days_are_typed_and_a_day_that_is_none_changes_nothing(ledger: LedgerPanel, qtbot: QtBot) -> None:
    press(ledger, qtbot, Key.Key_F)
    sheet = ledger.sheet
    qtbot.waitUntil(sheet.since.isVisible)
    sheet.since.setText("2026-02-30")
    qtbot.keyClick(sheet.since, Key.Key_Return)
    assert (sheet.since.property("invalid"), ledger.ledger.shown_count) == (True, 3)
    assert "2026-11-22" in sheet.hint.text()
    sheet.since.setText("2999-01-01")
    qtbot.keyClick(sheet.since, Key.Key_Return)
    assert ledger.ledger.shown_count == 0
    assert "筛选" in ledger.state.accessibleName()


def test_words_then_down_to_the_rows_then_enter_to_the_card(ledger: LedgerPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(ledger.view, Key.Key_F, CTRL)
    ledger.focus_search()
    qtbot.keyClicks(ledger.head.edit, "tree")
    assert ledger.ledger.shown_count == 0
    ledger.head.edit.setText("停电")
    qtbot.keyClick(ledger.head.edit, Key.Key_Down)
    opened: list[str] = []
    ledger.activated.connect(opened.append)
    press(ledger, qtbot, Key.Key_Return)
    assert opened == ["tree"]


# -- groups and columns ------------------------------------------------------------------------------------------------


def test_groups_open_and_close_by_keys(ledger: LedgerPanel, qtbot: QtBot) -> None:
    press(ledger, qtbot, Key.Key_G)
    qtbot.keyClick(menu(), Key.Key_Down)
    qtbot.keyClick(menu(), Key.Key_Return)
    assert ledger.group == "grid"
    assert [head.count for head in ledger.ledger.groups()] == [2, 1]
    assert ledger.view.current_key == ledger.ledger.keys()[0]
    press(ledger, qtbot, Key.Key_Right)
    assert ledger.ledger.rowCount() == 4
    press(ledger, qtbot, Key.Key_Down, Key.Key_Left)
    assert ledger.ledger.rowCount() == 2
    assert ledger.view.current_key.startswith(HEAD)
    press(ledger, qtbot, Key.Key_Return)
    assert ledger.ledger.rowCount() == 4
    qtbot.keyClick(ledger.view, Key.Key_Right, CTRL)
    assert ledger.ledger.rowCount() == 5
    ledger.view.selectAll()
    qtbot.keyClick(ledger.view, Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 5
    assert "2 件" in lines[0]
    ledger.group_by("")
    assert ledger.ledger.rowCount() == 3


def test_columns_are_chosen_and_copied_as_they_stand(ledger: LedgerPanel, qtbot: QtBot) -> None:
    ledger.tools.choose_columns(["number", "title", "officer"])
    assert ledger.view.fit.shown() == ["number", "title", "officer"]
    ledger.view.selectRow(ledger.ledger.row_of("crowd"))
    qtbot.keyClick(ledger.view, Key.Key_C, CTRL)
    number = ledger.bridge.desk.incidents["crowd"].number
    assert QGuiApplication.clipboard().text() == f"{number}\t'=cmd|' /C calc'!A0\tofficer"
    press(ledger, qtbot, Key.Key_C)
    columns = menu()
    columns.setActiveAction(next(action for action in columns.actions() if action.text() == "网格"))
    qtbot.keyClick(columns, Key.Key_Space)
    assert ledger.view.fit.shown()[-1] == "grid"
    assert columns.isVisible(), "several can be ticked one after the other"
    qtbot.keyClick(columns, Key.Key_Escape)
    ledger.tools.choose_columns([])
    assert len(ledger.view.fit.shown()) == 4, "a table without columns is none"


@pytest.mark.parametrize("width_px", [400, 1100])
def test_every_chosen_column_is_there_at_every_width(
    opened: OpenLedger, desk: DeskUnderTest, width_px: int
) -> None:
    fill(desk)
    panel = opened(width_px=width_px)
    header = panel.view.horizontalHeader()
    assert not any(
        header.isSectionHidden(panel.ledger.column_number(name)) for name in panel.view.fit.shown()
    )
    assert header.sectionSize(panel.ledger.column_number("title")) >= 170
    assert (header.length() > panel.view.viewport().width()) == (width_px == 400)


# -- kept views --------------------------------------------------------------------------------------------------------


def test_a_view_is_kept_under_a_name_and_found_again_after_a_restart(
    desk: DeskUnderTest, opened: OpenLedger, qtbot: QtBot
) -> None:
    fill(desk)
    panel = opened(remember=True)
    panel.turn_to("week")
    panel.want(panel.wanted.__class__(tab="week", chosen={"source": frozenset({"12345"})}))
    panel.group_by("type")
    panel.tools.choose_columns(["number", "key", "due"])
    panel.tools.keep_view("  12345 & 本周  ")
    panel.close()
    again = opened(remember=True)
    assert again.page == "all"
    press(again, qtbot, Key.Key_V)
    qtbot.keyClick(menu(), Key.Key_1)
    assert (again.page, again.group, again.view.fit.shown()) == ("week", "type", ["number", "key", "due"])
    assert [head.count for head in again.ledger.groups()] == [1]
    again.kept.drop("12345 & 本周")
    again.close()
    assert read_ledger_file(ledger_path("desk-1")).views == []


def test_a_page_comes_back_with_its_columns(desk: DeskUnderTest, opened: OpenLedger) -> None:
    panel = opened(remember=True)
    panel.tools.choose_columns(["number", "title"])
    panel.turn_to("today")
    panel.close()
    assert opened(remember=True).view.fit.shown() == ["number", "title"]


def test_a_damaged_file_is_told_left_alone_and_views_work_on(
    desk: DeskUnderTest, opened: OpenLedger, qtbot: QtBot
) -> None:
    path = ledger_path("desk-1")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"version": 1, "views": [', encoding="utf-8")
    with pytest.raises(LedgerFileError):
        read_ledger_file(path)
    told: list[str] = []
    desk.bridge.trouble_changed.connect(told.append)
    panel = opened(remember=True)
    desk.wait_until(lambda: len(told) == 1)
    assert str(path) in told[0]
    panel.tools.keep_view("夜班")
    panel.tools.use_view("夜班")
    panel.close()
    assert path.read_text(encoding="utf-8") == '{"version": 1, "views": ['


def test_one_view_that_makes_no_sense_does_not_take_the_others_along(
    desk: DeskUnderTest, opened: OpenLedger
) -> None:
    panel = opened(remember=True)
    panel.tools.keep_view("good")
    panel.close()
    path = ledger_path("desk-1")
    content = json.loads(path.read_text(encoding="utf-8"))
    good = content["views"][0]
    broken = [good | {"group": "weather"}, good | {"filter": 7}, good | {"name": " "}, "x", None]
    layout = {"layout": {"widths": {"title": "wide", "grid": -4}, "shown": [1, "title"], "sorted_by": 9}}
    content["views"] = [*broken, good | {"name": "odd"} | layout, good]
    path.write_text(json.dumps(content), encoding="utf-8")
    settings = read_ledger_file(path)
    assert ([view.name for view in settings.views], settings.lost) == (["odd", "good"], 5)
    again = opened(remember=True)
    again.tools.use_view("odd")
    assert again.view.fit.shown() == ["title"]


# -- in the window -----------------------------------------------------------------------------------------------------


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    fill(desk)
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1920, 1080)
    console.show()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    desk.settle()
    yield console
    console.shut_down()
    console.deleteLater()


def test_the_ledger_comes_by_its_key_and_shares_the_selection(
    desk: DeskUnderTest, console: Console, qtbot: QtBot
) -> None:
    dock = console.dock("ledger")
    assert not dock.isVisible() and not dock.is_filled, "nobody has asked for it yet"
    qtbot.keyClick(console, Key.Key_9, Qt.KeyboardModifier.AltModifier)
    desk.wait_until(lambda: dock.in_sight and dock.is_filled)
    panel = console.panel("ledger")
    assert isinstance(panel, LedgerPanel)
    press(panel, qtbot, Key.Key_Down)
    assert console.selection.incident == panel.view.current_key
    console.selection.select_incident("tree")
    assert panel.view.current_key == "tree"
    press(panel, qtbot, Key.Key_Return)
    desk.wait_until(lambda: console.dock("card").in_sight)
    press(panel, qtbot, Key.Key_M)
    desk.wait_until(lambda: console.dock("map").in_sight)


def test_what_was_kept_a_moment_before_the_end_is_on_the_disk(desk: DeskUnderTest, qtbot: QtBot) -> None:
    path = ledger_path("desk-1")
    path.unlink(missing_ok=True)
    console = Console(desk.bridge, remember=True, unattended=False)
    console.show()
    try:
        panel = console.panel("ledger")
        assert isinstance(panel, LedgerPanel)
        panel.tools.keep_view("夜班")
        assert not path.exists(), "it is written aside, a moment later"
        console.shut_down()
        assert [view.name for view in read_ledger_file(path).views] == ["夜班"]
    finally:
        console.shut_down()
        console.deleteLater()
        path.unlink(missing_ok=True)
        layouts_path().unlink(missing_ok=True)


def test_the_command_line_looks_into_the_ledger(desk: DeskUnderTest, console: Console, qtbot: QtBot) -> None:
    line = console.head.line
    line.open()
    desk.wait_until(lambda: line.source.directory is not None)
    line.edit.setText("台账 停电")
    qtbot.keyClick(line.edit, Key.Key_Return)
    desk.wait_until(lambda: console.dock("ledger").in_sight)
    panel = console.panel("ledger")
    assert isinstance(panel, LedgerPanel)
    assert panel.ledger.keys() == ["tree"]
    assert panel.head.edit.text() == "停电"
