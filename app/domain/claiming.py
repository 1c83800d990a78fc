"""Claiming: one desk has an incident in hand, the others are warned before they act on it.

Owns the rules of it. A claim is a courtesy between desks, not a lock: it never keeps an officer from helping, it only
makes sure that he knows. Must not change the desk. What asks who speaks stands in `permit_claim`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.desk import Desk
from app.domain.dispatching import Changes
from app.domain.errors import Refusal
from app.domain.guards import known_incident, open_incident, reason_given
from app.domain.ids import incident_stream
from app.domain.incident import Incident
from app.domain.incident_parts import Claim
from app.domain.roles import ROLES_AT_A_DESK

CLAIMED: Final = "claimed_elsewhere"
"""The rule that warns: the same command given with `Context.despite_claim` naming the desk goes through."""

_HANDLING: Final = (
    cmd.AcceptIncident, cmd.UpdateIncident, cmd.DispatchUnits, cmd.RecallUnit, cmd.AssignByOrder, cmd.ReturnIncident,
    cmd.ReportBack, cmd.VerifyIncident, cmd.CloseIncident, cmd.WithdrawIncident, cmd.MergeIncident,
    cmd.HandOverIncident, cmd.EscalateIncident,
)  # fmt: skip
"""What changes how an incident is handled. Notes, files, links and calls to the reporter help whoever has it."""


def permit_claim(desk: Desk, command: cmd.Command, context: cmd.Context) -> None:
    """Raises Refusal where an officer acts on what another desk has claimed and was not warned of that claim."""
    match command:
        case cmd.ClaimIncident(incident=incident) | cmd.ReleaseClaim(incident=incident):
            _refuse_claimed(desk, incident, context.desk)
        case cmd.TakeOverIncident(incident=incident):
            known = known_incident(desk, incident)
            if known.claim is not None and known.claim.desk == context.desk:
                raise Refusal("claim_is_yours", known.id, number=known.number)
        case _ if isinstance(command, _HANDLING) and context.role in ROLES_AT_A_DESK:
            for touched in _touched(command):
                _warn(desk, touched, context)


def claim_incident(desk: Desk, c: cmd.ClaimIncident) -> Changes:
    """`permit_claim` has made sure that a claim that stands is this desk's own."""
    incident = open_incident(desk, c.incident)
    return [] if incident.claim is not None else _one(incident, ev.IncidentClaimed(incident.id))


def take_over_incident(desk: Desk, c: cmd.TakeOverIncident) -> Changes:
    """What was given back in the meantime is there to be claimed, without a reason."""
    incident = open_incident(desk, c.incident)
    reason = reason_given(incident.id, c.reason)
    if incident.claim is None:
        raise Refusal("nobody_claims_it", incident.id, number=incident.number)
    return _one(incident, ev.IncidentTakenOver(incident.id, incident.claim.desk, reason))


def release_claim(desk: Desk, c: cmd.ReleaseClaim) -> Changes:
    incident = known_incident(desk, c.incident)
    return [] if incident.claim is None else _one(incident, ev.IncidentClaimReleased(incident.id))


def _refuse_claimed(desk: Desk, incident: str, own_desk: str) -> None:
    known, claim = _of_another(desk, incident, own_desk)
    if known is not None and claim is not None:
        raise Refusal(
            "claimed_by_other",
            known.id,
            number=known.number,
            desk=claim.desk,
            officer=claim.actor,
            at=claim.at,
        )


def _warn(desk: Desk, incident: str, context: cmd.Context) -> None:
    known, claim = _of_another(desk, incident, context.desk)
    if known is not None and claim is not None and claim.desk != context.despite_claim:
        raise Refusal(
            "claimed_elsewhere",
            known.id,
            number=known.number,
            desk=claim.desk,
            officer=claim.actor,
            at=claim.at,
        )


def _of_another(desk: Desk, incident: str, own_desk: str) -> tuple[Incident | None, Claim | None]:
    known = desk.incidents.get(incident)
    claim = known.claim if known is not None else None
    return (None, None) if claim is None or claim.desk == own_desk else (known, claim)


def _touched(command: cmd.Command) -> Iterator[str]:
    yield command.incident  # type: ignore[attr-defined]
    if isinstance(command, cmd.MergeIncident):
        yield command.into


def _one(incident: Incident, event: ev.Event) -> Changes:
    return [(incident_stream(incident.id), event)]
