"""TOML files laid over each other, and where in them a value stands.

Owns reading, laying over, naming file, line and field of a fault, and what every such file asks of its values.
Must not know what the values mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from app.domain.errors import ConfigError
from app.i18n import tr

FieldPath: TypeAlias = tuple[str, ...]

_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_TOLD_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")
_SHOWN = 60


class DeclarationFault(ConfigError):
    """One fault of a declared file: `file`, `line` from 1, `field` with dots, `reason` in the language of the call."""

    def __init__(self, file: Path, line: int, field: str, reason: str) -> None:
        key = "types.fault" if field else "types.fault_of_file"
        super().__init__(tr(key, file=file, line=line, field=field, reason=reason))
        self.file, self.line, self.field, self.reason = file, line, field, reason


@dataclass(frozen=True, slots=True)
class Layer:
    """One file as it was read."""

    file: Path
    text: str
    table: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LayeredToml:
    """Files from the ground up: what a later one says holds."""

    layers: tuple[Layer, ...]
    table: dict[str, Any]

    def refuse(self, path: FieldPath, key: str, **facts: object) -> NoReturn:
        """Raises the fault of a field, its reason the text `types.<key>`. What is missing is where its table is."""
        layer = self._layer_of(path)
        facts = {name: _shortened(value) for name, value in facts.items()}
        raise DeclarationFault(
            layer.file, line_of(layer.text, path), ".".join(path), tr(f"types.{key}", **facts)
        )

    def find(self, path: FieldPath) -> Any:
        """What stands there; None where nothing does."""
        inner: Any = self.table
        for key in path:
            if not isinstance(inner, dict) or key not in inner:
                return None
            inner = inner[key]
        return inner

    def value(self, path: FieldPath) -> Any:
        """What stands there; refused where nothing does (TOML has no empty value)."""
        value = self.find(path)
        if value is None:
            self.refuse(path, "missing")
        return value

    def subtable(self, path: FieldPath) -> dict[str, Any]:
        """The table of this name."""
        value = self.value(path)
        if not isinstance(value, dict):
            self.refuse(path, "no_table", value=value)
        return value

    def text(self, path: FieldPath, most: int) -> str:
        """Visible signs, one to `most` of them."""
        value = self.value(path)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= most or not value.isprintable():
            self.refuse(path, "no_text", value=value, most=most)
        return value

    def both_languages(self, path: FieldPath, most: int, also: Collection[str] = ()) -> tuple[str, str]:
        """A table of the same text in Chinese and English, and nothing else but what is allowed in `also`."""
        self.known_keys(path, self.subtable(path), ("zh", "en", *also))
        return self.text((*path, "zh"), most), self.text((*path, "en"), most)

    def _layer_of(self, path: FieldPath) -> Layer:
        """The uppermost file that says anything about the field, or about what it would stand in."""
        for length in range(len(path), 0, -1):
            for layer in reversed(self.layers):
                if _holds(layer.table, path[:length]):
                    return layer
        return self.layers[0]

    def known_keys(self, path: FieldPath, table: dict[str, Any], known: Collection[str]) -> None:
        """Raises for the first key that means nothing here."""
        for key in table:
            if key not in known:
                self.refuse((*path, key), "unknown_key", known=", ".join(known))


def read_layers(files: Sequence[Path], *, adding_lists: bool = False) -> LayeredToml:
    """All files or none; lists of a later one are added or take the place. Raises DeclarationFault for one unread."""
    layers = tuple(_read(file) for file in files)
    table: dict[str, Any] = {}
    for layer in layers:
        table = _over(table, layer.table, adding_lists)
    return LayeredToml(layers, table)


def _read(file: Path) -> Layer:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as fault:
        raise DeclarationFault(file, 1, "", tr("types.unreadable", reason=fault.strerror)) from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise DeclarationFault(file, line, "", tr("types.not_utf8")) from None
    try:
        return Layer(file, text, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        told = _TOLD_LINE.search(str(fault))
        line = int(told[1]) if told and told[1] else text.count("\n") + 1
        reason = _TOLD_LINE.sub("", str(fault))
        raise DeclarationFault(file, line, "", tr("types.no_toml", reason=reason)) from None


def _over(below: dict[str, Any], above: dict[str, Any], adding_lists: bool) -> dict[str, Any]:
    laid = dict(below)
    for key, value in above.items():
        known = laid.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            laid[key] = _over(known, value, adding_lists)
        elif adding_lists and isinstance(known, list) and isinstance(value, list):
            laid[key] = [*known, *value]
        else:
            laid[key] = value
    return laid


def _holds(table: dict[str, Any], path: FieldPath) -> bool:
    inner: Any = table
    for key in path:
        if not isinstance(inner, dict) or key not in inner:
            return False
        inner = inner[key]
    return True


def line_of(text: str, path: FieldPath) -> int:
    """The line, from 1, on which a field stands, or the longest beginning of its path that has one."""
    best, best_line = 0, 1
    table: FieldPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header:
            table = found = _parts(header[1])
        elif key:
            found = (*table, *_parts(key[1]))
        else:
            continue
        shared = _shared(found, path)
        if shared > best:
            best, best_line = shared, number
    return best_line


def _shared(found: FieldPath, path: FieldPath) -> int:
    """How much of the path a line names; nothing when it names another field of the same table."""
    common = min(len(found), len(path))
    return common if found[:common] == path[:common] else 0


def _parts(dotted: str) -> FieldPath:
    """The parts of a key as TOML reads them; none for what is no key, such as a line within a text."""
    try:
        inner: Any = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    parts: list[str] = []
    while isinstance(inner, dict):
        key, inner = next(iter(inner.items()))
        parts.append(key)
    return tuple(parts)


def _shortened(value: object) -> str:
    """A value as it may stand in one line of an error."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(sign if sign.isprintable() else "�" for sign in text)
    return text if len(text) <= _SHOWN or ", " in text else f"{text[:_SHOWN]}…"
