"""The order of the candidates: it stands while it is read, and a storm of positions is ranked a few times."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.errors import ConfigError
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.dispatch_desk import crowd, press, shown, stand
from widgets.panels import dispatch_order
from widgets.panels.dispatch import DispatchPanel

Key = Qt.Key


@pytest.fixture
def panel(dispatch_panel: DispatchPanel) -> DispatchPanel:
    return dispatch_panel


def test_digits_mean_what_was_read_while_units_move(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    before = panel.candidates.keys()[:3]
    press(panel, Key.Key_Down)
    stand(desk, "p1", 900, age_s=0)
    desk.wait_until(lambda: shown(panel, "distance", "p1") == "900 米")
    assert panel.candidates.keys()[:3] == before
    press(panel, Key.Key_1)
    assert panel.chosen == (before[0],)


def test_the_order_stands_while_the_list_has_the_keyboard_until_it_is_put_right(
    desk: DeskUnderTest, panel: DispatchPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch_order, "HANDS_ON_MS", 0)
    crowd(desk, panel)
    before = panel.candidates.keys()[:3]
    assert not panel.foot.reorder.isVisible()
    stand(desk, "p1", 900, age_s=0)
    desk.wait_until(panel.foot.reorder.isVisible)
    assert panel.candidates.keys()[:3] == before
    press(panel, Key.Key_U)
    desk.wait_until(lambda: panel.candidates.keys()[0] == "p2")
    assert not panel.foot.reorder.isVisible()


def test_moving_units_are_put_in_order_when_nobody_reads(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    panel.view.clearFocus()
    panel.show_incident("")
    panel.show_incident("i1")
    stand(desk, "p1", 900, age_s=0)
    desk.wait_until(lambda: panel.is_settled and panel.candidates.keys()[:1] == ["p2"])


def test_where_nothing_can_be_recommended_the_panel_says_why_and_how_to_send(
    desk: DeskUnderTest, panel: DispatchPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_question: Any) -> None:
        raise ConfigError("cards of the program are gone")

    monkeypatch.setattr(desk.app.dispatching, "advise", fails)
    crowd(desk, panel)
    desk.wait_until(lambda: "cards of the program are gone" in panel.state.accessibleDescription())
    assert panel.state.accessibleName().endswith("/ 派 事件 力量"), "units.csv is not to blame"


def test_a_storm_of_positions_is_ranked_a_few_times(
    desk: DeskUnderTest, panel: DispatchPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(desk, panel)
    asked: list[Any] = []
    advise = desk.app.dispatching.advise
    monkeypatch.setattr(
        desk.app.dispatching, "advise", lambda *question: (asked.append(1), advise(*question))[1]
    )
    for step in range(40):
        for unit in ("p1", "j1", "v1"):
            stand(desk, unit, 10 + step, age_s=0)
        desk.settle()
    desk.wait_until(lambda: shown(panel, "distance", "p1") == "49 米")
    assert 1 <= len(asked) < 10
