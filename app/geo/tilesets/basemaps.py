"""Owns base maps declared as data: basemaps.toml of the district and of the user. Must not draw or choose one.

[[basemap]]
id = "aerial"
name_zh = "…"
name_en = "Aerial photograph"
kind = "mbtiles"            # mbtiles, pmtiles or xyz
path = "aerial.mbtiles"     # files: from this file's folder
crs = "epsg3857"            # epsg3857, gcj02 (Amap) or epsg4490 (Tianditu's degrees)
opacity = 0.8

[[basemap]]
id = "street"
name_zh = "…"
name_en = "Streets online"
kind = "xyz"
url = "https://t{s}.example.org/{z}/{x}/{y}.png?tk={key}"
subdomains = ["0", "1"]
max_zoom = 18

[keys]                      # of this desk, so in the user's file, for entries of either
street = "…"
"""

import re
import tomllib
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from app.domain.instants import Instant
from app.geo.tilesets.tile_source import MOST_ZOOM, WORLD, TileAddress, TileCrs, TilesetFacts, TileSource
from app.geo.tilesets.tileset_error import TilesetError
from app.geo.tilesets.url_template import UrlTemplate
from app.i18n import language

FILE = "basemaps.toml"
CACHE_FILE = "tiles.sqlite"

BasemapKind = Literal["mbtiles", "pmtiles", "xyz"]

_Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
_Zoom = Annotated[int, msgspec.Meta(ge=0, le=MOST_ZOOM)]


@dataclass(frozen=True, slots=True)
class BasemapEntry:
    """One declared raster base map; `path` is "" for online ones, `url` empty for files. `opacity` is 0..1."""

    id: str
    name_zh: str
    name_en: str
    kind: BasemapKind
    crs: TileCrs
    opacity: float
    path: Path | None = None
    url: UrlTemplate = field(default_factory=lambda: UrlTemplate(""))
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    tile_px: int = 256


def load_basemaps(*directories: Path) -> tuple[BasemapEntry, ...]:
    """The entries of every basemaps.toml there is, in order; a later file replaces an entry of the same id.

    Raises TilesetError that names file, entry and field.
    """
    entries: dict[str, BasemapEntry] = {}
    keys: dict[str, str] = {}
    for directory in directories:
        path = directory / FILE
        if path.is_file():
            declared = _read(path)
            keys |= declared.keys
            entries |= {entry.id: entry for entry in _entries(path, declared.basemap)}
    return tuple(_with_key(entry, keys.get(entry.id, "")) for entry in entries.values())


def sound_basemaps(directory: Path, tell: Callable[[TilesetError], None]) -> list[BasemapEntry]:
    """The well declared entries of a directory; every fault is told, where `load_basemaps` ends at the first."""
    path = directory / FILE
    if not path.is_file():
        return []
    try:
        table = _table(path)
        _converted(path, {name: value for name, value in table.items() if name != "basemap"})
    except TilesetError as fault:
        tell(fault)
        return []
    written = table.get("basemap", [])
    known: dict[str, BasemapEntry] = {}
    for number, each in enumerate(written if isinstance(written, list) else [written], start=1):
        try:
            (declared,) = _converted(path, {"basemap": [each]}, number).basemap
            known[declared.id] = _checked(path, number, declared, known)
        except TilesetError as fault:
            tell(fault)
    return list(known.values())


def open_tileset(
    entry: BasemapEntry,
    *,
    cache_dir: Path,
    now: Callable[[], Instant],
    arrived: Callable[[TileAddress], None],
    told: Callable[[str], None],
) -> TileSource:
    """Open what an entry declares; `arrived` and `told` are OnlineTiles's. Raises TilesetError, one line."""
    # Adapters bring libraries with them that a desk without raster base maps never needs.
    if entry.kind == "xyz":
        return _online(entry, cache_dir / CACHE_FILE, now, arrived, told)
    assert entry.path is not None
    if entry.kind == "mbtiles":
        from app.geo.tilesets.mbtiles import MBTiles

        return MBTiles(entry.path, entry.crs)
    from app.geo.tilesets.pmtiles_archive import PMTilesArchive

    return PMTilesArchive(entry.path, entry.crs)


