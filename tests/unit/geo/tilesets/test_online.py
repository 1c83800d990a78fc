"""Online base maps against a real server in another process: kept, renewed, gone, and never a key in any text."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.instants import Instant
from app.geo.tilesets.online import OnlineTiles
from app.geo.tilesets.tile_cache import TileCache
from app.geo.tilesets.tile_source import WORLD, TileAddress, TilesetFacts
from app.geo.tilesets.url_template import UrlTemplate
from app.i18n import set_language
from tests.patience import PATIENCE_S
from tests.servers.tile_server import TileServer, png, tile_colour, tile_server

NOW = 1_780_000_000_000
HOUR_MS = 3_600_000
KEY = "s3cret-k3y"
FACTS = TilesetFacts("Streets", "", 0, 18, 256, WORLD, "epsg3857")


class Desk:
    """A clock that stands still, what arrived and what was told, and the tiles under test."""

    def __init__(self, folder: Path) -> None:
        self.now: Instant = NOW
        self.told: list[str] = []
        self._changed = threading.Condition()
        self._arrived: list[TileAddress] = []
        self._folder = folder
        self._open: list[OnlineTiles] = []

    def tiles(self, url: str, key: str = "") -> OnlineTiles:
        cache = TileCache(self._folder / "tiles.sqlite")
        template = UrlTemplate(url, key)
        tiles = OnlineTiles(
            FACTS, template, cache, lambda: self.now, self._arrive, self._tell, first_pause_s=0.02
        )
        self._open.append(tiles)
        return tiles

    def arrives(self, address: tuple[int, int, int], times: int = 1) -> None:
        """Wait until a tile has arrived so many times since the last wait for it."""
        self._wait(lambda: self._arrived.count(TileAddress(*address)) >= times)
        with self._changed:
            self._arrived = [other for other in self._arrived if other != address]

    def is_told(self, part: str) -> None:
        self._wait(lambda: any(part in line if part else not line for line in self.told))

    def close(self) -> None:
        for tiles in self._open:
            tiles.close()

    def _wait(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_S), (self._arrived, self.told)

    def _arrive(self, address: TileAddress) -> None:
        with self._changed:
            self._arrived.append(address)
            self._changed.notify_all()

    def _tell(self, line: str) -> None:
        with self._changed:
            self.told.append(line)
            self._changed.notify_all()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    set_language("en")
    desk = Desk(tmp_path)
    yield desk
    desk.close()
    set_language("zh_CN")


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server("--etag") as running:
        yield running


def seen(tiles: OnlineTiles, desk: Desk, *address: int) -> bytes | None:
    """A tile that is asked for until it is there."""
    if tiles.read(*address) is None:
        desk.arrives((address[0], address[1], address[2]))
    return tiles.read(*address)


def test_a_tile_is_none_at_first_and_there_after_it_arrived(desk: Desk, server: TileServer) -> None:
    tiles = desk.tiles(server.url)
    assert tiles.read(3, 1, 2) is None
    desk.arrives((3, 1, 2))
    assert tiles.read(3, 1, 2) == png(256, *tile_colour(3, 1, 2))
    assert not tiles.is_stale(3, 1, 2)
    assert server.asked() == ["/3/1/2.png"]


def test_a_kept_tile_is_not_asked_for_again_even_by_the_next_desk(desk: Desk, server: TileServer) -> None:
    first = desk.tiles(server.url)
    assert seen(first, desk, 3, 1, 2)
    first.close()
    second = desk.tiles(server.url)
    assert second.read(3, 1, 2) == png(256, *tile_colour(3, 1, 2))
    seen(second, desk, 3, 1, 3)
    assert server.asked() == ["/3/1/2.png", "/3/1/3.png"]


def test_past_its_time_a_tile_is_shown_renewed_and_then_fresh(desk: Desk, server: TileServer) -> None:
    tiles = desk.tiles(server.url)
    body = seen(tiles, desk, 3, 1, 2)
    desk.now += 2 * HOUR_MS
    assert tiles.read(3, 1, 2) == body
    assert tiles.is_stale(3, 1, 2)
    desk.arrives((3, 1, 2))
    assert tiles.read(3, 1, 2) == body
    assert not tiles.is_stale(3, 1, 2)


def test_when_the_line_drops_the_cache_goes_on_and_says_it_is_stale(desk: Desk, server: TileServer) -> None:
    tiles = desk.tiles(server.url)
    body = seen(tiles, desk, 3, 1, 2)
    server.kill()
    desk.now += 2 * HOUR_MS
    assert tiles.read(3, 1, 2) == body
    assert tiles.is_stale(3, 1, 2)
    assert tiles.read(3, 5, 5) is None
    desk.is_told("Streets: cannot reach 127.0.0.1; what this machine keeps is shown")
    assert tiles.read(3, 1, 2) == body


def test_when_the_line_is_back_what_waited_arrives_by_itself(desk: Desk, server: TileServer) -> None:
    tiles = desk.tiles(server.url)
    server.kill()
    assert tiles.read(3, 5, 5) is None
    desk.is_told("cannot reach")
    server.restart()
    desk.arrives((3, 5, 5))
    assert tiles.read(3, 5, 5) == png(256, *tile_colour(3, 5, 5))
    assert desk.told[-1] == ""


@pytest.mark.parametrize("status", [404, 204, 410])
def test_a_tile_that_the_server_has_not_is_remembered_as_absent(desk: Desk, status: int) -> None:
    with tile_server("--status", str(status)) as server:
        tiles = desk.tiles(server.url)
        assert seen(tiles, desk, 3, 1, 2) is None
        assert tiles.read(3, 1, 2) is None
        seen(tiles, desk, 3, 1, 3)
        assert server.asked().count("/3/1/2.png") == 1
    assert desk.told == []


def test_a_refusing_server_is_named_with_its_status_and_not_asked_for_ever(desk: Desk) -> None:
    with tile_server("--status", "403") as server:
        tiles = desk.tiles(server.url)
        assert tiles.read(3, 1, 2) is None
        desk.is_told("Streets: 127.0.0.1 refuses (403); check address and key")
        server.kill()
        server.restart("--etag")
        desk.arrives((3, 1, 2))


@pytest.mark.parametrize("body", ["<html>login</html>", "{}"])
def test_an_answer_that_is_no_picture_is_not_kept(desk: Desk, body: str) -> None:
    with tile_server("--body", body) as server:
        tiles = desk.tiles(server.url)
        assert tiles.read(3, 1, 2) is None
        desk.is_told("sends something that is no picture")
        assert tiles.read(3, 1, 2) is None


def test_what_may_not_be_stored_is_shown_and_not_stored(desk: Desk, tmp_path: Path) -> None:
    with tile_server("--cache-control", "no-store") as server:
        tiles = desk.tiles(server.url)
        tiles.read(3, 1, 2)
        desk.arrives((3, 1, 2))
        assert tiles.read(3, 1, 2) == png(256, *tile_colour(3, 1, 2))
        tiles.close()
        assert desk.tiles(server.url).read(3, 1, 2) is None


def test_a_server_that_wants_a_key_gets_it(desk: Desk) -> None:
    with tile_server("--key", KEY) as server:
        assert seen(desk.tiles(server.url + "?tk={key}", KEY), desk, 3, 1, 2)


@pytest.mark.parametrize("end", ["killed", "403"])
def test_no_key_in_any_text_log_or_file(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture, end: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with tile_server("--key", "another" if end == "403" else KEY) as server:
        tiles = desk.tiles(server.url + f"?tk={KEY}&again={{key}}", KEY)
        if end == "killed":
            seen(tiles, desk, 3, 1, 2)
            server.kill()
        tiles.read(3, 1, 3)
        desk.is_told("127.0.0.1")
        tiles.close()
        if end == "killed":
            server.restart()
    assert KEY not in "".join(desk.told) + caplog.text + repr(tiles.__dict__)
    for path in tmp_path.iterdir():
        assert KEY.encode() not in path.read_bytes()


def test_the_newest_wish_goes_first_and_old_ones_are_let_go(desk: Desk, server: TileServer) -> None:
    tiles = desk.tiles(server.url)
    server.kill()
    tiles.read(3, 7, 7)
    desk.is_told("cannot reach")
    for x in range(700):
        tiles.read(10, x, 0)
    server.restart()
    desk.arrives((10, 699, 0))
    desk.arrives((10, 400, 0))
    asked = server.asked()
    assert "/3/7/7.png" not in asked
    order = [int(path.split("/")[2]) for path in asked if path.startswith("/10/")]
    newer, older = order[: len(order) // 2], order[len(order) // 2 :]
    assert sum(newer) / len(newer) > sum(older) / len(older) + 50


def test_closing_gives_up_what_is_under_way(desk: Desk, tmp_path: Path) -> None:
    tiles = desk.tiles("http://127.0.0.1:9/{z}/{x}/{y}.png")
    tiles.read(1, 0, 0)
    tiles.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "tile fetcher"]
