"""Owns the words of a joint plan: what it gains against sending the nearest to each in turn, and what it leaves behind.

Must not solve and must not paint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from app.i18n import tr
from widgets.models.dispatch_advice import percent
from widgets.models.incident_queue import named

if TYPE_CHECKING:
    from app.dispatch.coverage import Coverage
    from app.dispatch.joint import Gain
    from app.service.dispatching import JointAdvice


def joint_text(advice: JointAdvice, left_out: Collection[str] = ()) -> str:
    """Who goes, what waits, what stays open, and the gain, in one paragraph.

    What the officer has left out is in no figure but the gain, which is that of the whole plan and says so.
    """
    kept = [one for one in advice.errands if one.incident.id not in left_out]
    open_places = sum(len(one.missing) for one in kept)
    waits = sum(len(one.waits) for one in kept)
    parts = [tr("dispatch.joint.units", units=sum(len(one.units) for one in kept))]
    if waits:
        parts.append(tr("dispatch.joint.waiting", count=waits))
    if open_places:
        parts.append(tr("dispatch.joint.open_places", count=open_places))
    gain = _gain_text(advice.gain)
    if len(kept) < len(advice.errands):
        gain = tr("dispatch.joint.struck", count=len(advice.errands) - len(kept), gain=gain)
    return tr("dispatch.joint.sentence", facts=tr("dispatch.joint.comma").join(parts), gain=gain)


def missing_text(missing: Sequence[str]) -> str:
    """The kinds that are lacking, each with how many."""
    counts = Counter(missing)
    kinds = (
        tr("dispatch.need", kind=named("terms.unit_kind_short", kind), count=n) for kind, n in counts.items()
    )
    return tr("dispatch.kind_separator").join(kinds)


def _gain_text(gain: Gain) -> str:
    parts = []
    if gain.more:
        parts.append(
            tr("dispatch.joint.more" if gain.more > 0 else "dispatch.joint.fewer", count=abs(gain.more))
        )
    if abs(gain.sooner_s) >= 1:
        key = "sooner" if gain.sooner_s > 0 else "later"
        parts.append(tr(f"dispatch.joint.{key}", time=_time_text(abs(gain.sooner_s))))
    if gain.urgent_s is not None and gain.urgent_in_turn_s is not None and parts:
        ours, theirs = _time_text(gain.urgent_s), _time_text(gain.urgent_in_turn_s)
        parts.append(tr("dispatch.joint.urgent", ours=ours, theirs=theirs))
    if not parts:
        return tr("dispatch.joint.same")
    return tr("dispatch.joint.against", gain=tr("dispatch.joint.comma").join(parts))


def _time_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return tr("dispatch.joint.hours", hours=minutes // 60, minutes=minutes % 60)
    return tr("dispatch.joint.time", minutes=minutes, seconds=rest)


def joint_cover_text(cover: Coverage) -> str:
    """What is left within reach when all of them have gone; "" where there are no grids."""
    if not cover.grids:
        return ""
    before, after, minutes = percent(cover.before), percent(cover.after), round(cover.limit_s / 60)
    return tr("dispatch.joint.cover", minutes=minutes, before=before, after=after)
