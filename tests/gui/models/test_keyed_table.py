"""The keyed table against its definition: whatever was put and dropped, it shows sorted(filter(rows))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from widgets.models import keyed_table
from widgets.models.columns import Column
from widgets.models.keyed_table import ROW_SIGNALS_MOST, KeyedTableModel

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@dataclass(frozen=True)
class Row:
    weight: int
    name: str = ""
    open: bool = True


COLUMNS = (
    Column("weight", "common.all", lambda row, _now: str(row.weight), lambda row: row.weight),
    Column("name", "common.all", lambda row, _now: row.name, lambda row: row.name, align="right"),
    Column("age", "common.all", lambda row, now: str(now - row.weight), lambda row: -row.weight, ticks=True),
)
FILTERS: tuple[Callable[[Row], bool] | None, ...] = (None, lambda row: row.open, lambda row: row.weight > 2)

rows = st.builds(Row, st.integers(0, 5), st.sampled_from("abc"), st.booleans())
keys = st.integers(0, 40)
steps = st.one_of(
    st.tuples(st.just("put"), st.dictionaries(keys, rows, max_size=30)),
    st.tuples(st.just("put"), st.dictionaries(keys, rows, max_size=2)),
    st.tuples(st.just("drop"), st.lists(keys, max_size=20)),
    st.tuples(st.just("drop"), st.lists(keys, max_size=2)),
    st.tuples(st.just("sort"), st.tuples(st.integers(0, 2), st.sampled_from([UP, DOWN]))),
    st.tuples(st.just("filter"), st.integers(0, 2)),
    st.tuples(st.just("hold"), st.none()),
    st.tuples(st.just("release"), st.none()),
)


class Oracle:
    """What the table must show, said the slow way."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.column, self.order = COLUMNS[0], UP
        self.passes: Callable[[Row], bool] | None = None

    def put(self, new: dict[int, Row]) -> None:
        self.rows |= new

    def drop(self, gone: list[int]) -> None:
        for key in gone:
            self.rows.pop(key, None)

    def sort(self, how: tuple[int, Qt.SortOrder]) -> None:
        self.column, self.order = COLUMNS[how[0]], how[1]

    def filter(self, number: int) -> None:
        self.passes = FILTERS[number]

    def shown(self) -> list[int]:
        kept = [key for key, row in self.rows.items() if self.passes is None or self.passes(row)]
        kept.sort(key=lambda key: self.column.sort_key(self.rows[key]))
        return kept[::-1] if self.order == DOWN else kept


def take(model: KeyedTableModel[int, Row], oracle: Oracle, step: tuple[str, object]) -> None:
    name, argument = step
    if name in ("hold", "release"):
        getattr(model, name)()
        return
    getattr(oracle, name)(argument)
    match name, argument:
        case "sort", (column, order):
            model.sort(column, order)
        case "filter", int(number):
            passes = FILTERS[number]
            model.set_filter(passes, None if passes is None else lambda many: [passes(row) for row in many])
        case _:
            getattr(model, name)(argument)


def strictly_tested(model: KeyedTableModel[int, Row]) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


