"""A district whose every figure can be worked out by hand."""

import json
from pathlib import Path

from app.geo.coordinates import LocalPlane

CENTRE = (31.0, 121.0)


def lon_lat(x_m: float, y_m: float) -> list[float]:
    """A position of the small district given in metres."""
    lat, lon = LocalPlane(*CENTRE).to_lat_lon(x_m, y_m)
    return [lon, lat]


def position(x_m: float, y_m: float) -> tuple[float, float]:
    """(lat, lon) of metres in the small district."""
    return LocalPlane(*CENTRE).to_lat_lon(x_m, y_m)


def square(west: float, south: float, side_m: float) -> list[list[list[float]]]:
    """A ring in degrees."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [[lon_lat(west + u * side_m, south + v * side_m) for u, v in corners]]


def collection(rows: list[tuple[dict[str, object], str, object]]) -> str:
    """A FeatureCollection as text."""
    features = [
        {"type": "Feature", "properties": props, "geometry": {"type": kind, "coordinates": coordinates}}
        for props, kind, coordinates in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def road(
    number: int,
    ends: tuple[int, int],
    points: list[tuple[float, float]],
    road_class: str,
    oneway: bool = False,
) -> tuple[dict[str, object], str, object]:
    """A road of the small district."""
    props: dict[str, object] = {"id": f"R{number}", "name_zh": "", "name_en": "", "class": road_class}
    props |= {"oneway": oneway, "from": ends[0], "to": ends[1]}
    return props, "LineString", [lon_lat(*point) for point in points]


GRIDS = {"310198006001001": (-500.0, -500.0), "310198006001002": (500.0, -500.0)}


def write_small_district(directory: Path) -> None:
    """Two square grids side by side; roads: a 400 m square, its south side one-way west to east, and an islet.

    10 --- 13      edges: south 10->11 (one-way), east 11-12, north 13-12, west 10-13, all primary;
    |      |       an alley 12-14 of 100 m to the north; a footway 14-15; an islet 20-21 far off.
    """
    community = "310198006001"
    texts = {
        "district.toml": f'code = "310198006"\nname_zh = "x"\nname_en = "X"\n'
        f"centre_lat = {CENTRE[0]}\ncentre_lon = {CENTRE[1]}\nutc_offset_min = 480\n",
        "boundary.geojson": collection([({}, "Polygon", square(-1000, -500, 2000))]),
        "communities.geojson": collection(
            [({"code": community, "name_zh": "c", "name_en": "C"}, "Polygon", square(-1000, -500, 2000))]
        ),
        "grids.geojson": collection(
            [
                (
                    {"code": code, "name_zh": "g", "name_en": "G", "community": community},
                    "Polygon",
                    square(*at, 1000),
                )
                for code, at in GRIDS.items()
            ]
        ),
        "roads.geojson": collection(
            [
                road(1, (10, 11), [(0, 0), (400, 0)], "primary", oneway=True),
                road(2, (11, 12), [(400, 0), (400, 400)], "primary"),
                road(3, (13, 12), [(0, 400), (400, 400)], "primary"),
                road(4, (10, 13), [(0, 0), (0, 400)], "primary"),
                road(5, (12, 14), [(400, 400), (400, 500)], "alley"),
                road(6, (14, 15), [(400, 500), (400, 600)], "footway"),
                road(7, (20, 21), [(3000, 3000), (3100, 3000)], "primary"),
            ]
        ),
        "buildings.geojson": collection(
            [({"id": "B1", "kind": "residential", "levels": 6}, "Polygon", square(50, 50, 20))]
        ),
        "areas.geojson": collection([({"kind": "park", "name_zh": "p"}, "Polygon", square(100, 100, 50))]),
        "places.geojson": collection(
            [
                (
                    {"id": "L1", "kind": "school", "name_zh": "s", "name_en": "S", "grid": ""},
                    "Point",
                    lon_lat(9, 9),
                )
            ]
        ),
        "cameras.csv": "id,name_zh,name_en,lat,lon,bearing_deg,fov_deg,range_m,mount,grid,group\n"
        f"C001,a,A,31.0,121.0,90,60,80,street,{next(iter(GRIDS))},x\n",
        "units.csv": "id,call_sign_zh,call_sign_en,kind,home_lat,home_lon,grid,members,travel,skills\n"
        f"p1,a,A,police,31.0,121.0,{next(iter(GRIDS))},2,car,patrol;crowd\n",
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
