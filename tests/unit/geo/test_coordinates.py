"""Coordinate systems against published points, and ways there and back."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geo.coordinates import LocalPlane, bearing_deg, distance_m, from_wgs84, to_wgs84

# WGS-84 -> GCJ-02: the test vectors of googollee/eviltransform (Shanghai, Shenzhen, Beijing), which it took from
# the shifted map itself; tolerance 1e-9 degrees, since the shift is a published polynomial.
EVILTRANSFORM = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
# WGS-84 -> BD-09 as the README of wandergis/coordtransform gives it for Beijing; same tolerance.
COORDTRANSFORM = ((39.915, 116.404), (39.922699552216216, 116.41662724378733))

# What the map services themselves answered: the example of Amap's coordinate conversion API (WGS-84 -> GCJ-02), and
# two published answers of Baidu's geoconv API (WGS-84 -> BD-09), which differ by half a metre among themselves.
AMAP_API = [
    ((39.990475, 116.481499), (39.991754014757, 116.487585177952)),
    ((39.990375, 116.481499), (39.991653917101, 116.487585177952)),
]
BAIDU_API = [
    ((29.575429778924, 114.21892734521), (29.57908428837437, 114.2307519546763)),
    ((29.575429778924, 114.21892734521), (29.579087871023, 114.23075627686)),
]
# Beijing railway station, read off both maps to 5 decimals: manual of caijun/geoChina, function bd2wgs.
STATION = ((39.90105, 116.42079), (39.90851, 116.43351))
# Four corners of the country's shifted box, the middle of China, and places beyond it.
PLACES = np.array([[22.5, 113.9], [45.7, 126.6], [30.6, 104.0], [43.8, 87.6], [48.85, 2.35], [-33.9, 151.2]])

in_china_lat = st.floats(19.0, 52.0)
in_china_lon = st.floats(75.0, 133.0)
shifted = st.sampled_from(["gcj02", "bd09"])


@pytest.mark.parametrize(("wgs84", "gcj02"), EVILTRANSFORM)
def test_gcj02_agrees_with_published_points_both_ways(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    assert from_wgs84(*wgs84, "gcj02") == pytest.approx(gcj02, abs=1e-9)
    assert distance_m(*to_wgs84(*gcj02, "gcj02"), *wgs84) < 0.001


def test_bd09_agrees_with_a_published_point_both_ways() -> None:
    wgs84, bd09 = COORDTRANSFORM
    assert from_wgs84(*wgs84, "bd09") == pytest.approx(bd09, abs=1e-9)
    assert distance_m(*to_wgs84(*bd09, "bd09"), *wgs84) < 0.001


@pytest.mark.parametrize(("wgs84", "gcj02"), AMAP_API)
def test_gcj02_agrees_with_the_map_service_to_a_decimetre(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    """Published answers of the Amap web service (assistant/coordinate/convert, coordsys=gps); tolerance 0.1 m."""
    assert distance_m(*from_wgs84(*wgs84, "gcj02"), *gcj02) < 0.1
    assert distance_m(*to_wgs84(*gcj02, "gcj02"), *wgs84) < 0.1


@pytest.mark.parametrize(("wgs84", "bd09"), [*BAIDU_API, STATION])
def test_bd09_agrees_with_the_map_service_to_its_own_scatter(
    wgs84: tuple[float, float], bd09: tuple[float, float]
) -> None:
    """Published answers of Baidu's geoconv/v1 (from=1, to=5) and a point read off two maps; tolerance 1.5 m."""
    assert distance_m(*from_wgs84(*wgs84, "bd09"), *bd09) < 1.5
    assert distance_m(*to_wgs84(*bd09, "bd09"), *wgs84) < 1.5


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09"])
@pytest.mark.parametrize("transform", [to_wgs84, from_wgs84])
def test_arrays_are_transformed_as_their_points_are(transform: Callable[..., Any], crs: str) -> None:
    lat, lon = transform(PLACES[:, 0], PLACES[:, 1], crs)
    one_by_one = np.array([transform(*map(float, place), crs) for place in PLACES])
    assert np.column_stack([lat, lon]) == pytest.approx(one_by_one, abs=1e-12)


