"""Owns raster base maps that tests of the map make: pictures drawn with Qt in real MBTiles files."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter

from app.geo.tilesets import BasemapEntry, TileAddress
from app.geo.tilesets.tile_grid import tiles_under, to_grid
from app.geo.tilesets.tile_source import LonLatBounds, TileCrs
from tests.unit.geo.tilesets.tile_files import make_mbtiles

SIDE_PX = 256
Draw = Callable[[QPainter, TileAddress], None]


def picture(draw: Callable[[QPainter], None], side_px: int = SIDE_PX, kind: str = "PNG") -> bytes:
    """An encoded square picture."""
    image = QImage(side_px, side_px, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    return buffer.data().data()


def plain(colour: str, side_px: int = SIDE_PX, kind: str = "PNG") -> bytes:
    return picture(lambda painter: painter.fillRect(0, 0, side_px, side_px, QColor(colour)), side_px, kind)


def around(lat: float, lon: float, half_deg: float = 0.012) -> LonLatBounds:
    return lon - half_deg, lat - half_deg, lon + half_deg, lat + half_deg


def addresses(zooms: Iterable[int], bounds: LonLatBounds, crs: TileCrs = "epsg3857") -> list[TileAddress]:
    """Every tile of these zooms that the box touches."""
    found = []
    for z in zooms:
        columns, rows = tiles_under(crs, z, bounds)
        found += [TileAddress(z, x, y) for y in rows for x in columns]
    return found


def dotted(lat: float, lon: float, crs: TileCrs) -> Draw:
    """Tiles that are white but for a black dot of 8 pixels at a place on the earth."""

    def draw(painter: QPainter, address: TileAddress) -> None:
        column, row = to_grid(crs, address.z, np.array([lat]), np.array([lon]))
        x_px, y_px = (column[0] - address.x) * SIDE_PX, (row[0] - address.y) * SIDE_PX
        painter.fillRect(round(x_px) - 4, round(y_px) - 4, 8, 8, QColor("black"))

    return draw


def drawn(path: Path, tiles: Iterable[TileAddress], draw: Draw) -> Path:
    """An MBTiles file whose tiles are drawn one by one."""
    bodies = {tuple(address): picture(lambda p, a=address: draw(p, a)) for address in tiles}
    return make_mbtiles(path, bodies, {"name": "Drawn", "format": "png"})  # type: ignore[arg-type]


def entry(path: Path, crs: TileCrs = "epsg3857", opacity: float = 1.0, name: str = "aerial") -> BasemapEntry:
    return BasemapEntry(name, "影像", "Aerial", "mbtiles", crs, opacity, path)
