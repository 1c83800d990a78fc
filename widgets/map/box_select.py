"""Owns the rectangle that Shift and a drag lay on the map, and the rings round what was chosen with it.

Must not know what choosing means: it says which rectangle it was.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from widgets.map.canvas import SEEN_THROUGH
from widgets.map.chosen_ring import RING_PX, paint_rings
from widgets.map.hit import Hit
from widgets.map.map_view import MapView
from widgets.map.things import place_of
from widgets.style import tokens

_FILL_ALPHA = 0.14


class BoxSelect(QObject):
    """Shift+drag with the left button. `boxed` carries the rectangle on the map; a mere click is the map's own."""

    boxed = Signal(QRectF)

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._from: QPointF | None = None
        self._frame = _Frame(view)
        view.installEventFilter(self)

    def give_up(self) -> bool:
        """Leave the rectangle that is being drawn; whether there was one."""
        was_drawn = self._from is not None
        self._from = None
        self._frame.hide()
        return was_drawn

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                return self._press(event)
            if event.type() == QEvent.Type.MouseMove:
                return self._move(event.position())
            if event.type() == QEvent.Type.MouseButtonRelease:
                return self._release(event.position())
        return False

    def _press(self, event: QMouseEvent) -> bool:
        wanted = event.button() == Qt.MouseButton.LeftButton
        wanted = wanted and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if not wanted or self._view.sketching.tool.kind is not None:
            return False
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._from = event.position()
        return True

    def _move(self, at: QPointF) -> bool:
        if self._from is None:
            return False
        self._view.hover_at(None)
        self._frame.span(self._from, at)
        return True

    def _release(self, at: QPointF) -> bool:
        start, self._from = self._from, None
        if start is None:
            return False
        self._frame.hide()
        if (at - start).manhattanLength() >= QApplication.startDragDistance():
            self.boxed.emit(QRectF(start, at).normalized().intersected(QRectF(self._view.rect())))
        else:
            self._view.click_at(at, double=False)
        return True


class _Frame(QWidget):
    """The rectangle while it is drawn."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty(SEEN_THROUGH, True)
        self.hide()

    def span(self, one: QPointF, other: QPointF) -> None:
        self.setGeometry(QRectF(one, other).normalized().toAlignedRect().adjusted(-1, -1, 1, 1))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill = QColor(tokens().accent)
        fill.setAlphaF(_FILL_ALPHA)
        painter = QPainter(self)
        painter.setBrush(fill)
        painter.setPen(QPen(tokens().accent, 1, Qt.PenStyle.DashLine))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class ChosenRings(QWidget):
    """Rings round the chosen things, wherever they go. While nothing is chosen it is hidden and costs nothing."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._chosen: tuple[Hit, ...] = ()
        self._painted: list[tuple[QPoint, str]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty(SEEN_THROUGH, True)
        self.hide()

    def ring(self, things: Sequence[Hit]) -> None:
        """Ring these, and nothing else."""
        if bool(things) != bool(self._chosen):
            # Only while something is chosen does every paint of the map ask where it stands.
            (self._view.installEventFilter if things else self._view.removeEventFilter)(self)
        self._chosen = tuple(things)
        self.setGeometry(self._view.rect())
        self.setVisible(bool(things))
        self.lower()
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        elif event.type() == QEvent.Type.Paint and self._places() != self._painted:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What is written on the glass can be read whoever was chosen under it.
        painter.setClipRegion(QRegion(self.rect()) - self._view.floating.written())
        paint_rings(painter, [(QPointF(place), kind) for place, kind in self._painted])
        painter.end()

    def _follow(self) -> None:
        """Repaint only where a ring was and where one is now."""
        before, self._painted = self._painted, self._places()
        reach = tokens().px(max(RING_PX.values())) + 4
        for place in {(point.x(), point.y()) for point, _ in (*before, *self._painted)}:
            self.update(QRect(place[0] - reach, place[1] - reach, 2 * reach, 2 * reach))

    def _places(self) -> list[tuple[QPoint, str]]:
        seen = self._view.rect().adjusted(-40, -40, 40, 40)
        places = ((place_of(self._view, hit), hit[0]) for hit in self._chosen)
        points = [(place.toPoint(), kind) for place, kind in places if place is not None]
        return [(point, kind) for point, kind in points if seen.contains(point)]