def test_arrays_of_any_shape_come_back_within_half_a_metre() -> None:
    lat, lon = np.meshgrid(np.linspace(18, 53, 40), np.linspace(74, 134, 40))
    for crs in ("gcj02", "bd09"):
        back_lat, back_lon = to_wgs84(*from_wgs84(lat, lon, crs), crs)
        assert back_lat.shape == lat.shape
        assert np.hypot(back_lat - lat, back_lon - lon).max() * 111_320 < 0.5


@given(in_china_lat, in_china_lon, shifted)
def test_there_and_back_is_within_a_centimetre(lat: float, lon: float, crs: str) -> None:
    there = from_wgs84(lat, lon, crs)
    assert 30 < distance_m(lat, lon, *there) < 2500
    assert distance_m(lat, lon, *to_wgs84(*there, crs)) < 0.01


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "WGS84"])
def test_systems_that_need_no_shift_are_left_alone(crs: str) -> None:
    assert to_wgs84(31.2, 121.5, crs) == (31.2, 121.5)


def test_outside_china_gcj02_is_wgs84() -> None:
    assert to_wgs84(48.85, 2.35, "gcj02") == pytest.approx((48.85, 2.35))


@pytest.mark.parametrize("transform", [to_wgs84, from_wgs84])
def test_an_unknown_system_is_named(transform: object) -> None:
    with pytest.raises(ValueError, match=r"'mars'.*gcj02"):
        transform(31.0, 121.0, "mars")  # type: ignore[operator]


def test_distance_of_one_degree_along_meridian_and_parallel() -> None:
    # 2 pi R / 360 with the mean radius 6,371,008.8 m of the IUGG
    assert distance_m(0, 0, 1, 0) == pytest.approx(111_195.08, abs=0.1)
    assert distance_m(60, 0, 60, 1) == pytest.approx(111_195.08 / 2, rel=1e-4)


@pytest.mark.parametrize(
    ("to", "expected"),
    [((32, 121), 0), ((31, 121.001), 90), ((30, 121), 180), ((31, 120.999), 270), ((31, 121), 0)],
)
def test_bearings_of_the_four_winds(to: tuple[float, float], expected: float) -> None:
    assert bearing_deg(31, 121, *to) == pytest.approx(expected, abs=0.01)


def test_bearing_crosses_the_date_line_the_short_way() -> None:
    assert bearing_deg(0, 179.9, 0, -179.9) == pytest.approx(90)
    assert distance_m(0, 179.9, 0, -179.9) == pytest.approx(0.2 * 111_195.08, rel=1e-6)


@given(st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_the_plane_undoes_itself_and_keeps_distances(x_m: float, y_m: float) -> None:
    plane = LocalPlane(31.22, 121.47)
    lat, lon = plane.to_lat_lon(x_m, y_m)
    assert plane.to_xy_m(lat, lon) == pytest.approx((x_m, y_m), abs=1e-4)
    # 0.6 % for sphere against ellipsoid, and the parallels' change over 20 km
    assert distance_m(31.22, 121.47, lat, lon) == pytest.approx(math.hypot(x_m, y_m), rel=0.006, abs=1e-3)


def test_the_plane_takes_arrays() -> None:
    plane = LocalPlane(31.22, 121.47)
    x_m, y_m = plane.to_xy_m(np.array([31.22, 31.23]), np.array([121.47, 121.48]))
    assert x_m[0] == y_m[0] == 0
    assert plane.to_xy_m(31.23, 121.48) == pytest.approx((x_m[1], y_m[1]))


def test_metres_per_degree_agree_with_the_published_series() -> None:
    # WGS-84 at 31 N by the usual series: 111132.92 - 559.82 cos 2p + 1.175 cos 4p; 111412.84 cos p - 93.5 cos 3p
    p = math.radians(31)
    plane = LocalPlane(31, 121)
    assert plane.metres_per_deg_lat == pytest.approx(
        111_132.92 - 559.82 * math.cos(2 * p) + 1.175 * math.cos(4 * p), abs=0.05
    )
    assert plane.metres_per_deg_lon == pytest.approx(
        111_412.84 * math.cos(p) - 93.5 * math.cos(3 * p), abs=0.3
    )
