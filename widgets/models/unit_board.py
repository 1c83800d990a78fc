"""Owns the unit board as rows: what each column says of a unit, its order, and what the filter lets through.

Must not paint, and must not know where a unit is beyond the time of its newest fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.clocks import RED
from app.domain.field_clocks import post_stage, stage
from app.domain.instants import Instant
from app.domain.masking import mask_text
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import DISPATCHABLE, DISPATCHED, PHASES, Unit
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.grouped_table import GroupedTableModel, GroupHead, Grouping
from widgets.models.incident_queue import named
from widgets.parts.age_text import format_age
from widgets.parts.symbols import UNIT_KINDS

Group = Literal["available", "engaged", "off"]

GROUPS: Final[tuple[Group, ...]] = ("available", "engaged", "off")
_KIND_PLACE: Final = {kind: place for place, kind in enumerate(UNIT_KINDS)}
_STATUS_PLACE: Final = {status: place for place, status in enumerate((*PHASES, "returning", "available"))}
_LAST: Final = 99
_UNREAD: Final = "field.unread_mark"
_NEVER: Final = float("inf")


def group_of(status: str) -> Group:
    """Which of the three questions of a duty officer a status answers: can I send it, is it at work, is it away?"""
    if status in DISPATCHABLE:
        return "available"
    return "engaged" if status in PHASES else "off"


def number_tail(number: str) -> str:
    """What is said over the radio of an incident's number: "007" of "20261122-007"."""
    return number.rpartition("-")[2]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as the board shows it. `numbers` are those of its incidents, the newest last."""

    unit: Unit
    call_sign: str
    kind_name: str
    grid_name: str
    numbers: tuple[str, ...]
    fix_at: Instant | None
    post: str = ""
    """Where the duty plan or its district puts it."""
    alert: str = ""
    """Text key of what of its task is overdue, or "field.unread_mark" for what it wrote; "" for nothing."""

    @property
    def group(self) -> Group:
        return group_of(self.unit.status)

    @property
    def is_overdue(self) -> bool:
        return self.alert not in ("", _UNREAD)

    @property
    def unread(self) -> int:
        """Messages of the unit that the desk has not read."""
        return sum(message.from_unit and not message.is_read for message in self.unit.messages)

    @property
    def words(self) -> str:
        """Everything that the search looks into."""
        status = tr(f"terms.unit_status.{self.unit.status}")
        said = (
            self.call_sign,
            self.unit.call_sign,
            self.unit.id,
            self.kind_name,
            self.grid_name,
            self.post,
            status,
        )
        return "\n".join((*said, *self.numbers)).casefold()


class UnitRows:
    """Makes rows of units; knows names of grids and call signs in the language in force."""

    def __init__(self, call_signs: Mapping[str, str], grid_names: Mapping[str, str]) -> None:
        self._call_signs = call_signs
        self._grid_names = grid_names

    def of(
        self,
        units: Iterable[Unit],
        numbers: Mapping[str, str],
        fixes: Mapping[str, Instant],
        posts: Mapping[str, str] | None = None,
        alerts: Mapping[str, str] | None = None,
    ) -> dict[str, UnitRow]:
        """Rows by id. `numbers` by incident, `fixes` the time of each unit's newest fix, `posts` by unit."""
        return {
            unit.id: UnitRow(
                unit,
                self._call_signs.get(unit.id, unit.call_sign),
                named("terms.unit_kind", unit.kind),
                self._grid_names.get(unit.id, ""),
                tuple(numbers.get(task.incident, "") for task in unit.assignments),
                fixes.get(unit.id),
                (posts or {}).get(unit.id, ""),
                (alerts or {}).get(unit.id, ""),
            )
            for unit in units
        }


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """What the officer wants to see. Every word of `text` must be found somewhere; an empty set means no limit."""

    text: str = ""
    groups: frozenset[Group] = frozenset()
    kinds: frozenset[str] = frozenset()

    @property
    def narrows(self) -> bool:
        return bool(self.text.strip() or self.kinds or self.groups)

    def passes(self, row: UnitRow) -> bool:
        if self.groups and row.group not in self.groups:
            return False
        if self.kinds and row.unit.kind not in self.kinds:
            return False
        wanted = self.text.casefold().split()
        return not wanted or all(word in row.words for word in wanted)


