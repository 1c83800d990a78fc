"""Owns how a shift is worded: lines of the brief, turns of the duty plan, rounds of patrols, as rows of a list.

Must not read a clock or change anything: it is told what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtGui import QColor

from app.domain.clocks import RED, YELLOW
from app.domain.duty import DutyFault, DutyTurn, faults_of, turns_between, uncovered
from app.domain.instants import CENTRE_UTC_OFFSET_MS, DAY_MS, Instant
from app.domain.patrol import PatrolRound, Share, shares
from app.domain.shift import BY_HAND, DONE, PatrolRecord, Shift, Signature
from app.i18n import language, tr
from app.projections.shift_brief import SECTIONS, Brief, BriefLine, Change, ShiftFigures
from app.service.roster import Known
from widgets.actions import tail
from widgets.bridge import Bridge
from widgets.local_time import local, minute_text
from widgets.panels.case_words import Names
from widgets.parts.age_text import format_age
from widgets.parts.section_list import SectionRow
from widgets.parts.symbols import unit_color, unit_fill
from widgets.style import tokens

MOST_CHANGES: Final = 60
_LATE_FROM_MS: Final = 60_000
MOST_LINES: Final = 100
"""Of one section: what is worded is worded on the Qt thread. All of them are signed."""


class ShiftWords:
    """Words in the language of the screen; made anew when it changes. `people` are masked."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._names = Names(bridge)
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
        begins = local(brief.span.begins_at, self._offset_min)
        return f"{begins:%Y-%m-%d} {self.hours(brief.span.begins_at, brief.span.ends_at)}"

    def state(self, brief: Brief, shift: Shift, now: Instant) -> str:
        """Whom the hand-over waits for, and how late it is."""
        said = tr(f"shift.state.{shift.waits_for}")
        late_ms = now - brief.span.ends_at
        if shift.waits_for == DONE or late_ms < _LATE_FROM_MS:
            return said
        ended = self.time(brief.span.ends_at, now)
        return tr("shift.state.late", state=said, time=ended, age=format_age(late_ms / 1000))

    def person(self, ref: str) -> str:
        known = self.people.get(ref)
        return known.name if known else tr("shift.sign.erased")

    def point(self, point: str) -> str:
        return self._points.get(point, point)

    def place_names(self, units: Iterable[str]) -> list[str]:
        """Call signs."""
        return [self._names.unit(unit) for unit in units]

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

    def signature(self, who: str, signature: Signature | None, now: Instant) -> str:
        """A signature as it is printed."""
        if signature is None:
            return tr("shift.print.unsigned", who=tr(f"shift.sign.{who}"))
        return tr(
            "shift.print.signature",
            who=tr(f"shift.sign.{who}"),
            name=self.person(signature.signed_by),
            role=tr(f"shift.sign.role.{signature.role}"),
            time=self.time(signature.at, now),
            digest=signature.digest[:16],
        )

    # -- the brief ---------------------------------------------------------------------------------------------------

    def brief_rows(self, brief: Brief) -> list[SectionRow]:
        """What changed since the first signature, then section by section."""
        rows = list(self._change_rows(brief.changes)) if brief.changes is not None else []
        for section in SECTIONS:
            lines = brief.of(section)
            if lines or section in ("incidents", "notes"):
                rows.append(SectionRow("head", tr(f"shift.section.{section}"), aside=str(len(lines))))
                rows += [self._row(line, brief.made_at) for line in lines[:MOST_LINES]]
            if len(lines) > MOST_LINES:
                rows.append(SectionRow("note", tr("shift.section.more", count=len(lines) - MOST_LINES)))
            if not lines and section in ("incidents", "notes"):
                rows.append(SectionRow("note", tr("shift.section.empty")))
        return rows

    def _change_rows(self, changes: Sequence[Change]) -> Iterator[SectionRow]:
        yield SectionRow("head", tr("shift.section.changes"), aside=str(len(changes)))
        if not changes:
            yield SectionRow("note", tr("shift.change.none"))
        for change in changes[:MOST_CHANGES]:
            aside = tr(f"shift.change.{change.what}")
            second = tr(f"shift.section.{change.section}")
            yield SectionRow(
                "row", self._thing(change.kind, change.key), (change.kind, change.key), second, aside,
                aside_color=tokens().yellow,
            )  # fmt: skip

    def _thing(self, kind: str, key: str) -> str:
        match kind:
            case "incident":
                return f"{tail(self._names.number(key))}  {self._names.title(key)}"
            case "unit":
                return self._names.unit(key)
            case "camera":
                return self._names.camera(key)
            case "patrol":
                return self.point(key.rpartition(":")[2])
        return tr(f"shift.section.{_SECTION_OF[kind]}")

    def _row(self, line: BriefLine, now: Instant) -> SectionRow:
        return _ROWS[line.kind](self, line, now)

    def _incident_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        flags = "".join(tr(f"shift.flag.{flag}") for flag in facts["flags"])
        second = tr(
            "shift.line.incident.second",
            status=tr(f"terms.incident_status.{facts['status']}"),
            flags=flags,
            units=tr("shift.line.incident.units", count=len(facts["units"])),
        )
        return SectionRow(
            "row",
            tr("shift.line.incident", tail=tail(facts["number"]), title=facts["title"]),
            ("incident", line.key),
            second,
            _clock_text(facts, now),
            glyph=f"priority/{facts['priority']}",
            color=tokens().priority.of(facts["priority"]),
            aside_color=_color(line.light),
        )

    def _unit_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        kind = self._bridge.desk.units[line.key].kind if line.key in self._bridge.desk.units else "external"
        number = tail(self._names.number(facts["incident"])) if facts["incident"] else ""
        key = {RED: "late", YELLOW: "notice"}.get(line.light, "time")
        age = format_age((now - facts["since_at"]) / 1000) if facts["since_at"] else ""
        return SectionRow(
            "row",
            tr(
                "shift.line.unit",
                unit=self._names.unit(line.key),
                status=tr(f"terms.unit_status.{facts['status']}"),
            ),
            ("unit", line.key),
            tr("shift.line.unit.for", number=number) if number else "",
            tr(f"shift.line.unit.{key}", time=age) if age else "",
            glyph=f"unit/{kind}",
            color=unit_color(facts["status"]),
            fill=unit_fill(facts["status"]),
            aside_color=_color(line.light),
        )

    def _note_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        key = "second" if facts["shift"] else "earlier"
        if not facts["text"]:
            return SectionRow("row", tr("shift.line.note.settled"), ("note", line.key))
        second = tr(f"shift.line.note.{key}", time=self.time(facts["at"], now))
        return SectionRow("row", facts["text"], ("note", line.key), second, wraps=True)

    def _shelf_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        aside = tr("shift.line.until", time=self.time(facts["until"], now))
        return SectionRow("row", facts["title"], ("shelf", line.key), facts["reason"], aside)

    def _camera_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        since_at = facts["since_at"]
        aside = tr("shift.line.since", time=self.time(since_at, now)) if since_at else ""
        return SectionRow(
            "row", self._names.camera(line.key), ("camera", line.key), facts["reason"], aside, glyph="camera"
        )

    def _patrol_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        return SectionRow(
            "row",
            tr(
                "shift.line.patrol",
                route=self._routes.get(facts["route"], ""),
                point=self.point(facts["point"]),
            ),
            ("patrol", line.key),
            tr(
                "shift.line.patrol.second",
                unit=self._names.unit(facts["unit"]),
                time=self.time(facts["begins_at"], now),
            )
            if facts["unit"]
            else "",
            tr("shift.line.patrol.missed" if facts["watched"] else "shift.line.patrol.unwatched"),
            aside_color=tokens().yellow,
        )

    def _sketch_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        shape = tr(f"map.sketch.{facts['shape']}") if facts["shape"] else ""
        return SectionRow(
            "row",
            tr("shift.line.sketch", shape=shape, text=facts["text"]).strip(),
            ("sketch", line.key),
            tr("shift.line.sketch.desk", desk=facts["desk"]),
            tr("shift.line.until", time=self.time(facts["until"], now)),
        )

    def _premise_row(self, line: BriefLine, now: Instant) -> SectionRow:
        facts: Any = line.facts
        aside = tr("shift.line.until", time=self.time(facts["until"], now))
        return SectionRow(
            "row", facts["text"], ("premise", line.key), facts["address"], aside,
            aside_color=_color(line.light), wraps=True,
        )  # fmt: skip

    # -- duty --------------------------------------------------------------------------------------------------------

    def duty_rows(
        self, turns: Sequence[DutyTurn], now: Instant, days_ahead: int, rest_ms: int
    ) -> list[SectionRow]:
        """One civil day, turn by turn, with what is wrong; `turns` is the whole plan."""
        since = (now + CENTRE_UTC_OFFSET_MS) // DAY_MS * DAY_MS - CENTRE_UTC_OFFSET_MS + days_ahead * DAY_MS
        until = since + DAY_MS
        shown = [turn for turn in turns_between(turns, since, until) if turn.begins_at >= since]
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
        if not shown:
            return [head, SectionRow("note", tr("shift.duty.none"))]
        rows = [self._turn_row(turn, faults.get(turn, []), rest_ms) for turn in shown]
        return [head, *holes, *rows]

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
        return " ".join(
            part for part in (self._names.unit(turn.unit) if turn.unit else "", turn.post) if part
        )

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

    # -- patrols -----------------------------------------------------------------------------------------------------

    def patrol_rows(
        self, rounds: Sequence[PatrolRound], records: Mapping[str, PatrolRecord], now: Instant
    ) -> list[SectionRow]:
        """What share of each route is done, then round by round: those that run, those over, those to come."""
        rows = [SectionRow("head", tr("shift.patrol.shares"))]
        for route, share in sorted(shares(rounds, records).items()):
            told = tr("shift.patrol.share", done=share.done, due=share.due, missed=share.missed)
            name = tr("shift.patrol.route", route=self._routes.get(route, route))
            rows.append(SectionRow("note", f"{name}  {told}"))
        for each in sorted(rounds, key=lambda each: _order(each, now)):
            share = shares([each], records).get(each.plan.route, Share())
            head = tr(
                "shift.patrol.round",
                route=self._routes.get(each.plan.route, each.plan.route),
                unit=self._names.unit(each.plan.unit),
                hours=self.hours(each.begins_at, each.ends_at),
            )
            told = tr("shift.patrol.share", done=share.done, due=share.due, missed=share.missed)
            rows.append(SectionRow("head", head, aside=told))
            rows += [self._point_row(each, point, records.get(each.id), now) for point in each.plan.points]
        return rows

    def _point_row(
        self, patrol_round: PatrolRound, point: str, record: PatrolRecord | None, now: Instant
    ) -> SectionRow:
        mark = record.of(point) if record else None
        color, second = None, ""
        if mark is None:
            is_over, is_later = patrol_round.ends_at <= now, patrol_round.begins_at > now
            aside = tr(f"shift.patrol.{'unseen' if is_over else 'later' if is_later else 'due'}")
        elif mark.by:
            aside = tr("shift.patrol.done", time=self.time(mark.at, now))
            second = tr("shift.patrol.by_hand", reason=mark.reason) if mark.by == BY_HAND else ""
        else:
            aside, color = tr("shift.patrol.missed"), tokens().yellow
        key = ("patrol", f"{patrol_round.id}:{point}")
        return SectionRow("row", self.point(point), key, second, aside, aside_color=color)


