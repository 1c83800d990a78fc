"""Owns the command that makes the demo district; the program itself must not import it.

python -m app.geo.demo_district -o DIR --seed N
"""

import argparse
import sys
from pathlib import Path

from app.geo.demo_town.forces import force_rows
from app.geo.demo_town.growth import Grower
from app.geo.demo_town.network import build_network
from app.geo.demo_town.output import Writer, facts_toml, table
from app.geo.demo_town.people import contact_rows, hazard_rows
from app.geo.demo_town.plan import read_plan
from app.geo.demo_town.rounds import patrol_rows
from app.geo.demo_town.sites import place_rows
from app.geo.demo_town.survey import Survey
from app.geo.demo_town.watch import camera_rows
from app.geo.demo_town.zoning import zone


def make_district(seed: int) -> dict[str, bytes]:
    """Every file of the district directory by name; the same seed gives the same bytes."""
    plan = read_plan()
    grower = Grower(plan, seed)
    town = grower.grow()
    edges = build_network(town.streets, plan.frame, plan.water)
    communities, grids = zone(plan, edges, grower.names["words"]["digits_zh"])
    writer = Writer(plan.facts)
    survey = Survey(plan, town, edges, grids, grower.names, writer)
    places = place_rows(survey)
    return {
        "district.toml": facts_toml(plan.facts),
        "boundary.geojson": writer.polygons([({"code": plan.facts["code"]}, plan.boundary)]),
        "communities.geojson": writer.polygons(
            ({"code": c.code, "name_zh": c.name_zh, "name_en": c.name_en}, c.shape) for c in communities
        ),
        "grids.geojson": writer.polygons(
            ({"code": g.code, "name_zh": g.name_zh, "name_en": g.name_en, "community": g.community}, g.shape)
            for g in grids
        ),
        "roads.geojson": writer.roads(edges),
        "buildings.geojson": writer.buildings(town.footprints),
        "areas.geojson": writer.areas(town.grounds),
        "places.geojson": writer.points(places),
        "cameras.csv": table(camera_rows(survey, seed)),
        "units.csv": table(force_rows(survey)),
        "patrols.geojson": writer.patrols(patrol_rows(survey)),
        "contacts.csv": table(contact_rows(survey, seed)),
        "hazards.csv": table(hazard_rows(survey, places)),
    }


def main(arguments: list[str]) -> int:
    """Write the files; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m app.geo.demo_district")
    parser.add_argument("-o", dest="directory", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    options.directory.mkdir(parents=True, exist_ok=True)
    for name, content in make_district(options.seed).items():
        (options.directory / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
