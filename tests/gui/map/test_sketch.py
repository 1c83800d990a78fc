"""Measuring and drawing: right to the metre, by mouse and by keys, kept in a form that can be sent."""

import json
import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.i18n import tr
from tests.gui.map.test_map_view import on_screen
from tests.gui.map.town import lat_lon
from widgets.map import IncidentMark, MapView
from widgets.map.measures import area_text, length_text
from widgets.map.overlay_names import sketch_texts, sketch_title
from widgets.map.ring_text import ring_text, rings_of
from widgets.map.shared_sketch import SharedItem
from widgets.map.sketch import (
    SketchError,
    SketchItem,
    area_m2,
    from_json,
    path_length_m,
    to_json,
)
from widgets.map.sketch_tool import SketchTool

Settle = Callable[[MapView], None]


# -- measures -------------------------------------------------------------------------------------------------------


def test_distances_are_those_of_the_earth() -> None:
    # A degree of latitude on a sphere of 6,371.0088 km is 111,195 m.
    assert path_length_m(((31.0, 121.0), (32.0, 121.0))) == pytest.approx(111_195, abs=1)
    assert path_length_m(((60.0, 10.0), (60.0, 10.01))) == pytest.approx(556, abs=1)
    assert path_length_m(((0.0, 179.9), (0.0, -179.9))) == pytest.approx(22_239, abs=2)
    corners = (lat_lon(0, 0), lat_lon(300, 0), lat_lon(300, 400))
    assert path_length_m(corners) == pytest.approx(700, rel=0.003)
    assert path_length_m(corners[:1]) == 0


def test_areas_do_not_depend_on_the_sense_or_on_a_repeated_corner() -> None:
    ring = (lat_lon(0, 0), lat_lon(200, 0), lat_lon(200, 100), lat_lon(0, 100))
    assert area_m2(ring) == pytest.approx(20_000, rel=0.005)
    assert area_m2(ring[::-1]) == pytest.approx(area_m2(ring))
    assert area_m2((*ring, ring[0])) == pytest.approx(area_m2(ring), rel=0.001)
    assert area_m2(ring[:2]) == 0


def test_measures_are_said_with_their_units(qapp: QApplication) -> None:
    assert length_text(999.4) == "999 米"
    assert length_text(1234.0) == "1.23 公里"
    assert area_text(20_300.0) == "20,300 平方米"
    assert area_text(2_500_000.0) == "2.500 平方公里"


# -- the neutral form -----------------------------------------------------------------------------------------------


def test_a_sketch_survives_the_way_to_another_desk() -> None:
    item = SketchItem("s1", "rings", ((31.2, 121.4),), "看这里", (100.0, 200.0), 1_763_770_000_000)
    assert from_json(json.loads(json.dumps(to_json(item)))) == item


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "spiral"},
        {"points": []},
        {"points": [[31.2]]},
        {"points": [[131.2, 121.4], [31.2, 121.4]]},
        {"points": [["a", "b"], [31.2, 121.4]]},
        {"points": [[31.2, 121.4]]},
        {"points": [[31.2, 121.4]] * 501},
        {"radii_m": [-5]},
        {"radii_m": [math.nan]},
        {"made_at": "soon"},
        {"id": None, "points": None},
    ],
)
def test_what_is_no_sketch_is_refused(change: dict[str, object]) -> None:
    good = to_json(SketchItem("s1", "line", ((31.2, 121.4), (31.3, 121.4))))
    with pytest.raises(SketchError):
        from_json({**good, **change})
    with pytest.raises(SketchError):
        from_json("a line")


# -- the tool -------------------------------------------------------------------------------------------------------


def test_a_line_grows_and_shrinks_point_by_point(qapp: QApplication) -> None:
    tool = SketchTool()
    tool.start("line")
    assert not tool.add(lat_lon(0, 0))
    tool.pointer = lat_lon(300, 0)
    assert tool.reading() == "300 米"
    tool.add(lat_lon(300, 0))
    tool.pointer = lat_lon(300, 900)
    assert tool.reading() == "1.20 公里"
    tool.back()
    assert len(tool.points) == 1
    tool.back()
    tool.back()
    assert tool.kind is None


