"""Owns what is said before an incident is closed: what is still under way, what will stay undone. Must not forbid."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.field_clocks import roll
from app.domain.instants import Instant
from app.domain.unit import Assignment
from app.i18n import tr
from widgets.actions import Target
from widgets.bridge import Bridge
from widgets.panels.case_words import Names


def left_undone(bridge: Bridge, target: Target, names: Names, now: Instant, unticked: int) -> str:
    """One line each on silent units, units on the way, the checklist and the verification; "" when all is done."""
    return "\n".join(_left_undone(bridge, target, names, now, unticked))


def _left_undone(bridge: Bridge, target: Target, names: Names, now: Instant, unticked: int) -> Iterator[str]:
    incident = target.incident
    if incident is None:
        return
    silent = [unit for unit, held in _tasks(bridge, target) if _is_silent(bridge, target, held, now)]
    for key, units in (("silent", silent), ("under_way", target.under_way)):
        if units:
            who = tr("triage.separator").join(map(names.unit, units))
            yield tr(f"case.closing.{key}", who=who)
    if unticked:
        yield tr("case.closing.unticked", count=unticked)
    if incident.verified_at is None:
        yield tr("case.closing.unverified")


def _tasks(bridge: Bridge, target: Target) -> Iterator[tuple[str, Assignment]]:
    assert target.incident is not None
    for unit in target.incident.units:
        held = bridge.desk.units[unit].assignment(target.incident.id)
        if held is not None:
            yield unit, held


def _is_silent(bridge: Bridge, target: Target, held: Assignment, now: Instant) -> bool:
    assert target.incident is not None
    called = roll(held, target.incident, bridge.app.field_limits, now)
    return called is not None and called.state == "overdue"
