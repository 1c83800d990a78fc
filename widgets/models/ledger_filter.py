"""Owns what of the ledger is wanted: words, a period, the worker's handbook, and values of every facet.

Must not know widgets. What is wanted is plain data, so that it can be kept under a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.centre.types_in_force import incident_types, type_name
from app.domain.clocks import STEPS
from app.domain.incident import CLOSED, OUTCOMES, PRIORITIES
from app.domain.instants import Instant
from app.i18n import language, tr
from widgets.models.civil_days import PERIODS, CivilDays, Days
from widgets.models.incident_queue import named
from widgets.models.ledger_rows import LedgerNames, LedgerRow, source_name

TABS: Final = ("all", "today", "week", "overdue", "waiting")
"""Everything, then the four pages of the worker's handbook."""
NONE: Final = ""
"""The value of a facet that a row has nothing of: no grid, no outcome, nobody sent."""
MARKS: Final = ("open", "returned", "supervised", "ordered", "reopened", "escalated", "merged")

Values = tuple[str, ...]
_UNMARKED: Final = (NONE,)


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of an incident by which the ledger is narrowed. `of` gives its values, one or several; `fixed` are those
    that are offered though no row has them; `named` says what a value is called.
    """

    id: str
    of: Callable[[LedgerRow, Instant], Values]
    named: Callable[[str, LedgerNames], str]
    fixed: Values = ()

    @property
    def title(self) -> str:
        return tr(f"ledger.facet.{self.id}")


def _one(read: Callable[[LedgerRow], str | None]) -> Callable[[LedgerRow, Instant], Values]:
    return lambda row, _now: (read(row) or NONE,)


def _owner_of(row: LedgerRow) -> str:
    known = incident_types().get(row.incident.incident_type)
    return known.owner.id if known is not None else NONE


def _owner_named(owner: str) -> str:
    known = next((each.owner for each in incident_types() if each.owner.id == owner), None)
    if known is None:
        return owner
    return known.name_zh if language() == "zh_CN" else known.name_en


def _marks_of(row: LedgerRow, _now: Instant) -> Values:
    i = row.incident
    if i.status == CLOSED and not (i.returned or i.supervised_at or i.reopened or i.escalated_to):
        return _UNMARKED if not i.ordered else ("ordered",)
    has = (i.is_open, i.returned, i.supervised_at, i.ordered, i.reopened, i.escalated_to, i.merged_into)
    return tuple(mark for mark, is_so in zip(MARKS, has, strict=True) if is_so) or (NONE,)


FACETS: Final = (
    Facet("status", _one(lambda r: r.incident.status), lambda v, _n: tr(f"terms.incident_status.{v}")),
    Facet(
        "priority",
        _one(lambda r: str(r.incident.priority)),
        lambda v, _n: named("terms.priority", f"P{v}"),
        tuple(map(str, PRIORITIES)),
    ),
    Facet("type", _one(lambda r: r.incident.incident_type), lambda v, _n: type_name(v)),
    Facet("owner", _one(_owner_of), lambda v, _n: _owner_named(v)),
    Facet("department", _one(lambda r: r.incident.department), lambda v, _n: v),
    Facet("grid", _one(lambda r: r.incident.grid), lambda v, n: n.grid(v)),
    Facet("community", _one(lambda r: r.community), lambda v, n: n.community(v)),
    Facet("unit", lambda r, _now: r.units or (NONE,), lambda v, n: n.unit(v)),
    Facet("officer", _one(lambda r: r.officer), lambda v, _n: v),
    Facet("source", lambda r, _now: r.sources or (NONE,), lambda v, _n: source_name(v)),
    Facet("outcome", _one(lambda r: r.incident.outcome), lambda v, _n: tr(f"action.outcome.{v}"), OUTCOMES),
    Facet("mark", _marks_of, lambda v, _n: tr(f"ledger.mark.{v}"), MARKS),
    Facet(
        "late",
        lambda r, now: r.late_steps(now) or (NONE,),
        lambda v, _n: tr(f"ledger.step.{v}"),
        tuple(name for name, _ in STEPS),
    ),
)
FACET: Final[Mapping[str, Facet]] = {facet.id: facet for facet in FACETS}


def value_name(facet: Facet, value: str, names: LedgerNames) -> str:
    """What a value is called; rows that have none of this facet go by what they lack."""
    if value == NONE:
        return tr("ledger.value.none")
    return facet.named(value, names)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What is wanted. `chosen` are values by facet, any of them; a `period` moves on with the day, `since` and `until`
    are days such as 2026-11-22, both inclusive, "" for an open end.
    """

    text: str = ""
    tab: str = "all"
    period: str = ""
    since: str = ""
    until: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def narrows(self) -> bool:
        """Whether it hides anything beside what its page of the handbook does."""
        return bool(self.text.strip() or self.period or self.since or self.until or self.chosen)

    @property
    def follows_the_clock(self) -> bool:
        """Whether a row may pass or no longer pass by time alone."""
        return self.tab == "overdue" or "late" in self.chosen

    def with_values(self, facet: str, values: Iterable[str]) -> dict[str, frozenset[str]]:
        """`chosen` with other values of one facet; none takes the facet out."""
        rest = {name: kept for name, kept in self.chosen.items() if name != facet}
        wanted = frozenset(values)
        return rest | {facet: wanted} if wanted else rest

    def as_plain(self) -> dict[str, Any]:
        chosen = {name: sorted(values) for name, values in self.chosen.items()}
        return {
            "text": self.text, "tab": self.tab, "period": self.period, "since": self.since, "until": self.until,
            "chosen": chosen,
        }  # fmt: skip


