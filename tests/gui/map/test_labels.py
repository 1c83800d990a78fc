"""Labels never share a pixel, keep clear of symbols and edges, and are sharp; the important ones stand first."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.map.test_map_view import camera, incident, unit
from tests.gui.map.town import lat_lon, small_town
from widgets.map import MapView
from widgets.map.frame import Frame
from widgets.map.ground import Ground
from widgets.map.label_sides import ALONG, is_cut
from widgets.map.labels import MAX_LABELS, Label, Occupancy, face, ink
from widgets.map.layers import LayerStack
from widgets.map.print_frame import MapPrint, PrintFrame
from widgets.map.scene import Scene
from widgets.map.view import Camera2D, Viewport


def overlapping(labels: list[Label]) -> list[tuple[Label, Label]]:
    return [
        (a, b)
        for a, b in itertools.combinations(labels, 2)
        if a.left_px < b.left_px + b.width_px
        and b.left_px < a.left_px + a.width_px
        and a.top_px < b.top_px + b.height_px
        and b.top_px < a.top_px + a.height_px
    ]


def test_cells_that_are_taken_are_not_given_twice() -> None:
    cells = Occupancy(-100, -100, 400, 400)
    assert cells.take(-50, -50, 40, 20)
    assert not cells.take(-20, -40, 40, 20)
    assert cells.take(-50, -20, 40, 20)
    assert not cells.take(290, 290, 40, 20)  # hangs over the edge
    twin = cells.copy()
    assert twin.take(100, 100, 10, 10)
    assert cells.take(100, 100, 10, 10)


@pytest.mark.parametrize("zoom", [15.0, 16.0, 17.0, 18.5])
def test_no_label_overlaps_another_in_a_crowd(
    town_map: MapView, settle: Callable[[MapView], None], zoom: float
) -> None:
    town_map.put_incidents(
        [incident(f"i{i}", i * 7 - 150, (i * 53) % 200 - 100, 1 + i % 4) for i in range(40)]
    )
    town_map.put_units([unit(f"u{i}", (i * 37) % 400 - 200, (i * 61) % 300 - 150) for i in range(200)])
    town_map.view.jump(town_map.view.fitted((-200, -200, 200, 200), 0))
    town_map.fly_to(*town_map.lat_lon_at(town_map.rect().center()), zoom)
    settle(town_map)
    labels = town_map.frame.labels.drawn()
    assert 4 < len(labels) <= MAX_LABELS
    assert overlapping(labels) == []


def test_the_alarm_has_the_room_first(town_map: MapView, settle: Callable[[MapView], None]) -> None:
    row = [incident(f"low{i}", 140 * i, 0, 4) for i in (-2, -1, 1, 2)]
    town_map.put_incidents([*row, incident("high", 0, 0, 1)])
    town_map.fly_to(*lat_lon(0, 0), 16.0)
    settle(town_map)
    first, *rest = town_map.frame.labels.labeller.plan.incidents
    assert first.key == "high"
    assert rest
    whole = town_map.frame.labels.sprites.text_size("事件high", "alarm")
    assert (first.width_px, first.height_px) == whole  # the others give way, not the alarm


def test_labels_have_the_pixels_of_the_screen(qapp: QApplication) -> None:
    from widgets.map.labels import LabelSprites

    one, two = LabelSprites(1.0), LabelSprites(2.0)
    small, large = one.sheet.size(one.text("警01", "unit")), two.sheet.size(two.text("警01", "unit"))
    assert large[0] == pytest.approx(2 * small[0], abs=2)
    assert large[1] == pytest.approx(2 * small[1], abs=2)


# -- labels, symbols and the edges of the screen --------------------------------------------------------------------


def crossing(labels: list[Label], boxes: np.ndarray, own: dict[str, int]) -> list[tuple[Label, int]]:
    """Labels with the number of a symbol, not their own, that they cover."""
    return [
        (label, index)
        for label in labels
        for index, (left, top, width, height) in enumerate(boxes.tolist())
        if index != own.get(label.key)
        and label.left_px < left + width
        and left < label.left_px + label.width_px
        and label.top_px < top + height
        and top < label.top_px + label.height_px
    ]


def cores(view: MapView, kind: str, half_px: int) -> tuple[np.ndarray, dict[str, int]]:
    """The drawn symbols of a kind without their soft edges, in pixels of the plane, and whose they are."""
    painter = {"units": view.frame.units, "incidents": view.frame.incidents}[kind]
    origin = view.frame.at.origin_px
    points = np.column_stack([painter.x_px + origin[0], painter.y_px + origin[1]])
    keys = [painter.layer.marks[slot].key for slot in painter.slots.tolist()]
    return np.column_stack([points - half_px, np.full_like(points, 2 * half_px)]), {
        key: index for index, key in enumerate(keys)
    }


@pytest.mark.parametrize("zoom", [15.25, 16.0, 17.0])
def test_only_an_alarm_covers_a_symbol_and_only_that_of_a_unit(
    town_map: MapView, settle: Callable[[MapView], None], zoom: float
) -> None:
    town_map.put_incidents(
        [incident(f"i{i}", (i * 97) % 700 - 350, (i * 53) % 600 - 300, 1 + i % 4) for i in range(25)]
    )
    town_map.put_units([unit(f"u{i}", (i * 137) % 700 - 350, (i * 61) % 600 - 300) for i in range(40)])
    town_map.fly_to(*lat_lon(0, 0), zoom)
    settle(town_map)
    for name, half_px in (("incidents", 12), ("units", 9)):
        boxes, own = cores(town_map, name, half_px)
        for layer in ("incidents", "units"):
            labels = [label for label in town_map.frame.labels.drawn() if label.layer == layer]
            if name == "units":
                pressed = [label for label in labels if label.pressed]
                assert all(town_map.scene.incidents.mark(label.key).priority <= 2 for label in pressed)
                labels = [label for label in labels if not label.pressed]
            assert crossing(labels, boxes, own if layer == name else {}) == []
    assert len([label for label in town_map.frame.labels.drawn() if label.layer == "incidents"]) > 3


def test_a_label_near_the_edge_turns_inwards(town_map: MapView, settle: Callable[[MapView], None]) -> None:
    town_map.fly_to(*lat_lon(0, 0), 17.0)
    settle(town_map)
    edge_m = town_map.view.bounds()[2]
    town_map.put_incidents([incident("east", edge_m - 30, 0, 1), incident("west", -edge_m + 30, 50, 1)])
    settle(town_map)
    left, top = town_map.frame.at.origin_px
    labels = town_map.frame.labels.labeller.plan.incidents
    assert {label.key: label.side for label in labels}["east"].startswith("left")
    for label in labels:
        assert left <= label.left_px
        assert label.left_px + label.width_px <= left + town_map.width()
        assert top <= label.top_px


def test_a_label_that_a_pan_would_cut_moves_in(
    town_map: MapView, settle: Callable[[MapView], None], qtbot: QtBot
) -> None:
    town_map.fly_to(*lat_lon(0, 0), 17.0)
    town_map.put_incidents([incident("i1", 0, 0, 1)])
    settle(town_map)
    (label,) = town_map.frame.labels.labeller.plan.incidents
    assert label.side == "right"
    town_map.steering.pan_by_hand(town_map.width() / 2 - 50, 0, glide=False)

    def turned() -> bool:
        town_map._hurry()
        plan = town_map.frame.labels.labeller.plan
        return [label.side for label in plan.incidents] == ["left"]

    qtbot.waitUntil(turned)


@pytest.mark.parametrize("shift_px", [(0, 0), (37, 0), (-90, 41), (150, -120)])
def test_the_edge_cuts_no_name_but_that_of_a_road(
    town_map: MapView, settle: Callable[[MapView], None], shift_px: tuple[int, int]
) -> None:
    spots = [(x, y) for x in range(-600, 601, 60) for y in range(-400, 401, 80)]
    town_map.put_incidents([incident(f"i{n}", *spot, 1 + n % 4) for n, spot in enumerate(spots)])
    town_map.fly_to(*lat_lon(0, 0), 17.0)
    settle(town_map)
    town_map.steering.pan_by_hand(*shift_px, glide=False)
    town_map.draw_now()  # the plan is still the one from before the hand moved
    seen = (*town_map.frame.at.origin_px, *town_map.frame.at.size_px)
    labels = town_map.frame.labels.drawn()
    cut = [
        label
        for label in labels
        if is_cut((label.left_px, label.top_px, label.width_px, label.height_px), seen)
    ]
    assert {label.side for label in cut} <= {ALONG}
    assert len(labels) - len(cut) > 3


def test_a_place_that_a_pan_would_cut_is_named_on_its_other_side(
    town_map: MapView, settle: Callable[[MapView], None], qtbot: QtBot
) -> None:
    (mark, x_m, y_m), *_ = town_map.frame.labels.names._places
    town_map.fly_to(*town_map.scene.projection.to_degrees(x_m, y_m), 17.5)
    settle(town_map)
    town_map.steering.pan_by_hand(town_map.width() / 2 - 12, 0, glide=False)

    def sides() -> set[str]:
        town_map._hurry()
        plan = town_map.frame.labels.labeller.plan
        return {
            label.side
            for label, key in zip(plan.still, plan.still_keys, strict=True)
            if key == ("place", mark.key)
        }

    qtbot.waitUntil(lambda: sides() == {"left"})


def test_a_label_gives_way_to_a_unit_that_drives_under_it(
    town_map: MapView, settle: Callable[[MapView], None], qtbot: QtBot
) -> None:
    town_map.set_reduced_motion(True)
    town_map.fly_to(*lat_lon(0, 0), 17.0)
    town_map.put_incidents([incident("i1", 0, 0, 1)])
    town_map.put_units([unit("u1", 300, 0, 1)])
    settle(town_map)
    assert [label.side for label in town_map.frame.labels.labeller.plan.incidents] == ["right"]
    town_map.put_units([unit("u1", 45, 0, 2)])
    plan = town_map.frame.labels.labeller
    qtbot.waitUntil(lambda: [label.side for label in plan.plan.incidents] == ["left"])


def test_a_label_that_can_stand_where_it_stood_stays(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    town_map.fly_to(*lat_lon(0, 0), 18.0)
    town_map.put_incidents([incident("i1", 0, 0, 2), incident("wall", 40, 0, 1)])
    settle(town_map)
    (before,) = [x.side for x in town_map.frame.labels.labeller.plan.incidents if x.key == "i1"]
    assert before != "right"
    town_map.drop_incidents(["wall"])
    settle(town_map)
    assert [x.side for x in town_map.frame.labels.labeller.plan.incidents] == [before]


def test_no_label_stands_under_the_legend(town_map: MapView, settle: Callable[[MapView], None]) -> None:
    corner = town_map._overlay.standing_rects()[0]
    middle = corner.center()
    east_m, south_m = town_map.view.to_plane(middle.x() + 40, middle.y())
    town_map.put_incidents([incident("i1", east_m, -south_m, 1)])
    settle(town_map)
    origin = town_map.frame.at.origin_px
    for label in town_map.frame.labels.drawn():
        box = QRect(label.left_px - origin[0], label.top_px - origin[1], label.width_px, label.height_px)
        assert not box.intersects(corner.adjusted(4, 4, -4, -4))


# -- sharpness ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_at_rest_every_pixel_of_label_and_symbol_is_the_one_that_was_painted(
    qapp: QApplication, dpr: float
) -> None:
    """What is on the screen is the sprite laid over the ground, pixel for pixel: nothing is scaled or lies between."""
    scene, view, stack = Scene(), Viewport(), LayerStack()
    view.resize(300, 200)
    view.jump(Camera2D(0.0, 0.0, 17.0))
    frame = Frame(scene, stack, dpr, lambda mark: mark.call_sign)
    frame.ground = Ground(small_town(), dpr)
    scene.project(frame.ground.projection)
    scene.put_still(scene.incidents, [incident("i1", 13.3, 7.7, 1)])
    for _ in range(200):
        frame.prepare(view)
        frame.work(math.inf)
    bare, full = painted(frame, view, dpr, symbols=False), painted(frame, view, dpr, symbols=True)
    (label,) = frame.labels.labeller.plan.incidents
    left, top = label.left_px - frame.at.origin_px[0], label.top_px - frame.at.origin_px[1]
    sheet = frame.labels.sprites.sheet
    painter = QPainter(bare)
    painter.drawPixmap(left, top, sheet.pixmap, *sheet.sources[label.sprite].tolist())
    painter.end()
    # Without the first pixels, over which the soft edge of the symbol reaches.
    box = QRect(left, top, label.width_px, label.height_px).adjusted(round(6 * dpr), 0, 0, 0)
    assert bare.copy(box) == full.copy(box)
    assert sheet.pixmap.devicePixelRatio() == 1.0
    metrics = QFontMetricsF(face("alarm"))
    assert label.height_px == pytest.approx(metrics.height() * dpr, abs=4 * dpr)
    assert contrast_px(full.copy(box)) <= 2.2


def painted(frame: Frame, view: Viewport, dpr: float, *, symbols: bool) -> QImage:
    image = QImage(round(view.width_px * dpr), round(view.height_px * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    painter = QPainter(image)
    frame.fade("incidents", 1.0 if symbols else 0.0)
    frame.paint(painter, QRegion(0, 0, view.width_px, view.height_px))
    painter.end()
    frame.fade("incidents", 1.0)
    image.setDevicePixelRatio(1.0)
    return image


def contrast_px(image: QImage) -> float:
    """How many pixels the steepest edge of a row of the text takes from light to dark; a blurred text takes more."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.array(
        [[grey.pixelColor(x, y).red() for x in range(grey.width())] for y in range(grey.height())]
    )
    return float((rows.max() - rows.min()) / np.abs(np.diff(rows, axis=1)).max())


