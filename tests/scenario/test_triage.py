"""Triage from the queue by keys alone: sent back, ordered, supervised, linked; and it stands after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from app.config import Config, default_district
from app.domain import commands as cmd
from app.domain.incident import Incident
from app.domain.roles import FEED, SHIFT_LEAD
from app.service.past import dump_at
from tests.scenario.desk_window import Officer, open_desk
from widgets.models.incident_marks import marks

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
CROWD, TREE = "望浦广场门口人群聚集", "树枝压住电线"
NOT_OURS, DECIDED, ASKED = "not our trade", "the street decides", "the district asks"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(db=str(tmp_path / "journal.db"), district_dir=default_district(), role=SHIFT_LEAD)


def comes_in(officer: Officer, key: str, title: str, priority: int) -> Incident:
    """As a feed brings it."""
    context = cmd.Context("feed:110", FEED, "desk-1", officer.app.clock.now())
    report = cmd.ReportIncident(key, "110", key, "crowd", priority, title, lat=31.2211, lon=121.475)
    officer.app.tasks.start(officer.app.bus.submit(report, context), "what a feed brings")
    return officer.see(title)


def known(officer: Officer, title: str) -> Incident:
    found = officer.incident(title)
    assert found is not None
    return found


def ask(officer: Officer, key: Qt.Key) -> None:
    """An action's key in the queue; the sheet on the card has the keyboard then."""
    officer.press(key)
    sheet = officer.panel("card").sheet
    officer.wait(lambda: sheet.isVisible() and sheet.isAncestorOf(QApplication.focusWidget()), "the sheet")


def write(officer: Officer, *words: str) -> None:
    """Into one field after the other."""
    for text in words:
        field = QApplication.focusWidget()
        line = field.lineEdit() if isinstance(field, QComboBox) else field
        assert isinstance(line, QLineEdit), f"no line has the keyboard, but {field}"
        line.insert(text)
        officer.press(Key.Key_Tab)


def confirm(officer: Officer) -> None:
    officer.press(Key.Key_Return, CTRL)


def test_a_lead_puts_an_incident_right_by_keys(qapp: QApplication, config: Config) -> None:
    with open_desk(qapp, config) as officer:
        comes_in(officer, "i1", CROWD, 1)
        tree = comes_in(officer, "i2", TREE, 3)
        send_by_keys(officer)
        sent_back_by_keys(officer)
        ordered_by_keys(officer)
        supervised_by_keys(officer)
        linked_by_keys(officer, tree)
        assert [text for text, _ in marks(officer.see(CROWD))] == ["督", "退1", "签", "联1"]
    with open_desk(qapp, config) as officer:
        assert len(marks(officer.see(CROWD))) == 4
        assert [text for text, _ in marks(officer.see(TREE))] == ["联1"]
    crowd = next(i for i in dump_at(config.db, None)["incidents"] if i["title"] == CROWD)
    assert (crowd["returned"], crowd["ordered"]) == (1, ["park office"])
    assert crowd["links"] == [{"incident": tree.id, "relation": "related"}]
    assert crowd["clocks"]["dispatch"]["done_at"] is None


def send_by_keys(officer: Officer) -> None:
    officer.choose(CROWD)
    officer.press(Key.Key_D)
    dispatch = officer.panel("dispatch")
    officer.wait(lambda: dispatch.isAncestorOf(QApplication.focusWidget()), "the dispatch panel")
    officer.press(Key.Key_1)
    confirm(officer)
    officer.wait_for_status(CROWD, "dispatched")


def sent_back_by_keys(officer: Officer) -> None:
    (unit,) = officer.see(CROWD).units
    officer.choose(CROWD)
    ask(officer, Key.Key_T)
    write(officer, NOT_OURS)
    confirm(officer)
    waits = officer.wait_for_status(CROWD, "accepted")
    assert (waits.units, waits.returned_by) == ((), unit)


def ordered_by_keys(officer: Officer) -> None:
    officer.choose(CROWD)
    ask(officer, Key.Key_Q)
    write(officer, "park office", DECIDED)
    confirm(officer)
    officer.keys += 1
    QTest.keyPress(QApplication.focusWidget(), Key.Key_Space)
    officer.wait_for_status(CROWD, "handed_over")


def supervised_by_keys(officer: Officer) -> None:
    officer.choose(CROWD)
    ask(officer, Key.Key_Y)
    write(officer, ASKED)
    confirm(officer)
    officer.wait(lambda: known(officer, CROWD).supervised_by == "officer", "the supervision")


def linked_by_keys(officer: Officer, tree: Incident) -> None:
    officer.choose(CROWD)
    ask(officer, Key.Key_L)
    write(officer, tree.number[-3:])
    confirm(officer)
    officer.wait(lambda: bool(known(officer, TREE).links), "the link")
