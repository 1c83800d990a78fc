"""What can be asked of a desk: stories, people, and the services that are made when they are first wanted.

Owns how a reading is put together from journal, state and clock. Must not start or end anything: bootstrap.py does.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from app.config import Config
from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.ids import shift_stream, unit_stream
from app.domain.masking import mask_name, mask_phone
from app.geo.district import District
from app.i18n import tr
from app.projections.case_timeline import TimelineLine, timeline
from app.projections.projections import Projections
from app.service.clock import Clock

if TYPE_CHECKING:
    from app.domain.alarm_limits import AlarmLimits
    from app.domain.clocks import Limits
    from app.domain.desk import Desk
    from app.domain.incident_types import IncidentTypes
    from app.domain.shift import Shift
    from app.domain.shift_limits import ShiftLimits
    from app.geo.grid_facts import Contact
    from app.journal.store import Person, QuarantinedMessage
    from app.journal.writer import JournalThread
    from app.projections.shift_brief import Brief
    from app.service.attachments import Attachments
    from app.service.bus import Bus
    from app.service.dispatching import Dispatching
    from app.service.drafts import DraftFile
    from app.service.histories import Histories
    from app.service.intake import Intake
    from app.service.positions import Positions
    from app.service.roads import Roads
    from app.service.shift_desk import ShiftDesk


class Readings:
    """The reading half of a desk; `bootstrap.App` is the other one and sets what stands here without a value."""

    config: Config
    clock: Clock
    district: District
    types: IncidentTypes
    limits: Limits
    alarm_limits: AlarmLimits
    shift_limits: ShiftLimits
    journal: JournalThread
    bus: Bus
    positions: Positions
    intake: Intake

    @property
    def projections(self) -> Projections:
        raise NotImplementedError

    def context(self, purpose: str = "", correlation_id: str = "", despite_claim: str = "") -> cmd.Context:
        """Who acts at this desk now."""
        c = self.config
        return cmd.Context(
            c.actor,
            c.role,
            c.desk,
            self.clock.now(),
            purpose,
            "",
            correlation_id,
            despite_claim=despite_claim,
        )

    async def timeline(self, incident: str) -> list[TimelineLine]:
        """The story of an incident so far, with what its units answered."""
        from app.service.story import read_story

        return timeline(await self.journal.call(lambda journal: read_story(journal, incident)))

    async def unit_timeline(self, unit: str) -> list[TimelineLine]:
        """What a unit has done lately."""
        from app.projections.unit_timeline import MOST_LINES, unit_timeline

        stream = unit_stream(unit)
        after = max(0, self.projections.desk.versions.get(stream, 0) - MOST_LINES)
        return unit_timeline(await self.journal.call(lambda journal: journal.read_stream(stream, after)))

    async def hand_over(self, shift: str) -> tuple[Shift, Brief | None]:
        """A hand-over as it was signed, whenever that was: state keeps the lines of the last one only."""
        from app.domain.shift import span_of
        from app.projections.signed_brief import hand_over_of

        span = span_of(shift, self.alarm_limits.shift_starts_ms)
        stream = shift_stream(shift)
        return hand_over_of(await self.journal.call(lambda journal: journal.read_stream(stream)), span)

    async def person(self, incident: str, purpose: str) -> Person | None:
        """Who reported; that it was read, and why, is in the journal before the answer. Raises Refusal."""
        await self.bus.submit(cmd.RevealReporter(incident, purpose), self.context(purpose))
        ref = self.projections.desk.incidents[incident].person_ref or ""
        return await self.journal.call(lambda journal: journal.person(ref))

    @cached_property
    def attachments(self) -> Attachments:
        """The files of incidents."""
        from app.service.attachments import Attachments, file_store

        files = file_store(self.config.db, self.journal.journal)
        return Attachments(files, self.bus, lambda: self.projections.desk)

    @cached_property
    def roads(self) -> Roads:
        """The district's roads as a graph, for every estimate."""
        from app.service.roads import Roads

        return Roads(self.district, self.config.district_dir)

    @cached_property
    def dispatching(self) -> Dispatching:
        """Who should go, and what that leaves behind."""
        from app.service.dispatching import Dispatching

        return Dispatching(
            self.district,
            self.config.district_dir,
            self.types,
            lambda: self.projections.desk,
            lambda: self.positions.fixes,
            self.clock,
            self.roads,
            self.shift_limits,
        )

    @cached_property
    def draft(self) -> DraftFile:
        """The report that is being typed at this desk, without its reporter."""
        from app.service.attachments import attachments_dir
        from app.service.drafts import DraftFile, draft_path

        return DraftFile(draft_path(attachments_dir(self.config.db), self.config.desk))

    @cached_property
    def shifts(self) -> ShiftDesk:
        """The duty plan, patrols and hand-over. Raises ConfigError for a wrong patrol plan."""
        from app.geo.patrol_plan import load_patrol_plans
        from app.service.roster import Roster
        from app.service.shift_desk import ShiftDesk

        def desk() -> Desk:
            return self.projections.desk

        starts_ms = self.alarm_limits.shift_starts_ms
        roster = Roster(self.district, starts_ms, self.journal, self.bus, desk)
        plans = load_patrol_plans(self.config.district_dir, self.district)
        return ShiftDesk(
            lambda: self.projections,
            self.bus,
            roster,
            plans,
            self.limits,
            self.shift_limits,
            self.alarm_limits,
            lambda: self.roads.planned,
        )

    @cached_property
    def histories(self) -> Histories:
        """What is known of a caller and of a place from before; counts and numbers, no names."""
        from app.service.histories import Histories

        return Histories(self.journal, lambda: self.projections.desk)

    def contacts(self, grid: str) -> list[Contact]:
        """Who can be called about a grid, masked; needs no purpose."""
        known = (contact for contact in self.district.contacts if contact.grid == grid)
        return [replace(c, name=mask_name(c.name), phone=mask_phone(c.phone)) for c in known]

    async def contact(self, grid: str, contact: str, purpose: str) -> Contact:
        """Who one of them is; that it was read, and why, is in the journal before the answer. Raises Refusal."""
        known = next((c for c in self.district.contacts if (c.grid, c.id) == (grid, contact)), None)
        if known is None:
            raise Refusal("contact_unknown", grid, grid=grid, contact=contact)
        await self.bus.submit(cmd.RevealContact(grid, contact, purpose), self.context(purpose))
        return known

    async def masked_person(self, ref: str) -> Person | None:
        """Who reported, so that two people can be told apart and neither reached; needs no purpose."""
        known = await self.journal.call(lambda journal: journal.person(ref))
        return replace(known, name=mask_name(known.name), phone=mask_phone(known.phone)) if known else None

    async def quarantined(self, quarantine: str) -> QuarantinedMessage | None:
        return await self.journal.call(lambda journal: journal.quarantined(quarantine))

    async def readmit(self, quarantine: str, mended: str) -> str | None:
        """Takes a mended message in; the sentence that says why not, or None when it is in."""
        from app.service.intake import readmit

        held = await self.quarantined(quarantine)
        if held is None:
            return tr("refusal.message_not_held", quarantine=quarantine)
        return await readmit(self.intake, held, mended, self.context())
