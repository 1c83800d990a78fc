"""Owns what the map's search box looks through, and keeps it up with the desk. Must not show anything.

It is made off the Qt thread when the box is first opened: a desk that never searches pays nothing. Changes of incidents
and units are taken in small slices, so that a flood of them costs no key its answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.errors import ConfigError
from app.geo.district_error import DistrictError
from app.service.aside import aside
from widgets.bridge import Bridge

if TYPE_CHECKING:
    from app.domain.incident import Incident
    from app.domain.unit import Unit
    from app.geo.district import District, UnitSpec
    from app.geo.finder import Finder
    from app.geo.search import Entry, Found

TICK_SLICE_S = 0.002
QUERY_SLICE_S = 0.004
MOST_ENDED = 5_000
"""Of incidents that have ended only the newest are searched."""


class SearchSource(QObject):
    """`ready` is emitted when questions can be answered, `failed` with the sentence that says why they never will."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._homes = {spec.id: spec for spec in bridge.district.units}
        self._finder: Finder | None = None
        self._is_wanted = self._is_making = False
        self._changed: dict[tuple[str, str], None] = {}
        bridge.restored.connect(self._begin)
        bridge.incidents_changed.connect(lambda keys: self._note("incident", keys))
        bridge.units_changed.connect(lambda keys: self._note("unit", keys))
        bridge.positions_changed.connect(lambda keys: self._note("unit", keys))
        bridge.ticked.connect(lambda _now: self._catch_up(TICK_SLICE_S))

    @property
    def is_ready(self) -> bool:
        return self._finder is not None

    @property
    def finder(self) -> Finder | None:
        """Answers to more than one kind of question; it lags behind the desk until `catch_up`."""
        return self._finder

    def catch_up(self) -> None:
        """Takes in what has changed, as far as a key can wait for it."""
        self._catch_up(QUERY_SLICE_S)

    def want(self) -> None:
        """Makes it, unless it stands or is being made; while the journal is still read it waits for that."""
        self._is_wanted = True
        self._begin()

    def find(self, query: str, lat: float, lon: float) -> list[Found]:
        """The best answers near a place, best first; none before `ready`."""
        if self._finder is None:
            return []
        self._catch_up(QUERY_SLICE_S)
        return self._finder.find(query, lat, lon)

    # -- making ------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if not self._is_wanted or self._is_making or self._finder is not None:
            return
        if self._bridge.app.is_restored:
            self._is_making = True
            self._bridge.fetch(self._make(), self._made, self._not_made)

    async def _make(self) -> Finder:
        desk, district, homes = self._bridge.desk, self._bridge.district, self._homes
        incidents, units = list(desk.incidents.values()), list(desk.units.values())
        self._note("unit", self._bridge.positions.fixes)
        try:
            return await aside(lambda: _finder(district, incidents, units, homes, self._said), "search index")
        except DistrictError as fault:
            raise ConfigError(str(fault)) from fault

    def _said(self, incident: Incident) -> str:
        """Its title in the language of the screen, where that is another one than was recorded."""
        title = self._bridge.said(incident).title
        return title if title != incident.title else ""

    def _made(self, finder: Finder) -> None:
        self._finder, self._is_making = finder, False
        self.ready.emit()

    def _not_made(self, sentence: str) -> None:
        self._is_making = False
        self.failed.emit(sentence)

    # -- keeping up --------------------------------------------------------------------------------------------------

    def _note(self, kind: str, keys: Iterable[str]) -> None:
        if self._is_making or self._finder is not None:
            self._changed.update(dict.fromkeys((kind, key) for key in keys))

    def _catch_up(self, budget_s: float) -> None:
        """The oldest changes first; what is left over waits for the next slice."""
        if self._finder is None:
            return
        until_s = time.perf_counter() + budget_s
        while self._changed and time.perf_counter() < until_s:
            kind, key = next(iter(self._changed))
            del self._changed[kind, key]
            entry = self._entry(kind, key)
            if entry is not None:
                self._finder.index.put(entry)

    def _entry(self, kind: str, key: str) -> Entry | None:
        from app.geo.search_entries import incident_entry, unit_entry

        desk = self._bridge.desk
        if kind == "incident":
            known = desk.incidents.get(key)
            return incident_entry(known, self._said(known)) if known is not None else None
        if key not in desk.units:
            return None
        entry, fix = unit_entry(desk.units[key], self._homes.get(key)), self._bridge.positions.fixes.get(key)
        return entry if fix is None else replace(entry, lat=fix.lat, lon=fix.lon)


def _finder(
    district: District,
    incidents: list[Incident],
    units: list[Unit],
    homes: dict[str, UnitSpec],
    said: Callable[[Incident], str],
) -> Finder:
    from app.geo.finder import Finder
    from app.geo.search_entries import incident_entry, unit_entry

    ended = islice((i for i in reversed(incidents) if not i.is_open), MOST_ENDED)
    worth_finding = [*(i for i in incidents if i.is_open), *ended]
    moving = [
        *(incident_entry(incident, said(incident)) for incident in worth_finding),
        *(unit_entry(unit, homes.get(unit.id)) for unit in units),
    ]
    return Finder.of_district(district, moving)
