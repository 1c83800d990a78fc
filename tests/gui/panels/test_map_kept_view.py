"""Where the map looks outlasts the desk, however it ends, and obeys the rule of the held view."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import DeskUnderTest
from widgets.map.view import Camera2D
from widgets.panels.map import MapPanel
from widgets.panels.map_kept_view import read_view

NewPanel = Callable[[], MapPanel]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "view.json"


@pytest.fixture
def new_panel(desk: DeskUnderTest, path: Path) -> NewPanel:
    def make() -> MapPanel:
        panel = MapPanel(desk.bridge, view_file=path, layer_file=path.parent / "layers.json")
        desk.qtbot.addWidget(panel)
        panel.resize(640, 480)
        panel.view.set_reduced_motion(True)
        panel.show()
        desk.wait_until(lambda: panel.view.frame.ground is not None)
        desk.settle()
        panel.view.draw_now()
        return panel

    return make


def looks(panel: MapPanel) -> Camera2D:
    target = panel.view.view.target
    return Camera2D(round(target.x_m, 1), round(target.y_m, 1), target.zoom)


def test_a_view_is_on_the_disk_before_the_desk_ends_and_comes_back_held(
    desk: DeskUnderTest, new_panel: NewPanel, path: Path
) -> None:
    first = new_panel()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Left):
        QTest.keyClick(first.view, key)
    desk.wait_until(lambda: path.exists() and read_view(path).zoom == first.view.view.target.zoom)  # type: ignore[union-attr]
    desk.report("i1", lat=31.25, lon=121.5)
    second = new_panel()
    assert looks(second) == looks(first)
    assert second.view.locked


def test_a_view_that_nobody_holds_comes_back_and_only_news_fits_it(
    desk: DeskUnderTest, new_panel: NewPanel, path: Path
) -> None:
    lat, lon = desk.bridge.district.centre_lat, desk.bridge.district.centre_lon
    desk.report("i1", lat=lat, lon=lon)
    first = new_panel()
    before = looks(first)
    assert not first.view.locked
    first.close()
    assert json.loads(path.read_text(encoding="utf-8"))["locked"] is False
    desk.report("i2", lat=lat + 0.01, lon=lon)
    second = new_panel()
    assert looks(second) == before, "what stood there at the start is no news"
    assert not second.view.locked
    desk.report("i3", lat=lat - 0.01, lon=lon)
    desk.wait_until(lambda: looks(second) != before)


def test_the_view_of_another_district_is_left_alone(
    desk: DeskUnderTest, new_panel: NewPanel, path: Path
) -> None:
    path.parent.mkdir()
    kept = {"version": 1, "district": "999", "lat": 0, "lon": 0, "zoom": 18, "locked": True}
    path.write_text(json.dumps(kept), encoding="utf-8")
    panel = new_panel()
    assert not panel.view.locked
    assert abs(looks(panel).x_m) < 5_000


@pytest.mark.parametrize("content", ["no JSON", '{"version": 7}', '{"version": 1, "lat": "x"}', "[]"])
def test_a_file_that_cannot_be_used_is_told_and_kept(
    desk: DeskUnderTest, new_panel: NewPanel, path: Path, content: str
) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    told: list[str] = []
    desk.bridge.trouble_changed.connect(told.append)
    panel = new_panel()
    QTest.keyClick(panel.view, Qt.Key.Key_Plus)
    panel.close()
    assert any(path.name in text for text in told)
    assert path.read_text(encoding="utf-8") == content
