"""A situation as bytes, for the process that makes a document of it.

Owns the order of the pieces and that each is soon made: whoever packs does it between other work. Must not know the
document.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from app.domain.alarm import Alarm
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.road import PlannedClosure, RoadClosure
from app.domain.sketch import SharedSketch
from app.domain.unit import Unit
from app.exchange.situation import Situation
from app.geo.district import load_district

_A_PIECE: Final = 500
"""Incidents are packed in under half a millisecond a piece."""

_encode = msgspec.msgpack.Encoder().encode


class PlainFix(msgspec.Struct, frozen=True):
    """Where a unit was heard of, see situation.Fix."""

    at: Instant
    lat: float
    lon: float
    heading_deg: float | None


class _Rest(msgspec.Struct):
    """All but the incidents, and how many pieces of those follow."""

    district_dir: str
    at: Instant
    mode: str
    units: tuple[Unit, ...]
    fixes: dict[str, PlainFix]
    offline: frozenset[str]
    open_by_grid: dict[str, int]
    alarms: tuple[Alarm, ...]
    sketches: tuple[SharedSketch, ...]
    closures: tuple[RoadClosure, ...]
    planned: tuple[PlannedClosure, ...]


_rest_of = msgspec.msgpack.Decoder(_Rest).decode
_incidents_of = msgspec.msgpack.Decoder(list[Incident]).decode


def packing(situation: Situation, district_dir: Path) -> Iterator[bytes]:
    """The pieces. The district itself does not travel: it is read again from its folder."""
    fixes = {key: PlainFix(fix.at, fix.lat, fix.lon, fix.heading_deg) for key, fix in situation.fixes.items()}
    rest = _Rest(
        str(district_dir.absolute()),
        situation.at,
        situation.mode,
        situation.units,
        fixes,
        situation.offline,
        dict(situation.open_by_grid),
        situation.alarms,
        situation.sketches,
        situation.closures,
        situation.planned,
    )
    yield _encode(rest)
    incidents = iter(situation.incidents)
    while piece := list(itertools.islice(incidents, _A_PIECE)):
        yield _encode(piece)


def unpacked(pieces: Iterable[bytes]) -> Situation:
    """The situation that was packed. Raises msgspec.DecodeError, StopIteration or DistrictError."""
    waiting = iter(pieces)
    rest = _rest_of(next(waiting))
    return Situation(
        load_district(Path(rest.district_dir)),
        rest.at,
        rest.mode,
        tuple(itertools.chain.from_iterable(map(_incidents_of, waiting))),
        rest.units,
        rest.fixes,
        rest.offline,
        rest.open_by_grid,
        rest.alarms,
        rest.sketches,
        rest.closures,
        rest.planned,
    )
