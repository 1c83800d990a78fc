"""By what a grid can be coloured: the indicators, their classes, and how many of what stands in each grid.

Owns the declared indicators and the counts of incidents by grid, kind and measure, as they stand at an instant that is
handed in. Must not look at geometry or colours: an incident names its grid, a level is a number from 0 to 4.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.clocks import Limits, next_due_at
from app.domain.incident import Incident
from app.domain.instants import DAY_MS, Instant

Direction = Literal["more_is_worse", "less_is_worse", "neutral"]

ALL_KINDS: Final = "all"
WEEK_MS: Final = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of a grid.

    `breaks` ascend: they part the values into five classes, which become levels 0 (calm) to 4; where less is worse the
    lowest class is level 4. `name_key` and `unit_key` are texts, the latter with `{value}`. `by_kind`: the figure can
    be narrowed to one kind of incident. Values are 0 or more, and `most` at the most.
    """

    id: str
    breaks: tuple[int, int, int, int]
    direction: Direction = "more_is_worse"
    by_kind: bool = False
    most: int | None = None

    @property
    def name_key(self) -> str:
        return f"grid.indicator.{self.id}"

    @property
    def unit_key(self) -> str:
        return f"grid.value.{self.id}"

    def level(self, value: float) -> int:
        """0 to 4, the higher the more it asks to be looked at."""
        place = bisect_right(self.breaks, value)
        return len(self.breaks) - place if self.direction == "less_is_worse" else place

    def classes(self) -> tuple[tuple[int, int | None], ...]:
        """Least and greatest whole value of each level from 0 up; None where there is no greatest."""
        above = [most - 1 for most in self.breaks]
        pairs = tuple(zip((0, *self.breaks), (*above, self.most), strict=True))
        return tuple(reversed(pairs)) if self.direction == "less_is_worse" else pairs


INDICATORS: Final = (
    Indicator("open", (1, 2, 3, 4), by_kind=True),
    Indicator("urgent", (1, 2, 3, 4), by_kind=True),
    Indicator("overdue", (1, 2, 3, 4), by_kind=True),
    Indicator("day", (1, 3, 6, 10), by_kind=True),
    Indicator("week", (1, 5, 15, 30), by_kind=True),
    Indicator("units", (1, 2, 3, 5), direction="neutral"),
    Indicator("cameras_online", (50, 80, 95, 100), direction="less_is_worse", most=100),
)
"""In the order in which they are offered."""
BY_ID: Final[Mapping[str, Indicator]] = {indicator.id: indicator for indicator in INDICATORS}


def levels(indicator: Indicator, values: Mapping[str, float]) -> dict[str, int]:
    """Level by grid; grids at level 0 are left out, as is every grid that has no value."""
    found = {grid: indicator.level(value) for grid, value in values.items()}
    return {grid: level for grid, level in found.items() if level}