def filter_from_plain(plain: Mapping[str, Any]) -> LedgerFilter:
    """As `as_plain` gave it. Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    chosen = {
        name: frozenset(map(str, values))
        for name, values in plain["chosen"].items()
        if name in FACET and values
    }
    tab, period = str(plain["tab"]), str(plain["period"])
    if tab not in TABS or period not in ("", *PERIODS):
        raise ValueError(f"{tab!r}, {period!r}")
    return LedgerFilter(str(plain["text"]), tab, period, _day(plain["since"]), _day(plain["until"]), chosen)


def _day(text: Any) -> str:
    if text:
        CivilDays(0, 0).day(str(text))
    return str(text)


class LedgerMask:
    """A filter at one instant: which rows pass. Only what is set is asked: it is asked of every row at every key."""

    def __init__(self, wanted: LedgerFilter, now: Instant, days: CivilDays) -> None:
        self.wanted, self._now, self._days = wanted, now, days

    def passes(self, row: LedgerRow) -> bool:
        return self.of([row])[0]

    def of(self, rows: list[LedgerRow]) -> list[bool]:
        """For each row whether it passes."""
        passed = self._on_page(rows)
        for test in self._tests():
            passed = [ok and test(row) for ok, row in zip(passed, rows, strict=True)]
        for word in self.wanted.text.casefold().split():
            passed = [ok and word in row.words for ok, row in zip(passed, rows, strict=True)]
        return passed

    def _on_page(self, rows: list[LedgerRow]) -> list[bool]:
        now = self._now
        match self.wanted.tab:
            case "today":
                return [is_in(row, self._days.today) for row in rows]
            case "week":
                return [is_in(row, self._days.week) for row in rows]
            case "overdue":
                return [row.due_at < now for row in rows]
            case "waiting":
                return [row.waits_for_feedback for row in rows]
        return [True] * len(rows)

    def _tests(self) -> list[Callable[[LedgerRow], bool]]:
        tests: list[Callable[[LedgerRow], bool]] = []
        since, until = bounds(self.wanted, self._days)
        if since is not None:
            tests.append(lambda row: row.opened_at >= since)
        if until is not None:
            tests.append(lambda row: row.opened_at < until)
        return tests + [self._facet_test(name, values) for name, values in self.wanted.chosen.items()]

    def _facet_test(self, name: str, values: frozenset[str]) -> Callable[[LedgerRow], bool]:
        quick = _QUICK.get(name)
        if quick is not None:
            return lambda row: quick(row) in values
        of, now = FACET[name].of, self._now
        return lambda row: not values.isdisjoint(of(row, now))


_QUICK: Final[Mapping[str, Callable[[LedgerRow], str]]] = {
    "status": lambda row: row.incident.status,
    "type": lambda row: row.incident.incident_type,
    "grid": lambda row: row.incident.grid or NONE,
    "outcome": lambda row: row.incident.outcome,
    "department": lambda row: row.incident.department,
}
"""The same as the facet's `of`, without a tuple for every row."""


def is_in(row: LedgerRow, days: Days) -> bool:
    """Reported within these days, or due within them."""
    return days.since <= row.opened_at < days.until or days.since <= row.due_at < days.until


def bounds(wanted: LedgerFilter, days: CivilDays) -> tuple[Instant | None, Instant | None]:
    """From when to before when it must have been reported; None for an open end."""
    if wanted.period:
        period = days.period(wanted.period)
        return period.since, period.until
    since = days.day(wanted.since).since if wanted.since else None
    until = days.day(wanted.until).until if wanted.until else None
    return since, until


def values_of(facet: Facet, rows: Iterable[LedgerRow], now: Instant) -> Counter[str]:
    """How many rows have which value, those that are always offered among them."""
    counts: Counter[str] = Counter(dict.fromkeys(facet.fixed, 0))
    quick = _QUICK.get(facet.id)
    if quick is not None:
        counts.update(map(quick, rows))
    else:
        for row in rows:
            counts.update(facet.of(row, now))
    return counts
