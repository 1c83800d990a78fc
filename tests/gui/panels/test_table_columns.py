"""How a table shares out its width: what tells rows apart is readable at every size of window, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot

from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.dispatch_desk import crowd
from tests.gui.panels.ledger_desk import OpenLedger, fill, ledgers
from widgets.panels.dispatch import DispatchPanel
from widgets.panels.row_delegate import Cell, RowDelegate, padded
from widgets.panels.table_view import KeyedTableView
from widgets.panels.unit_board import UnitBoardPanel

AT_1366, AT_1920 = 377, 410
"""The right dock of the default arrangement in windows so wide; the ledger stands where the map does."""
LEDGER_AT_1366 = 674
STATUSES = (
    "reported", "accepted", "dispatched", "handling", "reported_back", "verified", "closed", "withdrawn",
    "merged", "handed_over",
)  # fmt: skip


def called(view: KeyedTableView, row: Any) -> str:
    """What the column of units writes of a row where it is bold, which is widest."""
    delegate = view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    column = view.table.column_number("unit")
    written: list[str] = []
    fitting = delegate._fitting

    def overheard(text: str, width_px: int, strong: bool) -> str:
        written.append(fitting(text, width_px, strong))
        return written[-1]

    picture = QPixmap(view.columnWidth(column), 28)
    painter = QPainter(picture)
    ink = view.palette().text().color()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delegate, "_fitting", overheard)
        delegate._painters[column](
            delegate, painter, Cell(picture.rect(), row, view.table.now, ink, ink, False, True)
        )
    painter.end()
    return written[0]


@pytest.fixture
def dispatch(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[DispatchPanel]:
    panel = DispatchPanel(desk.bridge)
    panel.resize(AT_1920, 700)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()
    panel.deleteLater()


@pytest.fixture
def opened_ledger(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[OpenLedger]:
    yield from ledgers(desk, qtbot)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_who_could_go_is_called_by_his_whole_name(
    desk: DeskUnderTest, dispatch: DispatchPanel, language: str
) -> None:
    """With reason, time and age of the fix beside it: the reason gives way, not the name."""
    crowd(desk, dispatch)
    set_language(language)
    dispatch.retranslate()
    desk.wait_until(lambda: dispatch.is_settled and dispatch.candidates.rowCount() > 0)
    for width_px in (AT_1366, AT_1920):
        dispatch.resize(width_px, 700)
        assert {"unit", "why", "eta"} <= set(dispatch.view.fit.shown())
        for row in dispatch.candidates.rows():
            assert called(dispatch.view, row) == row.call_sign


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_board_of_units_calls_them_by_their_whole_names(
    desk: DeskUnderTest, qtbot: QtBot, language: str
) -> None:
    set_language(language)
    panel = UnitBoardPanel(desk.bridge)
    panel.show()
    assert panel.board.rowCount() > 0
    for width_px in (AT_1366, AT_1920):
        panel.resize(width_px, 700)
        for row in panel.board.rows():
            assert called(panel.view, row) == row.call_sign
    panel.close()
    panel.deleteLater()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_ledger_says_every_status_in_full(
    desk: DeskUnderTest, opened_ledger: OpenLedger, language: str
) -> None:
    set_language(language)
    fill(desk)
    panel = opened_ledger(width_px=LEDGER_AT_1366)
    room = padded(QRect(0, 0, panel.view.columnWidth(panel.model.column_number("status")), 28)).width()
    metrics = panel.view.fontMetrics()
    assert [
        name
        for name in (tr(f"terms.incident_status.{status}") for status in STATUSES)
        if metrics.horizontalAdvance(name) > room
    ] == []


def test_a_ledger_that_has_room_is_not_scrolled_sideways(
    desk: DeskUnderTest, opened_ledger: OpenLedger
) -> None:
    """Columns that give way by shares give all of what is wanted of them, to the last pixel."""
    fill(desk)
    panel = opened_ledger()
    fit = panel.ledger_view.chosen_fit
    narrowest_px = sum(fit._least_px(column) for column in panel.model.columns if column.id in fit.shown())
    for width_px in range(narrowest_px + 20, narrowest_px + 60):
        panel.resize(width_px, 600)
        assert panel.view.horizontalHeader().length() == panel.view.viewport().width()


def test_columns_that_are_needed_leave_each_other_their_least(
    desk: DeskUnderTest, dispatch: DispatchPanel
) -> None:
    """The reason does not take what the age of the fix needs, nor either what the name is comfortable with."""
    crowd(desk, dispatch)
    columns = {column.id: column for column in dispatch.candidates.columns}
    for width_px in range(330, 640, 10):
        dispatch.resize(width_px, 500)
        widths = {
            name: dispatch.view.columnWidth(dispatch.candidates.column_number(name))
            for name in dispatch.view.fit.shown()
        }
        assert sum(widths.values()) == dispatch.view.viewport().width()
        is_tight = widths["unit"] < columns["unit"].comfort_px(english=False)
        assert not is_tight or widths["why"] == columns["why"].least_px
