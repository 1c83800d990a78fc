"""Owns a map of the small town that stands still: shown, painted, its clock in the test's hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.map.town import small_town
from widgets.map import MapView

NOW_AT = 1_763_770_000_000


@dataclass
class Clock:
    now_at: int = NOW_AT

    def __call__(self) -> int:
        return self.now_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bare_map(qtbot: QtBot, clock: Clock) -> Iterator[MapView]:
    """A map without a district, not shown."""
    view = MapView(now_at=clock)
    view.resize(800, 600)
    qtbot.addWidget(view)
    yield view
    view.close()


@pytest.fixture
def town_map(qtbot: QtBot, bare_map: MapView) -> MapView:
    """The small town, shown and painted to the end."""
    bare_map.set_district(small_town())
    bare_map.show()
    qtbot.waitExposed(bare_map)
    qtbot.waitUntil(lambda: bare_map.idle)
    return bare_map


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[MapView], None]:
    """Wait until a map has nothing left to do."""
    return lambda view: qtbot.waitUntil(lambda: view.idle)
