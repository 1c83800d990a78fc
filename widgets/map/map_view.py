"""Owns the live map as a widget: what it is told, what it says back, what the officer's hand does on it.

Must not know the app's state. How it comes to the screen is canvas.py.
"""

import time
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from PySide6.QtCore import QChildEvent, QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.geo.district import District
from app.i18n import tr
from widgets.map.basemap import Backdrop
from widgets.map.canvas import MapCanvas
from widgets.map.cluster_list import ClusterOpener
from widgets.map.controls import Controls
from widgets.map.floating import Floating
from widgets.map.follow_chip import FollowChip
from widgets.map.following import Following
from widgets.map.gestures import Gestures
from widgets.map.ground import Ground
from widgets.map.ground_shapes import GroundShapes
from widgets.map.hit import Hit, pick
from widgets.map.hover import NOTHING
from widgets.map.layer_sheet import LayerSheet
from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.pointing import Pointing
from widgets.map.sheet import Sheet
from widgets.map.sketch_sheet import SketchSheet
from widgets.map.sketching import Sketching
from widgets.map.tracks import Fix
from widgets.map.view import Bounds
from widgets.style import follow_look, tokens

_SHEET_KEYS = {
    Qt.Key.Key_G: "layers",
    Qt.Key.Key_I: "indicator",
    Qt.Key.Key_Return: "grid",
    Qt.Key.Key_Enter: "grid",
}


