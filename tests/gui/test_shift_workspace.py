"""The workspace of the shift in the whole window: its tab, its key, and lines that open their things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from widgets.console import Console

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


@pytest.fixture
def console(desk: DeskUnderTest) -> Iterator[Console]:
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1920, 1080)
    console.show()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    desk.settle()
    yield console
    console.shut_down()
    console.deleteLater()


def test_a_tab_and_a_key_bring_it_up_and_a_line_opens_its_thing(
    desk: DeskUnderTest, console: Console
) -> None:
    desk.report("i1")
    console.strip.tabs.setCurrentIndex(1)
    desk.wait_until(lambda: console.dock("shift").in_sight)
    panel: Any = console.panel("shift")
    panel.thing_wanted.emit("incident", "i1")
    assert console.selection.incident == "i1"
    console.strip.tabs.setCurrentIndex(0)
    assert console.dock("shift").isHidden()
    QTest.keyClick(console, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    desk.wait_until(lambda: console.dock("shift").in_sight)
    assert console.strip.tabs.currentIndex() == 1, "the head says where one is"
    console.dock("map").bring_up()
    desk.wait_until(lambda: not console.dock("shift").in_sight)
    assert console.strip.tabs.currentIndex() == 0
    console.dock("shift").bring_up()
    console.strip.tabs.setCurrentIndex(0)
    assert console.dock("shift").isHidden(), "the other tab still leads away"


def test_a_check_point_and_a_premise_note_are_shown_on_the_map(desk: DeskUnderTest, console: Console) -> None:
    now = desk.app.clock.now()
    desk.do(cmd.PutPremiseNote("n1", "gas bottles", True, now + 3_600_000, "", 31.2205, 121.4755, None))
    panel: Any = console.panel("shift")
    search: Any = console.panel("map").search  # type: ignore[attr-defined]
    for kind, key, lat in (("patrol", "plaza-20261122-0800:K01", None), ("premise", "n1", 31.2205)):
        chosen: list[float] = []
        search.chosen.connect(lambda _kind, _key, at, _lon, chosen=chosen: chosen.append(at))
        panel.thing_wanted.emit(kind, key)
        assert chosen
        assert lat is None or chosen == [lat]
