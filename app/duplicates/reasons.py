"""Why two reports are taken for one matter, in words for the officer.

Owns the choice of what is said, the surest first. Must not weigh anything again, and must not say who called: only
that both reports came from one number.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.duplicates.report import Report
from app.duplicates.rule import MINUTE_MS, Rule, away_m
from app.duplicates.sound import likeness, sounds_of
from app.duplicates.wording import common_words, synonyms_said
from app.i18n import tr

SAID_FROM = 0.6
"""Names of places that sound less alike are no reason."""
_HOUR_MIN = 60


def reasons_of(rule: Rule, one: Report, other: Report) -> tuple[str, ...]:
    """Short sentences without a full stop, in the language in force; `other` is the one that was there before."""
    return (
        *_place(one, other),
        _time(one, other),
        *_type(rule, one, other),
        *_words(one, other),
        *_synonyms(rule, one, other),
        *((tr("duplicates.same_caller"),) if one.caller and one.caller == other.caller else ()),
    )


def _place(one: Report, other: Report) -> Iterator[str]:
    metres = away_m(one, other)
    if metres is not None:
        yield tr("duplicates.away", metres=_rounded_m(metres))
    if one.address and one.address == other.address:
        yield tr("duplicates.same_address")
    elif likeness(sounds_of(one.address), sounds_of(other.address)) >= SAID_FROM:
        yield tr("duplicates.sounds_alike", address=other.address)


def _rounded_m(metres: float) -> int:
    """To ten metres: a caller's position is no better."""
    return max(10, round(metres / 10) * 10)


def _time(one: Report, other: Report) -> str:
    minutes = round(abs(one.at - other.at) / MINUTE_MS)
    if not minutes:
        return tr("duplicates.just_now")
    if minutes >= _HOUR_MIN:
        key = "hours_before" if other.at <= one.at else "hours_after"
        return tr(f"duplicates.{key}", hours=f"{minutes / _HOUR_MIN:.1f}")
    return tr(
        "duplicates.minutes_before" if other.at <= one.at else "duplicates.minutes_after", minutes=minutes
    )


def _type(rule: Rule, one: Report, other: Report) -> Iterator[str]:
    if not one.incident_type or not other.incident_type:
        return
    alike = rule.type_likeness(one.incident_type, other.incident_type)
    if alike:
        yield tr("duplicates.same_type" if alike == 1.0 else "duplicates.near_type")


def _words(one: Report, other: Report) -> Iterator[str]:
    words = common_words(one, other)
    if words:
        yield tr("duplicates.quote_all", words=tr("duplicates.between").join(map(_quoted, words)))


def _synonyms(rule: Rule, one: Report, other: Report) -> Iterator[str]:
    said = synonyms_said(one, other, rule.vocabulary)
    if said is not None:
        yield tr("duplicates.synonyms", one=_quoted(said[0]), other=_quoted(said[1]))


def _quoted(word: str) -> str:
    return tr("duplicates.quote", word=word)
