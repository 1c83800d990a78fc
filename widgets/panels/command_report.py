"""What a line reports: the new incident, its type, where it is, who told it, and what it may repeat.

Owns the way from a reading to a report and the sentence for it. Must not keep the reporter, and merges nothing: a
likely duplicate is said, before Enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.centre.types_in_force import type_name
from app.domain import commands as cmd
from app.domain.type_words import is_clear, suggest_types
from app.duplicates.report import Report
from app.i18n import tr
from app.service.command_line.reading import Choice, Reading
from app.service.reporter import Reporter
from widgets.actions import tail
from widgets.bridge import Bridge

_MOST_WORDS: Final = 3
_MOST_TYPES: Final = 3


class Lacking(Exception):
    """Something is wanted that the table of verbs cannot know of; its sentence says what."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report and its sentence; `warning` names the incident that it may repeat, "" for none."""

    command: cmd.ReportIncident
    reporter: Reporter
    sentence: str
    warning: str = ""


def report_of_line(bridge: Bridge, reading: Reading) -> Reported:
    """What a whole line of the verb `new` reports. Raises Lacking."""
    spots = [spot for name in ("place", "camera", "grid") if (spot := reading.one(name)) is not None]
    if not spots:
        raise Lacking(tr("command_line.will.new.no_place"))
    kind = reading.one("type") or _type_by_words(bridge, reading.texts.get("text", ""))
    command = _command(bridge, reading, kind, spots)
    phone, person = reading.one("phone"), reading.one("person")
    reporter = Reporter(person.name if person else "", phone.name if phone else "")
    sentence = _sentence(command, kind, reading, reporter)
    return Reported(command, reporter, sentence, _duplicate(bridge, command, reporter.phone))


def _type_by_words(bridge: Bridge, text: str) -> Choice:
    """The type that the words speak of beyond doubt, with the words as its note."""
    rules, offered = bridge.app.type_words, {known.id for known in bridge.app.types.offered}
    found = suggest_types(text, rules) if rules is not None and text else ()
    found = tuple(one for one in found if one.incident_type in offered)
    if not is_clear(found):
        join = tr("command_line.name.list").join
        names = join(type_name(one.incident_type) for one in found[:_MOST_TYPES])
        key = "maybe_type" if names else "no_type"
        raise Lacking(tr(f"command_line.will.new.{key}", types=names))
    words = tr("command_line.name.list").join(heard.written for heard in found[0].words[:_MOST_WORDS])
    key = found[0].incident_type
    return Choice("type", key, type_name(key), note=tr("command_line.will.new.by_words", words=words))


def _command(bridge: Bridge, reading: Reading, kind: Choice, spots: list[Choice]) -> cmd.ReportIncident:
    point = next((spot for spot in spots if spot.lat is not None), spots[0])
    title = reading.texts.get("text", "")
    priority, camera = reading.one("priority"), reading.one("camera")
    return cmd.ReportIncident(
        "",
        "desk",
        "",
        kind.key,
        int(priority.key) if priority else bridge.app.types.priority_of(kind.key),
        title or tr("new_incident.untitled", type=kind.name, place=spots[0].name),
        address=spots[0].name,
        lat=point.lat,
        lon=point.lon,
        grid=_grid(bridge, reading, point),
        camera=camera.key if camera else None,
    )


def _grid(bridge: Bridge, reading: Reading, point: Choice) -> str | None:
    meant, grids = reading.one("grid"), bridge.app.grids
    if meant is not None:
        return meant.key
    if grids is None or point.lat is None or point.lon is None:
        return point.grid or None
    found = grids.grid_at(point.lat, point.lon)
    return found.code if found is not None else point.grid or None


def _sentence(command: cmd.ReportIncident, kind: Choice, reading: Reading, reporter: Reporter) -> str:
    where = command.address or tr("new_incident.a_point")
    what = tr(
        "command_line.will.new",
        priority=f"P{command.priority}",
        type=kind.name,
        text=command.title,
        place=where,
    )
    given = [choice.note for choices in reading.values.values() for choice in choices]
    by_words = "" if reading.has("type") else kind.note
    for note in filter(None, (by_words, *given)):
        what = tr("command_line.will.new.noted", what=what, note=note)
    return tr("command_line.will.new.reporter", what=what) if reporter.is_named else what


def _duplicate(bridge: Bridge, command: cmd.ReportIncident, phone: str) -> str:
    """Measured at 1 ms, 4 ms at most, with 20,000 incidents of six hours: a key can wait for it."""
    duplicates = bridge.app.duplicates
    if duplicates is None:
        return ""
    draft = Report(
        "", bridge.clock.now(), command.incident_type, command.title, address=command.address,
        lat=command.lat, lon=command.lon, source="desk",
    )  # fmt: skip
    for likely in duplicates.likely(draft, phone, most=1):
        number = tail(bridge.desk.incidents[likely.incident].number)
        why = tr("duplicates.separator").join(likely.reasons)
        return tr("command_line.will.new.duplicate", number=number, why=why)
    return ""
