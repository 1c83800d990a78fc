"""The window: docks that come back where they were, one selection for all panels, keys, looks, and a clean end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain import commands as cmd
from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest, Opened
from widgets import screenshots
from widgets.console import Console
from widgets.exercise_frame import FrameSide, FrameTop
from widgets.layouts import LAYOUT_VERSION, ON_DEMAND, layouts_path
from widgets.map.layer_file import LayerFile, layer_file_path, read_layer_file, write_layer_file
from widgets.map.layers import LayerChoice, LayerChoices
from widgets.panels.map import MapPanel
from widgets.style import apply_theme, tokens

NAMES = {
    "queue",
    "alarms",
    "map",
    "card",
    "dispatch",
    "units",
    "wall",
    "quarantine",
    "ledger",
    "shift",
    "field",
}
# Windows that float cannot be raised where there is no window system.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


def shown(console: Console) -> set[str]:
    return {name for name, dock in console.docks.items() if dock.in_sight}


# -- arrangement -------------------------------------------------------------------------------------------------------


def test_it_opens_with_every_dock_in_its_place(opened: Opened) -> None:
    console = opened()
    assert set(console.docks) == NAMES
    assert shown(console) >= {"queue", "alarms", "map", "wall", "card", "dispatch"}
    at = {name: dock.geometry() for name, dock in console.docks.items()}
    assert at["queue"].right() < at["map"].left() < at["map"].right() < at["card"].left()
    assert at["queue"].bottom() < at["alarms"].top()
    assert at["map"].bottom() < at["wall"].top()
    assert at["map"].width() > at["queue"].width() + at["card"].width()


def test_a_window_that_remembers_nothing_shows_the_map_as_it_was_made(
    opened: Opened, desk: DeskUnderTest
) -> None:
    """Pictures are the same on every machine, whatever its officer has chosen."""
    folder, choices = layer_file_path().parent, LayerChoices()
    mine = replace(choices, layers={**choices.layers, "grids": LayerChoice(visible=False, opacity=0.5)})
    write_layer_file(layer_file_path(), LayerFile(mine))
    (folder / "basemaps.toml").write_text("not even TOML", encoding="utf-8")
    try:
        panel = opened().panel("map")
        assert isinstance(panel, MapPanel)
        assert (panel.view.stack.choices, panel.basemaps.notice.text) == (choices, "")
        panel.view.stack.show("heat", True)
        panel.layers.save()
        assert read_layer_file(layer_file_path()).choices == mine
    finally:
        layer_file_path().unlink()
        (folder / "basemaps.toml").unlink()


def test_in_a_narrow_window_the_wall_is_a_tab_beside_the_card(opened: Opened) -> None:
    console = opened(1366, 768)
    assert console.dock("wall") in console.tabifiedDockWidgets(console.dock("card"))
    assert "card" in shown(console)
    assert "wall" not in shown(console)
    assert (console.width(), console.height()) == (1366, 768)


def test_what_is_hidden_is_not_built_until_it_is_looked_at(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    assert not console.dock("quarantine").is_filled
    console.dock("quarantine").raise_()
    desk.wait_until(lambda: console.dock("quarantine").is_filled)


def test_a_layout_comes_back_after_a_restart(opened: Opened) -> None:
    console = opened(remember=True)
    console.dock("wall").hide()
    console.dock("units").setFloating(True)
    console.close()
    assert json.loads(layouts_path().read_text(encoding="utf-8"))["version"] == LAYOUT_VERSION
    again = opened(remember=True)
    assert again.dock("wall").isHidden()
    assert again.dock("units").isFloating()
    again.reset_layout()
    assert not again.dock("wall").isHidden()
    assert not again.dock("units").isFloating()


def test_what_is_moved_is_kept_before_the_desk_ends(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened(remember=True)
    assert console._kept_layout is not None
    console._kept_layout.keeper.write_now()
    stood = layouts_path().read_text(encoding="utf-8")
    console.dock("wall").hide()
    console.resize(1500, 900)
    desk.wait_until(lambda: layouts_path().read_text(encoding="utf-8") != stood)
    again = opened(1400, 800, remember=True)  # the first one has not ended: it might have been killed
    assert again.dock("wall").isHidden()
    assert not list(layouts_path().parent.glob("*.new"))


def test_a_picture_run_neither_reads_nor_writes_a_layout(opened: Opened) -> None:
    layouts_path().parent.mkdir(parents=True, exist_ok=True)
    layouts_path().write_text("not even JSON", encoding="utf-8")
    console = opened(remember=False)
    assert not console._notice.isVisible()
    console.save_workspace("夜班")
    console.close()
    assert layouts_path().read_text(encoding="utf-8") == "not even JSON"


@pytest.mark.parametrize(
    "content",
    [
        "not even JSON",
        "[]",
        '{"version": 99, "last": {}, "named": {}}',
        '{"version": 1, "workspace": "", "text_scale": 1, "named": {}, "last": {"geometry": "?", "state": "?"}}',
        '{"version": 1, "workspace": "", "text_scale": 900, "named": {}, "last": {"geometry": "", "state": ""}}',
    ],
)
def test_a_broken_layout_file_gives_the_default_and_says_so(opened: Opened, content: str) -> None:
    layouts_path().parent.mkdir(parents=True, exist_ok=True)
    layouts_path().write_text(content, encoding="utf-8")
    console = opened(remember=True)
    assert tr("console.layout_unreadable") in console._notice.text
    assert shown(console) >= {"queue", "map", "card", "wall"}


def test_a_state_that_qt_does_not_know_gives_the_default(opened: Opened) -> None:
    layouts_path().parent.mkdir(parents=True, exist_ok=True)
    foreign = {"geometry": "", "state": "AAAA"}
    content = {"version": LAYOUT_VERSION, "workspace": "", "text_scale": 1.0, "named": {}, "last": foreign}
    layouts_path().write_text(json.dumps(content), encoding="utf-8")
    assert shown(opened(remember=True)) >= {"queue", "map", "card", "wall"}


def test_named_workspaces_are_tabs_that_restore_and_go(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened(remember=True)
    console.dock("alarms").hide()
    console.save_workspace("夜班")
    console.strip.tabs.setCurrentIndex(0)
    assert not console.dock("alarms").isHidden()
    console.strip.tabs.setCurrentIndex(2)
    assert console.dock("alarms").isHidden()
    console.close()
    again = opened(remember=True)
    assert again.workspaces == ["夜班"]
    assert again.dock("alarms").isHidden()
    again.delete_workspace("夜班")
    assert again.strip.tabs.count() == 2


def test_f11_makes_the_dock_with_the_keyboard_a_wall_and_puts_it_back(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    desk.report("i1")
    console.activateWindow()
    desk.wait_until(console.isActiveWindow)
    console.dock("queue").bring_up()
    desk.wait_until(lambda: console._focused_dock() is console.dock("queue"))
    QTest.keyClick(console, Qt.Key.Key_F11)
    desk.wait_until(lambda: console.dock("queue").is_wall)
    assert (
        console.dock("queue").windowType() is Qt.WindowType.Window
    )  # a tool window is refused the whole screen
    console.toggle_wall()
    assert not console.dock("queue").isFloating()
    desk.wait_until(lambda: console._focused_dock() is console.dock("queue"))


def test_a_floating_dock_floats_again_after_its_time_as_a_wall(opened: Opened) -> None:
    dock = opened().dock("units")
    dock.setFloating(True)
    kind = dock.windowType()
    dock.set_wall(True)
    dock.set_wall(False)
    assert dock.isFloating()
    assert dock.windowType() is kind


def test_the_first_arrow_after_opening_chooses_the_first_incident(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    console.activateWindow()
    desk.wait_until(lambda: console._focused_dock() is console.dock("queue"))
    desk.report("i1", priority=3)
    desk.report("i2", priority=1)
    desk.wait_until(lambda: QApplication.focusWidget() is console.panel("queue").view)  # type: ignore[attr-defined]
    QTest.keyClick(console.panel("queue").view, Qt.Key.Key_Down)  # type: ignore[attr-defined]
    assert console.selection.incident == "i2"


# -- from a row to the card and back -----------------------------------------------------------------------------------


def test_what_is_not_possible_is_said_in_the_queue_which_keeps_the_keyboard(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    console.activateWindow()
    desk.report("i1")
    queue: Any = console.panel("queue")
    queue.view.setFocus()
    QTest.keyClick(queue.view, Qt.Key.Key_Down)
    for key, why in ((Qt.Key.Key_T, "先派遣"), (Qt.Key.Key_Z, "没有合并"), (Qt.Key.Key_Y, "带班领导")):
        QTest.keyClick(queue.view, key)
        assert why in queue.refusal.text
        assert queue.view.hasFocus()
    QTest.keyClick(queue.view, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert queue.view.hasFocus()


def test_the_keyboard_comes_back_from_the_cards_sheet_to_the_queue(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    console.activateWindow()
    desk.report("i1")
    desk.report("i2")
    queue: Any = console.panel("queue")
    card: Any = console.panel("card")
    queue.view.setFocus()
    QTest.keyClick(queue.view, Qt.Key.Key_Down)
    QTest.keyClick(queue.view, Qt.Key.Key_P)
    assert card.sheet.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert queue.view.hasFocus()
    QTest.keyClick(queue.view, Qt.Key.Key_Down)
    assert console.selection.incident == "i2"
    QTest.keyClick(queue.view, Qt.Key.Key_P)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i2"].contacted_at is not None)
    desk.wait_until(queue.view.hasFocus)


# -- one selection -----------------------------------------------------------------------------------------------------


def test_a_row_of_the_queue_is_ringed_on_the_map_and_offered_to_the_wall(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console, camera = opened(), desk.app.district.cameras[0]
    desk.report("i1", lat=camera.lat, lon=camera.lon)
    queue: Any = console.panel("queue")
    map_panel: Any = console.panel("map")
    wall: Any = console.panel("wall")
    queue.view.selectRow(0)
    assert console.selection.incident == "i1"
    assert map_panel.view.scene.selected == ("incident", "i1")
    assert wall.header.near.isEnabled()


def test_a_pick_on_the_map_selects_the_row_and_bare_ground_keeps_it(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    desk.report("i1")
    desk.report("i2")
    queue: Any = console.panel("queue")
    map_panel: Any = console.panel("map")
    map_panel.picked.emit("incident", "i2")
    assert queue.view.current_key == "i2"
    map_panel.picked.emit("", "")
    map_panel.picked.emit("grid", desk.app.district.grids[0].code)
    assert console.selection.incident == "i2"


def test_enter_on_a_tile_brings_the_map_there(opened: Opened, desk: DeskUnderTest) -> None:
    console, camera = opened(), desk.app.district.cameras[7]
    map_panel: Any = console.panel("map")
    wall: Any = console.panel("wall")
    wall.camera_activated.emit(camera.id)
    target = map_panel.view.view.target
    lat, lon = map_panel.view.scene.projection.to_degrees(target.x_m, target.y_m)
    assert (lat, lon) == pytest.approx((camera.lat, camera.lon), abs=1e-5)
    assert console.selection.camera == camera.id


# -- looks, language, keys ---------------------------------------------------------------------------------------------


def test_the_language_changes_in_every_dock_at_run_time(opened: Opened) -> None:
    console = opened()
    console.set_language("en")
    assert {dock.windowTitle() for dock in console.docks.values()} >= {"Map", "Queue", "Cameras"}
    assert console.windowTitle().endswith("Streetdesk")
    console.set_language("zh_CN")
    assert console.dock("map").windowTitle() == "地图"
    set_language("zh_CN")


def test_theme_and_text_size_change_at_run_time(opened: Opened, qapp: QApplication) -> None:
    console = opened()
    console.set_theme("light")
    console.set_text_scale(1.25)
    assert (tokens().theme, tokens().scale) == ("light", 1.25)
    apply_theme(qapp, "dark")


def test_question_mark_lays_the_keys_over_the_window_and_escape_takes_them_away(
    opened: Opened, desk: DeskUnderTest
) -> None:
    from widgets.panels.keys_overlay import KeysOverlay

    console = opened()
    console.show_keys()
    (overlay,) = console.findChildren(KeysOverlay)
    assert overlay.geometry() == console.rect()
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.isVisible()


def test_alt_and_a_number_goes_to_a_dock(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    assert "quarantine" not in shown(console)
    QTest.keyClick(console, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    desk.wait_until(lambda: "quarantine" in shown(console))


def test_trouble_is_told_under_the_strip_until_it_is_over(opened: Opened, desk: DeskUnderTest) -> None:
    console = opened()
    desk.app.bus._set_trouble("磁盘已满")
    assert "磁盘已满" in console._notice.text
    assert not console._notice.isHidden()
    desk.app.bus._set_trouble("")
    assert console._notice.isHidden()


# -- exercise ----------------------------------------------------------------------------------------------------------


def test_an_exercise_is_framed_and_named_and_live_work_is_not(opened: Opened, desk: DeskUnderTest) -> None:
    live = opened()
    assert not live.findChildren(FrameSide)
    assert "演练" not in live.windowTitle()
    desk.app.config = replace(desk.app.config, drill=Path("demo.toml"))
    drill = opened()
    assert len(drill.findChildren(FrameSide)) == 3
    assert len(drill.findChildren(FrameTop)) == 1
    assert "演练" in drill.windowTitle()
    drill.dock("map").setFloating(True)
    assert "演练" in drill.dock("map").windowTitle()


# -- pictures and end --------------------------------------------------------------------------------------------------


def test_a_picture_run_poses_and_saves_the_window_and_every_panel(
    opened: Opened, desk: DeskUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.app.config = replace(desk.app.config, drill=Path("demo.toml"))
    desk.report("i1", priority=3)
    desk.report("i2", priority=1)
    monkeypatch.setattr("widgets.posing.LONGEST_LOOKS", 10_000)
    console = opened(1366, 768, unattended=True)
    assert console.selection.incident == "i2"
    wall: Any = console.panel("wall")
    desk.wait_until(lambda: wall.is_live)
    assert wall.watch.purpose == "exercise"
    desk.wait_until(lambda: "card" in shown(console))
    stood = shown(console)
    monkeypatch.setattr(screenshots, "SETTLE_S", 0.2)
    files = desk.run(screenshots.save_all(console, tmp_path / "out"))
    pictures = {file.stem: QImage(str(file)) for file in files}
    assert {dock.spec.name for dock in console.docks.values() if dock.isHidden()} == set(ON_DEMAND)
    desk.wait_until(lambda: shown(console) == stood)
    assert set(pictures) == {"window", "strip", *NAMES}
    assert pictures["window"].size() == console.size()
    for name in ("dispatch", "units", "wall", "quarantine"):
        front = pictures["alarms" if name == "quarantine" else "card"]
        assert pictures[name].size() == front.size(), f"{name} is behind a tab"


def test_a_start_that_fails_is_said_in_the_window(opened: Opened) -> None:
    console = opened()
    console.show_failure("journal.db: 没有写入权限")
    assert console.centralWidget().accessibleDescription() == "journal.db: 没有写入权限"
    assert shown(console) == set()


def test_closing_tells_and_shutting_down_ends_the_source_of_frames(
    opened: Opened, desk: DeskUnderTest
) -> None:
    console = opened()
    told: list[bool] = []
    console.closed.connect(lambda: told.append(True))
    console.close()
    assert told == [True]
    console.shut_down()
    console.shut_down()
    assert console._panels.source is not None
    with pytest.raises(RuntimeError):
        console._panels.source.open("C001", 100, 60, 12)


def test_news_sound_and_what_the_journal_held_does_not(opened: Opened, desk: DeskUnderTest) -> None:
    desk.report("old", priority=1)
    console = opened()
    desk.wait_until(lambda: console._sound is not None)
    played: list[str] = []
    assert console._sound is not None
    console._sound.play = played.append  # type: ignore[method-assign]
    desk.do(cmd.AcceptIncident("old"))
    assert played == []
    desk.report("new", priority=2)
    desk.do_as_feed(cmd.RaiseAlarm("a1", "video", "a1", "smoke", 2, "烟"))
    assert played == ["p2", "alarm"]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_buttons_of_a_dock_are_large_enough_to_be_met(
    opened: Opened, qapp: QApplication, scale: float
) -> None:
    """24 logical px and an icon of 16, which grow with the text; Qt's own were 10 on every screen."""
    apply_theme(qapp, "dark", scale)
    try:
        console = opened()
        bar = console.dock("queue").title_bar
        for button in (bar.float_button, bar.close_button):
            assert min(button.width(), button.height()) >= round(24 * scale)
            assert button.iconSize().width() == round(16 * scale)
            assert bar.rect().contains(button.geometry())
        assert bar.height() == tokens().size_dock_title
        assert not bar.geometry().intersects(console.dock("queue").widget().geometry())
    finally:
        apply_theme(qapp, "dark")


def test_a_dock_is_floated_put_back_and_closed_by_its_title(opened: Opened) -> None:
    dock = opened().dock("units")
    bar = dock.title_bar
    dock.bring_up()
    QTest.mouseClick(bar.float_button, Qt.MouseButton.LeftButton)
    assert dock.isFloating()
    assert bar.float_button.toolTip() == tr("console.dock_back")
    dock.set_wall(True)
    QTest.mouseClick(bar.float_button, Qt.MouseButton.LeftButton)
    assert (dock.is_wall, dock.isFloating()) == (False, True)
    QTest.mouseClick(bar.float_button, Qt.MouseButton.LeftButton)
    assert not dock.isFloating()
    dock.set_wall(True)
    QTest.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert (dock.isHidden(), dock.isFloating()) == (True, False)


def test_a_dock_is_dragged_by_its_title(opened: Opened) -> None:
    dock = opened().dock("queue")
    dock.bring_up()
    QTest.mouseDClick(dock.title_bar, Qt.MouseButton.LeftButton)
    assert dock.isFloating()
