"""The endless stream of what happens: message n is a pure function of (seed, epoch, rate, n).

Owns the mix of kinds and the small stories - reported, updated, withdrawn; offline, online; raised, cleared. Must not
keep state: a simulator that was killed regenerates what followed any message.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from app.domain.instants import CENTRE_UTC_OFFSET_MS, Instant, format_iso
from app.domain.unit import AVAILABLE, OUT_OF_SERVICE
from app.drill.broken import broken
from app.drill.gazetteer import Gazetteer
from app.drill.message import Message, envelope
from app.drill.templates import Story, TemplateBook
from app.geo.district import UnitSpec

OPENINGS: Final = ("incident.reported",) * 11 + ("alarm.raised",) * 2 + ("order.placed", "report.filed")
BLOCK: Final = 21
"""Slots come in blocks: 15 open something, one has equipment fail, 5 say how something of the block before went on."""
FAILURE_AT: Final = 10
UPDATE_AT, CLEARED_AT, REPAIR_AT, SECOND_UPDATE_AT, WITHDRAWAL_AT = 4, 8, 12, 16, 20
_NOT_OPENING: Final = (FAILURE_AT, UPDATE_AT, CLEARED_AT, REPAIR_AT, SECOND_UPDATE_AT, WITHDRAWAL_AT)
OPENING_AT: Final = tuple(slot for slot in range(BLOCK) if slot not in _NOT_OPENING)
OPENINGS_PER_S: Final = 50.0
"""More than any district reports: of a rate beyond it the rest tells how what has begun goes on."""
FLAPS: Final = 0.25
"""Share of what goes on that is a camera gone and back; the others are updates."""
UNIT_FAILURES: Final = 0.3
"""Share of equipment failures that are a unit's; the others are cameras'."""


def run_tag(epoch_at: Instant) -> str:
    """The part of an id that tells runs apart: the civil day and second at which the run's story begins."""
    civil = format_iso(epoch_at + CENTRE_UTC_OFFSET_MS)
    return f"{civil[:10].replace('-', '')}-{civil[11:19].replace(':', '')}"


