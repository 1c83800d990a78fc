"""The brief of a hand-over as it is signed: lines of text that hold all that is shown of it, and the way back.

Owns the form of a signed line and what differs between two signatures. What a screen or a paper shows under a signature
is made from its lines alone, whatever has become of the things since. Pure; must not phrase it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final, Literal

from app.domain.events import Recorded
from app.domain.masking import mask_text
from app.domain.shift import Shift, ShiftSpan, Signature, evolve_shift
from app.projections.shift_brief import Brief, BriefLine, Change, ShiftFigures

_FIGURES: Final = "figures"
_WORDS: Final = ("title", "text", "reason", "address")
"""Facts that people have typed: numbers of residents in them are masked before anybody signs."""


def lines_of(brief: Brief) -> tuple[str, ...]:
    """What is signed, as JSON arrays: the figures, then section, kind, key, state, light and facts of every line."""
    figures = asdict(brief.figures) if brief.figures else {}
    return (_text(_FIGURES, figures, dict(brief.units)), *map(_line_text, brief.lines))


def signed_brief(signature: Signature, span: ShiftSpan) -> Brief:
    """What stands above a signature."""
    first = signature.lines[0] if signature.lines else ""
    figures, units = _figures(first)
    lines = tuple(_line(text) for text in signature.lines if not _is_figures(text))
    return Brief(span, signature.at, lines, figures, units, signed_at=signature.at)


def handed_over(brief: Brief, outgoing: Signature | None, incoming: Signature | None) -> Brief:
    """`brief` is made now: once both have signed, what the second signed stands in its place."""
    if outgoing is None:
        return brief
    if incoming is not None:
        changes = changes_between(outgoing.lines, incoming.lines)
        return replace(signed_brief(incoming, brief.span), changes=tuple(changes))
    changes = changes_between(outgoing.lines, lines_of(brief))
    return replace(brief, signed=signed_brief(outgoing, brief.span), changes=tuple(changes))


def hand_over_of(records: Iterable[Recorded], span: ShiftSpan) -> tuple[Shift, Brief | None]:
    """A hand-over as its stream tells it, with every line that was signed; None for one that nobody has signed."""
    shift = Shift(span.id)
    for record in records:
        shift = evolve_shift(shift, record.event, record.occurred_at, record.actor, record.desk)
    last = shift.incoming or shift.outgoing
    if last is None:
        return shift, None
    brief = signed_brief(last, span)
    return shift, brief if shift.incoming is None else handed_over(brief, shift.outgoing, shift.incoming)


def changes_between(before: Iterable[str], after: Iterable[str]) -> list[Change]:
    """What is otherwise in the second set of signed lines, by section and thing; of a thing its state is compared."""
    old, new = _by_thing(before), _by_thing(after)
    things = sorted(old.keys() | new.keys())
    return [change for thing in things if (change := _change(old.get(thing), new.get(thing))) is not None]


def _change(old: BriefLine | None, new: BriefLine | None) -> Change | None:
    if old is not None and new is not None and old.state == new.state:
        return None
    what: Literal["new", "gone", "changed"] = "new" if old is None else "gone" if new is None else "changed"
    line = new or old
    assert line is not None
    states = (old.state if old else "", new.state if new else "")
    return Change(what, line.section, line.kind, line.key, *states, line.facts)


def _by_thing(lines: Iterable[str]) -> dict[tuple[str, str, str], BriefLine]:
    signed = (_line(text) for text in lines if not _is_figures(text))
    return {(line.section, line.kind, line.key): line for line in signed}


def _text(*parts: object) -> str:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line_text(line: BriefLine) -> str:
    return _text(line.section, line.kind, line.key, line.state, line.light, _masked(line.facts))


def _masked(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mask_text(fact) if name in _WORDS else fact for name, fact in facts.items()}


def _is_figures(text: str) -> bool:
    return text.startswith(f'["{_FIGURES}",')


def _figures(text: str) -> tuple[ShiftFigures | None, Mapping[str, int]]:
    if not _is_figures(text):
        return None, {}
    _, figures, units = json.loads(text)
    return ShiftFigures(**figures) if figures else None, units


def _line(text: str) -> BriefLine:
    """A line without facts is section|kind/key|state: so they were written first."""
    if text.startswith("["):
        section, kind, key, state, light, facts = json.loads(text)
        return BriefLine(section, kind, key, state, light, facts)
    head, _, state = text.rpartition("|")
    section, _, thing = head.partition("|")
    kind, _, key = thing.partition("/")
    return BriefLine(section, kind, key, state)  # type: ignore[arg-type]
