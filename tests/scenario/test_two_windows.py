"""A window and a desk of another process on one real PostgreSQL: what the other does is seen, said and fought out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.config import Config, default_district
from tests.scenario.desk_window import Officer, open_desk
from tests.scenario.test_triage import confirm, write
from tests.servers.field_desk import FieldDesk, field_desk
from widgets.parts.elided_label import ElidedLabel

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CROWD, TREE = "门口人群聚集", "树枝压住电线"

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True),
]


@pytest.fixture
def other(postgres_url: str) -> Iterator[FieldDesk]:
    """desk-1 with its officer, in another process."""
    with field_desk(postgres_url) as desk:
        yield desk


@pytest.fixture
def officer(qapp: QApplication, postgres_url: str, other: FieldDesk) -> Iterator[Officer]:
    config = Config(db=postgres_url, district_dir=default_district(), desk="desk-2", actor="李伟")
    with open_desk(qapp, config) as officer:
        yield officer


def report(other: FieldDesk, incident: str, title: str) -> None:
    words = {
        "source": "110",
        "source_event": incident,
        "incident_type": "crowd",
        "priority": 1,
        "title": title,
    }
    assert other.do("ReportIncident", incident=incident, lat=31.2214, lon=121.4753, **words) is None


def told(bar: Any) -> str:
    return " ".join(label.text() for label in bar.findChildren(QLabel))


def marks(officer: Officer, incident: str) -> list[str]:
    """What the row says of other desks."""
    row = officer.panel("queue").queue.get(incident)
    return [words for words, _ in row.at_desks.marks]


def test_of_two_that_send_the_same_unit_the_second_sees_who_was_first(
    officer: Officer, other: FieldDesk
) -> None:
    report(other, "i1", CROWD)
    report(other, "i2", TREE)
    panel = officer.dispatching(CROWD)
    officer.press(Key.Key_1)
    (unit,) = panel.chosen
    assert other.do("DispatchUnits", incident="i2", units=[unit]) is None
    officer.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    officer.wait(panel.refusal.isVisible, "the refusal")
    officer.wait(lambda: panel.chosen == (), "the unit to leave the choice")
    officer.wait(lambda: panel.is_settled, "the list to be asked anew")
    assert "席位 desk-1 的 值班员" in told(panel.refusal), "by whom, still when all has come to rest"
    assert "先派出" in told(panel.refusal)
    assert other.incident("i1")["units"] == []
    assert other.incident("i2")["units"] == [unit]
    officer.wait(lambda: not panel.candidates.get(unit).can_be_sent, "the row to say that it is busy")
    assert officer.incident(TREE).units == (unit,)  # type: ignore[union-attr]


def test_nobody_goes_in_the_place_of_whom_another_desk_has_taken(officer: Officer, other: FieldDesk) -> None:
    report(other, "i1", CROWD)
    report(other, "i2", TREE)
    panel = officer.dispatching(CROWD)
    officer.press(Key.Key_1)
    assert other.do("DispatchUnits", incident="i2", units=list(panel.chosen)) is None
    officer.wait(lambda: panel.chosen == (), "the unit to leave the choice")
    panel.refusal.dismiss()
    officer.press(Key.Key_D)
    assert "席位 desk-1 的 值班员" in told(panel.refusal), "he is told instead"
    assert panel.recommended
    assert panel.to_send == ()
    officer.press(Key.Key_R)
    party = panel.to_send
    officer.press(Key.Key_D)
    assert officer.wait_for_status(CROWD, "dispatched").units == party


def test_a_claim_is_seen_without_refresh_and_taken_over_with_a_reason(
    officer: Officer, other: FieldDesk
) -> None:
    report(other, "i1", CROWD)
    officer.see(CROWD)
    assert other.do("ClaimIncident", incident="i1") is None
    officer.wait(lambda: any("办" in mark for mark in marks(officer, "i1")), "the claim on the row")
    officer.choose(CROWD)
    card = officer.panel("card")
    officer.wait(lambda: any("desk-1" in words for words in card.marks.words), "the claim on the card")
    officer.press(Key.Key_A)
    queue = officer.panel("queue")
    officer.wait(lambda: card.refusal.isVisible() or queue.refusal.isVisible(), "the warning")
    assert officer.status(CROWD) == "reported"
    _taken_over(officer)
    officer.wait(lambda: other.incident("i1")["claim"]["desk"] == "desk-2", "the other desk to know")
    (taken,) = officer.records("incident.taken_over")
    assert (taken.desk, taken.actor, taken.event.reason) == ("desk-2", "李伟", "他去现场了")  # type: ignore[attr-defined]


def _taken_over(officer: Officer) -> None:
    officer.focus(officer.panel("queue"))
    officer.press(Key.Key_X, SHIFT)
    sheet = officer.panel("card").sheet
    officer.wait(sheet.isVisible, "the sheet that asks why")
    write(officer, "他去现场了")
    confirm(officer)
    officer.wait(lambda: marks(officer, "i1") == ["本席"], "our own mark on the row")


def test_what_the_other_desk_does_is_painted_as_it_comes(officer: Officer, other: FieldDesk) -> None:
    report(other, "i1", CROWD)
    panel = officer.dispatching(CROWD)
    assert other.do("UpdateIncident", incident="i1", title=TREE) is None
    officer.see(TREE)
    title = panel.title.findChild(ElidedLabel)
    officer.wait(lambda: title.isVisible() and TREE in title.text, "the new title over the candidates")
    assert other.do("DispatchUnits", incident="i1", units=["p1"]) is None
    view = panel.sent_units.view
    officer.wait(lambda: view.isVisible() and view.table.row_of("p1") >= 0, "whom the other desk has sent")
    assert other.do("SetUnitStatus", unit="p1", status="on_scene", incident="i1") is None
    officer.wait(lambda: officer.cell(view, "p1", "progress") == "到场", "that it is there")
    officer.wait_for_status(TREE, "handling")
