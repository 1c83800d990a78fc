"""Owns the times of arrival on the lines from units to their incidents: where each plate stands, and its painting.

Must not know clocks: it is given the texts. A plate stands in the middle of its line; on a line that is too short for
it, and where one stands already, there is none.
"""

import math
from collections.abc import Iterator, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from widgets.map.placement import Placement
from widgets.map.scene import Scene
from widgets.style import font, tokens

_ROOM = 1.7
"""A line must be so many plates long."""
_MOST = 60

Box = tuple[int, int, int, int]


class EtaPlates:
    """The plates of one map, in device pixels."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._texts: dict[tuple[str, str], str] = {}
        self._pictures: dict[str, QPixmap] = {}
        self._placed: list[tuple[str, QRectF]] = []
        self._dpr = 1.0

    @property
    def boxes(self) -> list[Box]:
        """Left, top, width, height of every plate on the screen."""
        return [box.toAlignedRect().getRect() for _, box in self._placed]  # type: ignore[misc]

    @property
    def placed(self) -> list[tuple[str, QRectF]]:
        """Text and box of every plate on the screen, device pixels."""
        return list(self._placed)

    @property
    def texts(self) -> Mapping[tuple[str, str], str]:
        """What is written on the line of each (unit, incident)."""
        return self._texts

    def set_texts(self, texts: Mapping[tuple[str, str], str]) -> bool:
        """What is written on the line of each (unit, incident); whether that is anything new."""
        if self._texts == texts:
            return False
        self._texts = dict(texts)
        return True

    def forget_pictures(self) -> None:
        """Other colours, sizes or resolution."""
        self._pictures.clear()

    def place(self, at: Placement, dpr: float) -> None:
        """Find each plate its place, those of the unit that is looked at and of the chosen incident first."""
        self._dpr = dpr
        shown = self._scene.units.visible and self._scene.incidents.visible
        self._placed = list(self._placing(at)) if shown and self._texts else []

    def draw(self, painter: QPainter) -> None:
        """The painter stands in device pixels."""
        for text, box in self._placed:
            painter.drawPixmap(box.topLeft(), self._picture(text))

    def _placing(self, at: Placement) -> Iterator[tuple[str, QRectF]]:
        kind, looked_at = self._scene.selected
        lines = [link for link in self._scene.links if link in self._texts]
        unit, incident = looked_at if kind == "unit" else "", self._scene.chosen_incident
        lines.sort(key=lambda link: (link[0] != unit, link[1] != incident))
        taken: list[QRectF] = []
        screen = QRectF(0, 0, *at.size_px)
        for link in lines:
            text = self._texts[link]
            box = self._box(link, text, at)
            if box is None or not screen.intersects(box) or any(box.intersects(other) for other in taken):
                continue
            taken.append(box)
            yield text, box
            if len(taken) >= _MOST:
                return

    def _box(self, link: tuple[str, str], text: str, at: Placement) -> QRectF | None:
        units, incidents = self._scene.units, self._scene.incidents
        a, b = units.slot(link[0]), incidents.slot(link[1])
        if a is None or b is None:
            return None
        start = at.point(float(units.x_m[a]), float(units.y_m[a]))
        end = at.point(float(incidents.x_m[b]), float(incidents.y_m[b]))
        size = self._picture(text).size()
        way = end - start
        if math.hypot(way.x(), way.y()) < size.width() * _ROOM:
            return None
        middle = (start + end) / 2
        left, top = round(middle.x() - size.width() / 2), round(middle.y() - size.height() / 2)
        return QRectF(left, top, size.width(), size.height())

    def _picture(self, text: str) -> QPixmap:
        known = self._pictures.get(text)
        if known is None:
            if len(self._pictures) > 4 * _MOST:
                self._pictures.clear()
            known = self._pictures[text] = self._painted(text)
        return known

    def _painted(self, text: str) -> QPixmap:
        face, look, dpr = font("body", bold=True), tokens(), self._dpr
        metrics = QFontMetricsF(face)
        width = math.ceil(metrics.horizontalAdvance(text) + 2 * look.px(6))
        height = math.ceil(metrics.height() + look.px(2))
        pixmap = QPixmap(math.ceil(width * dpr), math.ceil(height * dpr))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(dpr, dpr)
        painter.setPen(QPen(look.map.route, 1))
        painter.setBrush(look.map.label_halo)
        box = QRectF(0.5, 0.5, width - 1, height - 1)
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(look.text)
        painter.setFont(face)
        painter.drawText(
            QPointF(look.px(6), (height - metrics.height()) / 2 + metrics.ascent()),
            text,
        )
        painter.end()
        return pixmap
