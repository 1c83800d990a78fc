"""The main job through the real window: an incident comes over a real socket, a unit is sent, arrives, it is closed.

And the same with the console killed in the middle: nothing is lost, and the officer goes on where it stood.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.geo.district import load_district
from app.service.past import dump_at
from tests.patience import PATIENCE_S
from tests.scenario.desk_window import Officer, open_desk
from tests.servers.simulator import ROOT, Simulator, simulator

TITLE = "望浦广场门口人群聚集"
WAY_S = 600
"""Units come on foot and by bicycle, at the speed of life, and the first one may decline."""
FEEDBACK = "crowd talked to, dispersed"


def scenario(folder: Path) -> Path:
    """One incident, at the post of the unit that will be sent: it is there within seconds."""
    post = next(unit for unit in load_district(default_district()).units if unit.kind == "medical")
    path = folder / "whole_way.toml"
    path.write_text(
        f"""title = {{zh = "全程", en = "The whole way"}}
seed = 7
stories_per_s = 0.0
[[inject]]
at_s = 0.5
[inject.fields]
id = "110-whole-way-1"
kind = "incident.reported"
source = "110"
type = "medical"
priority = 2
title = "{TITLE}"
lat = {post.home_lat}
lon = {post.home_lon}
""",
        encoding="utf-8",
    )
    return path


def config(folder: Path, server: Simulator) -> Config:
    return Config(db=str(folder / "journal.db"), district_dir=default_district(), feeds=(server.url,))


def dispatch_by_keys(officer: Officer) -> str:
    """From an incident that has just come in to a unit on its way; the unit that was sent."""
    incident = officer.see(TITLE)
    queue, dispatch = officer.panel("queue"), officer.panel("dispatch")
    officer.focus(queue)
    before = officer.keys
    officer.press(Qt.Key.Key_Down)
    officer.wait(lambda: officer.console.selection.incident == incident.id, "the incident to be chosen")
    officer.press(Qt.Key.Key_D)
    officer.wait(
        lambda: dispatch.isAncestorOf(QApplication.focusWidget()), "the dispatch panel to have the keys"
    )
    officer.press(Qt.Key.Key_1)
    officer.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    sent = officer.wait_for_status(TITLE, "dispatched")
    assert officer.keys - before <= 4
    (unit,) = sent.units
    return unit


def see_a_unit_arrive(officer: Officer) -> str:
    """Waits for a unit to be on the scene; one that declines, as some do, is replaced by the next."""
    while True:
        officer.wait(
            lambda: officer.status(TITLE) in ("handling", "accepted"), "a unit to arrive or to decline"
        )
        if officer.status(TITLE) == "handling":
            (unit,) = officer.see(TITLE).units
            assert officer.app.projections.desk.units[unit].status == "on_scene"
            return unit
        dispatch_by_keys(officer)


def close_by_keys(officer: Officer) -> None:
    """Waits for a unit to be there, then writes what was done and closes."""
    unit = see_a_unit_arrive(officer)
    officer.focus(officer.panel("queue"))
    officer.press(Qt.Key.Key_C)
    card = officer.panel("card")
    officer.wait(lambda: card.isAncestorOf(QApplication.focusWidget()), "the card to ask for the feedback")
    officer.type(FEEDBACK)
    officer.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    closed = officer.wait_for_status(TITLE, "closed")
    assert closed.outcome == "resolved"
    assert closed.feedback == FEEDBACK
    assert officer.app.projections.desk.units[unit].incident is None


@pytest.mark.timeout(WAY_S)
def test_report_dispatch_arrive_close(qapp: QApplication, tmp_path: Path) -> None:
    with simulator("--port", "0", "--scenario", str(scenario(tmp_path))) as server:
        with open_desk(qapp, config(tmp_path, server)) as officer:
            dispatch_by_keys(officer)
            close_by_keys(officer)
        state = dump_at(str(tmp_path / "journal.db"), None)
    (incident,) = state["incidents"]
    assert incident["source_ids"] == ["110:110-whole-way-1"]
    assert incident["status"] == "closed"
    assert incident["clocks"]["arrive"]["done_at"] is not None


@pytest.mark.timeout(WAY_S)
def test_the_same_with_the_console_killed_in_the_middle(qapp: QApplication, tmp_path: Path) -> None:
    with simulator("--port", "0", "--scenario", str(scenario(tmp_path))) as server:
        unit = killed_after_dispatch(tmp_path, server)
        with open_desk(qapp, config(tmp_path, server)) as officer:
            incident = officer.see(TITLE)
            assert incident.attended == (unit,)
            officer.focus(officer.panel("queue"))
            officer.press(Qt.Key.Key_Down)
            close_by_keys(officer)
            assert len(officer.app.projections.desk.incidents) == 1


def killed_after_dispatch(folder: Path, server: Simulator) -> str:
    """Another process opens the window, sends a unit by keys, says so, and is killed."""
    command = [sys.executable, "-m", "tests.scenario.first_half", str(folder), server.url]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline().split()
        child.send_signal(signal.SIGKILL)
        assert child.wait(PATIENCE_S) == -signal.SIGKILL
    assert said, "the first half did not get as far as the dispatch"
    return said[-1]
