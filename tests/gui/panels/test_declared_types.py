"""A district's own types of incident in the form, the queue and the card; a type that nobody declared stays plain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.centre.types_file import load_incident_types
from app.centre.types_in_force import put_in_force
from app.config import Config
from app.domain import commands as cmd
from app.domain.type_words import is_clear, suggest_types
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from widgets.panels.case import CasePanel
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.new_incident import NewIncidentSheet

OWN = """\
[type.flood]
name = {zh = "内涝", en = "Flood"}
priority = 1
owner = "urban_management"
run_card = "flood"
glyph = "environment"
limits.resolve = "5 wd"
limits.contact = "none"
"""


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Iterator[Config]:
    folder = tmp_path / "district"
    shutil.copytree(config.district_dir, folder)
    (folder / "types.toml").write_text(OWN, encoding="utf-8")
    (folder / "type_words.toml").write_text('[word.flood]\nsure.zh = ["漫水"]\n', encoding="utf-8")
    yield replace(config, district_dir=folder)
    put_in_force(load_incident_types())


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[IncidentQueuePanel]:
    panel = IncidentQueuePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(700, 400)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.delegate.pulse.stop()


def test_the_form_offers_what_the_district_declared(desk: DeskUnderTest, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    sheet = NewIncidentSheet(desk.bridge, window)
    assert list(sheet.type.chips) == [known.id for known in desk.app.types.offered]
    assert "smoke" not in sheet.type.chips
    assert sheet.type.chips["flood"].text() == "内涝"
    set_language("en")
    try:
        sheet.retranslate()
        assert sheet.type.chips["flood"].text() == "Flood"
    finally:
        set_language("zh_CN")


def test_its_words_suggest_it(desk: DeskUnderTest) -> None:
    assert desk.app.type_words is not None
    found = suggest_types("地下车库漫水", desk.app.type_words)
    assert found[0].incident_type == "flood"
    assert is_clear(found)
    assert desk.app.types.priority_of(found[0].incident_type) == 1


def test_queue_and_card_show_its_name_and_its_clocks(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    desk.report("i1", "车库进水", priority=1, incident_type="flood")
    desk.do(cmd.AcceptIncident("i1"))
    row = panel.queue.get("i1")
    assert row is not None
    assert row.type_name == "内涝"
    assert row.clock is not None
    assert row.clock.name == "dispatch"
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.show_incident("i1")
    assert "内涝" in card.head.origin.text
    assert card.head.clocks["contact"].light == "off"
    accept = card.head.clocks["accept"]
    assert accept.light == "off"
    assert accept.text.endswith("✓")
    assert "天" in card.head.clocks["resolve"].text


def test_a_type_that_nobody_declared_is_shown_as_it_came_and_plain(
    desk: DeskUnderTest, panel: IncidentQueuePanel
) -> None:
    desk.report("i1", "?", incident_type="<b>ufo</b>")
    row = panel.queue.get("i1")
    assert row is not None
    assert row.type_name == "<b>ufo</b>"
    assert row.clock is not None
    assert row.due_at == row.clock.due_at
