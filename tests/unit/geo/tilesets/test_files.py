"""MBTiles and PMTiles: real files that the tests make are read, hostile ones give one clear line."""

import gzip
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pmtiles.tile import TileType

from app.geo.tilesets.mbtiles import MBTiles
from app.geo.tilesets.pmtiles_archive import PMTilesArchive
from app.geo.tilesets.tile_source import TilesetFacts, TileSource
from app.geo.tilesets.tileset_error import TilesetError
from app.i18n import set_language
from tests.servers.tile_server import png
from tests.unit.geo.tilesets.tile_files import (
    METADATA,
    TILES,
    VECTOR_TILE,
    cut,
    make_mbtiles,
    make_pmtiles,
)

Open = Callable[[Path], TileSource]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh_CN")


@pytest.fixture(params=["mbtiles", "pmtiles"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TileSource]:
    """The same tiles in both kinds of file, in a folder whose name has to be quoted."""
    folder = tmp_path / "底图 50%?"
    folder.mkdir()
    made: TileSource
    if request.param == "mbtiles":
        made = MBTiles(make_mbtiles(folder / "a.mbtiles"))
    else:
        made = PMTilesArchive(make_pmtiles(folder / "a.pmtiles"))
    with closing(made):
        yield made


def test_every_tile_is_found_at_its_place_counted_from_the_north(source: TileSource) -> None:
    assert {address: source.read(*address) for address in TILES} == dict(TILES)
    assert not any(source.is_stale(*address) for address in TILES)


@pytest.mark.parametrize("address", [(3, 0, 0), (2, 4, 0), (2, 0, -1), (30, 5, 5)])
def test_a_tile_that_is_not_there_is_none(source: TileSource, address: tuple[int, int, int]) -> None:
    assert source.read(*address) is None


def test_the_file_tells_its_facts(source: TileSource) -> None:
    assert source.facts == TilesetFacts("测试影像", "© 测试", 0, 2, 256, (-180, -85, 180, 85), "epsg3857")


def test_the_zoom_levels_are_those_of_the_tiles_not_of_the_promises(tmp_path: Path) -> None:
    path = make_mbtiles(tmp_path / "a.mbtiles", metadata=METADATA | {"minzoom": "0", "maxzoom": "19"})
    with closing(MBTiles(path)) as source:
        assert source.facts.max_zoom == 2


def test_a_large_archive_is_found_through_its_leaves(tmp_path: Path) -> None:
    dice = random.Random(7)
    picture = png(4, 10, 20, 30)
    tiles = {
        (12, dice.randrange(4096), dice.randrange(4096)): picture + dice.randbytes(dice.randrange(2, 90))
        for _ in range(9_000)
    }
    with closing(PMTilesArchive(make_pmtiles(tmp_path / "a.pmtiles", tiles))) as source:
        assert source._header["leaf_directory_length"] > 0  # type: ignore[attr-defined]
        assert all(source.read(*address) == body for address, body in tiles.items())


def written(body: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(body)
        return path

    return write


HOSTILE_MBTILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing": (written(b""), "is empty"),
    "missing": (lambda path: path, "cannot be read"),
    "folder": (lambda path: path.mkdir() or path, "cannot be read"),  # type: ignore[func-returns-value]
    "text": (written(b"no database at all" * 50), "no MBTiles"),
    "head_only": (written(b"SQLite format 3\0"), "is cut off"),
    "half": (lambda path: cut(make_mbtiles(path), 0.5), "is cut off"),
    "no_metadata": (lambda path: make_mbtiles(path, metadata=None), "lacks its metadata"),
    "vector_by_name": (lambda path: make_mbtiles(path, metadata={"format": "pbf"}), "vector tiles"),
    "vector_inside": (lambda path: make_mbtiles(path, {(0, 0, 0): VECTOR_TILE}, {}), "vector tiles"),
    "no_tiles": (lambda path: make_mbtiles(path, {}), "holds no tiles"),
    "no_picture": (lambda path: make_mbtiles(path, {(0, 0, 0): b"<html>"}), "no PNG"),
    "broken_head": (lambda path: make_mbtiles(path, {(0, 0, 0): b"\x89PNG\r\n\x1a\n"}), "no PNG"),
    "bounds": (lambda path: make_mbtiles(path, metadata={"bounds": "1,2,three"}), "bounds '1,2,three'"),
    "bounds_turned": (lambda path: make_mbtiles(path, metadata={"bounds": "9,2,3,4"}), "bounds '9,2,3,4'"),
    "zoom": (lambda path: make_mbtiles(path, {(40, 0, 0): png(4, 0, 0, 0)}), "zoom levels 40..40"),
}


@pytest.mark.parametrize("case", HOSTILE_MBTILES)
def test_a_hostile_mbtiles_gives_one_line(tmp_path: Path, case: str) -> None:
    make, expected = HOSTILE_MBTILES[case]
    with pytest.raises(TilesetError, match=f"^a.mbtiles: .*{expected}[^\n]*$"):
        MBTiles(make(tmp_path / "a.mbtiles"))


def test_damage_inside_an_mbtiles_is_told_when_it_is_met(tmp_path: Path) -> None:
    path = make_mbtiles(tmp_path / "a.mbtiles", {(6, x, 0): png(256, x, x, x) for x in range(64)})
    body = bytearray(path.read_bytes())
    body[4096 * 3 : -4096] = b"\xff" * (len(body) - 4096 * 4)
    path.write_bytes(body)
    with pytest.raises(TilesetError, match=r"^a.mbtiles: is damaged"):
        read_all(lambda: MBTiles(path), [(6, x, 0) for x in range(64)])


HOSTILE_PMTILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing": (written(b""), "is empty"),
    "missing": (lambda path: path, "cannot be read"),
    "text": (written(b"no archive at all" * 50), "no PMTiles"),
    "binary": (written(b"\xff\xfe" * 200), "no PMTiles"),
    "head_only": (written(b"PMTiles\x03"), "is damaged|is cut off|vector"),
    "version_2": (written(b"PMTiles\x02" + b"\0" * 200), "not PMTiles version 3"),
    "half": (lambda path: cut(make_pmtiles(path), 0.5), "is cut off"),
    "vector": (lambda path: make_pmtiles(path, {(0, 0, 0): VECTOR_TILE}, TileType.MVT), "vector tiles"),
    "no_picture": (lambda path: make_pmtiles(path, {(0, 0, 0): b"<html>"}), "no PNG"),
}


