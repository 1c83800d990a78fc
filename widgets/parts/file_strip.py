"""Owns a row of files as tiles: a small picture or the kind's letters, the name, a button that takes it away.

Must not read, decode or keep a file: it is handed ready-made words and pictures. Hidden while it holds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text
from widgets.parts.plain_tip import plain_tip
from widgets.style import font, tokens

TILE_PX = 72
_NAME_PX = 18
_CROSS_PX = 18


@dataclass(frozen=True, slots=True)
class FileTile:
    """One file: `kind` is a few letters such as PDF, shown without a picture. `remove` names the taking away."""

    key: str
    name: str
    kind: str
    tip: str = ""
    remove: str = ""
    picture: QImage | None = None


class FileStrip(QWidget):
    """`opened` and `removed` carry the key of a tile. On the one with the keyboard Delete removes, Enter opens."""

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[str, _Tile] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(tokens().space_s)
        self._row.addStretch(1)
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._tiles)

    def show_tiles(self, tiles: Sequence[FileTile]) -> None:
        """Shows these, in this order."""
        for key in set(self._tiles) - {tile.key for tile in tiles}:
            gone = self._tiles.pop(key)
            self._row.removeWidget(gone)
            gone.deleteLater()
        for place, tile in enumerate(tiles):
            known = self._tiles.get(tile.key)
            if known is None:
                known = self._tiles[tile.key] = _Tile(self)
                known.clicked.connect(lambda _checked=False, key=tile.key: self.opened.emit(key))
                known.remove_wanted.connect(lambda key=tile.key: self.removed.emit(key))
            self._row.insertWidget(place, known)
            known.show_tile(tile)
        self.setVisible(bool(tiles))


class _Tile(QAbstractButton):
    remove_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tile = FileTile("", "", "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def show_tile(self, tile: FileTile) -> None:
        self._tile = tile
        self.setAccessibleName(tile.name)
        self.setToolTip(plain_tip(tile.tip or tile.name))
        self.update()

    def sizeHint(self) -> QSize:
        look = tokens()
        return QSize(look.px(TILE_PX), look.px(TILE_PX) + look.px(_NAME_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._tile.remove:
            self.remove_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._tile.remove and self._cross().contains(event.position().toPoint()):
            self.remove_wanted.emit()
            event.accept()
        else:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = look.px(TILE_PX)
        box = QRectF(0.5, 0.5, side - 1, side - 1)
        painter.setPen(QPen(look.line, 1))
        painter.setBrush(look.hover if self.underMouse() else look.raised)
        painter.drawRoundedRect(box, look.size_radius, look.size_radius)
        self._paint_inside(painter, box)
        below = QRectF(0, side, side, look.px(_NAME_PX))
        paint_text(painter, below, self._tile.name, font("small"), look.text_second)
        if self._tile.remove:
            self._paint_cross(painter)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(0, 0, side, side))
        painter.end()

    def _paint_inside(self, painter: QPainter, box: QRectF) -> None:
        picture = self._tile.picture
        if picture is None or picture.isNull():
            align = Qt.AlignmentFlag.AlignHCenter
            paint_text(painter, box, self._tile.kind, font("title", bold=True), tokens().text_second, align)
            return
        shape = QPainterPath()
        shape.addRoundedRect(box, tokens().size_radius, tokens().size_radius)
        painter.save()
        painter.setClipPath(shape)
        scale = max(box.width() / picture.width(), box.height() / picture.height())
        width, height = box.width() / scale, box.height() / scale
        seen = QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
        painter.drawImage(box, picture, seen)
        painter.restore()

    def _paint_cross(self, painter: QPainter) -> None:
        look, cross = tokens(), QRectF(self._cross())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.scrim)
        painter.drawRoundedRect(cross, look.size_radius, look.size_radius)
        painter.setPen(QPen(look.text, 1.5))
        inner = cross.adjusted(5, 5, -5, -5)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())

    def _cross(self) -> QRect:
        side = tokens().px(_CROSS_PX)
        return QRect(tokens().px(TILE_PX) - side - 2, 2, side, side)
