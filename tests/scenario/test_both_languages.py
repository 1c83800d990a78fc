"""The main scenarios in both languages: nothing of the other is in sight, no key of a text, and no button is cut."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.i18n import Language, tr
from tests.scenario import in_sight
from tests.scenario.desk_window import Officer, open_desk
from tests.scenario.first_signature import shift_panel, sign_by_keys
from tests.scenario.test_triage import confirm
from widgets.panels.keys_overlay import KeysOverlay
from widgets.panels.new_incident import NewIncidentSheet

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
BARE = Qt.KeyboardModifier.NoModifier
REPORT: dict[Language, tuple[str, str]] = {
    "zh_CN": ("报 人群聚集 @望浦广场 级1 {title}", "门口人群聚集"),
    "en": ('n crowd @"Wangpu Plaza" pri1 {title}', "crowd at the gate"),
}
FEEDBACK, NOTE = "crowd talked to, dispersed", "look at the pump room at ten"

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture(params=REPORT)
def officer(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[Officer]:
    config = Config(db=str(tmp_path / "j.db"), district_dir=default_district(), language=request.param)
    with open_desk(qapp, config) as officer:
        yield officer


@cache
def data() -> frozenset[str]:
    """What a district is called in Chinese, in whichever language the desk speaks: addresses have no other."""
    folder = default_district()
    with (folder / "units.csv").open(encoding="utf-8") as lines:
        found = {row["call_sign_zh"] for row in csv.DictReader(lines)}
    for file in folder.glob("*.geojson"):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            facts = feature["properties"]
            found |= {str(facts[name]) for name in ("name_zh", "address_zh") if facts.get(name)}
    return frozenset(found)


def look(officer: Officer) -> None:
    """At everything in sight, once it has its place."""
    sights = in_sight.read(officer.console)
    if in_sight.cut(sights):
        officer.settle()
        sights = in_sight.read(officer.console)
    assert len(sights) > 50, "the walk sees the window"
    chinese = in_sight.in_chinese(sights, set(data()))
    assert bool(chinese) == (officer.app.config.language == "zh_CN"), chinese
    assert in_sight.untranslated(sights) == []
    assert in_sight.cut(sights) == []


def title(officer: Officer) -> str:
    return REPORT[officer.app.config.language][1]


def report(officer: Officer) -> None:
    line, words = REPORT[officer.app.config.language]
    officer.report(line.format(title=words), words)


def test_from_the_report_to_the_end_of_an_incident(officer: Officer) -> None:
    look(officer)
    report(officer)
    panel = officer.dispatching(title(officer))
    officer.wait(lambda: any("%" in row.text for row in panel.advice_head.lines.rows), "what is left behind")
    look(officer)
    officer.press(Key.Key_D)
    sent = officer.wait_for_status(title(officer), "dispatched")
    officer.wait(panel.sent_units.view.isVisible, "who was sent")
    look(officer)
    _followed(officer, sent.units[0])
    _closed(officer)


def _followed(officer: Officer, unit: str) -> None:
    """By hand, from the board; the field link says what comes of it."""
    board, units = officer.bring_up("units", Key.Key_5, ALT), officer.app.projections.desk.units
    for key, status in ((Key.Key_E, "en_route"), (Key.Key_S, "on_scene")):
        officer.click_cell(board.view, unit, "unit")
        officer.press(key)
        officer.wait(lambda status=status: units[unit].status == status, f"{unit} {status}")
    look(officer)
    officer.press(Key.Key_L, CTRL)
    officer.wait(lambda: officer.console.dock("field").in_sight, "the field link")
    look(officer)


def _closed(officer: Officer) -> None:
    officer.choose(title(officer))
    officer.press(Key.Key_C)
    card = officer.panel("card")
    officer.wait(lambda: card.isAncestorOf(QApplication.focusWidget()), "the card to ask for the feedback")
    look(officer)
    officer.type(FEEDBACK)
    confirm(officer)
    officer.wait_for_status(title(officer), "closed")
    look(officer)


def test_a_shift_is_handed_over(officer: Officer) -> None:
    report(officer)
    panel: Any = shift_panel(officer)
    officer.press(Key.Key_N)
    officer.type(NOTE)
    officer.press(Key.Key_Return)
    officer.wait(lambda: any(NOTE in row.title for row in panel.view.rows), "the note in the brief")
    for page in (Key.Key_2, Key.Key_3, Key.Key_1):
        officer.press(page)
        look(officer)
    for name, state in (("A. Baker", "in"), ("C. Driver", "done")):
        sign_by_keys(officer, panel, name)
        assert panel.shift.waits_for == state
        words = tr(f"shift.state.{state}")
        officer.wait(lambda words=words: words in panel.head.state.text() and panel.view.hasFocus(), words)
        look(officer)


def test_every_panel_and_what_lies_over_them(officer: Officer) -> None:
    report(officer)
    docks = officer.console.docks
    for name, dock in docks.items():
        dock.bring_up()
        officer.wait(lambda dock=dock: dock.in_sight and dock.is_filled, f"{name} in sight")
        look(officer)
    for key, modifier, kind in ((Key.Key_N, CTRL, NewIncidentSheet), (Key.Key_Question, BARE, KeysOverlay)):
        officer.press(key, modifier)
        above = officer.console.findChild(kind)
        assert above is not None
        assert above.isVisible()
        look(officer)
        officer.press(Key.Key_Escape)
