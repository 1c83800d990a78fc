"""A run card applied to one incident as it stands: its priority, what is near, the alarm level an officer has set.

Owns that, once for whoever recommends, shows tasks or ticks them off. Must not read files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.dispatch.run_card import PlaceRule, Response, RunCard, Step
from app.domain.incident import Incident
from app.geo.coordinates import distance_m
from app.geo.district import Place

TASK, CHECK = "task", "check"


def response_in_force(
    card: RunCard, incident: Incident, places: Sequence[Place], level: int | None = None
) -> Response:
    """What the card asks for; a given `level` is one that an officer looks at and has not set yet."""
    near = {rule.id for rule in card.places if _is_near(incident, rule, places)}
    return card.response(incident.priority, near, level or incident.alarm_level or None)


def lines_in_force(response: Response, ticked: Sequence[str] = ()) -> Iterator[tuple[str, Step]]:
    """(id, step) of tasks, then of questions, in the card's order.

    Ids stand in events. What is ticked stays in the list though its level is not in force any more.
    """
    card = response.card
    for kind, steps, wanted in (
        (TASK, card.tasks, response.tasks),
        (CHECK, card.checklist, response.checklist),
    ):
        for step in steps:
            item = f"{kind}.{step.id}"
            if step in wanted or item in ticked:
                yield item, step


def _is_near(incident: Incident, rule: PlaceRule, places: Sequence[Place]) -> bool:
    lat, lon = incident.lat, incident.lon
    if lat is None or lon is None:
        return False
    of_kind = (place for place in places if place.kind in rule.kinds)
    return any(distance_m(lat, lon, place.lat, place.lon) <= rule.within_m for place in of_kind)
