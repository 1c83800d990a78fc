"""Coordinates are read in either order and in the systems of the map services."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geo.coordinate_query import coordinates_in
from app.geo.coordinates import from_wgs84


@pytest.mark.parametrize(
    "text",
    [
        "31.2206,121.4766", "121.4766,31.2206", "31.2206 121.4766", "121.4766; 31.2206", "31.2206 / 121.4766",
        "n31.2206 e121.4766", "31.2206°n, 121.4766°e", "e121.4766,n31.2206", "gps 31.2206,121.4766",
        "wgs84: 31.2206, 121.4766", "31.2206,121.4766 wgs",
    ],
)  # fmt: skip
def test_a_pair_in_any_spelling(text: str) -> None:
    assert coordinates_in(text) == (31.2206, 121.4766)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("-33.87,151.2", (-33.87, 151.2)),
        ("s33.87 e151.2", (-33.87, 151.2)),
        ("40.7,-74.0", (40.7, -74.0)),
        ("40.7n 74.0w", (40.7, -74.0)),
        ("40,80", (40.0, 80.0)),
    ],
)
def test_hemispheres_and_what_could_be_either(text: str, place: tuple[float, float]) -> None:
    assert coordinates_in(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31.2206",
        "121,131",
        "200.1,31.2",
        "n31.2 n30.1",
        "31.2,121.4,5",
        "0203",
        "解放路 31",
        "2-3",
        "mars 31,121",
    ],
)
def test_what_is_no_place_on_earth(text: str) -> None:
    assert coordinates_in(text) is None


@given(
    st.floats(20, 50),
    st.floats(100, 130),
    st.sampled_from([("gcj", "gcj02"), ("bd09", "bd09"), ("amap", "gcj02")]),
)
def test_shifted_systems_come_back_to_where_they_are(lat: float, lon: float, system: tuple[str, str]) -> None:
    name, crs = system
    there_lat, there_lon = from_wgs84(lat, lon, crs)
    read = coordinates_in(f"{name} {there_lat:.7f},{there_lon:.7f}")
    assert read == pytest.approx((lat, lon), abs=1e-5)
