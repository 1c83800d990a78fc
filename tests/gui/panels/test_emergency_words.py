"""An incident made of a unit's call for help, at a desk that speaks another language than the one that accepted it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.i18n import set_language
from app.link.field.acts import FieldAct
from app.link.field.distress_call import Whereabouts, distress_call
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.ledger_desk import OpenLedger
from tests.gui.panels.ledger_desk import ledgers as ledgers_of
from tests.gui.panels.shift_by_keys import open_panel, rested, sign
from widgets.actions import LINK
from widgets.panels.case import CasePanel
from widgets.panels.case_choices import choices_for
from widgets.panels.case_fields import TITLE
from widgets.panels.case_words import Names
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.map_names import ThingNames
from widgets.panels.shift import ShiftPanel

OURS, THEIRS = "Police 01: emergency, at its post: its position is unknown", "警01 紧急求助，按驻点，位置不明"
"""In the language of this desk, and as the other one has written it into the journal."""


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    yield
    set_language("zh_CN")


@pytest.fixture
def ledgers(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[OpenLedger]:
    yield from ledgers_of(desk, qtbot)


@pytest.fixture
def shift(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[ShiftPanel]:
    yield from open_panel(desk, qtbot)


@pytest.fixture
def sos(desk: DeskUnderTest) -> str:
    """Accepted by a Chinese desk; what stands in the journal is Chinese, this desk reads English now."""
    unit = desk.bridge.desk.units["p1"]
    where = Whereabouts(desk.app.clock.now(), post=(31.22, 121.47))
    call = distress_call(FieldAct(id="act-00001", act="emergency"), unit, where, lambda *_: None)
    desk.do_as_feed(call)
    desk.do(cmd.AcceptAlarms((call.alarm,), "sos"))
    assert desk.bridge.desk.incidents["sos"].title == THEIRS
    set_language("en")
    return "sos"


def test_its_row_its_card_and_its_story_are_in_the_language_of_the_desk(
    desk: DeskUnderTest, sos: str, qtbot: QtBot
) -> None:
    queue, card = IncidentQueuePanel(desk.bridge), CasePanel(desk.bridge)
    for panel in (queue, card):
        qtbot.addWidget(panel)
        panel.show()
        qtbot.waitExposed(panel)
    card.show_incident(sos)
    desk.wait_until(lambda: queue.queue.get(sos) is not None and bool(card.timeline.lines))
    row = queue.queue.get(sos)
    assert row is not None
    assert row.incident.title == OURS and OURS.casefold() in row.words
    assert card.head.title.text == OURS
    assert f"Reported: {OURS}" in [line.what for line in card.timeline.lines]
    assert OURS in ThingNames(desk.bridge).incident(sos)
    desk.report("i2")
    other = desk.bridge.desk.incidents["i2"]
    shown = choices_for(LINK, other, desk.bridge.desk, Names(desk.bridge))
    assert any(OURS in text for _, text in shown["other"]), "a list to choose from"


def test_what_an_officer_calls_it_stays_his(desk: DeskUnderTest, sos: str) -> None:
    desk.do(cmd.UpdateIncident(sos, title="警01 在后巷被围"))
    known = desk.bridge.desk.incidents[sos]
    assert desk.bridge.said(known) is known
    assert desk.bridge.said_title(sos, THEIRS) == OURS, "its story still tells how it began"


def test_the_ledger_says_it_too(desk: DeskUnderTest, sos: str, ledgers: OpenLedger) -> None:
    ledger = ledgers()
    desk.wait_until(lambda: ledger.ledger.get(sos) is not None)
    row = ledger.ledger.get(sos)
    assert row is not None and row.incident.title == OURS


def test_a_brief_that_a_chinese_lead_has_signed_is_read_in_english(
    desk: DeskUnderTest, sos: str, shift: ShiftPanel
) -> None:
    rested(desk, shift)
    assert any(OURS in row.title for row in shift.view.rows)
    set_language("zh_CN")
    sign(desk, shift, "Zhang San")
    set_language("en")
    rested(desk, shift)
    assert shift.brief is not None and shift.brief.signed is not None
    assert any(OURS in row.title for row in shift.view.rows)


def test_its_title_is_edited_in_the_language_of_the_desk_and_left_alone_is_no_change(
    desk: DeskUnderTest, sos: str, qtbot: QtBot
) -> None:
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.show()
    qtbot.waitExposed(card)
    card.show_incident(sos)
    head = desk.app.projections.seq
    card.editing.start(TITLE)
    assert card.editing.editor is not None
    line = card.editing.editor.control.edit
    assert isinstance(line, QLineEdit) and line.text() == OURS
    qtbot.keyClick(line, Qt.Key.Key_Return)
    desk.wait_until(lambda: card.editing.editor is None)
    assert desk.app.projections.seq == head, "nothing was said"
    card.editing.start(TITLE)
    assert card.editing.editor is not None
    line = card.editing.editor.control.edit
    assert isinstance(line, QLineEdit)
    line.setText("Police 01 is surrounded")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    desk.wait_until(lambda: desk.bridge.desk.incidents[sos].title == "Police 01 is surrounded")
