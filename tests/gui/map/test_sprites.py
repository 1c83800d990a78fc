"""The batch draws, pixel for pixel, what drawing one by one draws; the sheet keeps its sprites as it grows."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from widgets.map.fragments import FragmentBatch
from widgets.map.marks import CameraMark, UnitMark
from widgets.map.sprites import SpriteSheet
from widgets.map.symbols_atlas import SymbolAtlas
from widgets.style import tokens

WIDTH, HEIGHT = 400, 300


def blank() -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkBlue)
    return image


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(HEIGHT, -1).copy()


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_the_batch_draws_what_one_by_one_draws(qapp: QApplication, dpr: float) -> None:
    atlas = SymbolAtlas(dpr)
    marks = [
        UnitMark(str(i), kind, "", 0, 0, status, heading)
        for i, (kind, status, heading) in enumerate(
            [("police", "available", None), ("fire", "en_route", 40.0), ("medical", "on_scene", 200.0)]
        )
    ]
    random = np.random.default_rng(7)
    sprites = np.array([atlas.unit(marks[i % 3]) for i in range(200)])
    # Some hang over every edge of the picture.
    left = random.integers(-30, WIDTH, 200).astype(np.int32)
    top = random.integers(-30, HEIGHT, 200).astype(np.int32)
    sources = atlas.sheet.sources[sprites]

    batch, single = blank(), blank()
    painter = QPainter(batch)
    FragmentBatch(capacity=8).draw(painter, atlas.sheet.pixmap, left, top, sources)
    painter.end()
    painter = QPainter(single)
    for x, y, source in zip(left.tolist(), top.tolist(), sources.tolist(), strict=True):
        painter.drawPixmap(x, y, atlas.sheet.pixmap, *source)
    painter.end()

    assert (pixels(batch) != pixels(blank())).any()
    assert (pixels(batch) == pixels(single)).all()


def test_a_stale_unit_looks_stale(qapp: QApplication) -> None:
    atlas = SymbolAtlas(2.0)
    fresh = UnitMark("p1", "police", "", 0, 0, "available")
    stale = UnitMark("p1", "police", "", 0, 0, "available", stale=True)
    assert atlas.unit(fresh) != atlas.unit(stale)
    pictures = [
        atlas.sheet.pixmap.copy(*atlas.sheet.sources[atlas.unit(m)].tolist()).toImage()
        for m in (fresh, stale)
    ]
    assert pictures[0] != pictures[1]


def test_sprites_survive_the_growth_of_the_sheet(qapp: QApplication) -> None:
    sheet = SpriteSheet()
    first = sheet.add("first", (40, 40), (20, 20), lambda p: p.fillRect(0, 0, 40, 40, Qt.GlobalColor.red))
    for number in range(200):
        sheet.add(number, (60, 60), (0, 0), lambda p: p.fillRect(0, 0, 60, 60, Qt.GlobalColor.green))
    assert sheet.find("first") == first
    assert sheet.generation == 0
    left, top, _, _ = sheet.sources[first].tolist()
    assert sheet.pixmap.toImage().pixelColor(left + 20, top + 20) == Qt.GlobalColor.red


def test_a_full_sheet_is_begun_anew_and_says_so(qapp: QApplication) -> None:
    sheet = SpriteSheet(max_height_px=256)
    for number in range(100):
        sheet.add(number, (100, 100), (0, 0), lambda p: None)
    assert sheet.generation > 0
    assert sheet.find(99) is not None
    assert sheet.pixmap.height() <= 256


@pytest.mark.parametrize(("bearing_deg", "x", "y"), [(0, 0, -1), (90, 1, 0), (180, 0, 1), (270, -1, 0)])
@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_a_small_camera_is_a_wedge_that_looks_its_way(
    qapp: QApplication, bearing_deg: int, x: int, y: int, dpr: float
) -> None:
    atlas = SymbolAtlas(dpr)
    camera = CameraMark("c1", "", 0, 0, bearing_deg, 60, 40)
    ink = inked(atlas, atlas.camera(camera, as_wedge=True), tokens().camera)
    side = ink.shape[0]
    rows, columns = np.nonzero(ink)
    middle = np.array([columns.mean(), rows.mean()]) + 0.5 - side / 2
    along = middle @ np.array([x, y])
    across = abs(middle @ np.array([y, x]))
    assert along > 3 * dpr
    assert across < 0.8 * dpr
    assert len(rows) > 25 * dpr * dpr


def test_an_offline_camera_is_hollow_however_small(qapp: QApplication) -> None:
    atlas = SymbolAtlas(2.0)
    online, offline = (CameraMark("c1", "", 0, 0, 90, 60, 40, online) for online in (True, False))
    full = inked(atlas, atlas.camera(online, as_wedge=True), tokens().camera).sum()
    hollow = inked(atlas, atlas.camera(offline, as_wedge=True), tokens().stale).sum()
    assert 0 < hollow < 0.7 * full


def inked(atlas: SymbolAtlas, sprite: int, color: QColor) -> np.ndarray:
    """Which pixels of a sprite have a colour, (h, w)."""
    picture = atlas.sheet.pixmap.copy(*atlas.sheet.sources[sprite].tolist()).toImage()
    return np.array(
        [
            [
                picture.pixelColor(x, y).alpha() > 200
                and abs(picture.pixelColor(x, y).red() - color.red()) < 30
                and abs(picture.pixelColor(x, y).blue() - color.blue()) < 30
                for x in range(picture.width())
            ]
            for y in range(picture.height())
        ]
    )
