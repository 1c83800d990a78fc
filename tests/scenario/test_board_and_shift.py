"""The unit board, the duty plan, patrols and the hand-over in the window, by keys; killed between two signatures."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from app.domain.patrol import PatrolRound
from app.journal.store import TrackPoint
from tests.patience import PATIENCE_S
from tests.scenario.desk_window import ForwardClock, Officer, open_desk
from tests.scenario.first_signature import MATTER, NOTE, config, shift_panel, sign_by_keys
from tests.servers.simulator import ROOT
from widgets.local_time import local

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
DAY_MS, SECOND_MS = 24 * 3_600_000, 1000

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


def give_file(officer: Officer, dialog: QFileDialog | None, path: Path) -> None:
    """Into the line of the dialog that asks for a file, as it is typed."""
    assert dialog is not None
    line = dialog.findChild(QLineEdit)
    assert line is not None
    officer.focus(line)
    line.selectAll()
    officer.type(str(path))
    officer.press(Key.Key_Return)
    officer.console.activateWindow()  # as a window manager does when the dialog has gone


def duty(officer: Officer, unit: str) -> str:
    return officer.app.projections.desk.units[unit].duty


# -- board and duty plan ---------------------------------------------------------------------------------------------


def test_units_are_signed_off_and_on_by_key_and_the_board_says_so(qapp: QApplication, tmp_path: Path) -> None:
    with open_desk(qapp, config(tmp_path)) as officer:
        board = officer.bring_up("units", Key.Key_5, ALT)
        officer.click_cell(board.view, "p1", "unit")
        for key, state, words in ((Key.Key_O, "off_duty", "下班"), (Key.Key_B, "available", "待命")):
            officer.press(key)
            officer.wait(lambda state=state: duty(officer, "p1") == state, f"p1 {state}")
            officer.wait(lambda words=words: words in officer.cell(board.view, "p1", "status"), words)
        officer.press(Key.Key_Y)
        officer.type("爆胎")
        officer.press(Key.Key_Return)
        officer.wait(lambda: duty(officer, "p1") == "out_of_service", "p1 out of service")
    with open_desk(qapp, config(tmp_path)) as officer:
        assert duty(officer, "p1") == "out_of_service"
        told = [(record.actor, record.event.duty) for record in officer.records("unit.duty_changed")]  # type: ignore[attr-defined]
        assert told == [("officer", "off_duty"), ("officer", "available"), ("officer", "out_of_service")]


def plan_of_today(officer: Officer, folder: Path) -> Path:
    """One turn all day for p1 with a leader and a member, one for p2 with nobody."""
    book = openpyxl.Workbook()
    day = f"{local(officer.app.clock.now(), 480):%Y-%m-%d}"
    for row in (
        ["日期", "开始", "结束", "呼号", "岗位", "带班", "电话", "组员"],
        [day, "00:00", "00:00", "警01", "北门", "王五", "13800001111", "赵六"],
        [day, "00:00", "00:00", "警02", "", "", "", ""],
    ):
        book.active.append(row)
    path = folder / "plan.xlsx"
    book.save(path)
    return path


def test_a_plan_from_excel_is_imported_by_key_and_its_turn_signed_on_and_off(
    qapp: QApplication, tmp_path: Path
) -> None:
    with open_desk(qapp, config(tmp_path)) as officer:
        desk = officer.app.projections.desk
        panel = shift_panel(officer)
        officer.press(Key.Key_I)
        give_file(officer, panel.dialog, plan_of_today(officer, tmp_path))
        officer.wait(lambda: len(desk.duty) == 2, "the plan to be adopted")
        officer.wait(lambda: sum(row.kind == "row" for row in panel.view.rows) == 2, "both turns")
        officer.focus(panel.view)
        shown = " ".join(f"{row.title} {row.second} {row.aside}" for row in panel.view.rows)
        assert "王**" in shown
        assert "无人" in shown
        assert "王五" not in shown
        assert "13800001111" not in shown
        panel.view.go_to(next(row.key for row in panel.view.rows if "/p1/" in row.key[1]))
        officer.press(Key.Key_Minus)
        officer.wait(lambda: duty(officer, "p1") == "off_duty", "the unit of the turn off duty")
        officer.press(Key.Key_Plus)
        officer.wait(lambda: duty(officer, "p1") == "available", "the unit of the turn on duty")
        turn = next(turn for turn in desk.duty if turn.unit == "p1")
        officer.wait(
            lambda: {ref for ref, who in desk.officers.items() if who.on_duty} == set(turn.people),
            "everybody of the turn on duty",
        )
        assert len(turn.people) == 2
        (adopted,) = officer.records("roster.adopted")
        assert not any(words in str(adopted.event) for words in ("王五", "赵六", "13800001111"))


# -- patrols ---------------------------------------------------------------------------------------------------------


def next_round(officer: Officer) -> PatrolRound:
    now = officer.app.clock.now()
    return next(each for each in officer.app.shifts.rounds(now, now + DAY_MS) if each.begins_at > now)


def stay(officer: Officer, each: PatrolRound, point: str) -> None:
    """Positions of the unit as a feed brings them, every ten seconds, for as long as the plan asks for."""
    place = next(one for one in officer.app.district.patrols.check_points if one.id == point)
    since = officer.app.clock.now() - each.plan.dwell_ms
    for at in range(since, since + each.plan.dwell_ms + 1, 10 * SECOND_MS):
        officer.app.positions.put(TrackPoint(each.plan.unit, at, place.lat, place.lon))


def test_a_check_point_is_ticked_by_position_and_a_missed_one_raises_and_is_mended_by_hand(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.patrol_watch.LOOK_S", 0.05)
    clock = ForwardClock()
    with open_desk(qapp, config(tmp_path), clock) as officer:
        each = next_round(officer)
        seen, *missed = each.plan.points
        patrols = officer.app.projections.desk.patrols
        clock.go_on_to(each.begins_at + each.plan.dwell_ms + SECOND_MS)
        stay(officer, each, seen)
        officer.wait(lambda: each.id in patrols, "the stay to count")
        assert patrols[each.id].of(seen).by == "position"  # type: ignore[union-attr]
        lane = officer.panel("alarms").lane
        assert not any(each.id in row.alarm.id for row in lane.heads())
        clock.go_on_to(each.ends_at + officer.app.shift_limits.grace_ms + SECOND_MS)
        officer.wait(lambda: any(each.id in row.alarm.id for row in lane.heads()), "the alarm of the round")
        (raised,) = (row.alarm for row in lane.heads() if each.id in row.alarm.id)
        assert raised.priority == 4
        assert f"{len(missed)} " in raised.title
        assert officer.app.projections.desk.units[each.plan.unit].call_sign in raised.title
        _mend_by_hand(officer, each, missed[0])


def _mend_by_hand(officer: Officer, each: PatrolRound, point: str) -> None:
    panel = shift_panel(officer)
    officer.press(Key.Key_3)
    row = ("patrol", f"{each.id}:{point}")
    officer.wait(lambda: any(known.key == row for known in panel.view.rows), "the round on the page")
    panel.view.go_to(row)
    officer.press(Key.Key_H)
    officer.type("电台确认到过")
    officer.press(Key.Key_Return)
    patrols = officer.app.projections.desk.patrols
    officer.wait(lambda: patrols[each.id].of(point).by == "hand", "the tick by hand")  # type: ignore[union-attr]


# -- the hand-over ---------------------------------------------------------------------------------------------------


def killed_after_the_first_signature(folder: Path) -> str:
    """The digest that the outgoing lead has signed, told by a window that was killed then."""
    command = [sys.executable, "-m", "tests.scenario.first_signature", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline().split()
        child.send_signal(signal.SIGKILL)
        assert child.wait(PATIENCE_S) == -signal.SIGKILL
    assert said, "the first half did not get as far as the signature"
    return said[-1]


def test_a_hand_over_goes_on_after_a_kill_between_the_signatures_and_is_printed(
    qapp: QApplication, tmp_path: Path
) -> None:
    digest = killed_after_the_first_signature(tmp_path)
    with open_desk(qapp, config(tmp_path)) as officer:
        panel = shift_panel(officer)
        assert panel.shift.waits_for == "in"
        assert panel.shift.outgoing.digest == digest
        titles = [row.title for row in panel.view.rows]
        assert any(MATTER in title for title in titles)
        assert any(NOTE in title for title in titles)
        sign_by_keys(officer, panel, "张三")
        assert panel.shift.waits_for == "in", "nobody hands over to himself"
        assert "同一人" in panel.refusal.text
        sign_by_keys(officer, panel, "李四")
        assert panel.shift.waits_for == "done"
        (out,), (taken,) = officer.records("shift.signed_out"), officer.records("shift.signed_in")
        assert out.event.digest == digest  # type: ignore[attr-defined]
        assert out.event.signed_by != taken.event.signed_by  # type: ignore[attr-defined]
        paper = printed(officer, panel, tmp_path / "brief.pdf")
        for words in (MATTER, NOTE, "张三（带班领导）", "李四（带班领导）"):
            assert words in paper, f"{words} on paper"
    assert verified(tmp_path)


def printed(officer: Officer, panel: Any, path: Path) -> str:
    """What can be read on the sheets, without blanks."""
    officer.focus(panel.view)
    officer.press(Key.Key_P)
    give_file(officer, panel.printing.dialog, path)
    officer.wait(lambda: path.exists() and not panel.printing.is_writing, "the file")
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return told.stdout.decode()


def verified(folder: Path) -> bool:
    """The chain of the journal, checked by another process."""
    line = [sys.executable, "main.py", "verify", str(folder / "journal.db")]
    return subprocess.run(line, cwd=ROOT, capture_output=True, check=False).returncode == 0
