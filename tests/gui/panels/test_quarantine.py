"""The quarantine sheet: a broken message is read, mended and taken in, or discarded with a reason."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from app.service.intake import Intake
from tests.gui.conftest import DeskUnderTest
from widgets.panels.quarantine import QuarantinePanel

GOOD = {
    "v": 1,
    "id": "e-1",
    "source": "12345",
    "kind": "incident.reported",
    "occurred_at": "2026-11-22T06:57:00Z",
    "type": "facility",
    "priority": 3,
    "title": "路灯不亮",
}
BROKEN = json.dumps(GOOD | {"occurred_at": "2026-13-40"}, ensure_ascii=False)


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> QuarantinePanel:
    app = desk.app
    app.intake = Intake(
        app.bus, lambda: app.projections.desk, app.positions, app.clock, "desk-1", lambda _lat, _lon: None
    )
    panel = QuarantinePanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(520, 480)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def send(desk: DeskUnderTest, panel: QuarantinePanel, *frames: str) -> None:
    before = panel.held.total
    desk.run(desk.app.intake.take("test", frames))
    desk.wait_until(lambda: panel.held.total == before + len(frames))


def open_first(desk: DeskUnderTest, panel: QuarantinePanel) -> str:
    panel.view.selectRow(0)
    desk.wait_until(panel.editor.isVisible)
    return str(panel.view.current_key)


def test_a_broken_message_is_listed_with_its_reason_and_shown_as_it_came(
    desk: DeskUnderTest, panel: QuarantinePanel
) -> None:
    assert panel.state.accessibleName() == "没有隔离的消息"
    counts: list[int] = []
    panel.count_changed.connect(counts.append)
    send(desk, panel, BROKEN)
    assert counts[-1] == 1
    reason = panel.held.data(panel.held.index(0, panel.held.column_number("reason")))
    assert "2026-13-40" in reason
    open_first(desk, panel)
    assert panel.editor.edit.toPlainText() == BROKEN
    assert not panel.editor.is_changed


def test_mending_takes_it_in(desk: DeskUnderTest, panel: QuarantinePanel, qtbot: QtBot) -> None:
    send(desk, panel, BROKEN)
    open_first(desk, panel)
    panel.editor.edit.setPlainText(json.dumps(GOOD, ensure_ascii=False))
    panel.editor.edit.setFocus()
    assert panel.editor.is_changed
    qtbot.keyClick(panel.editor.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait_until(lambda: panel.held.total == 0)
    assert [incident.title for incident in desk.bridge.desk.incidents.values()] == ["路灯不亮"]
    assert not panel.editor.isVisible()


def test_what_is_still_broken_is_refused_in_its_place(
    desk: DeskUnderTest, panel: QuarantinePanel, qtbot: QtBot
) -> None:
    send(desk, panel, BROKEN)
    open_first(desk, panel)
    mended = BROKEN.replace("2026-13-40", "2026-12-40")
    panel.editor.edit.setPlainText(mended)
    qtbot.mouseClick(panel.editor.readmit, Qt.MouseButton.LeftButton)
    desk.wait_until(panel.refusal.isVisible)
    assert "2026-12-40" in panel.refusal.text
    assert panel.held.total == 1
    assert panel.editor.edit.toPlainText() == mended
    assert panel.editor.readmit.isEnabled()


def test_discarding_needs_a_reason_and_a_hold(
    desk: DeskUnderTest, panel: QuarantinePanel, qtbot: QtBot
) -> None:
    send(desk, panel, BROKEN)
    key = open_first(desk, panel)
    assert not panel.editor.discard.isEnabled()
    panel.editor.reason.setText("重复发送")
    assert panel.editor.discard.isEnabled()
    qtbot.mouseClick(panel.editor.discard, Qt.MouseButton.LeftButton)
    assert panel.held.total == 1
    panel.editor.discard.confirmed.emit()
    desk.wait_until(lambda: panel.held.total == 0)
    assert desk.bridge.desk.quarantine[key].status == "discarded"


def test_looking_at_another_message_keeps_what_was_typed(desk: DeskUnderTest, panel: QuarantinePanel) -> None:
    send(desk, panel, BROKEN, "not json")
    first = open_first(desk, panel)
    panel.editor.edit.setPlainText("halfway")
    panel.view.selectRow(1)
    desk.wait_until(lambda: panel.editor.edit.toPlainText() not in ("", "halfway"))
    panel.view.show_key(first)
    panel.open_message(first)
    desk.wait_until(lambda: panel.editor.edit.toPlainText() == "halfway")
    assert panel.editor.is_changed


def test_language_changes_while_running(desk: DeskUnderTest, panel: QuarantinePanel) -> None:
    send(desk, panel, BROKEN)
    set_language("en")
    panel.retranslate()
    assert panel.editor.readmit.text() == "Mend and take in"
    assert panel.hint.accessibleName() == "Choose a message"
    set_language("zh_CN")
