"""Owns the other end of page_record.py: the recorded page painted on what it was meant for, as a file's bytes.

Belongs in a process of its own: painting a page holds the interpreter for as long as it takes. Must not know what is
on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec
import numpy as np
import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QDataStream, QIODevice, QMarginsF, QPointF, QRectF
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPainterPath,
    QPdfWriter,
    QPicture,
    QPolygonF,
    QTransform,
)

from widgets.map.page_record import Cut, Drawn, NewPage, PageOrder, Piece, Placed
from widgets.map.pdf_text import readable
from widgets.style import font

PDF_DPI = 600
_IN_A_ROW = 10
_piece_of = msgspec.msgpack.Decoder(Piece).decode
_order_of = msgspec.msgpack.Decoder(PageOrder).decode


def page_layout(paper: str) -> QPageLayout:
    """A4 or A3 across, or "A4 upright", without a margin."""
    name, _, upright = paper.partition(" ")
    size = {"A4": QPageSize.PageSizeId.A4, "A3": QPageSize.PageSizeId.A3}[name]
    way = QPageLayout.Orientation.Portrait if upright else QPageLayout.Orientation.Landscape
    return QPageLayout(QPageSize(size), way, QMarginsF())


def replayed(pieces: Iterator[bytes]) -> bytes:
    """The file. Needs a QGuiApplication for its fonts. Raises msgspec.DecodeError or StopIteration."""
    order = _order_of(next(pieces))
    paint = _Replay(map(_piece_of, pieces)).paint
    return _png(order, paint) if order.form == "png" else _pdf(order, paint)


class _Replay:
    """The pieces of one page on any painter that stands in the page's own pixels."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = pieces
        self._images: dict[int, QImage] = {}

    def paint(self, painter: QPainter) -> None:
        for piece in self._pieces:
            match piece:
                case Drawn():
                    _play(painter, piece)
                case Cut():
                    self._images[piece.number] = _image_of(piece)
                case Placed():
                    self._place(painter, piece)
                case NewPage():
                    _turn(painter)

    def _place(self, painter: QPainter, placed: Placed) -> None:
        painter.save()
        painter.setWorldTransform(QTransform(*placed.transform))
        if placed.clip is not None:
            clip = QPainterPath()
            clip.addPolygon(QPolygonF([QPointF(x, y) for x, y in placed.clip]))
            painter.setClipPath(clip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, placed.is_smooth)
        for number, *boxes, opacity in np.frombuffer(placed.rows).reshape(-1, _IN_A_ROW).tolist():
            painter.setOpacity(placed.opacity * opacity)
            painter.drawImage(QRectF(*boxes[:4]), self._images[int(number)], QRectF(*boxes[4:]))
        painter.restore()


def _turn(painter: QPainter) -> None:
    """To the next page of what is written; a picture has only one."""
    writer = painter.device()
    if isinstance(writer, QPdfWriter):
        writer.newPage()


def _play(painter: QPainter, drawn: Drawn) -> None:
    picture = QPicture()
    stream = QDataStream(QByteArray(drawn.picture))
    stream >> picture
    painter.save()
    # A picture grows with the resolution of what it is played on; this one was painted in its pixels already.
    screen_dpi = round(QGuiApplication.primaryScreen().logicalDotsPerInchX())
    shrink = screen_dpi / painter.device().logicalDpiX()
    painter.scale(shrink, shrink)
    picture.play(painter)
    painter.restore()


def _image_of(cut: Cut) -> QImage:
    borrowed = QImage(cut.pixels, cut.width_px, cut.height_px, cut.bytes_per_line, QImage.Format(cut.format))
    return borrowed.copy()


def _png(order: PageOrder, paint: Callable[[QPainter], None]) -> bytes:
    image = QImage(order.width_px, order.height_px, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    content, buffer = _open_buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _pdf(order: PageOrder, paint: Callable[[QPainter], None]) -> bytes:
    content, buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout(order.paper))
    writer.setResolution(PDF_DPI)
    writer.setTitle(order.title)
    writer.setCreator("Streetdesk")
    for each in order.attached:
        writer.addFileAttachment(each.name, QByteArray(each.content), "text/plain")
    painter = QPainter(writer)
    paint(painter)
    painter.end()
    # Its file must outlive it.
    shiboken6.delete(writer)
    buffer.close()
    return readable(bytes(content.data()), font("body"))


def _open_buffer() -> tuple[QByteArray, QBuffer]:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return content, buffer
