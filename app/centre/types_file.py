"""The files of incident types: bundled, of this user's settings, and of the district.

Owns their names, their form and every check. Must not apply limits: domain/clocks.py does. Nothing is half loaded: the
first fault ends the reading and names file, line and field.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.work_calendar import chinese_calendar_of_work
from app.domain.clocks import STEPS
from app.domain.incident import PRIORITIES
from app.domain.incident_types import (
    LIMIT_UNITS,
    OTHER,
    PAUSE_REASONS,
    IncidentType,
    IncidentTypes,
    Limit,
    Owner,
)
from app.domain.work_time import WorkCalendar, WorkingHours, WorkTime
from app.paths import bundled_data_dir, user_config_dir

BUNDLED: Final = "incident_types.toml"
OWN: Final = "types.toml"
"""A centre's own file, in its settings folder or beside its district's."""

_TYPE_KEYS: Final = ("name", "priority", "owner", "run_card", "limits", "pauses", "glyph", "offered")
_STEP_NAMES: Final = tuple(name for name, _ in STEPS)
_PRIORITY_KEYS: Final = {f"P{priority}": priority for priority in PRIORITIES}
_MOST: Final = {"min": 100_000, "h": 10_000, "wh": 2_000, "wd": 250}
_LIMIT: Final = re.compile(r"(\d{1,6}) (min|h|wh|wd)")
_PERIOD: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_NAME: Final = 40
_IN_ORDER: Final = ("accept", "dispatch", "arrive", "resolve", "feedback")
"""Steps that follow each other; contact may be made at any time."""

_LimitsOfSteps = dict[str, dict[int, Limit]]


def own_files(name: str, district_dir: Path | None) -> list[Path]:
    """The centre's own files of this name that are there, the district's above the user's."""
    folders = [user_config_dir(), *([district_dir] if district_dir else [])]
    return [folder / name for folder in folders if (folder / name).is_file()]


