"""Events of drawings on the map that a desk shows to all.

Owns their names and fields; events.py gathers them.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.instants import Instant
from app.domain.plain import plain

# -- sketch/<id> -----------------------------------------------------------------------------------------------------


@plain
class SketchShared(Event, type_name="sketch.shared"):
    """A desk shows a drawing to all; the envelope says which and who. `text` is masked, `points` are (lat, lon)."""

    sketch: str
    kind: str
    points: tuple[tuple[float, float], ...]
    text: str
    radii_m: tuple[float, ...]
    expires_at: Instant


@plain
class SketchWithdrawn(Event, type_name="sketch.withdrawn"):
    sketch: str
    reason: str
