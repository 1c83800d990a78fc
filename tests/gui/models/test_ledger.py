"""The ledger as a table: every facet narrows, pages follow the clock, groups keep their figures and their places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.domain.incident_parts import Link
from app.projections.case_handling import Handling
from tests.gui.models.ledger_samples import DAY, DAYS, HOUR, NOW, closed, incident, names, rows
from widgets.models.civil_days import PERIODS, CivilDays
from widgets.models.handbook import Handbook
from widgets.models.ledger import GROUPINGS, LedgerModel, figures_of
from widgets.models.ledger_columns import COLUMN, COLUMNS, SHOWN_FIRST
from widgets.models.ledger_filter import (
    FACET,
    FACETS,
    NONE,
    TABS,
    LedgerFilter,
    LedgerMask,
    filter_from_plain,
    value_name,
    values_of,
)

PLAIN = incident("a", grid="g1", address="解放路 18 号", description="第三层有人喊救命")
RICH = closed(
    "b", NOW - 40 * DAY, 90, incident_type="fire", priority=1, grid="g2", department="绿化所", returned=2,
    attended=("p1", "p2"), source_ids=("12345:b", "grid:b"), supervised_at=NOW, reopened=1, escalated_to="county",
    feedback="树枝已锯除", links=(Link("a", "related"),),
)  # fmt: skip
NOTED = Handling("b", "王值班", "供电所同意停电", NOW - HOUR)


def shown(wanted: LedgerFilter) -> str:
    made = rows(PLAIN, RICH, handlings=(NOTED,))
    return "".join(key for key, row in made.items() if LedgerMask(wanted, NOW, DAYS).passes(row))


FOUND = [
        ("status", "reported", "a"), ("status", "closed", "b"), ("priority", "1", "b"), ("type", "fire", "b"),
        ("type", "crowd", "a"), ("department", "绿化所", "b"), ("department", NONE, "a"), ("grid", "g1", "a"),
        ("community", "c1", "a"), ("community", NONE, "b"), ("unit", "p2", "b"), ("unit", NONE, "a"),
        ("officer", "王值班", "b"), ("source", "grid", "b"), ("source", "110", "a"), ("outcome", "resolved", "b"),
        ("mark", "returned", "b"), ("mark", "supervised", "b"), ("mark", "reopened", "b"), ("mark", "escalated", "b"),
        ("mark", "open", "a"), ("late", "accept", "ab"), ("late", "arrive", "b"),
]  # fmt: skip


@pytest.mark.parametrize(("facet", "value", "found"), FOUND)
def test_every_facet_narrows(facet: str, value: str, found: str) -> None:
    assert shown(LedgerFilter(chosen={facet: frozenset({value})})) == found
    assert values_of(FACET[facet], rows(PLAIN, RICH, handlings=(NOTED,)).values(), NOW)[value] == len(found)


def test_the_owner_is_a_facet_and_every_facet_has_been_tried() -> None:
    owner = FACET["owner"].of(rows(RICH)["b"], NOW)
    assert shown(LedgerFilter(chosen={"owner": frozenset(owner)})) == "b"
    assert {facet for facet, _, _ in FOUND} | {"owner"} == {facet.id for facet in FACETS}


def test_values_of_one_facet_are_any_and_facets_are_all() -> None:
    both = {"status": frozenset({"reported", "closed"})}
    assert shown(LedgerFilter(chosen=both)) == "ab"
    assert shown(LedgerFilter(chosen=both | {"priority": frozenset({"1"})})) == "b"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("解放路", "a"), ("救命", "a"), ("东一", "a"), ("20261118-B", "b"), ("锯除", "b"), ("停电 王值班", "b"),
        ("警02", "b"), ("绿化 火", "b"), ("绿化 解放路", ""), ("", "ab"),
    ],
)  # fmt: skip
def test_words_are_found_wherever_they_stand(text: str, found: str) -> None:
    assert shown(LedgerFilter(text=text)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (LedgerFilter(period="today"), "a"), (LedgerFilter(period="yesterday"), ""),
        (LedgerFilter(since="2026-11-18"), "a"), (LedgerFilter(until="2026-11-17"), "b"),
        (LedgerFilter(since="2026-10-09", until="2026-10-09"), "b"), (LedgerFilter(since="2026-11-19"), ""),
    ],
)  # fmt: skip
def test_days_of_report_are_the_centres_days(wanted: LedgerFilter, found: str) -> None:
    assert shown(wanted) == found


def test_periods_begin_and_end_at_the_centres_midnight() -> None:
    midnight = NOW - 12 * HOUR
    assert {name: (DAYS.period(name).since - midnight) // DAY for name in PERIODS} == {
        "today": 0, "yesterday": -1, "this_week": -2, "last_week": -9, "last_7_days": -6, "this_month": -17,
        "last_30_days": -29,
    }  # fmt: skip
    assert DAYS.period("last_week").until == DAYS.period("this_week").since
    assert CivilDays(NOW + 12 * HOUR - 1, 480) == DAYS != CivilDays(NOW + 12 * HOUR, 480)
    sunday = CivilDays(NOW + 4 * DAY, 480)
    assert sunday.week == DAYS.week != CivilDays(NOW + 5 * DAY, 480).week


# -- the worker's handbook ---------------------------------------------------------------------------------------------


def handbook() -> dict[str, str]:
    old = NOW - 300 * DAY
    made = rows(
        incident("now"),
        incident("monday", opened_at=NOW - 2 * DAY, status="handed_over", handed_over_at=NOW),
        incident("late", opened_at=NOW - 30 * DAY),
        incident("told", opened_at=NOW - 30 * DAY, status="reported_back", reported_back_at=NOW),
        closed("done", old, 30),
    )
    pages = {
        tab: " ".join(
            key for key, row in made.items() if LedgerMask(LedgerFilter(tab=tab), NOW, DAYS).passes(row)
        )
        for tab in TABS
    }
    counts = Handbook(DAYS, made).counts(NOW)
    assert counts == {tab: len(pages[tab].split()) for tab in TABS[1:]}
    return pages


def test_each_page_of_the_handbook_holds_what_is_to_be_done_and_counts_it() -> None:
    assert handbook() == {
        "all": "now monday late told done",
        "today": "now",
        "week": "now monday",
        "overdue": "now late told",
        "waiting": "told",
    }


def test_the_counts_follow_every_change() -> None:
    one = incident("x", opened_at=NOW - HOUR)
    book = Handbook(DAYS, rows(one))
    book.put(rows(incident("y", status="reported_back", reported_back_at=NOW, opened_at=NOW - 60 * DAY)))
    assert book.counts(NOW)["waiting"] == 1
    due = rows(one)["x"].due_at
    assert book.counts(int(due))["overdue"] + 1 == book.counts(int(due) + 1)["overdue"]
    book.put(rows(replace(one, status="closed", closed_at=NOW)))
    book.drop(["y", "unknown"])
    assert book.counts(NOW + 90 * DAY) == {"today": 1, "week": 1, "overdue": 0, "waiting": 0}


# -- columns -----------------------------------------------------------------------------------------------------------


def test_the_handbook_says_key_point_progress_and_the_feedback_before_the_close() -> None:
    row = rows(RICH, handlings=(NOTED,))["b"]
    said = {name: COLUMN[name].text(row, NOW) for name in COLUMN}
    assert said["key"] == "事件 b · 供电所同意停电"
    assert said["progress"] == "7/7 已结案"
    assert said["feedback"].endswith("树枝已锯除")
    assert (said["responsible"], said["officer"], said["returned"]) == ("绿化所", "王值班", "2")
    assert said["handled"] == "1时30分"
    assert said["opened"] == "2026-10-09 12:00"
    without = replace(RICH, reported_back_at=None)
    assert COLUMN["feedback"].text(rows(without)["b"], NOW) == "结案前无反馈"


def test_every_column_and_every_value_has_words_and_an_order() -> None:
    made = list(rows(PLAIN, RICH, handlings=(NOTED,)).values())
    for column in COLUMNS:
        assert len({type(column.text(row, NOW)) for row in made}) == 1
        assert sorted(made, key=column.sort_key)
    for facet in FACETS:
        for value in values_of(facet, made, NOW):
            assert value_name(facet, value, names()), facet.id
    assert {name for shown_first in SHOWN_FIRST.values() for name in shown_first} <= COLUMN.keys()


# -- groups ------------------------------------------------------------------------------------------------------------


def model_of(*incidents: object) -> LedgerModel:
    model = LedgerModel()
    model.set_now(NOW)
    model.put(rows(*incidents))  # type: ignore[arg-type]
    return model


def many() -> LedgerModel:
    ended = [closed(f"c{n}", NOW - DAY * (n + 1), 10 * (n + 1), grid="g1") for n in range(5)]
    return model_of(
        *ended, incident("o1", grid="g2"), incident("o2", grid="g2", opened_at=NOW), incident("o3")
    )


def test_a_group_says_how_many_how_late_and_how_long(qtbot: QtBot) -> None:
    model = many()
    tester = QAbstractItemModelTester(model)
    model.group_by("grid", names())
    assert [(head.name, head.count) for head in model.groups()] == [
        ("东一网格", 5),
        ("西一网格", 2),
        ("（无）", 1),
    ]
    east, west, _ = [head.figures for head in model.groups()]
    assert (east.overdue, east.median_ms) == (0, 30 * 60_000)
    assert (west.overdue, west.median_ms) == (1, None)
    assert model.rowCount() == 3
    assert (model.passing_count, len(model.passing_rows()), model.total) == (8, 8, 8)
    del tester


def test_an_even_number_of_times_has_its_median_between_the_two() -> None:
    made = [row for key, row in rows(closed("x", NOW - DAY, 10), closed("y", NOW - DAY, 20)).items()]
    assert figures_of(made, NOW).median_ms == 15 * 60_000


def test_groups_open_close_sort_and_filter(qtbot: QtBot) -> None:
    model = many()
    tester = QAbstractItemModelTester(model)
    model.group_by("grid", names())
    model.open_groups(["g1"], is_open=True)
    assert model.keys()[:6] == ["group/g1", "c0", "c1", "c2", "c3", "c4"]
    model.sort(model.column_number("handled"), Qt.SortOrder.DescendingOrder)
    assert model.keys()[1:6] == ["c4", "c3", "c2", "c1", "c0"]
    keys = model.keys()
    assert [model.row_of(key) for key in keys] == list(range(model.rowCount()))
    model.apply_filter(LedgerFilter(text="事件 c1"), DAYS)
    assert model.keys() == ["group/g1", "c1"]
    model.apply_filter(LedgerFilter(), DAYS)
    model.put(rows(closed("new", NOW - DAY, 999, grid="g1")))
    assert model.keys()[1] == "new"
    model.drop(["new"])
    model.open_groups(["g1"], is_open=False)
    assert model.keys() == ["group/g1", "group/g2", "group/"]
    model.group_by("", names())
    assert not model.groups()
    assert model.keys() == ["c4", "c3", "c2", "c1", "c0", "o3", "o2", "o1"]
    del tester


@pytest.mark.parametrize("facet", GROUPINGS)
def test_it_can_be_grouped_by(facet: str, qtbot: QtBot) -> None:
    model = many()
    model.group_by(facet, names())
    assert sum(head.count for head in model.groups()) == 8
    assert all(head.name for head in model.groups())


def test_more_letters_ask_only_what_is_shown_and_fewer_ask_all_again(qtbot: QtBot) -> None:
    model = many()
    for text, count in (("事", 8), ("事件 c", 5), ("事件 c1", 1), ("事件", 8), ("没有", 0), ("", 8)):
        model.apply_filter(LedgerFilter(text=text), DAYS)
        assert model.shown_count == count, text


# -- as plain data -----------------------------------------------------------------------------------------------------


def test_a_filter_comes_back_from_plain_data() -> None:
    wanted = LedgerFilter("电线", "week", "", "2026-11-01", "", {"grid": frozenset({"g1", "g2"})})
    assert filter_from_plain(wanted.as_plain()) == wanted


@pytest.mark.parametrize(
    "change", [{"tab": "x"}, {"period": "ever"}, {"since": "yesterday"}, {"chosen": None}]
)
def test_plain_data_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, AttributeError)):
        filter_from_plain(LedgerFilter().as_plain() | change)