@pytest.fixture(params=[None, 3], ids=["thresholds as they are", "thresholds small"])
def thresholds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ways for large batches, tried with small ones too."""
    if request.param is not None:
        for name in ("ROW_SIGNALS_MOST", "REPAINT_SINGLY_MOST", "WHOLE_LEAST"):
            monkeypatch.setattr(keyed_table, name, request.param)


@pytest.mark.usefixtures("thresholds")
@given(st.lists(steps, max_size=14))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shows_what_its_definition_says(qapp: object, story: list[tuple[str, object]]) -> None:
    model, oracle = KeyedTableModel[int, Row](COLUMNS, "weight"), Oracle()
    tester = strictly_tested(model)
    view = QTableView()
    view.setModel(model)
    tracked = {}
    for step in story:
        take(model, oracle, step)
        for row, key in enumerate(model.keys()):
            assert model.row_of(key) in (row, -1)
            assert model.key_at(row) == key
        for key, index in tracked.items():
            if index.isValid() and model.row_of(key) >= 0:
                assert model.key_at(index.row()) == key
        tracked = {model.key_at(row): persistent(model, row) for row in range(0, model.rowCount(), 3)}
        if not model.held:
            assert model.keys() == oracle.shown()
            assert [model.row_at(row) for row in range(model.rowCount())] == [
                oracle.rows[k] for k in oracle.shown()
            ]
    model.release()
    assert model.keys() == oracle.shown()
    assert model.waiting == ()
    del tester
    view.setModel(None)
    view.deleteLater()


def persistent(model: KeyedTableModel[int, Row], row: int) -> object:
    from PySide6.QtCore import QPersistentModelIndex

    return QPersistentModelIndex(model.index(row, 0))


@given(st.lists(steps.filter(lambda step: step[0] in ("put", "drop")), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_while_held_nothing_moves(qapp: object, story: list[tuple[str, object]]) -> None:
    model, oracle = KeyedTableModel[int, Row](COLUMNS, "weight"), Oracle()
    take(model, oracle, ("put", {key: Row(key % 4) for key in range(10)}))
    before = model.keys()
    model.hold()
    for step in story:
        take(model, oracle, step)
        assert model.keys() == before
        assert set(model.waiting) == set(oracle.shown()) - (set(before) & shown_since_before(model, before))
        for key in set(before) & set(oracle.rows):
            if model.row_of(key) >= 0:
                assert model.row_at(model.row_of(key)) == oracle.rows[key]
    model.release()
    assert model.keys() == oracle.shown()


def shown_since_before(model: KeyedTableModel[int, Row], before: list[int]) -> set[int]:
    """Keys whose row of before is still the live one: dropped and put again is a new row, which waits."""
    return {key for key in before if model.row_of(key) >= 0}


@pytest.fixture
def model(qapp: object) -> KeyedTableModel[int, Row]:
    return KeyedTableModel[int, Row](COLUMNS, "weight")


@pytest.mark.parametrize("count", [3, ROW_SIGNALS_MOST + 5])
def test_selection_follows_its_row(qtbot: QtBot, model: KeyedTableModel[int, Row], count: int) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    model.put({key: Row(key) for key in range(100, 120)})
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().setCurrentIndex(model.index(model.row_of(107), 0), flags)
    model.put({key: Row(0) for key in range(count)})
    assert model.key_at(view.currentIndex().row()) == 107
    assert [model.key_at(index.row()) for index in view.selectionModel().selectedRows()] == [107]
    model.sort(0, DOWN)
    assert model.key_at(view.currentIndex().row()) == 107


def test_change_in_place_repaints_only_its_row(qtbot: QtBot, model: KeyedTableModel[int, Row]) -> None:
    model.put({key: Row(key) for key in range(5)})
    structure = [model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.layoutChanged]
    heard: list[str] = []
    for signal in structure:
        signal.connect(lambda *_args: heard.append("structure"))
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.put({3: Row(3, "new")})
    assert (changed.args[0].row(), changed.args[1].row()) == (3, 3)
    assert heard == []


def test_small_batches_move_rows_and_large_ones_change_the_layout_once(
    model: KeyedTableModel[int, Row],
) -> None:
    model.put({key: Row(key) for key in range(200)})
    heard: list[str] = []
    model.rowsMoved.connect(lambda *_args: heard.append("moved"))
    model.layoutChanged.connect(lambda *_args: heard.append("layout"))
    model.put({5: Row(150)})
    assert heard == ["moved"]
    model.put({key: Row(300 + key) for key in range(50, 80)})
    assert heard == ["moved", "layout"]


def test_clock_repaints_ticking_columns_of_visible_rows_only(
    qtbot: QtBot, model: KeyedTableModel[int, Row]
) -> None:
    model.put({key: Row(key) for key in range(50)})
    heard: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(lambda a, b: heard.append((a.row(), b.row(), a.column(), b.column())))
    model.set_now(1000, range(10, 20))
    assert heard == [(10, 19, 2, 2)]
    assert model.data(model.index(12, 2)) == "988"
    model.set_now(1001, range(45, 60))
    assert heard[-1] == (45, 49, 2, 2)


def test_new_rows_wait_and_are_counted_while_held(qtbot: QtBot, model: KeyedTableModel[int, Row]) -> None:
    model.set_filter(FILTERS[1])
    model.put({1: Row(1), 2: Row(2)})
    model.hold()
    with qtbot.waitSignal(model.waiting_changed):
        model.put({3: Row(0), 4: Row(0, open=False)})
    assert model.keys() == [1, 2]
    assert model.waiting == (3,)
    model.put({2: Row(0, "changed")})
    assert model.row_at(1) == Row(0, "changed")
    with qtbot.waitSignal(model.waiting_changed):
        model.release()
    assert model.keys() == [2, 3, 1]


def test_replace_all_forgets_the_rest(model: KeyedTableModel[int, Row]) -> None:
    model.put({key: Row(key) for key in range(20)})
    model.replace_all({3: Row(1), 30: Row(0)})
    assert model.keys() == [30, 3]
    assert (model.total, model.shown_count) == (2, 2)
    assert model.get(7) is None
