"""The link to the units, put together: orders to carriers, the watch over answers, the field client's server.

Owns which of them run and how they are wired. Must not decide or deliver anything itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain import commands as cmd
from app.domain.errors import ConfigError
from app.domain.events import Recorded
from app.domain.roles import FEED
from app.link.unit_tasks import UnitTasks, tasks_url
from app.projections.changes import Changes
from app.service.aside import aside
from app.service.bus import Submission
from app.service.field_watch import FieldWatch
from app.service.refusals import CARRIER

if TYPE_CHECKING:
    from app.config import Config
    from app.dispatch.run_card import RunCard
    from app.domain.field_limits import FieldLimits
    from app.domain.incident import Incident
    from app.domain.incident_types import IncidentTypes
    from app.geo.district import District
    from app.journal.writer import JournalThread
    from app.link.field.pairing import PairingCodes
    from app.link.field.server import FieldServer
    from app.link.field.view import CheckItem
    from app.projections.projections import Projections
    from app.service.attachments import Attachments
    from app.service.bus import Bus
    from app.service.clock import Clock
    from app.service.histories import Histories
    from app.service.positions import Positions
    from app.service.tasks import TaskOwner

Listener = Callable[[Changes, Sequence[Recorded]], None]


@dataclass(frozen=True, slots=True)
class DeskSide:
    """What the link needs of the desk."""

    config: Config
    district: District
    types: IncidentTypes
    limits: FieldLimits
    clock: Clock
    bus: Bus
    positions: Positions
    tasks: TaskOwner
    projections: Callable[[], Projections]
    attachments: Callable[[], Attachments]
    histories: Callable[[], Histories]
    journal: JournalThread


class Following:
    """Lives from `start` to the end of the desk's tasks; `close` lets phones go."""

    def __init__(self, side: DeskSide) -> None:
        self._side = side
        urls = [tasks_url(url) for url in side.config.feeds]
        self.carriers = UnitTasks(urls, side.projections(), self._say)
        self.watch = FieldWatch(
            side.limits,
            lambda: side.projections().desk,
            side.bus.post,
            side.clock,
            side.config.desk,
            self.carriers.ask_roll,
        )
        self._cards: Mapping[str, RunCard] | None = None
        self.server: FieldServer | None = None
        """None while no address was given to listen on."""

    @property
    def codes(self) -> PairingCodes | None:
        return self.server.codes if self.server is not None else None

    async def start(self, listen: Callable[[Listener], None]) -> None:
        """Raises ConfigError when the address for phones cannot be listened on."""
        for listener in (self.carriers.on_records, self.watch.on_changes):
            listen(listener)
        self.carriers.resume()
        self.watch.resume()
        self._side.tasks.start(self.carriers.run(), "unit tasks")
        self._side.tasks.start(self.watch.run(), "field watch")
        self._side.tasks.start(self._read_ahead(), "run cards")
        if self._side.config.field_listen is not None:
            from app.link.field.server import FieldServer

            self.server = await FieldServer.open(self._side, self._side.config.field_listen)
            listen(self.server.on_changes)

    async def checklist(self, incident: Incident) -> list[CheckItem]:
        """The lines to tick off for an incident; the run cards are read once, aside. Raises ConfigError.

        What is wrong with a card is told by service/dispatching.py.
        """
        from app.link.field.view import checklist

        cards = await self._read_cards()
        return checklist(incident, self._side.types, cards, self._side.district.places)

    async def _read_cards(self) -> Mapping[str, RunCard]:
        from app.dispatch.run_card_file import read_run_cards

        side = self._side
        if self._cards is None:
            cards, _faults = await aside(
                lambda: read_run_cards(side.types, side.config.district_dir), "run cards of the card"
            )
            self._cards = cards
        return self._cards

    async def _read_ahead(self) -> None:
        """The command line names lines of cards that nobody has looked at; a fault in them is told elsewhere."""
        with suppress(ConfigError):
            await self._read_cards()

    def known_lines(self, incident: Incident) -> list[CheckItem]:
        """The lines to tick off for an incident; none while no card was read yet."""
        from app.link.field.view import checklist

        side = self._side
        return checklist(incident, side.types, self._cards or {}, side.district.places)

    def words_of(self, incident: Incident, item: str) -> CheckItem | None:
        """A line of an incident's checklist; None when its card has none such, or no card was read yet."""
        items = self.known_lines(incident)
        return next((known for known in items if known.id == item), None)

    async def close(self) -> None:
        if self.server is not None:
            await self.server.close()

    def _say(self, command: cmd.Command) -> None:
        """What whoever carries orders tells of a unit; a unit that has left meanwhile has nothing to say."""
        context = cmd.Context(f"feed:{CARRIER}", FEED, self._side.config.desk, self._side.clock.now())
        self._side.bus.post(Submission((command,), context), lambda _failure: None)
