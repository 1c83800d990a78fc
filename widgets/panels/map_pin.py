"""Owns the lone pin on the map: where the last search ended, when nothing on the map marks that place.

Must not move the map. A click on the pin takes it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from widgets.parts.painting import follow_theme
from widgets.parts.search_list import pin_path
from widgets.style import tokens

if TYPE_CHECKING:
    from widgets.map.map_view import MapView

FOLLOW_MS = 16
_SIZE_PX = 30
_BOX = 18.0


class MapPin(QWidget):
    """A child of the map; its tip stands on the place."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._place: tuple[float, float] | None = None
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._stand)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        follow_theme(self)
        view.view_changed.connect(self._stand)

    @property
    def place(self) -> tuple[float, float] | None:
        """(lat, lon), None while there is no pin."""
        return self._place

    def put(self, lat: float, lon: float, name: str) -> None:
        self._place = (lat, lon)
        self.setToolTip(tr("search.pin", name=name))
        self.setAccessibleName(name)
        self.setFixedSize(self.sizeHint())
        self._stand()

    def remove(self) -> None:
        self._place = None
        self._follow.stop()
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(_SIZE_PX), tokens().px(_SIZE_PX))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.remove()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / _BOX, self.height() / _BOX)
        path = pin_path()
        pen = QPen(look.symbol_ground, 2.6)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        painter.fillPath(path, look.accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.symbol_ground)
        painter.drawEllipse(QRectF(7, 4.8, 4, 4))
        painter.end()

    def _stand(self) -> None:
        """On its place; while the map glides it is followed, frame by frame."""
        if self._place is None:
            return
        scene, seen = self._view.scene, self._view.view
        tip = QPointF(*seen.to_screen(*scene.projection.to_metres(*self._place)))
        self.move(round(tip.x() - self.width() / 2), round(tip.y() - self.height() * 17 / _BOX))
        self.setVisible(QRectF(self._view.rect()).adjusted(-40, -40, 40, 40).contains(tip))
        if seen.gliding != self._follow.isActive():
            self._follow.start() if seen.gliding else self._follow.stop()
