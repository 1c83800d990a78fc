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
from app.service.command_line.reading import Choice, Reading
from app.service.command_line.unit_index import UnitIndex
from app.service.command_line.verbs import Kind
from app.service.command_line.wording import Wording
from app.service.command_line.words import bare_number, begun_number, folded

if TYPE_CHECKING:
    from app.domain.desk import Desk
    from app.geo.district import District
    from app.geo.finder import Finder
    from app.geo.search import Found

Fits = Callable[[str, str], bool]
"""(verb's id, incident's id): would the desk allow it now?"""
_NEAR_PLACES: Final = frozenset({"place", "road", "community", "grid", "camera", "address", "coordinate"})


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
        self._pinned: dict[str, Choice] = {}
        self._places: dict[str, list[Choice]] = {}
        """What words meant last: every later key of the line asks again."""
        self._initials: Initials | None = None
        self._name_still()

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
        self._places.clear()

    def spell(self, initials: Initials) -> None:
        """From now on Chinese is found by its initials. May run aside: until then answers are as before."""
        self._initials = initials
        self._name_still()
        self.units.spell(initials)

    def pin(self, choice: Choice) -> None:
        """A place was chosen from several of its name: the name means this one now."""
        if choice.kind == "place":
            self._pinned[folded(choice.name)] = choice

    @property
    def has_places(self) -> bool:
        return self._finder is not None

    # -- Directory ---------------------------------------------------------------------------------------------------

    def find(self, kind: Kind, word: str, so_far: Reading, *, exactly: bool) -> Sequence[Choice]:
        match kind:
            case "incident":
                return [self.wording.incident(key) for key in self.incidents.meant_by(word)]
            case "unit":
                return [self.wording.unit(key) for key in self.units.meant_by(bare_number(word), exactly)]
            case "place":
                return self._place(word)
            case "department":
                return [Choice("department", word, word, word, word)]
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
            case "type" | "grid" | "camera":
                return self._offer_still(kind, begun_number(begun), limit)
            case "department":
                return self._offer_departments(begun, limit)
        return ()

    def search(self, query: str, limit: int) -> Sequence[Choice]:
        if self._finder is None or not query:
            return ()
        return [self._found(each) for each in self._finder.find(query, *self._middle(), limit)]

    # -- what a word means -------------------------------------------------------------------------------------------

    def _one(self, kind: str, word: str, *, exactly: bool) -> list[Choice]:
        slots, tiers = self._still[kind].find(word) if word else _NOTHING
        if not len(slots):
            return []
        best = int(tiers.min())
        if best > ENDS and exactly:
            return []
        return [self._still_choice(kind, int(slot)) for slot in slots[tiers == best][:_MOST_CHOICES]]

    def _place(self, word: str) -> list[Choice]:
        pinned = self._pinned.get(word)
        if pinned is not None:
            return [pinned]
        if word not in self._places:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            self._places[word] = [replace(each, kind="place") for each in self._meant_places(word)]
        return self._places[word]

    def _meant_places(self, word: str) -> list[Choice]:
        """Places of just this name; else all that it could be, for a place must not be guessed."""
        if self._finder is None or not word:
            return []
        found = self._finder.find(word, *self._middle(), _MOST_CHOICES, _NEAR_PLACES)
        same = [each for each in found if word in self._whole_names(each)]
        places = [each for each in same if each.entry.kind == "place"]
        return [self._found(each) for each in (places or same or found)]

    def _whole_names(self, found: Found) -> set[str]:
        """What an answer is called in full; an address or coordinates are their own name."""
        entry = found.entry
        names = {folded(entry.name_zh), folded(entry.name_en), folded(entry.code)}
        if self._initials is not None:
            names.add(self._initials.of(entry.name_zh))
        if found.house is not None:
            names.add(folded(self.wording.place(found)))
        return names

    def _find_places(self, word: str, limit: int, kinds: Collection[str]) -> list[Choice]:
        if self._finder is None or not word:
            return []
        return [self._found(each) for each in self._finder.find(word, *self._middle(), limit, kinds)]

    def _found(self, found: Found) -> Choice:
        entry = found.entry
        name = self.wording.place(found)
        return Choice(
            entry.kind, entry.key, name, name, name, self.wording.place_second(found),
            self.wording.away(found.distance_m), entry.lat, entry.lon, entry.grid,
        )  # fmt: skip

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
        incident = self._incident_of(so_far)
        near = _position(incident) or self._middle()
        busy = so_far.verb is not None and so_far.verb.id in ("recall", "status")
        kinds = self.wording.suitable_kinds(incident) if incident else ()
        taken = {choice.key for choice in so_far.values.get("units", ())}
        keys = self.units.offered(begun_number(begun), near, kinds, busy, limit + len(taken))
        return [self.wording.unit(key, near) for key in keys if key not in taken][:limit]

    def _incident_of(self, so_far: Reading) -> Incident | None:
        meant = so_far.one("incident")
        return self._desk.incidents.get(meant.key) if meant is not None else None

    def _offer_places(self, begun: str, limit: int) -> list[Choice]:
        return [replace(each, kind="place") for each in self._find_places(begun, limit, _NEAR_PLACES)]

    def _offer_still(self, kind: str, begun: str, limit: int) -> list[Choice]:
        slots, tiers = self._still[kind].find(begun)
        best = slots[np.argsort(tiers, kind="stable")][:limit]
        return [self._still_choice(kind, int(slot)) for slot in best]

    def _offer_departments(self, begun: str, limit: int) -> list[Choice]:
        names = tr("command_line.canned.department").split("|")
        return [Choice("department", n, n, n, n) for n in names if begun in folded(n)][:limit]


_MOST_CHOICES: Final = 12
_MOST_PLACES: Final = 64
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
