"""The shift by real keys on a real desk: notes, duty plan, signing on and off, both signatures, paper, a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.bootstrap import App
from app.domain import commands as cmd
from app.domain.duty import DutyTurn
from app.domain.road import PlannedClosure
from app.domain.roles import SYSTEM
from app.domain.shift import BY_HAND, DONE, IN, OUT, PatrolMark, PatrolRecord, span_at
from app.projections.signed_brief import lines_of
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.shift_by_keys import keys, open_panel, rested, sign
from widgets.brief_places import place_of
from widgets.local_time import local
from widgets.panels.shift import ShiftPanel
from widgets.panels.shift_patrol_words import patrol_rows, tick_time
from widgets.panels.shift_reveal import SHOWN_MS

Key = Qt.Key
MIN, HOUR = 60_000, 3_600_000


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[ShiftPanel]:
    yield from open_panel(desk, qtbot)


def titles(panel: ShiftPanel) -> list[str]:
    return [row.title for row in panel.view.rows]


def test_the_brief_makes_itself_and_a_line_opens_its_thing(
    desk: DeskUnderTest, panel: ShiftPanel, qtbot: QtBot
) -> None:
    assert panel.state.isVisibleTo(panel), "nothing to hand over is said in words"
    desk.report("i1", priority=1)
    desk.do(cmd.DispatchUnits("i1", ("p1",)), cmd.SetUnitStatus("u1", "out_of_service", None, "repair"))
    desk.do(cmd.SetCameraStatus(desk.bridge.district.cameras[0].id, False, "cut"))
    rested(desk, panel)
    assert panel.brief is not None
    assert {line.section for line in panel.brief.lines} == {"incidents", "units", "cameras"}
    panel.view.go_to(("incident", "i1"))
    with qtbot.waitSignal(panel.thing_wanted) as wanted:
        QTest.keyClick(panel.view, Key.Key_Return)
    assert wanted.args == ["incident", "i1"]


def test_a_closed_street_is_one_line_that_says_who_may_pass_and_leads_there(
    desk: DeskUnderTest, panel: ShiftPanel
) -> None:
    roads, now = desk.bridge.district.roads[:2], desk.app.clock.now()
    ids = tuple(road.id for road in roads)
    desk.do(cmd.CloseRoad(ids, "人民路", "火场", now, now + HOUR, emergency_passes=True))
    rested(desk, panel)
    (row,) = [row for row in panel.view.rows if row.key and row.key[0] == "road"]
    assert row.title == "人民路（2 段）"
    assert row.second.startswith("火场 · 应急车辆可通行 · 席位")
    place = place_of(desk.bridge, *row.key)
    assert place is not None and place[2] == "人民路"


def test_what_the_plan_closes_is_a_line_that_says_so_until_when_and_leads_there(
    desk: DeskUnderTest, panel: ShiftPanel
) -> None:
    road, now = desk.bridge.district.roads[0], desk.app.clock.now()
    plan = (PlannedClosure(road.id, "夜市街", "Night Market St", 0, now + HOUR, emergency_passes=True),)
    desk.app.roads._planned = (*plan, PlannedClosure(desk.bridge.district.roads[1].id, "旧桥", "Old Bridge"))
    rested(desk, panel)
    first, second = [row for row in panel.view.rows if row.key and row.key[0] == "planned_road"]
    assert (first.title, first.second) == ("夜市街（1 段）", "辖区计划封闭 · 应急车辆可通行")
    assert first.aside.startswith("至 ") and second.aside == "未定结束"
    assert first.key is not None and place_of(desk.bridge, *first.key) is not None
    assert panel.brief is not None
    (line,) = [text for text in lines_of(panel.brief) if "夜市街" in text]
    assert "Night Market St" in line, "signed in both languages"


def test_a_note_is_written_and_settled_by_keys(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    keys(panel, "n")
    QTest.keyClicks(panel.line, "pump at 22:00, call 13800001111")
    QTest.keyClick(panel.line, Key.Key_Return)
    desk.wait_until(lambda: any("pump" in title for title in titles(panel)))
    assert not any("13800001111" in title for title in titles(panel))
    note = panel.shift.notes[0].id
    panel.view.go_to(("note", note))
    QTest.keyClick(panel, Key.Key_Delete)
    desk.wait_until(lambda: panel.shift.notes == ())


def test_both_leads_sign_and_what_changed_between_is_shown(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    desk.report("i1")
    rested(desk, panel)
    sign(desk, panel, "Zhang San", "Zhang Sam")
    assert panel.shift.waits_for == OUT, "a slip of the pen signs nothing"
    panel.form.name.clear()
    panel.form.again.clear()
    sign(desk, panel, "Zhang San")
    assert panel.shift.waits_for == IN
    desk.report("i2", title="fire in the old lane")
    rested(desk, panel)
    assert any("fire in the old lane" in title for title in titles(panel)[:3]), "changes stand on top"
    sign(desk, panel, "zhang san")
    assert panel.shift.waits_for == IN
    assert "同一人" in panel.refusal.text
    assert (
        panel.refusal.geometry().bottom()
        < panel.form.geometry().top()
        < panel.refusal.geometry().bottom() + 40
    )
    assert panel.form.isAncestorOf(panel.focusWidget()), "where the hand is, and goes on"
    panel.form.name.clear()
    panel.form.again.clear()
    sign(desk, panel, "Li Si")
    assert panel.shift.waits_for == DONE
    out, taken = panel.shift.outgoing, panel.shift.incoming
    assert out is not None and taken is not None
    assert out.digest != taken.digest
    desk.report("i3", title="after both have signed")
    desk.do(cmd.AcceptIncident("i1"))
    rested(desk, panel)
    assert panel.brief is not None
    assert lines_of(panel.brief) == taken.lines, "what was signed stands still"
    assert any(row.second.startswith("待立案") for row in panel.view.rows if row.key == ("incident", "i1"))
    assert "签字时" in panel.head.figures.text()
    assert not panel.form.name.isVisibleTo(panel.form)
    assert not panel.head.buttons["sign"].isEnabled()
    keys(panel, "3")
    assert "签字时" not in panel.head.state.text(), "patrols go on"
    assert not panel.head.figures.isVisible()


def test_a_late_hand_over_says_so_and_leaves_the_running_shift_to_be_looked_at(
    desk: DeskUnderTest, panel: ShiftPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = panel.desk.running_span(desk.app.clock.now())
    before = span_at(running.begins_at - 1, desk.app.alarm_limits.shift_starts_ms)
    monkeypatch.setattr(panel.desk, "span", lambda _now: before)
    desk.report("i1")
    rested(desk, panel)
    assert panel.shift.id == before.id
    assert "补交接" in panel.head.state.text()
    assert "本班结束后接报 1" in panel.head.figures.text(), "figures of one shift, open ones of another"
    assert panel.head.buttons["other"].isVisible()
    keys(panel, "w")
    rested(desk, panel)
    assert panel.shift.id == running.id
    assert "补交接" not in panel.head.state.text()
    for page, is_there in (("3", True), ("2", False), ("1", True)):
        keys(panel, page)
        assert panel.head.buttons["other"].isVisible() == is_there, "rounds are those of the shift in front"
    keys(panel, "n")
    QTest.keyClicks(panel.line, "pump at 22:00")
    QTest.keyClick(panel.line, Key.Key_Return)
    desk.wait_until(lambda: [note.text for note in panel.shift.notes] == ["pump at 22:00"])


def test_a_shift_that_was_over_before_the_journal_began_is_not_handed_over(
    desk: DeskUnderTest, panel: ShiftPanel
) -> None:
    shifts, now = panel.desk, desk.app.clock.now()
    shifts.shift_limits = replace(shifts.shift_limits, late_ms=48 * HOUR)
    before = span_at(shifts.running_span(now).begins_at - 1, desk.app.alarm_limits.shift_starts_ms)
    assert shifts.span(now) == before
    desk.report("i1")
    assert shifts.span(now) == shifts.running_span(now)
    desk.do(cmd.NoteForNextShift(before.id, "n1", "left from yesterday"))
    assert shifts.span(now) == before


def test_no_name_stands_in_the_journal(desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path) -> None:
    panel.read_plan(plan_of(desk, tmp_path))
    desk.wait_until(lambda: bool(desk.bridge.desk.duty))
    sign(desk, panel, "Zhang San")
    records = desk.run(desk.app.journal.call(lambda journal: journal.read(0, 1_000)))
    told = "".join(repr(record.event) for record in records)
    assert "Zhang" not in told
    assert "13800001111" not in told
    people = desk.run(desk.app.shifts.roster.masked())
    ref = desk.bridge.desk.duty[0].leader
    assert people[ref].name and "138" in people[ref].phone
    desk.run(desk.app.shifts.roster.erase(ref))
    assert ref not in desk.run(desk.app.shifts.roster.masked())


def test_a_restart_in_the_middle_of_a_hand_over_goes_on_where_it_stood(
    desk: DeskUnderTest, panel: ShiftPanel
) -> None:
    desk.report("i1")
    rested(desk, panel)
    sign(desk, panel, "Zhang San")
    signed = panel.shift.outgoing
    assert signed is not None
    journal, span = desk.app.config, panel.shift.id

    async def again() -> tuple[str, str, tuple[str, ...]]:
        other = App(journal)
        await other.start()
        try:
            now = other.clock.now()
            brief = await other.shifts.brief(now)
            shift = other.shifts.shift(now)
            await other.shifts.sign("Li Si", "Li Si", "shift_lead", brief, other.context())
            return shift.id, shift.waits_for, lines_of(brief)
        finally:
            await other.close()

    found, waits_for, lines = asyncio.get_event_loop().run_until_complete(again())
    assert (found, waits_for) == (span, IN)
    assert lines == signed.lines, "nothing has happened in between"
    desk.wait_until(lambda: panel.shift.waits_for == DONE)


def plan_of(desk: DeskUnderTest, folder: Path, *more: list[object]) -> Path:
    """A plan of today: p1 now and all day, led by somebody with a number; p2 a turn with nobody in it."""
    book = openpyxl.Workbook()
    day = f"{local(desk.app.clock.now(), 480):%Y-%m-%d}"
    for row in (
        ["日期", "开始", "结束", "呼号", "岗位", "带班", "电话", "组员"],
        [day, "00:00", "00:00", "警01", "北门", "王五", "13800001111", "赵六"],
        [day, "00:00", "00:00", "警02", "", "", "", ""],
        *more,
    ):
        book.active.append(row)
    path = folder / "plan.xlsx"
    book.save(path)
    return path


def test_a_plan_is_imported_shown_with_its_faults_and_proposes(
    desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path
) -> None:
    desk.do(cmd.SetUnitStatus("p1", "off_duty"))
    keys(panel, "2")
    panel.read_plan(plan_of(desk, tmp_path))
    desk.wait_until(lambda: len(desk.bridge.desk.duty) == 2 and len(panel.view.rows) == 3)
    assert "王**" in panel.view.rows[1].second + panel.view.rows[2].second
    assert "13800001111" not in "".join(row.second for row in panel.view.rows)
    assert any(row.aside == "无人" for row in panel.view.rows)
    assert desk.bridge.desk.units["p1"].duty == "off_duty", "a plan signs nobody on by itself"
    keys(panel, "o")
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].duty == "available")


def test_a_turn_is_signed_on_and_off_by_keys(desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path) -> None:
    keys(panel, "2")
    panel.read_plan(plan_of(desk, tmp_path))
    desk.wait_until(lambda: len(panel.view.rows) == 3)
    turn: DutyTurn = desk.bridge.desk.duty[0]
    key = next(row.key for row in panel.view.rows if row.key[0] == "turn" and "/p1/" in row.key[1])
    panel.view.go_to(key)
    keys(panel, "+")
    officers = desk.bridge.desk.officers
    desk.wait_until(lambda: {ref for ref, officer in officers.items() if officer.on_duty} == set(turn.people))
    keys(panel, "-")
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].duty == "off_duty")
    desk.wait_until(lambda: not any(officer.on_duty for officer in desk.bridge.desk.officers.values()))
    assert desk.app.shifts.rest_ms("p1", desk.app.clock.now() + HOUR) is not None


def test_a_number_is_shown_with_its_purpose_in_the_journal(
    desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path
) -> None:
    keys(panel, "2")
    panel.read_plan(plan_of(desk, tmp_path))
    desk.wait_until(lambda: len(panel.view.rows) == 3)
    panel.view.go_to(next(row.key for row in panel.view.rows if "/p1/" in row.key[1]))
    keys(panel, "r")
    QTest.keyClicks(panel.line, "nobody answers at the gate")
    QTest.keyClick(panel.line, Key.Key_Return)
    desk.wait_until(lambda: "13800001111" in panel.told.text)
    records = desk.run(desk.app.journal.call(lambda journal: journal.read(0, 1_000)))
    revealed = [record.event for record in records if record.event.TYPE == "officer.revealed"]
    assert {event.purpose for event in revealed} == {"nobody answers at the gate"}  # type: ignore[attr-defined]
    assert panel.told.text.startswith("警01 北门：")
    assert panel.told.isVisible()
    panel.view.go_to(next(row.key for row in panel.view.rows if "/p2/" in row.key[1]))
    assert not panel.told.isVisible(), "they are not the people of the turn that is looked at now"


def test_a_wrong_plan_changes_nothing_and_says_every_fault(
    desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path
) -> None:
    keys(panel, "2")
    panel.read_plan(plan_of(desk, tmp_path))
    desk.wait_until(lambda: len(desk.bridge.desk.duty) == 2)
    before = desk.bridge.desk.duty
    panel.read_plan(plan_of(desk, tmp_path, ["never", "08:00", "20:00", "警99", "", "", "x", ""]))
    desk.wait_until(lambda: len(panel.importing.faults) == 3)
    assert desk.bridge.desk.duty == before
    desk.wait_until(lambda: any("警99" in title for title in titles(panel)))


def test_a_missed_point_is_ticked_by_hand_with_a_reason(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    keys(panel, "3")
    assert panel.brief is not None
    rounds = desk.app.shifts.rounds(panel.brief.span.begins_at, panel.brief.span.ends_at)
    if not rounds:
        pytest.skip("no round of the demo plan lies in the present shift")
    each = rounds[0]
    point, unit = each.plan.points[0], each.plan.unit
    watch = cmd.Context("patrol_watch", SYSTEM, "desk-1", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.MissPatrolPoint(each.id, point, unit), watch))
    rested(desk, panel)
    panel.view.go_to(("patrol", f"{each.id}:{point}"))
    keys(panel, "h")
    QTest.keyClicks(panel.line, "seen by radio")
    QTest.keyClick(panel.line, Key.Key_Return)
    desk.wait_until(lambda: desk.bridge.desk.patrols[each.id].of(point).by == "hand")  # type: ignore[union-attr]


def test_a_point_of_a_round_that_is_over_is_ticked_afterwards_and_no_desk_judges_what_it_did_not_see(
    desk: DeskUnderTest, panel: ShiftPanel
) -> None:
    ended = desk.app.shifts.rounds(0, desk.app.clock.now())[-1]
    rounds, records = [ended], desk.bridge.desk.patrols
    after = ended.ends_at + HOUR
    rows = patrol_rows(panel._words, rounds, records, after, 5 * MIN)
    assert [row.aside for row in rows if row.kind == "row"] == ["席位未开，不判"] * len(ended.plan.points)
    assert rows[1].title.endswith(f"未看 {len(ended.plan.points)}")
    mark = PatrolMark(ended.plan.points[0], ended.plan.unit, after, BY_HAND, "seen by radio")
    records = {ended.id: PatrolRecord(ended.id, (mark,))}
    assert [tick_time(ended, at) for at in (ended.begins_at - 1, ended.begins_at, ended.ends_at)] == [
        "early",
        "placeholder",
        "late",
    ]
    rows = patrol_rows(panel._words, rounds, records, after, 5 * MIN)
    assert "事后补签" in next(row.aside for row in rows if row.kind == "row")
    assert f"0/{len(ended.plan.points)}，漏 0，事后补签 1" in rows[1].title
    in_time = [row.aside for row in patrol_rows(panel._words, rounds, {}, ended.ends_at, 5 * MIN)]
    assert "待到" in in_time, "within the grace it may still be written"


def test_a_round_that_has_not_begun_is_not_ticked(desk: DeskUnderTest, panel: ShiftPanel) -> None:
    now = desk.app.clock.now()
    span = desk.app.shifts.running_span(now)
    coming = [each for each in desk.app.shifts.rounds(now, span.ends_at) if each.begins_at > now + MIN]
    if not coming:
        pytest.skip("no round of the demo plan begins in what is left of the shift")
    keys(panel, "3")
    panel.view.go_to(("patrol", f"{coming[-1].id}:{coming[-1].plan.points[0]}"))
    keys(panel, "h")
    assert not panel.line.isVisible()
    assert "还没有开始" in panel.refusal.text


def test_what_was_revealed_goes_after_a_while(desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path) -> None:
    keys(panel, "2")
    panel.read_plan(plan_of(desk, tmp_path))
    desk.wait_until(lambda: len(panel.view.rows) == 3)
    panel.view.go_to(next(row.key for row in panel.view.rows if "/p1/" in row.key[1]))
    keys(panel, "r")
    QTest.keyClicks(panel.line, "gate")
    QTest.keyClick(panel.line, Key.Key_Return)
    desk.wait_until(lambda: "13800001111" in panel.told.text)
    shown, now = panel.view.current_key[1], desk.app.clock.now()
    panel.revealing.keep(shown, now + SHOWN_MS // 2)
    assert panel.told.isVisible()
    panel.revealing.keep(shown, now + SHOWN_MS + 1_000)
    assert not panel.told.isVisible()
    assert "13800001111" not in panel.told.text
