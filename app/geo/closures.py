"""Closed roads: the file `closures.csv` of a district's folder, and which of them are closed now.

Owns the file's form (`road,from,until,emergency`: an id of roads.geojson, two instants, empty for open ends, "yes"
where emergency vehicles may pass). Must not know what a closure does to a way: road_graph.py.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.errors import ConfigError
from app.domain.instants import Instant, parse_iso
from app.domain.road import PlannedClosure
from app.geo.importing.sources import read_text
from app.i18n import tr

if TYPE_CHECKING:
    from app.geo.surface import Road

FILE: Final = "closures.csv"


@dataclass(frozen=True, slots=True)
class Closure:
    """A road and when it is closed; 0 and None for no beginning and no end."""

    road: str
    from_at: Instant = 0
    until_at: Instant | None = None
    emergency_passes: bool = False

    def holds(self, now: Instant) -> bool:
        return self.from_at <= now and (self.until_at is None or now < self.until_at)


def named(closures: Iterable[Closure], roads: Iterable[Road]) -> tuple[PlannedClosure, ...]:
    """With what each road is called."""
    by_id = {road.id: road for road in roads}
    return tuple(
        PlannedClosure(
            one.road,
            by_id[one.road].name_zh,
            by_id[one.road].name_en,
            one.from_at,
            one.until_at,
            one.emergency_passes,
        )
        for one in closures
    )


def load_closures(directory: Path, roads: Collection[str]) -> tuple[Closure, ...]:
    """None without the file. Raises ConfigError that names file, line and field."""
    closures, faults = read_closures(directory, roads)
    if faults:
        raise faults[0]
    return closures


def read_closures(
    directory: Path, roads: Collection[str]
) -> tuple[tuple[Closure, ...], tuple[ConfigError, ...]]:
    """Every line that is right, and a fault that names file, line and field for each that is not.

    Raises ConfigError for a file of which no line can be read.
    """
    path = directory / FILE
    if not path.is_file() or not path.stat().st_size:
        return (), ()
    closures: list[Closure] = []
    faults: list[ConfigError] = []
    known = set(roads)
    try:
        rows = csv.DictReader(io.StringIO(read_text(path), newline=""))
        for row in rows:
            try:
                closures.append(_closure(row, rows.line_num, known))
            except ConfigError as fault:
                faults.append(fault)
    except csv.Error as error:
        raise ConfigError(tr("dispatch.closure.no_csv", file=FILE, reason=error)) from None
    return tuple(closures), tuple(faults)


def _closure(row: dict[str, str | None], line: int, roads: set[str]) -> Closure:
    road = (row.get("road") or "").strip()
    if road not in roads:
        raise _fault(line, "road", road)
    return Closure(
        road, _instant(row, "from", line) or 0, _instant(row, "until", line), _yes(row, "emergency", line)
    )


def _yes(row: dict[str, str | None], field: str, line: int) -> bool:
    text = (row.get(field) or "").strip()
    if text not in ("", "yes", "no"):
        raise _fault(line, field, text)
    return text == "yes"


def _instant(row: dict[str, str | None], field: str, line: int) -> Instant | None:
    text = (row.get(field) or "").strip()
    try:
        return parse_iso(text) if text else None
    except ValueError:
        raise _fault(line, field, text) from None


def _fault(line: int, field: str, value: str) -> ConfigError:
    return ConfigError(tr("dispatch.closure.fault", file=FILE, line=line, field=field, value=value))
