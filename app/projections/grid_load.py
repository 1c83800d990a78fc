"""How many incidents are open in each grid.

Owns the counts that colour the map. Must not look at geometry: an incident names its grid.
"""

from __future__ import annotations

from app.domain.incident import Incident


class GridLoad:
    """Open incidents by grid code; a grid without any is absent."""

    def __init__(self) -> None:
        self._grid_of: dict[str, str] = {}
        self.open_by_grid: dict[str, int] = {}

    def put(self, incident: Incident) -> set[str]:
        """Takes an incident's newest state in and says which grids changed."""
        before = self._grid_of.get(incident.id)
        after = incident.grid if incident.is_open else None
        if before == after:
            return set()
        if before is not None:
            del self._grid_of[incident.id]
            self._count(before, -1)
        if after is not None:
            self._grid_of[incident.id] = after
            self._count(after, +1)
        return {grid for grid in (before, after) if grid is not None}

    def _count(self, grid: str, by: int) -> None:
        count = self.open_by_grid.get(grid, 0) + by
        if count:
            self.open_by_grid[grid] = count
        else:
            del self.open_by_grid[grid]
