"""Owns the ledger as a table: every incident ever, filtered, grouped, with the figures of each group.

Must not paint, read files or decide anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from app.centre.types_in_force import incident_types
from app.domain.instants import Instant
from app.i18n import tr
from widgets.models.civil_days import CivilDays
from widgets.models.grouped_table import GroupedTableModel, GroupHead, Grouping
from widgets.models.ledger_columns import COLUMNS
from widgets.models.ledger_filter import FACET, NONE, LedgerFilter, LedgerMask, value_name
from widgets.models.ledger_rows import NOT_CLOSED, LedgerNames, LedgerRow
from widgets.parts.age_text import format_age

GROUPINGS: Final = ("grid", "type", "owner", "status", "community", "department")
"""What the ledger can be grouped by: facets with one value a row. The first three have keys of their own."""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """`overdue` are past a deadline now, `late` had a step done late; `median_ms` from report to close, None while
    nothing was closed."""

    overdue: int
    late: int
    median_ms: int | None


_handled_ms, _due_at, _late = attrgetter("handled_ms"), attrgetter("due_at"), attrgetter("late")


def figures_of(rows: list[LedgerRow], now: Instant) -> GroupFigures:
    handled = [taken_ms for taken_ms in map(_handled_ms, rows) if taken_ms != NOT_CLOSED]
    handled.sort()
    overdue = sum([due_at < now for due_at in map(_due_at, rows)])
    late = sum(map(bool, map(_late, rows)))
    return GroupFigures(overdue, late, _median(handled))


def _median(ordered: list[int]) -> int | None:
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def head_words(head: GroupHead) -> str:
    """A head said in full, for a tip and for those who listen."""
    return tr("triage.separator").join((head.name, *filter(None, figures_words(head))))


def figures_words(head: GroupHead) -> list[str]:
    """How many, how many overdue now, how many with a late step, how long it usually takes; "" for none."""
    figures: GroupFigures = head.figures
    median_s = None if figures.median_ms is None else figures.median_ms / 1000
    return [
        tr("ledger.group.count", count=f"{head.count:,}"),
        tr("ledger.group.overdue", count=f"{figures.overdue:,}") if figures.overdue else "",
        tr("ledger.group.late", count=f"{figures.late:,}") if figures.late else "",
        "" if median_s is None else tr("ledger.group.median", time=format_age(median_s)),
    ]


class LedgerModel(GroupedTableModel[LedgerRow]):
    """Incidents by id, the newest first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "opened")
        self._descending = True
        self.head_words = head_words
        self.filter = LedgerFilter()
        self._days: CivilDays | None = None
        self._filtered_at: Instant = 0

    def apply_filter(self, wanted: LedgerFilter, days: CivilDays) -> None:
        """Shows what is wanted as of the present instant."""
        is_narrower = self._days == days and _is_narrower(wanted, self.filter) and self.grouping is None
        self.filter, self._days, self._filtered_at = wanted, days, self.now
        mask = LedgerMask(wanted, self.now, days)
        if wanted == LedgerFilter():
            self.set_filter(None)
        else:
            self.set_filter(mask.passes, mask.of, narrower=is_narrower)

    @property
    def filtered_at(self) -> Instant:
        """The instant at which the filter was applied."""
        return self._filtered_at

    def group_by(self, facet: str, names: LedgerNames) -> None:
        """Puts together what has the same value of a facet of GROUPINGS; "" takes the groups away."""
        self.set_grouping(self._grouping(facet, names) if facet else None)

    def _grouping(self, name: str, names: LedgerNames) -> Grouping[LedgerRow]:
        facet = FACET[name]

        def value_of(row: LedgerRow) -> str:
            return next(iter(facet.of(row, 0)), NONE)

        owners = {known.id: known.owner.id for known in incident_types()}
        known_groups = _QUICK_GROUPS | {"owner": lambda row: owners.get(row.incident.incident_type, NONE)}
        quick = known_groups.get(name, value_of)
        return Grouping(
            name,
            quick,
            lambda value: value_name(facet, value, names),
            lambda rows: figures_of(rows, self.now),
        )


_QUICK_GROUPS: Final[dict[str, Callable[[LedgerRow], str]]] = {
    "grid": lambda row: row.incident.grid or NONE,
    "type": lambda row: row.incident.incident_type,
    "status": lambda row: row.incident.status,
    "department": lambda row: row.incident.department,
}


def _is_narrower(wanted: LedgerFilter, before: LedgerFilter) -> bool:
    """Only more letters: what was hidden stays hidden."""
    same = (wanted.tab, wanted.period, wanted.since, wanted.until, wanted.chosen) == (
        before.tab, before.period, before.since, before.until, before.chosen,
    )  # fmt: skip
    words, known = wanted.text.casefold().split(), before.text.casefold().split()
    return same and all(any(word in longer for longer in words) for word in known)
