"""Owns what several files of panel tests begin with. Must not hold test data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import DeskUnderTest
from widgets.panels.dispatch import DispatchPanel
from widgets.panels.incident_queue import IncidentQueuePanel


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[IncidentQueuePanel]:
    """The incident queue, shown; a file about another panel has its own of this name."""
    panel = IncidentQueuePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 500)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.delegate.pulse.stop()


@pytest.fixture
def dispatch_panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[DispatchPanel]:
    """The dispatch panel, shown."""
    panel = DispatchPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 640)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()
