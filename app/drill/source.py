"""Where the messages of the simulator come from: a living district, or a real call log told again.

Owns the beginning of either, with what happened before the simulator was started. Must not know sockets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Protocol

from app.dispatch.emergency_file import emergency_kinds_in_force, modes
from app.domain.instants import Instant
from app.drill.message import Message
from app.drill.options import DEFAULT_SCENARIO, TEMPLATES, SimulateOptions, district_folder, scenario_file
from app.drill.orders import Order, OrderBook
from app.drill.ring import FIXES_KEPT_MS
from app.drill.scenario_file import load_scenario
from app.drill.simulation import Simulation
from app.drill.templates import load_templates
from app.exchange.call_log import LogMessage
from app.geo.district import load_district
from app.paths import bundled_data_dir


class Source(Protocol):
    """What the server serves."""

    def past(self, now: Instant) -> list[Message]:
        """What happened before `now` and is still worth telling; called once, at the start."""
        ...

    def advance(self, now: Instant) -> list[Message]:
        """What has happened since it was last asked."""
        ...

    def take(self, order: Order) -> bool:
        """Gives an order to a unit, or takes it back; False when there is no such unit."""
        ...

    def open_tasks(self) -> set[str]:
        """The tasks that were given before the simulator was started and not taken back."""
        ...

    def fixes(self) -> list[Message]:
        """Where every unit is."""
        ...

    def instant_of(self, message_id: str) -> Instant | None:
        """When a message was sent that nobody keeps any more; None when its id does not say."""
        ...


class LivingDistrict:
    """A simulated district with its orders."""

    def __init__(self, simulation: Simulation, orders: OrderBook, keep: int) -> None:
        self._simulation = simulation
        self._orders = orders
        self._keep = keep

    def past(self, now: Instant) -> list[Message]:
        """The last `keep` stories; units live through every order that they were ever given."""
        simulation = self._simulation
        stories_ms = self._keep / simulation.stories_per_s * 1000 if simulation.stories_per_s else 0
        worth_telling_at = max(simulation.now, now - round(stories_ms))
        told: list[Message] = []
        for order in takewhile(lambda order: order.at <= now, self._orders.orders):
            told += self._live(order.at, worth_telling_at)
            simulation.carry_out(order)
        told += self._live(now - FIXES_KEPT_MS, worth_telling_at)
        return told + simulation.advance(now)

    def _live(self, until: Instant, worth_telling_at: Instant) -> list[Message]:
        if until <= self._simulation.now:
            return []
        told = self._simulation.advance(min(until, worth_telling_at), with_fixes=False, with_stories=False)
        return told + self._simulation.advance(until, with_fixes=False)

    def advance(self, now: Instant) -> list[Message]:
        return self._simulation.advance(now)

    def take(self, order: Order) -> bool:
        if order.act == "give" and order.unit not in self._simulation.units:
            return False
        self._orders.note(order)
        self._simulation.carry_out(order)
        return True

    def open_tasks(self) -> set[str]:
        return self._orders.open_tasks()

    def fixes(self) -> list[Message]:
        return list(self._simulation.fixes())

    def instant_of(self, message_id: str) -> Instant | None:
        return self._simulation.instant_of_fix(message_id)


class ToldAgain:
    """A call log at its own pace times `speed`, or at `rate` messages a second; it has no units to give orders to."""

    def __init__(
        self, log: Sequence[LogMessage], began_at: Instant, rate: float, speed: float | None
    ) -> None:
        self._messages = [
            Message(
                began_at + self._delay_ms(i, one, log, rate, speed), one.id, one.body, is_sound=one.is_sound
            )
            for i, one in enumerate(log)
        ]
        self._told = 0

    @staticmethod
    def _delay_ms(
        i: int, one: LogMessage, log: Sequence[LogMessage], rate: float, speed: float | None
    ) -> int:
        if speed is None:
            return round(i / rate * 1000)
        return max(0, round((one.at - log[0].at) / speed))

    def past(self, now: Instant) -> list[Message]:
        return self.advance(now)

    def advance(self, now: Instant) -> list[Message]:
        start = self._told
        while self._told < len(self._messages) and self._messages[self._told].at <= now:
            self._told += 1
        return self._messages[start : self._told]

    def take(self, order: Order) -> bool:
        return False

    def open_tasks(self) -> set[str]:
        return set()

    def fixes(self) -> list[Message]:
        return []

    def instant_of(self, message_id: str) -> Instant | None:
        return None


REPLAY_RATE = 200.0


def source_of(options: SimulateOptions, now: Instant) -> Source:
    """The source that the options describe. Raises ConfigError for files that cannot be used."""
    if options.replay_log is not None:
        return _call_log(options, now)
    drills = bundled_data_dir() / "drills"
    scenario = load_scenario(options.scenario or scenario_file(DEFAULT_SCENARIO))
    folder = district_folder(options.district)
    district = load_district(folder)
    simulation = Simulation(
        district,
        load_templates(drills / TEMPLATES),
        scenario,
        seed=scenario.seed if options.seed is None else options.seed,
        epoch_at=now if options.epoch_at is None else options.epoch_at,
        rate=options.rate,
        malformed=options.malformed,
    )
    kinds, _told_by_the_desk = emergency_kinds_in_force(folder)
    simulation.get_about(modes(district, kinds))
    return LivingDistrict(simulation, OrderBook(options.orders), options.keep)


def _call_log(options: SimulateOptions, now: Instant) -> ToldAgain:
    from app.exchange.call_log import load_mapping, read_call_log

    assert options.replay_log is not None
    assert options.mapping is not None, "options.fault_of asks for both"
    log = list(read_call_log(options.replay_log, load_mapping(options.mapping)))
    began_at = now if options.epoch_at is None else options.epoch_at
    return ToldAgain(log, began_at, options.rate or REPLAY_RATE, options.speed)
