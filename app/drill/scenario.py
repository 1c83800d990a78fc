"""What a scenario makes happen at which second after its beginning.

Owns the envelopes of its injections and of its windows of reports; the file's form is scenario_file.py. Must not know
units or the network.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.instants import Instant
from app.drill.gazetteer import Gazetteer, Spot
from app.drill.message import Message, envelope
from app.drill.scenario_file import Injection, Reports, Scenario
from app.drill.stories import run_tag
from app.drill.templates import TemplateBook


class Injections:
    """A scenario's injections and reports as messages, in order of their time."""

    def __init__(
        self, scenario: Scenario, book: TemplateBook, gazetteer: Gazetteer, seed: int, epoch_at: Instant
    ) -> None:
        self._book = book
        self._gazetteer = gazetteer
        self._seed = seed
        self._tag = run_tag(epoch_at)
        made = [
            message
            for number, one in enumerate(scenario.inject, start=1)
            for turn in range(one.count)
            for message in self._told(number, turn, one, epoch_at)
        ]
        made += (
            self._reported(number, turn, window, epoch_at)
            for number, window in enumerate(scenario.reports, start=1)
            for turn in range(window.count)
        )
        self._messages = sorted(made, key=lambda message: message.at)
        self._instants = [message.at for message in self._messages]

    def between(self, after: Instant, until: Instant) -> Sequence[Message]:
        """The messages of (after, until]."""
        return self._messages[bisect_right(self._instants, after) : bisect_right(self._instants, until)]

    def next_at(self, after: Instant) -> Instant | None:
        """When the next one after an instant is told; None for no more."""
        number = bisect_right(self._instants, after)
        return self._instants[number] if number < len(self._instants) else None

    def _reported(self, number: int, turn: int, window: Reports, epoch_at: Instant) -> Message:
        dice = random.Random(f"{self._seed}/reports/{number}/{turn}")
        at = epoch_at + round(dice.uniform(window.from_s, window.to_s) * 1000)
        template = self._book.drawn_of(window.templates, "incident.reported", dice)
        spot = dice.choice(self._gazetteer.spots(template.where))
        fields = self._book.story(template, spot, dice).fields
        return envelope(at, {**fields, "id": f"{fields['source']}-{self._tag}-r{number}-{turn:05d}"})

    def _told(self, number: int, turn: int, injection: Injection, epoch_at: Instant) -> Iterator[Message]:
        at = epoch_at + round((injection.at_s + turn * injection.every_s) * 1000)
        fields = self._whole(number, turn, injection)
        yield envelope(at, fields)
        if fields["kind"] == "alarm.raised" and injection.clear_after_s:
            cleared = {"id": f"{fields['id']}-c", "kind": "alarm.cleared", "source": fields["source"]}
            yield envelope(at + round(injection.clear_after_s * 1000), cleared | {"alarm": fields["alarm"]})

    def _whole(self, number: int, turn: int, injection: Injection) -> dict[str, Any]:
        """With an id of its own, and for an alarm the device: one that is always at the same spot is the same."""
        fields = {**self._fields(number, turn, injection), **injection.fields}
        fields.setdefault("source", "camera")
        named = f"{fields['source']}-{self._tag}-s{number:03d}" + (f"-{turn}" if turn else "")
        fields.setdefault("id", named)
        if fields["kind"] == "alarm.raised":
            fields.setdefault("alarm", fields["id"])
            place = number if injection.same_spot else f"{number}-{turn}"
            fields.setdefault("device", fields.get("camera") or f"{fields['source']}-{place}")
        return fields

    def _fields(self, number: int, turn: int, injection: Injection) -> dict[str, Any]:
        if injection.camera:
            cameras = self._gazetteer.cameras
            camera = cameras[(injection.camera - 1) % len(cameras)] if cameras else str(injection.camera)
            status = {"online": injection.online, "reason": injection.reason}
            return {"kind": "camera.status", "source": "camera", "camera": camera, **status}
        if not injection.template:
            return {}
        place = f"/{turn}" if turn and not injection.same_spot else ""
        dice = random.Random(f"{self._seed}/inject/{number}{place}")
        template = self._book.named(injection.template)
        spot = self._spot(injection, template.where, dice)
        return self._book.story(template, spot, dice, injection.source, injection.priority).fields

    def _spot(self, injection: Injection, where: tuple[str, ...], dice: random.Random) -> Spot:
        """The named place; in a district that has none of that name, one of the template's kinds."""
        named = self._gazetteer.named(injection.place) if injection.place else None
        kinds = (injection.where,) if injection.where else where
        return named or dice.choice(self._gazetteer.spots(kinds))
