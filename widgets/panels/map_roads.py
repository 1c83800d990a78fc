"""Closed roads on one map: which are shown, what its menu offers for a road, closing and opening.

Owns what this map has of the desk's closures and of the plan's. Must not judge: whether a road may be closed is the
domain's to say, and its refusal is told where the officer acted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.domain.commands import CloseRoad, Command, OpenRoad
from app.domain.instants import Instant
from app.domain.road import RoadClosure
from app.geo.streets import Streets
from app.i18n import language, tr
from app.service.aside import aside
from app.service.command_line.until import until_of
from widgets.bridge import Bridge
from widgets.local_time import minute_text
from widgets.map.closure_drawing import ClosedRoad
from widgets.map.map_view import MapView
from widgets.map.road_sheet import RoadSheet, RoadWish
from widgets.map.strip import Telling

if TYPE_CHECKING:
    from widgets.panels.map_menu import ActionMenu

SHEET: Final = "roads"
REACH_PX: Final = 12.0
"""A road is meant by a pointer so near to its middle."""


class MapRoads(QObject):
    """The closed roads of one map panel. Nothing is offered until the district's roads have been read aside."""

    def __init__(self, bridge: Bridge, view: MapView, told: Telling) -> None:
        super().__init__(told)
        self._bridge, self._view, self._told = bridge, view, told
        self.streets: Streets | None = None
        self._shown: frozenset[str] | None = None
        """What was closed a moment ago; None until it was shown first, which is no news."""
        self.sheet = view.sheets[SHEET] = RoadSheet(self._until_of, self._said, view)
        self.sheet.confirmed.connect(self._close)
        bridge.restored.connect(self._show)
        bridge.roads_changed.connect(lambda _roads: self._show())
        district = bridge.district
        bridge.fetch(aside(lambda: Streets(district), "streets"), self._streets_read)

    def _streets_read(self, streets: Streets) -> None:
        if isValid(self):
            self.streets = streets
            self._show()

    def retranslate(self) -> None:
        self._show()

    # -- what is closed ----------------------------------------------------------------------------------------------

    def _closed(self) -> dict[str, RoadClosure | None]:
        """What is closed now, by road; None for what only the plan closes."""
        app, now = self._bridge.app, self._bridge.clock.now()
        if not app.is_restored:
            return {}
        ordered = {key: each for key, each in self._bridge.desk.roads.items() if each.holds(now)}
        planned = dict.fromkeys(each.road for each in app.roads.planned if each.holds(now))
        return planned | ordered

    def _show(self) -> None:
        streets = self.streets
        if streets is None:
            return
        closed = {key: each for key, each in self._closed().items() if key in streets.by_id}
        self._view.set_closed_roads(self._items(streets, closed))
        self._tell_news(closed)

    def _items(self, streets: Streets, closed: dict[str, RoadClosure | None]) -> Iterator[ClosedRoad]:
        """Of each street's pieces with one end the middle one bears the words."""
        groups: dict[tuple[str, int, bool], list[str]] = defaultdict(list)
        passable = self._bridge.app.roads.passable(self._bridge.clock.now())
        for key, closure in closed.items():
            first = streets.of(key).roads[0]
            groups[first, closure.until_at if closure is not None else 0, key in passable].append(key)
        for (_, until_at, lets_some_pass), keys in groups.items():
            mark = f"roads.mark{'' if until_at else '.planned'}{'.passing' if lets_some_pass else ''}"
            text = tr(mark, until=self._said(until_at)) if until_at else tr(mark)
            for place, key in enumerate(keys):
                bears_name = place == len(keys) // 2
                yield ClosedRoad(key, streets.by_id[key].line, text if bears_name else "", bears_name)

    def _tell_news(self, closed: dict[str, RoadClosure | None]) -> None:
        """For a few seconds what another desk has closed: this one's own is told by its answer."""
        before = self._shown
        self._shown = frozenset(closed) if self._bridge.app.is_restored else None
        if before is None:
            return
        own = self._bridge.app.config.desk
        new = [each for key, each in closed.items() if key not in before and each is not None]
        fresh = [each for each in new if each.desk != own]
        if fresh and not (self._told.isVisible() and self._told.failed):
            first = fresh[0]
            words = {"desk": first.desk, "reason": _reason(first), "until": self._said(first.until_at)}
            self._told.tell(tr("roads.arrived", road=self.name_of(first.road), **words))

    # -- the menu ----------------------------------------------------------------------------------------------------

    def add_to(self, menu: ActionMenu, lat: float, lon: float) -> None:
        """What can be done with the road at a place; nothing where there is none within reach."""
        streets = self.streets
        reach_m = REACH_PX / self._view.view.px_per_m
        piece = streets.piece_at(lat, lon, reach_m) if streets is not None else None
        if piece is None or streets is None:
            return
        name, closed = self.name_of(piece.id), self._closed()
        street = streets.of(piece.id).roads
        closure = closed.get(piece.id)
        if piece.id not in closed:
            menu.add(tr("roads.menu.close", road=name), lambda: self.ask(piece.id), name="close_road")
        elif closure is None:
            menu.add(tr("roads.menu.planned", road=name), lambda: None, name="planned_road").setEnabled(False)
        else:
            words = {"until": self._said(closure.until_at), "reason": _reason(closure)}
            menu.add(tr("roads.menu.open", road=name), lambda: self.open((piece.id,)), name="open_road")
            menu.add(tr("roads.menu.extend", **words), lambda: self.ask(piece.id), name="extend_road")
        ordered = tuple(key for key in street if closed.get(key) is not None)
        if len(ordered) > 1:
            all_of = tr("roads.menu.open_all", road=name, count=len(ordered))
            menu.add(all_of, lambda: self.open(ordered), name="open_street")
        menu.addSeparator()

    def name_of(self, road: str) -> str:
        """What the street of a piece is called in the language in force."""
        street = self.streets.of(road) if self.streets is not None else None
        if street is None or not (street.name_zh or street.name_en):
            return tr("roads.nameless", id=road)
        both = (street.name_en, street.name_zh) if language() == "en" else (street.name_zh, street.name_en)
        return both[0] or both[1]

    # -- closing and opening -----------------------------------------------------------------------------------------

    def ask(self, piece: str) -> None:
        """Opens the sheet for a piece of road; one that is closed gets another end."""
        if self.streets is None:
            return
        known = self._closed().get(piece)
        street = self.streets.of(piece).roads
        wish = RoadWish(self.name_of(piece), piece, street)
        if known is not None:
            wish = replace(wish, extends=True, reason=known.reason, emergency_passes=known.emergency_passes)
        self.sheet.ask(wish)
        if not self.sheet.isVisible():
            self._view.open_sheet(SHEET)
        self.sheet.focus_first()

    def _close(self, roads: tuple[str, ...], reason: str, until_at: Instant, passing: bool) -> None:
        wish, now = self.sheet.asked, self._bridge.clock.now()
        command = CloseRoad(roads, wish.name, reason, now, until_at, wish.extends, passing)

        def answered(refused: str | None) -> None:
            if refused is not None:
                self.sheet.tell(refused)
                return
            self.sheet.close_by_hand()
            told = tr("roads.told.closed", road=wish.name, until=self._said(until_at))
            self._told.tell(_with_passing(told, passing))

        self._bridge.submit(command, answered)

    def open(self, roads: tuple[str, ...]) -> None:
        """Opens what officers have closed, at once."""
        name = self.name_of(roads[0])
        command: Command = OpenRoad(roads, name)

        def answered(refused: str | None) -> None:
            self._told.tell(refused or tr("roads.told.opened", road=name), failed=refused is not None)

        self._bridge.submit(command, answered)

    def _until_of(self, text: str) -> Instant | None:
        return until_of(text, self._bridge.clock.now(), self._bridge.district.utc_offset_min)

    def _said(self, at: Instant) -> str:
        return minute_text(at, self._bridge.clock.now(), self._bridge.district.utc_offset_min)


def _reason(closure: RoadClosure) -> str:
    return _with_passing(closure.reason, closure.emergency_passes)


def _with_passing(text: str, passing: bool) -> str:
    return tr("roads.passing.said", text=text) if passing else text
