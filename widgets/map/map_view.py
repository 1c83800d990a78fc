"""Owns the live map as a widget: what it is told, what it says back, and its one timer. Must not know the app's state.

Everything that it is told is only noted; one tick of the timer brings it to the screen, and paints nothing when
nothing that can be seen has changed. A tick makes a frame or a slice of work (tiles, labels), never both, so that the
thread is never held for long; pace.py says when. The timer stands still while the map is idle or hidden.
"""

import math
import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.geo.district import District
from app.i18n import language, tr
from widgets.map.ages import age_text
from widgets.map.controls import Controls
from widgets.map.dirty import logical_rect
from widgets.map.frame import Frame
from widgets.map.gestures import Gestures
from widgets.map.ground import Ground
from widgets.map.ground_changes import GroundChanges
from widgets.map.hit import Hit, pick
from widgets.map.hover import NOTHING, Hover
from widgets.map.marks import CameraMark, IncidentMark, UnitMark
from widgets.map.overlay import Overlay
from widgets.map.pace import Pace
from widgets.map.pulses import Pulses
from widgets.map.scene import Scene
from widgets.map.steering import Steering
from widgets.map.view import Viewport
from widgets.style import theme_notifier, tokens

_WORK_GAP_S = 0.003


class MapView(QWidget):
    """The live map. `now_at` gives UTC milliseconds for ages; without it ages are left out."""

    picked = Signal(str, str)
    activated = Signal(str, str)
    context_requested = Signal(str, str, QPoint)
    hovered = Signal(str, str)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, now_at: Callable[[], int] | None = None) -> None:
        super().__init__(parent)
        self._now_at = now_at
        self.scene = Scene()
        self.view = Viewport()
        self.steering = Steering(
            self.view,
            self.scene,
            may_glide=lambda: self.isVisible() and not self._reduced_motion,
            moved=self._moved,
            lock_changed=self._show_locked,
        )
        self.frame = Frame(self.scene, self.devicePixelRatioF(), self._unit_text)
        self._overlay = Overlay()
        self._gestures = Gestures(self.steering, self)
        self._pulses = Pulses()
        self._hover = Hover(self._overlay, self.scene, self.view)
        self._reduced_motion = False
        self._pace = Pace()
        self._unpainted = False
        self._ground_changes = GroundChanges()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._controls = Controls(self)
        self._set_up()

    # -- what the map is told ---------------------------------------------------------------------------------------

    def set_district(self, district: District) -> None:
        """Show another district, whole; marks keep their places on the earth."""
        shown = self.frame.ground.shown if self.frame.ground is not None else {}
        ground = self.frame.ground = Ground(district, self.frame.dpr)
        self.scene.project(ground.projection)
        for name, visible in shown.items():
            ground.switch(name, visible)
        ground.set_cameras(mark for _, mark in self.scene.cameras.items())
        self._renew_names()
        self.steering.show_district(ground.bounds)

    def set_grid_load(self, load: dict[str, int]) -> None:
        """Open items by grid code; grids that are left out have none. Only tiles of changed grids are painted anew.

        Many changes within half a second are shown as one.
        """
        self._ground_changes.put_load(load)
        self._wake()

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
            if mark.is_new and mark.priority <= 2 and mark.key not in self.scene.incidents:
                self._pulses.start(mark.key, time.perf_counter())
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

    def set_layer_visible(self, name: str, visible: bool) -> None:
        """Switch one of controls.LAYERS. Raises KeyError for any other name."""
        self._controls.show_layer(name, visible)
        layer = self.scene.layer(name.removesuffix("s"))
        if layer is not None:
            layer.visible = visible
        if self.frame.labels.names is not None and name in self.frame.labels.names.shown:
            self.frame.labels.names.shown[name] = visible
        if self.frame.ground is not None:
            self.frame.ground.switch(name, visible)
        if name == "grids":
            self._overlay.load_shown = visible
        self._change_all()

    def select(self, kind: str, key: str) -> None:
        """Ring an incident, unit or camera, or outline a grid; two empty texts select nothing."""
        if (kind, key) != self.scene.selected:
            self.scene.selected = (kind, key)
            self._change_all()

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
        self._overlay.forget_pictures()
        self._renew_names()
        self._change_all()

    @property
    def locked(self) -> bool:
        return self.steering.locked

    @property
    def idle(self) -> bool:
        """Whether the map does nothing until it is told something."""
        return not self._timer.isActive() and not (self._unpainted and self.isVisible())

    def hit_at(self, at: QPointF) -> Hit:
        """What is under a point of the widget; two empty texts for nothing."""
        dpr = self.frame.dpr
        x_px, y_px = at.x() * dpr, at.y() * dpr
        found = pick(self.frame.layers_by_pick(), x_px, y_px, dpr)
        if found is None:
            origin = self.frame.at.origin_px
            found = self.frame.labels.labeller.still_at(x_px + origin[0], y_px + origin[1])
        return found or self._grid_at(at)

    def lat_lon_at(self, at: QPointF) -> tuple[float, float]:
        """The place on the earth under a point of the widget, WGS-84 degrees."""
        return self.scene.projection.to_degrees(*self.view.to_plane(at.x(), at.y()))

    # -- what the officer does (gestures.Pointer) ----------------------------------------------------------------------

    def click_at(self, at: QPointF, *, double: bool) -> None:
        hit = self.hit_at(at)
        self.select(*hit)
        (self.activated if double else self.picked).emit(*hit)

    def hover_at(self, at: QPointF | None) -> None:
        hit = self.hit_at(at) if at is not None else NOTHING
        if hit != self._hover.hit:
            self.hovered.emit(*hit)
        changed = self._hover.follow(at, hit, self.frame.ground, self._now_ms())
        if not changed.isEmpty():
            self.update(changed)
            self._wake()

    # -- Qt ---------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.frame.dpr != self.devicePixelRatioF():
            self.frame.renew(self.devicePixelRatioF())
            self.frame.prepare(self.view)
        began_s = time.perf_counter()
        painter = QPainter(self)
        self.frame.paint(painter, event.region())
        self._paint_glass(painter, event.rect())
        painter.end()
        self._unpainted = False
        self._pace.paid(time.perf_counter() - began_s)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.resize(self.width(), self.height())
        self._overlay.width_px, self._overlay.height_px = self.width(), self.height()
        margin = tokens().space_s
        self._controls.move(self.width() - self._controls.width() - margin, margin)
        self.steering.resized()

    def showEvent(self, event: QShowEvent) -> None:
        self._change_all()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        if self.frame.ground is not None:
            self.frame.ground.tiles.abandon()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        if self.frame.ground is not None:
            self.frame.ground.tiles.clear()
        super().closeEvent(event)

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
        event.setAccepted(self._gestures.key(event))

    def leaveEvent(self, event: QEvent) -> None:
        self.hover_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_requested.emit(*self.hit_at(QPointF(event.pos())), event.globalPos())

    # -- inside -----------------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(tokens().px(240), tokens().px(180))
        self._controls.zoom_pressed.connect(lambda steps: self.steering.zoom_by_hand(steps, None, rest=True))
        self._controls.fit_pressed.connect(self.steering.fit_by_hand)
        self._controls.lock_toggled.connect(self.steering.set_locked)
        self._controls.layer_toggled.connect(self.set_layer_visible)
        self._controls.show_locked(False)
        theme_notifier.changed.connect(self._renew_look)
        self.retranslate()

    def _tick(self) -> None:
        now_s = time.perf_counter()
        if self._pace.due(now_s):
            self._make_frame(now_s)
            self._pace.paid(time.perf_counter() - now_s)
        else:
            for rect in self.frame.work(now_s):
                self.update(logical_rect(rect, self.frame.dpr))
        self._schedule()

    def _make_frame(self, now_s: float) -> None:
        self._pace.begin(now_s)
        moved = self.view.advance(now_s)
        self.scene.deliver(now_s, animate=not self._reduced_motion)
        self.steering.incidents_changed()
        if self.frame.ground is not None:
            self._ground_changes.bring_to(self.frame.ground, now_s)
        self.frame.pulses = {} if self._reduced_motion else self._pulses.phases(now_s)
        self._update(self.frame.prepare(self.view))
        if self._hover.at is not None and not self._gestures.dragging:
            # Things move under a pointer that rests, and ages count up.
            self.hover_at(self._hover.at)
        if moved and not self.view.gliding:
            self.view_changed.emit()

    def _update(self, region: QRegion | None) -> None:
        if region is None:
            self._overlay.px_per_m = self.view.px_per_m
            self.update()
        elif not region.isEmpty():
            self.update(region)
        self._unpainted = self._unpainted or region is None or not region.isEmpty()

    def _schedule(self) -> None:
        """Tick as soon as what is going on needs, and not at all when nothing is."""
        now_s = time.perf_counter()
        waits_s = []
        if self.view.gliding:
            self._pace.want_glide()
        elif self.scene.motion.active or self._pulses.active or self.scene.mailbox or not self.frame.complete:
            self._pace.want()
        if self._ground_changes and self.frame.ground is not None:
            self._pace.want_at(self._ground_changes.next_s)
        if self._ages_run():
            self._pace.want_age()
        if self._pace.wanted:
            waits_s.append(self._pace.wait_s(now_s))
        if self.frame.working:
            waits_s.append(_WORK_GAP_S)
        if waits_s:
            self._timer.start(math.ceil(min(waits_s) * 1000))
        else:
            self._timer.stop()

    def _ages_run(self) -> bool:
        """Whether an age is on the screen that counts up."""
        return self._now_at is not None and (self._overlay.card is not None or self.frame.labels.stale_seen)

    def _wake(self) -> None:
        """Something has changed: a frame as soon as changes may have one."""
        self._pace.want()
        self._start()

    def _moved(self) -> None:
        """The view is another one: place everything anew at once."""
        self._hurry()
        self.view_changed.emit()

    def _hurry(self) -> None:
        self._pace.want_now()
        self._start()

    def _start(self) -> None:
        if not self.isVisible():
            return
        wait_ms = math.ceil(self._pace.wait_s(time.perf_counter()) * 1000)
        if not self._timer.isActive() or self._timer.remainingTime() > wait_ms:
            self._timer.start(wait_ms)

    def _show_locked(self, locked: bool) -> None:
        self._controls.show_locked(locked)
        self._overlay.locked = locked
        self._change_all()

    def _change_all(self) -> None:
        self.frame.change_all()
        self._hurry()

    def _grid_at(self, at: QPointF) -> Hit:
        ground = self.frame.ground
        code = ground.grid_at(*self.view.to_plane(at.x(), at.y())) if ground is not None else None
        return ("grid", code) if code is not None else NOTHING

    def _unit_text(self, mark: UnitMark) -> str:
        age = age_text(mark.fix_at, self._now_ms()) if mark.stale else ""
        return f"{mark.call_sign} {age}" if age else mark.call_sign

    def _now_ms(self) -> int | None:
        return self._now_at() if self._now_at is not None else None

    def _paint_glass(self, painter: QPainter, changed: QRect) -> None:
        if self.frame.ground is None:
            painter.setPen(tokens().text_second)
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, tr("map.empty")
            )
            return
        self._overlay.paint(painter, changed)
        if self.hasFocus():
            half = tokens().size_focus_ring / 2
            painter.setPen(QPen(tokens().accent, tokens().size_focus_ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))

    def _renew_names(self) -> None:
        if self.frame.ground is None:
            return
        district = self.frame.ground.district
        self.frame.labels.renew_names(district)
        name = district.name_zh if language() == "zh_CN" else district.name_en
        self._overlay.district = tr("map.attribution", district=name, code=district.code)

    def _renew_look(self) -> None:
        self._overlay.forget_pictures()
        self.frame.renew(self.devicePixelRatioF())
        self._controls.renew()
        self._change_all()
