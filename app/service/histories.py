"""What the desk knows of a caller and of a place from before: counts and incident numbers, hazards and notes.

Owns these look-ups. Must not show a name or a number of a person: whoever wants that says why (App.person). What asks
the database runs on its thread, what looks through every incident runs aside.
"""

from __future__ import annotations

import heapq
import math
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.premise import PremiseNote
from app.geo.coordinates import EARTH_RADIUS_M, distance_m
from app.journal.store import Journal
from app.journal.writer import JournalThread
from app.service.aside import aside

MOST_TOLD: Final = 20
"""Incidents that a history names; all are counted."""
NEAR_M: Final = 50.0
"""The same building, as well as a phone knows where it is."""

_SHORT_NUMBER_DIGITS: Final = 6
"""Numbers up to this length are services (110, 12345, 96110), not people."""
_MOBILE_DIGITS: Final = 11
_CHUNK: Final = 2_000
_COUNTRY: Final = ("0086", "86")


@dataclass(frozen=True, slots=True)
class History:
    """Earlier incidents: `count` of all, `open` of those that are not over, ids of the newest, newest first."""

    count: int
    open: int
    incidents: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return self.count == 0


NOTHING: Final = History(0, 0, ())


@dataclass(frozen=True, slots=True)
class NearbyNote:
    """`distance_m` is None for a note that has the address but no position."""

    note: PremiseNote
    distance_m: float | None


class Histories:
    """`desk()` is the newest state."""

    def __init__(self, journal: JournalThread, desk: Callable[[], Desk]) -> None:
        self._journal = journal
        self._desk = desk

    async def of_number(self, phone: str, but: str = "") -> History:
        """Incidents that were reported from this number, without the incident `but`."""
        written = ways_to_write(phone)
        if not written:
            return NOTHING
        refs = await self._journal.call(lambda journal: journal.refs_of_phone(written))
        return self._of_refs(refs, but)

    async def of_caller(self, incident: str) -> History:
        """The other incidents of whoever reported this one; nothing when nobody is known to have."""
        ref = self._desk().incidents[incident].person_ref
        if ref is None:
            return NOTHING

        def refs_of(journal: Journal) -> list[str]:
            person = journal.person(ref)
            written = ways_to_write(person.phone) if person else ()
            return journal.refs_of_phone(written) if written else []

        return self._of_refs(await self._journal.call(refs_of), incident)

    def _of_refs(self, refs: Iterable[str], but: str) -> History:
        """A report's reference is its source and id, by which the desk finds the incident that it went into."""
        desk = self._desk()
        found = {key for ref in refs if (key := desk.by_source.get(ref)) is not None}
        return _told([desk.incidents[key] for key in found - {but}])

    async def of_place(
        self,
        lat: float | None,
        lon: float | None,
        address: str = "",
        radius_m: float = NEAR_M,
        but: str = "",
    ) -> History:
        """Incidents within `radius_m` of a place (WGS-84), or with the very address; merged ones count as one."""
        incidents = list(self._desk().incidents.values())

        def look() -> History:
            at_place = _Place(lat, lon, address, radius_m)
            return _told([i for i in _breathing(incidents) if i.id != but and at_place.holds(i)])

        return await aside(look, "history of a place")

    def premises_near(
        self, lat: float | None, lon: float | None, radius_m: float, now: Instant, address: str = ""
    ) -> list[NearbyNote]:
        """Notes that hold now: hazards first, then the nearest."""
        found = []
        for note in self._desk().premises.values():
            away_m = _away_m(note, lat, lon)
            is_near = away_m is not None and away_m <= radius_m
            if note.holds(now) and (is_near or (address and note.address == address)):
                found.append(NearbyNote(note, away_m))
        return sorted(found, key=lambda n: (not n.note.hazard, n.distance_m or 0.0, n.note.id))


class _Place:
    """Whether an incident happened there; a box of degrees spares the trigonometry of nearly all."""

    def __init__(self, lat: float | None, lon: float | None, address: str, radius_m: float) -> None:
        self._lat, self._lon, self._address, self._radius_m = lat, lon, address, radius_m
        self._box_deg = math.degrees(radius_m / EARTH_RADIUS_M)
        self._wide_deg = self._box_deg / max(0.01, math.cos(math.radians(lat or 0.0)))

    def holds(self, incident: Incident) -> bool:
        if incident.merged_into is not None:
            return False
        if self._address and incident.address == self._address:
            return True
        if self._lat is None or self._lon is None or incident.lat is None or incident.lon is None:
            return False
        in_box = (
            abs(incident.lat - self._lat) <= self._box_deg and abs(incident.lon - self._lon) <= self._wide_deg
        )
        return in_box and distance_m(self._lat, self._lon, incident.lat, incident.lon) <= self._radius_m


def ways_to_write(phone: str) -> tuple[str, ...]:
    """How the figures of a number may have been written down, with and without the country; () for a service's."""
    figures = "".join(sign for sign in unicodedata.normalize("NFKC", phone) if sign.isdecimal())
    bare = next(
        (
            figures[len(c) :]
            for c in _COUNTRY
            if figures.startswith(c) and len(figures) == len(c) + _MOBILE_DIGITS
        ),
        figures,
    )
    if len(bare) <= _SHORT_NUMBER_DIGITS:
        return ()
    return (bare, *(country + bare for country in _COUNTRY))


def _told(incidents: list[Incident]) -> History:
    newest = heapq.nlargest(MOST_TOLD, incidents, key=lambda i: (i.opened_at, i.id))
    return History(len(incidents), sum(i.is_open for i in incidents), tuple(i.id for i in newest))


def _away_m(note: PremiseNote, lat: float | None, lon: float | None) -> float | None:
    if lat is None or lon is None or note.lat is None or note.lon is None:
        return None
    return distance_m(lat, lon, note.lat, note.lon)


def _breathing(incidents: list[Incident]) -> Iterable[Incident]:
    """Lets the Qt thread have the interpreter between chunks."""
    for start in range(0, len(incidents), _CHUNK):
        yield from incidents[start : start + _CHUNK]
        time.sleep(0)
