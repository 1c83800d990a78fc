"""What other desks have to do with an incident, in a word: which has claimed it, who looks at it or edits it just now.

Owns these marks, their order and their tone. Must not paint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from app.domain.incident import Incident
from app.i18n import has_text, tr
from app.service.presence import Present
from widgets.models.incident_marks import Mark

_MOST_SHOWN: Final = 2
"""More initials would push the title out; the tip has them all."""


class AtDesks(NamedTuple):
    """`marks` are a sign or two each, the claim first; `words` the same in full, for a tip and for the filter."""

    marks: Sequence[Mark]
    words: Sequence[str]


_NUMBER: Final = re.compile(r"[1-9]\d*$")
_MOST_OF_NAME: Final = 4
AT_NO_DESK: Final = AtDesks((), ())
"""Nearly every row."""


def at_desks_of(incident: Incident, others: Sequence[Present], own_desk: str) -> AtDesks:
    return AtDesks(_marks(incident, others, own_desk), _words(incident, others, own_desk))


def _marks(incident: Incident, others: Sequence[Present], own_desk: str) -> list[Mark]:
    """Who sits at the desk that has claimed it and only looks is known by the claim."""
    found: list[Mark] = []
    claimed_by = incident.claim.desk if incident.claim is not None else ""
    others = [other for other in others if other.field or other.desk != claimed_by]
    if incident.claim is not None:
        is_own = incident.claim.desk == own_desk
        words = (
            tr("desks.mark.claim.own")
            if is_own
            else tr("desks.mark.claim", desk=short_desk(incident.claim.desk))
        )
        found.append((words, "calm" if is_own else "warn"))
    found.extend(map(_presence, others[:_MOST_SHOWN]))
    if len(others) > _MOST_SHOWN:
        found.append((tr("desks.mark.more", count=len(others) - _MOST_SHOWN), "calm"))
    return found


def _words(incident: Incident, others: Sequence[Present], own_desk: str) -> list[str]:
    return [*_claim_words(incident, own_desk), *map(presence_words, others)]


def _claim_words(incident: Incident, own_desk: str) -> Iterator[str]:
    claim = incident.claim
    if claim is not None and claim.desk == own_desk:
        yield tr("desks.mark.claim.own.long", at="").strip()
    elif claim is not None:
        yield tr("desks.mark.claim.long", desk=claim.desk, officer=officer_name(claim.actor), at="").strip()


def presence_words(present: Present) -> str:
    key = "card.presence.editing" if present.field else "card.presence.looking"
    who = tr("card.presence.who", desk=present.desk, actor=officer_name(present.actor))
    field = f"card.field.{present.field}"
    return tr(key, who=who, field=tr(field) if has_text(field) else present.field)


def _presence(present: Present) -> Mark:
    name = initials(officer_name(present.actor))
    return (
        (tr("desks.mark.edits", who=name), "warn")
        if present.field
        else (tr("desks.mark.looks", who=name), "calm")
    )


def officer_name(actor: str) -> str:
    key = f"timeline.actor.{actor}"
    return tr(key) if has_text(key) else actor


def short_desk(desk: str) -> str:
    """What a row has room for: the number of a desk that has one at its end, else how its name begins."""
    number = _NUMBER.search(desk)
    return number[0] if number else desk[:_MOST_OF_NAME]


def initials(name: str) -> str:
    """What tells people of a room apart: the family name of a Chinese name, first letters of any other."""
    words = name.split()
    if not words:
        return "?"
    if not name.isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()
