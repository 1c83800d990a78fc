"""How many strokes a new incident takes beyond its words - what, where by name, how urgent - counted at the window.

That an incoming event is on a unit within four is counted on the whole way (test_whole_way.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.domain.incident import Incident
from tests.scenario.desk_window import Officer, open_desk

MOST_STROKES = 12
CONTROL = Qt.KeyboardModifier.ControlModifier
WHAT, WHERE = "门口有人推搡", "望浦广场"


@pytest.fixture
def officer(qapp: QApplication, tmp_path: Path) -> Iterator[Officer]:
    with open_desk(qapp, Config(db=str(tmp_path / "journal.db"), district_dir=default_district())) as officer:
        officer.focus(officer.panel("queue"))
        yield officer


def taken(officer: Officer) -> Incident:
    officer.wait(lambda: officer.incident(WHAT) is not None, "the incident to be durable")
    found = officer.incident(WHAT)
    assert found is not None
    assert (found.incident_type, found.priority, found.address) == ("crowd", 2, WHERE)
    assert found.lat is not None and found.grid
    return found


def test_by_the_command_line(officer: Officer) -> None:
    """`n`, a space, type, `@` and two characters of the place, Tab, `pri2`, words, Enter."""
    officer.press(Qt.Key.Key_K, CONTROL)
    line = officer.console.head.line
    officer.wait(
        lambda: line.source.directory is not None and line.source.directory.has_places, "names to be known"
    )
    for key in (Qt.Key.Key_N, Qt.Key.Key_Space):
        officer.press(key)
    officer.type("crowd")
    officer.press(Qt.Key.Key_Space)
    officer.press(Qt.Key.Key_At)
    officer.type(WHERE)
    officer.press(Qt.Key.Key_Space)
    for key in (Qt.Key.Key_P, Qt.Key.Key_R, Qt.Key.Key_I, Qt.Key.Key_2, Qt.Key.Key_Space):
        officer.press(key)
    officer.type(WHAT)
    officer.press(Qt.Key.Key_Return)
    assert officer.keys <= MOST_STROKES
    made = taken(officer).id
    officer.wait(lambda: officer.console.selection.incident == made, "the new incident to be chosen")


def test_a_unit_is_sent_by_the_command_line(officer: Officer) -> None:
    """Not the four keys of the queue, but from anywhere, by name: the strokes are the words."""
    test_by_the_command_line(officer)
    officer.press(Qt.Key.Key_Escape)
    officer.press(Qt.Key.Key_Slash)
    before = officer.keys
    officer.type("d 1 p3")
    officer.press(Qt.Key.Key_Return)
    officer.wait(lambda: officer.status(WHAT) == "dispatched", "the unit to be sent")
    assert officer.keys - before == 1


@pytest.mark.qt_log_ignore(
    "does not support (raise|grabbing)", extend=True
)  # a list of completions, off screen
def test_by_the_form(officer: Officer) -> None:
    """Ctrl+N, what, Tab, another type than the one suggested, Tab, where by its whole name, urgency, Ctrl+Enter."""
    officer.press(Qt.Key.Key_N, CONTROL)
    sheet = officer.console.report_sheet
    officer.type(WHAT)
    officer.press(Qt.Key.Key_Tab)
    assert sheet.type.value == "dispute", "what the words speak of"
    while sheet.type.value != "crowd":
        officer.press(Qt.Key.Key_Left)
    officer.press(Qt.Key.Key_Tab)
    officer.type(WHERE)
    officer.wait(lambda: sheet.point is not None, "the place to be understood")
    officer.press(Qt.Key.Key_2, CONTROL)
    assert sheet.priority.priority == 2
    officer.press(Qt.Key.Key_Return, CONTROL)
    assert officer.keys <= MOST_STROKES
    taken(officer)


def test_by_the_form_with_the_type_that_the_words_speak_of(officer: Officer) -> None:
    """Nothing is chosen: the type and its urgency follow from the words, the place from its initials and one arrow."""
    officer.press(Qt.Key.Key_N, CONTROL)
    sheet = officer.console.report_sheet
    officer.type("商场门口人群聚集")
    officer.press(Qt.Key.Key_Tab)
    officer.press(Qt.Key.Key_Tab)
    officer.wait(lambda: officer.console.wiring.map_search().is_ready, "names to be known")
    officer.type("wpgc")
    officer.press(Qt.Key.Key_Down)
    officer.press(Qt.Key.Key_Return)
    assert sheet.where.text() == WHERE
    officer.press(Qt.Key.Key_Return)
    assert officer.keys <= MOST_STROKES
    officer.wait(lambda: officer.incident("商场门口人群聚集") is not None, "the incident to be durable")
    found = officer.incident("商场门口人群聚集")
    assert found is not None
    assert (found.incident_type, found.priority, found.address) == ("crowd", 2, WHERE)


def test_one_key_adds_to_what_is_known_though_it_brings_up_a_dock_elsewhere(officer: Officer) -> None:
    test_by_the_form(officer)
    first = officer.incident(WHAT)
    assert first is not None
    officer.press(Qt.Key.Key_N, CONTROL)
    sheet = officer.console.report_sheet
    officer.type(WHAT)
    officer.focus(sheet.where)
    officer.type(WHERE)
    officer.wait(lambda: sheet.duplicates.rows, "the first report to be found")
    officer.console.dock("card").bring_up()
    assert sheet.isVisible(), "it stays in front"
    officer.focus(sheet.where)
    officer.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    incidents = officer.app.projections.desk.incidents
    officer.wait(lambda: len(incidents) == 2, "the further report to be durable")
    assert {i.merged_into for i in incidents.values()} == {None, first.id}
    assert sheet.isHidden()
