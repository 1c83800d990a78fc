"""The centre's declared limits of the field link: how long an order may take, how often a roll is called, canned words.

Owns the values and what they mean. Must not read a file: centre/field_file.py does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60 * SECOND_MS
MAX_MESSAGE: Final = 500
"""Signs of a message between desk and unit."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A canned text in both languages; `asks_reading` is for words of the desk that a unit must have seen."""

    id: str
    zh: str
    en: str
    asks_reading: bool = False


@dataclass(frozen=True, slots=True)
class TaskLimits:
    """How long after an order was sent it must be delivered, read and answered; `alarms` raises in the lane too.

    `decline_alarms` raises an order that a unit will not take, until another is sent.
    """

    deliver_ms: int
    read_ms: int
    answer_ms: int
    alarms: bool
    decline_alarms: bool


def _task_limits() -> Mapping[int, TaskLimits]:
    seconds = {
        1: (20, 45, 60, True),
        2: (30, 60, 90, True),
        3: (60, 120, 180, False),
        4: (120, 300, 600, False),
    }
    return {
        p: TaskLimits(d * SECOND_MS, r * SECOND_MS, a * SECOND_MS, x, x)
        for p, (d, r, a, x) in seconds.items()
    }


@dataclass(frozen=True, slots=True)
class FieldLimits:
    """Milliseconds where a name ends in `_ms`. The defaults are those of the file, without its phrases."""

    tasks: Mapping[int, TaskLimits] = field(default_factory=_task_limits)
    """By priority."""
    post: TaskLimits = TaskLimits(60 * SECOND_MS, 120 * SECOND_MS, 180 * SECOND_MS, True, True)
    """Of an order to stand by at a post."""
    roll_ms: Mapping[int, int] = field(
        default_factory=lambda: {1: 15 * MINUTE_MS, 2: 30 * MINUTE_MS, 3: 60 * MINUTE_MS}
    )
    """By priority; what has no entry is not asked."""
    roll_type_ms: Mapping[str, int] = field(default_factory=dict)
    """By type of incident, whatever its priority."""
    unread_ms: int = 5 * MINUTE_MS
    """So long what a unit writes may stay unread at every desk before it raises; 0 for ever."""
    reading_ms: int = 3 * MINUTE_MS
    """So long a message of the desk that asks to be read may stay unread by its unit before it raises; 0 for ever."""
    grace_ms: int = MINUTE_MS
    """So long after a roll call is due its silence raises."""
    desk_phrases: tuple[Phrase, ...] = ()
    unit_phrases: tuple[Phrase, ...] = ()
    decline_reasons: tuple[Phrase, ...] = ()

    def task(self, priority: int) -> TaskLimits:
        return self.tasks.get(priority) or self.tasks[max(self.tasks)]

    def roll_every_ms(self, incident_type: str, priority: int) -> int:
        """0 for what is not asked."""
        return self.roll_type_ms.get(incident_type, self.roll_ms.get(priority, 0))
