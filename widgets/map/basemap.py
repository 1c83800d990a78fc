"""Owns the district's ground in metres and the order in which it is painted. Must not know tiles or the screen.

Over the ground may lie a `Backdrop`: a base map of pictures, painted into the same tiles. Where it has pictures the
district's own fields, waters, buildings and roads are left out, since pictures show them; grids and borders lie on it.

`painting` is a generator that stops after every shape, so that its owner can keep to a time budget.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.geo.district import District
from widgets.map import cartography as rules
from widgets.map.ground_shapes import GroundShapes
from widgets.map.projection import Projection
from widgets.map.shapes import Shapes
from widgets.map.strokes import grown, path_of, pen, touches
from widgets.map.view import METRE_ZOOM, Bounds
from widgets.style import tokens

_LOAD_ALPHA = 0.55
_FLOOD_SHARE = 0.6
"""A grid that is most of the district would dye all that is seen and tell no place from another."""
_FLOOD_LINE_PX = 14.0
_OUTSIDE_ALPHA = 0.55
_MARGIN_PX = 24.0
_LINES_A_STEP = 16


_SWITCHES = ("base", "buildings", "grids", "roads", "cones", "communities")


class Backdrop(Protocol):
    """A base map of pictures under the district.

    `want` says what will be painted (metres, device pixels a metre) and must be cheap while nothing changes. `painting`
    paints what there is at once; when more has come its owner tells `MapView.backdrop_changed`.
    """

    def want(self, bounds: Bounds, px_per_m: float) -> None: ...
    def covers(self, bounds: Bounds, px_per_m: float) -> bool: ...
    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]: ...


@dataclass(frozen=True, slots=True)
class Cone:
    """A camera's field of view on the ground."""

    x_m: float
    y_m: float
    bearing_deg: float
    fov_deg: float
    range_m: float
    online: bool

    @property
    def bounds(self) -> Bounds:
        reach = self.range_m
        return self.x_m - reach, self.y_m - reach, self.x_m + reach, self.y_m + reach

    def path(self) -> QPainterPath:
        box = QRectF(self.x_m - self.range_m, self.y_m - self.range_m, 2 * self.range_m, 2 * self.range_m)
        path = QPainterPath(QPointF(self.x_m, self.y_m))
        path.arcTo(box, 90 - self.bearing_deg - self.fov_deg / 2, self.fov_deg)
        path.closeSubpath()
        return path


