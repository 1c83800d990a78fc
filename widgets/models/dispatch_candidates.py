"""Owns the candidates for one incident as rows: what each column says of them, and which ones the officer has chosen.

Must not rank (app/dispatch/candidates.py does) and must not paint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.dispatch.candidates import Candidate, Reason
from app.dispatch.run_card import Need
from app.domain.instants import Instant
from app.domain.unit import Unit
from app.i18n import tr
from widgets.models.columns import Column
from widgets.models.incident_queue import named
from widgets.models.keyed_table import KeyedTableModel
from widgets.models.unit_board import fix_text, number_tail, status_texts
from widgets.parts.age_text import format_age, format_distance

_FAR: Final = 10**9
_MINUTE_S, _HOUR_S = 60, 3600
_OTHER_KIND: Final = Reason("other_kind")
_BY_KIND: Final = frozenset(("leads", "suits"))
"""What the list of suitable kinds says; a place of the run card says more."""
_STRAIGHT: Final = "straight_"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One unit that could go. `place` is its rank, the best is 0; `why` says why it stands there or why not."""

    place: int
    unit: Unit
    call_sign: str
    distance_m: int | None
    fix_at: Instant | None
    suits: bool
    is_left_out: bool
    can_be_sent: bool
    why: str
    is_chosen: bool = False
    eta_s: int | None = None
    is_straight: bool = False
    is_recommended: bool = False


class CandidateRows:
    """Makes rows of ranked candidates; phrases their reasons in the language in force."""

    def __init__(self, call_signs: Mapping[str, str]) -> None:
        self._call_signs = call_signs
        self._phrases: dict[tuple[str, ...], str] = {}
        self._between = tr("dispatch.reason_separator")

    def call_sign(self, unit: Unit) -> str:
        return self._call_signs.get(unit.id, unit.call_sign)

    def row(
        self,
        candidate: Candidate,
        unit: Unit,
        place: int,
        *,
        fix_at: Instant | None,
        is_chosen: bool,
        numbers: Mapping[str, str],
        left_because: str = "",
        fills: Need | None = None,
    ) -> CandidateRow:
        """`numbers` by incident; `left_because` says why the unit is no longer on this one, if it ever was.

        `fills` is the need of the run card for which it is recommended, None for who is not.
        """
        away_m = candidate.distance_m
        return CandidateRow(
            place,
            unit,
            self.call_sign(unit),
            None if away_m is None else round(away_m),
            fix_at,
            candidate.suits,
            candidate.excluded is not None,
            candidate.can_be_sent,
            self._why(candidate, numbers, left_because, fills),
            is_chosen,
            None if candidate.eta_s is None else round(candidate.eta_s),
            candidate.is_straight,
            fills is not None,
        )

    def why(self, candidate: Candidate, numbers: Mapping[str, str]) -> str:
        """The reasons of a candidate in one short line."""
        return self._why(candidate, numbers, "")

    def _why(
        self, candidate: Candidate, numbers: Mapping[str, str], left_because: str, fills: Need | None = None
    ) -> str:
        """The reasons in one short line, what it is wanted for first; for one that is left out only why it is."""
        if candidate.excluded is not None:
            return self._phrase(candidate.excluded, numbers)
        reasons = sorted(candidate.reasons, key=_is_foremost, reverse=True)
        if fills is not None:
            wanted = Reason("fills", {"kind": fills.kinds[0]})
            reasons = [wanted, *(reason for reason in reasons if reason.key not in _BY_KIND)]
        elif not candidate.suits:
            reasons.insert(0, _OTHER_KIND)
        phrases = [self._phrase(reason, numbers) for reason in reasons]
        if left_because:
            phrases.insert(0, left_because)
        return phrases[0] if len(phrases) == 1 else self._between.join(phrases)

    def _phrase(self, reason: Reason, numbers: Mapping[str, str]) -> str:
        """Hundreds of units share a dozen phrases: each is made once, of an age once a minute."""
        key = (reason.key, *(_kept(fact) for fact in reason.facts.values()))
        phrase = self._phrases.get(key)
        if phrase is None:
            phrase = self._phrases[key] = _phrase(reason, numbers)
        return phrase


def _is_foremost(reason: Reason) -> bool:
    """What must not be cut off: that it works already, and that its time is no time by road."""
    return reason.key.startswith(("second_task", _STRAIGHT))


