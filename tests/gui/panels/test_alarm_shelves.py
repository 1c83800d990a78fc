"""The lane by keys: groups opened and accepted, alarms shelved, reviewed and cancelled, the load looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest
from widgets.alarm_actions import ALARM_ACTIONS
from widgets.models.alarm_lane import MEMBERS_MOST
from widgets.panels.alarm_lane import AlarmLanePanel

Key = Qt.Key


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[AlarmLanePanel]:
    panel = AlarmLanePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(620, 480)
    panel.show()
    panel.activateWindow()
    qtbot.waitActive(panel)
    panel.setFocus()
    yield panel
    panel.delegate.pulse.stop()


def alarm(
    key: str, priority: int = 3, kind: str = "smoke", device: str = "d1", grid: str = "g1"
) -> cmd.RaiseAlarm:
    return cmd.RaiseAlarm(key, "sensor", key, kind, priority, f"告警 {key}", grid=grid, device=device)


def press(desk: DeskUnderTest, *keys: Qt.Key) -> None:
    """On whatever has the keyboard, as a hand does."""
    for key in keys:
        widget = QApplication.focusWidget()
        assert isinstance(widget, QWidget)
        QTest.keyClick(widget, key)
        desk.settle()


def write(text: str) -> None:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    QTest.keyClicks(widget, text)


def choose(panel: AlarmLanePanel, key: str) -> None:
    panel.view.selectRow(panel.lane.row_of(key))


# -- groups ----------------------------------------------------------------------------------------------------------


def test_a_flood_is_one_row_that_opens_and_closes_by_keys(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(*(alarm(f"a{n}", device=f"d{n}") for n in range(5)), alarm("b", grid="g2", device="x"))
    assert set(panel.lane.keys()) == {"a0", "b"}
    row = panel.lane.get("a0")
    assert row is not None
    assert (row.kind, row.count, row.raised) == ("group", 5, 5)
    choose(panel, "a0")
    press(desk, Key.Key_Space)
    place = panel.lane.row_of("a0")
    assert set(panel.lane.keys()[place + 1 : place + 6]) == {f"a0/a{n}" for n in range(5)}
    choose(panel, "a0/a2")
    press(desk, Key.Key_Left)
    assert set(panel.lane.keys()) == {"a0", "b"}
    assert panel.view.current_key == "a0"


def test_a_group_is_acknowledged_and_accepted_as_one(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(*(alarm(f"a{n}", device=f"d{n}") for n in range(4)))
    choose(panel, "a0")
    press(desk, Key.Key_K)
    desk.wait_until(lambda: panel.known.groups["a0"].raised == 0)
    heard: list[str] = []
    panel.accepted.connect(heard.append)
    press(desk, Key.Key_I)
    desk.wait_until(lambda: bool(heard))
    desk.settle()
    incident = desk.bridge.desk.incidents[heard[0]]
    assert set(incident.source_ids) == {f"alarm:a{n}" for n in range(4)}
    assert panel.lane.keys() == []


def test_a_group_larger_than_a_command_becomes_one_incident_all_the_same(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    count = 2 * MEMBERS_MOST + 20
    desk.do_as_feed(*(alarm(f"a{n}", device=f"d{n}") for n in range(count)))
    choose(panel, "a0")
    press(desk, Key.Key_Space)
    assert panel.lane.total == MEMBERS_MOST + 1
    choose(panel, "a0")
    press(desk, Key.Key_I)
    desk.wait_until(lambda: not panel.known.groups)
    (incident,) = desk.bridge.desk.incidents.values()
    assert len(incident.source_ids) == count
    desk.wait_until(lambda: panel.lane.total == 0)


def test_later_alarms_are_added_to_the_incident_in_hand(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(alarm("a1"), alarm("b1", device="x", grid="g2"))
    desk.do(cmd.AcceptAlarm("a1", "i1"))
    choose(panel, "b1")
    press(desk, Key.Key_T)
    assert panel.refusal.isVisible()
    assert panel.lane.keys() == ["b1"]
    panel.incident_in_hand = lambda: "i1"
    press(desk, Key.Key_T)
    desk.wait_until(lambda: panel.lane.keys() == [])
    assert desk.bridge.desk.incidents["i1"].source_ids == ("alarm:a1", "alarm:b1")


def test_next_goes_from_the_most_urgent_on(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    for key, priority, kind in (("c", 3, "smoke"), ("b", 2, "smoke"), ("e", 4, "sos"), ("d", 3, "crowd")):
        desk.do_as_feed(alarm(key, priority, kind, device=key, grid=key))
    desk.do(cmd.AcknowledgeAlarm("d"))
    visited = []
    for _ in range(4):
        press(desk, Key.Key_J)
        visited.append(panel.view.current_key)
    assert visited == ["e", "b", "c", "e"]
    assert panel.lane.key_at(0) == "e"


# -- shelving --------------------------------------------------------------------------------------------------------


def test_shelving_by_keys_takes_reason_scope_and_time(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(alarm("a1"), alarm("a2"))
    choose(panel, "a1")
    press(desk, Key.Key_S)
    assert panel.ask.is_open
    assert [panel.ask.scope.itemData(n) for n in range(3)] == ["device", "alarm", "type_at_place"]
    assert panel.ask.duration.count() == len([m for m in (15, 30, 60, 120, 240) if m])
    press(desk, Key.Key_Return)
    assert panel.ask.is_open
    assert not panel.ask.confirm.isEnabled()
    write("cobweb")
    press(desk, Key.Key_Tab, Key.Key_Tab, Key.Key_Down, Key.Key_Return)
    desk.wait_until(lambda: bool(desk.bridge.desk.shelves))
    desk.settle()
    (shelf,) = desk.bridge.desk.shelves.values()
    assert (shelf.scope, shelf.device, shelf.reason) == ("device", "d1", "cobweb")
    assert 29 * 60_000 < shelf.expires_at - desk.app.clock.now() <= 30 * 60_000
    assert panel.lane.keys() == []
    desk.wait_until(lambda: panel.head.shelved.text() == "搁置 2  V")
    assert "2" in panel.state.accessibleDescription()
    desk.do_as_feed(alarm("a3"))
    desk.wait_until(lambda: panel.head.shelved.text() == "搁置 3  V")
    desk.do_as_feed(alarm("p1", 1))
    assert panel.lane.keys() == ["p1"]


@pytest.mark.parametrize(("priority", "kind"), [(1, "smoke"), (3, "sos")])
def test_what_is_urgent_is_not_offered_for_shelving(
    desk: DeskUnderTest, panel: AlarmLanePanel, priority: int, kind: str
) -> None:
    desk.do_as_feed(alarm("a1", priority, kind))
    choose(panel, "a1")
    press(desk, Key.Key_S)
    assert not panel.ask.is_open
    assert "不能搁置" in panel.refusal.text


def test_what_is_shelved_leaves_a_list_that_is_being_read(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(alarm("a1"), alarm("a2"), alarm("b1", device="x", grid="g2"))
    press(desk, Key.Key_Down)
    assert panel.lane.held
    assert panel.view.current_key == "a1"
    desk.do(cmd.ShelveAlarm("s1", "device", "a1", "cobweb", desk.app.clock.now() + 600_000))
    desk.wait_until(lambda: [panel.lane.key_at(n) for n in range(panel.lane.rowCount())] == ["b1"])


def test_a_row_that_has_ended_under_the_eyes_says_so_by_its_title(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    desk.do_as_feed(alarm("a1"))
    press(desk, Key.Key_Down)
    desk.do_as_feed(cmd.ClearAlarm("a1"))
    assert panel.lane.rowCount() == 1, "a list that is being read holds still"
    for key in (Key.Key_I, Key.Key_Return, Key.Key_K, Key.Key_S, Key.Key_X):
        panel.refusal.dismiss()
        press(desk, key)
        assert panel.refusal.text.startswith("告警 a1 ·")
        assert tr("alarm.gone") in panel.refusal.text
    assert not panel.ask.is_open


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_can_be_done_stays_in_sight_on_a_narrow_desk(
    desk: DeskUnderTest, panel: AlarmLanePanel, language: str
) -> None:
    set_language(language)
    panel.retranslate()
    desk.do_as_feed(alarm("a1"), alarm("b1", device="x", grid="g2"))
    desk.do(cmd.ShelveAlarm("s1", "device", "a1", "cobweb", desk.app.clock.now() + 600_000))
    choose(panel, "b1")
    panel.resize(272, 480)
    head = panel.head
    desk.wait_until(head.shelved.isVisible)
    for button in (head.acknowledge, head.accept):
        assert button.isVisible()
        assert button.isEnabled()
        assert button.width() >= button.sizeHint().width()
    assert head.accept.geometry().right() < head.width()


def test_tab_stays_in_the_sheet_that_asks(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    """Letters typed after a stray Tab are no commands to the lane."""
    desk.do_as_feed(alarm("a1"))
    choose(panel, "a1")
    press(desk, Key.Key_X)
    write("called back")
    for _ in range(6):
        press(desk, Key.Key_Tab)
        assert panel.ask.isAncestorOf(QApplication.focusWidget())
        press(desk, Key.Key_Backtab, Key.Key_Tab)
    assert desk.bridge.desk.alarms["a1"].status == "raised"


def test_a_refused_shelf_is_told_where_the_hand_is(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(alarm("a1"))
    choose(panel, "a1")
    press(desk, Key.Key_S)
    desk.do_as_feed(cmd.ClearAlarm("a1"))
    write("x")
    press(desk, Key.Key_Return)
    desk.wait_until(panel.refusal.isVisible)


def test_everything_shelved_is_listed_reviewed_and_unshelved_by_keys(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    desk.do_as_feed(alarm("a1"), alarm("b1", device="x", grid="g2"))
    now = desk.app.clock.now()
    desk.do(cmd.ShelveAlarm("s1", "device", "a1", "cobweb", now + 600_000))
    desk.do(cmd.ShelveAlarm("s2", "alarm", "b1", "works", now + 900_000))
    press(desk, Key.Key_V)
    sheet = panel.shelved_sheet
    assert [row.key[1] for row in sheet.list.rows if row.kind == "row"] == ["s1", "s2"]
    press(desk, Key.Key_C)
    desk.wait_until(lambda: desk.bridge.desk.shelves["s1"].reviewed_by != "")
    desk.wait_until(lambda: [row.title for row in sheet.list.rows if row.kind == "head"][1:] != [])
    sheet.list.go_to(("shelf", "s2"))
    press(desk, Key.Key_U)
    desk.wait_until(lambda: desk.bridge.desk.shelves["s2"].status == "unshelved")
    desk.wait_until(lambda: [row.key[1] for row in sheet.list.rows if row.kind == "row"] == ["s1"])
    assert panel.lane.keys() == ["b1"]
    press(desk, Key.Key_Escape)
    assert not sheet.is_open
    assert panel.view.hasFocus()


def test_before_the_shift_ends_the_badge_asks_for_the_review(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    lane = panel.known
    lane.limits = replace(lane.limits, review_before_ms=24 * 3_600_000)
    desk.do_as_feed(alarm("a1"))
    desk.do(cmd.ShelveAlarm("s1", "device", "a1", "cobweb", desk.app.clock.now() + 600_000))
    desk.wait_until(lambda: panel.head.shelved.text() == "交班复核 1  V")
    desk.do(cmd.ReviewShelved("s1"))
    desk.wait_until(lambda: panel.head.shelved.text() == "搁置 1  V")


def test_a_shelf_that_runs_out_gives_its_alarms_back_by_itself(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    desk.do_as_feed(alarm("a1"))
    desk.do(cmd.ShelveAlarm("s1", "device", "a1", "cobweb", desk.app.clock.now() + 300))
    assert panel.lane.keys() == []
    desk.wait_until(lambda: panel.lane.keys() == ["a1"])
    assert not panel.head.shelved.isVisible()


# -- chattering, emergencies, load -----------------------------------------------------------------------------------


def test_a_chattering_device_is_named_and_offered_for_shelving(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    for n in range(5):
        desk.do_as_feed(alarm(f"a{n}"))
    row = panel.lane.get("a0")
    assert row is not None
    assert row.chattering == 5
    assert "抖动" in panel.lane.data(panel.lane.index(0, panel.lane.column_number("title")))
    desk.wait_until(panel.chatter.isVisible)
    desk.do_as_feed(alarm("b1", device="other", grid="g2"))
    choose(panel, "b1")
    assert panel.chatter.shelve.text() == "搁置该设备…  Shift+S"
    chatterer = panel.chatter.alarm

    def by_key() -> None:
        QTest.keyClick(panel.view, Key.Key_S, Qt.KeyboardModifier.ShiftModifier)

    for ask in (panel.chatter.shelve.click, by_key):
        ask()
        assert panel.ask.is_open
        assert panel.shelving.alarm == chatterer, "the button and its key mean the device, not the chosen row"
        assert panel.ask.scope.currentData() == "device"
        press(desk, Key.Key_Escape)
        assert not panel.ask.is_open
    press(desk, Key.Key_S)
    assert panel.shelving.alarm == "b1"


def test_a_chattering_device_is_offered_though_its_last_alarm_has_cleared(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    for n in range(5):
        desk.do_as_feed(alarm(f"a{n}"), cmd.ClearAlarm(f"a{n}"))
    assert panel.lane.keys() == []
    desk.wait_until(panel.chatter.isVisible)
    panel.chatter.shelve.click()
    assert [panel.ask.scope.itemData(n) for n in range(panel.ask.scope.count())] == [
        "device",
        "type_at_place",
    ]
    write("loose contact")
    press(desk, Key.Key_Return)
    desk.wait_until(lambda: bool(desk.bridge.desk.shelves))
    desk.wait_until(lambda: not panel.chatter.isVisible())
    desk.do_as_feed(alarm("a9"))
    assert panel.lane.keys() == []
    assert panel.known.shelved_count == 1


def test_an_emergency_stays_until_it_is_cancelled_with_a_reason(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    desk.do_as_feed(alarm("e1", 2, "officer_down"))
    desk.do_as_feed(cmd.ClearAlarm("e1"))
    assert panel.lane.keys() == ["e1"]
    title = panel.lane.column_number("title")
    shown = panel.lane.data(panel.lane.index(0, title))
    assert tr("alarm.tag.emergency") in shown, "it still stands"
    assert tr("alarm.tag.returned") in shown
    choose(panel, "e1")
    press(desk, Key.Key_X)
    write("called back")
    press(desk, Key.Key_Return)
    desk.wait_until(lambda: panel.lane.keys() == [])
    assert desk.bridge.desk.alarms["e1"].status == "cancelled"


def test_the_load_is_shown_against_its_targets(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    desk.do_as_feed(*(alarm(f"a{n}", device=f"d{n % 3}") for n in range(12)))
    press(desk, Key.Key_L)
    sheet = panel.load_sheet
    assert sheet.is_open
    assert len(sheet.chart.values) == 144
    assert sum(sheet.chart.values) == 12
    assert sheet.known.isVisible()
    assert sheet.figures["mean"].text().startswith("12.0"), "over what is known, not over a day"
    assert sheet.figures["peak"].text() == "12 /10 分（洪流 >10）"
    assert sheet.figures["peak"].property("tone") == "warn"
    assert sheet.figures["shelved"].property("tone") == ""
    assert [row.key[1] for row in sheet.list.rows if row.kind == "row"] == ["d0", "d1", "d2"]
    press(desk, Key.Key_T)
    assert sheet.period == "shift"
    assert sheet.title.text() == tr("alarm.load_sheet.title.shift")
    press(desk, Key.Key_Escape)
    assert panel.view.hasFocus() or panel.state.hasFocus()


def test_the_load_names_sources_and_says_of_which_day_it_begins(
    desk: DeskUnderTest, panel: AlarmLanePanel
) -> None:
    desk.do_as_feed(cmd.RaiseAlarm("a1", "one_key", "a1", "smoke", 3, "告警", grid="g1"))
    press(desk, Key.Key_L)
    sheet = panel.load_sheet
    assert [row.title for row in sheet.list.rows if row.kind == "row"] == [tr("case.source.one_key")]
    first, last = sheet.chart._first, sheet.chart._last
    assert first.endswith(last) and first != last, "the same minute of the day before, with its day"


def test_an_empty_lane_has_its_keys(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    panel.state.setFocus()
    press(desk, Key.Key_V)
    assert panel.shelved_sheet.is_open
    assert panel.shelved_sheet.list.rows[0].title == tr("alarm.shelves.empty")
    press(desk, Key.Key_Escape)
    press(desk, Key.Key_L)
    assert panel.load_sheet.is_open


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_sheet_speaks_the_language_of_the_screen(
    desk: DeskUnderTest, panel: AlarmLanePanel, language: str
) -> None:
    set_language(language)  # type: ignore[arg-type]
    panel.retranslate()
    assert panel.shelved_sheet.title.text() == tr("alarm.shelves.title")
    assert panel.load_sheet.title.text() == tr("alarm.load_sheet.title.day")
    assert all(action.title() and not action.title().startswith("alarm.") for action in ALARM_ACTIONS)
    set_language("zh_CN")
