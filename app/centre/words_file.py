"""The files of words from which a type is suggested: bundled, of this user's settings, and of the district.

Owns their names, their form and every check; lists of a centre's own file are added. Must not apply the rule:
domain/type_words.py does. Read aside from the Qt thread once the queue is painted: 20 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain.incident_types import IncidentTypes
from app.domain.type_words import HINT, SURE, Negation, WordRules, folded
from app.paths import bundled_data_dir

NAME: Final = "type_words.toml"
_MOST_WORD: Final = 24
_MOST_REACH: Final = 40
_WEIGHTS: Final = {"sure": SURE, "hint": HINT}
_LANGUAGES: Final = ("zh", "en")
_NEGATION_KEYS: Final = tuple(
    f"{language}{part}" for language in _LANGUAGES for part in ("", "_except", "_turns", "_reach")
)


def load_word_rules(
    types: IncidentTypes, district_dir: Path | None = None, files: Sequence[Path] | None = None
) -> WordRules:
    """The words in force in a district for its types; `files` stands for all of them. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    return _WordsReader(read_layers(files, adding_lists=True)).rules(types)


class _WordsReader:
    """Reads one laid-over table."""

    def __init__(self, toml: LayeredToml) -> None:
        self._toml = toml

    def rules(self, types: IncidentTypes) -> WordRules:
        self._toml.known_keys((), self._toml.table, ("negation", "misheard", "word"))
        weights: dict[str, dict[str, int]] = {}
        for name in self._toml.subtable(("word",)):
            if name not in types:
                self._toml.refuse(("word", name), "unknown_type", value=name)
            self._take_words(("word", name), name, weights)
        by_urgency = sorted(types, key=lambda known: known.priority)
        order = {known.id: place for place, known in enumerate(by_urgency)}
        rules = WordRules(weights, order, self._negations(), self._misheard(weights))
        _ = rules.pattern  # 15 ms that nobody should wait for while he types
        return rules

    def _take_words(self, path: FieldPath, name: str, weights: dict[str, dict[str, int]]) -> None:
        given = self._toml.subtable(path)
        self._toml.known_keys(path, given, tuple(_WEIGHTS))
        for weight_name in given:
            of_language = self._toml.subtable((*path, weight_name))
            self._toml.known_keys((*path, weight_name), of_language, _LANGUAGES)
            for language in of_language:
                for word in self._words((*path, weight_name, language)):
                    of_word = weights.setdefault(word, {})
                    of_word[name] = max(_WEIGHTS[weight_name], of_word.get(name, 0))

    def _negations(self) -> tuple[Negation, ...]:
        given = self._toml.table.get("negation", {})
        if not isinstance(given, dict):
            self._toml.refuse(("negation",), "no_table", value=given)
        self._toml.known_keys(("negation",), given, _NEGATION_KEYS)
        return tuple(self._negation(language, given) for language in _LANGUAGES if language in given)

    def _negation(self, language: str, given: dict[str, Any]) -> Negation:
        words, turns, exceptions = (
            self._words(("negation", name)) if name in given else []
            for name in (language, f"{language}_turns", f"{language}_except")
        )
        return Negation(tuple(words), self._reach(f"{language}_reach"), tuple(turns), tuple(exceptions))

    def _reach(self, name: str) -> int:
        path: FieldPath = ("negation", name)
        value = self._toml.value(path)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_REACH:
            self._toml.refuse(path, "no_reach", value=value, most=_MOST_REACH)
        return value

    def _misheard(self, weights: dict[str, dict[str, int]]) -> dict[str, str]:
        given = self._toml.table.get("misheard", {})
        if not isinstance(given, dict):
            self._toml.refuse(("misheard",), "no_table", value=given)
        misheard = {}
        for written, meant in given.items():
            path: FieldPath = ("misheard", written)
            if not self._is_word(meant) or folded(meant) not in weights:
                self._toml.refuse(path, "unknown_word", value=meant)
            if folded(written) in weights:
                self._toml.refuse(path, "is_a_word", value=written)
            misheard[folded(written)] = folded(meant)
        return misheard

    # -- values ------------------------------------------------------------------------------------------------------

    def _words(self, path: FieldPath) -> list[str]:
        value = self._toml.value(path)
        if not isinstance(value, list):
            self._toml.refuse(path, "no_words", value=value, most=_MOST_WORD)
        for word in value:
            if not self._is_word(word) or value.count(word) > 1:
                self._toml.refuse(path, "no_words", value=word, most=_MOST_WORD)
        return [folded(word) for word in value]

    @staticmethod
    def _is_word(value: object) -> bool:
        return isinstance(value, str) and 0 < len(value.strip()) <= _MOST_WORD and value.isprintable()
