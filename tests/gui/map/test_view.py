"""The viewport's arithmetic, and when the map may fit itself."""

import numpy as np
import pytest

from widgets.map.motion import MAX_LAG_S, Motion
from widgets.map.projection import Projection
from widgets.map.view import Camera2D, FitRule, Viewport, encloses


@pytest.fixture
def view() -> Viewport:
    view = Viewport()
    view.resize(800, 600)
    view.jump(Camera2D(100.0, -50.0, 16.5))
    return view


def test_screen_and_plane_are_each_others_inverse(view: Viewport) -> None:
    assert view.to_plane(*view.to_screen(123.0, 45.0)) == pytest.approx((123.0, 45.0))


@pytest.mark.parametrize("steps", [1, -3, 0.4])
def test_zoom_keeps_the_ground_under_the_pointer(view: Viewport, steps: float) -> None:
    before = view.to_plane(250, 400)
    view.jump(view.zoomed_about(steps, 250, 400, rest=steps == int(steps)))
    assert view.to_plane(250, 400) == pytest.approx(before)


def test_zoom_keeps_the_ground_under_the_pointer_all_the_way(view: Viewport) -> None:
    before = view.to_plane(250, 400)
    view.glide(view.zoomed_about(2, 250, 400), now_s=10.0, duration_s=0.15)
    for now_s in (10.02, 10.07, 10.14, 10.15):
        view.advance(now_s)
        assert view.to_plane(250, 400) == pytest.approx(before, abs=1e-6)
    assert not view.gliding


def test_view_rests_on_half_steps_only(view: Viewport) -> None:
    view.jump(view.zoomed_about(0.3, 400, 300, rest=False))
    assert view.zoom * 2 != round(view.zoom * 2)
    view.jump(view.zoomed_about(0, 400, 300))
    assert view.zoom * 2 == round(view.zoom * 2)


def test_fitted_view_shows_all_of_it(view: Viewport) -> None:
    bounds = (-300.0, -120.0, 900.0, 40.0)
    view.jump(view.fitted(bounds, margin_px=50))
    assert encloses(view.bounds(-50), bounds)


def test_one_point_is_not_fitted_to_the_last_brick(view: Viewport) -> None:
    assert view.fitted((5.0, 5.0, 5.0, 5.0), 50).zoom <= 17.5


def test_fits_only_when_the_set_of_incidents_changes() -> None:
    rule = FitRule()
    assert rule.incidents_now(frozenset("ab"))
    assert not rule.incidents_now(frozenset("ab"))
    assert rule.incidents_now(frozenset("a"))


def test_a_locked_view_never_fits_and_forgets_nothing() -> None:
    rule = FitRule()
    rule.locked = True
    assert not rule.incidents_now(frozenset("ab"))
    rule.locked = False
    assert not rule.incidents_now(frozenset("ab"))


def test_projection_there_and_back_and_true_to_scale() -> None:
    plane = Projection.at(31.22, 121.47)
    assert plane.to_degrees(*plane.to_metres(31.2312, 121.4812)) == pytest.approx((31.2312, 121.4812))
    # One minute of latitude is close to one nautical mile anywhere.
    assert -plane.to_metres(31.22 + 1 / 60, 121.47)[1] == pytest.approx(1852, rel=0.004)


def moved(motion: Motion, slot: int, now_s: float) -> tuple[float, float]:
    x_m, y_m = motion.shown(np.array([slot]), now_s)
    return float(x_m[0]), float(y_m[0])


def fix(motion: Motion, x_m: float, y_m: float, now_s: float) -> None:
    motion.fix(np.array([0]), np.array([x_m]), np.array([y_m]), now_s)


def test_a_unit_glides_to_its_fix_and_is_there_within_a_second() -> None:
    motion = Motion()
    motion.place(0, 0.0, 0.0)
    fix(motion, 10.0, 0.0, 100.0)
    assert moved(motion, 0, 100.0) == (0.0, 0.0)
    assert 0.0 < moved(motion, 0, 100.5)[0] < 10.0
    assert moved(motion, 0, 100.0 + MAX_LAG_S) == (10.0, 0.0)


def test_a_newer_fix_turns_a_unit_where_it_is_shown() -> None:
    motion = Motion()
    motion.place(0, 0.0, 0.0)
    fix(motion, 10.0, 0.0, 100.0)
    shown = moved(motion, 0, 100.4)
    fix(motion, 10.0, 20.0, 100.4)
    assert moved(motion, 0, 100.4) == pytest.approx(shown)


def test_a_far_jump_is_not_slid_over_the_town() -> None:
    motion = Motion()
    motion.place(0, 0.0, 0.0)
    fix(motion, 5_000.0, 0.0, 100.0)
    assert moved(motion, 0, 100.0) == (5_000.0, 0.0)
    assert not motion.active


@pytest.mark.parametrize("size", [(674, 691), (1113, 700), (420, 900), (2200, 1680)])
def test_a_fitted_view_leaves_no_wide_bands(view: Viewport, size: tuple[int, int]) -> None:
    bounds, margin_px = (-1018.6, -978.5, 1179.2, 775.0), 8
    view.resize(*size)
    view.jump(view.fitted(bounds, margin_px))
    left, top, right, bottom = view.bounds(-margin_px)
    used = max((bounds[2] - bounds[0]) / (right - left), (bounds[3] - bounds[1]) / (bottom - top))
    assert encloses((left, top, right, bottom), bounds)
    assert 2**-0.25 - 1e-6 <= used <= 1 or view.zoom == 17.5
    assert (view.zoom * 4).is_integer()


def test_a_hand_brings_a_fitted_view_back_to_half_steps(view: Viewport) -> None:
    view.jump(Camera2D(0, 0, 15.25))
    assert view.zoomed_about(1, 10, 10).zoom in (15.5, 16.0)
    assert view.zoomed_about(-1, 10, 10).zoom in (14.5, 15.0)
