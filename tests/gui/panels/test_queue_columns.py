"""The columns of the queue: which are shown at which width, what the due one says, what is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.queue_desk import fill, texts
from widgets.models.incident_queue import clock_texts
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.row_delegate import padded
from widgets.style import tokens

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (272, ["priority", "title", "clock"]),
        (384, ["priority", "title", "age", "clock"]),
        (460, ["priority", "title", "status", "age", "clock"]),
        (640, ["priority", "title", "grid", "status", "age", "clock", "units"]),
    ],
)
def test_columns_by_need(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot, width: int, columns: list[str]
) -> None:
    fill(desk, 1)
    panel.resize(width, 500)
    assert panel.view.fit.shown() == columns
    header = panel.view.horizontalHeader()
    assert header.length() == panel.view.viewport().width()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [272, 384])
def test_the_due_column_always_says_step_and_time(
    desk: DeskUnderTest, panel: IncidentQueuePanel, width: int, language: str
) -> None:
    """Overdue rows too: what is late without a word for it is not acted on."""
    set_language(language)
    fill(desk, 1)
    panel.resize(width, 500)
    panel.retranslate()
    column = panel.queue.column_number("clock")
    row = panel.queue.row_at(0)
    clock = row.clock
    assert clock is not None
    room = padded(QRect(0, 0, panel.view.columnWidth(column), 28)).width() - tokens().px(16)
    for late_s in (-900, 104, 3_599, 46_000, 160_000):
        says, _ = clock_texts(clock, clock.due_at + 1000 * late_s)
        assert panel.delegate.width_px(says) <= room
        assert panel.delegate._fitting(says, panel.delegate.width_px(says), strong=False) == says


def test_a_row_that_was_handed_over_says_for_how_long(desk: DeskUnderTest, panel: IncidentQueuePanel) -> None:
    """The desk's clocks stand with the hand-over; what goes on is that a department has it, and may not know of it."""
    fill(desk, 1)
    desk.do(cmd.AcceptIncident("i0"), cmd.HandOverIncident("i0", "城管中队", "占道"))
    handed_over_at = desk.bridge.desk.incidents["i0"].handed_over_at
    assert handed_over_at is not None
    panel.queue.set_now(handed_over_at + 90_000)
    column = panel.queue.column_number("clock")
    assert texts(panel, "clock") == ["移交 01:30"]
    tip = panel.queue.data(panel.queue.index(0, column), Qt.ItemDataRole.ToolTipRole)
    assert "城管中队" in tip
    assert "尚未确认" in tip


def test_drawn_widths_are_kept(desk: DeskUnderTest, panel: IncidentQueuePanel) -> None:
    panel.resize(700, 500)
    header, grid = panel.view.horizontalHeader(), panel.queue.column_number("grid")
    header.resizeSection(grid, 110)
    header.moveSection(header.visualIndex(grid), 0)
    panel.queue.sort(panel.queue.column_number("status"))
    kept = panel.view.layout_state()
    other = IncidentQueuePanel(desk.bridge)
    other.resize(700, 500)
    other.view.restore_layout(kept)
    other.show()
    assert other.view.horizontalHeader().sectionSize(grid) == 110
    assert other.view.fit.shown()[0] == "grid"
    assert other.queue.sorted_by == "status"
    other.close()
    other.deleteLater()


@pytest.mark.parametrize(
    ("text", "ends"), [("Doushi residential 7", "7"), ("Fire in a shop", "…"), ("A" * 40 + "7", "…")]
)
def test_a_name_that_is_cut_keeps_the_number_that_tells_it_apart(
    panel: IncidentQueuePanel, text: str, ends: str
) -> None:
    shown = panel.delegate._fitting(text, 60, strong=False)
    assert "…" in shown
    assert shown.endswith(ends)


def test_a_name_is_never_written_without_its_space(panel: IncidentQueuePanel) -> None:
    """Where only the space before the number has no room, "Doushi Grid1" would be another name."""
    text = "Doushi Grid 1"
    for width_px in range(30, panel.delegate.width_px(text)):
        shown = panel.delegate._fitting(text, width_px, strong=False)
        assert "…" in shown
        assert panel.delegate.width_px(shown) <= width_px or shown == "…1"
