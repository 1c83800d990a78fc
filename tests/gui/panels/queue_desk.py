"""Owns incidents for tests of the queue, and how its cells read."""

from __future__ import annotations

from tests.gui.conftest import DeskUnderTest
from widgets.panels.incident_queue import IncidentQueuePanel


def fill(desk: DeskUnderTest, count: int = 3, **fields: object) -> None:
    """So many incidents i0, i1, … of the same street."""
    for number in range(count):
        desk.report(f"i{number}", f"占道经营 {number}", priority=3, **fields)


def texts(panel: IncidentQueuePanel, column: str) -> list[str]:
    """A column as it is read, from the top."""
    number = panel.queue.column_number(column)
    return [panel.queue.data(panel.queue.index(row, number)) for row in range(panel.queue.rowCount())]
