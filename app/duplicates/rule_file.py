"""The rule as data: data/duplicates.toml.

Owns the reading and checking of that file. Must not apply it: that is rule.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.centre.types_file import load_incident_types
from app.domain.errors import ConfigError
from app.duplicates.rule import FEATURES, MINUTE_MS, Busy, Rule
from app.duplicates.synonym_file import load_synonyms
from app.duplicates.wording import Synonyms, Vocabulary
from app.paths import bundled_data_dir

FILE = "duplicates.toml"
_SECTIONS = frozenset({"weights", "thresholds", "window_min", "near", "words", "matters", "busy"})
_DEFAULT = "default"


def load_rule(path: Path | None = None, synonyms: Sequence[Synonyms] | None = None) -> Rule:
    """With the bundled synonyms where none are given. Raises ConfigError naming file, section and field."""
    source = path or bundled_data_dir() / FILE
    synonyms = load_synonyms(load_incident_types()) if synonyms is None else synonyms
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{source}: {fault}") from None
    if table.keys() != _SECTIONS:
        wrong = ", ".join(sorted(table.keys() ^ _SECTIONS))
        raise ConfigError(f"{source}: missing or unknown: {wrong}")
    return _Sections(source, table).rule(tuple(synonyms))


class _Sections:
    """One file, read section by section; every fault names where it stands."""

    def __init__(self, source: Path, table: dict[str, Any]) -> None:
        self._source, self._table = source, table

    def rule(self, synonyms: tuple[Synonyms, ...]) -> Rule:
        self._only("weights", ("bias", *FEATURES))
        self._only("thresholds", ("arrival", "typing", "beside"))
        windows = {name: self._minutes(name) for name in self._section("window_min")}
        return Rule(
            bias=self._number("weights", "bias"),
            weights=tuple(self._number("weights", name) for name in FEATURES),
            threshold=self._likelihood("arrival"),
            hint=self._likelihood("typing"),
            beside=self._likelihood("beside"),
            busy=self._busy(),
            window_ms={name: ms for name, ms in windows.items() if name != _DEFAULT},
            default_window_ms=windows.get(_DEFAULT) or self._minutes(_DEFAULT),
            radius_m=self._above_0("near", "metres"),
            near_types=frozenset(self._pairs()),
            vocabulary=Vocabulary(
                frozenset(self._texts("words", "exact_units")),
                tuple(map(tuple, self._groups("words", "apart"))),
                tuple((name, tuple(self._texts("matters", name))) for name in self._section("matters")),
                synonyms=synonyms,
            ),
        )

    def _busy(self) -> Busy:
        self._only("busy", ("weight", "metres", "hours", "settled_min"))
        return Busy(
            self._number("busy", "weight"),
            self._above_0("busy", "metres"),
            round(self._above_0("busy", "hours") * 60 * MINUTE_MS),
            round(self._above_0("busy", "settled_min") * MINUTE_MS),
        )

    def _pairs(self) -> list[tuple[str, str]]:
        groups = [sorted(group) for group in self._groups("near", "types")]
        return [(one, other) for group in groups for i, one in enumerate(group) for other in group[i + 1 :]]

    def _section(self, name: str) -> dict[str, Any]:
        section = self._table[name]
        if not isinstance(section, dict):
            raise self._fault(name, "", "must be a table", section)
        return section

    def _only(self, section: str, names: Sequence[str]) -> None:
        wrong = sorted(self._section(section).keys() ^ set(names))
        if wrong:
            raise self._fault(
                section, wrong[-1], "is missing or unknown", self._section(section).get(wrong[0])
            )

    def _number(self, section: str, name: str) -> float:
        value = self._section(section).get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -100 <= value <= 100_000:
            raise self._fault(section, name, "must be a number", value)
        return float(value)

    def _above_0(self, section: str, name: str) -> float:
        value = self._number(section, name)
        if value <= 0:
            raise self._fault(section, name, "must be above 0", value)
        return value

    def _likelihood(self, name: str) -> float:
        value = self._number("thresholds", name)
        if not 0 < value < 1:
            raise self._fault("thresholds", name, "must lie between 0 and 1", value)
        return value

    def _minutes(self, name: str) -> int:
        return round(self._above_0("window_min", name) * MINUTE_MS)

    def _texts(self, section: str, name: str) -> list[str]:
        return self._list_of_texts(section, name, self._section(section).get(name))

    def _groups(self, section: str, name: str) -> list[list[str]]:
        groups = self._section(section).get(name)
        if not isinstance(groups, list):
            raise self._fault(section, name, "must be a list of lists", groups)
        return [self._list_of_texts(section, name, group) for group in groups]

    def _list_of_texts(self, section: str, name: str, values: object) -> list[str]:
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            raise self._fault(section, name, "must be a list of texts", values)
        return values

    def _fault(self, section: str, name: str, must: str, value: object) -> ConfigError:
        return ConfigError(f"{self._source}: [{section}] {name} {must}, not {value!r}")
