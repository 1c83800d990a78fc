"""Merging from the queue: what is proposed, what is warned of, and when the question goes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.desk import Desk
from app.domain.incident import Incident
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.queue_desk import fill
from widgets.models.incident_queue import LOOKED_AT, merge_targets
from widgets.panels.incident_queue import IncidentQueuePanel

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_merging_names_its_target_and_is_held(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    desk.report("a", "楼道冒烟", incident_type="fire")
    desk.report("b", "楼道有烟味", incident_type="fire")
    desk.report("c", "井盖松动", incident_type="facility")
    panel.select("b")
    qtbot.keyClick(panel.view, Key.Key_M)
    bar, number = panel.merge_bar, desk.bridge.desk.incidents["a"].number
    assert bar.targets.itemData(0) == "a", "the same type comes first"
    assert bar.targets.currentIndex() == -1, "nothing is suspected, so nothing is proposed"
    assert not bar.confirm.isEnabled()
    bar.targets.setFocus()
    qtbot.keyClick(bar.targets, Key.Key_Down)
    assert number in bar.confirm.text()
    assert bar.warning.isHidden()
    bar.targets.setCurrentIndex(bar.targets.findData("c"))
    assert "火警" in bar.warning.text()
    assert bar.warning.isVisible()
    bar.targets.setCurrentIndex(0)
    qtbot.keyClick(bar.targets, Key.Key_Return, CONTROL)
    assert bar.confirm.hasFocus()
    qtbot.mouseClick(bar.confirm, Qt.MouseButton.LeftButton)
    assert desk.bridge.desk.incidents["b"].is_open, "a click is no hold"
    bar.confirm.confirmed.emit()
    desk.wait_until(lambda: desk.bridge.desk.incidents["b"].merged_into == "a")
    assert bar.isHidden()


def test_the_question_of_a_merge_goes_with_the_row_it_was_about(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 3)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Key.Key_Down)
    qtbot.keyClick(panel.view, Key.Key_M)
    bar = panel.merge_bar
    assert (bar.incident, bar.isVisible()) == ("i0", True)
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        assert bar.isAncestorOf(QApplication.focusWidget()), "Tab does not leave the question"
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Key.Key_Down)
    assert bar.isHidden()
    qtbot.keyClick(panel.view, Key.Key_M)
    assert bar.incident == "i1"
    panel.select("i2")
    assert bar.isHidden()
    assert panel.view.hasFocus()


def test_what_can_be_merged_is_looked_for_among_the_newest_only() -> None:
    """However many are open, no key waits for all of them."""
    first = Incident("i0", (), "fire", 1, "", 0)
    many = {f"i{n}": replace(first, id=f"i{n}", opened_at=n) for n in range(3 * LOOKED_AT)}
    desk = Desk(incidents=many)
    last = many[f"i{3 * LOOKED_AT - 1}"]
    assert [other.opened_at for other in merge_targets(desk, last, ["i5"], limit=3)] == [
        5, last.opened_at - 1, last.opened_at - 2,
    ]  # fmt: skip
    assert all(other.opened_at > last.opened_at - LOOKED_AT for other in merge_targets(desk, first))
