"""What a recorded event changed, by kind and key.

Owns the set of changed keys that goes from the projector to whoever paints. Must not hold values: readers look up the
newest state themselves, so that a hundred changes of one row are one repaint.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Changes:
    """Keys by kind: incident, unit, camera, alarm, quarantine, sketch, premise note, shelf and road ids and grid codes.

    `shifts` has whole streams: shifts, the duty plan, officers and patrols, which one panel shows together.
    """

    incidents: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    cameras: set[str] = field(default_factory=set)
    alarms: set[str] = field(default_factory=set)
    quarantine: set[str] = field(default_factory=set)
    grids: set[str] = field(default_factory=set)
    sketches: set[str] = field(default_factory=set)
    premises: set[str] = field(default_factory=set)
    shelves: set[str] = field(default_factory=set)
    roads: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(
            self.incidents
            or self.units
            or self.cameras
            or self.alarms
            or self.quarantine
            or self.grids
            or self.sketches
            or self.premises
            or self.shelves
            or self.roads
            or self.shifts
        )

    def merge(self, other: Changes) -> None:
        self.incidents |= other.incidents
        self.units |= other.units
        self.cameras |= other.cameras
        self.alarms |= other.alarms
        self.quarantine |= other.quarantine
        self.grids |= other.grids
        self.sketches |= other.sketches
        self.premises |= other.premises
        self.shelves |= other.shelves
        self.roads |= other.roads
        self.shifts |= other.shifts

    def take(self) -> Changes:
        """Everything so far; this one is empty afterwards."""
        taken = Changes(
            self.incidents,
            self.units,
            self.cameras,
            self.alarms,
            self.quarantine,
            self.grids,
            self.sketches,
            self.premises,
            self.shelves,
            self.roads,
            self.shifts,
        )
        self.__init__()  # type: ignore[misc]
        return taken
