"""A call is taken at the window by keys alone, and what was being typed when the program died is there again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.domain.incident import Incident
from tests.scenario.desk_window import Officer, open_desk

Key = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
WHAT, WHERE, NUMBER = "望浦广场门口着火，有浓烟", "wpgc", "138 1234-1234"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(db=str(tmp_path / "journal.db"), district_dir=default_district())


def tab(officer: Officer, count: int = 1) -> None:
    for _ in range(count):
        officer.press(Key.Key_Tab)


def type_call(officer: Officer) -> None:
    """What, where by its initials, a note about the place, who, 25 minutes ago, a picture from the clipboard."""
    officer.press(Key.Key_N, CONTROL)
    officer.wait(lambda: officer.console.wiring.map_search().is_ready, "names to be known")
    officer.type(WHAT)
    tab(officer, 2)
    officer.type(WHERE)
    officer.press(Key.Key_Down)
    officer.press(Key.Key_Return)
    officer.press(Key.Key_N, ALT)
    officer.type("地下车库有气瓶")
    officer.press(Key.Key_Return)
    officer.wait(lambda: officer.console.report_sheet.known.notes.lines, "the note to be shown")
    officer.focus(officer.console.report_sheet.phone)
    officer.type(NUMBER)
    officer.focus(officer.console.report_sheet.when.line)
    officer.type("-25")
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(QColor(160, 60, 20))
    QGuiApplication.clipboard().setImage(image)
    officer.press(Key.Key_V, CONTROL)
    officer.wait(lambda: officer.console.report_sheet.files.files, "the picture to be taken")


def taken(officer: Officer) -> Incident:
    officer.press(Key.Key_Return, CONTROL)
    officer.wait(
        lambda: (found := officer.incident(WHAT)) is not None and found.files, "the report with its picture"
    )
    found = officer.incident(WHAT)
    assert found is not None
    return found


def test_a_call_from_the_first_key_to_the_card(qapp: QApplication, config: Config) -> None:
    with open_desk(qapp, config) as officer:
        officer.focus(officer.panel("queue"))
        type_call(officer)
        incident = taken(officer)
        assert (incident.incident_type, incident.address) == ("fire", "望浦广场")
        assert incident.priority == officer.app.types.priority_of("fire")
        assert incident.grid and incident.lat is not None
        assert 24 * 60_000 < incident.recorded_at - incident.opened_at < 27 * 60_000
        officer.see(WHAT)
        officer.wait(lambda: officer.console.selection.incident == incident.id, "the incident to be chosen")
        assert not officer.app.draft.path.exists()


def test_the_words_are_there_again_after_the_program_died(qapp: QApplication, config: Config) -> None:
    with open_desk(qapp, config) as officer:
        officer.focus(officer.panel("queue"))
        type_call(officer)
        draft = officer.app.draft.path
        officer.wait(lambda: draft.is_file() and "-25" in draft.read_text(), "the words to be on the disk")
        assert "1234-1234" not in draft.read_text()
    with open_desk(qapp, config) as officer:
        officer.focus(officer.panel("queue"))
        officer.press(Key.Key_N, CONTROL)
        sheet = officer.console.report_sheet
        officer.wait(lambda: not sheet.notice.isHidden(), "the notice")
        assert (sheet.what.text(), sheet.where.text()) == (WHAT, "望浦广场")
        assert sheet.phone.text() == ""
        assert sheet.files.files == ()
        assert officer.incident(WHAT) is None
        officer.press(Key.Key_Return, CONTROL)
        officer.wait(lambda: officer.incident(WHAT) is not None, "the report to be durable")
