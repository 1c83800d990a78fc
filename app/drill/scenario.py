"""A scenario: data/drills/NAME.toml, what happens at which second after its beginning.

Owns the file's form and the envelopes of its injections. Must not know units or the network.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.drill.gazetteer import Gazetteer, Spot
from app.drill.message import Message, envelope
from app.drill.stories import run_tag
from app.drill.templates import TemplateBook
from app.i18n import tr

MOST_REPEATS: Final = 20_000


class Injection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is made to happen: a template, a camera's failure, or an envelope given in full by `fields`.

    `place` is the name of a place, `where` a kind of it; `camera` counts the district's cameras from 1. `count` times
    it happens, `every_s` apart, each time elsewhere, or always at the first spot (`same_spot`): a flood, a device that
    chatters. An alarm is cleared by its source after `clear_after_s`, 0 is never.
    """

    at_s: float
    template: str = ""
    place: str = ""
    where: str = ""
    source: str = ""
    priority: int = 0
    camera: int = 0
    online: bool = True
    reason: str = ""
    count: int = 1
    every_s: float = 0.0
    clear_after_s: float = 0.0
    same_spot: bool = False
    fields: dict[str, Any] = {}


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stories_per_s` is the calm background beside the injections; `decline_share` of their tasks units turn down."""

    title: dict[str, str]
    seed: int = 1
    stories_per_s: float = 0.05
    decline_share: float = 0.06
    inject: tuple[Injection, ...] = ()


def load_scenario(path: Path) -> Scenario:
    """Reads a scenario. Raises ConfigError for a missing or a wrong file."""
    scenario = _read(path)
    if not 0 <= scenario.decline_share <= 1:
        reason = tr("feed.simulate.no_share", field="decline_share", value=scenario.decline_share)
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=reason))
    for injection in scenario.inject:
        if not (1 <= injection.count <= MOST_REPEATS and injection.every_s >= 0 <= injection.clear_after_s):
            reason = tr("feed.simulate.no_repeats", at_s=injection.at_s, most=MOST_REPEATS)
            raise ConfigError(tr("feed.simulate.broken", path=path, reason=reason))
    return scenario


def _read(path: Path) -> Scenario:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Scenario)
    except OSError as error:
        raise ConfigError(tr("feed.simulate.unreadable", path=path, reason=error.strerror)) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise ConfigError(tr("feed.simulate.broken", path=path, reason=error)) from None


class Injections:
    """A scenario's injections as messages, in order of their time."""

    def __init__(
        self, scenario: Scenario, book: TemplateBook, gazetteer: Gazetteer, seed: int, epoch_at: Instant
    ) -> None:
        self._book = book
        self._gazetteer = gazetteer
        self._seed = seed
        self._tag = run_tag(epoch_at)
        made = (
            message
            for number, one in enumerate(scenario.inject, start=1)
            for turn in range(one.count)
            for message in self._told(number, turn, one, epoch_at)
        )
        self._messages = sorted(made, key=lambda message: message.at)

    def between(self, after: Instant, until: Instant) -> Iterator[Message]:
        """The messages of (after, until]."""
        return (message for message in self._messages if after < message.at <= until)

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
