"""Owns the words of a recommendation: what a card asks for, what is short and why, what is left uncovered.

Must not recommend and must not paint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from app.i18n import language, tr
from widgets.models.dispatch_candidates import equipment_text, skills_text
from widgets.models.incident_queue import named

if TYPE_CHECKING:
    from app.dispatch.coverage import Coverage, MoveUp
    from app.dispatch.override import Objection
    from app.dispatch.recommendation import Recommendation, Shortfall
    from app.dispatch.run_card import Need, Words


_HOUR_MS: Final = 3_600_000


def said(words: Words) -> str:
    """A text of a card in the language in force."""
    return words.zh if language() == "zh_CN" else words.en


def card_text(found: Recommendation) -> str:
    """Card, level, how many of which kinds it asks for, how many were sent and how many are recommended."""
    card = tr("dispatch.card", card=said(found.response.card.name), level=found.response.level)
    asked = tr("dispatch.kind_separator").join(_asked_texts(found.response.needs))
    key = "asked" if not found.there else "asked_sent" if found.there < found.asked else "asked_all_sent"
    counts = tr(f"dispatch.{key}", asked=asked, sent=found.there, picked=len(found.picks))
    return f"{card}{tr('dispatch.reason_separator')}{counts}"


def _asked_texts(needs: Iterable[Need]) -> list[str]:
    """How many of each kind: two needs for the same one are one count."""
    counts: Counter[str] = Counter()
    for need in needs:
        counts[need.kinds[0]] += need.count
    return [
        tr("dispatch.need", kind=named("terms.unit_kind_short", kind), count=count)
        for kind, count in counts.items()
    ]


def shortfall_text(gap: Shortfall) -> str:
    """How many of what are missing, and why."""
    facts: dict[str, object] = dict(gap.reason.facts)
    brings = " ".join(filter(None, (skills_text(gap.need.skills), equipment_text(gap.need.equipment))))
    return tr(
        "dispatch.short.line",
        missing=gap.missing,
        kinds=kinds_text(gap.need.kinds),
        skills=tr("dispatch.short.skills", skills=brings) if brings else "",
        why=tr(f"dispatch.short.{gap.reason.key}", **facts),
    )


def kinds_text(kinds: tuple[str, ...]) -> str:
    return tr("dispatch.kind_separator").join(named("terms.unit_kind", kind) for kind in kinds)


def cover_text(cover: Coverage) -> str:
    """Before and after in one line."""
    before, after, minutes = percent(cover.before), percent(cover.after), round(cover.limit_s / 60)
    if not cover.lost:
        return tr("dispatch.cover_same", minutes=minutes, before=before)
    return tr("dispatch.cover", minutes=minutes, before=before, after=after)


def cover_tip(cover: Coverage, grids: Mapping[str, str]) -> str:
    """Which grids are left bare; "" for none."""
    if not cover.lost:
        return ""
    names = tr("dispatch.kind_separator").join(grids.get(code, code) for code in cover.lost)
    minutes = round(cover.limit_s / 60)
    return tr("dispatch.cover_tip", count=len(cover.lost), minutes=minutes, grids=names)


def move_text(move: MoveUp, unit: str, grids: Mapping[str, str]) -> str:
    """Who should wait where, and what that restores."""
    post = tr("dispatch.move_up_post", grid=grids.get(move.post.grid, move.post.grid))
    return tr("dispatch.move_up", unit=unit, post=post, share=percent(move.share))


def objection_text(objection: Objection) -> str:
    """Why a card would not send a unit."""
    if objection.bar is not None:
        return said(objection.bar.why)
    if objection.is_in_distress:
        return tr("dispatch.reason.in_distress")
    if objection.decline is not None:
        said_why = objection.decline.reason
        return tr("dispatch.left.declined_why", reason=said_why) if said_why else tr("dispatch.left.declined")
    assert objection.rest is not None
    hours, limit = (ms // _HOUR_MS for ms in (objection.rest.lasting_ms, objection.rest.limit_ms))
    return tr(f"dispatch.bar.{objection.rest.rule}", hours=hours, limit=limit)


def percent(share: float) -> int:
    return round(100 * share)
