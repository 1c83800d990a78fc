"""The composition root: Config -> App.

Owns the wiring of journal, projector, bus, intake, feeds, links and clock, and their start and end. Must not decide,
fold, store or paint anything itself.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from app.centre.alarm_file import load_alarm_limits
from app.centre.field_file import load_field_limits
from app.centre.shift_file import load_shift_limits
from app.centre.types_file import load_incident_types
from app.centre.types_in_force import put_in_force
from app.config import Config
from app.domain.errors import ConfigError
from app.domain.events import Recorded
from app.first_readings import read_district, read_ground, read_phrases, read_type_words, units_of
from app.geo.district import District
from app.i18n import language, tr
from app.projections.changes import Changes
from app.projections.projections import Projections
from app.readings import Readings
from app.service.aside import aside
from app.service.clock import Clock, SystemClock
from app.service.tasks import TaskOwner

if TYPE_CHECKING:
    from app.centre.phrases_file import Phrases
    from app.domain.type_words import WordRules
    from app.feeds.feed import FeedStatus as FeedStatus  # noqa: PLC0414 - widgets take the type from here
    from app.geo.grid_index import GridIndex
    from app.journal.errors import JournalError
    from app.journal.store import Person as Person  # noqa: PLC0414
    from app.journal.store import TrackPoint
    from app.journal.writer import JournalThread
    from app.link.following import Following
    from app.service.bus import Bus
    from app.service.closures import Closures
    from app.service.desk_channel import DeskChannel
    from app.service.duplicates import Duplicates
    from app.service.eta import Etas
    from app.service.geofence import Geofence
    from app.service.intake import Intake
    from app.service.patrol_watch import PatrolWatch
    from app.service.positions import Positions
    from app.service.post_watch import PostWatch
    from app.service.presence import Presence
    from app.service.projector import Projector
    from app.service.shared_fixes import SharedFixes

log = logging.getLogger(__name__)

SNAPSHOT_LOOK_S = 30.0
RETRY_READ_S = 1.0
SAVE_PLACE_S = 5.0
"""How often the place in a feed is made durable while it sends nothing but positions."""


class App(Readings):
    """One desk. Readable from its making on; it lives between `start` and `close`."""

    def __init__(self, config: Config, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.district: District = read_district(config)
        self.types = load_incident_types(config.district_dir)
        put_in_force(self.types)
        self.limits = self.types.limits
        self.tasks = TaskOwner(self._task_failed)
        self.feeds: list[FeedStatus] = []
        self.is_restored = False
        self.grids: GridIndex | None = None
        """Which grid covers a place; None until `connect` has read what it needs."""
        self.type_words: WordRules | None = None
        """The words from which a type is suggested; None until `connect` has read them."""
        self._tell_nobody()
        self.alarm_limits = load_alarm_limits(config.district_dir)
        self.shift_limits = load_shift_limits(config.district_dir)
        self.field_limits = load_field_limits(config.district_dir)
        self._before_restore = Projections(units_of(self.district), self.alarm_limits)
        self._projector: Projector | None = None
        self._geofence: Geofence | None = None
        self._patrol_watch: PatrolWatch | None = None
        self._post_watch: PostWatch | None = None
        self.etas: Etas | None = None
        """When units on their way will be there; None until `connect`."""
        self.closures: Closures | None = None
        """What is closed now; None until `connect`."""
        self.following: Following | None = None
        """The link to the units; None until `connect`."""
        self.duplicates: Duplicates | None = None
        """What open incidents and drafts may be the same as; None until `connect`."""
        self.presence: Presence | None = None
        """Who else is at which incident; None until `connect`."""
        self.phrases: Phrases | None = None
        """The canned phrases in force; None until `connect` has read them."""
        self._desk_channel: DeskChannel | None = None
        self._shared_fixes: SharedFixes | None = None
        self.journal: JournalThread
        self.bus: Bus
        self.positions: Positions
        self.intake: Intake

    def _tell_nobody(self) -> None:
        """Until somebody listens. Whoever does is set after the start as well: what tells looks it up each time."""
        self.on_changes: Callable[[Changes, Sequence[Recorded]], None] = lambda _changes, _records: None
        self.on_fix: Callable[[TrackPoint], None] = lambda _fix: None
        self.on_etas: Callable[[set[str]], None] = lambda _incidents: None
        self.on_duplicates: Callable[[set[str]], None] = lambda _incidents: None
        self.on_presence: Callable[[set[str]], None] = lambda _incidents: None
        self.on_feeds: Callable[[], None] = lambda: None
        self.on_trouble: Callable[[str], None] = lambda _text: None
        self.on_restored: Callable[[], None] = lambda: None

    @property
    def mode(self) -> str:
        return self.config.mode

    @property
    def projections(self) -> Projections:
        return self._projector.projections if self._projector else self._before_restore

    def new_id(self) -> str:
        """An id for a thing that begins at this desk."""
        return secrets.token_hex(8)

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Opens the journal, folds it in and lets officers speak. Raises JournalError."""
        self.tasks.attach(asyncio.get_running_loop())
        saved = await self._open_journal()
        assert self._projector is not None
        await self._projector.restore(saved)
        self.bus.tell_whether_writing()
        await self.positions.restore()
        self.is_restored = True
        self.on_restored()
        self.tasks.start(self.bus.run(), "bus")
        self.tasks.start(self.positions.run(), "positions")
        self.tasks.start(self._follow_other_desks(), "tail")
        self.tasks.start(self._save_snapshots(), "snapshots")

    async def connect(self) -> None:
        """Then, lets feeds and units speak too. Officers do not wait for it: libraries are read on another thread."""
        await self._sync_reference()
        grids = self.grids = await self.journal.call(lambda _journal: read_ground(self.district))
        self.type_words = await self.journal.call(lambda _journal: read_type_words(self.types, self.config))
        self.phrases = await self.journal.call(lambda _journal: read_phrases(self.types, self.config))
        await self._watch_positions()
        await self._watch_patrols()
        await self._read_run_cards()
        self._start_etas()
        self._follow_closures()
        self._be_present()
        await self._look_for_duplicates()
        from app.service.intake import Intake

        def grid_of(lat: float, lon: float) -> str | None:
            grid = grids.grid_at(lat, lon)
            return grid.code if grid else None

        self.intake = Intake(
            self.bus,
            lambda: self.projections.desk,
            self.positions,
            self.clock,
            self.config.desk,
            grid_of,
            self.types.priority_of,
        )
        self.intake.places = await self.journal.call(lambda journal: journal.feed_positions())
        for url in self.config.feeds:
            self._start_feed(url)
        self.tasks.start(self._save_places(), "feed places")
        await self._start_carriers()

    async def close(self) -> None:
        """Ends every task, writes what is still to be written and lets the journal go. May be called twice."""
        if self.following is not None:
            await self.following.close()
        await self.tasks.close()
        if self._desk_channel is not None:
            channel, self._desk_channel = self._desk_channel, None
            await aside(channel.close, "desks")
        if self._projector is None:
            return
        projector, self._projector = self._projector, None
        self._before_restore = projector.projections
        await self.positions.flush()
        await self.journal.close()

    async def _open_journal(self) -> bytes | None:
        """Gives the saved state."""
        from app.journal.store import open_journal
        from app.journal.writer import JournalThread
        from app.service.bus import Bus
        from app.service.positions import Positions
        from app.service.projector import Projector, saved_state

        config = self.config
        self.journal, saved = await JournalThread.open_and_read(
            lambda: open_journal(config.db, clock=self.clock.now, mode=config.mode), saved_state
        )
        self._projector = Projector(self.journal, units_of(self.district), self.alarm_limits)
        self._projector.listen(self._tell_changes)
        self.positions = Positions(self.journal, self.clock)
        self.positions.on_fix = self._tell_fix
        self.positions.on_heard = self._tell_heard_fix
        self.bus = Bus(self.journal, self._projector, self.clock)
        self.bus.on_trouble = self._tell_trouble
        return saved

    async def _sync_reference(self) -> None:
        from app.service.reference import reference_rows

        rows, now = reference_rows(self.district), self.clock.now()
        for kind, of_kind in rows.items():
            await self.journal.call(lambda j, k=kind, r=of_kind: j.sync_reference(k, r, now))  # type: ignore[misc]

    async def _watch_positions(self) -> None:
        from app.service.geofence import Geofence
        from app.service.geofence_rules import load_geofence_rules
        from app.service.post_watch import PostWatch

        rules = load_geofence_rules()

        def make() -> Geofence:
            return Geofence(
                self.district, rules, lambda: self.projections.desk, self.bus.post, self.config.desk
            )

        self._geofence = await self.journal.call(lambda _journal: make())
        self._post_watch = PostWatch(lambda: self.projections.desk, self.bus.post, self.config.desk)

    async def _read_run_cards(self) -> None:
        """From here on the desk asks why when somebody is sent against his card."""
        from app.dispatch.override import dispatch_rule

        try:
            cards = await self.journal.call(lambda _journal: self.dispatching.run_cards())
        except ConfigError as fault:
            self.on_trouble(str(fault))
            return
        self.bus.permit_dispatch = dispatch_rule(cards, self.shift_limits)
        self.tasks.start(self._prepare_dispatching(), "dispatch")

    async def _prepare_dispatching(self) -> None:
        """What is wrong with the centre's own files is told, and holds nobody up."""
        try:
            await self.dispatching.prepare()
        except ConfigError as fault:
            self.on_trouble(str(fault))
            return
        if trouble := self.dispatching.trouble:
            self.on_trouble(trouble)

    async def _watch_patrols(self) -> None:
        from app.service.patrol_watch import PatrolWatch

        shifts = await self.journal.call(lambda _journal: self.shifts)
        points = self.district.patrols.check_points
        desk, post = lambda: self.projections.desk, self.bus.post
        routes = {r.id: r.name_en if language() == "en" else r.name_zh for r in self.district.patrols.routes}
        watch = self._patrol_watch = PatrolWatch(
            shifts.plans, points, self.shift_limits, desk, post, self.clock, self.config.desk, routes
        )
        if shifts.plans:
            self.tasks.start(watch.run(), "patrols")

    def _start_etas(self) -> None:
        from app.service.eta import Etas

        assert self._projector is not None
        etas = self.etas = Etas(
            self.district,
            lambda: self.projections.desk,
            lambda: self.positions.fixes,
            self.clock,
            self._tell_etas,
            lambda: self.roads.graph(self.clock.now()),
            self.roads.modes,
        )
        self._projector.listen(lambda changes, _records: etas.look() if changes.units else None)
        etas.look()
        self.tasks.start(etas.run(), "eta")

    def _follow_closures(self) -> None:
        from app.service.closures import Closures

        assert self._projector is not None
        closures = self.closures = Closures(
            self.district, self.roads, lambda: self.projections.desk, self.clock, self._tell_roads
        )
        self._projector.listen(closures.on_changes)
        self.bus.permit_roads = closures.permit
        self.tasks.start(closures.run(), "closed roads")

    def _be_present(self) -> None:
        from app.service import presence as pres
        from app.service import shared_fixes as shared
        from app.service.desk_channel import OneTopic, open_channel

        me = (self.config.desk, self.config.actor, self.new_id())
        presence = self.presence = pres.Presence(*me, self.clock, self._tell_presence)
        fixes = self._shared_fixes = shared.SharedFixes(
            presence.me.session, self.positions.hear, lambda: presence.is_alone
        )
        presence.on_joined = fixes.say_again
        listeners = {pres.TOPIC: presence.hear, shared.TOPIC: fixes.hear}
        channel = self._desk_channel = open_channel(self.config.db, listeners, presence.greet)
        presence.attach(OneTopic(channel, pres.TOPIC))
        fixes.attach(OneTopic(channel, shared.TOPIC))
        self.tasks.start(presence.run(), "presence")
        self.tasks.start(fixes.run(), "shared fixes")
        self.tasks.start(self._declare(presence), "declared data")

    async def _declare(self, presence: Presence) -> None:
        """Says what this desk goes by. A file that cannot be read has been told by whoever goes by it."""
        from app.centre.declared_sums import declared_sums

        with suppress(ConfigError):
            sums = await aside(lambda: declared_sums(self.config.district_dir), "declared data")
            presence.declare(sums)

    async def _look_for_duplicates(self) -> None:
        """Compares what comes in, off the way of events; the dictionary of sounds is read on another thread."""
        from app.service.duplicates import Duplicates, rule_of

        assert self._projector is not None
        directory = self.config.district_dir
        rule = await self.journal.call(lambda _journal: rule_of(self.district, self.types, directory))
        found = self.duplicates = Duplicates(
            rule, self.journal, lambda: self.projections.desk, self._tell_duplicates
        )
        self._projector.listen(found.on_changes)
        found.resume(self.clock.now())
        self.tasks.start(found.run(), "duplicates")

    async def _start_carriers(self) -> None:
        from app.link.following import DeskSide, Following

        assert self._projector is not None
        side = DeskSide(
            self.config,
            self.district,
            self.types,
            self.field_limits,
            self.clock,
            self.bus,
            self.positions,
            self.tasks,
            lambda: self.projections,
            lambda: self.attachments,
            lambda: self.histories,
            self.journal,
        )
        self.following = Following(side)
        if self.closures is not None:
            self.following.carriers.close_roads(self.closures.closed, self.closures.passable)
        await self.following.start(self._projector.listen)

    def _start_feed(self, url: str) -> None:
        from app.feeds.websocket import WebSocketFeed, shown_url

        name = shown_url(url)
        feed = WebSocketFeed(
            url,
            name=name,
            inbox=self.intake,
            resume_after=lambda: self.intake.places.get(name),
            now=self.clock.now,
        )
        feed.on_status = lambda _status: self.on_feeds()
        self.feeds.append(feed.status)
        self.tasks.start(feed.run(), f"feed {url}")

    async def _save_places(self) -> None:
        while True:
            await asyncio.sleep(SAVE_PLACE_S)
            await self.intake.save_positions()

    async def _save_snapshots(self) -> None:
        projector = self._projector
        assert projector is not None
        while True:
            if projector.snapshot_is_due():
                await self._save_snapshot(projector)
            await asyncio.sleep(SNAPSHOT_LOOK_S)

    async def _save_snapshot(self, projector: Projector) -> None:
        """It is a cache: while the journal is out of reach there is none."""
        from app.journal.errors import JournalUnavailable

        try:
            await projector.save_snapshot()
        except JournalUnavailable as error:
            log.info("no snapshot was saved: %s", error)

    async def _follow_other_desks(self) -> None:
        """Folds in what other desks append to the same journal, as it comes; what came while it was away too."""
        from app.journal.errors import JournalUnavailable

        projector = self._projector
        assert projector is not None
        news = asyncio.Event()

        def reached(trouble: JournalError | None) -> None:
            self.bus.out_of_reach(trouble)
            if trouble is None:
                news.set()

        self.journal.follow_others(projector.projections.seq, news.set, reached)
        while True:
            await news.wait()
            news.clear()
            try:
                await projector.catch_up()
            except JournalUnavailable as error:
                self.bus.out_of_reach(error)
                await asyncio.sleep(RETRY_READ_S)
                news.set()
            else:
                self.bus.tell_whether_writing()

    # Whoever listens is set after the start as well: what tells must look it up each time.

    def _tell_changes(self, changes: Changes, records: Sequence[Recorded]) -> None:
        self.on_changes(changes, records)

    def _tell_fix(self, fix: TrackPoint) -> None:
        if self._geofence is not None:
            self._geofence.put(fix)
        if self._post_watch is not None:
            self._post_watch.put(fix)
        if self._patrol_watch is not None:
            self._patrol_watch.put(fix)
        if self._shared_fixes is not None:
            self._shared_fixes.put(fix)
        self.on_fix(fix)

    def _tell_heard_fix(self, fix: TrackPoint) -> None:
        """Judged by the desk that had it first."""
        self.on_fix(fix)

    def _tell_etas(self, incidents: set[str]) -> None:
        self.on_etas(incidents)

    def _tell_roads(self, roads: frozenset[str]) -> None:
        assert self.etas is not None and self.closures is not None
        self.etas.use_other_roads()
        if self.following is not None:
            self.following.carriers.close_roads(self.closures.closed, self.closures.passable)
        self.on_changes(Changes(roads=set(roads)), ())

    def _tell_duplicates(self, incidents: set[str]) -> None:
        self.on_duplicates(incidents)

    def _tell_presence(self, incidents: set[str]) -> None:
        self.on_presence(incidents)

    def _tell_trouble(self, text: str) -> None:
        self.on_trouble(text)

    def _task_failed(self, name: str, failure: BaseException) -> None:
        self.on_trouble(tr("app.task_failed", task=name, failure=failure))
