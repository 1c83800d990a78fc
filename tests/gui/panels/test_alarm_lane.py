"""The alarm lane: nothing pops up, everything can be answered by a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from widgets.panels.alarm_lane import AlarmLanePanel

Key = Qt.Key


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[AlarmLanePanel]:
    panel = AlarmLanePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 300)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.delegate.pulse.stop()


def sound(desk: DeskUnderTest, *alarms: str, priority: int = 2) -> None:
    for alarm in alarms:
        desk.do_as_feed(cmd.RaiseAlarm(alarm, "video", alarm, "crowd", priority, f"告警 {alarm}"))


def test_the_most_urgent_stands_on_top(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    """Emergencies, what nobody has acknowledged, priority, then what has waited longest."""
    assert panel.state.accessibleName() == "没有告警"
    for alarm, kind, priority in (
        ("low", "crowd", 3), ("one", "crowd", 1), ("two", "crowd", 2), ("later", "crowd", 2), ("seen", "crowd", 1),
        ("sos", "officer_down", 2),
    ):  # fmt: skip
        before = desk.app.clock.now()
        desk.do_as_feed(
            cmd.RaiseAlarm(alarm, "video", alarm, kind, priority, alarm, device=alarm, grid=alarm)
        )
        desk.wait_until(lambda before=before: desk.app.clock.now() > before)
    desk.do(cmd.AcknowledgeAlarm("seen"))
    desk.wait_until(lambda: panel.lane.keys() == ["sos", "one", "two", "later", "low", "seen"])
    desk.wait_until(lambda: panel.head.raised.text() == "5 未确认")


def test_acknowledging_keeps_it_calmer_in_its_place(
    desk: DeskUnderTest, panel: AlarmLanePanel, qtbot: QtBot
) -> None:
    sound(desk, "a1")
    panel.view.setFocus()
    panel.view.selectRow(0)
    qtbot.keyClick(panel.view, Key.Key_K)
    desk.wait_until(lambda: desk.bridge.desk.alarms["a1"].status == "acknowledged")
    desk.settle()
    assert panel.lane.keys() == ["a1"]
    assert not panel.lane.row_at(0).is_raised
    assert not panel.head.acknowledge.isEnabled()
    assert panel.head.accept.isEnabled()


@pytest.mark.parametrize("key", [Key.Key_I, Key.Key_Return])
def test_accepting_makes_an_incident(
    desk: DeskUnderTest, panel: AlarmLanePanel, qtbot: QtBot, key: Qt.Key
) -> None:
    sound(desk, "a1", priority=1)
    panel.view.setFocus()
    panel.view.selectRow(0)
    heard: list[str] = []
    panel.accepted.connect(heard.append)
    qtbot.keyClick(panel.view, key)
    desk.wait_until(lambda: bool(heard))
    desk.settle()
    incident = desk.bridge.desk.incidents[heard[0]]
    assert (incident.title, incident.priority, incident.status) == ("告警 a1", 1, "accepted")
    assert panel.lane.keys() == []


def test_what_the_device_takes_back_leaves(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    sound(desk, "a1", "a2")
    desk.do_as_feed(cmd.ClearAlarm("a1"))
    assert panel.lane.keys() == ["a2"]


def test_a_refusal_is_told_here(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    sound(desk, "a1")
    desk.do_as_feed(cmd.ClearAlarm("a1"))
    panel.accept("a1")
    desk.wait_until(panel.refusal.isVisible)
    assert "“告警 a1”已经处理完" in panel.refusal.text, "by its title, not by an id"


def test_more_than_ten_in_ten_minutes_is_a_flood(desk: DeskUnderTest, panel: AlarmLanePanel) -> None:
    sound(desk, *(f"a{n}" for n in range(10)))
    desk.wait_until(lambda: panel.head.load.accessibleName() == "10 / 10 分钟")
    assert "洪流" not in panel.head.load.toolTip().partition("；")[0]
    sound(desk, "a10")
    desk.wait_until(lambda: panel.head.load.accessibleName() == "11 / 10 分钟")
    assert panel.head.load.toolTip().startswith("告警洪流")


def test_an_alarm_never_takes_the_keyboard(
    desk: DeskUnderTest, panel: AlarmLanePanel, qtbot: QtBot, qapp: QApplication
) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.setFocus()
    windows = len(qapp.topLevelWidgets())
    sound(desk, "a1", priority=1)
    assert not panel.view.hasFocus()
    assert panel.view.current_key is None
    assert len(qapp.topLevelWidgets()) == windows


def test_the_menu_and_the_language(desk: DeskUnderTest, panel: AlarmLanePanel, qtbot: QtBot) -> None:
    camera = desk.bridge.district.cameras[0]
    desk.do_as_feed(cmd.RaiseAlarm("a1", "video", "1", "crowd", 2, "人群密度", camera=camera.id))
    panel.view.selectRow(0)
    place = panel.lane.column_number("place")
    assert panel.lane.data(panel.lane.index(0, place)) == camera.name_zh
    set_language("en")
    panel.retranslate()
    assert panel.lane.data(panel.lane.index(0, place)) == camera.name_en
    assert [action.text() for action in panel.menu_for("a1").actions()] == [
        "Acknowledge\tK",
        "Accept as incident\tI",
        "Add to the chosen incident\tT",
        "Open or close a group\tSpace",
        "Shelve…\tS",
        "Cancel…\tX",
    ]
    set_language("zh_CN")
