"""basemaps.toml: what is declared is loaded, and every fault names file, entry and field."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.geo.tilesets.basemaps import BasemapEntry, load_basemaps, open_tileset
from app.geo.tilesets.tile_source import TileSource
from app.geo.tilesets.tileset_error import TilesetError
from app.i18n import set_language
from tests.unit.geo.tilesets.tile_files import TILES, make_mbtiles, make_pmtiles

AERIAL = """
[[basemap]]
id = "aerial"
name_zh = "影像"
name_en = "Aerial"
kind = "mbtiles"
path = "aerial.mbtiles"
opacity = 0.5
"""
STREET = """
[[basemap]]
id = "street"
name_zh = "在线街道图"
name_en = "Streets online"
kind = "xyz"
url = "https://t{s}.example.org/{z}/{x}/{y}.png?tk={key}"
subdomains = ["0", "1"]
max_zoom = 17
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh_CN")


def declared(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "basemaps.toml").write_text(text, encoding="utf-8")
    return folder


def opened(entry: BasemapEntry, tmp_path: Path) -> TileSource:
    return open_tileset(
        entry, cache_dir=tmp_path / "cache", now=lambda: 0, arrived=lambda _: None, told=lambda _: None
    )


def test_nothing_declared_is_nothing(tmp_path: Path) -> None:
    assert load_basemaps(tmp_path, tmp_path / "missing") == ()


def test_entries_come_in_order_with_paths_from_their_own_folder(tmp_path: Path) -> None:
    aerial, street = load_basemaps(declared(tmp_path / "district", AERIAL + STREET))
    assert aerial.path == tmp_path / "district" / "aerial.mbtiles"
    assert (aerial.opacity, aerial.crs, street.kind, street.max_zoom) == (0.5, "epsg3857", "xyz", 17)


def test_the_users_entry_replaces_the_districts_of_the_same_id(tmp_path: Path) -> None:
    mine = declared(tmp_path / "user", AERIAL.replace("0.5", "0.9"))
    entries = load_basemaps(declared(tmp_path / "district", STREET + AERIAL), mine)
    assert [(entry.id, entry.opacity) for entry in entries] == [("street", 1.0), ("aerial", 0.9)]


def test_the_users_key_opens_the_districts_entry_and_is_never_shown(tmp_path: Path) -> None:
    mine = declared(tmp_path / "user", '[keys]\nstreet = "secret-123"\n')
    (street,) = load_basemaps(declared(tmp_path / "district", STREET), mine)
    assert street.url.url(3, 1, 2) == "https://t1.example.org/3/1/2.png?tk=secret-123"
    assert "secret" not in repr(street)


def test_without_its_key_an_online_map_says_where_it_belongs(tmp_path: Path) -> None:
    (street,) = load_basemaps(declared(tmp_path, STREET))
    with pytest.raises(TilesetError, match=r"street · keys: needs a key; write street = "):
        opened(street, tmp_path)


@pytest.mark.parametrize(("kind", "make"), [("mbtiles", make_mbtiles), ("pmtiles", make_pmtiles)])
def test_files_are_opened_by_their_kind(tmp_path: Path, kind: str, make: object) -> None:
    make(tmp_path / f"aerial.{kind}")  # type: ignore[operator]
    (entry,) = load_basemaps(declared(tmp_path, AERIAL.replace("mbtiles", kind)))
    with closing(opened(entry, tmp_path)) as source:
        assert source.read(1, 1, 0) == TILES[1, 1, 0]


FAULTS = {
    "syntax": ("[[basemap]\n", r"^basemaps.toml: is not valid TOML"),
    "no_id": (AERIAL.replace('id = "aerial"', ""), r"basemap\[1\] · id: is missing"),
    "bad_id": (AERIAL.replace('"aerial"', '"a b/c"'), r"basemap\[1\] · id: has a wrong value"),
    "second": (STREET + AERIAL.replace("0.5", "1.5"), r"basemap\[2\] · opacity: has a wrong value"),
    "type": (AERIAL.replace("0.5", '"half"'), r"basemap\[1\] · opacity: has a wrong value"),
    "kind": (AERIAL.replace('"mbtiles"', '"wms"'), r"basemap\[1\] · kind: has a wrong value"),
    "crs": (AERIAL + 'crs = "bd09"\n', r"basemap\[1\] · crs: has a wrong value"),
    "unknown": (AERIAL + 'colour = "red"\n', r"basemap\[1\] · colour: is no field there is"),
    "top": ("basemaps = []\n", r"^basemaps.toml · basemaps: is no field there is"),
    "twice": (AERIAL + AERIAL, r"basemap\[2\] aerial · id: is used twice"),
    "no_path": (AERIAL.replace('path = "aerial.mbtiles"', ""), r"basemap\[1\] aerial · path: is missing"),
    "foreign": (AERIAL + 'url = "https://a.example/{z}/{x}/{y}"\n', r"aerial · url: does not belong"),
    "zoom": (STREET + "min_zoom = 18\n", r"street · max_zoom: has zoom levels 18..17"),
    "scheme": (STREET.replace("https", "ftp"), r"street · url: is no http"),
    "no_y": (STREET.replace("{y}", "1"), r"street · url: lacks the placeholder {y}"),
    "stray": (STREET.replace("{x}", "{x}/{layer}"), r"street · url: has an unknown placeholder {layer}"),
    "subdomains": (STREET.replace('["0", "1"]', "[]"), r"street · url: uses {s} without subdomains"),
    "keys": (AERIAL + "[keys]\naerial = 5\n", r"^basemaps.toml · keys: has a wrong value"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_names_file_entry_and_field(tmp_path: Path, case: str) -> None:
    text, expected = FAULTS[case]
    with pytest.raises(TilesetError, match=expected) as fault:
        load_basemaps(declared(tmp_path, text))
    assert str(fault.value).startswith("basemaps.toml")
    assert "\n" not in str(fault.value)
