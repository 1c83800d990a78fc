"""From a call to the ledger: the card is written on by keys, the ledger finds it, and both survive the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from tests.scenario.desk_window import open_desk

Key = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
WHAT, TITLE, NOTE = "商场门口人群聚集", "商场东门人群聚集", "已联系商场保安疏导"

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(db=str(tmp_path / "journal.db"), district_dir=default_district())


def test_the_card_is_written_on_and_the_ledger_tells_of_it(qapp: QApplication, config: Config) -> None:
    with open_desk(qapp, config) as officer:
        key = officer.report(f"报 人群聚集 @望浦广场 级2 {WHAT}", WHAT).id
        card: Any = officer.panel("card")
        officer.console.dock("card").bring_up()
        officer.press(Key.Key_A)
        officer.wait_for_status(WHAT, "accepted")
        officer.press(Key.Key_N)
        officer.type(NOTE)
        officer.press(Key.Key_Return)
        handling = officer.app.projections.handling
        officer.wait(
            lambda: (of := handling.get(key)) is not None and of.note == NOTE, "the note to be durable"
        )
        officer.focus(card)
        officer.press(Key.Key_F2)
        officer.press(Key.Key_A, CONTROL)
        officer.type(TITLE)
        officer.press(Key.Key_Return)
        officer.see(TITLE)
    with open_desk(qapp, config) as officer:
        found = officer.see(TITLE)
        assert (found.id, found.status, found.priority) == (key, "accepted", 2)
        officer.press(Key.Key_9, ALT)
        ledger: Any = officer.panel("ledger")
        officer.wait(lambda: ledger.ledger.total == 1, "the ledger to be read")
        officer.press(Key.Key_F, CONTROL)
        officer.type("保安疏导")
        assert ledger.ledger.keys() == [key], "the last note is found"
        officer.press(Key.Key_Down)
        officer.press(Key.Key_5)
        assert ledger.ledger.keys() == [], "nothing was reported back yet"
        officer.press(Key.Key_1)
        officer.press(Key.Key_Down)
        officer.press(Key.Key_Return)
        officer.wait(lambda: officer.console.selection.incident == key, "the card to follow the ledger")
        officer.wait(lambda: officer.console.dock("card").in_sight, "the card to come up")
