"""Owns where the screen lies on the plane, in whole device pixels, so that a pan moves everything alike."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from widgets.map.view import METRE_ZOOM, Camera2D, Viewport


@dataclass(frozen=True, slots=True)
class Placement:
    """`scale` is device pixels a metre; `origin_px` is the screen's top left corner on the plane at that scale."""

    zoom: float
    scale: float
    origin_px: tuple[int, int]
    size_px: tuple[int, int]

    @classmethod
    def of(cls, at: Camera2D, view: Viewport, dpr: float) -> "Placement":
        """The placement of a view; its sizes are logical pixels."""
        scale = 2.0 ** (at.zoom - METRE_ZOOM) * dpr
        size = round(view.width_px * dpr), round(view.height_px * dpr)
        origin = round(at.x_m * scale - size[0] / 2), round(at.y_m * scale - size[1] / 2)
        return cls(at.zoom, scale, origin, size)

    def point(self, x_m: float, y_m: float) -> QPointF:
        """A point of the plane on the screen."""
        return QPointF(x_m * self.scale - self.origin_px[0], y_m * self.scale - self.origin_px[1])
