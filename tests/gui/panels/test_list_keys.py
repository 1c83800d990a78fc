"""In every list keys act on what is highlighted, once, and on nothing that has left it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.queue_desk import fill
from widgets.panels.incident_queue import IncidentQueuePanel

Key = Qt.Key


def test_what_leaves_the_list_leaves_nothing_chosen_and_the_arrows_go_on_from_there(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 4)
    picked: list[str] = []
    panel.selected.connect(picked.append)
    panel.view.selectRow(1)
    gone, after = panel.view.current_key, panel.queue.key_at(2)
    desk.do(cmd.WithdrawIncident(gone, "误报"))
    desk.wait_until(lambda: panel.queue.row_of(gone) < 0)
    assert panel.view.current_key is None
    assert picked == [gone]
    qtbot.keyClick(panel.view, Key.Key_A)  # on whom? on nobody
    qtbot.keyClick(panel.view, Key.Key_Down)
    assert panel.view.current_key == after
    assert {i.status for i in desk.bridge.desk.incidents.values() if i.is_open} == {"reported"}


@pytest.mark.parametrize(
    ("key", "row"), [(Key.Key_Home, 0), (Key.Key_End, 3), (Key.Key_Up, 1), (Key.Key_Down, 3)]
)
@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_keys_act_on_the_row_that_is_highlighted(
    desk: DeskUnderTest,
    panel: IncidentQueuePanel,
    qtbot: QtBot,
    key: Key,
    row: int,
    modifier: Qt.KeyboardModifier,
) -> None:
    fill(desk, 4)
    panel.view.selectRow(2)
    qtbot.keyClick(panel.view, key, modifier)
    assert panel.view.selected_keys() == [panel.view.current_key] == [panel.queue.key_at(row)]


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier])
def test_what_is_chosen_elsewhere_is_the_only_one_whatever_keys_are_held(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot, held: Qt.KeyboardModifier
) -> None:
    fill(desk, 4)
    panel.view.selectRow(0)
    qtbot.mouseClick(panel, Qt.MouseButton.LeftButton, held)
    assert QApplication.keyboardModifiers() == held
    wanted = panel.queue.key_at(2)
    panel.select(wanted)
    assert panel.view.selected_keys() == [panel.view.current_key] == [wanted]


def test_rows_are_chosen_from_where_the_list_was_left_with_shift(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 4)
    panel.view.selectRow(1)
    qtbot.keyClick(panel.view, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert panel.view.selected_keys() == [panel.queue.key_at(1), panel.queue.key_at(2)]


def test_what_is_chosen_elsewhere_is_marked_once_the_list_that_is_read_shows_it(
    desk: DeskUnderTest, panel: IncidentQueuePanel
) -> None:
    fill(desk, 3)
    panel.view.selectRow(0)
    panel.queue.hold()
    desk.report("i9", "just typed")
    panel.select("i9")
    assert panel.view.current_key is None
    panel.queue.release()
    assert panel.view.current_key == "i9"


def test_the_row_that_keys_stood_on_is_picked_again(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    """It is still the current one while another panel looks at what this list does not show."""
    fill(desk, 2)
    panel.view.selectRow(0)
    picked: list[str] = []
    panel.selected.connect(picked.append)
    panel.select("of another list")
    qtbot.keyClick(panel.view, Key.Key_Home)
    assert picked == [panel.queue.key_at(0)] == [panel.view.current_key]


def test_a_key_that_is_held_acts_once(
    desk: DeskUnderTest, panel: IncidentQueuePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk, 2)
    panel.view.selectRow(0)
    asked: list[str] = []
    panel.dispatch_requested.connect(asked.append)
    now_s = [100.0]
    monkeypatch.setattr("widgets.parts.held_keys.time.monotonic", lambda: now_s[0])

    def send(kind: QEvent.Type, after_s: float, *, marked: bool = False) -> None:
        now_s[0] += after_s
        event = QKeyEvent(kind, Key.Key_D, Qt.KeyboardModifier.NoModifier, "d", marked)
        QApplication.sendEvent(panel.view, event)

    send(QEvent.Type.KeyPress, 0.0)
    for _ in range(5):
        send(QEvent.Type.KeyPress, 0.03, marked=True)
    assert len(asked) == 1
    for _ in range(5):  # as some displays tell it
        send(QEvent.Type.KeyRelease, 0.3)
        send(QEvent.Type.KeyPress, 0.001)
    assert len(asked) == 1
    send(QEvent.Type.KeyRelease, 0.3)
    send(QEvent.Type.KeyPress, 0.08)
    assert len(asked) == 2
