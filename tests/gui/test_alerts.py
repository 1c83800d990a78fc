"""What sounds and what does not: rows of the lane, floods, unanswered emergencies, what the journal held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.gui.test_sound import RecordingPlayer
from widgets.alerts import Alerts
from widgets.sound import Sound, SoundBoard


class Listener:
    """A sound board whose gap is over at once, and what was heard of it."""

    def __init__(self, desk: DeskUnderTest) -> None:
        lane = desk.bridge.projections.alarm_lane
        lane.limits = replace(lane.limits, repeat_ms=20)
        self.player = RecordingPlayer()
        self.board = SoundBoard(self.player, desk.app.clock.now, gap_ms=0)
        self.alerts = Alerts(desk.bridge, self.board)

    @property
    def heard(self) -> list[Sound]:
        return self.player.sounds

    def close(self) -> None:
        self.alerts.close()
        self.board.close()


@pytest.fixture
def listener(desk: DeskUnderTest) -> Iterator[Listener]:
    listener = Listener(desk)
    yield listener
    listener.close()


def alarm(
    key: str, priority: int = 2, kind: str = "smoke", device: str = "d1", grid: str = "g1"
) -> cmd.RaiseAlarm:
    return cmd.RaiseAlarm(key, "camera", key, kind, priority, f"alarm {key}", grid=grid, device=device)


def test_a_row_sounds_once_and_again_when_it_becomes_more_urgent(
    desk: DeskUnderTest, listener: Listener
) -> None:
    desk.do_as_feed(alarm("a1", 3), alarm("a2", 3), alarm("a3", 4))
    assert listener.heard == [Sound.P3]
    desk.do_as_feed(alarm("a4", 2))
    assert listener.heard == [Sound.P3, Sound.ALARM]
    desk.do_as_feed(alarm("b1", 1, device="d2", grid="g2"))
    assert listener.heard == [Sound.P3, Sound.ALARM, Sound.P1]


def test_of_a_flood_what_can_wait_sounds_no_more_and_what_cannot_still_does(
    desk: DeskUnderTest, listener: Listener
) -> None:
    for n in range(20):
        desk.do_as_feed(alarm(f"a{n}", 3, device=f"d{n}", grid=f"g{n}"))
    flood = desk.app.alarm_limits.flood
    assert listener.heard == [Sound.P3] * (flood + 1)
    desk.do_as_feed(alarm("b1", 2, device="x", grid="gx"))
    assert listener.heard[-1] == Sound.ALARM


def test_a_shelved_alarm_is_silent_until_it_comes_back(desk: DeskUnderTest, listener: Listener) -> None:
    desk.do_as_feed(alarm("a1", 3))
    ends_at = desk.app.clock.now() + 600_000
    desk.do(cmd.ShelveAlarm("s1", "device", "a1", "cobweb", ends_at))
    desk.do_as_feed(alarm("a2", 3))
    assert listener.heard == [Sound.P3]
    desk.do(cmd.UnshelveAlarm("s1"))
    assert listener.heard == [Sound.P3, Sound.P3]


def test_an_emergency_sounds_until_somebody_acknowledges_it(desk: DeskUnderTest, listener: Listener) -> None:
    desk.do_as_feed(alarm("e1", 2, "sos"))
    listener.board.mute_until(desk.app.clock.now() + 600_000)
    desk.wait_until(lambda: len(listener.heard) >= 3)
    assert set(listener.heard) == {Sound.EMERGENCY}
    desk.do_as_feed(cmd.ClearAlarm("e1"))
    assert listener.alerts.repeats
    desk.do(cmd.AcknowledgeAlarm("e1"))
    assert not listener.alerts.repeats


def test_what_the_journal_held_is_silent_but_for_an_emergency_that_still_waits(desk: DeskUnderTest) -> None:
    desk.do_as_feed(alarm("a1", 1), alarm("a2", 2, device="d2", grid="g2"))
    desk.report("i1", priority=1)
    quiet = Listener(desk)
    assert quiet.heard == []
    desk.do_as_feed(alarm("e1", 2, "sos"))
    quiet.close()
    loud = Listener(desk)
    assert loud.heard[:1] == [Sound.EMERGENCY]
    assert loud.alerts.repeats
    loud.close()
