"""Owns the reading of a duty plan out of Excel or CSV: rows of any office's table to turns with names. Nothing half.

Must not keep a name: it hands over what the table says, and its caller puts people where they can be erased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant
from app.geo.importing.columns import Cells, TableReader
from app.geo.importing.faults import ImportFault, RowsRefused
from app.geo.importing.tables import read_table

MOST_TURNS: Final = 5_000
MOST_PEOPLE: Final = 30
_PERSONAL: Final = ("leader", "phone", "members")
"""Whatever is wrong there is told without repeating it: others look at the screen."""
_MINUTE_MS: Final = 60_000
_DAY_TEXT: Final = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D.*)?")
_CLOCK: Final = re.compile(r"(?:.*\s)?([01]?\d|2[0-4])[:\uff1a\u65f6](\d{2})(?::\d{2}(?:\.\d+)?)?\u5206?")
_BETWEEN: Final = re.compile(r"[;,/|\u3001\uff0c\uff1b\s]+")
_PHONE: Final = re.compile(r"\+?[\d\- ]{5,20}")


@dataclass(frozen=True, slots=True)
class NamedTurn:
    """A row of the table: `leader` and `members` are names as they stand there, `phone` is the leader's."""

    begins_at: Instant
    ends_at: Instant
    unit: str
    post: str
    leader: str
    phone: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """`digest` is the file's SHA-256; the turns begin in [since, until), which are whole civil days."""

    file: str
    digest: str
    since: Instant
    until: Instant
    turns: tuple[NamedTurn, ...]


def read_duty_plan(path: Path, units: Mapping[str, str], starts_ms: Sequence[int]) -> NamedPlan:
    """`units` has the id of each unit by its id and its call signs; `starts_ms` when shifts begin, after midnight.

    Raises ImportFault for the file, RowsRefused with every wrong cell.
    """
    reader = TableReader(read_table(path), "duty", ("day",), _PERSONAL)
    if not (reader.has("shift") or (reader.has("begins") and reader.has("ends"))):
        raise ImportFault(path.name, "duty_no_hours")
    if not (reader.has("unit") or reader.has("post")):
        raise ImportFault(path.name, "duty_no_place")
    rows = reader.rows()
    if not rows:
        raise ImportFault(path.name, "duty_empty")
    if len(rows) > MOST_TURNS:
        raise ImportFault(path.name, "duty_too_long", most=MOST_TURNS)
    known = {sign.casefold(): unit for sign, unit in units.items()}
    turns = [_turn(row, known, starts_ms) for row in rows]
    _refuse_twice(rows, turns)
    if reader.faults:
        raise RowsRefused(reader.faults)
    days = [(turn.begins_at + CENTRE_UTC_OFFSET_MS) // DAY_MS for turn in turns]
    since, until = (day * DAY_MS - CENTRE_UTC_OFFSET_MS for day in (min(days), max(days) + 1))
    digest = sha256(path.read_bytes()).hexdigest()
    return NamedPlan(path.name, digest, since, until, tuple(turns))


def _turn(row: Cells, units: Mapping[str, str], starts_ms: Sequence[int]) -> NamedTurn:
    midnight = _midnight(row)
    begins_ms, ends_ms = _hours(row, starts_ms)
    unit, post = row.text("unit"), row.text("post")
    if unit and unit.casefold() not in units:
        row.fault("unit", "duty_unknown_unit")
    if not unit and not post:
        row.fault("unit", "duty_nowhere")
    phone = row.text("phone")
    if phone and not _PHONE.fullmatch(phone):
        row.fault("phone", "duty_phone")
    members = tuple(name for name in _BETWEEN.split(row.text("members")) if name)
    if len(members) > MOST_PEOPLE:
        row.fault("members", "duty_crowd", most=MOST_PEOPLE)
    return NamedTurn(
        midnight + begins_ms,
        midnight + ends_ms,
        units.get(unit.casefold(), ""),
        post,
        row.text("leader"),
        phone,
        members,
    )


def _midnight(row: Cells) -> Instant:
    """Of the row's civil day; 0, and a fault, for what is no day."""
    text = row.text("day", None)
    match = _DAY_TEXT.fullmatch(text)
    if match is not None:
        try:
            day = date(*map(int, match.groups()))
        except ValueError:
            day = date.min
        if 2000 <= day.year < 2100:
            return (
                int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
                - CENTRE_UTC_OFFSET_MS
            )
    if text:
        row.fault("day", "duty_day")
    return 0


def _hours(row: Cells, starts_ms: Sequence[int]) -> tuple[int, int]:
    """Milliseconds after midnight; an end that is not after its beginning is on the next day."""
    typed = row.text("begins"), row.text("ends")
    if not any(typed):
        return _hours_of_shift(row, starts_ms)
    begins_ms, ends_ms = (
        _clock_ms(row, field, text) for field, text in zip(("begins", "ends"), typed, strict=True)
    )
    return begins_ms, ends_ms if ends_ms > begins_ms else ends_ms + DAY_MS


def _clock_ms(row: Cells, field: str, text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[2]) > 59:
        row.fault(field, "duty_clock" if text else "cell_missing")
        return 0
    return int(timedelta(hours=int(match[1]), minutes=int(match[2])).total_seconds()) * 1000


def _hours_of_shift(row: Cells, starts_ms: Sequence[int]) -> tuple[int, int]:
    """The first shift of the day is the day shift, the last one the night shift."""
    which = row.one_of("shift", "duty_shift", None)
    if which == "night":
        return starts_ms[-1], starts_ms[0] + DAY_MS
    return starts_ms[0], starts_ms[1] if len(starts_ms) > 1 else starts_ms[0] + DAY_MS


def _refuse_twice(rows: Sequence[Cells], turns: Sequence[NamedTurn]) -> None:
    """The same turn of the same unit or post a second time is a slip."""
    seen: dict[tuple[Instant, Instant, str, str], int] = {}
    for row, turn in zip(rows, turns, strict=True):
        key = (turn.begins_at, turn.ends_at, turn.unit, turn.post)
        if key in seen:
            row.fault("day", "duty_row_twice", other=seen[key])
        seen.setdefault(key, row.number)
