"""Whether a sketch may go to all desks, and who may take it back.

Owns the rules about shared sketches. Must not know how a sketch is drawn. What asks who speaks and when stands in
`permit_sketch`: decisions themselves know neither.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import reason_given, sane_position, visible_line
from app.domain.ids import sketch_stream
from app.domain.instants import Instant
from app.domain.masking import mask_text
from app.domain.roles import SHIFT_LEAD
from app.domain.sketch import (
    HOUR_MS,
    KINDS,
    LEAST_POINTS,
    LONGEST_MS,
    MOST_POINTS,
    MOST_RADII,
    MOST_RADIUS_M,
    MOST_TEXT,
    SHARED,
    WITHDRAWN,
    SharedSketch,
)

_DEGREE_DIGITS = 7
"""A centimetre: what a hand draws is no finer, and the journal keeps every figure for ever."""


def share_sketch(desk: Desk, c: cmd.ShareSketch) -> Changes:
    """Sent again with a later end it stands longer; sent again as it stands it is so already."""
    known = desk.sketches.get(c.sketch)
    if known is not None and known.status == SHARED and c.expires_at <= known.expires_at:
        return []
    _sane_shape(c)
    points = tuple((round(lat, _DEGREE_DIGITS), round(lon, _DEGREE_DIGITS)) for lat, lon in c.points)
    event = ev.SketchShared(c.sketch, c.kind, points, _sane_text(c), c.radii_m, c.expires_at)
    return [(sketch_stream(c.sketch), event)]


def withdraw_sketch(desk: Desk, c: cmd.WithdrawSketch) -> Changes:
    known = _known(desk, c.sketch)
    if known.status == WITHDRAWN:
        raise Refusal("sketch_withdrawn", c.sketch, desk=known.desk)
    reason = sent_text(reason_given(c.sketch, c.reason))
    if len(reason) > MOST_TEXT:
        raise Refusal("sketch_text_length", c.sketch, length=len(reason), limit=MOST_TEXT)
    return [(sketch_stream(c.sketch), ev.SketchWithdrawn(c.sketch, reason))]


def permit_sketch(desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
    """Raises Refusal when it is another desk's to say so, or too late. Other commands pass.

    A shift lead may withdraw what any desk has shared: a wrong cordon must not outlive the officer who drew it.
    """
    if isinstance(command, cmd.ShareSketch):
        _sane_end(command, context.occurred_at)
        known = desk.sketches.get(command.sketch)
        if known is not None and known.desk != context.desk:
            raise Refusal("sketch_of_other_desk", known.id, desk=known.desk)
    elif isinstance(command, cmd.WithdrawSketch):
        known = _known(desk, command.sketch)
        if known.desk != context.desk and context.role != SHIFT_LEAD:
            raise Refusal("sketch_of_other_desk", known.id, desk=known.desk)


def sent_text(text: str) -> str:
    """A sketch's text as every desk will read it: one plain line, numbers of people masked.

    What is invisible could hide a number from its mask.
    """
    return mask_text(visible_line(text))


def _known(desk: Desk, sketch: str) -> SharedSketch:
    found = desk.sketches.get(sketch)
    if found is None:
        raise Refusal("sketch_unknown", sketch)
    return found


def _sane_shape(c: cmd.ShareSketch) -> None:
    if c.kind not in KINDS:
        raise Refusal("sketch_kind_unknown", c.sketch, kind=c.kind)
    if len(c.points) > MOST_POINTS:
        raise Refusal("sketch_too_many_points", c.sketch, count=len(c.points), limit=MOST_POINTS)
    if len(c.points) < LEAST_POINTS[c.kind]:
        raise Refusal("sketch_too_few_points", c.sketch, count=len(c.points), limit=LEAST_POINTS[c.kind])
    for lat, lon in c.points:
        sane_position(c.sketch, lat, lon)
    if len(c.radii_m) > MOST_RADII or any(not 0 < radius_m <= MOST_RADIUS_M for radius_m in c.radii_m):
        raise Refusal("sketch_radius", c.sketch, count=MOST_RADII, limit_km=round(MOST_RADIUS_M / 1000))


def _sane_text(c: cmd.ShareSketch) -> str:
    """The text that every desk reads: plain, with numbers of people masked."""
    if len(c.text) > MOST_TEXT:
        raise Refusal("sketch_text_length", c.sketch, length=len(c.text), limit=MOST_TEXT)
    text = sent_text(c.text)
    if c.kind == "note" and not text:
        raise Refusal("sketch_note_empty", c.sketch)
    return text


def _sane_end(c: cmd.ShareSketch, now: Instant) -> None:
    if not now < c.expires_at <= now + LONGEST_MS:
        raise Refusal("sketch_end", c.sketch, limit_h=LONGEST_MS // HOUR_MS)
