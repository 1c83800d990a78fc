"""Writes what a release is asked to import: an extract, a Shapefile in a projection of its own, a workbook.

Run by installer/check_package.sh. Owns nothing that a test of the importer reads.
"""

import sys
from pathlib import Path

import numpy as np
import openpyxl
import pyproj
import shapely
from pyogrio import raw

from tests.unit.geo.importing.osm_town import GRID_CORNERS, lon_lat, square, write_osm

GAUSS_KRUGER = "EPSG:4549"
"""CGCS2000 in zones of three degrees, round 120° E."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    write_osm(folder / "town.osm")
    _write_grids(folder / "grids.shp")
    book = openpyxl.Workbook()
    lon, lat = lon_lat(10.0, 10.0)
    book.active.append(["名称", "纬度", "经度"])
    book.active.append(["人民路口", lat, lon])
    book.save(folder / "cameras.xlsx")


def _write_grids(path: Path) -> None:
    transform = pyproj.Transformer.from_crs("EPSG:4326", GAUSS_KRUGER, always_xy=True).transform
    rings = [[transform(*point) for point in square(*corner, 500.0)] for corner in GRID_CORNERS]
    shapes = np.array([shapely.to_wkb(shapely.Polygon(ring)) for ring in rings], dtype=object)
    names = np.array([f"网格{number}" for number in range(len(rings))], dtype=object)
    raw.write(
        path, shapes, [names], ["name"],
        driver="ESRI Shapefile", geometry_type="Polygon", crs=GAUSS_KRUGER, encoding="GBK",
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
