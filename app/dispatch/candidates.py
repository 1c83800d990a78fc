"""Who could go: every unit in order, each with the reasons for its place or for being left out.

Owns the ranking of units for one incident: suitable kinds first, then the nearest. Pure: positions and time come from
outside. Must not send anybody and must not forbid: an officer may send whom the rules of domain/dispatching.py allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import asin, cos, inf, radians, sin, sqrt
from typing import Final, Protocol, TypeAlias

from app.dispatch.kinds import SuitableKinds, suitable
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import DISPATCHABLE, RETURNING, Unit

STALE_FIX_S: Final = 1_800
"""A position older than this says nothing about where a unit is now."""
EARTH_RADIUS_M: Final = 6_371_008.8
WALKING_MPS: Final = 1.4
"""Turns a distance into a time where no travel time is known, so that both can stand in one order."""


class Fix(Protocol):
    """A position of a unit in WGS-84 degrees, and when it was there."""

    @property
    def at(self) -> Instant: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Post:
    """Where a unit stands by, and the grid that it answers for ("" for none)."""

    lat: float
    lon: float
    grid: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names a sentence in resources/i18n/dispatch.toml under "reason.", `facts` fill it."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit. `distance_m` is None when either place is unknown, `fix_age_s` None when it was never heard of.

    `excluded` says why it is not recommended; one that is merely out of sight may be sent all the same.
    """

    unit_id: str
    distance_m: float | None
    eta_s: float | None
    fix_age_s: float | None
    suits: bool
    reasons: tuple[Reason, ...]
    excluded: Reason | None = None
    can_be_sent: bool = True


EtaOf: TypeAlias = Callable[[str, float, float], float | None]
"""(unit, lat, lon) -> seconds to the incident: where travel times over the road graph come in."""


def _no_eta(_unit: str, _lat: float, _lon: float) -> float | None:
    return None


def candidates(
    incident: Incident,
    units: Iterable[Unit],
    fixes: Mapping[str, Fix],
    posts: Mapping[str, Post],
    now: Instant,
    kinds: SuitableKinds,
    eta_of: EtaOf = _no_eta,
) -> list[Candidate]:
    """Every unit, the best first: those to send, then those left out. Units at work on the incident are not listed.

    A unit that was never heard of is taken to be at its post and says so.
    """
    wanted = suitable(kinds, incident.incident_type)
    found = [
        _candidate(incident, unit, fixes.get(unit.id), posts.get(unit.id), now, wanted, eta_of)
        for unit in units
        if unit.assignment(incident.id) is None
    ]
    return _with_nearest_named(sorted(found, key=_rank))


def distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in metres between two WGS-84 positions in degrees."""
    phi_a, phi_b = radians(lat_a), radians(lat_b)
    half_lat, half_lon = (phi_b - phi_a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(phi_a) * cos(phi_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def _candidate(
    incident: Incident,
    unit: Unit,
    fix: Fix | None,
    post: Post | None,
    now: Instant,
    wanted: tuple[str, ...],
    eta_of: EtaOf,
) -> Candidate:
    age_s = None if fix is None else max(0.0, (now - fix.at) / 1000)
    place = fix or post
    away_m = _away_m(incident, place)
    barred = _barred(unit)
    stale = Reason("fix_stale", {"age_s": age_s}) if age_s is not None and age_s > STALE_FIX_S else None
    return Candidate(
        unit.id,
        away_m,
        None if place is None or away_m is None else eta_of(unit.id, place.lat, place.lon),
        age_s,
        unit.kind in wanted,
        tuple(_reasons(incident, unit, fix, post, wanted)),
        barred or stale,
        can_be_sent=barred is None,
    )


def _away_m(incident: Incident, place: Fix | Post | None) -> float | None:
    if place is None or incident.lat is None or incident.lon is None:
        return None
    return distance_m(incident.lat, incident.lon, place.lat, place.lon)


def _barred(unit: Unit) -> Reason | None:
    """Why the domain would refuse to send it, in the order in which it would."""
    if not unit.assignments and unit.duty not in DISPATCHABLE:
        return Reason("not_on_duty", {"status": unit.duty})
    if len(unit.assignments) >= unit.capacity:
        return Reason("busy", {"incident": unit.assignments[-1].incident, "status": unit.status})
    return None


def _reasons(
    incident: Incident, unit: Unit, fix: Fix | None, post: Post | None, wanted: tuple[str, ...]
) -> Iterable[Reason]:
    if wanted and unit.kind == wanted[0]:
        yield Reason("leads", {"kind": unit.kind})
    elif unit.kind in wanted:
        yield Reason("suits", {"kind": unit.kind})
    if post is not None and post.grid and post.grid == incident.grid:
        yield Reason("own_grid")
    if unit.assignments:
        yield Reason("second_task", {"incident": unit.assignments[-1].incident})
    elif unit.duty == RETURNING:
        yield Reason("returning")
    if fix is None:
        yield Reason("from_post" if post is not None else "place_unknown")


def _rank(candidate: Candidate) -> tuple[bool, bool, bool, float, str]:
    away_m = inf if candidate.distance_m is None else candidate.distance_m
    time_s = away_m / WALKING_MPS if candidate.eta_s is None else candidate.eta_s
    out = candidate.excluded is not None
    return out, not candidate.can_be_sent, not candidate.suits, time_s, candidate.unit_id


def _with_nearest_named(ranked: list[Candidate]) -> list[Candidate]:
    """The first suitable one that has a distance is said to be the nearest."""
    for place, one in enumerate(ranked):
        if one.excluded is None and one.suits and one.distance_m is not None:
            ranked[place] = replace(one, reasons=(Reason("nearest"), *one.reasons))
            break
    return ranked
