"""A duty plan out of Excel and CSV: what is right is taken whole, what is wrong is told cell by cell and not at all."""

from __future__ import annotations

import zipfile
from datetime import date, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import ConfigError
from app.geo.importing.duty_plan import read_duty_plan
from app.geo.importing.faults import ImportFault, RowsRefused
from app.i18n import Language, set_language

UNITS = {"警01": "p1", "Police 01": "p1", "p1": "p1", "联巡02": "j2"}
STARTS = (8 * 3_600_000, 20 * 3_600_000)
HOUR = 3_600_000
MIDNIGHT = 1_795_276_800_000
"""2026-11-22 in China."""


def excel(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_an_excel_sheet_with_dates_and_times_as_excel_keeps_them(tmp_path: Path) -> None:
    file = excel(
        tmp_path / "plan.xlsx",
        ["值班日期", "开始时间", "结束时间", "呼号", "岗位", "带班人", "手机号", "组员"],
        [date(2026, 11, 22), time(8, 0), time(20, 0), "警01", "", "张三", "13800001111", "李四、王五"],
        ["2026/11/22", "20:00", "08:00", "police 01", "北门", "赵六", "", ""],
    )
    plan = read_duty_plan(file, UNITS, STARTS)
    day, night = plan.turns
    assert (day.begins_at, day.ends_at) == (MIDNIGHT + 8 * HOUR, MIDNIGHT + 20 * HOUR)
    assert (day.unit, day.leader, day.phone, day.members) == ("p1", "张三", "13800001111", ("李四", "王五"))
    assert (night.begins_at, night.ends_at, night.unit) == (MIDNIGHT + 20 * HOUR, MIDNIGHT + 32 * HOUR, "p1")
    assert (plan.since, plan.until) == (MIDNIGHT, MIDNIGHT + 24 * HOUR)


def test_names_in_gbk_and_shifts_by_word(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(
        "日期,班次,力量,负责人\n2026年11月22日,白班,联巡02,欧阳靖\n2026-11-22,夜班,警01,龑\n".encode(
            "gb18030"
        )
    )
    day, night = read_duty_plan(file, UNITS, STARTS).turns
    assert (day.leader, night.leader) == ("欧阳靖", "龑")
    assert (day.begins_at, night.begins_at) == (MIDNIGHT + 8 * HOUR, MIDNIGHT + 20 * HOUR)


def test_every_wrong_cell_is_told_with_its_row_and_nothing_is_taken(tmp_path: Path) -> None:
    file = excel(
        tmp_path / "plan.xlsx",
        ["日期", "班次", "开始", "结束", "呼号", "岗位", "电话"],
        ["2026-13-40", "白班", "", "", "警01", "", ""],
        ["2026-11-22", "中班", "", "", "警99", "", "call me"],
        ["2026-11-22", "", "25:61", "08:00", "", "", ""],
        ["2026-11-22", "白班", "", "", "警01", "", ""],
        ["2026-11-22", "白班", "", "", "p1", "", ""],
    )
    with pytest.raises(RowsRefused) as refused:
        read_duty_plan(file, UNITS, STARTS)
    told = {(fault.row, fault.column) for fault in refused.value.faults}
    rows = sorted({row for row, _ in told})
    assert len(rows) == 4, "rows 2, 3, 4 and 6; the fifth is right"
    assert {column for _, column in told} == {"日期", "班次", "开始", "呼号", "电话"}


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (["日期", "呼号"], "duty_no_hours"),
        (["日期", "班次"], "duty_no_place"),
        (["班次", "呼号"], "missing_columns"),
    ],
)
def test_a_column_that_is_missing_is_told(tmp_path: Path, header: list[object], key: str) -> None:
    with pytest.raises(ImportFault) as fault:
        read_duty_plan(excel(tmp_path / "plan.xlsx", header, ["x"] * len(header)), UNITS, STARTS)
    assert fault.value.key == key