# -- what the columns say --------------------------------------------------------------------------------------------


def status_texts(unit: Unit, now: Instant) -> tuple[str, str]:
    """The status and how long it has lasted; "" for a unit of which nothing was ever heard."""
    order = unit.post_order
    since_at = unit.since_at if order is None else order.since_at
    lasting = format_age((now - since_at) / 1000) if since_at else ""
    return tr(f"terms.unit_status.{unit.status}" if order is None else "post.status"), lasting


def status_name(row: UnitRow) -> str:
    """What stands in the column of statuses: what of its task is overdue, how far its order is, or why it is away."""
    order = row.unit.post_order
    if row.is_overdue:
        return tr(row.alert)
    held = row.unit.assignments[-1] if row.unit.status == DISPATCHED else None
    if held is not None:
        return tr(f"dispatch.progress.{stage(held)}")
    if order is not None:
        return tr(f"dispatch.progress.{post_stage(order)}")
    name = tr(f"terms.unit_status.{row.unit.status}")
    if row.group != "off" or not row.unit.duty_reason:
        return name
    return tr("unit_board.away_why", status=name, reason=mask_text(row.unit.duty_reason))


def status_text(row: UnitRow, now: Instant) -> str:
    return " ".join(status_texts(row.unit, now)).strip()


def status_light(row: UnitRow, now: Instant, limits: ShiftLimits) -> str:
    """green, yellow or red: whether the unit has been in its status for too long."""
    return limits.light(row.unit.status, row.unit.since_at, now)


def load_text(row: UnitRow, _now: Instant = 0) -> str:
    """How much of what it can work on at a time it has; "" for who is away."""
    if row.group == "off":
        return ""
    return tr("unit_board.load", has=len(row.unit.assignments), most=row.unit.capacity)


def numbers_text(row: UnitRow, _now: Instant = 0) -> str:
    """The newest incident first, by its tail; of who moves up that it does."""
    if row.unit.post_order is not None:
        return tr("post.for")
    return " ".join(number_tail(number) for number in reversed(row.numbers))


def fix_text(fix_at: Instant | None, now: Instant) -> str:
    """How old a position is; a unit without one is taken to be at its post."""
    return tr("unit_board.no_fix") if fix_at is None else format_age((now - fix_at) / 1000)


def _unit_tip(row: UnitRow, now: Instant) -> str:
    at_work = tr("unit_board.tip.incidents", numbers=", ".join(reversed(row.numbers))) if row.numbers else ""
    fix = (
        tr("unit_board.tip.no_fix")
        if row.fix_at is None
        else tr("unit_board.tip.fix", age=fix_text(row.fix_at, now))
    )
    wrote = tr(_UNREAD) if row.unread else ""
    why = status_name(row) if row.is_overdue or row.group == "off" else ""
    lines = (
        f"{row.call_sign}  {row.kind_name}",
        status_text(row, now),
        why,
        wrote,
        at_work,
        row.grid_name,
        fix,
    )
    return "\n".join(line for line in lines if line)


def _kind_rank(row: UnitRow) -> tuple[int, str]:
    return _KIND_PLACE.get(row.unit.kind, _LAST), row.call_sign


def _status_rank(row: UnitRow) -> tuple[int, int]:
    return _STATUS_PLACE.get(row.unit.status, _LAST), row.unit.since_at


