"""The sheet of layers: by mouse and by keys, in both languages, never larger than the map."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from widgets.map import MapView
from widgets.map.layer_sheet import LayerSheet
from widgets.map.layers import LAYERS

Settle = Callable[[MapView], None]


@pytest.fixture
def sheet(town_map: MapView) -> LayerSheet:
    """Open, as its button opens it."""
    button = town_map.findChild(QToolButton, "map_layers")
    assert button is not None
    button.click()
    sheet = town_map.sheets["layers"]
    assert isinstance(sheet, LayerSheet)
    return sheet


@pytest.fixture
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh_CN")


def test_the_eye_switches_a_layer(town_map: MapView, sheet: LayerSheet, qtbot: QtBot) -> None:
    for spec in LAYERS:
        qtbot.mouseClick(sheet.row(spec.name).eye, Qt.MouseButton.LeftButton)
        assert town_map.stack.visible(spec.name) is not spec.visible


def test_the_slider_fades_a_layer_and_waits_while_it_is_hidden(town_map: MapView, sheet: LayerSheet) -> None:
    sheet.row("units").slider.setValue(40)
    assert town_map.stack.opacity("units") == pytest.approx(0.4)
    town_map.stack.show("units", False)
    assert not sheet.row("units").slider.isEnabled()


def test_sliders_stand_in_one_line_whether_their_layers_can_move_or_not(
    town_map: MapView, sheet: LayerSheet
) -> None:
    QApplication.processEvents()
    lines = {sheet.row(spec.name).slider.mapTo(sheet, QPoint()).x() for spec in LAYERS}
    assert len(lines) == 1


def test_rows_stand_in_the_order_in_which_they_are_drawn(town_map: MapView, sheet: LayerSheet) -> None:
    def rows_stand_so() -> bool:
        bands = [town_map.stack.order_of(band) for band in ("ground", "symbol", "overlay")]
        tops = [sheet.row(name).y() for order in bands for name in order]
        return tops == sorted(tops, reverse=True)

    assert rows_stand_so()
    for name in ("heat", "cameras", "roads"):
        sheet.row(name).up.click()
        QApplication.processEvents()
        assert rows_stand_so()
        assert town_map.stack.rank(name)[0] == {"heat": 1, "cameras": 1, "roads": 3}[name]
    order = town_map.stack.order
    sheet.row("sketch").up.click()
    sheet.row("coverage").down.click()
    assert town_map.stack.order == order  # they stand at the ends


def test_options_are_offered_for_what_is_shown(town_map: MapView, sheet: LayerSheet, qtbot: QtBot) -> None:
    minutes = sheet.findChild(QToolButton, "map_tracks_minutes_60")
    assert minutes is not None
    assert not minutes.isVisible()
    town_map.stack.show("tracks", True)
    assert minutes.isVisible()
    qtbot.mouseClick(minutes, Qt.MouseButton.LeftButton)
    assert town_map.stack.option("tracks", "minutes") == 60
    near = sheet.findChild(QToolButton, "map_coverage_near_True")
    assert near is not None
    near.click()
    assert town_map.stack.option("coverage", "near") is False
    assert not near.isChecked()


def test_all_of_it_can_be_done_with_keys(town_map: MapView, qtbot: QtBot) -> None:
    town_map.activateWindow()
    town_map.setFocus()
    qtbot.waitUntil(town_map.hasFocus)
    qtbot.keyClick(town_map, Qt.Key.Key_G)
    sheet = town_map.sheets["layers"]
    assert isinstance(sheet, LayerSheet)
    assert sheet.row("sketch").eye.hasFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    assert not town_map.stack.visible("sketch")
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert sheet.row("sketch").slider.hasFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Left)
    assert town_map.stack.opacity("sketch") == pytest.approx(0.95)
    before = town_map.view.target
    sheet.row("closures").up.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Space)
    assert town_map.stack.order_of("overlay")[-1] == "closures"
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert town_map.hasFocus()
    assert town_map.view.target == before


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.mark.parametrize("size", [(420, 320), (674, 691), (2_000, 1_500)])
@pytest.mark.usefixtures("english")
def test_it_stays_inside_the_map_and_shows_every_row_whole(
    town_map: MapView, sheet: LayerSheet, settle: Settle, size: tuple[int, int]
) -> None:
    for spec in LAYERS:
        town_map.stack.show(spec.name, True)
    sheet.renew()
    town_map.resize(*size)
    settle(town_map)
    assert town_map.rect().contains(sheet.geometry())
    if size[0] > 600:
        widest = max(sheet.row(spec.name).minimumSizeHint().width() for spec in LAYERS)
        assert sheet.row("tracks").width() >= widest


def test_the_map_under_the_sheet_is_not_touched(town_map: MapView, sheet: LayerSheet, qtbot: QtBot) -> None:
    picked: list[tuple[str, str]] = []
    town_map.picked.connect(lambda *hit: picked.append(hit))
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert picked == []
    assert not town_map.locked


def test_the_other_button_puts_the_first_sheet_away(town_map: MapView, sheet: LayerSheet) -> None:
    town_map.open_sheet("sketch")
    assert not sheet.isVisible()
    assert town_map.sheets["sketch"].isVisible()
    town_map.open_sheet("sketch")
    assert not town_map.sheets["sketch"].isVisible()
