"""Owns a page as it is recorded: what is painted here is replayed elsewhere, by widgets/map/page_replay.py.

Shapes and texts go into pictures of Qt's, which cost a hundredth of painting them. Images would be packed by those
pictures on this thread: they stand beside them instead, each once, as the bytes that they are. Must not know what is
painted, nor on what it will be replayed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QRect, QRectF
from PySide6.QtGui import QBrush, QFont, QImage, QPainter, QPainterPath, QPen, QPicture, QPixmap, QTransform

Rows = npt.NDArray[np.float64]

_encode = msgspec.msgpack.Encoder().encode
_SMOOTH: Final = QPainter.RenderHint.SmoothPixmapTransform
_OPACITY: Final = 9


class Attachment(msgspec.Struct, frozen=True):
    """A file inside a PDF: plain text in UTF-8."""

    name: str
    content: bytes


class PageOrder(msgspec.Struct, frozen=True):
    """What the pieces of a page begin with: `form` is png or pdf, `paper` as in page_replay.page_layout.

    The size is in its own pixels. Only a PDF carries `attached`.
    """

    form: str
    width_px: int
    height_px: int
    paper: str = ""
    title: str = ""
    attached: tuple[Attachment, ...] = ()

    def packed(self) -> bytes:
        return _encode(self)


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """A picture of shapes and texts."""

    picture: bytes


class Cut(msgspec.Struct, frozen=True, tag=True):
    """An image that draws to come name by its number."""

    number: int
    width_px: int
    height_px: int
    bytes_per_line: int
    format: int
    pixels: bytes


class Placed(msgspec.Struct, frozen=True, tag=True):
    """Images under one state of the painter. A row is number, target box, source box, opacity: ten doubles."""

    transform: tuple[float, ...]
    clip: tuple[tuple[float, float], ...] | None
    opacity: float
    is_smooth: bool
    rows: bytes


class NewPage(msgspec.Struct, frozen=True, tag=True):
    """What follows stands on the next page; of a PDF only."""

    def packed(self) -> bytes:
        return _encode(self)


Piece = Drawn | Cut | Placed | NewPage


@dataclass(frozen=True, slots=True)
class _State:
    """All that a painter is, but for what it has saved."""

    transform: QTransform
    clip: QPainterPath | None
    pen: QPen
    brush: QBrush
    font: QFont
    opacity: float
    hints: QPainter.RenderHint

    @classmethod
    def of(cls, painter: QPainter) -> _State:
        clip = painter.clipPath() if painter.hasClipping() else None
        pen, brush, font = QPen(painter.pen()), QBrush(painter.brush()), QFont(painter.font())
        opacity, hints = painter.opacity(), painter.renderHints()
        return cls(painter.worldTransform(), clip, pen, brush, font, opacity, hints)

    def put_on(self, painter: QPainter) -> None:
        painter.setWorldTransform(self.transform)
        if self.clip is None:
            painter.setClipping(False)
        else:
            painter.setClipPath(self.clip)
        painter.setPen(self.pen)
        painter.setBrush(self.brush)
        painter.setFont(self.font)
        painter.setOpacity(self.opacity)
        painter.setRenderHints(painter.renderHints(), False)
        painter.setRenderHints(self.hints, True)


@dataclass(frozen=True, slots=True)
class _Images:
    """Parts of one image at many places, not yet cut out of it."""

    state: _State
    sheet: QPixmap | QImage
    rows: Rows


class PagePainter(QPainter):
    """A painter whose work is kept. `pieces` ends it and gives what it has kept."""

    def __init__(self) -> None:
        self._picture = QPicture()
        super().__init__(self._picture)
        self._saved: list[_State] = []
        self._kept: list[QPicture | _Images] = []
        self._numbers: dict[tuple[int, ...], int] = {}

    def save(self) -> None:
        self._saved.append(_State.of(self))
        super().save()

    def restore(self) -> None:
        self._saved.pop()
        super().restore()

    def drawImage(self, *arguments: Any) -> None:
        """As QPainter's; whole images and parts in a box are kept beside the shapes."""
        target, image, *source = arguments
        if not isinstance(target, QRect | QRectF):
            super().drawImage(*arguments)
            return
        part = QRectF(source[0]) if source else QRectF(image.rect())
        row = [*_box(QRectF(target)), *_box(part), 1.0]
        self._keep_images(image, np.array([[0.0, *row]]))

    def draw_fragments(self, sheet: QPixmap, rows: Rows) -> None:
        """What drawPixmapFragments does; `rows` are QPainter.PixmapFragment as doubles, unturned and unscaled."""
        size = rows[:, 4:6]
        targets = np.column_stack([rows[:, 0:2] - size / 2, size])
        numbers = np.zeros(len(rows))
        self._keep_images(
            QPixmap(sheet), np.column_stack([numbers, targets, rows[:, 2:6], rows[:, _OPACITY]])
        )

    def pieces(self) -> Iterator[bytes]:
        """Each is soon made."""
        self._end_picture()
        for kept in self._kept:
            if isinstance(kept, QPicture):
                yield _encode(Drawn(_bytes_of(kept)))
            else:
                yield from self._placed(kept)

    def _keep_images(self, sheet: QPixmap | QImage, rows: Rows) -> None:
        """They lie between what was painted before and what comes: that goes on in another picture."""
        now = _State.of(self)
        self._end_picture()
        self._kept.append(_Images(now, sheet, rows))
        self._picture = QPicture()
        self.begin(self._picture)
        for state in self._saved:
            state.put_on(self)
            super().save()
        now.put_on(self)

    def _end_picture(self) -> None:
        for _ in self._saved:
            super().restore()
        if self.isActive():
            self.end()
            self._kept.append(self._picture)

    def _placed(self, images: _Images) -> Iterator[bytes]:
        state, rows = images.state, images.rows.copy()
        sources = [QRectF(*row[5:9].tolist()).toRect() & images.sheet.rect() for row in rows]
        is_seen = np.array([not source.isEmpty() for source in sources], dtype=bool)
        rows = rows[is_seen]
        for row, source in zip(rows, (one for one in sources if not one.isEmpty()), strict=True):
            key = (images.sheet.cacheKey(), source.x(), source.y(), source.width(), source.height())
            number = self._numbers.get(key)
            if number is None:
                number = self._numbers[key] = len(self._numbers)
                yield _encode(_cut(number, images.sheet, source))
            row[0] = number
            row[5:7] -= source.x(), source.y()
        clip = (
            None if state.clip is None else tuple((p.x(), p.y()) for p in state.clip.toFillPolygon().toList())
        )
        yield _encode(
            Placed(
                _numbers_of(state.transform),
                clip,
                state.opacity,
                bool(state.hints & _SMOOTH),
                rows.tobytes(),
            )
        )


def _cut(number: int, sheet: QPixmap | QImage, source: QRect) -> Cut:
    part = sheet if source == sheet.rect() else sheet.copy(source)
    image = part.toImage() if isinstance(part, QPixmap) else part
    return Cut(
        number,
        image.width(),
        image.height(),
        image.bytesPerLine(),
        image.format().value,
        bytes(image.constBits()),
    )


def _box(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.x(), rect.y(), rect.width(), rect.height()


def _numbers_of(t: QTransform) -> tuple[float, ...]:
    return t.m11(), t.m12(), t.m13(), t.m21(), t.m22(), t.m23(), t.m31(), t.m32(), t.m33()


def _bytes_of(picture: QPicture) -> bytes:
    content = QByteArray()
    stream = QDataStream(content, QIODevice.OpenModeFlag.WriteOnly)
    stream << picture
    return bytes(content.data())
