"""What the fields of an action's sheet can be filled from: who has it, whom to order, which other incident.

Owns the choices as (value, words) and what typed words mean. Must not decide: what is chosen may still be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.centre.types_in_force import incident_types, owner_name
from app.domain import unit as un
from app.domain.desk import Desk
from app.domain.incident import CONTACT_RESULTS, LEVELS, OUTCOMES, RELATIONS, Incident
from app.domain.unit import Unit
from app.i18n import tr
from widgets.actions import UNIT_MARK, Action, Words, tail
from widgets.models.incident_queue import merge_targets
from widgets.panels.case_words import Names

Choices = Mapping[str, list[tuple[str, str]]]

CODES: Final = {
    "outcome": (OUTCOMES, "action.outcome"),
    "level": (LEVELS, "action.level"),
    "result": (CONTACT_RESULTS, "triage.contact"),
    "relation": (RELATIONS, "triage.relation"),
}
"""Fields that always offer the same: values and where their words stand."""
LISTED: Final = ("by", "linked", "file", "merged")
"""Fields that offer what this incident has."""
TYPED: Final = ("to", "other", "department")
"""Fields that offer something, and take what is typed as well."""

_MOST_OTHERS: Final = 30


def choices_for(action: Action, incident: Incident, desk: Desk, names: Names) -> Choices:
    """For each field that the action asks for and that offers what the desk knows just now."""
    offers = {
        "by": _holders, "to": _receivers, "other": _others, "linked": _linked, "file": _files, "merged": _merged,
        "department": _departments,
    }  # fmt: skip
    return {field: offers[field](incident, desk, names) for field in action.asks if field in offers}


def resolved(words: Words, desk: Desk) -> Words:
    """With the incident that a typed number means; a number that nothing has stays as it was typed."""
    if not words.other or words.other in desk.incidents:
        return words
    typed = words.other.split()[0] if words.other.split() else ""
    newest_first = reversed(list(desk.incidents.values()))
    found = next((i.id for i in newest_first if typed in (i.number, tail(i.number))), typed)
    return replace(words, other=found)


def _holders(incident: Incident, _desk: Desk, names: Names) -> list[tuple[str, str]]:
    return [(holder, names.unit(holder)) for holder in incident.holders]


def _receivers(incident: Incident, desk: Desk, names: Names) -> list[tuple[str, str]]:
    """Units that could go, first who sent it back; then departments."""
    ready = sorted(
        (unit for unit in desk.units.values() if _could_go(unit, incident)),
        key=lambda unit: (unit.id != incident.returned_by, names.unit(unit.id)),
    )
    units = [(f"{UNIT_MARK}{unit.id}", names.unit(unit.id)) for unit in ready]
    return [*units, *_departments(incident, desk, names)]


def _departments(incident: Incident, _desk: Desk, _names: Names) -> list[tuple[str, str]]:
    """Whom the centre's types name as owner: the owner of this one first."""
    owners = [owner_name(incident.incident_type), *(owner_name(known.id) for known in incident_types())]
    return [(name, name) for name in dict.fromkeys(owners) if name and name != incident.department]


def _could_go(unit: Unit, incident: Incident) -> bool:
    is_there = unit.assignment(incident.id) is not None
    return not is_there and len(unit.assignments) < unit.capacity and (
        bool(unit.assignments) or unit.duty in un.DISPATCHABLE
    )  # fmt: skip


def _others(incident: Incident, desk: Desk, names: Names) -> list[tuple[str, str]]:
    """The open ones that are most alike."""
    return _named(merge_targets(desk, incident, limit=_MOST_OTHERS), names)


def _linked(incident: Incident, desk: Desk, names: Names) -> list[tuple[str, str]]:
    return _named((desk.incidents[link.other] for link in incident.links), names)


def _merged(incident: Incident, desk: Desk, names: Names) -> list[tuple[str, str]]:
    """What can be taken out of a merge: itself, else what it absorbed, the last one first."""
    keys = (incident.id,) if incident.merged_into is not None else reversed(incident.absorbed)
    return _named((desk.incidents[key] for key in keys if key in desk.incidents), names)


def _files(incident: Incident, _desk: Desk, _names: Names) -> list[tuple[str, str]]:
    return [(file.id, file.name) for file in incident.files]


def _named(incidents: Iterable[Incident], names: Names) -> list[tuple[str, str]]:
    return [(i.id, tr("triage.choice", number=tail(i.number), title=names.title(i.id))) for i in incidents]
