"""The map's overlays in the panel: fed from the desk while they are shown, and remembered till the next start."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain import commands as cmd
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets.map.layer_file import read_layer_file
from widgets.map.sketch import SketchItem
from widgets.panels.map import MapPanel

NewPanel = Callable[[], MapPanel]


@pytest.fixture
def new_panel(desk: DeskUnderTest, tmp_path: Path) -> NewPanel:
    """Panels that keep their layers in one file."""

    def make() -> MapPanel:
        panel = MapPanel(desk.bridge, layer_file=tmp_path / "layers.json")
        desk.qtbot.addWidget(panel)
        panel.resize(640, 480)
        panel.show()
        desk.settle()
        return panel

    return make


def walk(desk: DeskUnderTest, unit: str, steps: int, ago_ms: int) -> list[TrackPoint]:
    """A unit that walks north, a fix every five seconds, the last one so long ago."""
    spec, now = desk.app.district.units[0], desk.app.clock.now()
    return [
        TrackPoint(unit, now - ago_ms - 5_000 * (steps - step), spec.home_lat + step * 1e-4, spec.home_lon)
        for step in range(steps)
    ]


def test_the_choice_is_there_again_at_the_next_start(
    desk: DeskUnderTest, new_panel: NewPanel, tmp_path: Path
) -> None:
    first = new_panel()
    first.view.stack.show("coverage", True)
    first.view.stack.fade("grids", 0.3)
    first.view.stack.move("heat", 2)
    first.view.sketching.put(SketchItem("s1", "note", ((31.22, 121.47),), "集结点"))
    first.close()
    second = new_panel()
    assert second.view.stack.choices == first.view.stack.choices
    assert [item.text for item in second.view.sketching.items] == ["集结点"]
    assert read_layer_file(tmp_path / "layers.json").choices == second.view.stack.choices


def test_the_file_is_written_once_the_hand_rests(
    desk: DeskUnderTest, new_panel: NewPanel, tmp_path: Path
) -> None:
    panel, path = new_panel(), tmp_path / "layers.json"
    for value in range(100, 40, -1):
        panel.view.stack.fade("units", value / 100)
    assert not path.exists()
    desk.wait_until(path.exists)
    assert read_layer_file(path).choices.layers["units"].opacity == pytest.approx(0.41)


def test_a_broken_file_is_told_and_the_map_shows_the_default(
    desk: DeskUnderTest, new_panel: NewPanel, tmp_path: Path
) -> None:
    (tmp_path / "layers.json").write_text("{", encoding="utf-8")
    told: list[str] = []
    desk.bridge.trouble_changed.connect(told.append)
    panel = new_panel()
    desk.wait_until(lambda: bool(told))
    assert "layers.json" in told[0]
    assert panel.view.stack.visible("units")


def test_a_file_that_cannot_be_written_is_told(
    desk: DeskUnderTest, new_panel: NewPanel, tmp_path: Path
) -> None:
    panel = new_panel()
    (tmp_path / "layers.json").mkdir()
    told: list[str] = []
    desk.bridge.trouble_changed.connect(told.append)
    panel.view.stack.show("heat", True)
    panel.layers.save()
    assert told


def test_tracks_begin_with_what_the_journal_knows_and_go_on_with_what_comes(
    desk: DeskUnderTest, new_panel: NewPanel
) -> None:
    unit, panel = desk.app.district.units[0].id, new_panel()
    tracks = panel.view.frame.overlays.tracks
    past = walk(desk, unit, 20, ago_ms=60_000)
    for point in past:
        desk.app.positions.put(point)
    desk.run(desk.app.positions.flush())
    desk.settle()
    assert len(tracks.way(unit)) == 0  # nobody wants to see them
    panel.view.stack.show("tracks", True)
    desk.wait_until(lambda: len(tracks.way(unit)) == 20)
    (fresh,) = walk(desk, unit, 1, ago_ms=-5_000)
    desk.app.positions.put(dataclasses.replace(fresh, lat=fresh.lat + 30e-4))
    desk.wait_until(lambda: len(tracks.way(unit)) == 21)
    panel.view.stack.show("tracks", False)
    assert len(tracks.way(unit)) == 0


def test_heat_counts_what_is_open_or_what_was_lately(desk: DeskUnderTest, new_panel: NewPanel) -> None:
    camera = desk.app.district.cameras[0]
    panel = new_panel()
    heat = panel.view.frame.overlays.heat
    for number in range(5):
        desk.report(f"i{number}", lat=camera.lat, lon=camera.lon)
    desk.do(cmd.WithdrawIncident("i0", "报错了"))
    panel.view.stack.show("heat", True)
    assert len(heat._points) == 4
    panel.view.stack.choose("heat", "window", "day")
    assert len(heat._points) == 5
    desk.report("i9", lat=camera.lat, lon=camera.lon)
    panel.layers._follow_clock(desk.app.clock.now() + 6_000)
    assert len(heat._points) == 6


def test_posts_and_patrols_of_the_district_are_there(desk: DeskUnderTest, new_panel: NewPanel) -> None:
    overlays = new_panel().view.frame.overlays
    desk.wait_until(lambda: bool(len(overlays.coverage.posts)))
    assert 10 < len(overlays.coverage.posts) <= len(desk.app.district.units)
    assert len(overlays.patrols.routes) == len(desk.app.district.patrols.routes) == 4


def test_incidents_or_units_that_are_not_shown_are_never_forgotten(
    desk: DeskUnderTest, new_panel: NewPanel
) -> None:
    panel = new_panel()
    note, stack = panel.tools.hidden, panel.view.stack
    assert not note.isVisible()
    stack.show("cameras", False)
    assert not note.isVisible()
    stack.show("incidents", False)
    assert note.isVisible()
    assert note.text.text == "事件图层已关闭"
    stack.show("units", False)
    assert note.text.text == "事件、力量图层已关闭"
    desk.qtbot.keyClick(note, Qt.Key.Key_Escape)
    assert note.isVisible(), "it stands as long as it is so"
    desk.qtbot.mouseClick(note.show_again, Qt.MouseButton.LeftButton)
    assert stack.visible("incidents")
    assert stack.visible("units")
    assert not note.isVisible()


def test_that_they_are_not_shown_is_said_after_a_restart_too(
    desk: DeskUnderTest, new_panel: NewPanel
) -> None:
    first = new_panel()
    first.view.stack.show("units", False)
    first.close()
    assert new_panel().tools.hidden.isVisible()
