"""The person behind a report that is taken at the desk.

Owns the one step in which a report and its reporter become durable. Must not read persons: that is App's, which records
why a whole name was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain import commands as cmd
from app.domain.guards import MAX_NAME, plain_line
from app.domain.phone_number import normal_number
from app.journal.store import Person
from app.service.bus import Answer, Bus, Submission


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who called; either may be "" when it was not given."""

    name: str = ""
    phone: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.name or self.phone)


def plain_reporter(subject: str, reporter: Reporter) -> Reporter:
    """A name of signs that can be seen, a number of figures. Raises Refusal naming the field."""
    name = plain_line(subject, "name", reporter.name, MAX_NAME)
    return Reporter(name, normal_number(subject, reporter.phone))


async def take_report(
    bus: Bus, context: cmd.Context, report: cmd.ReportIncident, reporter: Reporter, into: str = ""
) -> Answer:
    """Reports an incident and keeps its reporter in the same transaction. Raises Refusal or JournalError.

    `into` is the incident that this is a further report of: it is merged there at once, and can be separated later.
    """
    merged = (cmd.MergeIncident(report.incident, into),) if into else ()
    reporter = plain_reporter(report.incident, reporter)
    if not reporter.is_named:
        return await bus.offer(Submission((report, *merged), context))
    ref = f"{report.source}:{report.source_event}"
    person = Person(ref, reporter.name, reporter.phone)
    return await bus.offer(Submission((replace(report, person_ref=ref), *merged), context, persons=(person,)))
