"""Owns the writing of the town as the files of a district directory, to the byte. Must not change the town."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from shapely.geometry import Polygon
from shapely.geometry.polygon import orient

from app.geo.coordinates import LocalPlane
from app.geo.demo_town.network import Edge
from app.geo.demo_town.shape import XY
from app.geo.demo_town.town import Footprint, Ground

DIGITS = 7


class Writer:
    """Turns metres into degrees and rows into bytes."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._plane = LocalPlane(facts["centre_lat"], facts["centre_lon"])

    def degrees(self, point: XY) -> tuple[float, float]:
        """(lon, lat), rounded."""
        lat, lon = self._plane.to_lat_lon(*point)
        return (round(lon, DIGITS), round(lat, DIGITS))

    def ring(self, shape: Polygon) -> list[tuple[float, float]]:
        """The outer ring, counter-clockwise, closed, without points that rounding made equal."""
        return self.line([(x, y) for x, y in orient(shape).exterior.coords])

    def line(self, coords: Iterable[XY]) -> list[tuple[float, float]]:
        """Points in degrees, without repeats."""
        points = [self.degrees(point) for point in coords]
        return [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]

    def polygons(self, rows: Iterable[tuple[dict[str, Any], Polygon]]) -> bytes:
        """A feature collection of polygons."""
        return _collection((props, "Polygon", [self.ring(shape)]) for props, shape in rows)

    def roads(self, edges: list[Edge]) -> bytes:
        """A feature collection of lines between nodes."""
        rows = []
        for i, edge in enumerate(edges, start=1):
            props = {
                "id": f"R{i:04d}",
                "name_zh": edge.street.name_zh,
                "name_en": edge.street.name_en,
                "class": edge.street.road_class,
                "oneway": edge.oneway,
                "from": edge.start,
                "to": edge.end,
            }
            rows.append(
                (props | ({"bridge": True} if edge.bridge else {}), "LineString", self.line(edge.coords))
            )
        return _collection(rows)

    def buildings(self, footprints: list[Footprint]) -> bytes:
        """Footprints with ids in the order given."""
        return self.polygons(
            (
                {"id": f"B{i:04d}", "kind": f.kind, "levels": f.levels}
                | ({"name_zh": f.name_zh} if f.name_zh else {}),
                f.shape,
            )
            for i, f in enumerate(footprints, start=1)
        )

    def areas(self, grounds: list[Ground]) -> bytes:
        """Ground covers; later ones lie on top of earlier ones."""
        return self.polygons(
            ({"kind": g.kind, "name_zh": g.name_zh, "name_en": g.name_en}, g.shape) for g in grounds
        )

    def points(self, rows: Iterable[tuple[dict[str, Any], XY]]) -> bytes:
        """A feature collection of points."""
        return _collection((props, "Point", self.degrees(at)) for props, at in rows)

    def patrols(self, rows: Iterable[tuple[dict[str, Any], str, Any]]) -> bytes:
        """A feature collection of lines and points."""
        return _collection(
            (props, kind, self.line(shape) if kind == "LineString" else self.degrees(shape))
            for props, kind, shape in rows
        )


def _collection(rows: Iterable[tuple[dict[str, Any], str, Any]]) -> bytes:
    lines = [
        json.dumps(
            {"type": "Feature", "properties": props, "geometry": {"type": kind, "coordinates": coordinates}},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for props, kind, coordinates in rows
    ]
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def table(rows: list[dict[str, Any]]) -> bytes:
    """Rows as CSV with a header line."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def facts_toml(facts: dict[str, Any]) -> bytes:
    """district.toml."""
    names = ("code", "name_zh", "name_en", "centre_lat", "centre_lon", "utc_offset_min")
    lines = [f"{name} = {json.dumps(facts[name], ensure_ascii=False)}" for name in names]
    return ("\n".join(lines) + "\n").encode()
