"""Owns the alarm lane as rows: groups of live alarms, the most urgent on top, opened into their members.

Must not paint or sound them, and must not group them: that is projections/alarm_lane.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Literal

from app.centre.types_in_force import type_name
from app.domain.alarm import RAISED, Alarm
from app.domain.instants import Instant
from app.domain.plain import replace
from app.i18n import tr
from app.projections.alarm_groups import AlarmGroup
from widgets.models.columns import Column
from widgets.models.incident_queue import URGENT
from widgets.models.keyed_table import KeyedTableModel
from widgets.parts.age_text import format_age
from widgets.parts.badge import Tone

MEMBERS_MOST: Final = 200
"""An open group shows the newest of its members; all of them are acted on."""

RowKind = Literal["single", "group", "member"]


@dataclass(frozen=True, slots=True)
class Names:
    """What grids, cameras and times are called in the language of the screen."""

    grid: Callable[[str], str]
    camera: Callable[[str], str]
    time: Callable[[Instant], str]
    title: Callable[[Alarm], str] = attrgetter("title")

    def named(self, alarm: Alarm) -> Alarm:
        """With its title in the language of the screen."""
        title = self.title(alarm)
        return alarm if title == alarm.title else replace(alarm, title=title)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """`alarm` speaks for a group. A member knows the row of its group, under which it stands whatever the order."""

    alarm: Alarm
    type_name: str
    place: str
    kind: RowKind
    group: str
    count: int
    raised: int
    first_at: Instant
    last_at: Instant
    span: str
    is_open: bool = False
    chattering: int = 0
    """Alarms of the device lately, when it chatters; else 0."""
    head: AlarmRow | None = None

    @property
    def is_raised(self) -> bool:
        return self.raised > 0

    @property
    def is_urgent(self) -> bool:
        return self.alarm.priority in URGENT or self.alarm.emergency

    @property
    def urgency(self) -> tuple[bool, bool, int, Instant]:
        """In which order to look at them: emergencies, what nobody has acknowledged, priority, the oldest."""
        return not self.alarm.emergency, not self.is_raised, self.alarm.priority, self.first_at

    def rank(self, of: Callable[[AlarmRow], Any]) -> tuple[Any, ...]:
        """Where it stands when rows are ordered by a value: members under their group, the newest first."""
        if self.head is None:
            return (of(self), self.group, 0, 0)
        return (of(self.head), self.group, 1, -self.alarm.raised_at)


def group_row(group: AlarmGroup, names: Names, *, is_open: bool, chattering: int) -> AlarmRow:
    alarm, is_single = names.named(group.lead), len(group) == 1
    span = names.time(group.first_at)
    if group.last_at > group.first_at:
        span = tr("alarm.span", first=span, last=names.time(group.last_at))
    return AlarmRow(
        alarm,
        type_name(alarm.alarm_type),
        place_of(alarm, names),
        "single" if is_single else "group",
        group.id,
        len(group),
        group.raised,
        group.first_at,
        group.last_at,
        span,
        is_open and not is_single,
        chattering,
    )


def member_rows(group: AlarmGroup, head: AlarmRow, names: Names) -> dict[str, AlarmRow]:
    """The newest members by row key."""
    members = list(group.members.values())[-MEMBERS_MOST:]
    return {f"{group.id}/{alarm.id}": _member_row(names.named(alarm), head, names) for alarm in members}


def _member_row(alarm: Alarm, head: AlarmRow, names: Names) -> AlarmRow:
    return AlarmRow(
        alarm,
        type_name(alarm.alarm_type),
        place_of(alarm, names),
        "member",
        head.group,
        1,
        int(alarm.status == RAISED),
        alarm.raised_at,
        alarm.raised_at,
        names.time(alarm.raised_at),
        head=head,
    )


def place_of(alarm: Alarm, names: Names) -> str:
    """The camera's name, which says more than the grid's, else the grid's, else nothing."""
    return names.camera(alarm.camera or "") or names.grid(alarm.grid or "")


