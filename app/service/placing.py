"""What a desk says of a position that a report gives: its grid, and how far outside the district it lies.

Owns how far outside is still the desk's to write down: what is told of just beyond the border is taken, without a grid,
and handed over; what lies further away is a slip of the finger. Must not search for places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.errors import Refusal

if TYPE_CHECKING:
    from app.geo.district import District
    from app.geo.grid_index import GridIndex

FARTHEST_M: Final = 20_000.0
"""As far as neighbouring streets and towns; a position in another system is at most 1.5 km off."""


@dataclass(frozen=True, slots=True)
class Placed:
    """`grid` is its code, "" outside every grid; `outside_m` is 0 within the district."""

    grid: str
    outside_m: float


def placed(district: District, grids: GridIndex, lat: float, lon: float) -> Placed:
    """Where a position (WGS-84) lies. A tenth of a millisecond once `grids` stands."""
    from app.geo.outside import outside_m  # shapely is read by then, on another thread

    found = grids.grid_at(lat, lon)
    if found is not None:
        return Placed(found.code, 0.0)
    return Placed("", outside_m(district.boundary, lat, lon))


def within_reach(subject: str, away: Placed) -> None:
    """Raises Refusal naming the place where it is no neighbour's either."""
    if away.outside_m > FARTHEST_M:
        raise Refusal(
            "place_far_outside", subject, away_km=f"{away.outside_m / 1000:,.0f}",
            limit_km=f"{FARTHEST_M / 1000:.0f}",
        )  # fmt: skip
