"""Who could go: every unit in order, each with the reasons for its place or for being left out.

Owns the ranking of units for one incident: the leading kind first, then other suitable kinds, the nearest of each.
Pure: positions and time come from outside. Must not send anybody and must not forbid: an officer may send whom the
rules of domain/dispatching.py allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isnan, nan
from typing import Final, Protocol, TypeAlias, overload

from app.dispatch.kinds import SuitableKinds, suitable
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import DISPATCHABLE, RETURNING, Unit

STALE_FIX_S: Final = 1_800
"""A position older than this says nothing about where a unit is now."""
LEADS, SUITS, OTHER = range(3)
"""Tiers of a unit's kind for a type of incident."""


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


def candidates(
    incident: Incident,
    units: Iterable[Unit],
    fixes: Mapping[str, Fix],
    posts: Mapping[str, Post],
    now: Instant,
    kinds: SuitableKinds,
    eta_of: EtaOf | None = None,
) -> Ranking:
    """Every unit, the best first: those to send, then those left out. Units at work on the incident are not listed.

    A unit that was never heard of is taken to be at its post and says so.
    """
    free = [unit for unit in units if not unit.assignments or unit.assignment(incident.id) is None]
    wanted = suitable(kinds, incident.incident_type)
    return Ranking(_Force(incident, free, fixes, posts, now, wanted), eta_of)


class Ranking(Sequence[Candidate]):
    """Candidates in order. Each is made when it is first looked at: of 10,000 units people see a screenful."""

    def __init__(self, force: _Force, eta_of: EtaOf | None) -> None:
        from app.dispatch import ranking

        self._force = force
        self._away_m = force.away_m()
        self._etas_s = force.etas_s(self._away_m, eta_of)
        times_s = ranking.times_s(self._away_m, self._etas_s)
        is_out = [barred or stale for barred, stale in zip(force.is_barred, force.is_stale, strict=True)]
        self._best_first = ranking.order(is_out, force.is_barred, force.tiers, times_s, force.ids)
        may_be_nearest = [
            not out and tier != OTHER and not isnan(metres)
            for out, tier, metres in zip(is_out, force.tiers, self._away_m, strict=True)
        ]
        self._nearest = ranking.first_soonest(self._best_first, times_s, may_be_nearest)
        self._made: dict[int, Candidate] = {}

    def __len__(self) -> int:
        return len(self._best_first)

    def __iter__(self) -> Iterator[Candidate]:
        return map(self._candidate, self._best_first)

    @overload
    def __getitem__(self, place: int) -> Candidate: ...
    @overload
    def __getitem__(self, place: slice) -> list[Candidate]: ...
    def __getitem__(self, place: int | slice) -> Candidate | list[Candidate]:
        if isinstance(place, slice):
            return [self._candidate(i) for i in self._best_first[place]]
        return self._candidate(self._best_first[place])

    def _candidate(self, i: int) -> Candidate:
        if i not in self._made:
            self._made[i] = self._make(i)
        return self._made[i]

    def _make(self, i: int) -> Candidate:
        force, away_m, eta_s = self._force, self._away_m[i], self._etas_s[i]
        reasons = force.reasons(i)
        return Candidate(
            force.ids[i],
            None if isnan(away_m) else away_m,
            None if isnan(eta_s) else eta_s,
            force.ages_s[i],
            force.tiers[i] != OTHER,
            (Reason("nearest"), *reasons) if i == self._nearest else reasons,
            force.why_out(i),
            not force.is_barred[i],
        )


class _Force:
    """The units that could go with what is known of each, in columns of equal length."""

    def __init__(
        self,
        incident: Incident,
        units: Sequence[Unit],
        fixes: Mapping[str, Fix],
        posts: Mapping[str, Post],
        now: Instant,
        wanted: tuple[str, ...],
    ) -> None:
        self._incident = incident
        self._units = units
        self.ids = [unit.id for unit in units]
        self._fixes = [fixes.get(key) for key in self.ids]
        self._posts = [posts.get(key) for key in self.ids]
        self._places = [fix or post for fix, post in zip(self._fixes, self._posts, strict=True)]
        self.ages_s = [None if fix is None else max(0.0, (now - fix.at) / 1000) for fix in self._fixes]
        self.is_stale = [age_s is not None and age_s > STALE_FIX_S for age_s in self.ages_s]
        self.is_barred = [_is_barred(unit) for unit in units]
        tier_of = dict.fromkeys(wanted, SUITS) | dict.fromkeys(wanted[:1], LEADS)
        self.tiers = [tier_of.get(unit.kind, OTHER) for unit in units]

    def away_m(self) -> list[float]:
        """Metres to the incident, NaN where either place is unknown."""
        from app.dispatch import ranking

        lat, lon = self._incident.lat, self._incident.lon
        if lat is None or lon is None:
            return [nan] * len(self._units)
        lats = [nan if place is None else place.lat for place in self._places]
        lons = [nan if place is None else place.lon for place in self._places]
        return ranking.distances_m(lat, lon, lats, lons)

    def etas_s(self, away_m: list[float], eta_of: EtaOf | None) -> list[float]:
        """Seconds of travel, NaN where none are known."""
        if eta_of is None:
            return [nan] * len(away_m)
        return [
            nan if place is None or isnan(metres) else _or_nan(eta_of(key, place.lat, place.lon))
            for key, place, metres in zip(self.ids, self._places, away_m, strict=True)
        ]

    def why_out(self, i: int) -> Reason | None:
        """Why a unit is not recommended: the domain would refuse it, or nobody knows where it is now."""
        if self.is_barred[i]:
            return _why_barred(self._units[i])
        return Reason("fix_stale", {"age_s": self.ages_s[i]}) if self.is_stale[i] else None

    def reasons(self, i: int) -> tuple[Reason, ...]:
        """What speaks for a unit, and what is to be known of it."""
        unit, post = self._units[i], self._posts[i]
        return _reasons(
            unit.kind,
            self.tiers[i],
            in_own_grid=post is not None and post.grid != "" and post.grid == self._incident.grid,
            second_to=unit.assignments[-1].incident if unit.assignments else "",
            is_returning=unit.duty == RETURNING,
            place="seen" if self._fixes[i] is not None else "place_unknown" if post is None else "from_post",
        )


def _or_nan(seconds: float | None) -> float:
    return nan if seconds is None else seconds


def _is_barred(unit: Unit) -> bool:
    if unit.assignments:
        return len(unit.assignments) >= unit.capacity
    return unit.duty not in DISPATCHABLE


def _why_barred(unit: Unit) -> Reason:
    """Why the domain would refuse to send it."""
    if not unit.assignments:
        return Reason("not_on_duty", {"status": unit.duty})
    return Reason("busy", {"incident": unit.assignments[-1].incident, "status": unit.status})


@lru_cache(maxsize=4096)
def _reasons(
    kind: str, tier: int, *, in_own_grid: bool, second_to: str, is_returning: bool, place: str
) -> tuple[Reason, ...]:
    """Thousands of units share a few dozen sets of reasons: each is made once."""
    found = [Reason("leads" if tier == LEADS else "suits", {"kind": kind})] if tier != OTHER else []
    if in_own_grid:
        found.append(Reason("own_grid"))
    if second_to:
        found.append(Reason("second_task", {"incident": second_to}))
    elif is_returning:
        found.append(Reason("returning"))
    if place != "seen":
        found.append(Reason(place))
    return tuple(found)
