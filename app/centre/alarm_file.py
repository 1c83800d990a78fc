"""The file of the centre's limits for alarms: bundled, of this user's settings, and of the district.

Owns its name, its form and every check. Must not apply limits: domain/alarm_rules.py and the projections of alarms do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain.alarm_limits import AlarmLimits
from app.paths import bundled_data_dir

NAME: Final = "alarms.toml"

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "emergency": ("types",),
    "grouping": ("gap_s", "longest_min"),
    "chattering": ("count", "within_min"),
    "shelving": ("choices_min", "longest_min"),
    "stale": ("after_h",),
    "load": ("acceptable", "flood", "flood_end", "flood_share", "top_ten_share"),
    "sound": ("mute_min", "repeat_s"),
    "shift": ("starts", "review_before_min"),
}
SHELVABLE: Final = ("2", "3", "4")
"""Priorities that may have a limit; P1 is never shelved."""

_SECOND_MS, _MINUTE_MS, _HOUR_MS = 1000, 60_000, 3_600_000
_LONGEST_MS: Final = 366 * 24 * _HOUR_MS
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def load_alarm_limits(district_dir: Path | None = None, files: Sequence[Path] | None = None) -> AlarmLimits:
    """The limits in force; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    return _AlarmReader(read_layers(files)).limits()


class _AlarmReader:
    """Reads one laid-over table; a field is asked for by section and name."""

    def __init__(self, toml: LayeredToml) -> None:
        self._toml = toml

    def limits(self) -> AlarmLimits:
        self._known()
        flood, flood_end = self._count("load", "flood"), self._count("load", "flood_end")
        if flood_end > flood:
            self._toml.refuse(("load", "flood_end"), "alarm_flood_end", value=flood_end, flood=flood)
        return AlarmLimits(
            emergency_types=frozenset(self._words("emergency", "types")),
            group_gap_ms=self._span("grouping", "gap_s", _SECOND_MS),
            group_longest_ms=self._span("grouping", "longest_min", _MINUTE_MS),
            chattering_count=self._count("chattering", "count", least=2),
            chattering_ms=self._span("chattering", "within_min", _MINUTE_MS),
            shelf_longest_ms=self._longest_shelves(),
            shelf_choices_ms=self._spans("shelving", "choices_min", _MINUTE_MS),
            stale_ms=self._span("stale", "after_h", _HOUR_MS),
            acceptable=self._count("load", "acceptable"),
            flood=flood,
            flood_end=flood_end,
            flood_share=self._share("load", "flood_share"),
            top_ten_share=self._share("load", "top_ten_share"),
            mute_ms=self._span("sound", "mute_min", _MINUTE_MS),
            repeat_ms=self._span("sound", "repeat_s", _SECOND_MS),
            shift_starts_ms=self._clocks("shift", "starts"),
            review_before_ms=self._span("shift", "review_before_min", _MINUTE_MS),
        )

    def _known(self) -> None:
        """A field that nobody reads is a slip of the pen: its author believes that it holds."""
        self._toml.known_keys((), self._toml.table, tuple(FIELDS))
        for section, names in FIELDS.items():
            self._toml.known_keys((section,), self._toml.subtable((section,)), names)

    def _count(self, section: str, name: str, least: int = 1) -> int:
        value = self._toml.value((section, name))
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 100_000:
            self._toml.refuse((section, name), "alarm_count", value=value, least=least)
        return value

    def _share(self, section: str, name: str) -> float:
        value = self._toml.value((section, name))
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            self._toml.refuse((section, name), "alarm_share", value=value)
        return float(value)

    def _span(self, section: str, name: str, unit_ms: int) -> int:
        return self._as_ms((section, name), self._toml.value((section, name)), unit_ms)

    def _spans(self, section: str, name: str, unit_ms: int) -> tuple[int, ...]:
        """Ascending, at least one."""
        found = {self._as_ms((section, name), each, unit_ms) for each in self._list(section, name)}
        return tuple(sorted(found))

    def _as_ms(self, path: FieldPath, value: object, unit_ms: int) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 < value * unit_ms <= _LONGEST_MS:  # type: ignore[operator]
            self._toml.refuse(path, "alarm_span", value=value)
        return round(value * unit_ms)  # type: ignore[operator]

    def _words(self, section: str, name: str) -> list[str]:
        """May be empty: a centre without such devices."""
        value = self._toml.value((section, name))
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self._toml.refuse((section, name), "alarm_words", value=value)
        return value

    def _clocks(self, section: str, name: str) -> tuple[int, ...]:
        """Milliseconds after midnight, ascending."""
        given = self._list(section, name)
        found = [match for each in given if isinstance(each, str) and (match := _CLOCK.fullmatch(each))]
        if len(found) < len(given):
            self._toml.refuse((section, name), "alarm_clock", value=given)
        return tuple(sorted({int(m[1]) * _HOUR_MS + int(m[2]) * _MINUTE_MS for m in found}))

    def _longest_shelves(self) -> dict[int, int]:
        path = ("shelving", "longest_min")
        table = self._toml.subtable(path)
        self._toml.known_keys(path, table, SHELVABLE)
        return {int(key): self._as_ms((*path, key), value, _MINUTE_MS) for key, value in table.items()}

    def _list(self, section: str, name: str) -> list[Any]:
        value = self._toml.value((section, name))
        if not isinstance(value, list) or not value:
            self._toml.refuse((section, name), "alarm_list", value=value)
        return value
