"""The unit board at the window: what has lasted too long, in every grouping; the plan's proposal, done by one key."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.i18n import Language
from tests.scenario import in_sight
from tests.scenario.desk_window import ForwardClock, Officer, open_desk
from tests.scenario.first_signature import config, shift_panel
from tests.scenario.test_board_and_shift import duty, give_file
from widgets.local_time import local

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
MINUTE_MS = 60_000
CROWD = "gate"
REPORT: dict[Language, str] = {
    "zh_CN": f"报 人群聚集 @望浦广场 级1 {CROWD}",
    "en": f'n crowd @"Wangpu Plaza" pri1 {CROWD}',
}
LONG: dict[Language, tuple[str, str, str]] = {
    "zh_CN": ("偏长 1", "!!2时", "超时 1"),
    "en": ("!1", "!!2:", "1 overdue"),
}
"""What a row says of a time that is long and too long, in words where it has room; what a head says of its rows."""
PROPOSAL: dict[Language, tuple[str, str, str]] = {
    "zh_CN": ("排班：上岗 1、下岗 1", "上岗：警01", "下岗：警02"),
    "en": ("Plan: 1 on, 1 off", "on: Police 01", "off: Police 02"),
}
UNDER_WAY: dict[Language, str] = {"zh_CN": "途中", "en": "En route"}
HEADS: dict[Language, dict[str, str]] = {
    "zh_CN": {"kind": "公安", "post": "北门", "grid": "豆市一", "status": UNDER_WAY["zh_CN"]},
    "en": {"kind": "Police", "post": "北门", "grid": "Doushi Grid 1", "status": UNDER_WAY["en"]},
}
"""In which group the unit stands, by grouping."""

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture(params=REPORT)
def officer(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[Officer]:
    with open_desk(qapp, replace(config(tmp_path), language=request.param), ForwardClock()) as officer:
        yield officer


def pass_by(officer: Officer, minutes: int) -> None:
    clock = officer.app.clock
    assert isinstance(clock, ForwardClock)
    clock.go_on_to(clock.now() + minutes * MINUTE_MS)


def plan(officer: Officer, folder: Path) -> Path:
    """p1 today and tomorrow at the north gate; p2 in some hours, not now."""
    now = local(officer.app.clock.now(), officer.app.district.utc_offset_min)
    tomorrow, later, end = (now + datetime.timedelta(hours=hours) for hours in (24, 4, 5))
    book = openpyxl.Workbook()
    for row in (
        ["日期", "开始", "结束", "呼号", "岗位", "带班"],
        [f"{now:%Y-%m-%d}", "00:00", "00:00", "警01", "北门", "王五"],
        [f"{tomorrow:%Y-%m-%d}", "00:00", "00:00", "警01", "北门", "王五"],
        [f"{later:%Y-%m-%d}", f"{later:%H:00}", f"{end:%H:00}", "警02", "", "李四"],
    ):
        book.active.append(row)
    path = folder / "plan.xlsx"
    book.save(path)
    return path


def test_what_the_plan_proposes_is_done_by_one_key(officer: Officer, tmp_path: Path) -> None:
    board = officer.bring_up("units", Key.Key_5, ALT)
    officer.click_cell(board.view, "p1", "unit")
    officer.press(Key.Key_O)
    officer.wait(lambda: duty(officer, "p1") == "off_duty", "p1 off duty")
    panel: Any = shift_panel(officer)
    officer.press(Key.Key_I)
    give_file(officer, panel.dialog, plan(officer, tmp_path))
    proposal = panel.head.buttons["propose"]
    officer.wait(lambda: proposal.isVisible() and proposal.isEnabled(), "the proposal")
    text, *tip = PROPOSAL[officer.app.config.language]
    assert (proposal.text(), proposal.toolTip().splitlines()) == (text, tip)
    officer.focus(panel.view)
    officer.press(Key.Key_O)
    officer.wait(lambda: duty(officer, "p1") == "available", "p1 on duty")
    officer.wait(lambda: duty(officer, "p2") == "off_duty", "p2 off duty")
    officer.wait(lambda: not proposal.isEnabled(), "nothing more to propose")
    assert {record.actor for record in officer.records("unit.duty_changed")} == {"officer"}


def test_what_has_lasted_too_long_is_said_in_every_grouping(officer: Officer, tmp_path: Path) -> None:
    language = officer.app.config.language
    panel: Any = shift_panel(officer)
    officer.press(Key.Key_I)
    give_file(officer, panel.dialog, plan(officer, tmp_path))
    officer.wait(lambda: officer.app.projections.desk.duty, "the plan")
    board = _under_way(officer)
    units = officer.console.dock("units")
    notice, overdue, _ = LONG[language]
    for minutes, word in ((16, notice), (120, overdue)):
        assert not in_sight.reads(units, word)
        pass_by(officer, minutes)
        officer.wait(lambda word=word: in_sight.reads(units, word), word)
        assert in_sight.reads(units, UNDER_WAY[language][:3]), "beside what it is"
    for grouping, name in HEADS[language].items():
        officer.press(Key.Key_G, CTRL)
        assert board.board.grouping.id == grouping
        head = next(head for head in board.board.groups() if head.name == name)
        assert head.figures.overdue == 1
        officer.wait(lambda: in_sight.reads(units, LONG[language][2]), f"{LONG[language][2]} in {name}")


def _under_way(officer: Officer) -> Any:
    """p1, by the hand of the officer."""
    officer.report(REPORT[officer.app.config.language], CROWD)
    panel = officer.dispatching(CROWD)
    officer.click_cell(panel.view, "p1", "place")
    officer.press(Key.Key_D)
    officer.wait_for_status(CROWD, "dispatched")
    board = officer.bring_up("units", Key.Key_5, ALT)
    officer.click_cell(board.view, "p1", "unit")
    officer.press(Key.Key_E)
    officer.wait(lambda: officer.app.projections.desk.units["p1"].status == "en_route", "p1 under way")
    return board
