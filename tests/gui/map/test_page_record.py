"""A page that is recorded here and replayed elsewhere is the page that would have been painted."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap
from pytestqt.qtbot import QtBot

from widgets.map.fragments import FragmentBatch
from widgets.map.page_record import PageOrder, PagePainter
from widgets.map.page_replay import replayed
from widgets.style import font

SIDE_PX = 240


def sheet() -> QPixmap:
    """Four sprites of one colour each."""
    pixmap = QPixmap(64, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    for place, color in enumerate(("red", "green", "blue", "black")):
        painter.setBrush(QColor(color))
        painter.drawEllipse(QPointF(16 * place + 8, 8), 6, 6)
    painter.end()
    return pixmap


def chequered() -> QImage:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    for x in range(8):
        for y in range(8):
            image.setPixelColor(x, y, QColor("orange" if (x + y) % 2 else "navy"))
    return image


def paint_all(painter: QPainter) -> None:
    """Shapes, texts, images and sprites between each other, under clips, turns and opacities that are taken back."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, SIDE_PX, SIDE_PX), QColor("white"))
    painter.scale(2, 2)
    painter.setPen(QPen(QColor("purple"), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(QBrush(QColor("yellow"), Qt.BrushStyle.BDiagPattern))
    painter.save()
    painter.setClipRect(QRectF(10, 10, 80, 60))
    painter.drawEllipse(QPointF(50, 40), 45, 30)
    painter.save()
    painter.setOpacity(0.5)
    painter.translate(30, 20)
    painter.rotate(20)
    painter.drawImage(QRectF(0, 0, 40, 40), chequered())
    painter.drawImage(QRectF(-30, 0, 20, 20), chequered(), QRectF(2, 2, 4, 4))
    painter.drawRect(QRectF(5, 5, 30, 10))
    painter.restore()
    painter.drawLine(QPointF(0, 0), QPointF(100, 70))
    painter.save()
    painter.scale(0.5, 0.5)
    columns = np.array([30, 60, 90, 120, 150], dtype=np.int32)
    sources = np.array([[16 * (n % 4), 0, 16, 16] for n in range(5)], dtype=np.int32)
    opacity = np.array([1.0, 0.5, 1.0, 0.3, 1.0])
    FragmentBatch().draw(painter, sheet(), columns, columns, sources, opacity)
    painter.restore()
    painter.drawRect(QRectF(20, 50, 60, 10))
    painter.restore()
    painter.setFont(font("title", bold=True))
    painter.drawText(QRectF(0, 80, 120, 30), Qt.AlignmentFlag.AlignCenter, "街道 Map 007")
    painter.drawRect(QRectF(2, 2, 116, 116))


def recorded(order: PageOrder) -> list[bytes]:
    painter = PagePainter()
    paint_all(painter)
    return [order.packed(), *painter.pieces()]


def colors_of(image: QImage) -> npt.NDArray[np.int16]:
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(rgb.height(), rgb.width(), 4)
    return flat[:, :, :3].astype(np.int16)


def test_what_is_replayed_is_what_was_painted(qtbot: QtBot) -> None:
    painted = QImage(SIDE_PX, SIDE_PX, QImage.Format.Format_RGB32)
    painter = QPainter(painted)
    paint_all(painter)
    painter.end()
    again = QImage.fromData(replayed(iter(recorded(PageOrder("png", SIDE_PX, SIDE_PX)))))
    away = np.abs(colors_of(painted) - colors_of(again)).max(axis=2)
    assert (away > 40).mean() < 0.002
    assert len(np.unique(colors_of(again).reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize(("paper", "width_pt", "height_pt"), [("A4", 842, 595), ("A3", 1191, 842)])
def test_paper_holds_shapes_text_and_each_image_once(
    qtbot: QtBot, paper: str, width_pt: int, height_pt: int
) -> None:
    content = replayed(iter(recorded(PageOrder("pdf", 7016, 4961, paper, "title"))))
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box is not None
    assert [round(float(side)) for side in box.groups()] == [width_pt, height_pt]
    assert b"/Type /Font" in content
    # Four sprites, the chequers and a part of them; each with its transparency where it has any.
    assert 6 <= len(re.findall(rb"/Subtype /Image", content)) <= 12


def test_a_page_that_is_given_up_leaves_no_painter_at_work(qtbot: QtBot) -> None:
    painter = PagePainter()
    painter.save()
    painter.drawImage(QRectF(0, 0, 8, 8), chequered())
    painter.restore()
    pieces = painter.pieces()
    next(pieces)
    pieces.close()
    assert not painter.isActive()


def test_a_sheet_on_which_nothing_has_been_painted_yet_stops_no_page(qtbot: QtBot) -> None:
    painter = PagePainter()
    places = np.array([20, 40], dtype=np.int32)
    sources = np.array([[0, 0, 0, 0], [16, 0, 16, 16]], dtype=np.int32)
    FragmentBatch().draw(painter, QPixmap(), places, places, sources, np.ones(2))
    painter.fillRect(QRectF(0, 0, SIDE_PX, SIDE_PX), QColor("green"))
    order = PageOrder("png", SIDE_PX, SIDE_PX)
    image = QImage.fromData(replayed(iter([order.packed(), *painter.pieces()])))
    assert image.pixelColor(40, 40) == QColor("green")
