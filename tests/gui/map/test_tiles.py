"""Tiles are painted in slices, kept, and painted anew only where something changed."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.gui.map.town import small_town
from widgets.map.ground import Ground
from widgets.map.tiles import TileCache
from widgets.map.view import Bounds

LEVEL = 64  # zoom 16: half a pixel a metre


class Checker:
    """A ground of one colour that can be changed; every bounds takes ten steps."""

    def __init__(self) -> None:
        self.color = QColor(Qt.GlobalColor.red)
        self.steps = 0

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        for _ in range(10):
            self.steps += 1
            yield
        painter.fillRect(
            int(bounds[0]),
            int(bounds[1]),
            int(bounds[2] - bounds[0]) + 1,
            int(bounds[3] - bounds[1]) + 1,
            self.color,
        )


@pytest.fixture
def ground(qapp: QApplication) -> Checker:
    return Checker()


def paint_all(tiles: TileCache) -> None:
    while tiles.pending:
        tiles.work(1.0)


def picture(tiles: TileCache, size: int = 512) -> QImage:
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    tiles.draw(painter, LEVEL, (0, 0), QRect(0, 0, size, size))
    painter.end()
    return image


def on_the_way(tiles: TileCache, zoom: float, size: int = 256) -> QImage:
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    tiles.draw_scaled(painter, LEVEL, zoom, (0.0, 0.0), QRect(0, 0, size, size))
    painter.end()
    return image


def test_a_tile_is_painted_over_several_slices(ground: Checker) -> None:
    tiles = TileCache(ground, 1.0)
    tiles.want(LEVEL, QRect(0, 0, 200, 200))
    for _ in range(10):
        assert tiles.work(0.0) == []
    assert tiles.work(0.0) == [(LEVEL, 0, 0)]
    assert not tiles.pending
    assert ground.steps == 10
    assert picture(tiles).pixelColor(100, 100) == Qt.GlobalColor.red


def test_what_is_painted_is_not_painted_again(ground: Checker) -> None:
    tiles = TileCache(ground, 1.0)
    for _ in range(3):
        tiles.want(LEVEL, QRect(0, 0, 512, 512))
        paint_all(tiles)
    assert tiles.painted_count == 4


def test_a_change_touches_only_the_tiles_under_it(ground: Checker) -> None:
    tiles = TileCache(ground, 1.0)
    tiles.want(LEVEL, QRect(0, 0, 512, 512))
    paint_all(tiles)
    ground.color = QColor(Qt.GlobalColor.green)
    # A tile is 512 m wide here: this lies within the first.
    assert tiles.invalidate((10.0, 10.0, 50.0, 50.0)) == 1
    assert picture(tiles).pixelColor(100, 100) == Qt.GlobalColor.red  # shown until it is painted anew
    tiles.want(LEVEL, QRect(0, 0, 512, 512))
    paint_all(tiles)
    assert tiles.painted_count == 5
    assert picture(tiles).pixelColor(100, 100) == Qt.GlobalColor.green
    assert picture(tiles).pixelColor(300, 100) == Qt.GlobalColor.red


@pytest.mark.parametrize("step", [-14, *range(-9, 0), *range(1, 9)])
def test_a_missing_tile_is_shown_from_another_level(ground: Checker, step: int) -> None:
    """A flight ends any number of levels from where it began."""
    tiles = TileCache(ground, 1.0)
    side = max(1, round(512 * 2 ** (step / 4)))
    tiles.want(LEVEL + step, QRect(0, 0, side, side))
    paint_all(tiles)
    assert picture(tiles).pixelColor(200, 200) == Qt.GlobalColor.red
    assert on_the_way(tiles, 16.1).pixelColor(200, 200) == Qt.GlobalColor.red


def test_on_the_way_a_level_that_knows_little_hides_none_that_knows_all(ground: Checker) -> None:
    tiles = TileCache(ground, 1.0)
    for level, seen in ((LEVEL - 6, QRect(0, 0, 256, 256)), (LEVEL - 1, QRect(9000, 9000, 9, 9))):
        tiles.want(level, seen)
        paint_all(tiles)
    for level in (LEVEL + 1, LEVEL + 2):
        tiles.want(level, QRect(9000, 0, 9, 9))
        paint_all(tiles)
    assert on_the_way(tiles, 16.1).pixelColor(200, 200) == Qt.GlobalColor.red


def test_the_cache_keeps_its_cap_but_never_drops_what_is_seen(ground: Checker) -> None:
    one_tile = 256 * 256 * 4
    tiles = TileCache(ground, 1.0, cache_bytes=3 * one_tile)
    tiles.want(LEVEL, QRect(0, 0, 512, 512))
    paint_all(tiles)
    assert len(tiles.fresh_keys()) == 4
    tiles.want(LEVEL, QRect(5120, 0, 200, 200))
    paint_all(tiles)
    assert tiles.bytes <= 3 * one_tile
    assert (LEVEL, 20, 0) in tiles.fresh_keys()


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_tiles_have_the_pixels_of_the_screen(ground: Checker, dpr: float) -> None:
    assert TileCache(ground, dpr).side_px == 256 * dpr


@pytest.mark.parametrize("seed", range(5))
def test_many_changes_at_once_touch_what_each_of_them_touches(ground: Checker, seed: int) -> None:
    def painted() -> TileCache:
        tiles = TileCache(ground, 1.0)
        tiles.want(LEVEL, QRect(0, 0, 2048, 2048))
        paint_all(tiles)
        return tiles

    dice = np.random.default_rng(seed)
    corners, one_by_one, at_once = dice.uniform(0, 4000, (6, 2)), painted(), painted()
    boxes = np.concatenate([corners, corners + dice.uniform(1, 40, (6, 2))], axis=1)
    for left, top, right, bottom in boxes.tolist():
        one_by_one.invalidate((left, top, right, bottom))
    before = len(at_once.fresh_keys())
    count = at_once.invalidate_under(boxes)
    assert 0 < count == before - len(at_once.fresh_keys()) < before
    assert at_once.fresh_keys() == one_by_one.fresh_keys()
    assert at_once.invalidate_under(boxes[:0]) == 0


def test_a_new_load_of_a_grid_makes_only_its_own_tiles_old(qapp: QApplication) -> None:
    ground = Ground(small_town(), 1.0)
    ground.tiles.want(38, QRect(-1000, -1000, 2000, 2000))  # zoom 19: a tile is 64 m wide
    paint_all(ground.tiles)
    every = ground.tiles.fresh_keys()
    ground.set_load({"310198006001004": 2})
    old = every - ground.tiles.fresh_keys()
    # The north-eastern quarter: east of the middle, rows above it.
    assert old
    assert all(column >= 0 and row < 0 for _, column, row in old)
    assert ground.set_load({"310198006001004": 2}) == 0