def _kept(fact: object) -> str:
    return str(int(fact // _MINUTE_S)) if isinstance(fact, float) else str(fact)


def _phrase(reason: Reason, numbers: Mapping[str, str]) -> str:
    facts = dict(reason.facts)
    if isinstance(age_s := facts.get("age_s"), float):
        facts["age"] = _age_text(age_s)
    if "incident" in facts:
        facts["number"] = number_tail(numbers.get(str(facts["incident"]), ""))
    if "status" in facts:
        facts["status"] = named("terms.unit_status", str(facts["status"]))
    if "kind" in facts:
        family = "unit_kind_short" if reason.key == "fills" else "unit_kind"
        facts["kind"] = named(f"terms.{family}", str(facts["kind"]))
    if "skills" in facts:
        facts["skills"] = skills_text(str(facts["skills"]).split())
    if "equipment" in facts:
        facts["equipment"] = equipment_text(str(facts["equipment"]).split())
    return tr(f"dispatch.reason.{reason.key}", **facts)


def _age_text(age_s: float) -> str:
    """Whole minutes: seconds would run on in a reason that stands for a minute."""
    return tr("dispatch.minutes", count=int(age_s // _MINUTE_S)) if age_s < _HOUR_S else format_age(age_s)


def skills_text(skills: Iterable[str]) -> str:
    """Skills by name; one that has none as it was written."""
    return " ".join(named("terms.skill", skill) for skill in skills)


def equipment_text(equipment: Iterable[str]) -> str:
    """Pieces of equipment by name; one that has none as it was written."""
    return " ".join(named("terms.equipment", piece) for piece in equipment)


class ChosenUnits:
    """Who is to be sent, by incident, in the order of choosing: it waits while the officer looks at something else."""

    def __init__(self) -> None:
        self._chosen: dict[str, dict[str, None]] = {}

    def of(self, incident: str) -> tuple[str, ...]:
        return tuple(self._chosen.get(incident, ()))

    def toggle(self, incident: str, unit: str) -> None:
        chosen = self._chosen.setdefault(incident, {})
        if unit in chosen:
            del chosen[unit]
        else:
            chosen[unit] = None

    def take_out(self, incident: str, units: Iterable[str]) -> None:
        for unit in units:
            self._chosen.get(incident, {}).pop(unit, None)

    def forget(self, incident: str) -> None:
        self._chosen.pop(incident, None)


# -- what the columns say --------------------------------------------------------------------------------------------


def distance_text(row: CandidateRow, _now: Instant = 0) -> str:
    return tr("dispatch.no_distance") if row.distance_m is None else format_distance(row.distance_m)


def eta_text(row: CandidateRow, _now: Instant = 0) -> str:
    return duration_text(row.eta_s, is_straight=row.is_straight)


def duration_text(eta_s: float | None, *, is_straight: bool = False) -> str:
    """A travel time; one of the crow's flight is marked."""
    if eta_s is None:
        return tr("dispatch.no_distance")
    minutes = max(1, round(eta_s / 60))
    time = tr("dispatch.minutes", count=minutes)
    return tr("dispatch.eta_straight", time=time) if is_straight else time


def _unit_tip(row: CandidateRow, now: Instant) -> str:
    status = " ".join(status_texts(row.unit, now)).strip()
    kind = named("terms.unit_kind", row.unit.kind)
    place = tr(
        "dispatch.tip.place", eta=eta_text(row), distance=distance_text(row), fix=fix_text(row.fix_at, now)
    )
    return "\n".join((f"{row.call_sign}  {kind}", status, row.why, place))


COLUMNS: Final[tuple[Column[CandidateRow], ...]] = (
    Column(
        "place",
        "dispatch.column.chosen",
        lambda row, _now: tr("dispatch.is_chosen") if row.is_chosen else "",
        lambda row: row.place,
        width_px=30,
        least_px=30,
        align="center",
        in_header=False,
    ),
    Column(
        "unit",
        "dispatch.column.unit",
        lambda row, _now: row.call_sign,
        lambda row: row.call_sign,
        tooltip=_unit_tip,
        width_px=92,
        english_px=120,
        stretch=True,
        least_px=78,
        english_least_px=120,
    ),
    Column(
        "why",
        "dispatch.column.reason",
        lambda row, _now: row.why,
        lambda row: row.why,
        tooltip=_unit_tip,
        width_px=168,
        english_px=200,
        least_px=100,
        english_least_px=120,
        rank=1,
    ),
    Column(
        "eta",
        "dispatch.column.eta",
        eta_text,
        lambda row: _FAR if row.eta_s is None else row.eta_s,
        tooltip=_unit_tip,
        width_px=74,
        least_px=74,
        align="right",
    ),
    Column(
        "distance",
        "dispatch.column.distance",
        distance_text,
        lambda row: _FAR if row.distance_m is None else row.distance_m,
        width_px=62,
        least_px=58,
        align="right",
        rank=2,
    ),
    Column(
        "fix",
        "dispatch.column.fix",
        lambda row, now: fix_text(row.fix_at, now),
        lambda row: _FAR if row.fix_at is None else -row.fix_at,
        tooltip=_unit_tip,
        width_px=52,
        least_px=48,
        align="right",
        ticks=True,
        rank=1,
    ),
)


class CandidateModel(KeyedTableModel[str, CandidateRow]):
    """Candidates by unit, the best first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, "place")

    def show_changed(self, rows: Mapping[str, CandidateRow]) -> None:
        """Exactly these rows; only those that differ are touched."""
        gone = [key for key in (row.unit.id for row in self.rows()) if key not in rows]
        if gone:
            self.drop(gone)
        changed = {key: row for key, row in rows.items() if self.get(key) != row}
        if changed:
            self.put(changed)