def test_communities_are_named_where_grids_are_too_small(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    def named() -> int:
        return sum(label.layer == "communities" for label in town_map.frame.labels.drawn())

    town_map.fly_to(*lat_lon(0, 0), 14.5)
    settle(town_map)
    assert named() == 1
    town_map.stack.show("communities", False)
    settle(town_map)
    assert named() == 0
    town_map.stack.show("communities", True)
    town_map.fly_to(*lat_lon(0, 0), 16.0)
    settle(town_map)
    assert named() == 0


def on_the_glass(view: MapView) -> QImage:
    """What is really on the screen: grabbing the widget would paint it anew."""
    return view.screen().grabWindow(view.winId()).toImage()


def test_zooming_leaves_no_piece_of_a_label_behind(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    town_map.set_reduced_motion(False)
    town_map.fly_to(*lat_lon(0, 0), 15.0)
    settle(town_map)
    assert town_map.frame.labels.drawn()
    for key in (
        Qt.Key.Key_Plus,
        Qt.Key.Key_Minus,
    ) * 2:  # the second time no tile is new and covers what stayed
        QTest.keyClick(town_map, key)
        settle(town_map)
        stands = on_the_glass(town_map)
        town_map.repaint()
        assert stands == on_the_glass(town_map)


def test_an_alarm_has_its_name_even_where_cameras_and_units_stand_all_about(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    town_map.put_incidents([incident("high", 0, 0, 1), incident("low", 200, 0, 4)])
    around = [(x, y) for x in range(-300, 301, 25) for y in range(-150, 151, 25)]
    town_map.put_units([unit(f"u{n}", *place) for n, place in enumerate(around)])
    town_map.fly_to(*lat_lon(0, 0), 16.0)
    settle(town_map)
    assert [label.key for label in town_map.frame.labels.labeller.plan.incidents] == ["high"]
    town_map.select("incident", "low")
    settle(town_map)
    named = {label.key for label in town_map.frame.labels.labeller.plan.incidents}
    assert named == {"high", "low"}


def test_a_print_names_every_unit_however_little_time_the_screen_has(
    town_map: MapView, settle: Callable[[MapView], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.map.label_plan._UNITS_S", 0.0)
    units = [unit(f"u{n}", n % 5 * 150 - 300, n // 5 * 100 - 150) for n in range(20)]
    town_map.put_units(units)
    town_map.fly_to(*lat_lon(0, 0), 16.25)
    settle(town_map)
    page = PrintFrame(town_map, 2.0)
    for _ in MapPrint(town_map, QSizeF(town_map.size()), 2.0, exact=True)._preparing(page):
        pass
    assert {label.key for label in page.labels.drawn() if label.layer == "units"} == {
        mark.key for mark in units
    }


def is_ink(color: QColor) -> bool:
    return abs(color.lightness() - ink("unit").lightness()) < 12


def test_no_camera_stands_in_the_call_sign_of_a_unit(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    def written() -> tuple[Label, QImage]:
        settle(town_map)
        label = next(label for label in town_map.frame.labels.drawn() if label.layer == "units")
        left, top = town_map.frame.at.origin_px
        box = QRect(label.left_px - left, label.top_px - top, label.width_px, label.height_px)
        return label, town_map.grab(box).toImage()

    town_map.put_units([unit("u", 0, 0)])
    town_map.fly_to(*lat_lon(0, 0), 17.0)
    label, alone = written()
    metres = 1 / town_map.frame.at.scale
    x_m, y_m = (label.left_px + label.width_px / 2) * metres, (label.top_px + label.height_px / 2) * metres
    town_map.put_cameras([camera("c", x_m, -y_m)])
    under, beside = written()
    assert (under.left_px, under.top_px) == (label.left_px, label.top_px)
    pixels = itertools.product(range(alone.width()), range(alone.height()))
    letters = [at for at in pixels if is_ink(alone.pixelColor(*at))]
    assert len(letters) > 9
    assert all(is_ink(beside.pixelColor(*at)) for at in letters)
    assert beside != alone, "the camera is there"
