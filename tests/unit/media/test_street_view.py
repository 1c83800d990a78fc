"""The synthetic street: perspective, what hides what, and the burned-in time."""

from __future__ import annotations

import numpy as np
import pytest

from app.media.movers import Mover, draw_movers, movers_of
from app.media.seven_segment import burn_in, text_width_px
from app.media.street_view import FAR_M, View, paint_still, street_of, view_of

VIEW = View(320, 180, height_m=6.0, offset_m=0.0, yaw=0.0, horizon=0.3)


def test_what_is_nearer_stands_lower_and_larger() -> None:
    _, near_foot, near_m = VIEW.project(12, 0, 0)
    _, far_foot, far_m = VIEW.project(80, 0, 0)
    _, near_head, _ = VIEW.project(12, 0, 1.7)
    _, far_head, _ = VIEW.project(80, 0, 1.7)
    assert near_m < far_m
    assert near_foot > far_foot > VIEW.horizon_px
    assert near_foot - near_head > far_foot - far_head


def test_right_of_the_street_is_right_in_the_picture() -> None:
    assert VIEW.project(20, 3, 0)[0] > VIEW.width_px / 2 > VIEW.project(20, -3, 0)[0]


@pytest.mark.parametrize("group", ["plaza", "compound", "crossing", "anything else"])
def test_every_group_of_cameras_gets_a_street_with_ground_and_sky(group: str) -> None:
    view = view_of(5, 160, 90)
    picture, depth_m = paint_still(street_of(5, group), view, daylight=1.0)
    assert picture.shape == (90, 160, 4)
    assert depth_m.shape == (90, 160)
    assert (picture[..., 3] == 255).all()
    assert depth_m[-1].min() < 30
    assert depth_m[0].max() == pytest.approx(FAR_M)


def test_the_place_of_the_pole_does_not_depend_on_the_tile() -> None:
    small, large = view_of(9, 160, 90), view_of(9, 640, 360)
    assert (small.height_m, small.yaw, small.horizon) == (large.height_m, large.yaw, large.horizon)


def test_a_mover_is_hidden_by_what_stands_nearer() -> None:
    ground = np.full((180, 320, 4), 128, dtype=np.uint8)
    walker = (Mover("person", 0.0, 20.0, 0.0, 1),)
    open_street, walled = ground.copy(), ground.copy()
    draw_movers(open_street, np.full((180, 320), FAR_M, np.float32), VIEW, walker, 0.0, 1.0)
    draw_movers(walled, np.full((180, 320), 10.0, np.float32), VIEW, walker, 0.0, 1.0)
    assert not np.array_equal(open_street, ground)
    assert np.array_equal(walled, ground)


def test_movers_that_are_half_outside_are_cut_off() -> None:
    narrow = View(24, 40, height_m=6.0, offset_m=0.0, yaw=0.0, horizon=0.2)
    picture = np.zeros((40, 24, 4), dtype=np.uint8)
    crowd = [Mover("bus", across, along, 0.0, 0) for across in (-3, 0, 3) for along in range(0, 60, 5)]
    draw_movers(picture, np.full((40, 24), FAR_M, np.float32), narrow, crowd, 0.0, 1.0)
    assert picture.any()


def test_traffic_keeps_to_the_right() -> None:
    for seed in range(20):
        vehicles = [mover for mover in movers_of(street_of(seed, "crossing")) if mover.kind != "person"]
        assert vehicles
        assert all((mover.speed_m_s > 0) == (mover.across_m > 0) for mover in vehicles)


def test_every_digit_of_the_time_looks_different() -> None:
    pictures = []
    for digit in "0123456789":
        picture = np.zeros((24, 24, 4), dtype=np.uint8)
        burn_in(picture, digit, 2, 2, 14)
        pictures.append(picture.tobytes())
    assert len(set(pictures)) == 10


def test_text_that_does_not_fit_is_cut_off() -> None:
    picture = np.zeros((20, 30, 4), dtype=np.uint8)
    burn_in(picture, "23:59:59", 2, 2, 14)
    assert picture.any()
    assert text_width_px("23:59:59", 14) > 30
