"""Owns what the town is made of while it grows. Must not decide what goes where."""

from dataclasses import dataclass, field

from shapely.geometry import Point, Polygon

from app.geo.demo_town.plan import Street


@dataclass(slots=True)
class Footprint:
    """A building in metres."""

    shape: Polygon
    kind: str
    levels: int
    name_zh: str = ""


@dataclass(slots=True)
class Ground:
    """A piece of ground with a cover of its own."""

    shape: Polygon
    kind: str
    name_zh: str = ""
    name_en: str = ""


@dataclass(slots=True)
class Spot:
    """A named place."""

    at: Point
    kind: str
    name_zh: str
    name_en: str


@dataclass(slots=True)
class Gate:
    """Where a compound or campus opens to the street; the bearing points inwards."""

    at: Point
    bearing_deg: float
    name_zh: str
    name_en: str
    kind: str


@dataclass(slots=True)
class Town:
    """Everything that has been put on the blocks so far."""

    streets: list[Street] = field(default_factory=list)
    footprints: list[Footprint] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lot:
    """A plot to be filled, with the name of what stands on it ("" for none)."""

    plot: Polygon
    name_zh: str = ""
    name_en: str = ""
