"""Owns the 40 units: call signs, posts, means of travel. Must not place buildings."""

from typing import Any

from app.geo.demo_town.shape import XY
from app.geo.demo_town.sites import post_point
from app.geo.demo_town.survey import Survey


def force_rows(survey: Survey) -> list[dict[str, Any]]:
    """Units in the order of their kinds; homes stand on the kerb before their post."""
    rows: list[dict[str, Any]] = []
    for force in survey.plan.table["force"]:
        homes = _homes(survey, force)
        rows.extend(_row(survey, force, i, home) for i, home in enumerate(homes))
    return rows


def _homes(survey: Survey, force: dict[str, Any]) -> list[XY]:
    posts = [post_point(survey, key) for key in force["posts"]]
    if force.get("scatter"):
        step = len(survey.grids) / len(posts)
        shapes = [survey.grids[int(i * step)].shape.representative_point() for i in range(len(posts))]
        posts = [(p.x, p.y) for p in shapes]
    return [_beside(survey, post, posts[:i].count(post)) for i, post in enumerate(posts)]


def _beside(survey: Survey, post: XY, earlier: int) -> XY:
    """On the kerb before the post, a few metres on for each unit that stands there already."""
    return survey.kerb_at((post[0] + 9.0 * earlier, post[1] + 5.0 * earlier))


def _row(survey: Survey, force: dict[str, Any], index: int, home: XY) -> dict[str, Any]:
    lat, lon = survey.lat_lon(home)
    grid = survey.grid_at(home) or min(survey.grids, key=lambda g: g.shape.centroid.distance(g.shape))
    digits = f"{index + 1:02d}"
    return {
        "id": f"{force['letter']}{index + 1}",
        "call_sign_zh": f"{force['call_zh']}{digits}",
        "call_sign_en": f"{force['call_en']} {digits}",
        "kind": force["kind"],
        "home_lat": lat,
        "home_lon": lon,
        "grid": grid.code,
        "members": force["members"][index],
        "travel": force["travel"][index],
        "skills": force["skills"][index % len(force["skills"])],
        "equipment": force["equipment"][index] if "equipment" in force else "",
    }
