"""The files of canned phrases for notes: bundled, of this user's settings, and of the district, laid over each other.

Owns their form, every check, and which phrases fit an incident. Must not insert one anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain.incident import ENDED, HANDED_OVER, LOOP
from app.domain.incident_types import IncidentTypes
from app.paths import bundled_data_dir

NAME: Final = "phrases.toml"
MOST_TEXT: Final = 120
_KEYS: Final = ("zh", "en", "types", "steps")
_STEPS: Final = frozenset({*LOOP, HANDED_OVER, *ENDED})


@dataclass(frozen=True, slots=True)
class Phrase:
    """`types` and `steps` empty: it fits every incident."""

    id: str
    zh: str
    en: str
    types: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()

    def text(self, language: str) -> str:
        return self.zh if language == "zh_CN" else self.en

    def fits(self, incident_type: str, step: str) -> bool:
        return (not self.types or incident_type in self.types) and (not self.steps or step in self.steps)


@dataclass(frozen=True, slots=True)
class Phrases:
    """In the order of the file."""

    phrases: tuple[Phrase, ...]

    def fitting(self, incident_type: str, step: str, language: str, typed: str = "") -> list[Phrase]:
        """What fits, the closest first; with words typed whatever has them all, what fits before what does not."""
        words = typed.casefold().split()
        found = [p for p in self.phrases if all(word in p.text(language).casefold() for word in words)]
        if not words:
            found = [p for p in found if p.fits(incident_type, step)]
        return sorted(found, key=lambda p: (not p.fits(incident_type, step), -bool(p.types) - bool(p.steps)))


def load_phrases(
    types: IncidentTypes, district_dir: Path | None = None, files: Sequence[Path] | None = None
) -> Phrases:
    """The phrases in force in a district; `files` stands for all of them. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    return _Reader(read_layers(files), types).phrases()


class _Reader:
    """Reads one laid-over table."""

    def __init__(self, toml: LayeredToml, types: IncidentTypes) -> None:
        self._toml, self._types = toml, types

    def phrases(self) -> Phrases:
        self._toml.known_keys((), self._toml.table, ("phrase",))
        given = self._toml.table.get("phrase", {})
        if not isinstance(given, dict):
            self._toml.refuse(("phrase",), "no_table", value=given)
        return Phrases(tuple(self._phrase(name, fields) for name, fields in given.items()))

    def _phrase(self, name: str, given: Any) -> Phrase:
        path: FieldPath = ("phrase", name)
        if not isinstance(given, dict):
            self._toml.refuse(path, "no_table", value=given)
        self._toml.known_keys(path, given, _KEYS)
        zh, en = (self._text((*path, language), given) for language in ("zh", "en"))
        return Phrase(name, zh, en, self._of_types(path, given), self._of_steps(path, given))

    def _text(self, path: FieldPath, given: dict[str, Any]) -> str:
        if path[-1] not in given:
            self._toml.refuse(path, "missing")
        value = given[path[-1]]
        if (
            not isinstance(value, str)
            or not value.strip()
            or not value.isprintable()
            or len(value) > MOST_TEXT
        ):
            self._toml.refuse(path, "no_phrase", value=value, most=MOST_TEXT)
        return value.strip()

    def _of_types(self, path: FieldPath, given: dict[str, Any]) -> frozenset[str]:
        names = self._names((*path, "types"), given)
        for name in names:
            if name not in self._types:
                self._toml.refuse((*path, "types"), "unknown_type", value=name)
        return frozenset(names)

    def _of_steps(self, path: FieldPath, given: dict[str, Any]) -> frozenset[str]:
        names = self._names((*path, "steps"), given)
        for name in names:
            if name not in _STEPS:
                self._toml.refuse(
                    (*path, "steps"), "unknown_step", value=name, known=", ".join(sorted(_STEPS))
                )
        return frozenset(names)

    def _names(self, path: FieldPath, given: dict[str, Any]) -> list[str]:
        """Left out it means all; an empty list would mean none."""
        if path[-1] not in given:
            return []
        value = given[path[-1]]
        if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
            self._toml.refuse(path, "no_list", value=value)
        return list(value)
