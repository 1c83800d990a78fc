"""Between the headless core and the widgets.

Owns the coalescing of changes (one signal a frame and kind), the one second-tick that all ages follow, and the way of a
command from a widget to the bus and of its answer back. Must not decide anything and must not know a panel.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.commands import Command
from app.domain.desk import Desk
from app.domain.errors import Refusal, StreetdeskError
from app.domain.events import Recorded
from app.domain.incident import Incident
from app.i18n import language
from app.projections.changes import Changes
from app.projections.projections import Projections
from app.service.claim_warnings import ClaimWarnings
from app.service.field_alarm_words import said, said_title
from app.service.refusals import call_units_by, refusal_text, sentence_of

if TYPE_CHECKING:
    from app.bootstrap import App
    from app.geo.district import District, UnitSpec
    from app.service.clock import Clock
    from app.service.positions import Positions

log = logging.getLogger(__name__)

T = TypeVar("T")

FRAME_MS = 16
FLOOD_FRAME_MS = 50
FLOOD_KEYS = 16
"""As many changes in one frame are more than an officer can read: fewer, larger frames leave time for keys."""
TICK_MS = 1000

Answered = Callable[[str | None], None]


class Bridge(QObject):
    """What widgets listen to and speak to."""

    incidents_changed = Signal(object)
    units_changed = Signal(object)
    cameras_changed = Signal(object)
    alarms_changed = Signal(object)
    quarantine_changed = Signal(object)
    grids_changed = Signal(object)
    sketches_changed = Signal(object)
    roads_changed = Signal(object)
    premises_changed = Signal(object)
    shelves_changed = Signal(object)
    shifts_changed = Signal(object)
    positions_changed = Signal(object)
    etas_changed = Signal(object)
    duplicates_changed = Signal(object)
    presence_changed = Signal(object)
    feeds_changed = Signal()
    trouble_changed = Signal(str)
    restored = Signal()
    ticked = Signal(object)

    def __init__(self, app: App, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.app = app
        self._closed = False
        call_units_by(self.unit_name)
        self._warnings = ClaimWarnings()
        self._changes = Changes()
        self._fixes: dict[str, Any] = {}
        self._duplicates: set[str] = set()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._emit_frame)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        app.on_changes = self._on_changes
        app.on_fix = self._on_fix
        app.on_etas = self._on_etas
        app.on_duplicates = self._on_duplicates
        app.on_presence = self._on_presence
        app.on_feeds = self.feeds_changed.emit
        app.on_trouble = self.trouble_changed.emit
        app.on_restored = self._on_restored
        self._tick.start()

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def projections(self) -> Projections:
        return self.app.projections

    @property
    def desk(self) -> Desk:
        return self.app.projections.desk

    def unit_name(self, unit: str) -> str:
        """Its call sign in the language in force; its id where nobody knows it."""
        spec = self._specs.get(unit)
        if spec is not None:
            return spec.call_sign_en if language() == "en" else spec.call_sign_zh
        known = self.desk.units.get(unit)
        return known.call_sign if known is not None else unit

    def said(self, incident: Incident) -> Incident:
        """As it is shown: what an alarm of the field link called it is said in the language in force."""
        return said(incident, self.desk, self.unit_name)

    def said_title(self, incident: str, title: str) -> str:
        """The same of a title that an incident once had, as its story and what was signed tell it."""
        known = self.desk.incidents.get(incident)
        return title if known is None else said_title(known, title, self.desk, self.unit_name)

    @cached_property
    def _specs(self) -> Mapping[str, UnitSpec]:
        return {spec.id: spec for spec in self.district.units}

    @property
    def positions(self) -> Positions:
        return self.app.positions

    @property
    def district(self) -> District:
        return self.app.district

    @property
    def clock(self) -> Clock:
        return self.app.clock

    def fetch(
        self,
        reading: Coroutine[Any, Any, T],
        done: Callable[[T], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Runs a read off the Qt thread's hot path and hands its result to `done`.

        A refusal or a failure is told to `failed` as a sentence, without it as trouble. Once the desk ends nobody is
        asked and nobody answers.
        """

        if self.app.tasks.is_closing:
            reading.close()
            return

        async def read() -> None:
            try:
                result = await reading
            except StreetdeskError as error:
                if not self._closed:
                    (failed or self.trouble_changed.emit)(sentence_of(error))
                return
            if not self._closed:
                done(result)

        task = self.app.tasks.start(read(), "fetch")
        # A task that is cancelled before its first step has not begun to read.
        task.add_done_callback(lambda _task: reading.close())

    # -- commanding --------------------------------------------------------------------------------------------------

    def submit(self, command: Command, answered: Answered | None = None, purpose: str = "") -> None:
        """Sends a command; `answered(None)` when it is durable and folded in, `answered(sentence)` when refused."""

        async def send() -> None:
            sentence = await self._send(command, purpose)
            if answered is not None and not self._closed:
                answered(sentence)

        self.app.tasks.start(send(), f"command {type(command).__name__}")

    async def _send(self, command: Command, purpose: str) -> str | None:
        try:
            context = self.app.context(purpose, despite_claim=self._warnings.despite(command))
            await self.app.bus.submit(command, context)
        except Refusal as refusal:
            self._warnings.told(command, refusal)
            return refusal_text(refusal)
        except StreetdeskError as error:
            log.info("command %s failed: %s", type(command).__name__, error)
            return str(error)
        return None

    # -- changes -----------------------------------------------------------------------------------------------------

    def _on_changes(self, changes: Changes, _records: Sequence[Recorded]) -> None:
        """While the journal is being folded in nothing is told: `restored` tells everybody to look at everything."""
        if self.app.is_restored:
            self._changes.merge(changes)
            self._wake()

    def _on_tick(self) -> None:
        """Shelves and chattering end by time alone: the lane is told what time it is, whoever shows it what changed."""
        now = self.clock.now()
        if self.app.is_restored and (moved := self.projections.alarm_lane.advance(now)):
            self._changes.alarms |= moved
            self._wake()
        self.ticked.emit(now)

    def _on_fix(self, fix: Any) -> None:
        self._fixes[fix.unit] = fix
        self._wake()

    def _on_etas(self, incidents: set[str]) -> None:
        if not self._closed:
            self.etas_changed.emit(incidents)

    def _on_duplicates(self, incidents: set[str]) -> None:
        self._duplicates |= incidents
        self._wake()

    def _on_presence(self, incidents: set[str]) -> None:
        if not self._closed:
            self.presence_changed.emit(incidents)

    def _wake(self) -> None:
        if not self._closed and not self._frame.isActive():
            self._frame.start()

    def _on_restored(self) -> None:
        self.restored.emit()

    def _emit_frame(self) -> None:
        changes, fixes = self._changes.take(), self._fixes
        duplicates, self._duplicates = self._duplicates, set()
        self._fixes = {}
        is_flood = len(changes.incidents) + len(changes.units) + len(changes.alarms) >= FLOOD_KEYS
        self._frame.setInterval(FLOOD_FRAME_MS if is_flood else FRAME_MS)
        told = (
            (self.incidents_changed, changes.incidents),
            (self.units_changed, changes.units),
            (self.cameras_changed, changes.cameras),
            (self.alarms_changed, changes.alarms),
            (self.quarantine_changed, changes.quarantine),
            (self.grids_changed, changes.grids),
            (self.sketches_changed, changes.sketches),
            (self.roads_changed, changes.roads),
            (self.premises_changed, changes.premises),
            (self.shelves_changed, changes.shelves),
            (self.shifts_changed, changes.shifts),
            (self.duplicates_changed, duplicates),
            (self.positions_changed, fixes),
        )
        for signal, keys in told:
            if keys:
                signal.emit(keys)

    def close(self) -> None:
        """Stops the timers; nothing is emitted and nobody is answered afterwards: who asked may be gone."""
        self._closed = True
        call_units_by(str)
        self._tick.stop()
        self._frame.stop()
