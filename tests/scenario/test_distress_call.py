"""The emergency button of a phone, at the window: its call stands first, sounds, and stays until a person ends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.domain.alarm import Alarm
from tests.gui.test_sound import RecordingPlayer
from tests.scenario import in_sight
from tests.scenario.desk_window import ForwardClock, Officer, open_desk
from tests.scenario.test_send_and_follow import page_url, pair
from tests.servers.phone import phone
from widgets.sound import Sound

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
AT = {"lat": 31.2230, "lon": 121.4760}
HOUR_MS = 3_600_000
VERIFIED = "called back, pressed by mistake"

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def player(monkeypatch: pytest.MonkeyPatch) -> RecordingPlayer:
    """What would be heard."""
    player = RecordingPlayer()
    monkeypatch.setattr("widgets.sound.SoundCardPlayer", lambda: player)
    return player


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        db=str(tmp_path / "journal.db"), district_dir=default_district(), field_listen=("127.0.0.1", 0)
    )


def the_call(officer: Officer) -> Alarm:
    """As the first row of the lane has it."""
    lane = officer.panel("alarms").lane
    officer.wait(lambda: any(row.alarm.emergency for row in lane.heads()), "the call in the lane")
    first: Alarm = lane.row_at(0).alarm
    return first


def test_a_call_for_help_stands_until_a_person_has_ended_it(
    qapp: QApplication, config: Config, player: RecordingPlayer
) -> None:
    with open_desk(qapp, config, ForwardClock()) as officer:
        officer.press(Key.Key_M, CTRL)
        with phone(page_url(officer)) as own:
            pair(officer, "p1", own)
            own.say("emergency", **AT)
            call = the_call(officer)
            assert (call.alarm_type, call.priority, call.emergency) == ("officer_down", 1, True)
            assert (call.lat, call.lon) == (AT["lat"], AT["lon"])
        officer.wait(lambda: Sound.EMERGENCY in player.sounds, "its sound, though the rest is muted")
        assert in_sight.reads(officer.console.dock("alarms"), "警01 紧急求助")
        board: Any = officer.bring_up("units", Key.Key_5, ALT)
        officer.wait(lambda: board.board.get("p1").is_overdue, "the unit marked on the board")
        assert in_sight.reads(officer.console.dock("units"), "紧急求助")
        _neither_time_nor_a_shelf_ends_it(officer, call)
    player.played.clear()
    with open_desk(qapp, config) as officer:
        assert the_call(officer).id == call.id
        officer.wait(lambda: Sound.EMERGENCY in player.sounds, "its sound after the start")
        _ended_by_a_person(officer, call)


def _neither_time_nor_a_shelf_ends_it(officer: Officer, call: Alarm) -> None:
    """The phone is off by now, too."""
    clock, panel = officer.app.clock, officer.panel("alarms")
    assert isinstance(clock, ForwardClock)
    clock.go_on_to(clock.now() + HOUR_MS)
    officer.press(Key.Key_J, CTRL)
    officer.wait(lambda: panel.view.current_key == call.id, "the call under the keys")
    officer.press(Key.Key_S)
    officer.wait(panel.refusal.isVisible, "why it cannot be shelved")
    assert not panel.ask.is_open
    assert the_call(officer).id == call.id


def _ended_by_a_person(officer: Officer, call: Alarm) -> None:
    panel = officer.panel("alarms")
    officer.press(Key.Key_J, CTRL)
    officer.wait(lambda: panel.view.current_key == call.id, "the call under the keys")
    officer.press(Key.Key_K)
    officer.wait(lambda: not officer.app.projections.alarm_lane.unanswered, "it to be answered")
    assert panel.lane.row_of(call.id) == 0, "answered is not ended"
    officer.press(Key.Key_X)
    officer.type(VERIFIED)
    officer.press(Key.Key_Return)
    officer.wait(lambda: panel.lane.row_of(call.id) < 0, "the call to be ended")
    (ended,) = officer.records("alarm.cancelled")
    assert (ended.actor, ended.event.reason) == ("officer", VERIFIED)  # type: ignore[attr-defined]
