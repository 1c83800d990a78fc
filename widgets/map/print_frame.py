"""Owns the map as it is printed: the same view, layers and things as on the screen, at the resolution of paper.

Ground and overlays are drawn as shapes, symbols and labels as pictures of the print's own resolution. Must not know a
page. `painting` stops after every shape, so that its owner can keep to a time budget on the Qt thread.
"""

import math
import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter, QRegion

from widgets.map.chosen_ring import paint_rings
from widgets.map.frame import Frame
from widgets.map.hit import Hit
from widgets.map.layers import LAYERS
from widgets.map.map_view import MapView
from widgets.map.overlay_names import OverlayNames
from widgets.map.sketch_draft import SketchDraft
from widgets.map.things import plane_place_of
from widgets.map.view import LEVELS_PER_ZOOM, METRE_ZOOM, Bounds, Camera2D, Viewport

_PREPARE_S = 8.0
"""Longer than the labels of any view have taken; then what stands is printed."""

_LABELS_S = 0.0005
_PATIENCE = 40
"""Labels of units that move are never done: so often they may ask for another look."""


class PrintFrame(Frame):
    """What stands on the ground of one map, at another resolution than the screen's."""

    def __init__(self, view: MapView, dpr: float) -> None:
        live = view.frame
        super().__init__(live.scene, view.stack, dpr, view.unit_text)
        self.ground = live.ground
        overlays = live.overlays
        self.labels.extra_names = OverlayNames(
            view.stack,
            lambda: self.labels.sprites,
            overlays.sketches,
            overlays.patrols,
            overlays.closures,
        )
        self.labels.take_time()
        self.etas.set_texts(live.etas.texts)
        if live.ground is not None:
            self.labels.renew_names(live.ground.district)
        for spec in LAYERS:
            self._follow(view, spec.name)

    @property
    def has_symbols(self) -> bool:
        """Whether every symbol has its picture."""
        return all(painter.complete for painter in self._painters())

    def _follow(self, view: MapView, name: str) -> None:
        visible = view.stack.visible(name)
        self.fade(name, view.stack.opacity(name) if visible else 0.0)
        names = self.labels.names
        if names is not None and name in names.shown:
            names.shown[name] = visible

    @property
    def _tiles_pending(self) -> bool:
        return False

    def _want_tiles(self, view: Viewport) -> None:
        """A print has no tiles."""

    def _paint_ground(self, painter: QPainter, region: QRegion) -> None:
        """It lies there already, as shapes."""

    def _paint_overlays(self, painter: QPainter, region: QRegion) -> None:
        """They lie there already, as shapes."""


class MapPrint:
    """One map in a box of so many logical pixels, at least all that is on the screen; `dpr` is how fine symbols are.

    `exact` keeps the screen's own zoom, for a box as large as the screen; `chosen` wear rings as on the screen.
    """

    def __init__(
        self, view: MapView, size_px: QSizeF, dpr: float, *, exact: bool, chosen: Sequence[Hit] = ()
    ) -> None:
        self._chosen = tuple(chosen)
        self._view = view
        self._dpr = dpr
        self._screen_dpr = view.frame.dpr
        self.viewport = Viewport()
        self.viewport.resize(round(size_px.width()), round(size_px.height()))
        self.viewport.jump(view.view.target if exact else self._fitted())

    @property
    def bounds(self) -> Bounds:
        """What is seen, metres on the plane."""
        return self.viewport.bounds()

    def painting(self, painter: QPainter) -> Iterator[None]:
        """Paint the map; the painter stands in logical pixels with the box's corner at (0, 0)."""
        box = QRectF(0, 0, self.viewport.width_px, self.viewport.height_px)
        painter.save()
        painter.setClipRect(box)
        yield from self._paint_ground(painter)
        yield from self._paint_things(painter)
        self._paint_glass(painter)
        painter.restore()

    def _fitted(self) -> Camera2D:
        """All of the screen as large as it fits; on a level of tiles, for which the names of roads are laid out."""
        live, target = self._view.view, self._view.view.target
        grow = min(self.viewport.width_px / live.width_px, self.viewport.height_px / live.height_px)
        level = math.floor((target.zoom + math.log2(grow)) * LEVELS_PER_ZOOM)
        return Camera2D(target.x_m, target.y_m, level / LEVELS_PER_ZOOM)

    def _paint_ground(self, painter: QPainter) -> Iterator[None]:
        frame, stack = self._view.frame, self._view.stack
        if frame.ground is None:
            return
        zoom, scale = self.viewport.zoom, self.viewport.px_per_m
        left, top, _, _ = self.bounds
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-left, -top)
        # Pictures of a base map are those of the screen: no others are at hand.
        screen_scale = 2.0 ** (self._view.view.zoom - METRE_ZOOM) * self._screen_dpr
        yield from frame.ground.painting(painter, self.bounds, zoom, screen_scale)
        by_name = {drawing.name: drawing for drawing in frame.overlays.drawings}
        for name in stack.order:
            if name in by_name and stack.visible(name):
                painter.setOpacity(stack.opacity(name))
                yield from by_name[name].painting(painter, self.bounds, zoom, scale * self._dpr)
        painter.restore()

    def _paint_things(self, painter: QPainter) -> Iterator[None]:
        """Symbols and labels are only named here: their pictures are cut out when the page is packed."""
        frame = PrintFrame(self._view, self._dpr)
        yield
        yield from self._preparing(frame)
        frame.paint(painter, QRegion(0, 0, self.viewport.width_px, self.viewport.height_px))
        yield

    def _paint_glass(self, painter: QPainter) -> None:
        """What stands over the map on the screen too: rings round what was chosen, and what is being measured."""
        places = ((plane_place_of(self._view, hit), hit[0]) for hit in self._chosen)
        on_paper = [(QPointF(*self.viewport.to_screen(*place)), kind) for place, kind in places if place]
        paint_rings(painter, on_paper)
        SketchDraft(self._view.sketching.tool, self._view.scene, self.viewport).paint(painter)

    def _preparing(self, frame: PrintFrame) -> Iterator[None]:
        until_s = time.perf_counter() + _PREPARE_S
        patience = _PATIENCE
        frame.prepare(self.viewport)
        while not frame.has_symbols and time.perf_counter() < until_s:
            yield
            frame.prepare(self.viewport)
        # Labels were planned round the symbols that there were; now there are all.
        frame.labels.forget()
        yield
        frame.prepare(self.viewport)
        while (frame.working or (patience and not frame.complete)) and time.perf_counter() < until_s:
            yield
            while frame.working and time.perf_counter() < until_s:
                # At the size of paper the halo of a single name takes milliseconds.
                frame.labels.work(time.perf_counter() + _LABELS_S)
                yield
            patience -= 1
            frame.prepare(self.viewport)
