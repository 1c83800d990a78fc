"""Reports of one matter, found as they come in and while one is being typed.

Owns the index of what is recent, the suggestions for open incidents, and the marks that tell one caller's reports from
another's. Must not merge anything: that is the officer's. A caller's number is read on the journal's thread and kept as
a hash under a key that is drawn at every start and ends with it: it can be compared here and now and nowhere else.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from app.centre.types_file import load_incident_types
from app.domain.desk import Desk
from app.domain.events import Recorded
from app.domain.incident import Incident
from app.domain.incident_parts import Link
from app.domain.incident_types import IncidentTypes
from app.domain.instants import Instant
from app.duplicates.index import DuplicateIndex, Suggestion
from app.duplicates.reasons import reasons_of
from app.duplicates.report import Report, report_of
from app.duplicates.rule import Rule
from app.duplicates.rule_file import load_rule
from app.duplicates.synonym_file import load_synonyms
from app.geo.district import District
from app.geo.pinyin import usual_reading
from app.journal.store import Journal
from app.journal.writer import JournalThread
from app.projections.changes import Changes
from app.service.histories import ways_to_write

SLICE_S: Final = 0.001
"""After so long a stretch of comparing whoever else waits for the loop gets a turn."""
RESTS: Final = 9
"""Times as long as the stretch it rests: in a flood comparing takes a tenth of the loop and catches up later."""
READ_AT_ONCE: Final = 100
SUGGESTED: Final = 3
ANY_HAN: Final = chr(0x4E00)
"""Asking how it is read reads the dictionary."""
PRUNE_EVERY: Final = 500
_KEPT_WINDOWS: Final = 2


def rule_of(district: District, types: IncidentTypes | None = None, directory: Path | None = None) -> Rule:
    """The declared rule, with this district's names of places; reads what comparing needs. Raises ConfigError.

    `types` are those in force, `directory` is the district's: a centre may add words that mean one thing.
    """
    usual_reading(ANY_HAN)
    synonyms = load_synonyms(types or load_incident_types(directory), directory)
    places = (place.name_zh for place in district.places)
    return load_rule(synonyms=synonyms).among(
        (*places, *(road.name_zh for road in district.roads)), _street_addresses(district)
    )


def _street_addresses(district: District) -> dict[str, str]:
    """By every name under which the form writes a place down; a camera has a position only."""
    cameras = {name: "" for camera in district.cameras for name in (camera.name_zh, camera.name_en)}
    places = {name: place.address_zh for place in district.places for name in (place.name_zh, place.name_en)}
    return {**cameras, **places}


@dataclass(frozen=True, slots=True)
class Likely:
    """An incident that may be the same; `reasons` are short sentences in the language in force."""

    incident: str
    score: float
    reasons: tuple[str, ...]


class Duplicates:
    """`told(incidents)` is called with those whose suggestions are others than before."""

    def __init__(
        self, rule: Rule, journal: JournalThread, desk: Callable[[], Desk], told: Callable[[set[str]], None]
    ) -> None:
        self.rule = rule
        self._journal = journal
        self._desk = desk
        self._told = told
        self._index = DuplicateIndex(rule)
        self._callers: dict[str, str] = {}
        self._found: dict[str, tuple[Suggestion, ...]] = {}
        self._named_by: dict[str, set[str]] = {}
        self._stood: dict[str, tuple[bool, tuple[Link, ...]]] = {}
        """How an incident stood that suggestions hang on."""
        self._waiting: dict[str, None] = {}
        self._news = asyncio.Event()
        self._key = secrets.token_bytes(32)
        self._longest_ms = max((rule.default_window_ms, *rule.window_ms.values()))
        self._puts = 0

    # -- what is asked -----------------------------------------------------------------------------------------------

    def of(self, incident: str) -> list[Likely]:
        """Open incidents that an open one may be the same as, the likeliest first; none that an officer has linked."""
        report = self._index.get(incident)
        return [self._with_reasons(report, s) for s in self._standing(incident)] if report else []

    def first_of(self, incident: str) -> str:
        """The likeliest of them, "" for none: what a row of a list asks for."""
        return next((suggestion.other.id for suggestion in self._standing(incident)), "")

    def likely(self, draft: Report, phone: str = "", most: int = SUGGESTED) -> list[Likely]:
        """What a report that is being typed may be about: ended ones too, from a lower likelihood on."""
        asked = replace(draft, caller=self._mark_of(phone))
        known = self._desk().incidents
        found = self._index.find(asked, self.rule.hint, 2 * most)
        standing = (s for s in found if (other := known.get(s.other.id)) and other.merged_into is None)
        return [self._with_reasons(asked, suggestion) for suggestion in islice(standing, most)]

    def _standing(self, incident: str) -> Iterator[Suggestion]:
        known = self._desk().incidents
        here = known.get(incident)
        if here is not None and here.is_open:
            for suggestion in self._found.get(incident, ()):
                if _may_be_same(here, known.get(suggestion.other.id)):
                    yield suggestion

    def _with_reasons(self, report: Report, suggestion: Suggestion) -> Likely:
        reasons = reasons_of(self.rule, report, suggestion.other)
        return Likely(suggestion.other.id, suggestion.score, reasons)

    def __len__(self) -> int:
        return len(self._index)

    # -- what comes in -----------------------------------------------------------------------------------------------

    def on_changes(self, changes: Changes, _records: Sequence[Recorded] = ()) -> None:
        """Notes what has changed; compares nothing: this is the way that every event takes."""
        if changes.incidents:
            self._waiting.update(dict.fromkeys(changes.incidents))
            self._news.set()

    def resume(self, now: Instant) -> None:
        """What was there before the start, as far as it can still be reported again."""
        since_at = now - self._longest_ms
        recent = [i for i in self._desk().incidents.values() if i.opened_at >= since_at]
        recent.sort(key=lambda incident: incident.opened_at)
        self._waiting.update(dict.fromkeys(incident.id for incident in recent))
        if recent:
            self._news.set()

    async def run(self) -> None:
        """Compares what waits, in slices, until cancelled."""
        while True:
            await self._news.wait()
            while keys := self._next():
                await self._learn_callers(keys)
                await self._compare(keys)
            self._news.clear()

    def _next(self) -> list[str]:
        keys = list(self._waiting)[:READ_AT_ONCE]
        for key in keys:
            del self._waiting[key]
        return keys

    async def _compare(self, keys: Iterable[str]) -> None:
        changed: set[str] = set()
        began_s = time.monotonic()
        for key in keys:
            changed |= self._take(key)
            if (spent_s := time.monotonic() - began_s) > SLICE_S:
                self._tell(changed)
                changed = set()
                await asyncio.sleep(RESTS * spent_s)
                began_s = time.monotonic()
        self._tell(changed)

    def _tell(self, changed: set[str]) -> None:
        if changed:
            self._told(changed)

    def _take(self, key: str) -> set[str]:
        """Takes an incident's newest state in; the incidents whose suggestions that changes."""
        incident = self._desk().incidents.get(key)
        if incident is None:
            return set()
        report = report_of(incident, self._callers.get(incident.person_ref or "", ""))
        changed = self._concerned(incident)
        if report != self._index.get(key):
            self._put(report)
            changed |= self._look_again(report) if incident.is_open else set()
        return changed

    def _concerned(self, incident: Incident) -> set[str]:
        """Whose suggestions come or go by what is no word of a report: that it has ended, what it is linked to."""
        stood = self._stood.get(incident.id)
        if stood is None or stood == _stands(incident):
            return set()
        self._stood[incident.id] = _stands(incident)
        return {*self._named_by.get(incident.id, ()), *((incident.id,) if incident.id in self._found else ())}

    def _put(self, report: Report) -> None:
        self._index.put(report)
        self._puts += 1
        if self._puts % PRUNE_EVERY == 0:
            self._forget(self._index.prune(_KEPT_WINDOWS * self._longest_ms))

    def _look_again(self, report: Report) -> set[str]:
        """An incident that came later is never the one that is suggested: whoever comes second carries the mark."""
        found = tuple(
            s
            for s in self._index.find(report, self.rule.threshold, 2 * SUGGESTED)
            if _was_first(s.other, report)
        )[:SUGGESTED]
        before = self._found.pop(report.id, ())
        for suggestion in before:
            self._named_by.get(suggestion.other.id, set()).discard(report.id)
        for suggestion in found:
            self._named_by.setdefault(suggestion.other.id, set()).add(report.id)
        if found:
            self._found[report.id] = found
            self._watch(report.id, *(suggestion.other.id for suggestion in found))
        return {report.id} if found != before else set()

    def _watch(self, *keys: str) -> None:
        known = self._desk().incidents
        self._stood.update(
            (key, _stands(known[key])) for key in keys if key not in self._stood and key in known
        )

    def _forget(self, keys: Iterable[str]) -> None:
        known = self._desk().incidents
        for key in keys:
            self._found.pop(key, None)
            self._named_by.pop(key, None)
            self._stood.pop(key, None)
            if (incident := known.get(key)) is not None:
                self._callers.pop(incident.person_ref or "", None)

    # -- who called --------------------------------------------------------------------------------------------------

    async def _learn_callers(self, keys: Iterable[str]) -> None:
        """Reads the numbers behind reports that are new here; only their marks leave the journal's thread."""
        known = self._desk().incidents
        refs = {i.person_ref for key in keys if (i := known.get(key)) is not None and i.person_ref}
        unread = [ref for ref in refs if ref not in self._callers]
        if not unread:
            return

        def read(journal: Journal) -> dict[str, str]:
            return {
                ref: self._mark_of(person.phone) if (person := journal.person(ref)) else "" for ref in unread
            }

        self._callers.update(await self._journal.call(read))

    def _mark_of(self, phone: str) -> str:
        """The number's mark; "" for none and for numbers of services, which many call from."""
        written = ways_to_write(phone)
        return (
            hashlib.blake2b(written[0].encode(), key=self._key, digest_size=12).hexdigest() if written else ""
        )


def _stands(incident: Incident) -> tuple[bool, tuple[Link, ...]]:
    return incident.is_open, incident.links


def _may_be_same(here: Incident, other: Incident | None) -> bool:
    return other is not None and other.is_open and here.link(other.id) is None


def _was_first(other: Report, report: Report) -> bool:
    return (other.at, other.id) < (report.at, report.id)
