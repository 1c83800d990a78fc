"""Call logs of other centres, told again as envelopes by a declared mapping (data/mappings/*.toml).

Owns the form of a mapping and its use on a CSV file. Must not drop a row: what cannot be mapped is told as it stands,
so that whoever takes it in can say what is wrong with it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from operator import attrgetter
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from app.domain.errors import ConfigError
from app.domain.instants import Instant, format_iso, parse_iso
from app.i18n import tr

ROW_NUMBER: Final = "#"
"""In a template, the number of the row in its file, from 1."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column whose values are translated; what the table does not list becomes `default`."""

    column: str
    default: str | int
    values: dict[str, str | int]


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two columns, or one whose text `pattern` takes apart into groups `lat` and `lon`."""

    lat: str = ""
    lon: str = ""
    column: str = ""
    pattern: str = ""
    crs: str = "wgs84"


class IncidentMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`id`, `title`, `description` and `address` are templates: {Column Name} stands for the row's cell."""

    id: str
    occurred_at: str
    title: str
    type: Table
    priority: Table
    position: Position
    description: str = ""
    address: str = ""


class UnitStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The column that says when a unit reached a status; an empty cell means that it did not."""

    column: str
    status: str


class UnitMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`unit` and `id` are templates; a status message is `id` with the status behind it."""

    unit: str
    id: str
    steps: tuple[UnitStep, ...]


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of file is read."""

    source: str
    encoding: str
    time_format: str
    zone: str
    incident: IncidentMapping
    unit: UnitMapping | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogMessage:
    """An envelope ready to be sent; `row` counts the file's rows from 1, `is_sound` is False where mapping failed."""

    at: Instant
    id: str
    row: int
    body: bytes
    is_sound: bool


def load_mapping(path: Path) -> Mapping:
    """Reads a mapping. Raises ConfigError for a missing or a wrong file, an unknown zone or encoding."""
    try:
        mapping = msgspec.toml.decode(path.read_bytes(), type=Mapping)
        ZoneInfo(mapping.zone)
        "".encode(mapping.encoding)
    except OSError as error:
        raise ConfigError(tr("feed.simulate.unreadable", path=path, reason=error.strerror)) from None
    except (msgspec.DecodeError, ValueError, ZoneInfoNotFoundError, LookupError) as error:
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=error)) from None
    return mapping


def read_call_log(path: Path, mapping: Mapping) -> list[LogMessage]:
    """Every message of the file in order of time. Raises ConfigError when the file is not the mapping's kind."""
    try:
        text = path.read_bytes().decode(mapping.encoding)
    except OSError as error:
        raise ConfigError(tr("feed.simulate.unreadable", path=path, reason=error.strerror)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=error)) from None
    reader = csv.DictReader(StringIO(text, newline=""))
    translator = _Translator(mapping)
    if missing := translator.columns - set(reader.fieldnames or ()):
        reason = tr("feed.simulate.columns_missing", columns=", ".join(sorted(missing)))
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=reason))
    messages = [
        message for number, row in enumerate(reader, 1) for message in translator.messages(number, row)
    ]
    return sorted(messages, key=attrgetter("at"))


class _Translator:
    """One file's mapping at work."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.zone)
        self._pattern = re.compile(mapping.incident.position.pattern)
        self._last_at: Instant = 0

    @property
    def columns(self) -> set[str]:
        """The columns that the mapping speaks of."""
        m, incident = self._mapping, self._mapping.incident
        templates = [incident.id, incident.title, incident.description, incident.address]
        named = {incident.occurred_at, incident.type.column, incident.priority.column, *m.keep}
        named |= {incident.position.lat, incident.position.lon, incident.position.column}
        if m.unit is not None:
            templates += [m.unit.unit, m.unit.id]
            named |= {step.column for step in m.unit.steps}
        return (named | {c for t in templates for c in _CELL.findall(t)}) - {"", ROW_NUMBER}

    def messages(self, number: int, row: dict[str, str]) -> Iterator[LogMessage]:
        """The row's incident, then its unit's history."""
        row = {column: cell or "" for column, cell in row.items() if isinstance(column, str)}
        row[ROW_NUMBER] = f"{number:06d}"
        incident = self._incident(row)
        yield self._message(number, incident)
        if self._mapping.unit is not None:
            for status in self._history(self._mapping.unit, incident["id"], row):
                yield self._message(number, status)

    def _incident(self, row: dict[str, str]) -> dict[str, Any]:
        m = self._mapping.incident
        fields = {
            "id": _filled(m.id, row),
            "kind": "incident.reported",
            "source": self._mapping.source,
            "occurred_at": row[m.occurred_at],
            "type": m.type.values.get(row[m.type.column], m.type.default),
            "priority": m.priority.values.get(row[m.priority.column], m.priority.default),
            "title": _filled(m.title, row)[:200],
            "description": _filled(m.description, row),
            "address": _filled(m.address, row),
            "crs": m.position.crs,
            **self._position(m.position, row),
        }
        return fields | (
            {"record": {column: row[column] for column in self._mapping.keep}} if self._mapping.keep else {}
        )

    def _position(self, position: Position, row: dict[str, str]) -> dict[str, Any]:
        """Numbers where the cells are numbers; else the cells, for whoever takes them in to refuse."""
        lat, lon = row.get(position.lat, ""), row.get(position.lon, "")
        if position.column:
            found = self._pattern.fullmatch(row[position.column].strip())
            lat, lon = found.group("lat", "lon") if found else (row[position.column], row[position.column])
        return {"lat": _number(lat), "lon": _number(lon)} if lat or lon else {}

    def _history(self, m: UnitMapping, incident: str, row: dict[str, str]) -> Iterator[dict[str, Any]]:
        for step in m.steps:
            if row[step.column].strip():
                yield {
                    "id": f"{_filled(m.id, row)}-{step.status}",
                    "kind": "unit.status",
                    "source": self._mapping.source,
                    "occurred_at": row[step.column],
                    "unit": _filled(m.unit, row),
                    "status": step.status,
                    "incident": f"{self._mapping.source}:{incident}",
                }

    def _message(self, number: int, fields: dict[str, Any]) -> LogMessage:
        at = self._instant(fields["occurred_at"])
        is_sound = at is not None and not any(isinstance(fields.get(axis), str) for axis in ("lat", "lon"))
        if at is not None:
            self._last_at = at
            fields["occurred_at"] = format_iso(at)
        return LogMessage(self._last_at, fields["id"], number, msgspec.json.encode(fields), is_sound)

    def _instant(self, cell: str) -> Instant | None:
        try:
            moment = datetime.strptime(cell.strip(), self._mapping.time_format).replace(tzinfo=self._zone)
        except ValueError:
            return None
        return parse_iso(moment.isoformat())


_CELL: Final = re.compile(r"\{([^{}]+)\}")


def _filled(template: str, row: dict[str, str]) -> str:
    return _CELL.sub(lambda found: row[found.group(1)].strip(), template).strip()


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell
