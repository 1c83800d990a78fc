"""The work on scene on the card: checklist, release of the reporter's number, receipt of a hand-over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.roles import SYSTEM
from tests.gui.conftest import DeskUnderTest
from widgets.panels.case import CasePanel
from widgets.panels.case_field import CaseField


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[CasePanel]:
    desk.run(desk.app.connect())
    panel = CasePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(380, 900)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def sent(desk: DeskUnderTest, card: CasePanel, **fields: object) -> CaseField:
    desk.report("i1", incident_type="fire", priority=1, **fields)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    card.show_incident("i1")
    return card.field


def test_a_line_is_ticked_by_the_desk_or_the_unit_and_says_who(desk: DeskUnderTest, card: CasePanel) -> None:
    field = sent(desk, card).checklist
    desk.wait_until(lambda: len(field.boxes) > 3)
    item, box = next(iter(field.boxes.items()))
    box.click()
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].tick(item) is not None)
    desk.wait_until(lambda: "我" in field.signs[item].text())
    other = list(field.boxes)[1]
    desk.do_as_feed(cmd.TickItem("i1", other, True, "p1"))
    desk.wait_until(field.boxes[other].isChecked)
    assert "警01" in field.signs[other].text()
    assert "2/" in field.title.text()
    box.click()
    desk.wait_until(lambda: not box.isChecked() and desk.bridge.desk.incidents["i1"].tick(item) is None)


def test_the_number_is_released_with_a_purpose_to_a_unit_that_has_a_phone(
    desk: DeskUnderTest, card: CasePanel
) -> None:
    field = sent(desk, card, person_ref="110:i1")
    assert field.reporter.isHidden()
    system = cmd.Context("field:p1", SYSTEM, "desk-1", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.PairPhone("p1", "f1", "0" * 64, "officer"), system))
    desk.wait_until(lambda: not field.reporter.isHidden())
    field.release.click()
    assert desk.bridge.desk.incidents["i1"].released_to == ()
    QTest.keyClicks(field.purpose, "door is locked")
    field.release.click()
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].released_to == ("p1",))
    desk.wait_until(field.reporter.isHidden)


def test_a_hand_over_is_complete_once_its_receipt_is_recorded(desk: DeskUnderTest, card: CasePanel) -> None:
    field = sent(desk, card)
    assert field.receipt.isHidden()
    desk.do(cmd.HandOverIncident("i1", "water", "theirs"))
    desk.wait_until(lambda: not field.receipt.isHidden())
    field.record.click()
    desk.wait_until(lambda: not card.refusal.isHidden())
    for name, text in (("told", "pipe leaks"), ("received_by", "post 3"), ("reference", "W-17")):
        QTest.keyClicks(field.fields[name], text)
    field.record.click()
    desk.wait_until(lambda: "W-17" in field.received.text())
    assert field.record.isHidden()
    assert any("W-17" in line for _, lines in field.printed() for line in lines)


def test_the_receipt_is_written_by_keys_alone(desk: DeskUnderTest, card: CasePanel) -> None:
    """What is typed after Tab goes into the next field, never to the keys of the card."""
    field = sent(desk, card)
    desk.do(cmd.HandOverIncident("i1", "water", "theirs"))
    desk.wait_until(lambda: not field.receipt.isHidden())
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    assert field.fields["told"].hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "pipe leaks")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "zhang")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert field.fields["reference"].hasFocus()
    assert field.fields["received_by"].text() == "zhang"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].receipt is not None)
    desk.wait_until(lambda: field.received.text().endswith("zhang、告知：pipe leaks"))
    assert card.hasFocus()
