"""What a unit's phone shows: its tasks and what belongs to them, its messages, the words to answer with.

Owns what leaves the desk for a phone, and nothing that the task does not need: free texts are masked, the reporter's
number goes only where an officer has released it. Must not read a store or a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.dispatch.in_force import lines_in_force, response_in_force
from app.dispatch.run_card import RunCard
from app.domain.desk import Desk
from app.domain.field_clocks import post_stage, roll, stage
from app.domain.field_limits import FieldLimits, Phrase
from app.domain.incident import Incident
from app.domain.incident_types import OTHER, IncidentTypes
from app.domain.instants import Instant
from app.domain.masking import mask_text
from app.domain.unit import Assignment, PostOrder, Unit
from app.geo.coordinates import bearing_deg, distance_m
from app.geo.district import Place


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line of a checklist; `id` stands in events."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What a view is made from. `here` is the unit's newest fix, `numbers` released reporters by incident."""

    desk: Desk
    types: IncidentTypes
    cards: Mapping[str, RunCard]
    limits: FieldLimits
    now: Instant
    here: tuple[float, float] | None = None
    numbers: Mapping[str, str] | None = None
    hazards: Callable[[Incident], Sequence[str]] = lambda _incident: ()
    """What is known of the place that whoever goes there must mind."""
    places: Sequence[Place] = ()
    """The district's: near some of them a run card begins with a higher level."""
    grids: Mapping[str, tuple[str, str]] | None = None
    """Names of grids in both languages, by code."""


def checklist(
    incident: Incident, types: IncidentTypes, cards: Mapping[str, RunCard], places: Sequence[Place] = ()
) -> list[CheckItem]:
    """Tasks and questions of the run card at the level in force, and whatever of it was ticked before."""
    known = types.get(incident.incident_type) or types.get(OTHER)
    card = cards.get(known.run_card) if known is not None else None
    if card is None:
        return []
    response = response_in_force(card, incident, places)
    ticked = [tick.item for tick in incident.ticks]
    return [CheckItem(key, step.text.zh, step.text.en) for key, step in lines_in_force(response, ticked)]


def view(unit: Unit, call_signs: tuple[str, str], sight: Sight) -> dict[str, Any]:
    """Plain values for JSON; times are milliseconds, `now` is the desk's clock."""
    limits = sight.limits
    return {
        "type": "state",
        "now": sight.now,
        "unit": {"id": unit.id, "zh": call_signs[0], "en": call_signs[1], "status": unit.status},
        "tasks": [_task(unit, held, sight) for held in reversed(unit.assignments)],
        "post": _post(unit.post_order, sight) if unit.post_order is not None else None,
        "messages": [
            {"id": m.id, "text": m.text, "mine": m.from_unit, "at": m.at, "read": m.is_read}
            for m in unit.messages
        ],
        "phrases": _phrases(limits.unit_phrases),
        "reasons": _phrases(limits.decline_reasons),
    }


def _phrases(phrases: Sequence[Phrase]) -> list[dict[str, str]]:
    return [{"zh": phrase.zh, "en": phrase.en} for phrase in phrases]


def _task(unit: Unit, held: Assignment, sight: Sight) -> dict[str, Any]:
    incident = sight.desk.incidents[held.incident]
    called = roll(held, incident, sight.limits, sight.now)
    return {
        "incident": incident.id,
        "number": incident.number,
        "title": mask_text(incident.title),
        "kind": _kind(incident.incident_type, sight.types),
        "priority": incident.priority,
        "what": mask_text(incident.description),
        "address": incident.address,
        "lat": incident.lat,
        "lon": incident.lon,
        "way": _way(incident, sight.here),
        "stage": stage(held),
        "sent_at": held.delivery.sent_at,
        "hazards": list(sight.hazards(incident)),
        "checklist": _items(incident, sight),
        "asked": [
            {
                "count": r.count,
                "kinds": r.kinds,
                "reason": r.reason,
                "settled": r.settled,
                "sent": len(r.sent),
            }
            for r in incident.requests
            if r.unit == unit.id
        ],
        "roll": None if called is None else {"state": called.state, "due_at": called.due_at},
        "reporter": (sight.numbers or {}).get(incident.id, ""),
        "files": len(incident.files),
    }


def _kind(incident_type: str, types: IncidentTypes) -> dict[str, str]:
    known = types.get(incident_type)
    return (
        {"zh": incident_type, "en": incident_type}
        if known is None
        else {"zh": known.name_zh, "en": known.name_en}
    )


def _post(order: PostOrder, sight: Sight) -> dict[str, Any]:
    name_zh, name_en = (sight.grids or {}).get(order.code, (order.code, order.code))
    way = _way(order, sight.here)
    return {
        "order": order.id,
        "zh": name_zh,
        "en": name_en,
        "lat": order.lat,
        "lon": order.lon,
        "way": way,
        "stage": post_stage(order),
        "sent_at": order.delivery.sent_at,
    }


def _way(to: Incident | PostOrder, here: tuple[float, float] | None) -> dict[str, float] | None:
    """How far and in which direction, as the crow flies: a hint, the phone's own map knows the streets."""
    if here is None or to.lat is None or to.lon is None:
        return None
    there = (to.lat, to.lon)
    return {"distance_m": round(distance_m(*here, *there)), "bearing_deg": round(bearing_deg(*here, *there))}


def _items(incident: Incident, sight: Sight) -> list[dict[str, Any]]:
    ticks = {tick.item: tick for tick in incident.ticks}
    return [
        {"id": item.id, "zh": item.zh, "en": item.en, "done": item.id in ticks}
        for item in checklist(incident, sight.types, sight.cards, sight.places)
    ]
