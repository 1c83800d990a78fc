"""The duty plan on its way from a file into the journal, and the people in it.

Owns who is whom: a name that the plan has had before keeps its ref, a new one gets one; refs go into the journal, names
and numbers into the erasable person table, both in one transaction. Must not judge a plan: app/domain/duty.py does.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.duty import DutyTurn
from app.domain.masking import mask_name, mask_phone
from app.geo.district import District
from app.geo.importing.duty_plan import NamedPlan, NamedTurn, read_duty_plan
from app.journal.store import Journal, Person
from app.journal.writer import JournalThread
from app.service.aside import aside
from app.service.bus import Bus, Submission

_PREFIX = "staff/"


@dataclass(frozen=True, slots=True)
class Known:
    """One person of the plan, masked: enough to tell two apart, not to reach either."""

    ref: str
    name: str
    phone: str


def same_name(name: str) -> str:
    """A name as it is compared: width, case and blanks do not make another person."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Roster:
    """People of the duty plan and of signatures, and the plan's import."""

    def __init__(
        self,
        district: District,
        starts_ms: tuple[int, ...],
        journal: JournalThread,
        bus: Bus,
        desk: Callable[[], Desk],
    ) -> None:
        self._units = {
            sign: unit.id
            for unit in district.units
            for sign in (unit.call_sign_zh, unit.call_sign_en, unit.id)
        }
        self._starts_ms = starts_ms
        self._journal = journal
        self._bus = bus
        self._desk = desk

    async def read(self, path: Path) -> NamedPlan:
        """What a file says, read aside. Raises ImportFault, RowsRefused."""
        return await aside(lambda: read_duty_plan(path, self._units, self._starts_ms), "duty plan")

    async def adopt(self, plan: NamedPlan, context: cmd.Context) -> int:
        """All turns, all people, or nothing; how many turns. Raises Refusal, JournalError.

        Who is in no turn, on no duty and under no signature any more is erased.
        """
        before = refs_of(self._desk())
        people = _People(await self._people())
        turns = tuple(people.turn(turn) for turn in plan.turns)
        command = cmd.AdoptDutyPlan(secrets.token_hex(8), plan.digest, plan.since, plan.until, turns)
        await self._bus.offer(Submission((command,), context, persons=tuple(people.fresh.values())))
        for gone in set(before) - set(refs_of(self._desk())):
            await self.erase(gone)
        return len(turns)

    async def people(self, refs: Iterable[str]) -> list[Person]:
        """In full, in this order; who is erased is left out. Only for who has said why."""
        wanted = list(refs)
        return await self._journal.call(lambda journal: _read(journal, wanted))

    async def masked(self) -> dict[str, Known]:
        """Everybody in the plan and under a hand-over, by ref."""
        people = await self._people()
        return {p.ref: Known(p.ref, mask_name(p.name), mask_phone(p.phone)) for p in people}

    async def ref_of(self, name: str) -> tuple[str, tuple[Person, ...]]:
        """The ref of a name, and what has to be written with it when it is new."""
        wanted = same_name(name)
        known = next((p for p in await self._people() if same_name(p.name) == wanted), None)
        if known is not None:
            return known.ref, ()
        fresh = Person(_new_ref(), " ".join(name.split()), "")
        return fresh.ref, (fresh,)

    async def erase(self, ref: str) -> None:
        """Name and number of one person are gone for good; what the journal says of the ref stays."""
        await self._journal.call(lambda journal: journal.erase_person(ref))

    async def _people(self) -> list[Person]:
        refs = refs_of(self._desk())
        return await self._journal.call(lambda journal: _read(journal, refs))


@dataclass(slots=True)
class _People:
    """Names to refs: a leader by name and number, so that two of one name are two; a member by name."""

    known: list[Person]
    fresh: dict[str, Person] = field(default_factory=dict)

    def turn(self, named: NamedTurn) -> DutyTurn:
        leader = self._ref(named.leader, named.phone) if named.leader else ""
        members = tuple(self._ref(name, "") for name in named.members)
        return DutyTurn(named.begins_at, named.ends_at, named.unit, named.post, leader, members)

    def _ref(self, name: str, phone: str) -> str:
        wanted = same_name(name)
        for person in (*self.known, *self.fresh.values()):
            if same_name(person.name) == wanted and (not phone or person.phone in ("", phone)):
                if phone and not person.phone:
                    self.fresh[person.ref] = Person(person.ref, person.name, phone)
                return person.ref
        made = Person(_new_ref(), name, phone)
        self.fresh[made.ref] = made
        return made.ref


def refs_of(desk: Desk) -> list[str]:
    """Everybody whom the plan, an officer's stream or a signature names."""
    signatures = (s for shift in desk.shifts.values() for s in (shift.outgoing, shift.incoming) if s)
    planned = (ref for turn in desk.duty for ref in turn.people)
    return sorted({*planned, *desk.officers, *(signature.signed_by for signature in signatures)})


def _read(journal: Journal, refs: Iterable[str]) -> list[Person]:
    return [person for ref in refs if (person := journal.person(ref)) is not None]


def _new_ref() -> str:
    return f"{_PREFIX}{secrets.token_hex(8)}"
