"""Overlays: painted where something is, nothing where nothing is, and right in their numbers."""

import dataclasses
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.geo.patrols import CheckPoint, PatrolRoute, Patrols
from tests.gui.map.test_map_view import on_screen
from tests.gui.map.town import lat_lon, small_town
from widgets.map import MapView
from widgets.map.coverage import FAR_M, NEAR_M, Coverage
from widgets.map.heat import LEAST_TOP, SIGMA_M, Heat, nice_top, shade
from widgets.map.layers import LayerStack
from widgets.map.overlays import Overlays
from widgets.map.patrol_drawing import PatrolDrawing
from widgets.map.placement import Placement
from widgets.map.projection import Projection
from widgets.map.tiles import TileCache
from widgets.map.tracks import MINUTE_MS, Tracks
from widgets.map.view import Bounds

Settle = Callable[[MapView], None]

LEVEL = 68  # zoom 17: a pixel a metre
PLANE = Projection.at(31.22, 121.47)
NOW_AT = 1_763_770_000_000


@pytest.fixture
def stack(qapp: QApplication) -> LayerStack:
    return LayerStack()


def painted(drawing: object, bounds: Bounds, zoom: float = 17.0) -> QImage:
    """A drawing on nothing, a pixel a metre at zoom 17."""
    scale = 2.0 ** (zoom - 17)
    size = round((bounds[2] - bounds[0]) * scale), round((bounds[3] - bounds[1]) * scale)
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(-bounds[0], -bounds[1])
    for _ in drawing.painting(painter, bounds, zoom, scale):  # type: ignore[attr-defined]
        pass
    painter.end()
    return image


def alpha(image: QImage, x: int, y: int) -> int:
    return image.pixelColor(x, y).alpha()


# -- tiles that are see-through -------------------------------------------------------------------------------------


class Dot:
    """A drawing of one square of ten metres that can be taken away."""

    def __init__(self) -> None:
        self.there = True
        self.asked = 0

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        self.asked += 1
        return not (self.there and bounds[0] <= 30 <= bounds[2] and bounds[1] <= 30 <= bounds[3])

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        if self.there:
            painter.fillRect(25, 25, 10, 10, QColor("red"))
        yield


def test_tiles_with_nothing_on_them_cost_nothing(qapp: QApplication) -> None:
    dot = Dot()
    tiles = TileCache(dot, 1.0, blank=dot.is_blank)
    tiles.want(LEVEL, QRect(-512, -512, 1024, 1024))
    while tiles.pending:
        tiles.work(1.0)
    assert len(tiles.fresh_keys()) == 16
    assert tiles.painted_count == 1
    assert tiles.bytes == 256 * 256 * 4
    screen = QImage(256, 256, QImage.Format.Format_RGB32)
    screen.fill(QColor("blue"))
    painter = QPainter(screen)
    tiles.draw(painter, LEVEL, (0, 0), QRect(0, 0, 256, 256))
    painter.end()
    assert screen.pixelColor(30, 30) == QColor("red")
    assert screen.pixelColor(50, 50) == QColor("blue")


def test_what_was_taken_away_is_gone_and_its_tile_is_told(qapp: QApplication) -> None:
    dot = Dot()
    tiles = TileCache(dot, 1.0, blank=dot.is_blank)
    seen = QRect(0, 0, 256, 256)
    tiles.want(LEVEL, seen)
    tiles.work(1.0)
    dot.there = False
    tiles.invalidate((0, 0, 100, 100))
    tiles.want(LEVEL, seen)
    assert tiles.pending
    assert tiles.work(1.0) == [(LEVEL, 0, 0)]
    assert not tiles.pending
    assert tiles.bytes == 0


def test_a_pan_paints_only_what_comes_into_view(town_map: MapView, settle: Settle) -> None:
    town_map.stack.show("coverage", True)
    town_map.frame.overlays.coverage.set_posts([(0.0, 0.0)])
    settle(town_map)
    tiles = town_map.frame.overlays.tiles._tiles["coverage"]
    painted_count, fresh = tiles.painted_count, tiles.fresh_keys()
    assert painted_count > 0
    town_map.steering.pan_by_hand(5, 3, glide=False)
    settle(town_map)
    assert tiles.painted_count - painted_count <= len(tiles.fresh_keys() - fresh)


