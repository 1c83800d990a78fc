"""Owns how a shift is worded: its hours, state and figures, and turns of the duty plan as rows.

Must not read a clock or change anything: it is told what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.domain.duty import DutyFault, DutyTurn, faults_of, turns_between, uncovered
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant
from app.domain.shift import DONE, Shift, ShiftSpan, Signature
from app.domain.unit import Unit
from app.i18n import language, tr
from app.projections.shift_brief import Brief, ShiftFigures
from app.service.roster import Known
from widgets.bridge import Bridge
from widgets.local_time import local, minute_text
from widgets.panels.case_words import Names
from widgets.parts.age_text import format_age
from widgets.parts.section_list import SectionRow
from widgets.style import tokens

_LATE_FROM_MS: Final = 60_000


class ShiftWords:
    """Words in the language of the screen; made anew when it changes. `people` are masked."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self.names = Names(bridge)
        self._offset_min = bridge.district.utc_offset_min
        chinese = language() == "zh_CN"
        patrols = bridge.district.patrols
        self._routes = {r.id: r.name_zh if chinese else r.name_en for r in patrols.routes}
        self._points = {p.id: p.name_zh if chinese else p.name_en for p in patrols.check_points}
        self.people: Mapping[str, Known] = {}

    # -- small words -------------------------------------------------------------------------------------------------

    def time(self, at: Instant, now: Instant) -> str:
        return minute_text(at, now, self._offset_min)

    def hours(self, begins_at: Instant, ends_at: Instant) -> str:
        begins, ends = (local(at, self._offset_min) for at in (begins_at, ends_at))
        return f"{begins:%H:%M}–{ends:%H:%M}"

    def span(self, brief: Brief) -> str:
        return self.of_span(brief.span)

    def of_span(self, span: ShiftSpan) -> str:
        begins = local(span.begins_at, self._offset_min)
        return f"{begins:%Y-%m-%d} {self.hours(span.begins_at, span.ends_at)}"

    def state(self, brief: Brief, shift: Shift, now: Instant, *, of_brief: bool) -> str:
        """Whom the hand-over waits for, and how late it is; over the brief also that it stands still."""
        said = tr(f"shift.state.{shift.waits_for}")
        if brief.signed_at and of_brief:
            return tr("shift.state.still", state=said, time=self.time(brief.signed_at, now))
        late_ms = now - brief.span.ends_at
        if shift.waits_for == DONE or late_ms < _LATE_FROM_MS:
            return said
        ended = self.time(brief.span.ends_at, now)
        return tr("shift.state.late", state=said, time=ended, age=format_age(late_ms / 1000))

    def person(self, ref: str) -> str:
        known = self.people.get(ref)
        return known.name if known else tr("shift.sign.erased")

    def route(self, route: str) -> str:
        return self._routes.get(route, route)

    def unit(self, unit: str) -> Unit | None:
        return self._bridge.desk.units.get(unit)

    def point(self, point: str) -> str:
        return self._points.get(point, point)

    def place_names(self, units: Iterable[str]) -> list[str]:
        """Call signs."""
        return [self.names.unit(unit) for unit in units]

    def figures(self, brief: Brief) -> str:
        figures, units = brief.figures, brief.units
        if figures is None:
            return ""
        said = tr(
            "shift.figures",
            received=figures.received,
            closed=figures.closed,
            overdue=figures.overdue,
            available=units["available"],
            engaged=units["engaged"],
            out=units["out_of_service"],
            off=units["off_duty"],
            **{step: _lasting(figures, step) for step in ("accept", "dispatch", "arrive")},
        )
        if figures.after_end:
            said = tr("shift.figures.after_end", figures=said, count=figures.after_end)
        return tr("shift.figures.signed", figures=said) if brief.signed_at else said

    def signed(self, shift: Shift, now: Instant) -> str:
        """Who has signed, and when."""
        out, taken = shift.outgoing, shift.incoming
        if out is None:
            return ""
        facts = {"out": self.person(out.signed_by), "out_at": self.time(out.at, now)}
        if taken is None:
            return tr("shift.sign.waiting", **facts)
        return tr(
            "shift.sign.done", **facts, in_=self.person(taken.signed_by), in_at=self.time(taken.at, now)
        )

    def signature(self, who: str, signature: Signature | None, names: Mapping[str, str]) -> tuple[str, str]:
        """A signature as it is printed, and its digest in full; `names` of who signed by ref."""
        if signature is None:
            return tr("shift.print.unsigned", who=tr(f"shift.sign.{who}")), ""
        signed = tr(
            "shift.print.signature",
            who=tr(f"shift.sign.{who}"),
            name=names.get(signature.signed_by) or tr("shift.sign.erased"),
            role=tr(f"shift.sign.role.{signature.role}"),
            time=f"{local(signature.at, self._offset_min):%Y-%m-%d %H:%M:%S}",
            desk=signature.desk,
        )
        return signed, tr("shift.print.digest", digest=signature.digest, count=len(signature.lines))

    # -- duty --------------------------------------------------------------------------------------------------------

    def duty_rows(
        self, turns: Sequence[DutyTurn], now: Instant, days_ahead: int, rest_ms: int
    ) -> list[SectionRow]:
        """One civil day, turn by turn, with what is wrong, below who has been on since yesterday.

        `turns` is the whole plan.
        """
        since = (now + CENTRE_UTC_OFFSET_MS) // DAY_MS * DAY_MS - CENTRE_UTC_OFFSET_MS + days_ahead * DAY_MS
        until = since + DAY_MS
        known = turns_between(turns, since, until)
        shown = [turn for turn in known if turn.begins_at >= since]
        running = [] if days_ahead else [turn for turn in known if turn.begins_at < since and turn.holds(now)]
        faults: dict[DutyTurn, list[DutyFault]] = {}
        for fault in faults_of(turns_between(turns, since - 2 * DAY_MS, until + DAY_MS), rest_ms):
            faults.setdefault(fault.turn, []).append(fault)
        holes = self._holes(turns, shown, since, until)
        count = sum(len(faults.get(turn, ())) for turn in shown) + len(holes)
        day = f"{local(since, self._offset_min):%m-%d}"
        title = tr("shift.duty.tomorrow" if days_ahead else "shift.duty.today", day=day)
        head = SectionRow(
            "head", title, aside=tr("shift.duty.faults", count=count) if count else str(len(shown))
        )

        def rows(own: Sequence[DutyTurn]) -> list[SectionRow]:
            return [self._turn_row(turn, faults.get(turn, []), rest_ms) for turn in own]

        still = [SectionRow("head", tr("shift.duty.running"), aside=str(len(running))), *rows(running)]
        before = still if running else []
        if not shown:
            return [*before, head, SectionRow("note", tr("shift.duty.none"))]
        return [*before, head, *holes, *rows(shown)]

    def _holes(
        self, turns: Sequence[DutyTurn], shown: Iterable[DutyTurn], since: Instant, until: Instant
    ) -> list[SectionRow]:
        """Posts that are left alone between their first and their last turn of this day."""
        posts = sorted({turn.post for turn in shown if turn.post and not turn.unit})
        return [
            SectionRow(
                "note",
                tr("shift.duty.hole", place=post, hours=self.hours(begins_at, ends_at)),
            )
            for post in posts
            for begins_at, ends_at in _unmanned([t for t in turns if t.post == post], since, until)
        ]

    def _turn_row(self, turn: DutyTurn, faults: Sequence[DutyFault], rest_ms: int) -> SectionRow:
        said = []
        if turn.leader:
            known = self.people.get(turn.leader)
            phone = known.phone if known else ""
            said.append(tr("shift.duty.leader", name=self.person(turn.leader), phone=phone).strip())
        if turn.members:
            said.append(tr("shift.duty.members", names=" ".join(map(self.person, turn.members))))
        said += [self._fault(fault, rest_ms) for fault in faults if fault.kind != "gap"]
        officers = self._bridge.desk.officers
        on = sum(ref in officers and officers[ref].on_duty for ref in turn.people)
        aside = tr("shift.duty.on", count=on, total=len(turn.people)) if turn.people else tr("shift.duty.gap")
        return SectionRow(
            "row",
            tr("shift.duty.turn", hours=self.hours(turn.begins_at, turn.ends_at), place=self.place(turn)),
            ("turn", turn_key(turn)),
            " · ".join(said),
            aside,
            aside_color=tokens().red if faults else None,
            wraps=True,
        )

    def place(self, turn: DutyTurn) -> str:
        return " ".join(part for part in (self.names.unit(turn.unit) if turn.unit else "", turn.post) if part)

    def _fault(self, fault: DutyFault, rest_ms: int) -> str:
        name = self.person(fault.person)
        if fault.kind == "twice" and fault.other is not None:
            return tr("shift.duty.twice", name=name, place=self.place(fault.other))
        return tr(
            "shift.duty.rest",
            name=name,
            rest=format_age(fault.rest_ms / 1000),
            limit=format_age(rest_ms / 1000),
        )


def _unmanned(turns: Sequence[DutyTurn], since: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
    own = turns_between(turns, since, until)
    first, last = max(since, own[0].begins_at), min(until, max(turn.ends_at for turn in own))
    return uncovered(own, first, last)


def turn_key(turn: DutyTurn) -> str:
    """What names a turn in a list."""
    return f"{turn.begins_at}/{turn.ends_at}/{turn.unit}/{turn.post}"


def _lasting(figures: ShiftFigures, step: str) -> str:
    seconds: float | None = getattr(figures, f"{step}_s")
    return tr("shift.none") if seconds is None else format_age(seconds)
