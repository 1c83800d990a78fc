"""A road is closed on the map: whoever would come by it comes later, in the panel and on the way, until it is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.i18n import tr
from tests.scenario.desk_window import Officer, open_desk

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
WHAT = "商场门口人群聚集"

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(db=str(tmp_path / "journal.db"), district_dir=default_district())


def eta_s(officer: Officer, unit: str) -> int:
    """Seconds that a unit needs, as the dispatch panel's row has it; 0 while there is none."""
    row = officer.panel("dispatch").candidates.get(unit)
    return row.eta_s or 0 if row is not None else 0


def longest_piece(officer: Officer, unit: str, incident: Any) -> str:
    """The piece of road on which the unit's way is longest."""
    app, roads = officer.app, officer.panel("map").roads
    spec = next(each for each in app.district.units if each.id == unit)
    graph = app.roads.graph(app.clock.now())
    assert graph is not None
    way = graph.route((spec.home_lat, spec.home_lon), (incident.lat, incident.lon), spec.travel)
    middles = (way.line[1:] + way.line[:-1]) / 2
    lengths = ((way.line[1:] - way.line[:-1]) ** 2).sum(axis=1)
    lon, lat = middles[1:-1][lengths[1:-1].argmax()].tolist()
    piece = roads.streets.piece_at(lat, lon, 5.0)
    assert piece is not None
    return str(piece.id)


def close_on_the_map(officer: Officer, road: str) -> None:
    """With the right button on the road, the menu's item, a reason and Enter."""
    panel = officer.panel("map")
    lon, lat = panel.roads.streets.by_id[road].line[len(panel.roads.streets.by_id[road].line) // 2]
    view = panel.view
    at = QPoint(*map(round, view.view.to_screen(*view.scene.projection.to_metres(float(lat), float(lon)))))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, event)
    menu = panel.tools.opened_menu
    assert menu is not None
    item = next(action for action in menu.actions() if action.objectName() == "close_road")
    menu.setActiveAction(item)
    officer.press(Key.Key_Return)
    sheet = panel.roads.sheet
    officer.wait(sheet.isVisible, "the sheet in which a road is closed")
    assert sheet.roads == (road,)
    officer.console.activateWindow()  # a window manager does so when a menu has closed
    officer.wait(lambda: sheet.isAncestorOf(QApplication.focusWidget() or panel), "the keyboard in the sheet")
    officer.press(Key.Key_Down)
    officer.press(Key.Key_Return)
    officer.wait(lambda: not sheet.isVisible(), "the road to be closed")


def test_the_recommendation_goes_round_a_closed_road_until_it_is_open(
    qapp: QApplication, config: Config
) -> None:
    with open_desk(qapp, config) as officer:
        incident = officer.report(f"报 人群聚集 @望浦广场 级2 {WHAT}", WHAT)
        panel = officer.panel("dispatch")
        officer.console.dock("dispatch").bring_up()
        officer.wait(lambda: bool(panel.recommended) and panel.is_settled, "a recommendation")
        officer.wait(lambda: officer.panel("map").roads.streets is not None, "the roads to be read")
        unit = max(panel.recommended, key=lambda each: eta_s(officer, each))
        free_s = eta_s(officer, unit)
        road = longest_piece(officer, unit, incident)
        close_on_the_map(officer, road)
        closure = officer.app.projections.desk.roads[road]
        assert closure.reason == tr("roads.canned").split("|")[0], "what ↓ offers first"
        officer.wait(lambda: eta_s(officer, unit) > free_s, "a longer way in the dispatch panel")
        officer.press(Key.Key_K, CONTROL)
        source = officer.console.head.line.source
        officer.wait(
            lambda: source.directory is not None and source.directory.roads is not None, "names of roads"
        )
        officer.type(f"unblock {road}")
        officer.press(Key.Key_Return)
        officer.wait(lambda: officer.app.projections.desk.roads[road].is_opened, "the road to be open")
        officer.wait(lambda: eta_s(officer, unit) == free_s, "the way as it was")
