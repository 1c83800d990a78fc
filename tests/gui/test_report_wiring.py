"""While a report is typed, a click on the ground of the map says where it is; otherwise a click is a look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPointF

from tests.gui.conftest import DeskUnderTest
from widgets.console import Console


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1366, 768)
    console.show()
    desk.wait_until(lambda: console.dock("map").is_filled)
    yield console
    console.shut_down()
    console.deleteLater()


def test_a_click_on_the_ground_is_the_reports_place_while_it_is_typed(
    desk: DeskUnderTest, console: Console
) -> None:
    panel: Any = console.panel("map")
    view = panel.view
    at = QPointF(view.rect().center()) + QPointF(-90, 40)
    view.click_at(at, double=False)
    form = console.report_sheet
    assert form.point is None, "nothing was being typed"
    console.take_report()
    view.click_at(at, double=False)
    assert form.point == view.lat_lon_at(at)
    assert form.where.hasFocus()
    form.dismiss()
    view.click_at(at + QPointF(30, 0), double=False)
    assert form.point == view.lat_lon_at(at)