@pytest.mark.parametrize("case", HOSTILE_PMTILES)
def test_a_hostile_pmtiles_gives_one_line(tmp_path: Path, case: str) -> None:
    make, expected = HOSTILE_PMTILES[case]
    with pytest.raises(TilesetError, match=f"^a.pmtiles: .*({expected})[^\n]*$"):
        PMTilesArchive(make(tmp_path / "a.pmtiles"))


def test_a_damaged_directory_is_told(tmp_path: Path) -> None:
    path = make_pmtiles(tmp_path / "a.pmtiles")
    body = bytearray(path.read_bytes())
    body[127:140] = b"\0" * 13
    path.write_bytes(body)
    with pytest.raises(TilesetError, match=r"^a.pmtiles: is damaged"):
        PMTilesArchive(path)


def test_a_directory_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = make_pmtiles(tmp_path / "a.pmtiles")
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    body = bytearray(path.read_bytes())
    body[8:24] = len(body).to_bytes(8, "little") + len(bomb).to_bytes(8, "little")
    path.write_bytes(bytes(body) + bomb)
    with pytest.raises(TilesetError, match=r"^a.pmtiles: is damaged \(over \d+ bytes unpacked\)"):
        PMTilesArchive(path)


def test_an_archive_cut_off_while_it_is_open_is_told_and_kills_nothing(tmp_path: Path) -> None:
    noise = random.Random(7)
    tiles = {(2, x, 0): png(4, x, x, x) + noise.randbytes(60_000) for x in range(4)}
    path = make_pmtiles(tmp_path / "a.pmtiles", tiles)
    with closing(PMTilesArchive(path)) as source:
        cut(path, 0.3)
        with pytest.raises(TilesetError, match=r"^a.pmtiles: is cut off"):
            source.read(2, 3, 0)


def read_all(opened: Callable[[], TileSource], addresses: list[tuple[int, int, int]]) -> None:
    with closing(opened()) as source:
        for address in addresses:
            source.read(*address)
