"""Why not, as a sentence: who, what, why not, what to do.

Owns the wording of refusals and errors for whoever is told. Must not decide what to do about them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from app.domain.errors import Hand, Refusal, StreetdeskError
from app.domain.instants import civil_clock
from app.i18n import has_text, tr

CARRIER: Final = "carrier"
"""What speaks for whoever carries orders to units."""
_OWN_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})


UnitName = Callable[[str], str]
_naming: Final[list[UnitName]] = [str]


def call_units_by(name: UnitName) -> None:
    """What a unit of this id is called in sentences, in the language in force; `str` leaves the id."""
    _naming[0] = name


def refusal_text(refusal: Refusal) -> str:
    """The sentence of resources/i18n/refusal.toml for a rule, filled with its facts."""
    facts = dict(refusal.facts)
    named = f"triage.field.{facts.get('field')}"
    if has_text(named):
        facts["field"] = tr(named)
    if isinstance(unit := facts.get("unit"), str):
        facts["unit"] = _naming[0](unit)
    if isinstance(at := facts.get("at"), int):
        facts["at"] = civil_clock(at)
    if isinstance(officer := facts.get("officer"), str):
        facts["officer"] = _name(officer)
    sentence = tr(f"refusal.{refusal.rule}", **facts)
    return sentence if refusal.by is None else tr("desks.by", sentence=sentence, who=_who(refusal.by))


def _who(hand: Hand) -> str:
    did = f"desks.did.{hand.did}"
    what = tr(did) if has_text(did) else tr("desks.did")
    return tr("desks.who", desk=hand.desk, officer=_name(hand.actor), at=civil_clock(hand.at), did=what)


def sentence_of(error: StreetdeskError) -> str:
    """The sentence for a refusal or for anything else that this program raises on purpose."""
    return refusal_text(error) if isinstance(error, Refusal) else str(error)


def feed_name(name: str) -> str:
    """A feed by the host that it comes from; a port of this machine says nothing to anybody."""
    if name == CARRIER:
        return tr("timeline.by_carrier")
    host = urlsplit(name).hostname or name
    return tr("timeline.by_own_feed") if host in _OWN_HOSTS else tr("timeline.by_feed", name=host)


def _name(actor: str) -> str:
    """An officer by his name, a feed as one, a phone by its unit."""
    kind, _, name = actor.partition(":")
    if kind == "feed" and name:
        return feed_name(name)
    if kind == "field" and name:
        return tr("timeline.by_phone", unit=_naming[0](name))
    known = f"timeline.actor.{actor}"
    return tr(known) if has_text(known) else actor
