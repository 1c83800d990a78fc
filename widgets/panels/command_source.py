"""Owns the names that the command line looks through, and keeps them up with the desk. Must not show or do anything.

They are made off the Qt thread when the line is first opened. Changes are noted and taken in when a key asks, in
slices, so that a flood of them costs no key its answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.incident import Incident
from app.i18n import language
from app.service.aside import aside
from widgets.actions import ACTIONS, Target
from widgets.bridge import Bridge

if TYPE_CHECKING:
    from app.service.command_line.directory import DeskDirectory
    from widgets.panels.search_source import SearchSource

TICK_SLICE_S = 0.002
QUERY_SLICE_S = 0.004
_ACTIONS = {action.id: action for action in ACTIONS}


class CommandSource(QObject):
    """`ready` is emitted when incidents and units are known by name, and again when places are too."""

    ready = Signal()
    failed = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        search: Callable[[], SearchSource],
        middle: Callable[[], tuple[float, float]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._search, self._middle = bridge, search, middle
        self._is_wanted = self._is_making = False
        self._changed: dict[tuple[str, str], None] = {}
        self.directory: DeskDirectory | None = None
        bridge.restored.connect(self._begin)
        bridge.incidents_changed.connect(lambda keys: self._note("incident", keys))
        bridge.units_changed.connect(lambda keys: self._note("unit", keys))
        bridge.positions_changed.connect(self._move)
        bridge.ticked.connect(lambda _now: self._catch_up(TICK_SLICE_S))

    def want(self) -> None:
        """Makes them, unless they stand or are being made; while the journal is read they wait for it."""
        self._is_wanted = True
        self._begin()

    def catch_up(self) -> None:
        """Takes in what has changed, as far as a key can wait for it."""
        self._catch_up(QUERY_SLICE_S)
        self._search().catch_up()

    # -- making ------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if not self._is_wanted or self._is_making or self.directory is not None:
            return
        if self._bridge.app.is_restored:
            self._is_making = True
            self._bridge.fetch(self._make(), self._made, self._not_made)

    async def _make(self) -> DeskDirectory:
        desk, fixes = self._bridge.desk, dict(self._bridge.positions.fixes)
        incidents, units = list(desk.incidents.values()), list(desk.units.values())
        bridge, fits, middle = self._bridge, self._fits, self._middle

        def make() -> DeskDirectory:
            from app.service.command_line.directory import DeskDirectory
            from app.service.command_line.unit_index import UnitIndex
            from app.service.command_line.wording import Wording

            specs = {spec.id: spec for spec in bridge.district.units}
            wording = Wording(desk, bridge.district, lambda: bridge.positions.fixes, bridge.clock.now)
            index = UnitIndex(units, specs, fixes)
            return DeskDirectory(desk, bridge.district, wording, incidents, index, fits, middle)

        return await aside(make, "command line")

    def _made(self, directory: DeskDirectory) -> None:
        self.directory, self._is_making = directory, False
        directory.lines = self._lines
        self.ready.emit()
        search = self._search()
        if search.is_ready:
            self._take_places()
        else:
            search.ready.connect(self._take_places)
            search.failed.connect(self.failed)
            search.want()

    def _not_made(self, sentence: str) -> None:
        self._is_making = False
        self.failed.emit(sentence)

    def _take_places(self) -> None:
        finder, directory = self._search().finder, self.directory
        if finder is None or directory is None or directory.has_places:
            return
        directory.take_finder(finder)
        self.ready.emit()
        readings, app = finder.index.readings, self._bridge.app

        def spell() -> None:
            from app.geo.streets import Streets
            from app.service.command_line.name_index import Initials

            directory.spell(Initials(readings))
            directory.use_roads(Streets(app.district), lambda: app.closures.closed if app.closures else ())

        self._bridge.fetch(aside(spell, "initials"), lambda _none: self.ready.emit())

    # -- keeping up --------------------------------------------------------------------------------------------------

    def _note(self, kind: str, keys: set[str]) -> None:
        if self._is_making or self.directory is not None:
            self._changed.update(dict.fromkeys((kind, key) for key in keys))

    def _move(self, fixes: dict[str, object]) -> None:
        if self.directory is not None:
            self.directory.units.move(fixes)  # type: ignore[arg-type]

    def _catch_up(self, budget_s: float) -> None:
        if self.directory is None:
            return
        desk, until_s = self._bridge.desk, time.perf_counter() + budget_s
        while self._changed and time.perf_counter() < until_s:
            kind, key = next(iter(self._changed))
            del self._changed[kind, key]
            if kind == "incident" and key in desk.incidents:
                self.directory.incidents.put(desk.incidents[key])
            elif kind == "unit" and key in desk.units:
                self.directory.units.put(desk.units[key])

    def _lines(self, incident: Incident) -> list[tuple[str, str]]:
        """What the run card wants done, as soon as cards were read."""
        following, english = self._bridge.app.following, language() == "en"
        items = following.known_lines(incident) if following is not None else []
        return [(item.id, item.en if english else item.zh) for item in items]

    def _fits(self, verb: str, incident: str) -> bool:
        """Incidents with which the verb can do something are offered first."""
        action, known = _ACTIONS.get(verb), self._bridge.desk.incidents.get(incident)
        if action is None or action.scope != "incident" or known is None:
            return True
        return action.enabled(Target(known, desk=self._bridge.app.config.desk))