def _unmanned(turns: Sequence[DutyTurn], since: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
    own = turns_between(turns, since, until)
    first, last = max(since, own[0].begins_at), min(until, max(turn.ends_at for turn in own))
    return uncovered(own, first, last)


def turn_key(turn: DutyTurn) -> str:
    """What names a turn in a list."""
    return f"{turn.begins_at}/{turn.ends_at}/{turn.unit}/{turn.post}"


def _order(patrol_round: PatrolRound, now: Instant) -> tuple[int, Instant]:
    """Running first, then over with the newest first, then to come."""
    if patrol_round.begins_at > now:
        return 2, patrol_round.begins_at
    return (0, patrol_round.begins_at) if patrol_round.ends_at > now else (1, -patrol_round.begins_at)


def _clock_text(facts: Mapping[str, Any], now: Instant) -> str:
    if not facts["step"]:
        return ""
    left_ms = facts["due_at"] - now
    step = tr(f"case.clock.{facts['step']}")
    key = "shift.line.due" if left_ms >= 0 else "shift.line.late"
    return tr(key, step=step, time=format_age(abs(left_ms) / 1000))


def _lasting(figures: ShiftFigures, step: str) -> str:
    seconds: float | None = getattr(figures, f"{step}_s")
    return tr("shift.none") if seconds is None else format_age(seconds)


def _color(light: str) -> QColor | None:
    return {RED: tokens().red, YELLOW: tokens().yellow}.get(light)


_SECTION_OF: Final = {
    "note": "notes", "shelf": "alarms", "sketch": "sketches", "premise": "premises", "camera": "cameras",
}  # fmt: skip
_ROWS: Final[dict[str, Any]] = {
    "incident": ShiftWords._incident_row,
    "unit": ShiftWords._unit_row,
    "note": ShiftWords._note_row,
    "shelf": ShiftWords._shelf_row,
    "camera": ShiftWords._camera_row,
    "patrol": ShiftWords._patrol_row,
    "sketch": ShiftWords._sketch_row,
    "premise": ShiftWords._premise_row,
}
