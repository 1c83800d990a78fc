"""The district at work: stories, injections and units merged into one stream in order of time.

Owns the merging and the pace. Must not read a clock: it is told until when to go on. Without orders the stream is a
pure function of seed, epoch and pace; with the same orders at the same instants it is the same stream again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.drill.congestion import Jam
from app.drill.gazetteer import Gazetteer
from app.drill.ground import Ground
from app.drill.message import Message, envelope
from app.drill.orders import Order
from app.drill.scenario import Injections
from app.drill.scenario_file import Congestion, Scenario
from app.drill.stories import Stories, run_tag
from app.drill.templates import TemplateBook
from app.drill.unit import POST, STANDING_FIX_S, SimulatedUnit, WorkOf
from app.geo.district import District, Mode
from app.i18n import tr

FIX_SHARE = 0.5
"""Of a rate that was asked for, positions take at most this; stories take what is left."""


class Simulation:
    """A district that lives from `epoch_at` on. `rate` is in messages a second; None leaves the scenario's pace.

    `work_of` says how long units work on an incident; without it they stay until they are called off. Raises
    ConfigError for a jam at a place that the district does not have.
    """

    def __init__(
        self,
        district: District,
        book: TemplateBook,
        scenario: Scenario,
        *,
        seed: int,
        epoch_at: Instant,
        rate: float | None = None,
        malformed: float = 0.0,
        work_of: WorkOf = lambda _incident: None,
    ) -> None:
        ground = self._ground = Ground(district)
        gazetteer = Gazetteer(district, ground)
        self.jams = tuple(_jam(one, gazetteer, epoch_at) for one in scenario.congestion)
        self.units = {
            unit.id: SimulatedUnit(
                unit,
                ground,
                book.field,
                epoch_at=epoch_at,
                seed=seed,
                decline_share=scenario.decline_share,
                jams=self.jams,
                work_of=work_of,
            )
            for unit in district.units
        }
        self._fix_every, fixes_per_s = self._fix_pace(epoch_at, rate)
        self.stories_per_s = scenario.stories_per_s if rate is None else max(rate - fixes_per_s, 0.0)
        self._stories = Stories(
            book,
            gazetteer,
            district.units,
            seed=seed,
            epoch_at=epoch_at,
            rate=self.stories_per_s,
            malformed=malformed,
        )
        self._injections = Injections(scenario, book, gazetteer, seed, epoch_at)
        self._tag = run_tag(epoch_at)
        self._epoch_at = epoch_at
        self._now = epoch_at - 1

    def get_about(self, modes: Mapping[str, Mode]) -> None:
        """How units get about where that is not as the district says; to be told before anything else."""
        for unit, mode in modes.items():
            self.units[unit].mode = mode

    @property
    def now(self) -> Instant:
        """Until when the stream has been told."""
        return self._now

    def advance(self, until: Instant, *, with_fixes: bool = True, with_stories: bool = True) -> list[Message]:
        """Everything that happens up to and including `until`, in order of time."""
        after, self._now = self._now, max(self._now, until)
        found = self._said(until)
        if with_stories:
            found += self._injections.between(after, until)
            found += (message for message in self._stories.between(after, until) if self._is_true(message))
        if with_fixes:
            found += self._fixes(after, until)
        return sorted(found, key=attrgetter("at", "id"))

    def next_at(self, *, with_stories: bool = True) -> Instant | None:
        """When something will be said next, positions left aside; None for not before somebody is told something."""
        known = [unit.next_event_at() for unit in self.units.values()]
        if with_stories:
            known += [self._injections.next_at(self._now), self._stories.next_at(self._now)]
        return min((at for at in known if at is not None), default=None)

    def instant_of_fix(self, message_id: str) -> Instant | None:
        """When a position of this run was sent, also one that nobody keeps any more; None for any other id."""
        head, _, ms = message_id.rpartition("-")
        return self._epoch_at + int(ms) if head.startswith(f"gps-{self._tag}-") and ms.isdecimal() else None

    def carry_out(self, order: Order) -> None:
        """Tells a unit; an unknown one is nobody's, and a recall of an unknown task changes nothing.

        Of closed roads hears everybody: who is under way takes another way where that has become the better one.
        """
        if order.act == "close":
            self._ground.close(order.roads, order.passable)
            for unit in self.units.values():
                unit.take_other_roads(order.at)
        elif order.act == "recall":
            for unit in self.units.values():
                unit.recall(order.task, order.at)
        elif order.unit in self.units:
            unit = self.units[order.unit]
            (unit.move_up if order.kind == POST else unit.take)(order.as_task)

    def fixes(self) -> Iterator[Message]:
        """Where every unit is now."""
        for unit in self.units.values():
            yield self._fix(unit, self._now)

    def fix_of(self, unit: str) -> Message:
        """Where one of them is now."""
        return self._fix(self.units[unit], self._now)

    def _is_true(self, message: Message) -> bool:
        """A unit that drives to an incident does not have its battery changed meanwhile."""
        return not message.idle_unit or self.units[message.idle_unit].is_idle

    # -- units -------------------------------------------------------------------------------------------------------

    def _fix_pace(self, at: Instant, rate: float | None) -> tuple[int, float]:
        """Every how many seconds a moving unit tells its place, and how many fixes a second that makes."""
        moving = sum(unit.moves(at) for unit in self.units.values())
        standing_per_s = (len(self.units) - moving) / STANDING_FIX_S
        if rate is None or moving + standing_per_s <= rate * FIX_SHARE:
            return 1, moving + standing_per_s
        if rate <= 0:
            return 0, 0.0
        every = math.ceil((moving + standing_per_s) / (rate * FIX_SHARE))
        return every, (moving + standing_per_s) / every

    def _said(self, until: Instant) -> list[Message]:
        return [
            envelope(at, fields) for unit in self.units.values() for at, fields in unit.events_until(until)
        ]

    def _fixes(self, after: Instant, until: Instant) -> Iterator[Message]:
        """A fix at each beat of a unit that moves, at each fifteenth of one that stands."""
        if not self._fix_every:
            return
        beat_ms = self._fix_every * 1000
        for unit in self.units.values():
            first_at = self._epoch_at + unit.fix_offset_ms * self._fix_every
            beat = max(0, (after - first_at) // beat_ms + 1)
            for at in range(first_at + beat * beat_ms, until + 1, beat_ms):
                if (
                    unit.moves(at)
                    or (at - first_at) // beat_ms % STANDING_FIX_S == unit.fix_offset_ms % STANDING_FIX_S
                ):
                    yield self._fix(unit, at)

    def _fix(self, unit: SimulatedUnit, at: Instant) -> Message:
        fix = unit.fix(at)
        heading = None if fix.heading_deg is None else round(fix.heading_deg, 1)
        fields: dict[str, Any] = {
            "id": f"gps-{self._tag}-{unit.spec.id}-{at - self._epoch_at}",
            "kind": "unit.position",
            "source": "gps",
            "unit": unit.spec.id,
            "lat": round(fix.lat, 6),
            "lon": round(fix.lon, 6),
            "crs": "wgs84",
            "heading_deg": heading,
            "speed_mps": round(fix.speed_mps, 2),
        }
        return envelope(at, fields, is_fix=True)


def _jam(congestion: Congestion, gazetteer: Gazetteer, epoch_at: Instant) -> Jam:
    from_at, to_at = (epoch_at + round(s * 1000) for s in (congestion.from_s, congestion.to_s))
    lat, lon = 0.0, 0.0
    if congestion.place:
        spot = gazetteer.named(congestion.place)
        if spot is None:
            raise ConfigError(tr("feed.simulate.no_place", name=congestion.place))
        lat, lon = spot.lat, spot.lon
    travel = frozenset(congestion.travel)
    return Jam(from_at, to_at, congestion.slower, travel, lat, lon, congestion.radius_m)
