"""Owns one picture of the map: what stands where for a view, what changed since the last one, and its painting.

Must not read input or run timers. Everything is in device pixels: symbols and tiles are copied pixel for pixel.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen, QRegion, QTransform

from widgets.map import cartography as rules
from widgets.map.clusters import Clusters
from widgets.map.dirty import DirtyCells, device_rect, rects_of
from widgets.map.eta_plates import EtaPlates
from widgets.map.ground import Ground
from widgets.map.label_stage import LabelStage
from widgets.map.layers import LayerStack
from widgets.map.marks import UnitMark
from widgets.map.near_cameras import NearCameras
from widgets.map.overlay_names import OverlayNames
from widgets.map.overlay_set import OverlaySet
from widgets.map.placement import Placement
from widgets.map.points import PointPainter
from widgets.map.scene import Scene
from widgets.map.symbols_atlas import SymbolAtlas
from widgets.map.tiles import TileKey
from widgets.map.view import Viewport, level_of, zoom_of
from widgets.style import tokens

_RING_PX = {"incident": 23, "unit": 19, "camera": 17}
_PULSE_MOST_PX = 46
_HALO_PX = 2.0
_LINK_PIECES = 8
_SPRITES_S = 0.0015
_LABELS_S, _WORK_S = 0.001, 0.002
_MANY_CHANGES = 200

Boxes = npt.NDArray[np.int32]


class Frame:
    """The painter of one map. `glass` are boxes of the screen, logical pixels, under which no label is to stand."""

    def __init__(
        self, scene: Scene, stack: LayerStack, dpr: float, unit_text: Callable[[UnitMark], str]
    ) -> None:
        self.scene = scene
        self._stack = stack
        self.dpr = dpr
        self.overlays = OverlaySet(stack, dpr)
        self.atlas = SymbolAtlas(dpr)
        self.labels = LabelStage(scene, dpr, unit_text)
        self.labels.extra_names = OverlayNames(
            stack,
            lambda: self.labels.sprites,
            self.overlays.sketches,
            self.overlays.patrols,
            self.overlays.closures,
        )
        self.etas = EtaPlates(scene)
        self.near_cameras = NearCameras(scene)
        self.ground: Ground | None = None
        self.at = Placement(17.0, dpr, (0, 0), (1, 1))
        self.pulses: dict[str, float] = {}
        self.glass: list[tuple[int, int, int, int]] = []
        self._make_painters()
        self.labels.glass = self._glass_on_plane
        self.labels.crowd_drawn = lambda: self.units.slots if self.units.crowded else None
        self.clusters = Clusters(scene, dpr)
        self._wedges = False
        self._extras: Boxes = np.zeros((0, 4), dtype=np.int32)
        self._shown_pulses: list[tuple[QPointF, int]] = []
        self._all_changed = True

    def _make_painters(self) -> None:
        scene, sheet = self.scene, self.atlas.sheet
        self.cameras = PointPainter(
            scene.cameras, sheet, lambda mark: self.atlas.camera(mark, as_wedge=self._wedges), still=True
        )
        self.units = PointPainter(scene.units, sheet, self.atlas.unit)
        self.incidents = PointPainter(
            scene.incidents,
            sheet,
            self.atlas.incident,
            lambda mark: -mark.priority,
            still=True,
            among=scene.by_themselves,
        )
        self._painter_of: dict[str, PointPainter[Any]] = {
            "cameras": self.cameras,
            "units": self.units,
            "incidents": self.incidents,
        }

    @property
    def symbol_order(self) -> tuple[str, ...]:
        """The layers of symbols from below."""
        return self._stack.order_of("symbol")

    @property
    def complete(self) -> bool:
        """Whether the picture shows all it can; else the next one shows more."""
        complete = self.clusters.complete and not self.labels.due
        return complete and all(painter.complete for painter in self._painters())

    @property
    def working(self) -> bool:
        """Whether `work` has something to do."""
        return self.labels.working or self._tiles_pending

    @property
    def _tiles_pending(self) -> bool:
        return self.ground is not None and (self.ground.tiles.pending or self.overlays.tiles.pending)

    def work(self, now_s: float) -> list[QRect]:
        """A slice of what is still to be painted, labels first; the tiles that became ready, device pixels."""
        until_s = now_s + _WORK_S
        if self.labels.working:
            self.labels.work(now_s + (_LABELS_S if self._tiles_pending else _WORK_S))
        if self.ground is None or not self._tiles_pending:
            return []
        rects = self._worked_ground(until_s)
        if time.perf_counter() < until_s or not rects:
            side = self.overlays.tiles.side_px
            rects += [self._tile_rect(key, side) for key in self.overlays.tiles.work(until_s)]
        return [rect for rect in rects if not rect.isEmpty()]

    def _worked_ground(self, until_s: float) -> list[QRect]:
        if self.ground is None or not self.ground.tiles.pending:
            return []
        tiles = self.ground.tiles
        return [self._tile_rect(key, tiles.side_px) for key in tiles.work(until_s - time.perf_counter())]

    def change_all(self) -> None:
        """The next picture is painted whole: theme, language, layers or selection are others."""
        self._all_changed = True
        self.labels.forget()

    def repaint_whole(self) -> None:
        """The next picture is painted whole; labels stand where they stand."""
        self._all_changed = True

    def renew(self, dpr: float) -> None:
        """Other colours, sizes or resolution: every sprite and tile is painted anew."""
        self.dpr = dpr
        self.atlas.renew(dpr)
        self.clusters.renew(dpr)
        self.etas.forget_pictures()
        self.labels.renew(dpr)
        self.overlays.tiles.renew(dpr)
        if self.ground is not None:
            self.ground.renew(dpr)
        self.change_all()

    def prepare(self, view: Viewport) -> QRegion | None:
        """Place everything for a view; the part of the screen that changed (logical pixels), None for all of it."""
        before = self.at
        self.at = Placement.of(view.at, view, self.dpr)
        old = [painter.state() for painter in self._painters()]
        old_clusters = self.clusters.rows
        self._place_symbols()
        whole = self._all_changed or before != self.at
        old_extras = self._extras
        self.labels.place(self.at, self._obstacles)
        changed_labels = self.labels.changes(self.at.origin_px, all_painted=whole)
        self._extras = self._extra_boxes()
        self._want_tiles(view)
        self._all_changed = False
        if whole:
            return None
        boxes = [painter.changes(state) for painter, state in zip(self._painters(), old, strict=True)]
        boxes += [changed_labels, self.clusters.changes(old_clusters)]
        if self.pulses or old_extras.shape != self._extras.shape or bool((old_extras != self._extras).any()):
            boxes += [old_extras, self._extras]
        return self._region_of(np.concatenate(boxes))

    def _region_of(self, boxes: Boxes) -> QRegion | None:
        if len(boxes) > _MANY_CHANGES:
            return None
        cells = DirtyCells(*self.at.size_px)
        cells.mark(boxes)
        return None if cells.mostly else cells.region(self.dpr)

    def _tile_rect(self, key: TileKey, side_px: int) -> QRect:
        """Where a tile that became ready lies on the screen, device pixels; empty when it is not of this level."""
        if zoom_of(key[0]) != self.at.zoom:
            return QRect()
        left, top = self.at.origin_px
        return QRect(key[1] * side_px - left, key[2] * side_px - top, side_px, side_px)

    def layers_by_pick(self) -> list[tuple[str, PointPainter[Any], bool]]:
        """Painters in the order in which they are clicked: what is drawn on top first."""
        return [
            (layer.removesuffix("s"), self._painter_of[layer], layer == "cameras" and self._wedges)
            for layer in reversed(self.symbol_order)
        ]

    def paint(self, painter: QPainter, region: QRegion) -> None:
        """Paint a part of the screen (logical pixels)."""
        painter.save()
        painter.scale(1 / self.dpr, 1 / self.dpr)
        cells = DirtyCells.of(region, self.dpr, *self.at.size_px)
        self._paint_ground(painter, region)
        self._paint_overlays(painter, region)
        self._paint_selected_grid(painter)
        self._paint_links(painter)
        self.labels.draw_under(painter, self.at.origin_px, cells)
        self.near_cameras.draw(painter)
        for layer in self.symbol_order:
            if layer == "incidents":
                self.clusters.draw(painter, cells)
            self._painter_of[layer].draw(painter, cells)
        self.labels.draw_over(painter, self.at.origin_px, cells)
        self.etas.draw(painter)
        self._paint_extras(painter)
        painter.restore()

    def _painters(self) -> list[PointPainter[Any]]:
        return [self.cameras, self.units, self.incidents]

    def _place_symbols(self) -> None:
        wedges = self.at.zoom < rules.CAMERA_SYMBOLS_FROM_ZOOM
        if wedges != self._wedges:
            self._wedges = wedges
            self.cameras.forget_sprites()
        at, until_s = self.at, time.perf_counter() + _SPRITES_S
        chosen = self.scene.incidents.slot(self.scene.chosen_incident)
        self.clusters.place(at)
        px_per_m = at.scale / (self.dpr * tokens().scale)
        self.scene.fan.spread(self.scene.links, self.clusters.standing_for, px_per_m)
        self.incidents.prepare(at.scale, at.origin_px, at.size_px, until_s, chosen=chosen)
        self.units.prepare(at.scale, at.origin_px, at.size_px, until_s)
        cameras_shown = at.zoom >= rules.CAMERAS_FROM_ZOOM
        self.cameras.prepare(at.scale, at.origin_px, at.size_px, until_s, shown=cameras_shown)
        self.etas.place(at, self.dpr)

    def _obstacles(self) -> Boxes:
        """Camera and unit symbols without their halos, and what stands on the glass, in pixels of the plane."""
        boxes = np.concatenate([self.cameras.boxes(), self.units.boxes(), self.clusters.boxes])
        shrink = round(_HALO_PX * self.dpr)
        boxes[:, :2] += np.array(self.at.origin_px, dtype=np.int32) + shrink
        boxes[:, 2:] -= 2 * shrink
        etas = np.array(self.etas.boxes, dtype=np.int32).reshape(-1, 4)
        etas[:, :2] += np.array(self.at.origin_px, dtype=np.int32)
        return np.concatenate([boxes, etas, self._glass_on_plane()])

    def _glass_on_plane(self) -> Boxes:
        glass = np.array(self.glass, dtype=np.float64).reshape(-1, 4) * self.dpr
        glass[:, :2] += self.at.origin_px
        return np.rint(glass).astype(np.int32)

    def _want_tiles(self, view: Viewport) -> None:
        if self.ground is None:
            return
        goal = Placement.of(view.target, view, self.dpr)
        level = level_of(goal.zoom)
        grow = 2.0 ** (zoom_of(level) - goal.zoom)
        seen = QRect(
            math.floor(goal.origin_px[0] * grow),
            math.floor(goal.origin_px[1] * grow),
            math.ceil(goal.size_px[0] * grow),
            math.ceil(goal.size_px[1] * grow),
        )
        self.ground.want(level, seen, goal.scale * grow)
        self.overlays.tiles.want(level, seen)

    def _extra_boxes(self) -> Boxes:
        self._shown_pulses = self._pulse_points()
        boxes = [_square(point, radius_px + 3 * self.dpr) for point, radius_px in self._rings()]
        boxes += [_square(point, _PULSE_MOST_PX * self.dpr) for point, _ in self._shown_pulses]
        for start, end in self._link_ends():
            boxes += _pieces(start, end, _LINK_PIECES)
        boxes += self.etas.boxes
        boxes += self.near_cameras.place(self.at, self.dpr)
        return np.array(boxes, dtype=np.int32).reshape(-1, 4)

    def _rings(self) -> list[tuple[QPointF, float]]:
        rings = []
        for kind, key in dict.fromkeys([("incident", self.scene.chosen_incident), self.scene.selected]):
            layer = self.scene.layer(kind)
            slot = layer.slot(key) if layer is not None and layer.visible else None
            if layer is not None and slot is not None:
                place = self.at.point(layer.x_m[slot], layer.y_m[slot])
                rings.append((place, tokens().px(_RING_PX[kind]) * self.dpr))
        return rings

    def _pulse_points(self) -> list[tuple[QPointF, int]]:
        """Where a ring is out, and its sprite."""
        layer = self.scene.incidents
        found = []
        for key, phase in self.pulses.items():
            slot, mark = layer.slot(key), layer.mark(key)
            if slot is not None and mark is not None and layer.visible:
                ring = self.atlas.pulse(mark.priority, phase)
                found.append((self.at.point(layer.x_m[slot], layer.y_m[slot]), ring))
        return found

    def _link_ends(self) -> list[tuple[QPointF, QPointF]]:
        if not (self.scene.units.visible and self.scene.incidents.visible):
            return []
        return [(self.at.point(a, b), self.at.point(c, d)) for a, b, c, d in self.scene.linked()]

    def _paint_ground(self, painter: QPainter, region: QRegion) -> None:
        at = self.at
        screen = QRect(0, 0, *at.size_px)
        level = level_of(at.zoom)
        if self.ground is None:
            painter.fillRect(screen, tokens().map.ground)
        elif zoom_of(level) == at.zoom:
            for clip in self._clips(region):
                self.ground.tiles.draw(painter, level, at.origin_px, clip, tokens().map.ground)
        else:
            bare = tokens().map.ground
            self.ground.tiles.draw_scaled(painter, level, at.zoom, at.origin_px, screen, bare)

    def _paint_overlays(self, painter: QPainter, region: QRegion) -> None:
        at, level = self.at, level_of(self.at.zoom)
        if self.ground is None:
            return
        if zoom_of(level) == at.zoom:
            self.overlays.tiles.draw(painter, at, level, self._clips(region))
        else:
            self.overlays.tiles.draw_scaled(painter, at, level, QRect(0, 0, *at.size_px))

    def _clips(self, region: QRegion) -> list[QRect]:
        """The rectangles of a region in device pixels."""
        screen = QRect(0, 0, *self.at.size_px)
        return [device_rect(rect, self.dpr).intersected(screen) for rect in rects_of(region)]

    def fade(self, layer: str, opacity: float) -> None:
        """How much is seen of a layer's symbols and labels; what lies in tiles is others' work."""
        if layer in self._painter_of:
            self._painter_of[layer].opacity = opacity
        if layer == "incidents":
            self.clusters.opacity = opacity
        self.labels.opacity[layer] = opacity

    def _paint_selected_grid(self, painter: QPainter) -> None:
        kind, key = self.scene.selected
        polygon = self.ground.grid_polygon(key) if self.ground is not None and kind == "grid" else None
        if polygon is None:
            return
        at = self.at
        to_screen = QTransform.fromTranslate(-at.origin_px[0], -at.origin_px[1]).scale(at.scale, at.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens().map.grid_selected, 2.5 * self.dpr))
        painter.drawPolygon(to_screen.map(polygon))

    def _paint_links(self, painter: QPainter) -> None:
        ends = self._link_ends()
        if not ends:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        casing = QPen(tokens().map.label_halo, 4.0 * self.dpr)
        line = QPen(tokens().map.route, 1.8 * self.dpr)
        line.setDashPattern([3.0, 2.0])
        for pen in (casing, line):
            painter.setPen(pen)
            for start, end in ends:
                painter.drawLine(start, end)

    def _paint_extras(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for point, radius_px in self._rings():
            for color, width_px in ((tokens().map.label_halo, 5.0), (tokens().accent, 2.5)):
                painter.setPen(QPen(color, width_px * self.dpr))
                painter.drawEllipse(point, radius_px, radius_px)
        sheet = self.atlas.sheet
        for point, ring in self._shown_pulses:
            left, top, width, height = sheet.sources[ring].tolist()
            x_px, y_px = round(point.x()) - width // 2, round(point.y()) - height // 2
            painter.drawPixmap(x_px, y_px, sheet.pixmap, left, top, width, height)


def _square(point: QPointF, half_px: float) -> tuple[int, int, int, int]:
    half = math.ceil(half_px) + 1
    return round(point.x()) - half, round(point.y()) - half, 2 * half, 2 * half


def _pieces(start: QPointF, end: QPointF, count: int) -> list[tuple[int, int, int, int]]:
    """Boxes along a line: far less to paint than the box round all of it."""
    margin = 5
    boxes = []
    for index in range(count):
        a, b = start + (end - start) * (index / count), start + (end - start) * ((index + 1) / count)
        left, top = min(a.x(), b.x()), min(a.y(), b.y())
        width, height = abs(a.x() - b.x()), abs(a.y() - b.y())
        boxes.append(
            (int(left) - margin, int(top) - margin, int(width) + 2 * margin, int(height) + 2 * margin)
        )
    return boxes
