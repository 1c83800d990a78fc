"""The files of words that mean one thing: bundled, of this user's settings, and of the district, laid over each other.

Owns their name, their form and every check. Must not compare reports: that is rule.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain.incident_types import IncidentTypes
from app.duplicates.wording import Synonyms
from app.paths import bundled_data_dir

NAME: Final = "synonyms.toml"
MOST_SIGNS: Final = 16
LEAST_SIGNS: Final = 2
"""One sign stands in too many words to mean one thing."""
_KEYS: Final = ("types", "words")
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD: Final = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")


def load_synonyms(
    types: IncidentTypes, district_dir: Path | None = None, files: Sequence[Path] | None = None
) -> tuple[Synonyms, ...]:
    """The groups in force in a district; `files` stands for all of them. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    return _Reader(read_layers(files, adding_lists=True), types).groups()


class _Reader:
    """Reads one laid-over table."""

    def __init__(self, toml: LayeredToml, types: IncidentTypes) -> None:
        self._toml, self._types = toml, types

    def groups(self) -> tuple[Synonyms, ...]:
        self._toml.known_keys((), self._toml.table, ("group",))
        return tuple(self._group(name) for name in self._toml.subtable(("group",)))

    def _group(self, name: str) -> Synonyms:
        path: FieldPath = ("group", name)
        if not _ID.fullmatch(name):
            self._toml.refuse(path, "no_id", value=name)
        self._toml.known_keys(path, self._toml.subtable(path), _KEYS)
        return Synonyms(name, self._words((*path, "words")), self._of_types((*path, "types")))

    def _words(self, path: FieldPath) -> tuple[str, ...]:
        words = self._toml.value(path)
        if not isinstance(words, list) or len(words) < LEAST_SIGNS or len(set(map(str, words))) < len(words):
            self._toml.refuse(path, "synonym_words", least=LEAST_SIGNS, most=MOST_SIGNS, value=words)
        for word in words:
            is_word = isinstance(word, str) and LEAST_SIGNS <= len(word) <= MOST_SIGNS
            if not is_word or not _WORD.fullmatch(word):
                self._toml.refuse(path, "synonym_words", least=LEAST_SIGNS, most=MOST_SIGNS, value=word)
        return tuple(words)

    def _of_types(self, path: FieldPath) -> frozenset[str]:
        """Left out it means all; an empty list would mean none."""
        names = self._toml.find(path)
        if names is None:
            return frozenset()
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            self._toml.refuse(path, "no_list", value=names)
        for name in names:
            if name not in self._types:
                self._toml.refuse(path, "unknown_type", value=name)
        return frozenset(names)