class Stories:
    """The stream. `rate` is in messages a second, broken ones included."""

    def __init__(
        self,
        book: TemplateBook,
        gazetteer: Gazetteer,
        units: Sequence[UnitSpec],
        *,
        seed: int,
        epoch_at: Instant,
        rate: float,
        malformed: float = 0.0,
    ) -> None:
        self._book = book
        self._gazetteer = gazetteer
        self._units = units
        self._seed = seed
        self._epoch_at = epoch_at
        self._malformed = malformed
        self._slots_per_s = rate * (1 - malformed)
        self._size = BLOCK + self._going_on_per_block()
        self._tag = run_tag(epoch_at)
        self._openings = lru_cache(maxsize=64)(self._make_openings)
        self._block = lru_cache(maxsize=64)(self._make_block)

    def between(self, after: Instant, until: Instant) -> Iterator[Message]:
        """The messages of (after, until], in order."""
        if self._slots_per_s <= 0:
            return
        n = max(0, int((after - self._epoch_at) / 1000 * self._slots_per_s) - 1)
        while (at := self._at(n)) <= until:
            if at > after:
                yield from self._messages(n, at)
            n += 1

    def next_at(self, after: Instant) -> Instant | None:
        """When the next one after an instant is told; None where nothing ever happens."""
        if self._slots_per_s <= 0:
            return None
        n = max(0, int((after - self._epoch_at) / 1000 * self._slots_per_s) - 1)
        while self._at(n) <= after:
            n += 1
        return self._at(n)

    def _at(self, n: int) -> Instant:
        """Slots are evenly spaced with a jitter that never changes their order."""
        jitter = ((n * 2654435761 + self._seed) & 0xFFFFFFFF) / 2**32
        return self._epoch_at + int((n + jitter) / self._slots_per_s * 1000)

    def _messages(self, n: int, at: Instant) -> Iterator[Message]:
        fields = self._block(n // self._size)[n % self._size]
        yield envelope(at, fields, idle_unit=fields.get("unit", ""))
        dice = self._dice("broken", n)
        while dice.random() < self._malformed:
            yield broken(at, fields, dice)

    # -- blocks ------------------------------------------------------------------------------------------------------

    def _make_block(self, block: int) -> tuple[dict[str, Any], ...]:
        """The envelopes of a block, one per slot, without their times."""
        slots = {FAILURE_AT: self._failure(block)}
        slots |= zip(OPENING_AT, (story.fields for story in self._openings(block)), strict=True)
        slots |= self._follow_ups(block) if block else self._more_openings()
        slots |= enumerate(self._going_on(block, slots[WITHDRAWAL_AT]), start=BLOCK)
        return tuple(
            {**slots[slot], "id": self._id(slots[slot], block * self._size + slot)}
            for slot in range(self._size)
        )

    def _make_openings(self, block: int) -> tuple[Story, ...]:
        dice = self._dice("block", block)
        kinds = dice.sample(OPENINGS, len(OPENINGS))
        stories = tuple(self._opening(kind, dice) for kind in kinds)
        for slot, story in zip(OPENING_AT, stories, strict=True):
            story.fields["id"] = self._id(story.fields, block * self._size + slot)
            if story.fields["kind"] == "alarm.raised":
                story.fields["alarm"] = story.fields["id"]
        return stories

    def _more_openings(self) -> dict[int, dict[str, Any]]:
        """In the first block there is nothing yet that could go on."""
        dice = self._dice("first")
        later = (UPDATE_AT, CLEARED_AT, REPAIR_AT, SECOND_UPDATE_AT, WITHDRAWAL_AT)
        return {slot: self._opening("incident.reported", dice).fields for slot in later}

    def _opening(self, kind: str, dice: random.Random) -> Story:
        template = self._book.drawn(kind, dice)
        return self._book.story(template, dice.choice(self._gazetteer.spots(template.where)), dice)

    def _failure(self, block: int) -> dict[str, Any]:
        """A camera that goes offline, or a unit that is out of service for a while; a district with neither goes on."""
        dice = self._dice("failure", block)
        if not self._has_gear:
            return self._opening("incident.reported", dice).fields
        if self._units and (dice.random() < UNIT_FAILURES or not self._gazetteer.cameras):
            unit, reason = dice.choice(self._units).id, dice.choice(self._book.field.out_of_service)
            return {
                "kind": "unit.status",
                "source": "app",
                "unit": unit,
                "status": OUT_OF_SERVICE,
                "reason": reason,
            }
        return self._camera_failure(dice)

    @property
    def _has_gear(self) -> bool:
        return bool(self._units or self._gazetteer.cameras)

    def _camera_failure(self, dice: random.Random) -> dict[str, Any]:
        camera, reason = dice.choice(self._gazetteer.cameras), dice.choice(self._book.field.camera_failures)
        return {
            "kind": "camera.status",
            "source": "camera",
            "camera": camera,
            "online": False,
            "reason": reason,
        }

    def _going_on_per_block(self) -> int:
        """How many slots more a block needs so that its openings stay under OPENINGS_PER_S; even, as cameras flap."""
        wanted = len(OPENINGS) * self._slots_per_s / OPENINGS_PER_S
        return 2 * max(0, round((wanted - BLOCK) / 2))

    def _going_on(self, block: int, withdrawal: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Updates of what the block before has reported and nobody has withdrawn, and cameras gone and back."""
        dice = self._dice("going on", block)
        stories = [story for story in self._openings(max(0, block - 1)) if self._goes_on(story, withdrawal)]
        for _ in range((self._size - BLOCK) // 2):
            if dice.random() < FLAPS and self._gazetteer.cameras:
                failure = self._camera_failure(dice)
                yield from (failure, self._repair(failure))
            else:
                yield from (self._update(dice.choice(stories), dice) for _ in range(2))

    @staticmethod
    def _goes_on(story: Story, withdrawal: dict[str, Any]) -> bool:
        fields = story.fields
        ended = withdrawal.get("incident") == f"{fields['source']}:{fields['id']}"
        return fields["kind"] == "incident.reported" and not ended

    def _repair(self, failure: dict[str, Any]) -> dict[str, Any]:
        if failure["kind"] == "unit.status":
            return {**failure, "status": AVAILABLE, "reason": ""}
        return {**failure, "online": True, "reason": ""}

    def _follow_ups(self, block: int) -> dict[int, dict[str, Any]]:
        dice = self._dice("follow", block)
        before = self._openings(block - 1)
        reported = [story for story in before if story.fields["kind"] == "incident.reported"]
        told = [story for story in reported if story.template.updates] or reported
        ended = [story for story in reported if story.template.withdrawals] or reported
        alarm = next(story for story in before if story.fields["kind"] == "alarm.raised")
        return {
            UPDATE_AT: self._update(dice.choice(told), dice),
            CLEARED_AT: {
                "kind": "alarm.cleared",
                "source": alarm.fields["source"],
                "alarm": alarm.fields["alarm"],
            },
            REPAIR_AT: self._repair(self._failure(block - 1)) if self._has_gear else self._failure(-block),
            SECOND_UPDATE_AT: self._update(dice.choice(told), dice),
            WITHDRAWAL_AT: self._withdrawal(dice.choice(ended), dice),
        }

    def _update(self, story: Story, dice: random.Random) -> dict[str, Any]:
        text = self._book.filled(dice.choice(story.template.updates or ("",)), dict(story.values), dice)
        worse = max(1, story.fields["priority"] - (dice.random() < 0.2))
        return {**_about("incident.updated", story), "priority": worse, "description": text}

    def _withdrawal(self, story: Story, dice: random.Random) -> dict[str, Any]:
        return {
            **_about("incident.withdrawn", story),
            "reason": dice.choice(story.template.withdrawals or ("",)),
        }

    def _id(self, fields: dict[str, Any], n: int) -> str:
        return f"{fields['source']}-{self._tag}-{n:06d}"

    def _dice(self, *key: object) -> random.Random:
        return random.Random(f"{self._seed}/{key}")


def _about(kind: str, story: Story) -> dict[str, Any]:
    source = story.fields["source"]
    return {"kind": kind, "source": source, "incident": f"{source}:{story.fields['id']}"}
