"""A storm of alarms through the real window, by keys only: one incident of a flood, a device shelved, a call for help
that only a person ends, and after a restart all of it as it stood.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.i18n import set_language
from tests.scenario.desk_window import Officer, open_desk
from tests.servers.simulator import Simulator, simulator

STORM = """title = {zh = "告警", en = "A storm"}
seed = 7
stories_per_s = 0.0
[[inject]]
at_s = 0.3
template = "alarm_water"
place = "红旗二村"
count = 30
every_s = 0.02
[[inject]]
at_s = 0.4
template = "alarm_occlusion"
count = 6
every_s = 0.1
clear_after_s = 0.05
same_spot = true
[[inject]]
at_s = 0.5
template = "alarm_officer_down"
clear_after_s = 0.2
"""


def config(folder: Path, server: Simulator) -> Config:
    return Config(db=str(folder / "journal.db"), district_dir=default_district(), feeds=(server.url,))


def compose(text: str) -> None:
    """Words from an input method, into the field that has the focus."""
    composed = QInputMethodEvent()
    composed.setCommitString(text)
    QApplication.sendEvent(QApplication.focusWidget(), composed)


def lane_row(officer: Officer, alarm_type: str) -> str:
    """The key of the row whose lead is of this type; "" while there is none."""
    lane = officer.panel("alarms").lane
    return next((row.group for row in lane.heads() if row.alarm.alarm_type == alarm_type), "")


@pytest.mark.timeout(400)
def test_a_storm_is_answered_by_keys_and_nothing_of_it_is_lost(qapp: QApplication, tmp_path: Path) -> None:
    set_language("zh_CN")
    file = tmp_path / "storm.toml"
    file.write_text(STORM, encoding="utf-8")
    with simulator("--scenario", str(file)) as server:
        with open_desk(qapp, config(tmp_path, server)) as officer:
            _accept_the_flood(officer)
            _shelve_the_device(officer)
            _answer_the_call(officer)
            standing = _standing(officer)
        with open_desk(qapp, config(tmp_path, server)) as officer:
            assert _standing(officer) == standing


def _accept_the_flood(officer: Officer) -> None:
    alarms = officer.app.projections
    officer.wait(lambda: len(alarms.desk.alarms) >= 37, "every alarm of the storm")
    officer.wait(lambda: lane_row(officer, "officer_down") and lane_row(officer, "water"), "both rows")
    officer.press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    panel = officer.panel("alarms")
    officer.wait(
        lambda: lane_row(officer, "officer_down") == panel.view.current_key, "the call for help first"
    )
    officer.press(Qt.Key.Key_J)
    officer.wait(lambda: panel.view.current_key == lane_row(officer, "water"), "then the flood")
    officer.press(Qt.Key.Key_I)
    officer.wait(lambda: bool(alarms.desk.incidents), "one incident")
    (incident,) = alarms.desk.incidents.values()
    assert len(incident.source_ids) == 30
    officer.wait(lambda: not lane_row(officer, "water"), "the flood to have left the lane")


def _shelve_the_device(officer: Officer) -> None:
    """It is quiet just now; that it chatters is said all the same."""
    panel, lane = officer.panel("alarms"), officer.app.projections.alarm_lane
    officer.wait(lambda: len(lane.chatterers) == 1, "a chattering device")

    docks = officer.console.docks
    officer.console.resizeDocks([docks["queue"], docks["alarms"]], [200, 400], Qt.Orientation.Vertical)
    officer.wait(lambda: not panel.chatter.isHidden(), "the device to be named in a lane with room")
    officer.focus(panel.chatter.shelve)
    officer.press(Qt.Key.Key_Space)
    officer.wait(lambda: panel.ask.is_open, "the question for a reason")
    compose("镜头脏污")
    officer.press(Qt.Key.Key_Return)
    officer.wait(lambda: bool(officer.app.projections.desk.shelves), "a shelf")
    (shelf,) = officer.app.projections.desk.shelves.values()
    assert (shelf.scope, shelf.reason) == ("device", "镜头脏污")


def _answer_the_call(officer: Officer) -> None:
    """Its source has said that all is well; it stands there until it is cancelled."""
    panel = officer.panel("alarms")
    (call,) = (a for a in officer.app.projections.desk.alarms.values() if a.emergency)
    officer.wait(
        lambda: officer.app.projections.desk.alarms[call.id].returned_at is not None, "the source's word"
    )
    officer.focus(panel.view)
    officer.press(Qt.Key.Key_J)
    officer.press(Qt.Key.Key_K)
    officer.wait(lambda: not officer.app.projections.alarm_lane.unanswered, "nobody to wait for an answer")
    assert panel.lane.row_of(call.id) >= 0
    officer.press(Qt.Key.Key_X)
    compose("已回拨，误触")
    officer.press(Qt.Key.Key_Return)
    officer.wait(lambda: panel.lane.row_of(call.id) < 0, "the call to be ended")


def _standing(officer: Officer) -> tuple[dict[str, str], int, list[str]]:
    projections = officer.app.projections
    statuses = {key: alarm.status for key, alarm in sorted(projections.desk.alarms.items())}
    return statuses, projections.alarm_load.counts.newest, sorted(projections.alarm_lane.groups)
