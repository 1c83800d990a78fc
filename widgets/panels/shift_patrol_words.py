"""Owns how patrols are worded: what share of each route is done, then round by round, as rows of a list.

Must not read a clock or change anything: it is told what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from app.domain.instants import Instant
from app.domain.patrol import PatrolRound, Share, is_late, missed_points, shares
from app.domain.shift import BY_HAND, PatrolRecord
from app.i18n import tr
from widgets.panels.shift_words import ShiftWords
from widgets.parts.section_list import SectionRow
from widgets.style import tokens

Records = Mapping[str, PatrolRecord]


def patrol_rows(
    words: ShiftWords, rounds: Sequence[PatrolRound], records: Records, now: Instant, grace_ms: int
) -> list[SectionRow]:
    """Rounds that run, those over, those to come. What is over and has no mark after the grace was seen by no desk."""
    told = _Telling(words, records, now, grace_ms)
    rows = [SectionRow("head", tr("shift.patrol.shares"))]
    for route in sorted({each.plan.route for each in rounds}):
        name = tr("shift.patrol.route", route=words.route(route))
        rows.append(SectionRow("note", f"{name}  {told.share([r for r in rounds if r.plan.route == route])}"))
    for each in sorted(rounds, key=lambda each: _order(each, now)):
        rows += told.round_rows(each)
    return rows


def tick_time(patrol_round: PatrolRound, now: Instant) -> Literal["early", "late", "placeholder"]:
    """When a hand would tick a point now: nobody has been there before the round; after it it is no round any more."""
    if now < patrol_round.begins_at:
        return "early"
    return "late" if now >= patrol_round.ends_at else "placeholder"


class _Telling:
    def __init__(self, words: ShiftWords, records: Records, now: Instant, grace_ms: int) -> None:
        self._words, self._records, self._now, self._grace_ms = words, records, now, grace_ms

    def share(self, rounds: Iterable[PatrolRound]) -> str:
        """Of rounds of one route."""
        known = list(rounds)
        share = next(iter(shares(known, self._records).values()), Share())
        unseen = sum(len(self._unseen(each)) for each in known)
        said = [tr("shift.patrol.share", done=share.done, due=share.due, missed=share.missed)]
        for key, count in (("late", share.late), ("unseen", unseen)):
            if count:
                said.append(tr(f"shift.patrol.share.{key}", count=count))
        return tr("shift.patrol.share.and").join(said)

    def round_rows(self, patrol_round: PatrolRound) -> list[SectionRow]:
        head = tr(
            "shift.patrol.round",
            route=self._words.route(patrol_round.plan.route),
            unit=self._words.place_names([patrol_round.plan.unit])[0],
            hours=self._words.hours(patrol_round.begins_at, patrol_round.ends_at),
        )
        points = [self._point(patrol_round, point) for point in patrol_round.plan.points]
        return [SectionRow("head", head, aside=self.share([patrol_round])), *points]

    def _unseen(self, patrol_round: PatrolRound) -> list[str]:
        record = self._records.get(patrol_round.id)
        return missed_points(patrol_round, record, self._now, self._grace_ms)

    def _point(self, patrol_round: PatrolRound, point: str) -> SectionRow:
        record = self._records.get(patrol_round.id)
        mark = record.of(point) if record else None
        color, second = None, ""
        if mark is None:
            is_later = patrol_round.begins_at > self._now
            is_unseen = point in self._unseen(patrol_round)
            aside = tr(f"shift.patrol.{'unseen' if is_unseen else 'later' if is_later else 'due'}")
        elif mark.by:
            late, at = is_late(patrol_round, mark), self._words.time(mark.at, self._now)
            aside = tr(f"shift.patrol.{'late' if late else 'done'}", time=at)
            color = tokens().yellow if late else None
            second = tr("shift.patrol.by_hand", reason=mark.reason) if mark.by == BY_HAND else ""
        else:
            aside, color = tr("shift.patrol.missed"), tokens().yellow
        key = ("patrol", f"{patrol_round.id}:{point}")
        return SectionRow("row", self._words.point(point), key, second, aside, aside_color=color)


def _order(patrol_round: PatrolRound, now: Instant) -> tuple[int, Instant]:
    """Running first, then over with the newest first, then to come."""
    if patrol_round.begins_at > now:
        return 2, patrol_round.begins_at
    return (0, patrol_round.begins_at) if patrol_round.ends_at > now else (1, -patrol_round.begins_at)
