"""What is said of a unit that could go to an incident: its time, its distance, the reasons for and against it.

Owns these values and the question that they answer. Must not rank (ranking.py) and must not choose (recommendation.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from app.dispatch.run_card import Response
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.shift_limits import ShiftLimits
from app.geo.district import Mode

STALE_FIX_S: Final = 1_800
"""A position older than this says nothing about where a unit is now."""
HORIZON_S: Final = 1_800
"""Whoever needs longer by road is too far; the search over the roads goes no further."""
SECOND_TASK_S: Final = 300
"""A unit at work of which nobody knows where and how long counts as so much further away."""
END_UNKNOWN_S: Final = HORIZON_S
"""So long somebody is expected to be at it still who has worked for longer than the rule knows."""
UNROSTERED_S: Final = HORIZON_S
"""Who is in nobody's turn stands behind everybody who is in one and near enough to be recommended at all."""
LOCAL_KINDS: Final = frozenset({"grid_member", "volunteer"})
"""Kinds that answer for one grid; help comes from next door first."""
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
class Member:
    """A unit's fixed facts: how it travels, what it can do and has with it, where it stands by."""

    travel: Mode = "car"
    skills: tuple[str, ...] = ()
    post: Post | None = None
    equipment: tuple[str, ...] = ()


NOBODY: Final = Member()
"""A unit of which the district says nothing."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names a sentence in resources/i18n/dispatch.toml under "reason.", `facts` fill it."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preference:
    """How much sooner somebody less suited must be there, seconds: see `[prefer]` of data/dispatch.toml."""

    kind_step_s: float = 30.0
    """For each place that its kind stands further back in the need's list."""
    far_grid_s: float = 60.0
    """Who answers for a grid that is neither the incident's nor next to it."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who could go to `incident`? `kinds` that suit it, the leading one first; `response` what its run card asks for;
    `neighbours` the grids next to the incident's; `limits` what a unit on duty may be asked; `prefer`
    what counts beside the time."""

    incident: Incident
    now: Instant
    kinds: tuple[str, ...]
    response: Response | None = None
    neighbours: Collection[str] = ()
    limits: ShiftLimits = field(default_factory=ShiftLimits)
    prefer: Preference = field(default_factory=Preference)
    in_distress: Collection[str] = ()
    """Units that have called for help themselves."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit. `distance_m` is None when either place is unknown, `fix_age_s` None when it was never heard of.

    `is_straight`: the time is that of the crow's flight with a detour, and a reason says why. `excluded` says why the
    unit is not recommended; it may be sent all the same where `can_be_sent`, with a reason where `needs_reason`.
    """

    unit_id: str
    distance_m: float | None
    eta_s: float | None
    fix_age_s: float | None
    suits: bool
    reasons: tuple[Reason, ...]
    excluded: Reason | None = None
    can_be_sent: bool = True
    is_straight: bool = False
    needs_reason: bool = False
