"""Commands of drawings on the map that a desk shows to all.

Owns their names and fields; commands.py gathers them. Must not judge them: that is sketching.py.
"""

from __future__ import annotations

from app.domain.command import Command
from app.domain.instants import Instant
from app.domain.plain import plain


@plain
class ShareSketch(Command):
    """Shows a drawing to all desks until `expires_at`. `points` are (lat, lon), WGS-84; kinds: app/domain/sketch.py."""

    sketch: str
    kind: str
    points: tuple[tuple[float, float], ...]
    text: str
    radii_m: tuple[float, ...]
    expires_at: Instant


@plain
class WithdrawSketch(Command):
    sketch: str
    reason: str
