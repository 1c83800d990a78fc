"""What a drill without a window came to: the state at its end and how soon somebody was there.

Owns the figures beside those of the state dump and why somebody was not reached. Must not play or print anything. Times
count from the report to the first unit on scene; percentiles are nearest rank, as everywhere in the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

from app.domain.incident import PRIORITIES, WITHDRAWN, Incident
from app.drill.options import NONE
from app.drill.run import Tally
from app.projections.metrics import response_interval

_DIGITS: Final = 3

Why = Callable[[Incident], Awaitable[str]]
"""Why nobody goes there: the key of a reason of the recommendation."""


async def drill_metrics(incidents: Sequence[Incident], tally: Tally, policy: str, why: Why) -> dict[str, Any]:
    """Figures by name; keys and values are the same for the same drill."""
    reached = [one for one in incidents if one.arrived_at is not None]
    missed = [one for one in incidents if one.arrived_at is None]
    by_priority = {str(p): arrival(one for one in incidents if one.priority == p) for p in PRIORITIES}
    return {
        "arrived": len(reached),
        "arrival_s": arrival(incidents),
        "arrival_s_by_priority": {name: found for name, found in by_priority.items() if found["count"]},
        "orders_sent": tally.sent,
        "orders_declined": tally.declined,
        "orders_refused": dict(sorted(tally.refused.items())),
        "not_served": len(missed),
        "not_served_why": await _causes(missed, policy, why),
    }


def arrival(incidents: Iterable[Incident]) -> dict[str, Any]:
    """Seconds from report to the first unit on scene, of those where somebody came."""
    known = list(incidents)
    interval = response_interval(known, "arrive")
    seconds = [(one.arrived_at - one.counts_from) / 1000 for one in known if one.arrived_at is not None]
    mean_s = round(sum(seconds) / len(seconds), _DIGITS) if seconds else None
    return {"count": interval.count, "mean": mean_s, "p50": interval.p50_s, "p90": interval.p90_s}


async def _causes(missed: Sequence[Incident], policy: str, why: Why) -> dict[str, int]:
    causes = Counter([await _cause(one, policy, why) for one in missed])
    return dict(sorted(causes.items()))


async def _cause(one: Incident, policy: str, why: Why) -> str:
    if one.status == WITHDRAWN:
        return "withdrawn"
    if one.units:
        return "under_way"
    if not one.is_open:
        return "ended_otherwise"
    if policy == NONE:
        return "nobody_sent"
    return "no_place" if one.lat is None else await why(one)
