"""Owns the unit that the view goes with, and how: it stays in the middle third until the officer's hand pans.

Must not paint or read events. It is told when the view is led elsewhere, and stands between the hand and the steering
so that a zoom is about the unit. Whoever is followed has his way drawn.
"""

from PySide6.QtCore import QObject, QPointF, Signal

from widgets.map.layers import LayerStack
from widgets.map.scene import Scene
from widgets.map.steering import Steering
from widgets.map.tracks import Tracks
from widgets.map.view import Viewport

_THIRD = 1 / 6
"""Half of the middle third, as a part of the whole."""


class Following(QObject):
    """`unit` is "" while nobody is followed. Implements gestures.Hand."""

    changed = Signal(str)

    def __init__(
        self,
        view: Viewport,
        scene: Scene,
        steering: Steering,
        stack: LayerStack,
        tracks: Tracks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.unit = ""
        self._view = view
        self._scene = scene
        self._steering = steering
        self._stack = stack
        self._tracks = tracks
        self._opened_tracks = False
        steering.led_away = self.end

    def follow(self, unit: str) -> bool:
        """Go with a unit from now on; whether it is on the map."""
        place = self._place(unit)
        if place is None:
            return False
        self._show_way(unit)
        self._steering.hold()
        self._steering.carry_to(*place)
        if unit != self.unit:
            self.unit = unit
            self.changed.emit(unit)
        return True

    def end(self) -> None:
        """Go with nobody; the view stays where it is."""
        if not self.unit:
            return
        self.unit = ""
        self._hide_way()
        self.changed.emit("")

    def toggle(self, unit: str) -> None:
        """Follow a unit, or leave the one that is followed already."""
        if unit and unit != self.unit:
            self.follow(unit)
        else:
            self.end()

    def keep(self) -> None:
        """Before each frame: bring the unit back when it has left the middle third; a unit that is gone ends it."""
        if not self.unit:
            return
        place = self._place(self.unit)
        if place is None:
            self.end()
            return
        at = self._view.target
        scale = self._view.px_per_m
        right, down = abs(place[0] - at.x_m) * scale, abs(place[1] - at.y_m) * scale
        if right > self._view.width_px * _THIRD or down > self._view.height_px * _THIRD:
            self._steering.carry_to(*place)

    # -- the hand ----------------------------------------------------------------------------------------------------

    def pan_by_hand(self, dx_px: float, dy_px: float, *, glide: bool) -> None:
        self._steering.pan_by_hand(dx_px, dy_px, glide=glide)

    def zoom_by_hand(self, steps: float, at: QPointF | None, *, rest: bool) -> None:
        """Whoever is followed stays where he is on the screen."""
        self._steering.zoom_by_hand(steps, self._point() or at, rest=rest)

    def rest_zoom(self, at: QPointF) -> None:
        self._steering.rest_zoom(self._point() or at)

    def fit_by_hand(self) -> None:
        self._steering.fit_by_hand()

    def toggle_lock(self) -> None:
        self._steering.toggle_lock()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _place(self, unit: str) -> tuple[float, float] | None:
        units = self._scene.units
        slot = units.slot(unit)
        return None if slot is None else (float(units.x_m[slot]), float(units.y_m[slot]))

    def _point(self) -> QPointF | None:
        place = self._place(self.unit) if self.unit else None
        return None if place is None else QPointF(*self._view.to_screen(*place))

    def _show_way(self, unit: str) -> None:
        """The way of the one who is followed: a layer that was hidden shows nobody else's."""
        self._tracks.follow(unit)
        if not self._stack.visible("tracks"):
            self._opened_tracks = True
            self._stack.choose("tracks", "whose", "followed")
            self._stack.show("tracks", True)

    def _hide_way(self) -> None:
        kind, key = self._scene.selected
        self._tracks.follow(key if kind == "unit" else "")
        if self._opened_tracks:
            self._opened_tracks = False
            self._stack.choose("tracks", "whose", "all")
            self._stack.show("tracks", False)
