"""The story of one unit, line by line: tasks, ways, duty, areas.

Owns which sentence each event of a unit's stream is. Must not phrase it: `text_key` names the sentence in
resources/i18n/unit_story.toml.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain import events as ev
from app.domain.events import Recorded
from app.projections.case_timeline import TimelineLine, timeline

MOST_LINES = 100
"""A unit's stream grows for years; the newest of it are read."""


def unit_timeline(records: Iterable[Recorded]) -> list[TimelineLine]:
    """Lines in the order in which things happened at their source."""
    keys = {record.seq: f"unit_story.{_sentence(record.event)}" for record in records}
    return [replace(line, text_key=keys[line.seq]) for line in timeline(records)]


def _sentence(event: ev.Event) -> str:
    match event:
        case ev.UnitAnswered(accepted=accepted):
            return "accepted" if accepted else "declined"
        case ev.UnitPostAnswered(accepted=accepted):
            return "post_accepted" if accepted else "post_declined"
        case ev.UnitProgressed(phase=phase):
            return phase
        case ev.UnitDutyChanged():
            return "duty"
    return event.TYPE.removeprefix("unit.")