def tags(row: AlarmRow) -> list[tuple[str, Tone]]:
    """Short words beside the title, each with its tone: what of a row is not normal."""
    found: list[tuple[str, Tone]] = []
    if row.alarm.emergency:
        found.append((tr("alarm.tag.emergency"), "alarm"))
        if row.alarm.returned_at is not None:
            found.append((tr("alarm.tag.returned"), "calm"))
    if row.chattering:
        found.append((tr("alarm.tag.chattering"), "warn"))
    if row.kind == "group":
        found.append((tr("alarm.tag.count", count=row.count), "calm"))
    return found


def age_text(row: AlarmRow, now: Instant) -> str:
    return format_age((now - row.first_at) / 1000)


def _title(row: AlarmRow, _now: Instant) -> str:
    return " ".join([row.alarm.title, *(text for text, _ in tags(row))])


def _tip(row: AlarmRow, _now: Instant) -> str:
    lines = [row.alarm.title, " · ".join(part for part in (row.type_name, row.place, row.span) if part)]
    if row.kind == "group":
        lines.append(tr("alarm.tip.group", count=row.count, raised=row.raised))
        if row.is_open and row.count > MEMBERS_MOST:
            lines.append(tr("alarm.tip.newest", count=MEMBERS_MOST))
    else:
        lines.append(tr(f"alarm.status.{row.alarm.status}"))
    if row.alarm.returned_at is not None:
        lines.append(tr("alarm.tip.returned"))
    if row.chattering:
        lines.append(tr("alarm.tip.chattering", count=row.chattering))
    return "\n".join(line for line in lines if line)


def _by(of: Callable[[AlarmRow], Any]) -> Callable[[AlarmRow], Any]:
    return lambda row: row.rank(of)


COLUMNS: Final[tuple[Column[AlarmRow], ...]] = (
    Column(
        "priority",
        "queue.column.priority",
        lambda row, _now: tr(f"terms.priority.P{row.alarm.priority}"),
        _by(attrgetter("urgency")),
        width_px=30,
        align="center",
        in_header=False,
    ),
    Column(
        "title",
        "alarm.column.title",
        _title,
        _by(lambda row: row.alarm.title),
        tooltip=_tip,
        width_px=150,
        stretch=True,
        least_px=172,
    ),
    Column(
        "source",
        "alarm.column.source",
        lambda row, _now: row.type_name,
        _by(lambda row: row.type_name),
        width_px=66,
        rank=2,
        least_px=62,
    ),
    Column(
        "place",
        "alarm.column.place",
        lambda row, _now: row.place,
        _by(lambda row: row.place),
        width_px=84,
        rank=1,
        least_px=48,
    ),
    Column(
        "span",
        "alarm.column.span",
        lambda row, _now: row.span,
        _by(lambda row: -row.last_at),
        width_px=92,
        rank=3,
        least_px=88,
    ),
    Column(
        "age",
        "queue.column.age",
        age_text,
        _by(lambda row: (not row.alarm.emergency, -row.first_at)),
        width_px=54,
        align="right",
        ticks=True,
    ),
)


class AlarmLaneModel(KeyedTableModel[str, AlarmRow]):
    """Rows by key: a group's is its id, a member's "group/alarm". The most urgent on top (`AlarmRow.urgency`)."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "priority")
        self._members: dict[str, set[str]] = {}

    def put_groups(self, groups: Iterable[tuple[AlarmRow, dict[str, AlarmRow]]]) -> None:
        """Each with the members that are shown of it; members that it no longer shows leave."""
        rows: dict[str, AlarmRow] = {}
        gone: set[str] = set()
        for head, members in groups:
            rows[head.group] = head
            rows |= members
            gone |= self._members.pop(head.group, set()) - members.keys()
            if members:
                self._members[head.group] = set(members)
        if gone:
            self.drop(gone)
        self.put(rows)

    def drop_groups(self, groups: Iterable[str]) -> None:
        """With whatever members are shown of them."""
        gone: set[str] = set()
        for group in groups:
            gone |= {group, *self._members.pop(group, ())}
        self.drop(gone)

    def heads(self) -> list[AlarmRow]:
        """One a group, shown or not, in order of arrival."""
        return [row for row in self.rows() if row.head is None]