def test_a_table_without_headers_is_not_read_out(tmp_path: Path) -> None:
    file = excel(tmp_path / "plan.xlsx", ["2026-11-22", "白班", "警01", "张三", "13800001111"])
    with pytest.raises(ImportFault, match=r"第一行不是列名.*日期") as fault:
        read_duty_plan(file, UNITS, STARTS)
    assert not any(said in str(fault.value) for said in ("张三", "13800001111"))


def test_what_is_wrong_about_people_is_told_without_repeating_it(tmp_path: Path) -> None:
    people = "、".join(f"赵{number}" for number in range(31))
    file = excel(
        tmp_path / "plan.xlsx",
        ["日期", "班次", "呼号", "带班", "电话", "组员"],
        ["2026-11-22", "白班", "警01", "张" * 201, "1380000111l", people],
    )
    with pytest.raises(RowsRefused) as refused:
        read_duty_plan(file, UNITS, STARTS)
    assert {fault.column for fault in refused.value.faults} == {"带班", "电话", "组员"}
    assert not any(fault.value for fault in refused.value.faults)
    assert "138" not in str(refused.value)


def test_a_title_above_the_header_is_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    title: list[object] = ["望浦街道 2026 年 11 月值班表"]
    header: list[object] = ["日期", "班次", "呼号"]
    right: list[object] = ["2026-11-22", "白班", "警01"]
    plan = read_duty_plan(excel(tmp_path / "plan.xlsx", title, header, right), UNITS, STARTS)
    assert [turn.unit for turn in plan.turns] == ["p1"]
    with pytest.raises(RowsRefused, match=r"第 4 行.*警99.*力量列表"):
        read_duty_plan(
            excel(tmp_path / "wrong.xlsx", title, header, right, ["2026-11-22", "夜班", "警99"]),
            UNITS,
            STARTS,
        )


@pytest.mark.parametrize(("spoken", "said"), [("zh_CN", "白班、夜班"), ("en", "day, night")])
def test_what_may_be_written_is_said_in_the_language_of_the_desk(
    tmp_path: Path, spoken: Language, said: str
) -> None:
    file = excel(tmp_path / "plan.xlsx", ["日期", "班次", "呼号"], ["2026-11-22", "中班", "警01"])
    set_language(spoken)
    try:
        with pytest.raises(RowsRefused, match=said) as refused:
            read_duty_plan(file, UNITS, STARTS)
    finally:
        set_language("zh_CN")
    assert ("白班" in str(refused.value)) == ("day" not in str(refused.value))


def test_an_empty_sheet_and_one_with_a_header_alone(tmp_path: Path) -> None:
    for rows in ([], [["日期", "班次", "呼号"]]):
        with pytest.raises(ImportFault):
            read_duty_plan(excel(tmp_path / "plan.xlsx", *rows), UNITS, STARTS)


def test_what_is_no_workbook_is_refused_by_name(tmp_path: Path) -> None:
    for name, content in (
        ("a.xlsx", b"no zip"),
        ("b.xlsx", b"PK\x03\x04"),
        ("c.xls", b"\xd0\xcf"),
        ("d.csv", b"\0\xff"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImportFault, match=name):
            read_duty_plan(tmp_path / name, UNITS, STARTS)
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ImportFault, match=r"e\.xlsx"):
        read_duty_plan(tmp_path / "e.xlsx", UNITS, STARTS)


CELL = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40),
    st.integers(-(10**12), 10**12),
    st.floats(),
    st.booleans(),
    st.sampled_from(["=1+1", "2026-11-22", "白班", "警01", "0x41", "31/12/9999", "١٢:٣٠"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, min_size=7, max_size=7), min_size=1, max_size=5))
def test_any_cells_are_taken_or_refused_and_nothing_else(tmp_path: Path, rows: list[list[object]]) -> None:
    header: list[object] = ["日期", "班次", "开始", "结束", "呼号", "带班", "组员"]
    try:
        file = excel(tmp_path / "any.xlsx", header, *rows)
    except ValueError:  # Excel itself cannot hold it
        return
    try:
        plan = read_duty_plan(file, UNITS, STARTS)
    except ConfigError:
        return
    assert all(
        turn.ends_at > turn.begins_at and plan.since <= turn.begins_at < plan.until + 2 * 24 * HOUR
        for turn in plan.turns
    )