def test_too_few_points_are_no_sketch_and_rings_are_one_click(qapp: QApplication) -> None:
    tool = SketchTool()
    tool.start("area")
    tool.add(lat_lon(0, 0))
    tool.add(lat_lon(10, 0))
    assert tool.finish("k", 0) is None
    tool.start("rings")
    assert tool.add(lat_lon(0, 0))
    rings = tool.finish("k", 5)
    assert rings is not None
    assert rings.radii_m == (100.0, 200.0, 500.0)


# -- on the map -----------------------------------------------------------------------------------------------------


def click(qtbot: QtBot, view: MapView, east_m: float, north_m: float) -> None:
    at = on_screen(view, east_m, north_m).toPoint()
    qtbot.mouseMove(view, at)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)


def test_a_line_is_measured_with_the_mouse(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    picked: list[tuple[str, str]] = []
    town_map.picked.connect(lambda *hit: picked.append(hit))
    town_map.open_sheet("sketch")
    button = town_map.findChild(QToolButton, "map_tool_line")
    assert button is not None
    button.click()
    assert button.isChecked()
    click(qtbot, town_map, -300, 0)
    click(qtbot, town_map, 0, 0)
    click(qtbot, town_map, 0, -200)
    at = on_screen(town_map, 0, -200).toPoint()
    qtbot.mouseDClick(town_map, Qt.MouseButton.LeftButton, pos=at)
    (item,) = town_map.sketching.items
    assert (item.kind, len(item.points)) == ("line", 3)
    assert item.length_m == pytest.approx(500, abs=8)
    assert picked == []
    assert not button.isChecked()
    town_map.hover_at(None)  # a card that is shown counts up
    settle(town_map)
    texts = [label for label in town_map.frame.labels.drawn() if label.layer == "sketch"]
    assert len(texts) == 2
    line = town_map.grab().toImage().pixelColor(on_screen(town_map, -150, 0).toPoint())
    town_map.stack.show("sketch", False)
    settle(town_map)
    assert town_map.grab().toImage().pixelColor(on_screen(town_map, -150, 0).toPoint()) != line


def test_an_area_is_drawn_with_keys_alone(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    town_map.activateWindow()
    town_map.setFocus()
    qtbot.keyClick(town_map, Qt.Key.Key_A)
    for pan in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(town_map, Qt.Key.Key_Space)
        qtbot.keyClick(town_map, pan)
        settle(town_map)
    qtbot.keyClick(town_map, Qt.Key.Key_Space)
    qtbot.keyClick(town_map, Qt.Key.Key_Backspace)
    qtbot.keyClick(town_map, Qt.Key.Key_Return)
    (item,) = town_map.sketching.items
    assert (item.kind, len(item.points)) == ("area", 3)
    assert item.area_m2 > 1_000


def test_escape_gives_up_and_gives_the_map_back(town_map: MapView, qtbot: QtBot) -> None:
    qtbot.keyClick(town_map, Qt.Key.Key_M)
    click(qtbot, town_map, 0, 0)
    assert town_map.cursor().shape() == Qt.CursorShape.CrossCursor
    qtbot.keyClick(town_map, Qt.Key.Key_Escape)
    assert town_map.sketching.tool.kind is None
    assert town_map.sketching.items == ()
    assert town_map.cursor().shape() != Qt.CursorShape.CrossCursor
    click(qtbot, town_map, 0, 0)
    assert town_map.sketching.tool.points == []


def test_a_note_is_typed_on_the_spot(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    town_map.activateWindow()
    qtbot.keyClick(town_map, Qt.Key.Key_N)
    click(qtbot, town_map, 100, 100)
    line = town_map.findChild(QLineEdit, "map_note")
    assert line is not None
    assert line.isVisible()
    assert town_map.rect().contains(line.geometry())
    line.insert("集结点")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (item,) = town_map.sketching.items
    assert (item.kind, item.text) == ("note", "集结点")
    assert item.points[0] == pytest.approx(lat_lon(100, 100), abs=2e-5)
    qtbot.keyClick(town_map, Qt.Key.Key_N)
    click(qtbot, town_map, -100, 100)
    line.insert("算了")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert len(town_map.sketching.items) == 1
    assert town_map.sketching.tool.kind is None


def test_sketches_are_listed_shown_and_deleted(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    far = SketchItem("far", "rings", (lat_lon(2_000, 0),), "", (100.0,))
    town_map.sketching.set_items((far, SketchItem("here", "note", (lat_lon(0, 0),), "这里")))
    town_map.open_sheet("sketch")
    show = town_map.findChild(QToolButton, "map_show_far")
    assert show is not None
    show.click()
    settle(town_map)
    left, _, right, _ = town_map.view.bounds()
    assert left < 2_000 < right
    assert town_map.locked
    drop = town_map.findChild(QToolButton, "map_drop_far")
    assert drop is not None
    drop.click()
    assert [item.id for item in town_map.sketching.items] == ["here"]
    QApplication.processEvents()
    assert town_map.findChild(QToolButton, "map_show_here") is not None


def test_the_draft_is_painted_where_it_is_and_nowhere_else(town_map: MapView, qtbot: QtBot) -> None:
    qtbot.keyClick(town_map, Qt.Key.Key_M)
    click(qtbot, town_map, -100, 0)
    town_map.hover_at(on_screen(town_map, 100, 0))
    rect = town_map.sketching.draft.rect()
    middle = on_screen(town_map, 0, 0).toPoint()
    assert rect.contains(middle)
    assert rect.height() < town_map.height() // 4
    with_line = town_map.grab().toImage().pixelColor(middle)
    qtbot.keyClick(town_map, Qt.Key.Key_Escape)
    assert town_map.sketching.draft.rect().isEmpty()
    assert town_map.grab().toImage().pixelColor(middle) != with_line
    assert town_map.grab().toImage().pixelColor(QPoint(5, 5)).isValid()


# -- range rings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "radii_m", "name"),
    [
        ("100 200 500", (100.0, 200.0, 500.0), ""),
        ("300，150 封控区", (150.0, 300.0), "封控区"),
        ("1.5km, 80m 3号楼", (80.0, 1500.0), "3号楼"),
        ("250/250/cordon A", (250.0,), "cordon A"),
    ],
)
def test_rings_are_typed_as_radii_and_a_name(text: str, radii_m: tuple[float, ...], name: str) -> None:
    assert rings_of(text) == (radii_m, name)
    assert rings_of(ring_text(radii_m, name)) == (radii_m, name)


@pytest.mark.parametrize("text", ["", "封控区", "0", "100001", " ".join(map(str, range(1, 13))), "-"])
def test_what_is_no_radius_is_refused_in_words(qapp: QApplication, text: str) -> None:
    with pytest.raises(SketchError, match="100 300"):
        rings_of(text)


def test_the_officer_sets_radii_and_name_on_the_spot(town_map: MapView, qtbot: QtBot) -> None:
    QTest.keyClick(town_map, Qt.Key.Key_R)
    click(qtbot, town_map, 0, 0)
    line = town_map.findChild(QLineEdit, "map_note")
    assert isinstance(line, QLineEdit)
    assert line.isVisible()
    assert line.text() == "100 200 500"
    qtbot.keyClicks(line, "0")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.isVisible(), "what is wrong stays in the hand"
    assert "100 300" in town_map.sketching.tool.reading()
    line.clear()
    qtbot.keyClicks(line, "80 160 cordon")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (item,) = town_map.sketching.items
    assert (item.kind, item.radii_m, item.text) == ("rings", (80.0, 160.0), "cordon")
    assert sketch_title(item).split("  ")[1].startswith("cordon · 80")
    assert not line.isVisible()
    assert town_map.hasFocus()
    QTest.keyClick(town_map, Qt.Key.Key_R)
    click(qtbot, town_map, 200, 0)
    assert line.text() == "80 160", "the next ones are like the last"
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert len(town_map.sketching.items) == 1


def test_rings_of_another_desk_round_an_incident_say_whose_they_are(
    town_map: MapView, settle: Settle
) -> None:
    at = lat_lon(100, 100)
    rings = SketchItem("far", "rings", (at,), "cordon", (100.0, 200.0))
    town_map.set_locked(True)
    town_map.put_incidents([IncidentMark("i1", "crowd", 1, "聚集", *at, "reported", None, False)])
    town_map.sketching.set_shared((SharedItem(rings, "desk-9", "", False),))
    settle(town_map)
    words, _, y_m = next(sketch_texts(town_map.frame.overlays.sketches.drawn()[0]))
    assert words == f"cordon · {tr('sharing.from', desk='desk-9')}"
    shown = [label for label in town_map.frame.labels.drawn() if label.layer == "sketch"]
    top_px = town_map.view.to_screen(0, y_m)[1] * town_map.frame.dpr + town_map.frame.at.origin_px[1]
    assert any(abs(label.top_px + label.height_px / 2 - top_px) < 24 for label in shown)
