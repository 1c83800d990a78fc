"""The strip: every number is the desk's, every lamp says what it means, and what does not fit is left out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.domain import commands as cmd
from app.feeds.feed import FeedState, FeedStatus
from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest
from widgets.panels.feed_lamps import LATE_S, lamp_state
from widgets.panels.status_strip import StatusStrip


@pytest.fixture
def strip(desk: DeskUnderTest) -> StatusStrip:
    strip = StatusStrip(desk.bridge)
    desk.qtbot.addWidget(strip)
    strip.resize(1900, 40)
    strip.show()
    desk.settle()
    return strip


def feed(state: FeedState, silent_s: float | None = 1.0) -> FeedStatus:
    now_s = 1_000.0
    status = FeedStatus("110", "ws://127.0.0.1:1/events", lambda: now_s, state)
    status.last_message_s = None if silent_s is None else now_s - silent_s
    return status


def test_open_incidents_are_counted_by_priority_until_they_are_closed(
    desk: DeskUnderTest, strip: StatusStrip
) -> None:
    desk.report("i1", priority=1)
    desk.report("i2", priority=3)
    desk.report("i3", priority=3)
    assert strip.open_counts.counts == {1: 1, 2: 0, 3: 2, 4: 0}
    desk.do(cmd.WithdrawIncident("i2", "报错了"))
    assert strip.open_counts.counts == {1: 1, 2: 0, 3: 1, 4: 0}
    assert strip.open_counts.toolTip() == tr("strip.open_tip", total=2, p1=1, p2=0, p3=1, p4=0)


def test_the_alarm_load_is_that_of_the_last_ten_minutes(desk: DeskUnderTest, strip: StatusStrip) -> None:
    for number in range(3):
        desk.do_as_feed(cmd.RaiseAlarm(f"a{number}", "video", f"a{number}", "smoke", 2, "烟"))
    assert strip.alarms.text == tr("strip.alarms", count=3)
    strip.refresh()
    assert strip.trend._values[-1] == 3


def test_what_is_held_shows_only_when_there_is_some_and_leads_to_the_sheet(
    desk: DeskUnderTest, strip: StatusStrip
) -> None:
    assert not strip.quarantine.isVisible()
    desk.do_as_feed(cmd.QuarantineMessage("q1", "12345", "不是 JSON"))
    assert strip.quarantine.isVisible()
    assert strip.quarantine.text() == tr("strip.quarantine", count=1)
    wanted: list[bool] = []
    strip.quarantine_wanted.connect(lambda: wanted.append(True))
    strip.quarantine.click()
    assert wanted == [True]
    desk.do(cmd.DiscardMessage("q1", "12345", "测试"))
    assert not strip.quarantine.isVisible()


@pytest.mark.parametrize(
    ("status", "lamp"),
    [
        (feed("live"), "ok"),
        (feed("live", None), "ok"),
        (feed("live", LATE_S + 1), "late"),
        (feed("connecting"), "late"),
        (feed("retrying"), "down"),
        (feed("stopped"), "off"),
    ],
)
def test_a_lamp_says_how_its_feed_is(status: FeedStatus, lamp: str) -> None:
    assert lamp_state(status) == lamp


def test_a_feed_gets_its_lamp_when_it_comes_with_age_and_error_in_words(
    desk: DeskUnderTest, strip: StatusStrip
) -> None:
    assert strip.feeds.lamps[0].text() == tr("strip.feed_none")
    status = feed("retrying", 75.0)
    status.error, status.reconnects = "refused", 4
    desk.app.feeds.append(status)
    desk.bridge.feeds_changed.emit()
    (lamp,) = strip.feeds.lamps
    assert (lamp.text(), lamp.state, lamp.age) == (tr("strip.feed"), "down", "01:15")
    assert tr("feed.error.refused") in lamp.toolTip()
    assert tr("strip.feed_tip.received", received="0", reconnects=4) in lamp.toolTip()


def test_the_database_lamp_tells_the_trouble_of_the_bus_and_its_end(
    desk: DeskUnderTest, strip: StatusStrip
) -> None:
    assert strip.database.state == "ok"
    desk.app.bus._set_trouble("磁盘已满")
    assert (strip.database.state, strip.database.toolTip()) == ("down", "磁盘已满")
    desk.app.bus._set_trouble("")
    assert strip.database.state == "ok"


def test_the_clock_follows_the_tick_in_the_time_of_the_district(
    desk: DeskUnderTest, strip: StatusStrip
) -> None:
    desk.bridge.ticked.emit(1_795_330_626_000)
    assert strip.clock.text == "11月22日 周日 14:57:06"


def test_what_matters_least_goes_first_when_there_is_no_room(desk: DeskUnderTest, strip: StatusStrip) -> None:
    widths, shown = (1900, 1000, 760, 500), []
    for width in widths:
        strip.resize(width, 40)
        shown.append([w.isVisible() for w in (strip.trend, strip.officer, strip.alarms, strip.open_counts)])
    assert shown[0] == [True] * 4
    strip.resize(1900, 40)
    whole = strip.officer.text
    named = {
        strip.officer.text
        for width in range(1900, 700, -20)
        if not strip.resize(width, 40) and strip.officer.isVisible()
    }
    assert named == {whole, desk.app.config.actor}, "the role goes before the name"
    assert all(sum(wider) >= sum(narrower) for wider, narrower in pairwise(shown))
    assert not shown[-1][0]
    assert strip.clock.isVisible()
    assert strip.database.isVisible()


def test_workspaces_are_tabs_and_only_a_choice_of_the_officer_is_told(
    desk: DeskUnderTest, strip: StatusStrip
) -> None:
    chosen: list[str] = []
    strip.workspace_chosen.connect(chosen.append)
    strip.set_workspaces(["夜班"], "夜班")
    assert chosen == []
    assert [strip.tabs.tabText(i) for i in range(strip.tabs.count())] == [
        tr("strip.workspace.command"),
        tr("strip.workspace.shift"),
        "夜班",
    ]
    strip.tabs.setCurrentIndex(0)
    assert chosen == [""]


def test_it_speaks_the_other_language(desk: DeskUnderTest, strip: StatusStrip) -> None:
    set_language("en")
    strip.retranslate()
    assert strip.centre.text == desk.app.district.name_en
    assert strip.tabs.tabText(0) == "Command"
    assert strip.database.text() == "Database"
    set_language("zh_CN")