class Basemap:
    """Everything of a district that lies still. `load` is the level (0..4) by grid code; `cones` by camera key.

    `opacity` is 0 for a layer that is switched off.
    """

    def __init__(
        self, district: District, projection: Projection, shapes: GroundShapes | None = None
    ) -> None:
        self._shapes = shapes or GroundShapes.of(district, projection)
        self._land: dict[int, QPainterPath] = {}
        self.grid_codes = [grid.code for grid in district.grids]
        self.grids = Shapes.projected([grid.ring for grid in district.grids], projection)
        self._communities = Shapes.projected([c.ring for c in district.communities], projection)
        self._boundary = Shapes.projected([district.boundary], projection)
        left, top, right, bottom = self._boundary.boxes[0].tolist()
        self.bounds: Bounds = (left, top, right, bottom)
        self._floods = _large(self.grids, self.bounds)
        self.load: Mapping[str, int] = {}
        self.cones: dict[str, Cone] = {}
        self.opacity = dict.fromkeys(_SWITCHES, 1.0)
        self.order: Sequence[str] = _SWITCHES[1:]
        """What lies on the base, from below; borders and views lie over roads and houses whatever the order."""
        self.backdrop: Backdrop | None = None

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        """Paint these bounds; the painter already maps metres to pixels. `px_per_m` counts device pixels."""
        pixel_m = 2.0 ** (METRE_ZOOM - zoom)
        wide = grown(bounds, _MARGIN_PX / px_per_m)
        tolerance_m = rules.tolerance_m(math.floor(zoom))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(_rect(wide), tokens().map.ground)
        pictures = self._pictures
        if pictures is None or not pictures.covers(bounds, px_per_m):
            yield from self._paint_drawn(painter, wide, zoom, pixel_m, tolerance_m)
        if pictures is not None and self._begins("base", painter):
            yield from pictures.painting(painter, bounds, zoom, px_per_m)
            if self._begins("grids", painter):
                self._paint_load(painter, wide, pixel_m)
        yield
        yield from self._paint_marks(painter, wide, zoom, pixel_m)

    @property
    def _pictures(self) -> Backdrop | None:
        """The backdrop where it is to be seen."""
        return self.backdrop if self.opacity["base"] > 0 else None

    def _paint_drawn(
        self, painter: QPainter, bounds: Bounds, zoom: float, pixel_m: float, tolerance_m: float
    ) -> Iterator[None]:
        """The ground as the district's own data draws it; under pictures without the load, which lies on them."""
        if self._begins("base", painter):
            self._fill(painter, self._boundary, bounds, tokens().map.district)
            yield from self._paint_areas(painter, bounds, pixel_m, tolerance_m)
        for layer in self.order:
            if layer == "buildings" and zoom >= rules.BUILDINGS_FROM_ZOOM and self._begins(layer, painter):
                yield from self._paint_buildings(painter, bounds, zoom, pixel_m, tolerance_m)
            elif layer == "grids" and self._pictures is None and self._begins(layer, painter):
                self._paint_load(painter, bounds, pixel_m)
            elif layer == "roads" and self._begins(layer, painter):
                yield from self._paint_roads(painter, bounds, zoom, pixel_m, tolerance_m)

    def _paint_marks(self, painter: QPainter, bounds: Bounds, zoom: float, pixel_m: float) -> Iterator[None]:
        """What lies on the ground without being ground: the veil over what is outside, views of cameras, borders."""
        painter.setOpacity(1.0)
        if self._pictures is None:
            self._paint_outside(painter, bounds)
        for layer in self.order:
            if layer == "cones" and zoom >= rules.CONES_FROM_ZOOM and self._begins(layer, painter):
                yield from self._paint_cones(painter, bounds, pixel_m)
            elif layer == "grids" and self._begins(layer, painter):
                yield from self._paint_grid_lines(painter, bounds, zoom, pixel_m)
            elif layer == "communities" and self._begins(layer, painter):
                self._paint_borders(painter, bounds, pixel_m)

    def _begins(self, layer: str, painter: QPainter) -> bool:
        """Whether a layer is shown; if so the painter has its opacity."""
        painter.setOpacity(self.opacity[layer])
        return self.opacity[layer] > 0

    def _paint_areas(
        self, painter: QPainter, bounds: Bounds, pixel_m: float, tolerance_m: float
    ) -> Iterator[None]:
        for index in self._shapes.areas.within(bounds, rules.LEAST_SHAPE_PX * pixel_m):
            kind = self._shapes.area_kinds[index]
            painter.setPen(pen(tokens().map.water_line, pixel_m) if kind == "water" else Qt.PenStyle.NoPen)
            painter.setBrush(_area_color(kind))
            painter.drawPolygon(self._shapes.areas.polygon(index, tolerance_m))
            yield

    def _paint_buildings(
        self, painter: QPainter, bounds: Bounds, zoom: float, pixel_m: float, tolerance_m: float
    ) -> Iterator[None]:
        found = self._shapes.buildings.within(bounds, rules.LEAST_SHAPE_PX * pixel_m)
        if zoom >= rules.SHADOWS_FROM_ZOOM:
            yield from self._paint_shadows(painter, found, tolerance_m)
        lined = zoom >= rules.BUILDING_LINES_FROM_ZOOM
        painter.setPen(pen(tokens().map.building_line, pixel_m) if lined else Qt.PenStyle.NoPen)
        for index in found:
            painter.setBrush(rules.named(tokens().map.building, self._shapes.building_kinds[index]))
            painter.drawPolygon(self._shapes.buildings.polygon(index, tolerance_m))
            yield

    def _paint_shadows(self, painter: QPainter, found: list[int], tolerance_m: float) -> Iterator[None]:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_shadow_color())
        for index in found:
            reach_m = self._shapes.shadows_m[index]
            painter.drawPolygon(
                self._shapes.buildings.polygon(index, tolerance_m).translated(reach_m, reach_m)
            )
            yield

    def _paint_load(self, painter: QPainter, bounds: Bounds, pixel_m: float) -> None:
        # Without antialiasing neighbours meet in one line of pixels; blended edges would leave a seam.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        loaded = [(i, level) for i in self.grids.within(bounds) if (level := self._level(i)) > 0]
        for index, level in loaded:
            if index not in self._floods:
                painter.fillPath(self._land_of(index), load_color(level))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for index, level in loaded:
            if index in self._floods:
                self._rim(
                    painter, self.grids.polygon(index), pen(load_color(level), _FLOOD_LINE_PX * pixel_m)
                )

    def _rim(self, painter: QPainter, ring: QPolygonF, color: QPen) -> None:
        """A border within the ring alone: what a new colour makes out of date is what lies under the ring."""
        inside = QPainterPath()
        inside.addPolygon(ring)
        painter.save()
        painter.setClipPath(inside, Qt.ClipOperation.IntersectClip)
        painter.strokePath(inside, color)
        painter.restore()

    def _level(self, index: int) -> int:
        return self.load.get(self.grid_codes[index], 0)

    def _land_of(self, index: int) -> QPainterPath:
        path = self._land.get(index)
        if path is None:
            path = self._land[index] = path_of(self._shapes.land[index])
        return path

    def _paint_roads(
        self, painter: QPainter, bounds: Bounds, zoom: float, pixel_m: float, tolerance_m: float
    ) -> Iterator[None]:
        drawn = [c for c in self._shapes.roads if zoom >= rules.road(c).from_zoom]
        found = {c: self._shapes.roads[c].within(grown(bounds, 30.0)) for c in drawn}
        edge_px = 2 * rules.casing_px(zoom)
        for colors, extra_px in ((tokens().map.road_casing, edge_px), (tokens().map.road_fill, 0.0)):
            for road_class in drawn:
                width_px = rules.road_width_px(road_class, 1 / pixel_m) + extra_px
                painter.setPen(pen(rules.named(colors, road_class), width_px * pixel_m))
                for index in found[road_class]:
                    painter.drawPolyline(self._shapes.roads[road_class].polygon(index, tolerance_m))
                    yield

    def _paint_outside(self, painter: QPainter, bounds: Bounds) -> None:
        outside = QPainterPath()
        outside.addRect(_rect(bounds))
        outside.addPolygon(self._boundary.polygon(0))
        veil = QColor(tokens().map.ground)
        veil.setAlphaF(_OUTSIDE_ALPHA)
        painter.fillPath(outside, veil)

    def _paint_cones(self, painter: QPainter, bounds: Bounds, pixel_m: float) -> Iterator[None]:
        for cone in self.cones.values():
            if cone.online and touches(cone.bounds, bounds):
                color = QColor(tokens().map.view_cone)
                color.setAlphaF(0.35)
                painter.setPen(pen(color, pixel_m))
                color.setAlphaF(0.13)
                painter.setBrush(color)
                painter.drawPath(cone.path())
                yield

    def _paint_grid_lines(
        self, painter: QPainter, bounds: Bounds, zoom: float, pixel_m: float
    ) -> Iterator[None]:
        width_px = 1.0 if zoom < 16 else 1.5
        color = tokens().map.grid_line
        if self._pictures is not None:
            # Photographs have every shade: a line needs an edge of its own to be seen on them.
            color = tokens().map.label
            painter.setPen(pen(tokens().map.label_halo, (width_px + 2.0) * pixel_m, 0.55))
            yield from self._outlining(painter, self._shapes.grid_lines, bounds)
        painter.setPen(pen(color, width_px * pixel_m, 0.8, (5.0, 3.5)))
        yield from self._outlining(painter, self._shapes.grid_lines, bounds)

    def _paint_borders(self, painter: QPainter, bounds: Bounds, pixel_m: float) -> None:
        painter.setPen(pen(tokens().map.district_line, 1.6 * pixel_m, 0.75))
        self._outline(painter, self._communities, bounds)
        painter.setPen(pen(tokens().map.district_line, 3.0 * pixel_m))
        self._outline(painter, self._boundary, bounds)

    def _outlining(self, painter: QPainter, shapes: Shapes, bounds: Bounds) -> Iterator[None]:
        for number, index in enumerate(shapes.within(bounds), start=1):
            painter.drawPolyline(shapes.polygon(index))
            if number % _LINES_A_STEP == 0:
                yield

    def _outline(self, painter: QPainter, shapes: Shapes, bounds: Bounds) -> None:
        for index in shapes.within(bounds):
            painter.drawPolyline(shapes.polygon(index))

    def _fill(self, painter: QPainter, shapes: Shapes, bounds: Bounds, color: QColor) -> None:
        painter.setBrush(QBrush(color))
        for index in shapes.within(bounds):
            painter.drawPolygon(shapes.polygon(index))

    def grid_polygon(self, code: str) -> QPolygonF | None:
        """A grid's ring in metres."""
        return self.grids.polygon(self.grid_codes.index(code)) if code in self.grid_codes else None


def _large(grids: Shapes, whole: Bounds) -> frozenset[int]:
    """Grids that take most of the box round the district."""
    width, height = (grids.boxes[:, 2:] - grids.boxes[:, :2]).T
    least = _FLOOD_SHARE * (whole[2] - whole[0]) * (whole[3] - whole[1])
    return frozenset(np.flatnonzero(width * height >= least).tolist())


def load_color(level: int) -> QColor:
    """The translucent colour of a load level of 1 or more."""
    colors = tokens().map.grid_load
    color = QColor(colors[min(level, len(colors) - 1)])
    color.setAlphaF(_LOAD_ALPHA)
    return color


def _area_color(kind: str) -> QColor:
    colors = tokens().map
    if kind == "water":
        return colors.water
    if kind in ("park", "green"):
        return colors.park
    return colors.rail if kind == "rail" else colors.plaza


def _shadow_color() -> QColor:
    shadow = QColor(tokens().map.road_casing["default"])
    shadow.setAlphaF(0.5)
    return shadow


def _rect(bounds: Bounds) -> QRectF:
    return QRectF(bounds[0], bounds[1], bounds[2] - bounds[0], bounds[3] - bounds[1])
