"""Owns the order in which the town grows: streets, blocks, plots, buildings. Must not write files."""

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from app.geo.demo_town import campuses, grounds
from app.geo.demo_town.blocks import Block, BlockMaker
from app.geo.demo_town.compounds import STYLES, Compound
from app.geo.demo_town.old_lanes import fill_old_block
from app.geo.demo_town.plan import CARRIAGEWAY_HALF_M, Plan, Street
from app.geo.demo_town.shape import lines_of, multi, polygons_of
from app.geo.demo_town.town import Footprint, Ground, Lot, Spot, Town

CONTEXT_M = 380.0
FILLS: dict[str, Callable[[Lot, Town, random.Random], None]] = {
    "commercial": campuses.fill_commercial,
    "mall": campuses.fill_mall,
    "plaza": campuses.fill_plaza,
    "market": campuses.fill_market,
    "industrial": campuses.fill_industrial,
    "office": grounds.fill_office,
    "park": grounds.fill_park,
    "garden": grounds.fill_garden,
    "hospital": grounds.fill_hospital,
    "school": grounds.fill_school,
    "kindergarten": grounds.fill_kindergarten,
    "sports": grounds.fill_sports,
    "temple": grounds.fill_temple,
    "station": grounds.fill_station,
}
FRONTED = ("primary", "secondary", "tertiary")


def read_names() -> dict[str, Any]:
    """The word lists of names.toml."""
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))


class Grower:
    """Fills the plan's blocks; `town` is the outcome."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self._plan = plan
        self._rng = random.Random(seed)
        self.names = read_names()
        self._next_name: dict[str, int] = {}
        self.town = Town()

    def grow(self) -> Town:
        """The whole town: streets first, then every block that lies in or near the boundary."""
        plan, town = self._plan, self.town
        maker = BlockMaker(plan, self._rng)
        blocks = maker.make()
        self._name_streets(maker.streets)
        town.streets.extend([*plan.streets, *maker.streets])
        self._lay_water()
        near = plan.boundary.buffer(CONTEXT_M)
        tree = shapely.STRtree([street.line for street in town.streets])
        laid = list(town.streets)
        for block in sorted(blocks, key=lambda b: not plan.boundary.contains(b.face.centroid)):
            if near.contains(block.face.centroid):
                self._fill(block, [laid[i] for i in sorted(tree.query(block.face.buffer(20.0)))])
        self._drop_clashes()
        return town

    def _name_streets(self, streets: list[Street]) -> None:
        inside = self._plan.boundary
        for street in sorted(streets, key=lambda s: -s.line.length):
            kind = "alley" if street.road_class == "alley" else "residential"
            names = self.names["streets"][kind]
            index = self._next_name.get(kind, 0)
            if inside.intersects(street.line) and index < len(names) and street.line.length > 45.0:
                street.name_zh, street.name_en = names[index]
                street.oneway = kind == "residential" and index % 5 == 2
                self._next_name[kind] = index + 1

    def _lay_water(self) -> None:
        plan, town = self._plan, self.town
        strips = plan.corridors.intersection(plan.frame).difference(plan.water)
        roads = shapely.unary_union([s.strip() for s in plan.streets if not s.elevated])
        open_ground = strips.difference(roads.union(plan.rail)).buffer(-0.6).buffer(0.6, join_style="mitre")
        for strip in polygons_of(open_ground, 250.0):
            town.grounds.extend(Ground(part, "green") for part in _unholed(strip))
        town.grounds.append(
            Ground(plan.rail, "rail", plan.table["rail"]["name_zh"], plan.table["rail"]["name_en"])
        )
        for key, shape in (("river", plan.river), ("creek", plan.creek)):
            row = plan.table[key]
            town.grounds.extend(
                Ground(part, "water", row["name_zh"], row["name_en"]) for part in polygons_of(shape, 100.0)
            )

    def _fill(self, block: Block, streets: list[Street]) -> None:
        taken = shapely.unary_union([s.strip() for s in streets])
        plots = polygons_of(block.face.difference(taken).difference(self._plan.water.buffer(4.0)), 150.0)
        for plot in plots:
            solid = Polygon(plot.exterior).simplify(0.3)
            self._fill_plot(block, solid, streets)

    def _fill_plot(self, block: Block, plot: Polygon, streets: list[Street]) -> None:
        town, rng = self.town, self._rng
        if block.use == "old":
            fill_old_block(plot, town, rng)
        elif block.use in STYLES and plot.area > 2_500.0:
            name = self._name("compounds", block.use, plot)
            Compound(plot, block.use, name, rng).build(town, block.face, _frontage(plot, streets))
            town.spots.append(Spot(plot.centroid, "compound", *name))
        elif block.use in FILLS:
            name = (
                (block.site.name_zh, block.site.name_en)
                if block.site
                else self._name("campuses", block.use, plot)
            )
            FILLS[block.use](Lot(plot, *name), town, rng)
            town.spots.append(Spot(plot.representative_point(), block.use, *name))
        else:
            town.grounds.append(Ground(plot, "green"))

    def _name(self, area: str, kind: str, plot: Polygon) -> tuple[str, str]:
        names = self.names[area].get(kind, [])
        index = self._next_name.get(kind, 0)
        if index >= len(names):
            return ("", "")
        self._next_name[kind] = index + 1
        return (names[index][0], names[index][1])

    def _drop_clashes(self) -> None:
        """Take away what stands on a street, in water or in another house."""
        strips = [s.line.buffer(_clear_m(s)) for s in self.town.streets if not s.elevated]
        blocked = shapely.STRtree([*strips, self._plan.water])
        grounds = [*strips, self._plan.water]
        kept: list[Footprint] = []
        shapes = [f.shape for f in self.town.footprints]
        tree = shapely.STRtree(shapes)
        gone: set[int] = set()
        for i, footprint in enumerate(self.town.footprints):
            on_street = any(
                grounds[j].intersection(footprint.shape).area > 0.01
                for j in blocked.query(footprint.shape, predicate="intersects")
            )
            rivals = [
                j for j in tree.query(footprint.shape, predicate="intersects") if j < i and j not in gone
            ]
            if on_street or any(shapes[j].intersection(footprint.shape).area > 0.01 for j in rivals):
                gone.add(i)
            else:
                kept.append(footprint)
        self.town.footprints = kept


def _clear_m(street: Street) -> float:
    return CARRIAGEWAY_HALF_M[street.road_class]


def _unholed(shape: Polygon) -> list[Polygon]:
    """The shape in pieces without holes: cut through the middle of each hole until none is left."""
    if not shape.interiors:
        return [shape]
    x = shape.interiors[0].centroid.x
    knife = LineString([(x, -9e4), (x, 9e4)]).buffer(0.05)
    return [part for piece in polygons_of(shape.difference(knife), 60.0) for part in _unholed(piece)]


def _frontage(plot: Polygon, streets: list[Street]) -> BaseGeometry:
    """The part of the plot's rim that faces a street with shops."""
    better = multi([s.strip(1.5) for s in streets if s.road_class in FRONTED])
    pieces = lines_of(shapely.line_merge(plot.exterior.intersection(better)), 30.0)
    return shapely.MultiLineString([piece.simplify(1.0) for piece in pieces])
