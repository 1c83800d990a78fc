"""Owns what mouse, wheel, trackpad and keys mean on the map.

Must not paint: it tells a `Hand` and a `Pointer` what was done.
"""

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

_NOTCH = 120.0
_KEY_PAN_PART = 0.2

_PANS = {Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_ZOOMS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_Underscore: -1}


class Hand(Protocol):
    """How the view can be moved by hand."""

    def pan_by_hand(self, dx_px: float, dy_px: float, *, glide: bool) -> None: ...
    def zoom_by_hand(self, steps: float, at: QPointF | None, *, rest: bool) -> None: ...
    def rest_zoom(self, at: QPointF) -> None: ...
    def fit_by_hand(self) -> None: ...
    def toggle_lock(self) -> None: ...


class Pointer(Protocol):
    """What can be pointed at."""

    def click_at(self, at: QPointF, *, double: bool) -> None: ...
    def hover_at(self, at: QPointF | None) -> None: ...
    def width(self) -> int: ...
    def height(self) -> int: ...


class Gestures:
    """Reads events; every handler answers whether the event was its own."""

    def __init__(self, hand: Hand, pointer: Pointer) -> None:
        self._hand = hand
        self._pointer = pointer
        self._pressed_at: QPointF | None = None
        self._last: QPointF | None = None
        self._dragging = False
        self._wheel_rest = 0.0

    @property
    def dragging(self) -> bool:
        return self._dragging

    def press(self, event: QMouseEvent) -> bool:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return False
        self._pressed_at = self._last = event.position()
        self._dragging = False
        return True

    def move(self, event: QMouseEvent) -> bool:
        at = event.position()
        if self._pressed_at is None or self._last is None:
            self._pointer.hover_at(at)
            return True
        if not self._dragging:
            away = (at - self._pressed_at).manhattanLength()
            self._dragging = away >= QApplication.startDragDistance()
            if self._dragging:
                self._pointer.hover_at(None)
        if self._dragging:
            step = at - self._last
            self._last = at
            self._hand.pan_by_hand(step.x(), step.y(), glide=False)
        return True

    def release(self, event: QMouseEvent) -> bool:
        if self._pressed_at is None:
            return False
        was_dragging = self._dragging
        was_click = not was_dragging and event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = self._last = None
        self._dragging = False
        if was_click:
            self._pointer.click_at(event.position(), double=False)
        elif was_dragging:
            self._pointer.hover_at(event.position())
        return True

    def double_click(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._pressed_at = None
        self._pointer.click_at(event.position(), double=True)
        return True

    def wheel(self, event: QWheelEvent) -> bool:
        """A wheel zooms about the pointer; two fingers on a trackpad move the ground, with Ctrl they zoom."""
        pixels = event.pixelDelta()
        by_fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
        if by_fingers and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._hand.pan_by_hand(pixels.x(), pixels.y(), glide=False)
            return True
        self._wheel_rest += event.angleDelta().y() / _NOTCH
        steps = int(self._wheel_rest)
        if steps:
            self._wheel_rest -= steps
            self._hand.zoom_by_hand(steps, event.position(), rest=True)
        return True

    def native(self, event: QNativeGestureEvent) -> bool:
        """A pinch follows the fingers and comes to rest on a half step."""
        kind = event.gestureType()
        if kind == Qt.NativeGestureType.ZoomNativeGesture:
            self._hand.zoom_by_hand(event.value() * 2.9, event.position(), rest=False)
        elif kind == Qt.NativeGestureType.EndNativeGesture:
            self._hand.rest_zoom(event.position())
        else:
            return False
        return True

    def key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        width_px, height_px = self._pointer.width(), self._pointer.height()
        if key in _PANS:
            dx, dy = _PANS[key]
            self._hand.pan_by_hand(dx * width_px * _KEY_PAN_PART, dy * height_px * _KEY_PAN_PART, glide=True)
        elif key in _ZOOMS:
            self._hand.zoom_by_hand(_ZOOMS[key], None, rest=True)
        elif key == Qt.Key.Key_0:
            self._hand.fit_by_hand()
        elif key == Qt.Key.Key_L and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._hand.toggle_lock()
        else:
            return False
        return True
