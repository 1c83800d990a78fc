"""Tasks of the run card: before sending in the dispatch panel, then on the card, ticked with the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.roles import DUTY_OFFICER
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from widgets.panels.case import CasePanel
from widgets.panels.dispatch import DispatchPanel

GAS = "task.gas"
"""What a fire wants done from the second level on."""


@pytest.fixture
def dispatch(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[DispatchPanel]:
    panel = DispatchPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 500)
    panel.show()
    fire(desk)
    panel.show_incident("i1")
    desk.wait_until(lambda: bool(panel.recommended))
    yield panel
    panel.close()
    set_language("zh_CN")


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[CasePanel]:
    panel = CasePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(380, 900)
    panel.show()
    panel.activateWindow()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def fire(desk: DeskUnderTest) -> None:
    district = desk.app.district
    desk.report("i1", incident_type="fire", lat=district.centre_lat, lon=district.centre_lon)


def lines(card: CasePanel) -> list[str]:
    return list(card.field.checklist.boxes)


def test_tasks_of_the_level_that_is_looked_at_are_told_before_anybody_is_sent(
    dispatch: DispatchPanel, desk: DeskUnderTest
) -> None:
    tasks = dispatch.advice_head.tasks
    assert tasks.isVisible() and "3" in tasks.line.text and not tasks.list.isVisible()
    dispatch.view.setFocus()
    desk.qtbot.keyClick(dispatch.view, Qt.Key.Key_T)
    assert tasks.list.isVisible() and "燃气" not in tasks.list.text()
    desk.qtbot.keyClicks(dispatch.view, "+")
    desk.wait_until(lambda: "燃气" in tasks.list.text())
    assert "2 级起" in tasks.list.text()
    assert desk.bridge.desk.incidents["i1"].alarm_level == 0, "looking at a level sets nothing"
    set_language("en")
    dispatch.retranslate()
    assert "Have gas and power cut (from level 2)" in tasks.list.text()
    desk.qtbot.keyClick(dispatch.view, Qt.Key.Key_T)
    assert not tasks.list.isVisible() and "fire brigade" in tasks.line.text


def test_a_high_panel_has_room_for_the_list(dispatch: DispatchPanel, desk: DeskUnderTest) -> None:
    dispatch.resize(420, 900)
    dispatch.refresh()
    desk.wait_until(dispatch.advice_head.tasks.list.isVisible)


def test_sending_at_a_level_brings_its_tasks_to_the_card_and_what_was_ticked_stays(
    dispatch: DispatchPanel, card: CasePanel, desk: DeskUnderTest
) -> None:
    desk.do(cmd.AcceptIncident("i1"))
    card.show_incident("i1")
    desk.wait_until(lambda: len(lines(card)) == 6)
    card.field.checklist.boxes["task.way"].click()
    desk.wait_until(lambda: "1/6" in card.field.checklist.title.text())
    dispatch.step_level(1)
    desk.wait_until(lambda: dispatch.is_settled and len(dispatch.recommended) > 2)
    dispatch.send()
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].alarm_level == 2)
    desk.wait_until(lambda: GAS in lines(card) and "1/7" in card.field.checklist.title.text())
    assert card.field.checklist.boxes["task.way"].isChecked()
    card.field.checklist.boxes[GAS].click()
    desk.wait_until(lambda: "2/7" in card.field.checklist.title.text())
    desk.do(cmd.SetAlarmLevel("i1", 1))
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].alarm_level == 1)
    desk.settle()
    assert GAS in lines(card), "what is done stays in the list"


def test_lines_are_ticked_with_the_keyboard_alone(card: CasePanel, desk: DeskUnderTest) -> None:
    fire(desk)
    desk.do(cmd.AcceptIncident("i1"))
    card.show_incident("i1")
    desk.wait_until(lambda: len(lines(card)) == 6)
    first, second, third = lines(card)[:3]
    boxes, incident = card.field.checklist.boxes, lambda: desk.bridge.desk.incidents["i1"]
    card.setFocus()
    desk.qtbot.keyClick(card, Qt.Key.Key_K)
    assert boxes[first].hasFocus()
    desk.qtbot.keyClick(boxes[first], Qt.Key.Key_Space)
    desk.wait_until(lambda: incident().tick(first) is not None)
    desk.qtbot.keyClick(boxes[first], Qt.Key.Key_Down)
    assert boxes[second].hasFocus()
    desk.qtbot.keyClick(boxes[second], Qt.Key.Key_3)
    desk.wait_until(lambda: incident().tick(third) is not None)
    desk.qtbot.keyClick(boxes[third], Qt.Key.Key_3)
    desk.wait_until(lambda: incident().tick(third) is None)
    desk.qtbot.keyClick(boxes[third], Qt.Key.Key_Escape)
    assert card.hasFocus()
    desk.qtbot.keyClick(card, Qt.Key.Key_K)
    assert QApplication.focusWidget() is boxes[second], "the first that is not done"


def test_who_ticked_at_another_desk_stands_beside_the_line(card: CasePanel, desk: DeskUnderTest) -> None:
    fire(desk)
    desk.do(cmd.AcceptIncident("i1"))
    card.show_incident("i1")
    desk.wait_until(lambda: bool(lines(card)))
    item = lines(card)[0]
    context = cmd.Context("Li", DUTY_OFFICER, "desk-2", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.TickItem("i1", item, True), context))
    sign = card.field.checklist.signs[item]
    desk.wait_until(lambda: "Li" in sign.text() and "desk-2" in sign.text())


def test_nothing_is_ticked_of_what_has_ended(card: CasePanel, desk: DeskUnderTest) -> None:
    fire(desk)
    desk.do(cmd.AcceptIncident("i1"))
    card.show_incident("i1")
    desk.wait_until(lambda: bool(lines(card)))
    desk.do(cmd.WithdrawIncident("i1", "nothing there"))
    desk.wait_until(lambda: not any(box.isEnabled() for box in card.field.checklist.boxes.values()))