def test_order_and_opacity_paint_no_tile_anew(town_map: MapView, settle: Settle) -> None:
    town_map.frame.overlays.coverage.set_posts([(0.0, 0.0)])
    town_map.stack.show("coverage", True)
    settle(town_map)
    tiles = town_map.frame.overlays.tiles._tiles["coverage"]
    painted_count = tiles.painted_count
    at = on_screen(town_map, 60, 60).toPoint()
    firm = town_map.grab().toImage().pixelColor(at)
    town_map.stack.fade("coverage", 0.2)
    town_map.stack.move("coverage", 2)
    settle(town_map)
    assert tiles.painted_count == painted_count
    assert town_map.grab().toImage().pixelColor(at) != firm


def test_the_upper_overlay_covers_the_lower_one(qapp: QApplication, stack: LayerStack) -> None:
    class Fill(Dot):
        every_s = 0.0
        has_changes = False

        def __init__(self, name: str, color: str) -> None:
            super().__init__()
            self.name, self._color = name, QColor(color)

        def take_changes(self) -> list[Bounds]:
            return []

        def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
            painter.fillRect(0, 0, 256, 256, self._color)
            yield

    stack.show("heat", True)
    stack.fade("heat", 1.0)
    overlays = Overlays([Fill("heat", "red"), Fill("sketch", "green")], stack, 1.0)
    assert seen_color(overlays) == QColor("green")
    stack.move("heat", 99)
    assert seen_color(overlays) == QColor("red")
    stack.show("heat", False)
    assert seen_color(overlays) == QColor("green")


