"""Owns which place a word means: its name, an address, the landmark that everybody means. Must not know the line.

A place must not be guessed: what can be several is given as several, and what was concluded has a note that says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.geo.coordinates import distance_m
from app.geo.house_numbers import address_in
from app.geo.meant import meant_exactly
from app.i18n import has_text, texts, tr
from app.service.command_line.reading import Choice
from app.service.command_line.wording import Wording
from app.service.command_line.words import folded

if TYPE_CHECKING:
    from app.geo.district import Place
    from app.geo.finder import Finder
    from app.geo.search import Found
    from app.service.command_line.name_index import Initials

NEAR_PLACES: Final = frozenset({"place", "road", "community", "grid", "camera", "address", "coordinate"})
AROUND_M: Final = 2_000.0
"""A landmark of its kind is the one that is meant when no other of the kind is this near to where the officer looks."""
SAME_ADDRESS_M: Final = 60.0
_MOST_CHOICES: Final = 12
_MOST_KEPT: Final = 64
_MOST_INCIDENTS: Final = 6


class Places:
    """The places of one district, as `finder` finds them; `middle` is where the officer looks, (lat, lon)."""

    def __init__(
        self,
        finder: Finder,
        places: Iterable[Place],
        wording: Wording,
        middle: Callable[[], tuple[float, float]],
    ) -> None:
        self._finder, self._wording, self._middle = finder, wording, middle
        self._landmarks = _by_kind_word(places)
        self._pinned: dict[str, Choice] = {}
        self._kept: dict[str, list[Choice]] = {}
        """What words meant last: every later key of the line asks again."""
        self.initials: Initials | None = None

    def pin(self, choice: Choice) -> None:
        """A place was chosen from several of its name: the name means this one now."""
        self._pinned[folded(choice.name)] = replace(choice, note="")

    def meant_by(self, word: str) -> Sequence[Choice]:
        """What a folded word means: nothing, one place, or several between which the officer has to choose."""
        pinned = self._pinned.get(word)
        if pinned is not None:
            return [pinned]
        if word in self._landmarks:
            return self._landmark(word)
        if word not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[word] = [replace(each, kind="place") for each in self._named(word)]
        return self._kept[word]

    def offered(self, begun: str, limit: int, kinds: Iterable[str] = NEAR_PLACES) -> list[Choice]:
        """How a folded word may go on, best first."""
        if not begun:
            return []
        found = self._finder.find(begun, *self._middle(), limit, frozenset(kinds))
        return [self.choice(each) for each in found]

    def choice(self, found: Found) -> Choice:
        """An answer of the search as a choice."""
        entry, name = found.entry, self._wording.place(found)
        return Choice(
            entry.kind, entry.key, name, name, name, self._wording.place_second(found),
            self._wording.away(found.distance_m), entry.lat, entry.lon, entry.grid,
        )  # fmt: skip

    # -- by its name -------------------------------------------------------------------------------------------------

    def _named(self, word: str) -> list[Choice]:
        """Places of just this name; else all that it could be; else the address that it spells."""
        if not word:
            return []
        found = self._finder.find(word, *self._middle(), _MOST_CHOICES, NEAR_PLACES)
        exactly = meant_exactly(found, word)
        if exactly is not None:
            return [self.choice(exactly)]
        same = [each for each in found if word in self._whole_names(each)]
        places = [each for each in same if each.entry.kind == "place"]
        of_name = [self.choice(each) for each in (places or same or found)]
        return of_name or self._address_of_incident(word) or list(self._address_on_road(word))

    def _whole_names(self, found: Found) -> set[str]:
        """What an answer is called in full; an address or coordinates are their own name."""
        entry = found.entry
        names = {folded(entry.name_zh), folded(entry.name_en), folded(entry.code)}
        if self.initials is not None:
            names.add(self.initials.of(entry.name_zh))
        if found.house is not None:
            names.add(folded(self._wording.place(found)))
        return names

    # -- by its address ----------------------------------------------------------------------------------------------

    def _address_of_incident(self, word: str) -> list[Choice]:
        """An address as the card of an incident shows it: it is where that incident is."""
        found = self._finder.find(word, *self._middle(), _MOST_INCIDENTS, frozenset({"incident"}))
        there = [
            each for each in found if folded(each.entry.address_zh) == word and each.entry.lat is not None
        ]
        return [self._at_incident(each) for each in there if not _is_near(each, there[: there.index(each)])]

    def _at_incident(self, found: Found) -> Choice:
        entry = found.entry
        number = entry.code.rpartition("-")[2]
        return Choice(
            "address", entry.address_zh, entry.address_zh, entry.address_zh, entry.address_zh,
            tr("command_line.place.of_incident", number=number), self._wording.away(found.distance_m),
            entry.lat, entry.lon, entry.grid, tr("command_line.place.of_incident", number=number),
        )  # fmt: skip

    def _address_on_road(self, word: str) -> Iterator[Choice]:
        """A number that nobody has told on a road that is known: words, for a road is too large to be a place."""
        spelled = address_in(word)
        roads = self._finder.find(spelled[0], *self._middle(), 1, frozenset({"road"})) if spelled else []
        if spelled and roads and spelled[0] in self._whole_names(roads[0]):
            name = tr("search.address", road=self._wording.place(roads[0]), number=spelled[1])
            yield Choice("address", name, name, name, name, note=tr("command_line.place.no_house"))

    # -- by what it is -----------------------------------------------------------------------------------------------

    def _landmark(self, word: str) -> list[Choice]:
        """The only one of its kind around; else the nearest ones, to choose from."""
        near = sorted((distance_m(*self._middle(), p.lat, p.lon), p.id, p) for p in self._landmarks[word])
        around = [each for each in near if each[0] <= AROUND_M]
        choices = [self._place_choice(place, away) for away, _, place in near[:_MOST_CHOICES]]
        if len(around) == 1 or len(near) == 1:
            return [
                replace(choices[0], note=tr("command_line.place.landmark", word=word, name=choices[0].name))
            ]
        return choices

    def _place_choice(self, place: Place, away_m: float) -> Choice:
        name = self._wording.name_of(place.name_zh, place.name_en)
        return Choice(
            "place", place.id, name, name, name, place.address_zh, self._wording.away(away_m),
            place.lat, place.lon, place.grid,
        )  # fmt: skip


def _by_kind_word(places: Iterable[Place]) -> dict[str, list[Place]]:
    """Landmarks by every word that means their kind, in both languages."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        key = f"command_line.landmark.{place.kind}"
        if has_text(key):
            for word in dict.fromkeys(word for text in texts(key) for word in text.split()):
                found[word].append(place)
    return dict(found)


def _is_near(found: Found, others: Sequence[Found]) -> bool:
    """Callers of one address stand some metres apart."""
    here = found.entry
    return any(
        distance_m(here.lat or 0.0, here.lon or 0.0, other.entry.lat or 0.0, other.entry.lon or 0.0)
        <= SAME_ADDRESS_M
        for other in others
    )
