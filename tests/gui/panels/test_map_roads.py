"""Closing a road on the map: its menu, the sheet with the keyboard alone, the drawing, and what another desk does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication

from app.domain import commands as cmd
from app.domain.roles import DUTY_OFFICER
from app.geo.surface import Road
from app.i18n import set_language, tr
from tests.gui.conftest import DeskUnderTest
from widgets.map.view import Camera2D
from widgets.panels.map import MapPanel
from widgets.style import tokens

HOUR_MS = 3_600_000


@pytest.fixture
def panel(desk: DeskUnderTest, tmp_path: Path) -> Iterator[MapPanel]:
    made = MapPanel(desk.bridge, layer_file=tmp_path / "layers.json")
    desk.qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.activateWindow()
    desk.wait_until(lambda: made.view.idle and made.roads.streets is not None)
    yield made
    set_language("zh_CN")


def long_road(panel: MapPanel) -> Road:
    """A straight piece of a street of many pieces."""
    streets = panel.roads.streets
    assert streets is not None
    street = next(each for each in streets.named if each.name_en == "Renmin Road")
    return max((streets.by_id[key] for key in street.roads), key=lambda road: float(np.ptp(road.line[:, 0])))


def middle(road: Road) -> tuple[float, float]:
    lon, lat = (road.line[0] + road.line[-1]) / 2
    return float(lat), float(lon)


def look_at(panel: MapPanel, desk: DeskUnderTest, road: Road) -> QPointF:
    """Brings a road to the middle; where it then is on the widget."""
    x_m, y_m = panel.view.scene.projection.to_metres(*middle(road))
    panel.view.steering.go_to(Camera2D(x_m, y_m, 17.0))
    view = panel.view
    desk.wait_until(lambda: not view.view.gliding and not view.frame.working)
    return QPointF(*panel.view.view.to_screen(x_m, y_m))


def item(panel: MapPanel, road: Road, name: str) -> QAction | None:
    """An item of the menu at a road."""
    menu = panel.tools.menu.menu_for([], *middle(road))
    return next((action for action in menu.actions() if action.objectName() == name), None)


def choose(panel: MapPanel, road: Road, name: str) -> None:
    found = item(panel, road, name)
    assert found is not None, name
    found.trigger()


def drawn(panel: MapPanel) -> set[str]:
    return {each.key for each in panel.view.frame.overlays.closures.items}


def reds(panel: MapPanel, at: QPointF) -> int:
    """How many points near a place have the colour of what is closed."""
    image: QImage = panel.view.grab().toImage()
    wanted = tokens().danger.rgb()
    near = range(-30, 31)
    return sum(image.pixel(round(at.x()) + x, round(at.y()) + y) == wanted for x in near for y in near)


def test_a_road_is_closed_from_its_menu_with_the_keyboard_and_opened_again(
    panel: MapPanel, desk: DeskUnderTest
) -> None:
    road = long_road(panel)
    at = look_at(panel, desk, road)
    assert reds(panel, at) == 0
    choose(panel, road, "close_road")
    sheet = panel.roads.sheet
    assert sheet.isVisible() and sheet.name.text() == "人民路" and sheet.roads == (road.id,)
    desk.qtbot.waitUntil(lambda: sheet.isAncestorOf(QApplication.focusWidget() or panel))
    assert not sheet.confirm.isEnabled(), "without a reason nothing is closed"
    sheet.reason.setEditText("管线抢修")
    sheet.until.setEditText("4h")
    desk.qtbot.keyClick(sheet.until, Qt.Key.Key_Return)
    desk.wait_until(lambda: drawn(panel) == {road.id})
    closure = desk.bridge.desk.roads[road.id]
    assert (closure.name, closure.reason) == ("人民路", "管线抢修")
    assert closure.until_at - closure.from_at == 4 * HOUR_MS
    assert not sheet.isVisible() and panel.tools.told.isVisible()
    desk.wait_until(lambda: reds(panel, at) > 40)
    choose(panel, road, "open_road")
    desk.wait_until(lambda: not drawn(panel))
    desk.wait_until(lambda: reds(panel, at) == 0)


def test_the_layer_is_switched_off_and_on(panel: MapPanel, desk: DeskUnderTest) -> None:
    road, now = long_road(panel), desk.app.clock.now()
    at = look_at(panel, desk, road)
    desk.do(cmd.CloseRoad((road.id,), "人民路", "火场", now, now + HOUR_MS))
    for shown in (True, False, True):
        panel.view.stack.show("closures", shown)
        desk.wait_until(lambda shown=shown: (reds(panel, at) > 40) is shown)  # type: ignore[misc]


def test_a_whole_street_is_closed_and_opened_at_once(panel: MapPanel, desk: DeskUnderTest) -> None:
    road = long_road(panel)
    choose(panel, road, "close_road")
    sheet = panel.roads.sheet
    sheet.street.click()
    sheet.reason.setEditText("活动")
    sheet.confirm.click()
    assert panel.roads.streets is not None
    street = set(panel.roads.streets.of(road.id).roads)
    desk.wait_until(lambda: drawn(panel) == street)
    assert sum(each.bears_name for each in panel.view.frame.overlays.closures.items) == 1
    choose(panel, road, "open_street")
    desk.wait_until(lambda: not drawn(panel))


def test_emergency_vehicles_are_let_pass_and_barred_again_from_the_sheet(
    panel: MapPanel, desk: DeskUnderTest
) -> None:
    road = long_road(panel)
    choose(panel, road, "close_road")
    sheet = panel.roads.sheet
    assert not sheet.passing.isChecked()
    sheet.passing.click()
    sheet.reason.setEditText("火场")
    sheet.confirm.click()
    desk.wait_until(lambda: drawn(panel) == {road.id})
    assert desk.bridge.desk.roads[road.id].emergency_passes
    assert "应急车辆可通行" in panel.tools.told.text.text
    (shown,) = panel.view.frame.overlays.closures.items
    assert "应急可过" in shown.text
    extend = item(panel, road, "extend_road")
    assert extend is not None and "应急车辆可通行" in extend.text()
    extend.trigger()
    assert sheet.passing.isChecked()
    sheet.passing.click()
    sheet.confirm.click()
    desk.wait_until(lambda: not desk.bridge.desk.roads[road.id].emergency_passes)


def test_another_end_is_given_from_the_menu(panel: MapPanel, desk: DeskUnderTest) -> None:
    road, now = long_road(panel), desk.app.clock.now()
    desk.do(cmd.CloseRoad((road.id,), "人民路", "火场", now, now + HOUR_MS))
    choose(panel, road, "extend_road")
    sheet = panel.roads.sheet
    assert sheet.reason.currentText() == "火场"
    sheet.until.setEditText("8h")
    sheet.confirm.click()
    desk.wait_until(lambda: desk.bridge.desk.roads[road.id].until_at > now + 7 * HOUR_MS)


def test_a_refusal_stands_in_the_sheet_and_what_was_typed_stays(panel: MapPanel, desk: DeskUnderTest) -> None:
    road, now = long_road(panel), desk.app.clock.now()
    choose(panel, road, "close_road")
    sheet = panel.roads.sheet
    desk.do(cmd.CloseRoad((road.id,), "人民路", "火场", now, now + HOUR_MS))
    sheet.reason.setEditText("施工")
    sheet.confirm.click()
    desk.wait_until(lambda: not sheet._fault.isHidden())
    assert "火场" in sheet._fault.text()
    assert sheet.isVisible() and sheet.reason.currentText() == "施工"


def test_what_another_desk_closes_is_drawn_and_told(panel: MapPanel, desk: DeskUnderTest) -> None:
    road, now = long_road(panel), desk.app.clock.now()
    context = cmd.Context("Li", DUTY_OFFICER, "desk-2", now)
    command = cmd.CloseRoad((road.id,), "人民路", "游行", now, now + HOUR_MS)
    desk.run(desk.app.bus.submit(command, context))
    desk.wait_until(lambda: drawn(panel) == {road.id})
    assert panel.tools.told.isVisible()
    assert "desk-2" in panel.tools.told.text.text and "游行" in panel.tools.told.text.text


def test_a_closure_goes_from_the_map_by_itself(panel: MapPanel, desk: DeskUnderTest) -> None:
    road, now = long_road(panel), desk.app.clock.now()
    desk.do(cmd.CloseRoad((road.id,), "人民路", "游行", now, now + 1500))
    assert drawn(panel) == {road.id}
    desk.wait_until(lambda: not drawn(panel))


def test_the_sheet_and_the_words_speak_both_languages(panel: MapPanel, desk: DeskUnderTest) -> None:
    road, now = long_road(panel), desk.app.clock.now()
    desk.do(cmd.CloseRoad((road.id,), "人民路", "游行", now, now + HOUR_MS))
    set_language("en")
    panel.retranslate()
    (closed,) = panel.view.frame.overlays.closures.items
    assert closed.text.startswith("Closed to")
    found = item(panel, road, "open_road")
    assert found is not None and found.text() == tr("roads.menu.open", road="Renmin Road")


def test_there_is_no_road_where_there_is_none(panel: MapPanel) -> None:
    menu = panel.tools.menu.menu_for([], 0.0, 0.0)
    assert not {"close_road", "open_road"} & {action.objectName() for action in menu.actions()}