class MapView(MapCanvas):
    """The live map. `now_at` gives UTC milliseconds for ages; without it ages are left out.

    `stack` holds the officer's choice of layers: nothing that the map is told changes it. `sketching` holds what the
    officer draws.
    """

    picked = Signal(str, str)
    activated = Signal(str, str)
    context_requested = Signal(str, str, QPoint)
    hovered = Signal(str, str)

    def __init__(self, parent: QWidget | None = None, *, now_at: Callable[[], int] | None = None) -> None:
        super().__init__(parent, now_at)
        tracks = self.frame.overlays.tracks
        self.following = Following(self.view, self.scene, self.steering, self.stack, tracks, self)
        self._gestures = Gestures(self.following, self)
        self._pointing = Pointing(self)
        self.clusters = ClusterOpener(
            self.frame.clusters, self.view, self.steering, self, self._choose_incident
        )
        self._hover.cluster_card = self.clusters.card
        self._controls = Controls(self)
        self._follow_chip = FollowChip(self.following, self.scene, self)
        self.floating = Floating(self, self._overlay, self._controls, self._follow_chip.chip)
        self.sketching = Sketching(self, self._now_ms)
        self._sketch_sheet = SketchSheet(self.sketching, self)
        self.sheets: dict[str, Sheet] = {
            "layers": LayerSheet(self.stack, self),
            "sketch": self._sketch_sheet,
        }
        self._backdrop: Backdrop | None = None
        self._set_up()

    # -- what the map is told ---------------------------------------------------------------------------------------

    def set_district(self, district: District, shapes: GroundShapes | None = None) -> None:
        """Show another district, whole; marks and sketches keep their places on the earth, layers stay as chosen.

        `shapes` were made aside; without them they are made here.
        """
        ground = self.frame.ground = Ground(district, self.frame.dpr, shapes)
        self.scene.project(ground.projection)
        ground.set_backdrop(self._backdrop)
        ground.set_cameras(mark for _, mark in self.scene.cameras.items())
        self.frame.overlays.set_district(district, ground.projection)
        self._renew_names()
        self._follow_layer("")
        self.steering.show_district(ground.bounds)

    def set_backdrop(self, backdrop: Backdrop | None) -> None:
        """Lay a base map of pictures under the district, or take it away."""
        self._backdrop = backdrop
        if self.frame.ground is not None:
            self.frame.ground.set_backdrop(backdrop)
            self._wake()

    def backdrop_changed(self, bounds: Bounds) -> None:
        """These metres of the plane look different now."""
        if self.frame.ground is not None:
            self.frame.ground.backdrop_changed(bounds)
            self._wake()

    def set_grid_load(self, load: dict[str, int]) -> None:
        """Level 0 to 4 by grid code; grids that are left out are at 0. Only tiles of changed grids are painted anew.

        Many changes within half a second are shown as one.
        """
        self._ground_changes.put_load(load)
        self._wake()

    def set_grid_lines(self, lines: Callable[[str], tuple[str, ...]]) -> None:
        """What the card under the pointer says of a grid, by its code; asked for while the pointer is in it."""
        self._hover.grid_lines = lines

    def load_legend_rect(self) -> QRect:
        """Where it is written what colours the grids; empty while it is not."""
        return self._overlay.load_rect()

    def put_units(self, marks: Iterable[UnitMark]) -> None:
        """Newest fixes; of several for one unit between two frames only the newest counts."""
        for mark in marks:
            self.scene.mailbox.put(mark)
        self._wake()

    def drop_units(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.scene.drop_unit(key)
        self._wake()

    def put_incidents(self, marks: Iterable[IncidentMark]) -> None:
        """Open incidents; a new P1 or P2 pulses three times. May fit the view as FitRule says."""
        marks = list(marks)
        for mark in marks:
            is_news = mark.is_new and mark.priority <= 2 and mark.key not in self.scene.incidents
            if is_news and not self._reduced_motion:
                self._pulses.start(mark.key, time.perf_counter())
            if is_news and mark.priority == 1:
                self.frame.clusters.keep_apart(mark.key, time.perf_counter())
        self.scene.put_still(self.scene.incidents, marks)
        self._wake()

    def drop_incidents(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.scene.incidents.drop(key)
            self._pulses.stop(key)
        self._wake()

    def put_cameras(self, marks: Iterable[CameraMark]) -> None:
        marks = list(marks)
        self.scene.put_still(self.scene.cameras, marks)
        self._ground_changes.put_cameras(marks)
        self._wake()

    def set_links(self, links: Iterable[tuple[str, str]]) -> None:
        """Lines from units to the incidents they work on: (unit key, incident key)."""
        self.scene.links = tuple(links)
        self._wake()

    def set_etas(self, texts: Mapping[tuple[str, str], str]) -> None:
        """When who is on his way will be there, as it is to be written on the line of each (unit, incident)."""
        if self.frame.etas.set_texts(texts):
            self.frame.repaint_whole()
            self._wake()

    def set_heat(self, places: Iterable[tuple[float, float]]) -> None:
        """Where the incidents were whose density is shown: (lat, lon)."""
        lat_lon = np.array(list(places), dtype=np.float64).reshape(-1, 2)
        self.frame.overlays.heat.set_points(self.scene.projection.plane(lat_lon[:, ::-1]))
        self._wake()

    def put_tracks(self, fixes: Iterable[Fix], now_at: int) -> None:
        """New fixes of units, each unit's in their order; ages count from `now_at`."""
        self.frame.overlays.tracks.put(fixes, self.scene.projection)
        self.frame.overlays.tracks.grow_old(now_at)
        self._wake()

    def put_track_history(self, fixes: Iterable[Fix]) -> None:
        """Fixes from before the map was watching, in any order."""
        self.frame.overlays.tracks.put_history(fixes, self.scene.projection)
        self._wake()

    def follow_track(self, unit: str) -> None:
        """Whose way is drawn stronger, and alone where the officer wants to see only the followed one; "" for none."""
        self.frame.overlays.tracks.follow(unit)
        self._wake()

    def select(self, kind: str, key: str) -> None:
        """Ring an incident, unit or camera, or outline a grid; two empty texts look at nothing.

        A chosen incident keeps its ring meanwhile; ("incident", "") gives it up.
        """
        if self.scene.select(kind, key):
            self.frame.overlays.tracks.follow(self.following.unit or (key if kind == "unit" else ""))
            self._change_all()

    def follow(self, unit: str) -> None:
        """Keep a unit in the middle third of the view, its way drawn, until a hand pans; "" ends it."""
        if not unit or not self.following.follow(unit):
            self.following.end()

    def fly_to(self, lat: float, lon: float, zoom: float | None = None) -> None:
        """Bring a point to the middle; it is the officer who asked, so the view is held there."""
        self.steering.fly_to(*self.scene.projection.to_metres(lat, lon), zoom)

    def set_reduced_motion(self, reduced: bool) -> None:
        """With reduced motion nothing glides or pulses; units stand at their newest fix."""
        self._reduced_motion = reduced
        if reduced:
            self._pulses.clear()
        self._wake()

    def set_locked(self, locked: bool) -> None:
        """Hold the view, or free it to fit the incidents there are."""
        self.steering.set_locked(locked)

    def retranslate(self) -> None:
        """Texts in the language in force."""
        self.setAccessibleName(tr("map.title"))
        self.setAccessibleDescription(tr("map.description"))
        self._controls.renew()
        self._follow_chip.renew()
        for sheet in self.sheets.values():
            sheet.renew()
        self._overlay.forget_pictures()
        self._renew_names()
        self._follow_layer("")

    @property
    def locked(self) -> bool:
        return self.steering.locked

    def hit_at(self, at: QPointF) -> Hit:
        """What is under a point of the widget; two empty texts for nothing."""
        dpr = self.frame.dpr
        x_px, y_px = at.x() * dpr, at.y() * dpr
        incidents, *others = self.frame.layers_by_pick()
        found = pick([incidents], x_px, y_px, dpr)
        if found is None:
            cluster = self.frame.clusters.hit_at(x_px, y_px)
            found = ("cluster", cluster) if cluster is not None else pick(others, x_px, y_px, dpr)
        if found is None:
            origin = self.frame.at.origin_px
            found = self.frame.labels.labeller.still_at(x_px + origin[0], y_px + origin[1])
        return found or self._grid_at(at)

    clicked_at: tuple[float, float] | None = None
    """(lat, lon) of the last click, for whoever wants the place and not the thing that was hit."""

    def lat_lon_at(self, at: QPointF) -> tuple[float, float]:
        """The place on the earth under a point of the widget, WGS-84 degrees."""
        return self.scene.projection.to_degrees(*self.view.to_plane(at.x(), at.y()))

    # -- what the officer does (gestures.Pointer) ----------------------------------------------------------------------

    def click_at(self, at: QPointF, *, double: bool) -> None:
        self.clicked_at = self.lat_lon_at(at)
        if self.sketching.click(self.lat_lon_at(at), at, double=double):
            return
        hit = self.hit_at(at)
        if hit[0] == "cluster":
            self.hover_at(None)
            self.clusters.open(hit[1], self.mapToGlobal(at.toPoint()))
            return
        self.select(*hit)
        (self.activated if double else self.picked).emit(*hit)

    def hover_at(self, at: QPointF | None) -> None:
        at = self._pointing.bare(at)
        draws = self.sketching.move(self.lat_lon_at(at) if at is not None else None)
        hit = NOTHING if at is None or draws else self.hit_at(at)
        if hit != self._hover.hit:
            self.hovered.emit(*hit)
        changed = self._hover.follow(at, hit, self.frame.ground, self._now_ms())
        if not changed.isEmpty():
            self.update(changed)
            self._wake()

    def open_sheet(self, name: str) -> None:
        """Lay a sheet over the map, or put it away; one at a time."""
        for other, sheet in self.sheets.items():
            if other == name and not sheet.isVisible():
                sheet.open()
            else:
                sheet.hide()
        self.floating.watch(self.sheets[name])
        self._place_sheets()

    # -- Qt ---------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.resize(self.width(), self.height())
        self._overlay.width_px, self._overlay.height_px = self.width(), self.height()
        self._place_sheets()
        self.steering.resized()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and self._gestures.native(event):
            return True
        return bool(super().event(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._gestures.press(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._gestures.move(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._gestures.release(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._gestures.double_click(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.setAccepted(self._gestures.wheel(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(
            self.sketching.key(event)
            or self._open_by_key(event)
            or self._follow_chip.key(event)
            or self._close_by_key(event)
            or self._gestures.key(event)
        )

    def childEvent(self, event: QChildEvent) -> None:
        if event.polished():
            self._pointing.watch(event.child())

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_keys(has_keys=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_keys(has_keys=False)

    def _show_keys(self, *, has_keys: bool) -> None:
        """The ring, and what the note of the lock says."""
        self._overlay.has_keys = has_keys
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.hover_at(None)
        self.context_requested.emit(*self.hit_at(QPointF(event.pos())), event.globalPos())

    # -- inside -----------------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(tokens().px(240), tokens().px(180))
        self._controls.zoom_pressed.connect(lambda steps: self.steering.zoom_by_hand(steps, None, rest=True))
        self._controls.fit_pressed.connect(self.following.fit_by_hand)
        self._controls.lock_toggled.connect(self.steering.set_locked)
        self._controls.sheet_pressed.connect(self.open_sheet)
        self._controls.show_locked(False)
        self.floating.follow_sheets(lambda: self.sheets)
        self.floating.arranged.connect(self._wake)
        self.floating.rewritten.connect(self.update)
        self._follow_chip.changed.connect(self._place_sheets)
        self._pointing.left.connect(lambda: self.hover_at(None))
        self.sketching.tool_changed.connect(self._follow_pointer)
        self.sketching.changed.connect(self._show_sketches)
        self.sketching.shared_changed.connect(self._show_sketches)
        self._sketch_sheet.reshaped.connect(self._place_sheets)
        self._sketch_sheet.wanted.connect(self._look_at_sketch)
        follow_look(self, self._renew_look)
        self.retranslate()

    def _open_by_key(self, event: QKeyEvent) -> bool:
        name = _SHEET_KEYS.get(Qt.Key(event.key()), "")
        if name not in self.sheets or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if name == "grid" and self.sheets[name].isVisible():
            self.sheets[name].focus_first()  # a click has opened it and left the keyboard here
        else:
            self.open_sheet(name)
        return True

    def _close_by_key(self, event: QKeyEvent) -> bool:
        """Esc puts away a sheet that a click has opened without taking the keyboard."""
        shown = [sheet for sheet in self.sheets.values() if sheet.isVisible()]
        if event.key() != Qt.Key.Key_Escape or not shown:
            return False
        for sheet in shown:
            sheet.hide()
        return True

    def _follow_layer(self, name: str) -> None:
        super()._follow_layer(name)
        clusters, wanted = self.frame.clusters, bool(self.stack.option("incidents", "clusters"))
        if wanted != clusters.wanted:
            clusters.wanted = wanted
            self._change_all()
        self._place_sheets()

    def place_sheets(self) -> None:
        """What lies over the map stands where it belongs: the words in it have changed."""
        self._place_sheets()

    def _place_sheets(self) -> None:
        self.floating.arrange()

    def _show_sketches(self) -> None:
        self._place_sheets()
        self._change_all()

    def _look_at_sketch(self, key: str) -> None:
        bounds = self.frame.overlays.sketches.bounds_of(key)
        if bounds is not None:
            self.steering.look_at(bounds)

    def _choose_incident(self, key: str) -> None:
        self.select("incident", key)
        self.picked.emit("incident", key)

    def _keep_followed(self) -> None:
        self.following.keep()

    def _follow_pointer(self) -> None:
        # Things move under a pointer that rests, and ages count up.
        if self._hover.at is not None and not self._gestures.dragging:
            self.hover_at(self._hover.at)

    def _paint_glass(self, painter: QPainter, changed: QRect) -> None:
        super()._paint_glass(painter, changed)
        self.sketching.draft.paint(painter)

    def _show_locked(self, locked: bool) -> None:
        self._controls.show_locked(locked)
        super()._show_locked(locked)
        self._place_sheets()
        self.view_changed.emit()

    def _grid_at(self, at: QPointF) -> Hit:
        ground = self.frame.ground
        code = ground.grid_at(*self.view.to_plane(at.x(), at.y())) if ground is not None else None
        return ("grid", code) if code is not None else NOTHING

    def _renew_look(self) -> None:
        super()._renew_look()
        self._controls.renew()
        for sheet in self.sheets.values():
            sheet.renew()