def _online(
    entry: BasemapEntry,
    cache_file: Path,
    now: Callable[[], Instant],
    arrived: Callable[[TileAddress], None],
    told: Callable[[str], None],
) -> TileSource:
    if entry.url.needs_key:
        raise TilesetError(FILE, entry.id, "keys", "needs_key", id=entry.id)
    from app.geo.tilesets.online import OnlineTiles
    from app.geo.tilesets.tile_cache import TileCache

    return OnlineTiles(_online_facts(entry), entry.url, TileCache(cache_file), now, arrived, told)


class _Declared(msgspec.Struct, forbid_unknown_fields=True):
    """An entry as it is written."""

    id: _Id
    name_zh: _Name
    name_en: _Name
    kind: BasemapKind
    path: str = ""
    url: str = ""
    key: str = ""
    subdomains: list[str] = []
    crs: TileCrs = "epsg3857"
    opacity: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    attribution: str = ""
    min_zoom: _Zoom = 0
    max_zoom: _Zoom = 18
    tile_px: Literal[256, 512] = 256


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """A whole basemaps.toml."""

    basemap: list[_Declared] = []
    keys: dict[str, str] = {}


def _read(path: Path) -> _File:
    return _converted(path, _table(path))


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise TilesetError(path.name, "", "", "unreadable", reason=error.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TilesetError(path.name, "", "", "not_toml", reason=error) from None


def _converted(path: Path, table: dict[str, Any], first: int = 1) -> _File:
    """A table with the entries from number `first` on."""
    try:
        return msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise _located(path, error, first) from None


def _located(path: Path, error: msgspec.ValidationError, first: int) -> TilesetError:
    reason, _, place = str(error).partition(" - at `$.")
    entry = re.match(r"basemap\[(\d+)\]\.?", place)
    where = f"basemap[{int(entry.group(1)) + first}]" if entry else ""
    field_name = place[entry.end() if entry else 0 :].rstrip("`").partition("[")[0]
    if named := re.search(r"(missing required|unknown) field `(.+)`", reason):
        mend = "missing" if named.group(1).startswith("missing") else "unknown_field"
        return TilesetError(path.name, where, named.group(2), mend)
    return TilesetError(path.name, where, field_name, "wrong_value", reason=reason)


def _entries(path: Path, declared: Sequence[_Declared]) -> list[BasemapEntry]:
    known: dict[str, BasemapEntry] = {}
    for number, entry in enumerate(declared, start=1):
        known[entry.id] = _checked(path, number, entry, known)
    return list(known.values())


def _checked(path: Path, number: int, entry: _Declared, known: Container[str]) -> BasemapEntry:
    where = f"basemap[{number}] {entry.id}"
    if entry.id in known:
        raise TilesetError(path.name, where, "id", "twice")
    _check(path, where, entry)
    return _entry(path.parent, entry)


def _check(path: Path, where: str, entry: _Declared) -> None:
    needed, foreign = ("url", "path") if entry.kind == "xyz" else ("path", "url")
    if not getattr(entry, needed):
        raise TilesetError(path.name, where, needed, "missing")
    if getattr(entry, foreign):
        raise TilesetError(path.name, where, foreign, "not_of_this_kind", kind=entry.kind)
    if entry.min_zoom > entry.max_zoom:
        raise TilesetError(
            path.name, where, "max_zoom", "bad_zoom", value=f"{entry.min_zoom}..{entry.max_zoom}"
        )
    if entry.url and (fault := UrlTemplate(entry.url, entry.key, tuple(entry.subdomains)).fault()):
        raise TilesetError(path.name, where, "url", fault[0], **fault[1])


def _entry(folder: Path, entry: _Declared) -> BasemapEntry:
    return BasemapEntry(
        entry.id,
        entry.name_zh,
        entry.name_en,
        entry.kind,
        entry.crs,
        entry.opacity,
        folder / entry.path if entry.path else None,
        UrlTemplate(entry.url, entry.key, tuple(entry.subdomains)),
        entry.attribution,
        entry.min_zoom,
        entry.max_zoom,
        entry.tile_px,
    )


def _with_key(entry: BasemapEntry, key: str) -> BasemapEntry:
    return replace(entry, url=replace(entry.url, key=key)) if key else entry


def _online_facts(entry: BasemapEntry) -> TilesetFacts:
    name = entry.name_en if language() == "en" else entry.name_zh
    return TilesetFacts(
        name, entry.attribution, entry.min_zoom, entry.max_zoom, entry.tile_px, WORLD, entry.crs
    )