def load_incident_types(
    district_dir: Path | None = None,
    files: Sequence[Path] | None = None,
    calendar: WorkCalendar = chinese_calendar_of_work,
) -> IncidentTypes:
    """The types in force in a district; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / BUNDLED, *own_files(OWN, district_dir)]
    return _TypesReader(read_layers(files)).types(calendar)


class _TypesReader:
    """Reads one laid-over table from the top down."""

    def __init__(self, toml: LayeredToml) -> None:
        self._toml = toml

    def types(self, calendar: WorkCalendar) -> IncidentTypes:
        self._toml.known_keys((), self._toml.table, ("calendar", "limits", "owner", "type"))
        hours = self._hours()
        defaults = self._limits(("limits",), self._toml.subtable(("limits",)), {}, needed=True)
        owners = {key: self._owner(key) for key in self._toml.subtable(("owner",))}
        types = [self._type(key, owners, defaults) for key in self._toml.subtable(("type",))]
        if OTHER not in (known.id for known in types):
            self._toml.refuse(("type", OTHER), "missing")
        return IncidentTypes(types, WorkTime(calendar, hours))

    # -- parts of the file -------------------------------------------------------------------------------------------

    def _hours(self) -> WorkingHours:
        path = ("calendar", "working_hours")
        self._toml.known_keys(("calendar",), self._toml.subtable(("calendar",)), ("working_hours",))
        periods = self._toml.value(path)
        if not isinstance(periods, list) or not periods:
            self._toml.refuse(path, "no_periods", value=periods)
        try:
            return WorkingHours(tuple(self._period(path, period) for period in periods))
        except ValueError:
            self._toml.refuse(path, "periods_overlap", value=" ".join(map(str, periods)))

    def _period(self, path: FieldPath, period: object) -> tuple[int, int]:
        match = _PERIOD.fullmatch(period) if isinstance(period, str) else None
        if match is None:
            self._toml.refuse(path, "no_periods", value=period)
        minutes = [int(part) for part in match.groups()]
        return (minutes[0] * 60 + minutes[1]) * 60_000, (minutes[2] * 60 + minutes[3]) * 60_000

    def _owner(self, key: str) -> Owner:
        return Owner(self._id(("owner", key)), *self._toml.both_languages(("owner", key), _MOST_NAME))

    def _type(self, key: str, owners: dict[str, Owner], defaults: _LimitsOfSteps) -> IncidentType:
        path: FieldPath = ("type", key)
        given = self._toml.subtable(path)
        self._toml.known_keys(path, given, _TYPE_KEYS)
        owner = self._toml.text((*path, "owner"), _MOST_NAME)
        if owner not in owners:
            self._toml.refuse((*path, "owner"), "unknown_owner", value=owner, known=", ".join(owners))
        limits = self._toml.subtable((*path, "limits")) if "limits" in given else {}
        zh, en = self._toml.both_languages((*path, "name"), _MOST_NAME)
        return IncidentType(
            self._id(path), zh, en, self._priority((*path, "priority")), owners[owner],
            self._run_card((*path, "run_card")),
            self._limits((*path, "limits"), limits, defaults),
            self._pauses((*path, "pauses"), given.get("pauses", [])),
            self._toml.text((*path, "glyph"), _MOST_NAME) if "glyph" in given else key,
            self._truth((*path, "offered"), given.get("offered", True)),
        )  # fmt: skip

    def _limits(
        self, path: FieldPath, given: dict[str, Any], inherited: _LimitsOfSteps, *, needed: bool = False
    ) -> _LimitsOfSteps:
        self._toml.known_keys(path, given, _STEP_NAMES)
        limits = {}
        for step in _STEP_NAMES:
            of_step = self._of_step((*path, step), given.get(step, {}), inherited.get(step, {}))
            if needed and len(of_step) < len(PRIORITIES):
                self._toml.refuse((*path, step), "no_default")
            limits[step] = of_step
        self._ascending(path, limits)
        return limits

    def _of_step(self, path: FieldPath, given: object, inherited: dict[int, Limit]) -> dict[int, Limit]:
        """One text for every priority, or a table of some."""
        told = given if isinstance(given, dict) else dict.fromkeys(_PRIORITY_KEYS, given)
        self._toml.known_keys(path, told, tuple(_PRIORITY_KEYS))
        limits = dict(inherited)
        for key, value in told.items():
            limit = self._limit((*path, key) if isinstance(given, dict) else path, value)
            limits.pop(_PRIORITY_KEYS[key], None)
            if limit is not None:
                limits[_PRIORITY_KEYS[key]] = limit
        return limits

    def _limit(self, path: FieldPath, value: object) -> Limit | None:
        if value == "none":
            return None
        match = _LIMIT.fullmatch(value) if isinstance(value, str) else None
        unit = next((known for known in LIMIT_UNITS if match and match[2] == known), None)
        if match is None or unit is None:
            self._toml.refuse(path, "no_limit", value=value)
        amount = int(match[1])
        if not 1 <= amount <= _MOST[unit]:
            self._toml.refuse(path, "limit_range", value=value, most=f"{_MOST[unit]} {unit}")
        return Limit(amount, unit)

    def _ascending(self, path: FieldPath, limits: _LimitsOfSteps) -> None:
        """A step cannot be due before the one that it follows. Said only of what counts every minute of every day."""
        for priority in PRIORITIES:
            steps = [step for step in _IN_ORDER if priority in limits[step]]
            elapsed = [step for step in steps if limits[step][priority].is_elapsed]
            for earlier, later in pairwise(elapsed):
                if limits[later][priority].ms < limits[earlier][priority].ms:
                    field = self._said_of((*path, later), f"P{priority}")
                    self._toml.refuse(field, "limit_order", step=later, earlier=earlier, priority=priority)

    def _said_of(self, path: FieldPath, priority: str) -> FieldPath:
        value = self._toml.find(path)
        return (*path, priority) if isinstance(value, dict) and priority in value else path

    # -- values ------------------------------------------------------------------------------------------------------

    def _id(self, path: FieldPath) -> str:
        if not _ID.fullmatch(path[-1]):
            self._toml.refuse(path, "no_id", value=path[-1])
        return path[-1]

    def _priority(self, path: FieldPath) -> int:
        value = self._toml.value(path)
        if value not in PRIORITIES or isinstance(value, bool | float):
            self._toml.refuse(path, "no_priority", value=value)
        return int(value)

    def _run_card(self, path: FieldPath) -> str:
        """Whether there is such a card is asked where cards are read."""
        value = self._toml.text(path, _MOST_NAME)
        if not _ID.fullmatch(value):
            self._toml.refuse(path, "no_id", value=value)
        return value

    def _pauses(self, path: FieldPath, value: object) -> frozenset[str]:
        known = ", ".join(PAUSE_REASONS)
        if not isinstance(value, list):
            self._toml.refuse(path, "no_pauses", value=value, known=known)
        for reason in value:
            if reason not in PAUSE_REASONS:
                self._toml.refuse(path, "no_pauses", value=reason, known=known)
        return frozenset(value)

    def _truth(self, path: FieldPath, value: object) -> bool:
        if not isinstance(value, bool):
            self._toml.refuse(path, "no_truth", value=value)
        return value
