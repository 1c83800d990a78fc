"""How many incidents are open in each grid.

Owns the counts that colour the map. Must not look at geometry: an incident names its grid.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.incident import Incident


class GridLoad:
    """Open incidents by grid code; a grid without any is absent."""

    def __init__(self) -> None:
        self.open_by_grid: dict[str, int] = {}

    def put(self, before: Incident | None, after: Incident) -> set[str]:
        """An incident has become another one, None before it was reported; says which grids changed."""
        left, entered = _counted_in(before), _counted_in(after)
        if left == entered:
            return set()
        if left is not None:
            self._count(left, -1)
        if entered is not None:
            self._count(entered, +1)
        return {grid for grid in (left, entered) if grid is not None}

    def restore(self, incidents: Iterable[Incident]) -> None:
        """Counts what a snapshot holds."""
        for incident in incidents:
            if incident.is_open and incident.grid is not None:
                self._count(incident.grid, +1)

    def _count(self, grid: str, by: int) -> None:
        count = self.open_by_grid.get(grid, 0) + by
        if count:
            self.open_by_grid[grid] = count
        else:
            del self.open_by_grid[grid]


def _counted_in(incident: Incident | None) -> str | None:
    return incident.grid if incident is not None and incident.is_open else None
