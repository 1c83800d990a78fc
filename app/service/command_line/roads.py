"""Owns the names of streets and of their pieces on the command line, and ends as they are typed after them.

Must not know what is closed but by asking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from app.domain.instants import Instant
from app.geo.streets import Street, Streets
from app.i18n import language, tr
from app.service.command_line.name_index import EXACT, NameIndex
from app.service.command_line.reading import Choice
from app.service.command_line.until import end_choice, until_of
from app.service.command_line.words import bare_number, folded

_MOST_CHOICES: Final = 12


class RoadNames:
    """The streets of one district; `initials` gives further names of a Chinese one."""

    def __init__(
        self,
        streets: Streets,
        initials: Callable[[str], Iterable[str]],
        closed: Callable[[], Collection[str]],
        now: Callable[[], Instant],
        utc_offset_min: int,
    ) -> None:
        self._streets, self._closed, self._now, self._utc_offset_min = streets, closed, now, utc_offset_min
        names = ((s.name_zh, s.name_en, *initials(s.name_zh)) for s in streets.named)
        self._index = NameIndex([[bare_number(folded(name)) for name in of if name] for of in names])
        self._by_id = {folded(road): road for road in streets.by_id}

    def find(self, kind: str, word: str, *, exactly: bool) -> list[Choice]:
        """What a word means as a road or as an end."""
        return self.meant_by(word, exactly=exactly) if kind == "road" else self.end(word)

    def offer(self, kind: str, begun: str, limit: int, *, closed_only: bool) -> list[Choice]:
        """How a road or an end may go on."""
        return self.offered(begun, limit, closed_only=closed_only) if kind == "road" else self.ends(begun)

    def meant_by(self, word: str, *, exactly: bool) -> list[Choice]:
        """A street by its name or what only it is called like, a piece by its id."""
        if word in self._by_id:
            return [self._piece(self._by_id[word])]
        slots, tiers = self._index.find(bare_number(word))
        if not len(slots) or not word or (exactly and int(tiers.min()) != EXACT):
            return []
        return [self._street(self._streets.named[int(slot)]) for slot in slots[tiers == tiers.min()]][
            :_MOST_CHOICES
        ]

    def offered(self, begun: str, limit: int, *, closed_only: bool) -> list[Choice]:
        closed = self._closed() if closed_only else ()
        found = (self._streets.named[int(slot)] for slot in self._index.find(bare_number(begun))[0])
        fitting = [street for street in found if not closed_only or not set(closed).isdisjoint(street.roads)]
        return [self._street(street) for street in fitting[:limit]]

    def end(self, word: str) -> list[Choice]:
        """An end as it is typed: 14:30, 2h."""
        now = self._now()
        at = until_of(word, now, self._utc_offset_min)
        return [] if at is None else [end_choice(at, now, word)]

    def ends(self, begun: str) -> list[Choice]:
        """Spans to choose from."""
        spans = tr("roads.spans").split("|")
        return [choice for span in spans if folded(span).startswith(begun) for choice in self.end(span)]

    def _street(self, street: Street) -> Choice:
        both = (street.name_en, street.name_zh) if language() == "en" else (street.name_zh, street.name_en)
        name, count = both[0] or both[1], len(street.roads)
        sentence = tr("command_line.name.road", road=name, count=count) if count > 1 else name
        second = tr("command_line.road.pieces", count=count)
        return Choice("road", ",".join(street.roads), sentence, name.replace(" ", ""), name, second)

    def _piece(self, road: str) -> Choice:
        street = self._streets.of(road)
        both = (street.name_en, street.name_zh) if language() == "en" else (street.name_zh, street.name_en)
        name = both[0] or both[1] or road
        return Choice("road", road, tr("command_line.name.piece", road=name, id=road), road, name, road)
