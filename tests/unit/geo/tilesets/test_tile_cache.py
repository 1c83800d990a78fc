"""Tiles on disk: kept within the cap, the least looked-at first out, and never a reason to fail."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.instants import DAY_MS
from app.geo.tilesets.cache_control import DEFAULT_LIFE_MS, LEAST_LIFE_MS, expires_at, may_be_stored
from app.geo.tilesets.tile_cache import KeptTile, TileCache
from app.geo.tilesets.tile_source import TileAddress

NOW = 1_780_000_000_000
HERE = TileAddress(16, 54_880, 26_770)


def tile(body: bytes = b"picture", expires: int = NOW + DAY_MS) -> KeptTile:
    return KeptTile(body, '"etag"', expires)


def test_what_was_put_is_there_after_the_desk_was_closed(tmp_path: Path) -> None:
    with closing(TileCache(tmp_path / "deep" / "tiles.sqlite")) as cache:
        assert cache.put("a", HERE, tile(), NOW)
    with closing(TileCache(tmp_path / "deep" / "tiles.sqlite")) as cache:
        assert cache.get("a", HERE, NOW) == tile()
        assert cache.get("b", HERE, NOW) is None
        assert cache.bytes == len(b"picture")


def test_a_tile_put_again_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with closing(TileCache(tmp_path / "tiles.sqlite")) as cache:
        cache.put("a", HERE, tile(), NOW)
        cache.put("a", HERE, tile(b"newer"), NOW)
        cache.renew("a", HERE, NOW + 2 * DAY_MS)
        assert cache.get("a", HERE, NOW) == tile(b"newer", NOW + 2 * DAY_MS)
        assert cache.bytes == len(b"newer")


def test_the_cap_holds_and_what_was_looked_at_stays(tmp_path: Path) -> None:
    addresses = [TileAddress(10, x, 0) for x in range(40)]
    with closing(TileCache(tmp_path / "tiles.sqlite", most_bytes=20_000)) as cache:
        for index, address in enumerate(addresses):
            cache.put("a", address, tile(bytes(1_000)), NOW + index * DAY_MS)
            cache.get("a", addresses[0], NOW + index * DAY_MS)
            assert cache.bytes <= 20_000
        left = [address for address in addresses if cache.get("a", address, NOW + 40 * DAY_MS)]
    assert addresses[0] in left and addresses[-1] in left
    assert 10 <= len(left) <= 20


def test_a_tile_larger_than_the_cap_is_not_kept(tmp_path: Path) -> None:
    with closing(TileCache(tmp_path / "tiles.sqlite", most_bytes=100)) as cache:
        assert not cache.put("a", HERE, tile(bytes(101)), NOW)


@pytest.mark.parametrize("body", [b"", b"no database" * 400, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "tiles.sqlite").write_bytes(body)
    with closing(TileCache(tmp_path / "tiles.sqlite")) as cache:
        assert cache.put("a", HERE, tile(), NOW)
        assert cache.get("a", HERE, NOW) == tile()


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with closing(TileCache(tmp_path / "file" / "tiles.sqlite")) as cache:
        assert not cache.put("a", HERE, tile(), NOW)
        assert cache.get("a", HERE, NOW) is None


def test_a_file_that_another_desk_holds_keeps_nothing_and_does_not_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.geo.tilesets.tile_cache._BUSY_S", 0.05)
    with closing(TileCache(tmp_path / "tiles.sqlite")) as cache:
        with closing(sqlite3.connect(tmp_path / "tiles.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert not cache.put("a", HERE, tile(), NOW)
            other.execute("ROLLBACK")
        assert cache.put("a", HERE, tile(), NOW)


@pytest.mark.skipif(os.name == "nt", reason="Windows locks open files")
def test_two_desks_share_one_file(tmp_path: Path) -> None:
    with (
        closing(TileCache(tmp_path / "tiles.sqlite")) as one,
        closing(TileCache(tmp_path / "tiles.sqlite")) as other,
    ):
        one.put("a", HERE, tile(), NOW)
        assert other.get("a", HERE, NOW) == tile()


@pytest.mark.parametrize(
    ("headers", "life_ms"),
    [
        ({}, DEFAULT_LIFE_MS),
        ({"Cache-Control": "public, max-age=600"}, 600_000),
        ({"Cache-Control": "s-maxage=5, max-age=600", "Age": "100"}, 500_000),
        ({"Cache-Control": "no-cache"}, LEAST_LIFE_MS),
        ({"Cache-Control": "max-age=0, must-revalidate"}, LEAST_LIFE_MS),
        ({"Cache-Control": "max-age=999999999999"}, 365 * DAY_MS),
        ({"Expires": "Thu, 28 May 2026 20:26:40 GMT"}, NOW - NOW + LEAST_LIFE_MS),
        ({"Expires": "Fri, 29 May 2026 20:26:40 GMT"}, DAY_MS),
        ({"Expires": "0"}, LEAST_LIFE_MS),
        ({"Cache-Control": "max-age=600", "Expires": "0"}, 600_000),
    ],
)
def test_how_long_an_answer_is_good(headers: dict[str, str], life_ms: int) -> None:
    assert expires_at(headers, NOW) == NOW + life_ms


def test_no_store_is_obeyed() -> None:
    assert may_be_stored({"Cache-Control": "max-age=5"}) and may_be_stored({})
    assert not may_be_stored({"Cache-Control": "private, no-store"})