def seen_color(overlays: Overlays) -> QColor:
    overlays.want(LEVEL, QRect(0, 0, 256, 256))
    while overlays.pending:
        overlays.work(math.inf)
    screen = QImage(256, 256, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    overlays.draw(painter, Placement(17.0, 1.0, (0, 0), (256, 256)), LEVEL, [QRect(0, 0, 256, 256)])
    painter.end()
    return screen.pixelColor(30, 30)


# -- posts and coverage ---------------------------------------------------------------------------------------------


def test_posts_reach_as_far_as_is_said_and_overlapping_reaches_are_one(stack: LayerStack) -> None:
    coverage = Coverage(stack)
    coverage.set_posts([(0.0, 0.0), (3.0, 2.0), (300.0, 0.0)])
    assert len(coverage.posts) == 2
    bounds = (-1_000.0, -1_000.0, 1_000.0, 1_000.0)
    near, far = coverage.reach(NEAR_M, bounds, 17.0), coverage.reach(FAR_M, bounds, 17.0)
    assert near.contains(QPointF(-197, 0))
    assert not near.contains(QPointF(-201, 0))
    assert near.contains(QPointF(150, 0))
    assert far.contains(QPointF(797, 0))
    assert len(near.toSubpathPolygons()) == 1
    assert coverage.reach(NEAR_M, (150, 0, 160, 10), 17.0).contains(QPointF(155, 5))
    assert coverage.reach(NEAR_M, (600, 0, 610, 10), 17.0).isEmpty()


def test_each_reach_has_its_own_switch(stack: LayerStack) -> None:
    coverage = Coverage(stack)
    coverage.set_posts([(0.0, 0.0)])
    bounds = (-600.0, -600.0, 600.0, 600.0)
    both = painted(coverage, bounds)
    assert alpha(both, 600 + 100, 600) > alpha(both, 600 + 350, 600) > 0
    stack.choose("coverage", "far", False)
    near = painted(coverage, bounds)
    assert alpha(near, 600 + 350, 600) == 0
    assert alpha(near, 600 + 100, 600) > 0
    assert not coverage.is_blank((150, 0, 160, 10), 17.0)
    assert coverage.is_blank((350, 0, 360, 10), 17.0)


# -- heat -----------------------------------------------------------------------------------------------------------


def test_the_density_is_incidents_for_a_square_kilometre(qapp: QApplication) -> None:
    heat = Heat()
    heat.set_points(np.zeros((20, 2)))
    heat.finish()
    peak = 20 * 1e6 / (2 * math.pi * SIGMA_M**2)
    assert heat.at(0, 0) == pytest.approx(peak, rel=0.02)
    assert heat.at(SIGMA_M, 0) == pytest.approx(peak * math.exp(-0.5), rel=0.15)
    assert heat.at(10 * SIGMA_M, 0) == 0.0
    density, cell_m2 = heat._density, (2 * 3.2 * SIGMA_M) ** 2 / heat._density.size
    assert density.sum() * cell_m2 / 1e6 == pytest.approx(20, rel=0.01)


def test_one_incident_alone_is_no_hot_spot_and_a_cluster_is(qapp: QApplication) -> None:
    heat = Heat()
    heat.set_points(np.zeros((1, 2)))
    one = painted(heat, (-400.0, -400.0, 400.0, 400.0))
    assert heat.top == LEAST_TOP
    heat.set_points(np.zeros((60, 2)))
    many = painted(heat, (-400.0, -400.0, 400.0, 400.0))
    assert alpha(many, 400, 400) > 1.2 * alpha(one, 400, 400) > 0
    assert alpha(many, 2, 2) == 0
    assert nice_top(61.0) == 80.0
    assert [nice_top(value) for value in (5.0, 100.0, 101.0, 400.0)] == [40.0, 100.0, 200.0, 400.0]


def test_the_ramp_grows_firmer_and_the_same_points_are_no_work(qapp: QApplication) -> None:
    alphas = [shade(step / 10).alpha() for step in range(11)]
    assert alphas == sorted(alphas)
    assert alphas[0] == 0
    heat = Heat()
    heat.set_points(np.ones((3, 2)))
    assert heat.take_changes()
    heat.set_points(np.ones((3, 2)))
    assert not heat.has_changes


def test_many_incidents_are_summed_in_small_steps(qapp: QApplication) -> None:
    random = np.random.default_rng(1)
    heat = Heat()
    heat.set_points(random.uniform(-5_000, 5_000, (3_000, 2)))
    assert sum(1 for _ in heat._making) > 50


def test_the_legend_says_what_the_hottest_shade_means(town_map: MapView, settle: Settle) -> None:
    town_map.stack.show("heat", True)
    town_map.set_heat([lat_lon(0, 0)] * 30)
    settle(town_map)
    assert town_map._overlay.heat_top == town_map.frame.overlays.heat.top > LEAST_TOP


# -- patrols --------------------------------------------------------------------------------------------------------


def patrols() -> Patrols:
    line = tuple(lat_lon(x, 0)[::-1] for x in (-300, 300))
    stops = [
        CheckPoint(f"K{i}", f"点{i}", f"P{i}", "T1", i, *lat_lon(x, 0), 60.0)
        for i, x in ((1, -250), (2, 250))
    ]
    return Patrols((PatrolRoute("T1", "巡线", "Round", line),), tuple(stops))


def test_a_route_shows_its_sense_and_its_numbered_stops(qapp: QApplication) -> None:
    drawing = PatrolDrawing()
    drawing.set_patrols(patrols(), PLANE)
    image = painted(drawing, (-400.0, -100.0, 400.0, 100.0))
    assert alpha(image, 400, 100) > 200  # the line
    assert 0 < alpha(image, 400 - 250, 100 - 40) < 60  # within the first check point's radius
    assert alpha(image, 400 - 250, 100 - 70) == 0
    # An arrow head is wide behind and narrow before: the route runs east.
    tips = [x for x in range(200, 600) if alpha(image, x, 100 - 4) > 100]
    assert tips
    assert all(alpha(image, x + 8, 100 - 4) < 100 for x in tips)


def test_names_of_routes_and_stops_are_labels_that_give_way(town_map: MapView, settle: Settle) -> None:
    town_map.frame.overlays.patrols.set_patrols(patrols(), town_map.scene.projection)
    town_map.stack.show("patrols", True)
    town_map.fly_to(*lat_lon(0, 0), 17.0)
    settle(town_map)
    names = [label for label in town_map.frame.labels.drawn() if label.layer == "patrols"]
    assert len(names) == 3
    town_map.stack.show("patrols", False)
    settle(town_map)
    assert not [label for label in town_map.frame.labels.drawn() if label.layer == "patrols"]


# -- tracks ---------------------------------------------------------------------------------------------------------


def tracks(stack: LayerStack) -> Tracks:
    """A unit that has walked 600 m eastwards in ten minutes, one fix a second, until now."""
    ways = Tracks(stack)
    start_at = NOW_AT - 10 * MINUTE_MS
    fixes = [("u1", start_at + second * 1000, *PLANE.to_degrees(float(second), 0.0)) for second in range(600)]
    ways.put(fixes, PLANE)
    ways.grow_old(NOW_AT)
    return ways


def test_a_way_fades_with_age(stack: LayerStack) -> None:
    image = painted(tracks(stack), (-50.0, -50.0, 650.0, 50.0))
    old, middle, new = (alpha(image, 50 + x, 50) for x in (30, 300, 590))
    assert 0 < old < middle < new


def test_only_the_last_minutes_are_drawn(stack: LayerStack) -> None:
    stack.choose("tracks", "minutes", 5)
    image = painted(tracks(stack), (-50.0, -50.0, 650.0, 50.0))
    assert alpha(image, 50 + 100, 50) == 0
    assert alpha(image, 50 + 500, 50) > 0


def test_only_the_followed_unit_where_that_is_wanted(stack: LayerStack) -> None:
    ways = tracks(stack)
    ways.put([("u2", NOW_AT + s, *PLANE.to_degrees(100.0 + s, 30.0)) for s in range(0, 50, 5)], PLANE)
    stack.choose("tracks", "whose", "followed")
    assert ways.is_blank((-50, -50, 650, 50), 17.0)
    ways.follow("u2")
    image = painted(ways, (-50.0, -50.0, 650.0, 50.0))
    assert alpha(image, 50 + 120, 50 + 30) > 0
    assert alpha(image, 50 + 500, 50) == 0


def test_a_unit_that_was_silent_or_jumped_is_not_joined(stack: LayerStack) -> None:
    ways = Tracks(stack)
    steps = [(0, 0.0), (10, 50.0), (300, 200.0), (310, 250.0), (320, 900.0), (330, 950.0)]
    ways.put([("u1", NOW_AT - 400_000 + s * 1000, *PLANE.to_degrees(x, 0.0)) for s, x in steps], PLANE)
    ways.grow_old(NOW_AT)
    image = painted(ways, (-50.0, -50.0, 1_050.0, 50.0))
    assert [alpha(image, 50 + x, 50) > 0 for x in (25, 125, 225, 500, 925)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_a_unit_that_stood_still_is_joined_to_where_it_went(stack: LayerStack) -> None:
    ways = Tracks(stack)
    stood = [("u1", NOW_AT - 500_000 + s * 1000, *PLANE.to_degrees(0.0, 0.0)) for s in range(400)]
    went = [("u1", NOW_AT - 99_000 + s * 1000, *PLANE.to_degrees(5.0 * s, 0.0)) for s in range(1, 40)]
    ways.put([*stood, *went], PLANE)
    assert len(ways.way("u1")) == 40
    ways.grow_old(NOW_AT)
    assert alpha(painted(ways, (-50.0, -50.0, 250.0, 50.0)), 50 + 2, 50) > 0


def test_history_goes_before_what_is_known_and_comes_in_any_order(stack: LayerStack) -> None:
    ways = Tracks(stack)
    ways.put([("u1", NOW_AT, *PLANE.to_degrees(100.0, 0.0))], PLANE)
    past = [("u1", NOW_AT - s * 1000, *PLANE.to_degrees(100.0 - 5 * s, 0.0)) for s in (1, 3, 2, 0, -1)]
    ways.put_history(past, PLANE)
    way = ways.way("u1")
    assert way[:, 0] == pytest.approx([85, 90, 95, 100], abs=0.01)
    assert (np.diff(way[:, 2]) > 0).all()


def test_new_fixes_make_only_the_tiles_under_them_old(stack: LayerStack) -> None:
    ways = tracks(stack)
    ways.take_changes()
    ways.put([("u1", NOW_AT + 1000, *PLANE.to_degrees(605.0, 0.0))], PLANE)
    (changed,) = ways.take_changes()
    assert changed == pytest.approx((596, 0, 605, 0), abs=0.1)
    ways.put([("u1", NOW_AT + 2000, *PLANE.to_degrees(605.5, 0.0))], PLANE)
    assert not ways.has_changes


def test_what_is_older_than_an_hour_is_forgotten(stack: LayerStack) -> None:
    ways = tracks(stack)
    ways.grow_old(NOW_AT + 70 * MINUTE_MS)
    assert len(ways.way("u1")) == 0


def test_tracks_that_come_are_seen_on_the_map(town_map: MapView, settle: Settle, qtbot: QtBot) -> None:
    town_map.stack.show("tracks", True)
    at = on_screen(town_map, 60, 60).toPoint()
    before = town_map.grab().toImage().pixelColor(at)
    town_map.put_tracks(
        [("u1", NOW_AT + s * 1000, *lat_lon(40.0 + 4 * s, 60)) for s in range(12)], NOW_AT + 12_000
    )
    settle(town_map)
    assert town_map.grab().toImage().pixelColor(at) != before
    way = town_map.frame.overlays.tracks.way("u1").copy()
    town_map.set_district(dataclasses.replace(small_town(), centre_lat=31.23))
    moved = town_map.frame.overlays.tracks.way("u1")
    assert moved[:, 0] == pytest.approx(way[:, 0], abs=0.05)
    assert moved[:, 1] == pytest.approx(way[:, 1] + 1_108.6, abs=1)  # the same place, from farther north


# -- sharpness ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [15.25, 17.0])
def test_at_rest_an_overlay_is_copied_pixel_for_pixel(stack: LayerStack, dpr: float, zoom: float) -> None:
    """What is on the screen is what painting at the screen's own resolution gives: nothing is scaled."""
    drawing, level = PatrolDrawing(), round(zoom * 4)
    drawing.set_patrols(patrols(), PLANE)
    stack.show("patrols", True)
    overlays, scale = Overlays([drawing], stack, dpr), 2.0 ** (zoom - 17) * dpr
    origin = (-round(60 * dpr), -round(40 * dpr))
    seen = QRect(*origin, round(200 * dpr), round(90 * dpr))
    overlays.want(level, seen)
    while overlays.pending:
        overlays.work(math.inf)
    screen = QImage(seen.size(), QImage.Format.Format_ARGB32_Premultiplied)
    direct = QImage(seen.size(), QImage.Format.Format_ARGB32_Premultiplied)
    for image in (screen, direct):
        image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(screen)
    at = Placement(zoom, scale, origin, (seen.width(), seen.height()))
    overlays.draw(painter, at, level, [QRect(0, 0, seen.width(), seen.height())])
    painter.end()
    painter = QPainter(direct)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-origin[0], -origin[1])
    painter.scale(scale, scale)
    for _ in drawing.painting(painter, (-1_000, -1_000, 1_000, 1_000), zoom, scale):
        pass
    painter.end()
    assert differing_share(screen, direct) < 0.002
    direct.fill(Qt.GlobalColor.transparent)
    assert differing_share(screen, direct) > 0.01


def differing_share(one: QImage, other: QImage) -> float:
    """How many of the pixels differ by more than the rounding of an edge."""
    first, second = (
        np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), -1)[:, : image.width() * 4]
        for image in (one, other)
    )
    return float((np.abs(first.astype(int) - second.astype(int)) > 24).mean())


def test_a_tile_that_a_drawing_only_comes_near_holds_no_picture(qapp: QApplication) -> None:
    dot = Dot()
    tiles = TileCache(dot, 1.0, blank=lambda bounds, zoom: False)
    tiles.want(LEVEL, QRect(0, 0, 512, 512))
    while tiles.pending:
        tiles.work(1.0)
    assert tiles.painted_count == 4
    assert tiles.bytes == 256 * 256 * 4
