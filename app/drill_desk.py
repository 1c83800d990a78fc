"""The composition root of a desk without a window and without a time of its own: for drills that are played through.

Owns the wiring of a journal, intake, bus, projections and recommendations on a clock that somebody else sets, and their
start and end. Leaves out whatever lives by the machine's time - feeds, links, watches, estimates - so that the same
messages at the same instants come to the same state. Must not decide or fold anything itself.
"""

from __future__ import annotations

import asyncio
from typing import Any

from app.centre.alarm_file import load_alarm_limits
from app.centre.shift_file import load_shift_limits
from app.centre.types_file import load_incident_types
from app.centre.types_in_force import put_in_force
from app.config import Config
from app.dispatch.override import dispatch_rule
from app.dispatch.work_file import load_work_times
from app.domain.errors import ConfigError
from app.first_readings import read_district, units_of
from app.geo.grid_index import GridIndex
from app.i18n import tr
from app.journal.store import Journal, open_journal
from app.journal.writer import JournalThread
from app.projections.projections import Projections
from app.projections.state_dump import state_dump
from app.readings import Readings
from app.service.bus import Bus
from app.service.clock import SetClock
from app.service.intake import Intake
from app.service.positions import Positions
from app.service.projector import Projector
from app.service.reference import reference_rows
from app.service.tasks import TaskOwner


class DrillDesk(Readings):
    """Lives between `start` and `close`. Raises ConfigError for a district or a centre's file that cannot be used."""

    clock: SetClock

    def __init__(self, config: Config, clock: SetClock) -> None:
        self.config = config
        self.clock = clock
        self.district = read_district(config)
        self.types = load_incident_types(config.district_dir)
        put_in_force(self.types)
        self.limits = self.types.limits
        self.alarm_limits = load_alarm_limits(config.district_dir)
        self.shift_limits = load_shift_limits(config.district_dir)
        self.work_times = load_work_times(self.types, config.district_dir)
        self.grids = GridIndex(self.district)
        self._tasks = TaskOwner()
        self.projector: Projector
        self._opened: JournalThread | None = None

    @property
    def projections(self) -> Projections:
        return self.projector.projections

    async def start(self) -> None:
        """Opens a journal that holds nothing yet and lets everybody speak. Raises JournalError, ConfigError."""
        config = self.config
        self._opened = self.journal = await JournalThread.open(
            lambda: _empty(open_journal(config.db, clock=self.clock.now, mode="drill"), config.db)
        )
        self.projector = Projector(self.journal, units_of(self.district), self.alarm_limits)
        self.positions = Positions(self.journal, self.clock)
        self.bus = Bus(self.journal, self.projector, self.clock)
        self.roads.read_plan()
        self.roads.modes()
        self.bus.permit_dispatch = dispatch_rule(self.dispatching.run_cards(), self.shift_limits)
        if faults := self.dispatching.faults:
            raise ConfigError(faults[0])
        self.intake = Intake(
            self.bus,
            lambda: self.projections.desk,
            self.positions,
            self.clock,
            config.desk,
            self._grid_of,
            self.types.priority_of,
        )
        now = self.clock.now()
        for kind, rows in reference_rows(self.district).items():
            await self.journal.call(lambda j, k=kind, r=rows: j.sync_reference(k, r, now))  # type: ignore[misc]
        self._tasks.attach(asyncio.get_running_loop())
        self._tasks.start(self.bus.run(), "bus")

    async def close(self) -> None:
        """Writes what is still to be written and lets the journal go. May be called twice."""
        await self._tasks.close()
        if self._opened is not None:
            opened, self._opened = self._opened, None
            await self.positions.flush()
            await opened.close()

    def dump(self) -> dict[str, Any]:
        """The state of everything now, as plain JSON values."""
        homes = {unit.id: (unit.home_lat, unit.home_lon) for unit in self.district.units}
        places = homes | {key: (fix.lat, fix.lon) for key, fix in self.positions.fixes.items()}
        cameras = [camera.id for camera in self.district.cameras]
        return state_dump(self.projections, self.limits, places, cameras, self.clock.now())

    def _grid_of(self, lat: float, lon: float) -> str | None:
        grid = self.grids.grid_at(lat, lon)
        return grid.code if grid else None


def _empty(journal: Journal, db: str) -> Journal:
    """A drill that is played through begins with nothing: what is there already would be part of its result."""
    if journal.head() == 0:
        return journal
    journal.close()
    raise ConfigError(tr("drill.journal_in_use", db=db))
