"""The shared sketch: a line, an area, rings or a note that one desk has drawn for all desks, until it runs out.

Owns the fold of one sketch stream and the limits that every sketch keeps. Must not judge (sketching.py) or draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from app.domain import events as ev
from app.domain.instants import Instant
from app.domain.plain import Plain, plain, replace

SketchKind: TypeAlias = Literal["line", "area", "rings", "note"]
KINDS: Final[tuple[SketchKind, ...]] = get_args(SketchKind)
LEAST_POINTS: Final[Mapping[str, int]] = {"line": 2, "area": 3, "rings": 1, "note": 1}
MOST_POINTS: Final = 500
MOST_TEXT: Final = 200
MOST_RADII: Final = 10
MOST_RADIUS_M: Final = 100_000.0

HOUR_MS: Final = 3_600_000
SHIFT_MS: Final = 12 * HOUR_MS
"""How long a sketch stands on every screen unless its sender says otherwise: to the end of a shift."""
LONGEST_MS: Final = 24 * HOUR_MS
"""What should stand longer is reference data, not a sketch."""

SHARED: Final = "shared"
WITHDRAWN: Final = "withdrawn"


@plain
class SharedSketch(Plain):
    """What one desk shows to all. `points` are (lat, lon), WGS-84; `radii_m` belong to rings."""

    id: str
    kind: str
    points: tuple[tuple[float, float], ...]
    text: str
    radii_m: tuple[float, ...]
    actor: str
    desk: str
    shared_at: Instant
    expires_at: Instant
    status: str = SHARED

    def is_shown(self, now: Instant) -> bool:
        """Whether it stands on every screen at this instant."""
        return self.status == SHARED and now < self.expires_at


def shared(e: ev.SketchShared, at: Instant, actor: str, desk: str) -> SharedSketch:
    return SharedSketch(e.sketch, e.kind, e.points, e.text, e.radii_m, actor, desk, at, e.expires_at)


def evolve(sketch: SharedSketch, event: ev.Event) -> SharedSketch:
    """The sketch after a later event of its stream. What nobody sees any more keeps no points in memory."""
    if isinstance(event, ev.SketchWithdrawn):
        return replace(sketch, status=WITHDRAWN, points=(), radii_m=(), text="")
    return sketch
