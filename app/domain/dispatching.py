"""Sending units, following them and getting them back.

Owns the rules that touch an incident and its units together. A unit works on at most `capacity` incidents; closing
frees exactly the incident's own units; a status touches only the assignment that it is about.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain import incident as inc
from app.domain import unit as un
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.force_requests import answered_by
from app.domain.guards import MAX_REASON, free_for, known_unit, open_incident, plain_line, reason_given
from app.domain.ids import incident_stream, unit_stream
from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.domain.unit import Assignment, Unit

Changes = list[tuple[str, ev.Event]]
"""(stream, event) in the order in which they happen."""

ALARM_LEVELS = (1, 2, 3)
_REASON_FINISHED = "finished"
_REASON_TURNED_BACK = "turned_back"
_REASON_DIVERTED = "diverted"
_REASON_DECLINED = "declined"


def accepted_first(incident: Incident) -> Changes:
    """Sending or closing an incident that nobody has accepted accepts it."""
    if incident.status != inc.REPORTED:
        return []
    return [(incident_stream(incident.id), ev.IncidentAccepted(incident.id))]


def assign(unit_id: str, incident: str) -> Changes:
    return [
        (unit_stream(unit_id), ev.UnitDispatched(unit_id, incident)),
        (incident_stream(incident), ev.IncidentUnitAssigned(incident, unit_id)),
    ]


def release(unit_id: str, incident: str, reason: str) -> Changes:
    return [
        (unit_stream(unit_id), ev.UnitReleased(unit_id, incident, reason)),
        (incident_stream(incident), ev.IncidentUnitCleared(incident, unit_id, reason)),
    ]


def release_all(incident: Incident, reason: str) -> Changes:
    return [change for unit_id in incident.units for change in release(unit_id, incident.id, reason)]


def move_units(desk: Desk, merged: Incident, into: Incident) -> Changes:
    """The units of a merged incident go on with the other one, as far on their way as they were."""
    changes = release_all(merged, "merged")
    moving = [desk.units[u] for u in merged.units if u not in into.units]
    if moving:
        changes += accepted_first(into)
    for unit in moving:
        changes += assign(unit.id, into.id)
        phase = _assignment(unit, merged).phase
        changes += _phase_events(unit, into, phase) if phase != un.DISPATCHED else []
    return changes


def move_requests(merged: Incident, into: Incident) -> Changes:
    """What units of a merged incident have asked for is asked for at the other one from now on."""
    known = {request.id for request in into.requests}
    return [
        (
            incident_stream(into.id),
            ev.IncidentForceRequested(into.id, r.id, r.unit, r.kinds, r.count, r.reason),
        )
        for r in merged.open_requests
        if r.id not in known
    ]


def dispatch_units(desk: Desk, command: cmd.DispatchUnits) -> Changes:
    incident = open_incident(desk, command.incident)
    wanted = tuple(dict.fromkeys(command.units))
    if not wanted:
        raise Refusal("no_units_chosen", incident.id, number=incident.number)
    for unit_id in wanted:
        free_for(desk, known_unit(desk, unit_id), incident)
    sent = [change for unit_id in wanted for change in assign(unit_id, incident.id)]
    level = level_set(incident, command.level) if command.level else []
    sent += answered_by(desk, incident, wanted)
    return accepted_first(incident) + level + sent + _overridden(incident, command.override_reason)


def set_alarm_level(desk: Desk, command: cmd.SetAlarmLevel) -> Changes:
    return level_set(open_incident(desk, command.incident), command.level)


def level_set(incident: Incident, level: int) -> Changes:
    """Raises Refusal for what is no level; the one in force is so already."""
    if level not in ALARM_LEVELS:
        raise Refusal("alarm_level_unknown", incident.id, number=incident.number, level=level)
    if level == incident.alarm_level:
        return []
    return [(incident_stream(incident.id), ev.IncidentAlarmLevelSet(incident.id, level))]


def _overridden(incident: Incident, reason: str) -> Changes:
    """What the officer says for sending against the run card; whether it was needed is asked where cards are known."""
    text = plain_line(incident.id, "reason", reason, MAX_REASON)
    return [(incident_stream(incident.id), ev.IncidentRuleOverridden(incident.id, text))] if text else []


def recall_unit(desk: Desk, command: cmd.RecallUnit) -> Changes:
    incident = open_incident(desk, command.incident)
    unit = known_unit(desk, command.unit)
    _assignment(unit, incident)
    return release(unit.id, incident.id, reason_given(unit.id, command.reason))


def answer_task(desk: Desk, command: cmd.AnswerTask) -> Changes:
    """A second answer that says the same changes nothing; declining gives the task back."""
    unit = known_unit(desk, command.unit)
    incident = open_incident(desk, command.incident)
    if _assignment(unit, incident).answered == command.accepted:
        return []
    reason = mask_text(plain_line(unit.id, "reason", command.reason, MAX_REASON))
    answer = ev.UnitAnswered(unit.id, incident.id, command.accepted, reason)
    changes: Changes = [(unit_stream(unit.id), answer)]
    if not command.accepted:
        changes += release(unit.id, incident.id, reason or _REASON_DECLINED)
    return changes


def set_unit_status(desk: Desk, command: cmd.SetUnitStatus) -> Changes:
    """An officer or a unit moves a status on. Going back in the phases is refused: recall and send again instead."""
    unit = known_unit(desk, command.unit)
    if command.status not in un.STATUSES:
        raise Refusal("status_unknown", unit.id, status=command.status)
    if command.status == un.DISPATCHED:
        raise Refusal("status_needs_dispatch", unit.id, unit=unit.id)
    if command.status in un.PHASES:
        return _progress(unit, _meant(desk, unit, command.incident), command.status)
    return _leave_or_change_duty(desk, unit, command)


def observe_unit_status(desk: Desk, command: cmd.ObserveUnitStatus) -> Changes:
    """What was observed has happened: a missing order is written down after the fact, a diversion ends the old task."""
    unit = known_unit(desk, command.unit)
    if command.status not in un.STATUSES:
        raise Refusal("status_unknown", unit.id, status=command.status)
    if command.status in un.DUTIES:
        return _observe_duty(unit, command.status)
    if command.incident is None and not unit.assignments:
        raise Refusal("status_without_incident", unit.id, unit=unit.id, status=command.status)
    return _observe_phase(desk, unit, command.status, command.incident)


def _observe_duty(unit: Unit, status: str) -> Changes:
    """Standing by ends what was begun; a unit whose order is still on its way to it has not finished it."""
    done = [a.incident for a in unit.assignments if a.phase != un.DISPATCHED]
    changes = [change for incident in done for change in release(unit.id, incident, _REASON_FINISHED)]
    if len(done) == len(unit.assignments) and (unit.duty != status or done):
        changes.append((unit_stream(unit.id), ev.UnitDutyChanged(unit.id, status)))
    return changes


def _observe_phase(desk: Desk, unit: Unit, status: str, incident_id: str | None) -> Changes:
    incident = open_incident(desk, incident_id or unit.assignments[-1].incident)
    held = unit.assignment(incident.id)
    if held is not None:
        ahead = un.PHASES.index(status) > un.PHASES.index(held.phase)
        return _progress(unit, incident, status) if ahead else []
    diverted = unit.assignments[unit.capacity - 1 :]
    changes = [change for a in diverted for change in release(unit.id, a.incident, _REASON_DIVERTED)]
    changes += accepted_first(incident) + assign(unit.id, incident.id)
    if status != un.DISPATCHED:
        changes += _phase_events(unit, incident, status)
    return changes


def _leave_or_change_duty(desk: Desk, unit: Unit, command: cmd.SetUnitStatus) -> Changes:
    """Available or returning ends the work on one incident; other duties need the unit to be free first."""
    reason = plain_line(unit.id, "reason", command.reason, MAX_REASON)
    if not unit.assignments:
        if unit.duty == command.status:
            return []
        return [(unit_stream(unit.id), ev.UnitDutyChanged(unit.id, command.status, reason))]
    incident = _meant(desk, unit, command.incident)
    if command.status not in un.DISPATCHABLE:
        raise Refusal(
            "unit_still_assigned", unit.id, unit=unit.id, number=incident.number, status=command.status
        )
    phase = _assignment(unit, incident).phase
    if phase == un.DISPATCHED:
        raise Refusal("unit_not_started", unit.id, unit=unit.id, number=incident.number)
    why = _REASON_FINISHED if phase == un.ON_SCENE else _REASON_TURNED_BACK
    changes = release(unit.id, incident.id, why)
    if len(unit.assignments) == 1:
        changes.append((unit_stream(unit.id), ev.UnitDutyChanged(unit.id, command.status, reason)))
    return changes


def _progress(unit: Unit, incident: Incident, status: str) -> Changes:
    held = _assignment(unit, incident)
    if held.phase == status:
        return []
    if un.PHASES.index(status) < un.PHASES.index(held.phase):
        raise Refusal("status_backwards", unit.id, unit=unit.id, number=incident.number, status=held.phase)
    return _phase_events(unit, incident, status)


def _phase_events(unit: Unit, incident: Incident, status: str) -> Changes:
    changes: Changes = [(unit_stream(unit.id), ev.UnitProgressed(unit.id, incident.id, status))]
    if status == un.ON_SCENE:
        changes.append((incident_stream(incident.id), ev.IncidentUnitArrived(incident.id, unit.id)))
    return changes


def _assignment(unit: Unit, incident: Incident) -> Assignment:
    held = unit.assignment(incident.id)
    if held is None:
        raise Refusal("unit_not_assigned", unit.id, unit=unit.id, number=incident.number)
    return held


def _meant(desk: Desk, unit: Unit, incident: str | None) -> Incident:
    """The incident that a status is about: the one named, or the only one."""
    if incident is not None:
        return open_incident(desk, incident)
    if not unit.assignments:
        raise Refusal("unit_without_task", unit.id, unit=unit.id)
    if len(unit.assignments) > 1:
        numbers = ", ".join(desk.incidents[a.incident].number for a in unit.assignments)
        raise Refusal("incident_ambiguous", unit.id, unit=unit.id, numbers=numbers)
    return open_incident(desk, unit.assignments[0].incident)