COLUMNS: Final[tuple[Column[UnitRow], ...]] = (
    Column(
        "unit",
        "unit_board.column.unit",
        lambda row, _now: row.call_sign,
        _kind_rank,
        tooltip=_unit_tip,
        width_px=104,
        english_px=120,
        stretch=True,
        least_px=92,
    ),
    Column(
        "status",
        "unit_board.column.status",
        status_text,
        _status_rank,
        tooltip=_unit_tip,
        ticks=True,
        width_px=104,
        least_px=96,
    ),
    Column(
        "incident",
        "unit_board.column.incident",
        numbers_text,
        lambda row: row.numbers[-1:] or ("~",),
        width_px=44,
        least_px=40,
        align="right",
        tooltip=lambda row, _now: ", ".join(reversed(row.numbers)),
        rank=1,
    ),
    Column(
        "grid",
        "unit_board.column.grid",
        lambda row, _now: row.grid_name,
        lambda row: row.grid_name,
        width_px=78,
        english_px=108,
        rank=3,
        least_px=48,
        english_least_px=80,
    ),
    Column(
        "load",
        "unit_board.column.load",
        load_text,
        lambda row: len(row.unit.assignments) / row.unit.capacity,
        width_px=44,
        rank=4,
        least_px=40,
        align="right",
    ),
    Column(
        "post",
        "unit_board.column.post",
        lambda row, _now: row.post,
        lambda row: row.post,
        width_px=72,
        rank=5,
        least_px=48,
    ),
    Column(
        "fix",
        "unit_board.column.fix",
        lambda row, now: fix_text(row.fix_at, now),
        lambda row: _NEVER if row.fix_at is None else -row.fix_at,
        width_px=48,
        least_px=48,
        align="right",
        ticks=True,
        rank=1,
    ),
)


GROUPINGS: Final = ("", "kind", "post", "grid", "status")
"""What the board can be put together by; "" is not at all."""

_GROUP_OF: Final[Mapping[str, Callable[[UnitRow], str]]] = {
    "kind": lambda row: row.kind_name,
    "post": lambda row: row.post,
    "grid": lambda row: row.grid_name,
    "status": lambda row: row.unit.status,
}


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Of one group: how many can be sent, are at work, are away, and have been in a status for too long."""

    available: int
    engaged: int
    off: int
    overdue: int


def figures_words(head: GroupHead) -> list[str]:
    """What a head says beside its name."""
    figures: GroupFigures = head.figures
    said = [tr("unit_board.head.count", count=head.count)]
    for group in GROUPS:
        count = getattr(figures, group)
        if count:
            name = tr(f"unit_board.group.{group}")
            said.append(tr("unit_board.group.count", name=name, count=count))
    if figures.overdue:
        said.append(tr("unit_board.head.overdue", count=figures.overdue))
    return said


class UnitBoardModel(GroupedTableModel[UnitRow]):
    """Units by id; by kind and call sign by default."""

    def __init__(self, limits: ShiftLimits | None = None) -> None:
        super().__init__(COLUMNS, "unit")
        self.limits = limits or ShiftLimits()
        self._seen: set[str] = set()
        self.filter = UnitFilter()
        self.head_words = lambda head: "  ".join((head.name, *figures_words(head)))

    def apply_filter(self, wanted: UnitFilter) -> None:
        if wanted != self.filter:
            self.filter = wanted
            self.set_filter(wanted.passes if wanted.narrows else None)

    def group_by(self, grouping: str) -> None:
        """One of GROUPINGS; every group begins open."""
        if not grouping:
            self.set_grouping(None)
            return
        self._seen = set()
        named = _named_status if grouping == "status" else _named
        self.set_grouping(Grouping(grouping, _GROUP_OF[grouping], named, self._figures))
        self.open_new_groups()

    def open_new_groups(self) -> None:
        """A group that was not there before is open, until somebody closes it."""
        fresh = {head.value for head in self.groups()} - self._seen
        if fresh:
            self._seen |= fresh
            self.open_groups(fresh, is_open=True)

    def _figures(self, rows: list[UnitRow]) -> GroupFigures:
        counts = {group: sum(row.group == group for row in rows) for group in GROUPS}
        overdue = sum(status_light(row, self.now, self.limits) == RED for row in rows)
        return GroupFigures(**counts, overdue=overdue)


def _named(value: str) -> str:
    return value or tr("unit_board.head.none")


def _named_status(value: str) -> str:
    return tr(f"terms.unit_status.{value}")
