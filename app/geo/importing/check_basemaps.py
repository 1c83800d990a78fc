"""Owns what can be wrong with the base maps that a district declares. Must not ask a server: only files are opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.geo.importing.findings import Finding, error, warning
from app.geo.tilesets import BasemapEntry, TilesetError, TileSource, open_tileset
from app.geo.tilesets.basemaps import sound_basemaps
from app.geo.tilesets.tile_source import LonLatBounds


def basemap_findings(folder: Path, extent: LonLatBounds | None) -> Iterator[Finding]:
    """What the desk would refuse of `basemaps.toml` and of the files named in it, and files of another place.

    `extent` is the district's; None where it has none. The keys of servers are each desk's own and not looked for.
    """
    faults: list[TilesetError] = []
    entries = sound_basemaps(folder, faults.append)
    yield from (_finding(fault) for fault in faults)
    for entry in entries:
        if entry.path is not None:
            yield from _file_findings(entry, entry.path, extent)


def _file_findings(entry: BasemapEntry, path: Path, extent: LonLatBounds | None) -> Iterator[Finding]:
    try:
        with closing(_opened(entry)) as source:
            bounds = source.facts.bounds
    except TilesetError as fault:
        yield _finding(fault)
        return
    if extent is not None and not _touch(bounds, extent):
        yield warning("basemap_elsewhere", path.name, id=entry.id)


def _opened(entry: BasemapEntry) -> TileSource:
    """Of a file; what only servers need is not used."""
    return open_tileset(
        entry, cache_dir=Path(), now=lambda: 0, arrived=lambda _address: None, told=lambda _line: None
    )


def _finding(fault: TilesetError) -> Finding:
    place = " · ".join(part for part in (fault.file, fault.where, fault.field) if part)
    return error("basemap", place, mend=fault.mend)


def _touch(one: LonLatBounds, other: LonLatBounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
