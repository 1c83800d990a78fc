"""Owns what the desk knows by which name: incidents, units, types, grids, cameras, places - found, offered, worded.

Made aside from the Qt thread (numpy, thousands of names); afterwards one thread asks and tells it changes. Must not
change anything and must not know the line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from app.centre.types_in_force import incident_types
from app.domain.incident import Incident
from app.i18n import tr
from app.service.command_line.incident_index import IncidentIndex
from app.service.command_line.name_index import ENDS, Initials, NameIndex, Slots, Tiers
from app.service.command_line.places import NEAR_PLACES, Places
from app.service.command_line.reading import Choice, Reading
from app.service.command_line.roads import RoadNames
from app.service.command_line.unit_index import UnitIndex
from app.service.command_line.verbs import Kind
from app.service.command_line.wording import Wording
from app.service.command_line.words import bare_number, begun_number, folded

if TYPE_CHECKING:
    from app.domain.desk import Desk
    from app.geo.district import District
    from app.geo.finder import Finder
    from app.geo.streets import Streets

Fits = Callable[[str, str], bool]
"""(verb's id, incident's id): would the desk allow it now?"""


class DeskDirectory:
    """The names of one desk. `middle` says where the officer looks, (lat, lon): what is near comes first."""

    def __init__(
        self,
        desk: Desk,
        district: District,
        wording: Wording,
        incidents: Sequence[Incident],
        units: UnitIndex,
        fits: Fits,
        middle: Callable[[], tuple[float, float]],
    ) -> None:
        self._desk, self._district, self.wording = desk, district, wording
        self.incidents, self.units = IncidentIndex(incidents), units
        self._fits, self._middle = fits, middle
        self._finder: Finder | None = None
        self._places: Places | None = None
        self._initials: Initials | None = None
        self.roads: RoadNames | None = None
        self.lines: Callable[[Incident], Sequence[tuple[str, str]]] = lambda _incident: ()
        """(id, words) of what the run card wants done for an incident; nothing until the cards are read."""
        self._name_still()

    def use_roads(self, streets: Streets, closed: Callable[[], Collection[str]]) -> None:
        """From now on streets are known by name. May run aside."""
        initials = self._initials

        def of(name: str) -> Sequence[str]:
            return [initials.of(name)] if initials is not None and name else []

        wording = self.wording
        self.roads = RoadNames(streets, of, closed, wording.now, self._district.utc_offset_min)

    def _lines(self, so_far: Reading) -> list[Choice]:
        """What is not done yet first; each by its number in the list."""
        incident = self._incident_of(so_far)
        if incident is None:
            return []
        taken = {choice.key for choice in so_far.values.get("line", ())}
        numbered = list(enumerate(self.lines(incident), 1))
        choices = [
            Choice(
                "line",
                key,
                words,
                str(n),
                f"{n} {words}",
                tr("command_line.line.done") if incident.tick(key) else "",
            )
            for n, (key, words) in numbered
            if key not in taken
        ]
        return sorted(choices, key=lambda each: bool(each.second))

    def _name_still(self) -> None:
        """Indexes what does not move; with initials once the readings are there."""
        types = incident_types().offered
        self._types = [known.id for known in types]
        self._still = {
            "type": NameIndex([self._names(t.id, t.name_zh, t.name_en) for t in types]),
            "grid": NameIndex([_grid_names(g.code, g.name_zh, g.name_en) for g in self._district.grids]),
            "camera": NameIndex([_camera_names(c.id, c.name_zh, c.name_en) for c in self._district.cameras]),
        }

    def _names(self, *names: str) -> list[str]:
        initials = [self._initials.of(name) for name in names] if self._initials else []
        return [bare_number(folded(name)) for name in (*names, *initials)]

    # -- keeping up --------------------------------------------------------------------------------------------------

    def take_finder(self, finder: Finder) -> None:
        """From now on places are found."""
        self._finder = finder
        self._places = Places(finder, self._district.places, self.wording, self._middle)
        self._places.initials = self._initials

    def spell(self, initials: Initials) -> None:
        """From now on Chinese is found by its initials. May run aside: until then answers are as before."""
        self._initials = initials
        if self._places is not None:
            self._places.initials = initials
        self._name_still()
        self.units.spell(initials)

    def pin(self, choice: Choice) -> None:
        """A place was chosen from several of its name: the name means this one now."""
        if choice.kind == "place" and self._places is not None:
            self._places.pin(choice)

    @property
    def has_places(self) -> bool:
        return self._finder is not None

    # -- Directory ---------------------------------------------------------------------------------------------------

    def find(self, kind: Kind, word: str, so_far: Reading, *, exactly: bool) -> Sequence[Choice]:
        match kind:
            case "incident":
                return self._incidents(self.incidents.meant_by(word))
            case "unit":
                return [self.wording.unit(key) for key in self.units.meant_by(bare_number(word), exactly)]
            case "place":
                return self._places.meant_by(word) if self._places is not None else ()
            case "department":
                return [Choice("department", word, word, word, word)]
            case "line":
                return [each for each in self._lines(so_far) if each.insert == word]
            case "road" | "until" if self.roads is not None:
                return self.roads.find(kind, word, exactly=exactly)
            case "type" | "grid" | "camera":
                return self._one(kind, bare_number(word), exactly=exactly and kind != "type")
        return ()

    def offer(self, kind: Kind, begun: str, so_far: Reading, limit: int) -> Sequence[Choice]:
        match kind:
            case "incident":
                return self._offer_incidents(begun, so_far, limit)
            case "unit":
                return self._offer_units(begun, so_far, limit)
            case "place":
                return self._offer_places(begun, limit)
            case "road" | "until" if self.roads is not None:
                opens = so_far.verb is not None and so_far.verb.id == "open_road"
                return self.roads.offer(kind, begun, limit, closed_only=opens)
            case "line":
                return [each for each in self._lines(so_far) if each.insert.startswith(begun)][:limit]
            case "type" | "grid" | "camera":
                return self._offer_still(kind, begun_number(begun), limit)
            case "department":
                return self._offer_departments(begun, limit)
        return ()

    def search(self, query: str, limit: int) -> Sequence[Choice]:
        if self._finder is None or self._places is None or not query:
            return ()
        return [self._places.choice(each) for each in self._finder.find(query, *self._middle(), limit)]

    # -- what a word means -------------------------------------------------------------------------------------------

    def _one(self, kind: str, word: str, *, exactly: bool) -> list[Choice]:
        slots, tiers = self._still[kind].find(word) if word else _NOTHING
        if not len(slots):
            return []
        best = int(tiers.min())
        if best > ENDS and exactly:
            return []
        return [self._still_choice(kind, int(slot)) for slot in slots[tiers == best][:_MOST_CHOICES]]

    def _incidents(self, keys: Sequence[str]) -> list[Choice]:
        """Of several with one end each is written with its day: what is chosen then is clear."""
        choices = [self.wording.incident(key) for key in keys]
        if len(keys) < 2:
            return choices
        numbers = [self._desk.incidents[key].number for key in keys]
        return [replace(each, insert=n[4:]) for each, n in zip(choices, numbers, strict=True)]

    def _find_places(self, word: str, limit: int, kinds: Collection[str]) -> list[Choice]:
        return self._places.offered(word, limit, kinds) if self._places is not None else []

    def _still_choice(self, kind: str, slot: int) -> Choice:
        if kind == "type":
            return self.wording.type(self._types[slot])
        if kind == "grid":
            return self.wording.grid(self._district.grids[slot])
        return self.wording.camera(self._district.cameras[slot])

    # -- what is offered ---------------------------------------------------------------------------------------------

    def _offer_incidents(self, begun: str, so_far: Reading, limit: int) -> list[Choice]:
        verb_id = so_far.verb.id if so_far.verb is not None else ""
        taken = {choice.key for choice in so_far.values.get("incident", ())}
        unit = self._desk.units.get(meant.key) if (meant := so_far.one("unit")) is not None else None
        if unit is not None:
            keys = [held.incident for held in unit.assignments if held.incident in self._desk.incidents]
        elif not begun:
            keys = self.incidents.first_open(lambda key: self._fits(verb_id, key), limit + len(taken))
        elif begun[0].isdecimal():
            keys = self.incidents.beginning_with(begun, limit) or self.incidents.meant_by(begun)
        else:
            # A search for a street finds its house numbers too, which are no incidents.
            found = self._find_places(begun, limit, ("incident",))
            keys = [each.key for each in found if each.key in self._desk.incidents]
        return [self.wording.incident(key) for key in keys if key not in taken]

    def _offer_units(self, begun: str, so_far: Reading, limit: int) -> list[Choice]:
        """Those near where the officer looks come first; how far they are is said only of a place that is known."""
        incident = self._incident_of(so_far)
        there = _position(incident)
        near = there or self._middle()
        busy = so_far.verb is not None and so_far.verb.id in ("recall", "status")
        kinds = self.wording.suitable_kinds(incident) if incident else ()
        taken = {choice.key for choice in so_far.values.get("units", ())}
        keys = self.units.offered(begun_number(begun), near, kinds, busy, limit + len(taken))
        return [self.wording.unit(key, there) for key in keys if key not in taken][:limit]

    def _incident_of(self, so_far: Reading) -> Incident | None:
        meant = so_far.one("incident")
        return self._desk.incidents.get(meant.key) if meant is not None else None

    def _offer_places(self, begun: str, limit: int) -> list[Choice]:
        return [replace(each, kind="place") for each in self._find_places(begun, limit, NEAR_PLACES)]

    def _offer_still(self, kind: str, begun: str, limit: int) -> list[Choice]:
        slots, tiers = self._still[kind].find(begun)
        best = slots[np.argsort(tiers, kind="stable")][:limit]
        return [self._still_choice(kind, int(slot)) for slot in best]

    def _offer_departments(self, begun: str, limit: int) -> list[Choice]:
        names = tr("command_line.canned.department").split("|")
        return [Choice("department", n, n, n, n) for n in names if begun in folded(n)][:limit]


_MOST_CHOICES: Final = 12
_NOTHING: Final[tuple[Slots, Tiers]] = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def _position(incident: Incident | None) -> tuple[float, float] | None:
    if incident is None or incident.lat is None or incident.lon is None:
        return None
    return incident.lat, incident.lon


def _grid_names(code: str, *names: str) -> Iterable[str]:
    """The whole code, and as it is said: community and grid, two figures each."""
    community, own = code[-6:-3], code[-3:]
    said = f"{community[-2:]}{own[-2:]}"
    return [code, bare_number(said), f"{community.lstrip('0')}-{own.lstrip('0')}", *map(folded, names)]


def _camera_names(key: str, *names: str) -> Iterable[str]:
    digits = "".join(filter(str.isdigit, key)).lstrip("0")
    return [bare_number(folded(key)), digits, *(bare_number(folded(name)) for name in names)]
