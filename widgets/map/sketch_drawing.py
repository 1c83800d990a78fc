"""Owns the drawing of finished sketches: lines, areas, range rings, notes. Must not write texts or change a sketch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from widgets.map.overlays import EVERYWHERE
from widgets.map.projection import Projection
from widgets.map.shapes import to_polygon
from widgets.map.sketch import SketchItem
from widgets.map.strokes import faded, grown, logical_px_per_m, pen, stand_at, touches
from widgets.map.view import Bounds
from widgets.style import tokens

_LINE_PX = 2.4
_DOT_PX = 3.5
_SHARED_DASHES = (3.0, 2.0)
_MARGIN_PX = 10.0
_TOUCHED_M = 400.0

Line = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sketch on the plane: its points in metres, and the bounds of all that it covers.

    `sender` is the desk that has sent it to all desks; "" for one that only this desk sees.
    """

    item: SketchItem
    line: Line
    bounds: Bounds
    sender: str = ""


class SketchDrawing:
    """The sketches of one desk, and those that stand on all desks; one that is both is drawn as all desks see it."""

    name = "sketch"
    every_s = 0.0

    def __init__(self) -> None:
        self._drawn: dict[str, Drawn] = {}
        self._shared: dict[str, Drawn] = {}
        self._changes: list[Bounds] = []

    @property
    def items(self) -> tuple[SketchItem, ...]:
        """This desk's own, oldest first."""
        return tuple(drawn.item for drawn in self._drawn.values())

    def drawn(self) -> tuple[Drawn, ...]:
        return tuple((self._drawn | self._shared).values())

    def bounds_of(self, key: str) -> Bounds | None:
        """Where a sketch lies, in metres."""
        drawn = self._shared.get(key) or self._drawn.get(key)
        return drawn.bounds if drawn is not None else None

    @property
    def has_changes(self) -> bool:
        return bool(self._changes)

    def take_changes(self) -> list[Bounds]:
        changes, self._changes = self._changes, []
        return changes

    def set_items(self, items: Iterable[SketchItem], projection: Projection) -> None:
        """These and no others of this desk's; also for another plane."""
        self._drawn = {item.id: _drawn(item, projection) for item in items}
        self._shared = {key: _drawn(was.item, projection, was.sender) for key, was in self._shared.items()}
        self._changes = [EVERYWHERE]

    def set_shared(self, shared: Mapping[str, tuple[SketchItem, str]], projection: Projection) -> None:
        """These and no others stand on all desks: id -> sketch and sending desk."""
        before = self._shared
        self._shared = {key: _drawn(item, projection, sender) for key, (item, sender) in shared.items()}
        for key in before.keys() | self._shared.keys():
            was, now = before.get(key), self._shared.get(key)
            if was is None or now is None or (was.item, was.sender) != (now.item, now.sender):
                self._changes += [grown(each.bounds, _TOUCHED_M) for each in (was, now) if each is not None]

    def put(self, item: SketchItem, projection: Projection) -> None:
        self.drop(item.id)
        drawn = self._drawn[item.id] = _drawn(item, projection)
        self._changes.append(grown(drawn.bounds, _TOUCHED_M))

    def drop(self, key: str) -> None:
        gone = self._drawn.pop(key, None)
        if gone is not None:
            self._changes.append(grown(gone.bounds, _TOUCHED_M))

    def is_blank(self, bounds: Bounds, zoom: float) -> bool:
        wide = grown(bounds, _MARGIN_PX / logical_px_per_m(zoom))
        return not any(touches(drawn.bounds, wide) for drawn in self.drawn())

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        wide = grown(bounds, _MARGIN_PX / logical_px_per_m(zoom))
        for drawn in self.drawn():
            if touches(drawn.bounds, wide):
                item, shared = drawn.item, bool(drawn.sender)
                paint_shape(painter, item.kind, drawn.line, item.radii_m, zoom, shared=shared)
                yield


def paint_shape(
    painter: QPainter,
    kind: str,
    line: Line,
    radii_m: tuple[float, ...],
    zoom: float,
    *,
    open_end: bool = False,
    shared: bool = False,
) -> None:
    """One sketch on the plane; `open_end` while an area is still being drawn. What is shared has a broken edge."""
    pixel_m = 1 / logical_px_per_m(zoom)
    color = tokens().map.sketch
    polygon = to_polygon(line)
    if kind == "area":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(color, 0.14))
        painter.drawPolygon(polygon)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    halo = tokens().map.label_halo
    dashes = _SHARED_DASHES if shared else ()
    for ink, width_px, broken in ((halo, _LINE_PX + 2.0, ()), (color, _LINE_PX, dashes)):
        painter.setPen(pen(ink, width_px * pixel_m, dashes=broken))
        if kind == "area" and not open_end:
            painter.drawPolygon(polygon)
        elif len(line) > 1:
            painter.drawPolyline(polygon)
        for radius_m in radii_m:
            painter.drawEllipse(QPointF(*line[0].tolist()), radius_m, radius_m)
    for x_m, y_m in line.tolist():
        painter.save()
        stand_at(painter, x_m, y_m, zoom)
        painter.setPen(pen(color if shared else halo, 1.5))
        painter.setBrush(halo if shared else color)
        painter.drawEllipse(QPointF(0, 0), _DOT_PX, _DOT_PX)
        painter.restore()


def _drawn(item: SketchItem, projection: Projection, sender: str = "") -> Drawn:
    line = np.array([projection.to_metres(lat, lon) for lat, lon in item.points]).reshape(-1, 2)
    low, high = line.min(axis=0), line.max(axis=0)
    bounds = float(low[0]), float(low[1]), float(high[0]), float(high[1])
    return Drawn(item, line, grown(bounds, max(item.radii_m, default=0.0)), sender)