class CameraTally:
    """Cameras by grid and how many of them are offline, from `grids`: the grid of every camera."""

    def __init__(self, grids: Mapping[str, str]) -> None:
        self._grid_of = grids
        self._total = Counter(grids.values())
        self._offline: set[str] = set()
        self._offline_by_grid: Counter[str] = Counter()

    def put(self, camera: str, online: bool) -> None:
        """Takes a camera's newest state in; one that the district does not have is passed over."""
        if camera not in self._grid_of or (camera in self._offline) is not online:
            return
        self._offline_by_grid[self._grid_of[camera]] += -1 if online else +1
        (self._offline.discard if online else self._offline.add)(camera)

    def offline(self, grid: str) -> int:
        return self._offline_by_grid[grid]

    def online(self, grid: str) -> int:
        return self._total[grid] - self._offline_by_grid[grid]

    def shares(self) -> dict[str, int]:
        """Whole percent online by grid, rounded down so that 100 is all; a grid without cameras has no share."""
        return {grid: 100 * self.online(grid) // total for grid, total in self._total.items()}


# -- counting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """What of an incident counts. `due_at` is when the first clock that still runs is due, None when none runs."""

    grid: str
    kind: str
    priority: int
    opened_at: Instant
    is_open: bool
    due_at: Instant | None

    def measures(self, now: Instant) -> tuple[str, ...]:
        """Under which measures it counts at an instant: indicators of INDICATORS, and p1 to p4 while it is open."""
        found = []
        if self.is_open:
            found += ["open", f"p{self.priority}"]
            if self.priority <= 2:
                found.append("urgent")
            if self.due_at is not None and now > self.due_at:
                found.append("overdue")
        if now - self.opened_at <= WEEK_MS:
            found.append("week")
            if now - self.opened_at <= DAY_MS:
                found.append("day")
        return tuple(found)

    def changes_at(self, now: Instant) -> Instant | None:
        """The next instant after `now` at which time alone changes what it counts as."""
        turns = [self.opened_at + DAY_MS + 1, self.opened_at + WEEK_MS + 1]
        if self.due_at is not None:
            turns.append(self.due_at + 1)
        return min((turn for turn in turns if turn > now), default=None)


def counted(incident: Incident, limits: Limits) -> Counted | None:
    """None for an incident without a grid."""
    if incident.grid is None:
        return None
    return Counted(
        incident.grid,
        incident.incident_type,
        incident.priority,
        incident.opened_at,
        incident.is_open,
        next_due_at(incident, limits),
    )


class GridTally:
    """Incidents by grid, counted as they come; `advance` lets time count too. `now` never goes back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, Counted] = {}
        self._measures: dict[str, tuple[str, ...]] = {}
        self._turn_at: dict[str, Instant] = {}
        self._turns: list[tuple[Instant, str]] = []
        self._values: dict[tuple[str, str], dict[str, int]] = {}
        self._of_grid: dict[str, dict[str, None]] = {}

    def values(self, measure: str, kind: str = ALL_KINDS) -> Mapping[str, int]:
        """Count by grid; a grid with none is absent. Not a copy."""
        return self._values.get((measure, kind), {})

    def value(self, measure: str, grid: str) -> int:
        return self.values(measure).get(grid, 0)

    def incidents_of(self, grid: str) -> Collection[str]:
        """Every incident that was ever put with this grid and still names it, in the order in which they came."""
        return self._of_grid.get(grid, {}).keys()

    def is_overdue(self, incident: str) -> bool:
        return "overdue" in self._measures.get(incident, ())

    def put(self, incident: Incident, now: Instant) -> None:
        """Takes an incident's newest state in."""
        before, after = self._known.pop(incident.id, None), counted(incident, self._limits)
        if before is not None:
            self._add(incident.id, before, -1)
        if before is not None and (after is None or after.grid != before.grid):
            del self._of_grid[before.grid][incident.id]
        if after is None:
            self._turn_at.pop(incident.id, None)
            self._measures.pop(incident.id, None)
            return
        self._known[incident.id] = after
        self._of_grid.setdefault(after.grid, {}).setdefault(incident.id)
        self._count(incident.id, after, now)

    def advance(self, now: Instant, most: int = 256) -> bool:
        """Counts what has become overdue or too old, so many at the most; whether that is all there was."""
        for _ in range(most):
            if not self._turns or self._turns[0][0] > now:
                return True
            at, key = heapq.heappop(self._turns)
            if self._turn_at.get(key) == at:
                known = self._known[key]
                self._add(key, known, -1)
                self._count(key, known, now)
        return not self._turns or self._turns[0][0] > now

    def _count(self, key: str, known: Counted, now: Instant) -> None:
        self._measures[key] = known.measures(now)
        self._add(key, known, +1)
        turn_at = known.changes_at(now)
        if turn_at is None:
            self._turn_at.pop(key, None)
        elif self._turn_at.get(key) != turn_at:
            # What stands in the queue for a former turn is passed over when its time comes.
            self._turn_at[key] = turn_at
            heapq.heappush(self._turns, (turn_at, key))

    def _add(self, key: str, known: Counted, by: int) -> None:
        for measure in self._measures[key]:
            for kind in (ALL_KINDS, known.kind):
                counts = self._values.setdefault((measure, kind), {})
                count = counts.get(known.grid, 0) + by
                if count:
                    counts[known.grid] = count
                else:
                    del counts[known.grid]
