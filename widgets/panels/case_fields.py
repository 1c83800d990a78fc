"""Owns the fields that can be edited on the card: their columns, how a value reads, what becomes of two values.

Must not show or send anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.centre.types_in_force import type_name
from app.domain.commands import UpdateIncident
from app.domain.incident import Incident
from app.i18n import tr

Values = dict[str, Any]
"""Column of the incident -> value."""
Met = Literal["nothing", "taken", "conflict"]


@dataclass(frozen=True, slots=True)
class CaseField:
    """`joined` makes one value of both where that has a meaning; None where one of the two must be chosen."""

    id: str
    columns: tuple[str, ...]
    joined: Callable[[Values, Values], Values] | None = None

    @property
    def title(self) -> str:
        return tr(f"card.field.{self.id}")

    def of(self, incident: Incident) -> Values:
        return {column: getattr(incident, column) for column in self.columns}

    def words(self, values: Values) -> str:
        """How a value reads in a sentence."""
        match self.id:
            case "type":
                return type_name(values["incident_type"])
            case "priority":
                return tr(f"terms.priority.P{values['priority']}")
        return values[self.columns[0]] or tr("card.empty")


def _in_a_line(theirs: Values, mine: Values) -> Values:
    return {"title": tr("card.both", theirs=theirs["title"], mine=mine["title"])}


def _in_lines(theirs: Values, mine: Values) -> Values:
    return {"description": f"{theirs['description']}\n{mine['description']}"}


TITLE: Final = CaseField("title", ("title",), _in_a_line)
TYPE: Final = CaseField("type", ("incident_type",))
PRIORITY: Final = CaseField("priority", ("priority",))
PLACE: Final = CaseField("place", ("address", "lat", "lon", "grid"))
DESCRIPTION: Final = CaseField("description", ("description",), _in_lines)
FIELDS: Final = (TITLE, TYPE, PRIORITY, PLACE, DESCRIPTION)
"""In the order in which Tab goes through them."""


class Merge:
    """One value in an officer's hand while others may change it. `theirs` is None while there is nothing to choose."""

    def __init__(self, base: Values) -> None:
        self.base = base
        self.theirs: Values | None = None

    def meet(self, newest: Values, mine: Values) -> Met:
        """The desk has `newest`, the hand `mine`: whoever has changed nothing himself simply sees the newest."""
        if newest == self.base:
            self.theirs = None
            return "nothing"
        if mine in (self.base, newest):
            self.base, self.theirs = newest, None
            return "taken"
        self.theirs = newest
        return "conflict"

    def keep_mine(self) -> None:
        """What they wrote has been seen, and is to be written over."""
        if self.theirs is not None:
            self.base, self.theirs = self.theirs, None

    def command(self, incident: str, mine: Values) -> UpdateIncident | None:
        """What is different, with what was seen of it; None when nothing is."""
        changed = {c: v for c, v in mine.items() if v != self.base[c] and v is not None}
        if not changed:
            return None
        seen = tuple((column, self.base[column]) for column in changed)
        return UpdateIncident(incident, **changed, seen=seen)
