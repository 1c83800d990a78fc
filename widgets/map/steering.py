"""Owns who moves the view: the officer's hand, a flight that was asked for, or the fit rule. Must not read events.

Whatever is done by hand locks the view; the map itself moves a free view only for a changed set of incidents.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF

from widgets.map.near import Extent
from widgets.map.scene import Scene
from widgets.map.view import METRE_ZOOM, Bounds, Camera2D, FitRule, Viewport, encloses, half_step, union_of
from widgets.style import tokens

_FIT_MARGIN_PX = 72
_DISTRICT_MARGIN_PX = 8
_SEEN_MARGIN_PX = 24
_FLY_ZOOM = 17.0


class Steering:
    """The hand on one viewport. `district` is what is shown while there is no incident."""

    def __init__(
        self,
        view: Viewport,
        scene: Scene,
        *,
        may_glide: Callable[[], bool],
        moved: Callable[[], None],
        lock_changed: Callable[[bool], None],
    ) -> None:
        self.district: Bounds | None = None
        self._view = view
        self._scene = scene
        self._rule = FitRule()
        self._extent = Extent(scene.incidents)
        self._may_glide = may_glide
        self._moved = moved
        self._lock_changed = lock_changed
        self._never_moved = True
        self._settled, self._restored = True, False
        self.led_away: Callable[[], None] = lambda: None
        """Told before the view is taken elsewhere: by a pan, a flight, a fit. A zoom stays where it is."""

    @property
    def locked(self) -> bool:
        return self._rule.locked

    def set_locked(self, locked: bool) -> None:
        """Hold the view, or free it to fit what there is."""
        self._rule.locked = locked
        if not locked:
            self.led_away()
            self._fit(self._glide_s())
        self._lock_changed(locked)

    def toggle_lock(self) -> None:
        self.set_locked(not self.locked)

    def restore(self, to: Camera2D, *, locked: bool) -> None:
        """As it stood when the desk ended; what comes in until it has `settled` is no news and moves nothing."""
        self._never_moved = self._settled = False
        self._restored = True
        self._rule.locked = locked
        self._view.jump(to)
        self._lock_changed(locked)
        self._moved()

    def settle(self) -> None:
        """The incidents that there were at the start are on the map."""
        if not self._settled:
            self._settled = True
            self._rule.incidents_now(self._scene.incidents.membership)

    def hold(self) -> None:
        """What is shown now was asked for: nothing else moves it."""
        self._hold()

    def pan_by_hand(self, dx_px: float, dy_px: float, *, glide: bool) -> None:
        self.led_away()
        self._hold()
        if glide:
            at = self._view.target
            scale = 2.0 ** (at.zoom - METRE_ZOOM)
            self._glide(Camera2D(at.x_m - dx_px / scale, at.y_m - dy_px / scale, at.zoom))
        else:
            self._view.pan_px(dx_px, dy_px)
            self._moved()

    def zoom_by_hand(self, steps: float, at: QPointF | None, *, rest: bool) -> None:
        """Zoom about a point, or the middle; `rest` ends on a half step, else the view follows the fingers."""
        self._hold()
        point = at or QPointF(self._view.width_px / 2, self._view.height_px / 2)
        goal = self._view.zoomed_about(steps, point.x(), point.y(), rest=rest)
        if rest:
            self._glide(goal)
        else:
            self._view.jump(goal)
            self._moved()

    def rest_zoom(self, at: QPointF) -> None:
        """Come to rest on the nearest half step."""
        self._glide(self._view.zoomed_about(0, at.x(), at.y()))

    def fit_by_hand(self) -> None:
        """Every incident there is; where that is what is seen already, the whole district."""
        if self._fitted() == self._view.target:
            self.show_all_by_hand()
            return
        self.led_away()
        self._hold()
        self._fit(self._glide_s())

    def show_all_by_hand(self) -> None:
        """The whole district, and what stands outside of it."""
        self.led_away()
        self._hold()
        known = [bounds for bounds in (self.district, self._extent.bounds()) if bounds is not None]
        whole = union_of(corner for bounds in known for corner in (bounds[:2], bounds[2:]))
        if whole is not None:
            self._glide(self._view.fitted(whole, _DISTRICT_MARGIN_PX))

    def fly_to(self, x_m: float, y_m: float, zoom: float | None) -> None:
        """It is the officer who asked, so the view is held there."""
        self.led_away()
        self._hold()
        self._glide(
            Camera2D(x_m, y_m, half_step(max(self._view.target.zoom, _FLY_ZOOM) if zoom is None else zoom))
        )

    def go_to(self, to: Camera2D) -> None:
        """A view that has been seen before, at its very zoom; it is the officer who asked, so it is held there."""
        self.led_away()
        self._hold()
        self._glide(to)

    def carry_to(self, x_m: float, y_m: float) -> None:
        """Bring a point to the middle, as has been asked for before: whether the view is held stays as it is."""
        self._glide(Camera2D(x_m, y_m, self._view.target.zoom))

    def look_at(self, bounds: Bounds) -> None:
        """Bring a part of the plane into view; it is the officer who asked, so the view is held there."""
        self.led_away()
        self._hold()
        self._glide(self._view.fitted(bounds, _FIT_MARGIN_PX))

    def show_district(self, bounds: Bounds) -> None:
        """Another district: begin with all of it, unless the officer was faster and is already elsewhere."""
        self.district = bounds
        restored, self._restored = self._restored, False
        if not self.locked and not restored:
            self._never_moved = True
            self._fit(0.0)

    def resized(self) -> None:
        """A view that nobody has moved keeps fitting its window."""
        if self._never_moved and not self.locked:
            self._fit(0.0)
        self._moved()

    def incidents_changed(self) -> None:
        """A changed set of incidents that all stand in view needs no other view: nothing jumps without need."""
        if self._rule.incidents_now(self._scene.incidents.membership) and self._settled:
            bounds = self._extent.bounds()
            if bounds is not None and not encloses(self._view.target_bounds(-_SEEN_MARGIN_PX), bounds):
                self._fit(self._glide_s())

    def _hold(self) -> None:
        self._never_moved = False
        if not self.locked:
            self._rule.locked = True
            self._lock_changed(True)

    def _glide_s(self) -> float:
        return tokens().motion_duration_ms / 1000 if self._may_glide() else 0.0

    def _glide(self, to: Camera2D) -> None:
        self._view.glide(to, time.perf_counter(), self._glide_s())
        self._moved()

    def _fit(self, duration_s: float) -> None:
        """Show every incident there is, or the whole district."""
        fitted = self._fitted()
        if fitted is not None:
            self._view.glide(fitted, time.perf_counter(), duration_s)
            self._moved()

    def _fitted(self) -> Camera2D | None:
        bounds, margin_px = self._extent.bounds(), _FIT_MARGIN_PX
        if bounds is None:
            bounds, margin_px = self.district, _DISTRICT_MARGIN_PX
        return None if bounds is None else self._view.fitted(bounds, margin_px)
