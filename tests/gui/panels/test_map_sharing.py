"""Sketches for all desks on the map: sent by a held button, drawn with their desk, gone when they run out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton

from app.domain import commands as cmd
from app.domain.roles import DUTY_OFFICER, SHIFT_LEAD
from app.domain.sketch import HOUR_MS, SHIFT_MS
from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest
from widgets.local_time import local, minute_text
from widgets.map.overlay_names import sketch_title
from widgets.map.sheet import Sheet
from widgets.map.sketch import SketchItem
from widgets.map.sketch_sheet import SketchSheet
from widgets.panels.map import MapPanel
from widgets.style import tokens


@pytest.fixture
def panel(desk: DeskUnderTest, tmp_path: Path) -> Iterator[MapPanel]:
    made = MapPanel(desk.bridge, layer_file=tmp_path / "layers.json")
    desk.qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.activateWindow()
    desk.wait_until(lambda: made.view.idle)
    yield made
    set_language("zh_CN")


def here(desk: DeskUnderTest) -> tuple[float, float]:
    return desk.bridge.district.centre_lat, desk.bridge.district.centre_lon


def draw(
    panel: MapPanel, desk: DeskUnderTest, key: str = "own", text: str = "集结点 13812345678"
) -> SketchItem:
    item = SketchItem(key, "note", (here(desk),), text)
    panel.view.sketching.put(item)
    return item


def share_from_elsewhere(
    desk: DeskUnderTest, key: str = "far", lasts_ms: int = SHIFT_MS, desk_name: str = "desk-2"
) -> None:
    """Another desk's officer sends a line through the middle of the district."""
    lat, lon = here(desk)
    now = desk.app.clock.now()
    line = ((lat, lon - 0.003), (lat, lon + 0.003))
    command = cmd.ShareSketch(key, "line", line, "外围封控线", (), now + lasts_ms)
    desk.run(desk.app.bus.submit(command, cmd.Context("Li", DUTY_OFFICER, desk_name, now)))
    desk.settle()


def sheet(panel: MapPanel) -> SketchSheet:
    found: Sheet = panel.view.sheets["sketch"]
    assert isinstance(found, SketchSheet)
    return found


def button(panel: MapPanel, name: str) -> QToolButton | None:
    """A button of a row that is not on its way out."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return sheet(panel).findChild(QToolButton, name)


def press(panel: MapPanel, name: str) -> None:
    found = button(panel, name)
    assert found is not None, name
    found.click()


def hold(panel: MapPanel, desk: DeskUnderTest) -> None:
    """Enter is held until the button's bar is full."""
    confirm = sheet(panel).sharing.confirm
    assert confirm.isEnabled()
    confirm.setFocus()
    desk.qtbot.keyPress(confirm, Qt.Key.Key_Return)
    desk.wait_until(sheet(panel).sharing.isHidden)
    desk.settle()


