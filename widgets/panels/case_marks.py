"""Owns the line of marks on the card: supervised since when and by whom, sent back, by order, linked with what.

Must not act: the keys of these things are the card's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.incident import ACCEPTED, HANDED_OVER, HANDLING, Incident
from app.domain.instants import Instant
from app.i18n import has_text, tr
from app.service.presence import Present
from widgets.actions import tail
from widgets.panels.case_words import Names, moment_text
from widgets.parts.badge import StatusPill, Tone
from widgets.parts.plain_tip import plain_tip
from widgets.style import tokens

Shown = tuple[str, Tone, str]
"""(words, tone, tip)"""

_LEFT_ALONE: Final[dict[str, Tone]] = {ACCEPTED: "warn", HANDLING: "calm"}
"""Where it has to be said that all who were sent have left: before one arrived, and before anybody reported back."""


class CaseMarks(QWidget):
    """Pills in as many rows as they need; hidden when there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.pills: list[StatusPill] = []
        self._said: list[Shown] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_incident(
        self,
        incident: Incident,
        names: Names,
        now: Instant,
        utc_offset_min: int,
        others: Sequence[Present] = (),
        *,
        is_silent: bool = False,
    ) -> None:
        """`others` are who else is at this incident; of the desk that has claimed it nothing is heard: `is_silent`."""
        shown = [*map(_other, others), *_claim(incident, names, now, utc_offset_min, is_silent=is_silent)]
        shown += _shown(incident, names, now, utc_offset_min)
        if shown == self._said:
            return
        self._said = shown
        while len(self.pills) < len(shown):
            self.pills.append(StatusPill(parent=self))
        for pill, mark in zip(self.pills, shown, strict=False):
            words, tone, tip = mark
            pill.set_status(words, tone)
            pill.setToolTip(plain_tip(tip))
        for place, pill in enumerate(self.pills):
            pill.setVisible(place < len(shown))
        self.setVisible(bool(shown))
        self._arrange()
        self.updateGeometry()

    @property
    def words(self) -> list[str]:
        """What is said, in order."""
        return [pill.accessibleName() for pill in self._visible()]

    def _visible(self) -> list[StatusPill]:
        return [pill for pill in self.pills if not pill.isHidden()]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = list(_places(self._visible(), width))
        return places[-1].bottom() + 1 if places else 0

    def sizeHint(self) -> QSize:
        width = max(self.width(), 1)
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        pills = self._visible()
        for pill, place in zip(pills, _places(pills, self.width()), strict=True):
            pill.setGeometry(place)
        self.setFixedHeight(self.heightForWidth(self.width()))


def _places(pills: list[StatusPill], width_px: int) -> Iterator[QRect]:
    """From left to right, wrapped; a pill wider than the card is cut, not pushed out."""
    gap, at = tokens().space_xs, QPoint(0, 0)
    for pill in pills:
        size = pill.sizeHint().boundedTo(QSize(max(width_px, 1), pill.sizeHint().height()))
        if at.x() and at.x() + size.width() > width_px:
            at = QPoint(0, at.y() + size.height() + gap)
        yield QRect(at, size)
        at += QPoint(size.width() + gap, 0)


def _other(present: Present) -> Shown:
    """Who edits stands out: two who change the same should know before, not after."""
    who = tr("card.presence.who", desk=present.desk, actor=_actor(present.actor))
    if present.field:
        return tr("card.presence.editing", who=who, field=_field(present.field)), "warn", ""
    return tr("card.presence.looking", who=who), "calm", ""


def _actor(actor: str) -> str:
    key = f"timeline.actor.{actor}"
    return tr(key) if has_text(key) else actor


def _field(field: str) -> str:
    """A desk of another version may know fields that this one does not."""
    key = f"card.field.{field}"
    return tr(key) if has_text(key) else field


def _claim(
    i: Incident, names: Names, now: Instant, utc_offset_min: int, *, is_silent: bool
) -> Iterator[Shown]:
    if i.claim is None:
        return
    is_own = i.claim.desk == names.own_desk
    at = moment_text(i.claim.at, now, utc_offset_min)
    key = "desks.mark.claim.own.long" if is_own else "desks.mark.claim.long"
    words = tr(key, desk=i.claim.desk, officer=names.actor(i.claim.actor), at=at)
    if is_silent:
        yield tr("desks.mark.claim.silent", claim=words), "alarm", tr("desks.mark.claim.silent.tip")
    else:
        yield words, "calm" if is_own else "warn", tr("desks.mark.claim.tip")


def _shown(i: Incident, names: Names, now: Instant, utc_offset_min: int) -> Iterator[Shown]:
    if i.supervised_at is not None:
        at = moment_text(i.supervised_at, now, utc_offset_min)
        yield tr("triage.mark.supervised.long", at=at, who=names.actor(i.supervised_by)).strip(), "alarm", ""
    if i.returned:
        tip = tr("triage.mark.returned.tip", who=names.unit(i.returned_by))
        yield tr("triage.mark.returned.long", count=i.returned), "warn", tip
    if i.status == HANDED_OVER and i.handed_over_at is not None:
        facts = {"who": i.department, "at": moment_text(i.handed_over_at, now, utc_offset_min)}
        received = i.receipt is not None
        words = tr("triage.mark.received" if received else "triage.mark.unreceived", **facts)
        yield words, "calm" if received else "warn", tr("triage.mark.handed_over.tip")
    if i.attended and not i.holders and i.status in _LEFT_ALONE:
        who = tr("triage.separator").join(map(names.unit, i.attended))
        yield tr(f"triage.mark.left.{i.status}"), _LEFT_ALONE[i.status], tr("triage.mark.left.tip", who=who)
    if i.ordered:
        who = tr("triage.separator").join(map(names.unit, i.ordered))
        yield tr("triage.mark.ordered.long", who=who), "warn", ""
    if i.is_open and i.open_requests:
        yield (
            tr("field.mark.requests", count=sum(r.missing for r in i.open_requests)),
            "alarm",
            tr("field.mark.requests.tip"),
        )
    if i.related:
        tip = "\n".join(_linked(link.other, link.relation, names) for link in i.related)
        yield tr("triage.mark.links.long", count=len(i.related)), "calm", tip


def _linked(other: str, relation: str, names: Names) -> str:
    return tr(
        "triage.mark.links.tip",
        number=tail(names.number(other)),
        relation=tr(f"triage.relation.{relation}"),
        title=names.title(other),
    )
