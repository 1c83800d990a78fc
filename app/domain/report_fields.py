"""What a report may carry: every field short enough to be shown, and shown as it reads.

Owns the limits of a report's fields. Must not know what the fields mean: an unknown type or grid is the desk's to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from app.domain.commands import Command, EnrolUnit, RaiseAlarm, ReportIncident, UpdateIncident
from app.domain.errors import Refusal
from app.domain.guards import (
    MAX_ADDRESS,
    MAX_CODE,
    plain_line,
    sane_code,
    sane_position,
    sane_report,
    visible_line,
    visible_text,
)

T = TypeVar("T", ReportIncident, UpdateIncident)

MAX_LOCATOR: Final = 2_000
"""Where a source keeps an attachment: an address on its own server."""
MOST_ATTACHMENTS: Final = 50
_CODES: Final[Mapping[str, int]] = {
    "incident_type": MAX_CODE, "grid": MAX_CODE, "camera": MAX_CODE,
    "source": MAX_CODE, "source_event": MAX_ADDRESS, "person_ref": MAX_ADDRESS + MAX_CODE,
    "alarm": MAX_ADDRESS, "alarm_type": MAX_CODE, "device": MAX_ADDRESS,
    "unit": MAX_CODE, "kind": MAX_CODE, "call_sign": MAX_CODE,
}  # fmt: skip


def plain_report(c: T) -> T:
    """The command with its texts in signs that can be seen. Raises Refusal naming the field that cannot be kept."""
    subject = c.incident
    sane_code(subject, "incident", subject)
    _sane_codes(subject, c)
    sane_position(subject, c.lat, c.lon)
    sane_report(subject, c.priority, c.title, c.description)
    _sane_attachments(subject, getattr(c, "attachments", ()))
    texts: dict[str, Any] = {}
    if c.title is not None:
        texts["title"] = visible_line(c.title)
    if c.description is not None:
        texts["description"] = visible_text(c.description)
    if c.address is not None:
        texts["address"] = plain_line(subject, "address", c.address, MAX_ADDRESS)
    sane_report(subject, None, texts.get("title"), None)
    changed = {field: text for field, text in texts.items() if text != getattr(c, field)}
    return replace(c, **changed) if changed else c


def plain_alarm(c: RaiseAlarm) -> RaiseAlarm:
    """As `plain_report`, of an alarm."""
    _sane_codes(c.alarm, c)
    sane_position(c.alarm, c.lat, c.lon)
    sane_report(c.alarm, c.priority, c.title, None)
    title = visible_line(c.title)
    sane_report(c.alarm, None, title, None)
    return c if title == c.title else replace(c, title=title)


def sane_unit(c: EnrolUnit) -> None:
    """Raises Refusal naming the field of a strange unit that no board could show."""
    _sane_codes(c.unit, c)
    sane_position(c.unit, c.lat, c.lon)


def _sane_codes(subject: str, command: Command) -> None:
    for field, limit in _CODES.items():
        sane_code(subject, field, getattr(command, field, None), limit)


def _sane_attachments(subject: str, attachments: tuple[str, ...]) -> None:
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refusal(
            "field_length", subject, field="attachments", length=len(attachments), limit=MOST_ATTACHMENTS
        )
    for locator in attachments:
        sane_code(subject, "attachments", locator, MAX_LOCATOR)
