"""Owns the list of named places. Must not put up buildings."""

from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry import Point

from app.geo.demo_town.shape import XY
from app.geo.demo_town.survey import Survey
from app.geo.demo_town.town import Footprint


def place_rows(survey: Survey) -> list[tuple[dict[str, Any], XY]]:
    """Every named place inside the boundary with its properties."""
    rows: list[tuple[dict[str, Any], XY]] = []
    seen: set[str] = set()
    for kind, name_zh, name_en, at in _named_points(survey):
        grid = survey.grid_at(at)
        if grid is None or not name_zh or name_zh in seen:
            continue
        seen.add(name_zh)
        rows.append((_props(survey, len(rows) + 1, (kind, name_zh, name_en), at, grid.code), at))
    return rows


def _props(survey: Survey, number: int, what: tuple[str, str, str], at: XY, grid: str) -> dict[str, Any]:
    street_zh, house = survey.address(at)
    return {
        "id": f"L{number:03d}",
        "kind": what[0],
        "name_zh": what[1],
        "name_en": what[2],
        "grid": grid,
        "address_zh": survey.names["words"]["number_zh"].format(street=street_zh, number=house),
    }


def _named_points(survey: Survey) -> Iterator[tuple[str, str, str, XY]]:
    for row in survey.plan.table["place"]:
        yield row["kind"], row["name_zh"], row["name_en"], post_point(survey, row["key"])
    for spot in survey.town.spots:
        yield spot.kind, spot.name_zh, spot.name_en, (spot.at.x, spot.at.y)


def post_point(survey: Survey, key: str) -> XY:
    """Where a hand-placed place, or the block with one use of that kind, has come to stand."""
    for row in survey.plan.table["place"]:
        if row["key"] == key:
            return _settled(survey, row)
    spot = next(spot for spot in survey.town.spots if spot.kind == key)
    return (spot.at.x, spot.at.y)


def _settled(survey: Survey, row: dict[str, Any]) -> XY:
    kinds = row["building"].split()
    if not kinds:
        return (row["point"][0], row["point"][1])
    near = survey.building_tree.query(Point(row["point"]), predicate="dwithin", distance=160.0)
    fitting = [survey.town.footprints[i] for i in sorted(near) if survey.town.footprints[i].kind in kinds]
    if not fitting:
        return (row["point"][0], row["point"][1])
    house: Footprint = min(fitting, key=lambda f: f.shape.distance(Point(row["point"])))
    at = shapely.point_on_surface(house.shape)
    return (at.x, at.y)