def test_a_sketch_is_sent_with_its_consequence_named_and_a_held_button(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    item = draw(panel, desk)
    panel.view.open_sheet("sketch")
    press(panel, "map_send_own")
    bar = sheet(panel).sharing
    assert bar.isVisible()
    assert sketch_title(replace(item, text="集结点 138****5678")) in bar.question.text()
    assert "13812345678" not in bar.question.text()
    assert tr("sharing.hours", hours=12) in bar.question.text()
    short = bar.findChild(QPushButton, "map_share_hours_4")
    assert short is not None
    short.click()
    assert tr("sharing.hours", hours=4) in bar.question.text()
    assert desk.bridge.desk.sketches == {}
    before = desk.app.clock.now()
    hold(panel, desk)
    desk.wait_until(lambda: "own" in desk.bridge.desk.sketches and bool(panel.view.sketching.shared))
    sent = desk.bridge.desk.sketches["own"]
    assert sent.text == "集结点 138****5678"
    assert sent.desk == "desk-1"
    assert 0 <= sent.expires_at - before - 4 * HOUR_MS < 60_000
    assert panel.tools.told.isVisible()
    assert not panel.tools.told.failed
    assert button(panel, "map_send_own") is None
    assert button(panel, "map_withdraw_own") is not None
    focused = QApplication.focusWidget()
    assert focused is not None
    assert sheet(panel).isAncestorOf(focused), "after the held button the keyboard stays in the sheet"


def test_a_time_that_is_not_of_today_has_its_day() -> None:
    now = 1_795_330_626_000  # 2026-11-22 14:57:06 at the centre
    assert minute_text(now, now, 480) == "14:57"
    assert minute_text(now + 12 * HOUR_MS, now, 480) == "11-23 02:57"
    assert minute_text(now - 24 * HOUR_MS, now, 480) == "11-21 14:57"


def test_until_when_a_sketch_stands_is_said_with_its_day(desk: DeskUnderTest, panel: MapPanel) -> None:
    share_from_elsewhere(desk, lasts_ms=24 * HOUR_MS - 60_000)
    (shared,) = panel.view.sketching.shared
    tomorrow = local(desk.app.clock.now() + 24 * HOUR_MS - 60_000, desk.bridge.district.utc_offset_min)
    assert f"{tomorrow:%m-%d}" in shared.line


def test_escape_sends_nothing_and_leaves_the_keyboard_in_the_sheet(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    draw(panel, desk)
    panel.view.open_sheet("sketch")
    press(panel, "map_send_own")
    desk.qtbot.keyClick(sheet(panel).sharing, Qt.Key.Key_Escape)
    assert sheet(panel).sharing.isHidden()
    assert sheet(panel).isVisible()
    desk.settle()
    assert desk.bridge.desk.sketches == {}


def test_what_is_sent_is_withdrawn_with_a_reason_and_is_this_desks_own_again(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    item = draw(panel, desk, text="集结点")
    position = cmd.ShareSketch("own", "note", item.points, item.text, (), desk.app.clock.now() + HOUR_MS)
    desk.do(position)
    panel.view.open_sheet("sketch")
    press(panel, "map_withdraw_own")
    bar = sheet(panel).sharing
    assert not bar.confirm.isEnabled()
    reason = bar.findChild(QLineEdit, "map_withdraw_reason")
    assert reason is not None
    reason.insert("人员已撤离")
    hold(panel, desk)
    desk.wait_until(lambda: panel.view.sketching.shared == ())
    assert desk.bridge.desk.sketches["own"].status == "withdrawn"
    assert panel.tools.told.text.text == tr("sharing.withdrawn", title=sketch_title(item))
    assert button(panel, "map_send_own") is not None
    assert button(panel, "map_withdraw_own") is None


def test_a_refusal_is_told_on_the_map(desk: DeskUnderTest, panel: MapPanel) -> None:
    share_from_elsewhere(desk, "own")
    draw(panel, desk)
    panel.view.sketching.share_wanted.emit("own", 20)
    desk.wait_until(lambda: panel.tools.told.failed)
    assert "desk-2" in panel.tools.told.text.text
    share_from_elsewhere(desk, "more")
    assert panel.tools.told.failed, "a note must not take a failure's place"


def test_one_of_another_desk_arrives_quietly_with_its_desks_name(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    draw(panel, desk)
    panel.view.open_sheet("sketch")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    held = sheet(panel).findChild(QToolButton, "map_show_own")
    assert held is not None
    held.setFocus()
    share_from_elsewhere(desk)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "map_show_own"
    assert panel.tools.told.isVisible()
    assert "desk-2" in panel.tools.told.text.text
    (shared,) = panel.view.sketching.shared
    assert (shared.desk, shared.withdrawable) == ("desk-2", False)
    assert "Li" in shared.line
    assert button(panel, "map_withdraw_far") is None
    assert button(panel, "map_show_far") is not None
    desk.wait_until(lambda: panel.view.idle)
    names = {text.layer for text in panel.view.frame.labels.drawn()}
    assert "sketch" in names
    (drawn,) = (each for each in panel.view.frame.overlays.sketches.drawn() if each.item.id == "far")
    assert drawn.sender == "desk-2"
    assert [item.id for item in panel.view.sketching.items] == ["own"], (
        "another desk's is not in this desk's file"
    )


def inked(panel: MapPanel, line: SketchItem) -> float:
    """How much of the middle half of a level line has the ink of sketches, 0 to 1."""
    view, ink = panel.view.view, tokens().map.sketch
    places = [panel.view.scene.projection.to_metres(*point) for point in line.points]
    (left, y), (right, _) = (view.to_screen(*place) for place in places)
    picture = panel.view.grab().toImage()
    quarter = (right - left) / 4
    row = [picture.pixelColor(x, round(y)) for x in range(round(left + quarter), round(right - quarter))]
    return sum(_near(color, ink) for color in row) / len(row)


def _near(one: QColor, other: QColor) -> bool:
    return all(
        abs(a - b) < 40
        for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    )


def test_a_shared_line_has_a_broken_edge_and_an_own_one_a_whole_one(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    lat, lon = here(desk)
    line = SketchItem("far", "line", ((lat, lon - 0.003), (lat, lon + 0.003)), "外围封控线")
    for layer in ("incidents", "units", "cameras", "places"):
        panel.view.stack.show(layer, False)
    panel.view.sketching.put(line)
    desk.wait_until(lambda: panel.view.idle)
    whole = inked(panel, line)
    assert whole > 0.7, "but for what lies over it"
    share_from_elsewhere(desk)
    desk.wait_until(lambda: panel.view.idle)
    assert 0.4 * whole < inked(panel, line) < 0.85 * whole


def test_sent_again_as_it_stands_nothing_is_painted_anew(desk: DeskUnderTest, panel: MapPanel) -> None:
    share_from_elsewhere(desk)
    desk.wait_until(lambda: panel.view.idle)
    share_from_elsewhere(desk, lasts_ms=HOUR_MS)
    assert not panel.view.frame.overlays.sketches.has_changes


def test_a_withdrawal_elsewhere_is_noted_and_clears_the_map(desk: DeskUnderTest, panel: MapPanel) -> None:
    share_from_elsewhere(desk)
    lead = cmd.Context("Wang", SHIFT_LEAD, "desk-3", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.WithdrawSketch("far", "误画"), lead))
    desk.settle()
    assert panel.view.sketching.shared == ()
    assert panel.view.frame.overlays.sketches.drawn() == ()
    assert panel.tools.told.text.text.startswith(tr("sharing.gone", desk="desk-2", title=""))


def test_it_leaves_the_map_by_the_clock_alone(desk: DeskUnderTest, panel: MapPanel) -> None:
    share_from_elsewhere(desk, lasts_ms=HOUR_MS)
    ends_at = desk.bridge.desk.sketches["far"].expires_at
    desk.bridge.ticked.emit(ends_at - 1)
    assert len(panel.view.sketching.shared) == 1
    desk.bridge.ticked.emit(ends_at)
    assert panel.view.sketching.shared == ()
    assert panel.view.frame.overlays.sketches.drawn() == ()


def test_a_map_that_opens_later_shows_what_stands_and_calls_it_no_news(
    desk: DeskUnderTest, tmp_path: Path
) -> None:
    share_from_elsewhere(desk)
    late = MapPanel(desk.bridge, layer_file=tmp_path / "layers.json")
    desk.qtbot.addWidget(late)
    late.show()
    assert [shared.item.id for shared in late.view.sketching.shared] == ["far"]
    assert not late.tools.told.isVisible()
    set_language("en")
    late.retranslate()
    assert "desk-2 · Li" in late.view.sketching.shared[0].line
    assert " to " in late.view.sketching.shared[0].line
    set_language("zh_CN")
