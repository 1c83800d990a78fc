"""Owns how each mark looks as a sprite: which symbol, size, colour and turn. Must not place or draw them.

Turns are rounded to steps so that a sheet holds a few hundred sprites at most and every one is crisp.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from widgets.map.marks import CameraMark, IncidentMark, UnitMark, turn_step_deg
from widgets.map.sprites import SpriteSheet
from widgets.parts.symbols import paint_symbol, unit_color, unit_fill
from widgets.style import tokens

_PaintSquare = Callable[[QPainter, float], None]
_Part = tuple[QImage, QRect]
"""A square picture round the anchor, and the box of it that is painted."""

_UNIT_PX = 21
_HEADING_PX = 42
_INCIDENT_PX = {1: 36, 2: 34, 3: 28, 4: 27}
_CAMERA_PX = 24
_WEDGE_PX = 22
_WEDGE_DEG = 64.0
_PULSE_FROM_PX, _PULSE_TO_PX, _PULSE_STEPS = 20, 42, 14


class SymbolAtlas:
    """Sprite numbers for marks, at one device pixel ratio."""

    def __init__(self, dpr: float) -> None:
        self.sheet = SpriteSheet()
        self.dpr = dpr
        self._parts: dict[tuple[object, ...], _Part] = {}

    def renew(self, dpr: float) -> None:
        """Begin anew after a change of theme, text scale or screen."""
        self.dpr = dpr
        self.sheet.clear()
        self._parts.clear()

    def unit(self, mark: UnitMark) -> int:
        fill, color = unit_fill(mark.status), unit_color(mark.status)
        turn = turn_step_deg(mark.heading_deg)
        key = ("unit", mark.kind, fill, color.rgba(), mark.stale, turn)
        number = self.sheet.find(key)
        if number is not None:
            return number

        def paint_tail(painter: QPainter, side: float) -> None:
            tail = tokens().stale if mark.stale else color
            box = QRectF(0, 0, side, side).adjusted(side * 0.06, side * 0.06, -side * 0.06, -side * 0.06)
            paint_symbol(painter, "heading", box, tail, halo=True, rotation_deg=turn or 0)

        def paint_body(painter: QPainter, side: float) -> None:
            centre, inner = side / 2, side * _UNIT_PX / _HEADING_PX
            box = QRectF(centre - inner / 2, centre - inner / 2, inner, inner)
            paint_symbol(painter, f"unit/{mark.kind}", box, color, fill, stale=mark.stale, halo=True)

        side = self._side(_HEADING_PX)
        parts = [self._part(("body", *key[1:5]), side, paint_body)]
        if turn is not None:
            parts.insert(0, self._part(("tail", color.rgba(), mark.stale, turn), side, paint_tail))
        return self._joined(key, parts)

    def incident(self, mark: IncidentMark) -> int:
        priority = mark.priority if mark.priority in _INCIDENT_PX else 4
        key = ("incident", priority, mark.incident_type)
        number = self.sheet.find(key)
        if number is not None:
            return number

        def paint(painter: QPainter, side: float) -> None:
            margin = side * 0.1
            box = QRectF(margin, margin, side - 2 * margin, side - 2 * margin)
            name = f"marker/{priority}/{mark.incident_type}"
            paint_symbol(painter, name, box, tokens().priority.of(priority), halo=True)

        return self._square(key, round(_INCIDENT_PX[priority] * 1.25), paint)

    def camera(self, mark: CameraMark, *, as_wedge: bool) -> int:
        turn = turn_step_deg(mark.bearing_deg) or 0
        if as_wedge:
            return self._wedge(mark, turn)
        key = ("camera", mark.online, turn)
        number = self.sheet.find(key)
        if number is not None:
            return number
        name = "camera" if mark.online else "camera_offline"

        def paint(painter: QPainter, side: float) -> None:
            paint_symbol(
                painter,
                name,
                QRectF(0, 0, side, side),
                _camera_color(mark.online),
                halo=True,
                rotation_deg=turn,
            )

        return self._square(key, _CAMERA_PX, paint)

    def pulse(self, priority: int, phase: float) -> int:
        """A ring that has come so far, 0..1, growing and fading: a stroked circle would cost a frame of its own."""
        step = min(_PULSE_STEPS - 1, int(phase * _PULSE_STEPS))
        part = step / _PULSE_STEPS
        key = ("pulse", priority, step)
        number = self.sheet.find(key)
        if number is not None:
            return number
        color = QColor(tokens().priority.of(priority))
        color.setAlphaF((1 - part) * 0.9)
        radius = (_PULSE_FROM_PX + (_PULSE_TO_PX - _PULSE_FROM_PX) * part) * self.dpr
        side = math.ceil(2 * radius + 4 * self.dpr) | 1

        def paint(painter: QPainter) -> None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 3.0 * self.dpr))
            painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)

        return self.sheet.add(key, (side, side), (side // 2, side // 2), paint)

    def _wedge(self, mark: CameraMark, turn_deg: int) -> int:
        """A small camera: only where it stands and which way it looks; without power an outline."""
        key = ("camera wedge", mark.online, turn_deg)
        number = self.sheet.find(key)
        if number is not None:
            return number
        color, halo = _camera_color(mark.online), tokens().map.label_halo

        def paint(painter: QPainter, side: float) -> None:
            reach = side / 2 - 2.0 * self.dpr
            shape = QPainterPath(QPointF(0, 0))
            # Qt counts angles against the clock from the east, bearings run with it from the north.
            shape.arcTo(QRectF(-reach, -reach, 2 * reach, 2 * reach), 90 - _WEDGE_DEG / 2, _WEDGE_DEG)
            shape.closeSubpath()
            painter.translate(side / 2, side / 2)
            painter.rotate(turn_deg)
            edge = QPen(halo, 2.5 * self.dpr)
            edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(shape, edge)
            if mark.online:
                painter.fillPath(shape, color)
            else:
                painter.fillPath(shape, halo)
                painter.strokePath(shape, QPen(color, 1.0 * self.dpr))

        return self._square(key, _WEDGE_PX, paint)

    def _part(self, key: tuple[object, ...], side: int, paint: _PaintSquare) -> _Part:
        """A piece of many sprites, painted once: kinds times states times headings are most of a thousand."""
        part = self._parts.get(key)
        if part is None:
            image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter, float(side))
            painter.end()
            part = self._parts[key] = image, _inked(image)
        return part

    def _joined(self, key: tuple[object, ...], parts: Sequence[_Part]) -> int:
        """Parts on each other, without the empty edge: every pixel of a sprite is paid for in every frame."""
        box = parts[0][1]
        for _, inked in parts[1:]:
            box = box.united(inked)
        middle = parts[0][0].width() // 2

        def paint(painter: QPainter) -> None:
            for image, _ in parts:
                painter.drawImage(-box.left(), -box.top(), image)

        size, anchor = (box.width(), box.height()), (middle - box.left(), middle - box.top())
        return self.sheet.add(key, size, anchor, paint)

    def _side(self, size_px: float) -> int:
        return max(3, round(tokens().px(size_px) * self.dpr)) | 1

    def _square(self, key: tuple[object, ...], size_px: float, paint: _PaintSquare) -> int:
        side = self._side(size_px)
        return self.sheet.add(key, (side, side), (side // 2, side // 2), lambda p: paint(p, float(side)))


def _inked(image: QImage) -> QRect:
    """The box of what is painted at all; all of the image when nothing is."""
    columns = image.bytesPerLine() // 4
    alpha = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), columns, 4)[:, :, 3] > 0
    rows, across = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not len(rows):
        return image.rect()
    top, left = int(rows[0]), int(across[0])
    return QRect(left, top, int(across[-1]) - left + 1, int(rows[-1]) - top + 1)


def _camera_color(online: bool) -> QColor:
    return tokens().camera if online else tokens().stale
