"""Owns the map as something that paints itself: its one timer, its frames, its glass. Must not read input.

Everything that the map is told is only noted; one tick of the timer brings it to the screen, and paints nothing when
nothing that can be seen has changed. A tick makes a frame or a slice of work (tiles, labels), never both, so that the
thread is never held for long; pace.py says when. The timer stands still while the map is idle or hidden.
"""

import math
import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPainter, QPaintEvent, QPen, QRegion, QShowEvent
from PySide6.QtWidgets import QWidget

from app.i18n import language, tr
from widgets.map.ages import age_text
from widgets.map.closure_drawing import ClosedRoad
from widgets.map.dirty import logical_rect
from widgets.map.frame import Frame
from widgets.map.ground_changes import GroundChanges
from widgets.map.hover import Hover
from widgets.map.layers import LAYERS, LayerStack
from widgets.map.marks import UnitMark
from widgets.map.overlay import Overlay
from widgets.map.pace import Pace
from widgets.map.pulses import Pulses
from widgets.map.scene import Scene
from widgets.map.steering import Steering
from widgets.map.view import Viewport
from widgets.style import tokens

_WORK_GAP_S = 0.003

SEEN_THROUGH = "seen_through"
"""The property of a child that covers nothing: labels stand under it."""


class MapCanvas(QWidget):
    """A scene under a view, kept on the screen.

    `now_at` gives UTC milliseconds for ages, which are left out without it.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None, now_at: Callable[[], int] | None) -> None:
        super().__init__(parent)
        self._now_at = now_at
        self.scene = Scene()
        self.view = Viewport()
        self.stack = LayerStack(self)
        self.steering = Steering(
            self.view,
            self.scene,
            may_glide=lambda: self.isVisible() and not self._reduced_motion,
            moved=self._moved,
            lock_changed=self._show_locked,
        )
        self.frame = Frame(self.scene, self.stack, self.devicePixelRatioF(), self.unit_text)
        self._overlay = Overlay(self.stack)
        self._pulses = Pulses()
        self._hover = Hover(self._overlay, self.scene, self.view)
        self._reduced_motion = False
        self._pace = Pace()
        self._unpainted = False
        self._seen_layers = frozenset[str]()
        self._ground_changes = GroundChanges()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.stack.changed.connect(self._follow_layer)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def idle(self) -> bool:
        """Whether the map does nothing until it is told something."""
        return not self._timer.isActive() and not (self._unpainted and self.isVisible())

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

    def showEvent(self, event: QShowEvent) -> None:
        self._change_all()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self.frame.overlays.tiles.abandon()
        if self.frame.ground is not None:
            self.frame.ground.tiles.abandon()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self.frame.overlays.tiles.clear()
        if self.frame.ground is not None:
            self.frame.ground.tiles.clear()
        super().closeEvent(event)

    def draw_now(self) -> None:
        """A frame of what has changed, painted when this returns: for who measures or takes a picture."""
        region = self._make_frame(time.perf_counter())
        if region is None:
            self.repaint()
        elif not region.isEmpty():
            self.repaint(region)

    # -- frames -----------------------------------------------------------------------------------------------------

    def set_closed_roads(self, roads: Iterable[ClosedRoad]) -> None:
        """These and no others are closed."""
        items = tuple(roads)
        drawing = self.frame.overlays.closures
        if [(item.key, item.text) for item in items] != [(item.key, item.text) for item in drawing.items]:
            drawing.set_items(items, self.scene.projection)
            self._change_all()

    def _tick(self) -> None:
        now_s = time.perf_counter()
        if self._pace.due(now_s):
            self._make_frame(now_s)
            self._pace.paid(time.perf_counter() - now_s)
        else:
            for rect in self.frame.work(now_s):
                self._update(QRegion(logical_rect(rect, self.frame.dpr) & self.rect()))
            self._show_heat_top()
        self._schedule()

    def _make_frame(self, now_s: float) -> QRegion | None:
        """The part of the screen that changed; None for all of it."""
        self._pace.begin(now_s)
        moved = self.view.advance(now_s)
        self.scene.deliver(now_s, animate=not self._reduced_motion)
        self.steering.incidents_changed()
        self._keep_followed()
        if self.frame.ground is not None:
            self._ground_changes.bring_to(self.frame.ground, now_s)
        self.frame.overlays.tiles.bring_up(now_s)
        self.frame.glass = self._glass_boxes()
        self.frame.pulses = {} if self._reduced_motion else self._pulses.phases(now_s)
        changed = self.frame.prepare(self.view)
        self._update(changed)
        self._follow_pointer()
        if moved and not self.view.gliding:
            self.view_changed.emit()
        return changed

    def _keep_followed(self) -> None:
        """A frame is being made: things have moved, and the view may have to go with one of them."""

    def _follow_pointer(self) -> None:
        """A frame was made: what is under a pointer that rests may be another thing now."""

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
        if self.frame.ground is not None:
            self._pace.want_at(self.frame.overlays.tiles.next_s)
            if self._ground_changes:
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

    def _change_all(self) -> None:
        self.frame.change_all()
        self._hurry()

    # -- layers -----------------------------------------------------------------------------------------------------

    def _follow_layer(self, name: str) -> None:
        """Bring one layer, or all of them, to what the officer has chosen."""
        for spec in LAYERS:
            if name in ("", spec.name):
                self._fade(spec.name, self.stack.opacity(spec.name) if self.stack.visible(spec.name) else 0.0)
        if self.frame.ground is not None:
            self.frame.ground.arrange(self.stack.order_of("ground"))
        self.frame.overlays.chosen(name)
        seen = frozenset(spec.name for spec in LAYERS if self.stack.visible(spec.name))
        if name and seen == self._seen_layers:
            # Fainter or elsewhere in the order: labels stand where they stand.
            self.frame.repaint_whole()
            self._hurry()
        else:
            self._change_all()
        self._seen_layers = seen

    def _fade(self, name: str, opacity: float) -> None:
        layer = self.scene.layer(name.removesuffix("s"))
        if layer is not None:
            layer.visible = opacity > 0
        names = self.frame.labels.names
        if names is not None and name in names.shown:
            names.shown[name] = opacity > 0
        if self.frame.ground is not None:
            self.frame.ground.fade(name, opacity)
        self.frame.fade(name, opacity)

    # -- glass ------------------------------------------------------------------------------------------------------

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

    def _glass_boxes(self) -> list[tuple[int, int, int, int]]:
        """What stands over the map, logical pixels."""
        rects = [*self._overlay.standing_rects(), *(child.geometry() for child in self._children_seen())]
        return [(rect.x(), rect.y(), rect.width(), rect.height()) for rect in rects]

    def _children_seen(self) -> list[QWidget]:
        children = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [child for child in children if child.isVisible() and not child.property(SEEN_THROUGH)]

    def _show_locked(self, locked: bool) -> None:
        self._overlay.locked = locked
        self._change_all()

    def _show_heat_top(self) -> None:
        """The scale of the heat follows what was worked out with its tiles."""
        top = self.frame.overlays.heat.top
        if top != self._overlay.heat_top:
            self._overlay.heat_top = top
            self.update()

    def unit_text(self, mark: UnitMark) -> str:
        """What is written beside a unit: its call sign, and its age once that matters."""
        age = age_text(mark.fix_at, self._now_ms()) if mark.stale else ""
        return f"{mark.call_sign} {age}" if age else mark.call_sign

    def _now_ms(self) -> int | None:
        return self._now_at() if self._now_at is not None else None

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
        self._change_all()
