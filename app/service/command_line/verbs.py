"""Owns the table of verbs: what may stand on the command line, with which fields.

Help, completion and reading follow it.

The words that mean a verb, a mark or a value stand in resources/i18n/command_line.toml, in both languages; each is
taken in either. Must not know how a field's value is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from app.domain.incident import CONTACT_RESULTS, LEVELS, OUTCOMES, RELATIONS
from app.i18n import has_text, texts, tr

Kind = Literal[
    "incident", "unit", "status", "type", "place", "grid", "camera", "priority", "phone", "person",
    "outcome", "level", "result", "relation", "department", "road", "until", "passing", "line", "alarm_level",
    "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """What a verb takes. A word is known by what it is, not by where it stands: only free text comes last.

    `name` is the field of the command's words that it fills; `marked` ones are told by a mark before them (@, #, cam);
    `canned` names ready words that complete a text.
    """

    name: str
    kind: Kind
    required: bool = True
    many: bool = False
    marked: bool = False
    canned: str = ""

    @property
    def title(self) -> str:
        return tr(f"command_line.field.{self.name}")


@dataclass(frozen=True, slots=True)
class Verb:
    """`action` is the operator action that it gives (widgets/actions.py), "" for what only looks."""

    id: str
    action: str
    fields: tuple[Field, ...]

    @property
    def title(self) -> str:
        return tr(f"command_line.verb.{self.id}")

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that means it, those of the language in force first."""
        first = tr(f"command_line.verb.{self.id}.words").split()
        return tuple(dict.fromkeys([*first, *_all_words(f"verb.{self.id}.words")]))

    @property
    def first_words(self) -> tuple[str, ...]:
        """The shortest word of each language, that of the language in force first."""
        each = [text.split()[0] for text in texts(f"command_line.verb.{self.id}.words")]
        return tuple(dict.fromkeys([self.words[0], *each]))

    @property
    def text_field(self) -> Field | None:
        return next((field for field in self.fields if field.kind == "text"), None)


_INCIDENT: Final = Field("incident", "incident")
_ON: Final = Field("incident", "incident", required=False)
_REASON: Final = Field("reason", "text", canned="reason")
_UNITS: Final = Field("units", "unit", many=True)

VERBS: Final[tuple[Verb, ...]] = (
    Verb("dispatch", "dispatch", (_INCIDENT, _UNITS)),
    Verb("status", "", (Field("status", "status"), _UNITS, _ON)),
    Verb(
        "new",
        "new_incident",
        (
            Field("type", "type", required=False),
            Field("place", "place", required=False, marked=True),
            Field("grid", "grid", required=False, marked=True),
            Field("camera", "camera", required=False, marked=True),
            Field("priority", "priority", required=False, marked=True),
            Field("phone", "phone", required=False, marked=True),
            Field("person", "person", required=False, marked=True),
            Field("text", "text", required=False),
        ),
    ),
    Verb("accept", "accept", (_INCIDENT,)),
    Verb(
        "close",
        "close",
        (
            _INCIDENT,
            Field("outcome", "outcome", required=False),
            Field("feedback", "text", required=False, canned="feedback"),
        ),
    ),
    Verb("report_back", "report_back", (_INCIDENT, Field("feedback", "text", canned="feedback"))),
    Verb("verify", "verify", (_INCIDENT,)),
    Verb("note", "note", (_INCIDENT, Field("text", "text"))),
    Verb("recall", "recall", (Field("unit", "unit"), _ON, _REASON)),
    Verb("merge", "", (_INCIDENT, Field("into", "incident"))),
    Verb("reopen", "reopen", (_INCIDENT, _REASON)),
    Verb("hand_over", "hand_over", (_INCIDENT, Field("department", "department"), _REASON)),
    Verb("escalate", "escalate", (_INCIDENT, Field("level", "level"), _REASON)),
    Verb("withdraw", "withdraw", (_INCIDENT, _REASON)),
    Verb("return", "return", (_INCIDENT, Field("by", "unit", required=False), _REASON)),
    Verb("order", "order", (_INCIDENT, _UNITS, _REASON)),
    Verb("supervise", "supervise", (_INCIDENT, _REASON)),
    Verb("end_supervision", "end_supervision", (_INCIDENT, _REASON)),
    Verb("claim", "claim", (_INCIDENT,)),
    Verb("take_over", "take_over", (_INCIDENT, _REASON)),
    Verb("release_claim", "release_claim", (_INCIDENT,)),
    Verb("contact", "contact", (_INCIDENT, Field("result", "result", required=False))),
    Verb(
        "link", "link", (_INCIDENT, Field("other", "incident"), Field("relation", "relation", required=False))
    ),
    Verb("unlink", "unlink", (_INCIDENT, Field("other", "incident"))),
    Verb("unmerge", "unmerge", (_INCIDENT, _REASON)),
    Verb("level", "", (_INCIDENT, Field("alarm_level", "alarm_level"))),
    Verb("tick", "", (_INCIDENT, Field("line", "line", many=True))),
    Verb(
        "close_road",
        "",
        (
            Field("road", "road"),
            Field("until", "until", required=False),
            Field("passing", "passing", required=False),
            Field("reason", "text", canned="road"),
        ),
    ),
    Verb("open_road", "", (Field("road", "road"),)),
    Verb("open", "", (_INCIDENT,)),
    Verb("grid", "", (Field("grid", "grid"),)),
    Verb("camera", "", (Field("camera", "camera"),)),
    Verb("ledger", "", (Field("text", "text", required=False),)),
)
"""In the order in which an empty line offers them."""

_FIGURES_FOLLOW: Final[Mapping[str, re.Pattern[str]]] = {
    "camera": re.compile(r"c?\d*"),
    "priority": re.compile(r"p?[0-9]?"),
}
"""A mark that is a word of its own (cam, pri) is one only before figures: `camping` is no camera."""


def verb(name: str) -> Verb:
    """The verb of this id. Raises KeyError."""
    return {each.id: each for each in VERBS}[name]


@cache
def verbs_by_word() -> Mapping[str, Verb]:
    return {word: each for each in VERBS for word in _all_words(f"verb.{each.id}.words")}


@cache
def marks_of(kind: str) -> tuple[str, ...]:
    """What may stand before a value of this kind, the longest first."""
    return tuple(sorted(_all_words(f"mark.{kind}"), key=len, reverse=True))


def shown_mark(kind: str) -> str:
    """The mark that is offered in the language in force."""
    return tr(f"command_line.mark.{kind}").split()[0]


def unmarked(kind: str, word: str) -> str | None:
    """What stands behind the mark of this kind in a folded word; None for a word without it."""
    for mark in marks_of(kind):
        if word.startswith(mark):
            value = word[len(mark) :]
            figures = _FIGURES_FOLLOW.get(kind)
            if figures is None or figures.fullmatch(value):
                return value
    return None


@cache
def values_of(kind: str) -> Mapping[str, str]:
    """Every word that means a status, an outcome or a level, with the value that it means."""
    source = _NAMED_IN[kind]
    words: dict[str, str] = {}
    for value in filter(lambda value: has_text(f"{source}.{value}"), _VALUES[kind]):
        named = [value, *texts(f"{source}.{value}")]
        extra = f"{kind}.{value}.words"
        known = _all_words(extra) if has_text(f"command_line.{extra}") else ()
        words |= dict.fromkeys((*(name.casefold().replace(" ", "") for name in named), *known), value)
    return words


_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "status": ("en_route", "on_scene", "available", "returning", "off_duty", "out_of_service"),
    "outcome": OUTCOMES,
    "level": LEVELS,
    "result": CONTACT_RESULTS,
    "relation": RELATIONS,
    "alarm_level": ("1", "2", "3"),
    "passing": ("ev_pass",),
}
"""The kinds that take one of a few values; what they are called stands in _NAMED_IN."""
_NAMED_IN: Final[Mapping[str, str]] = {
    "status": "terms.unit_status",
    "outcome": "action.outcome",
    "level": "action.level",
    "result": "command_line.result",
    "relation": "command_line.relation",
    "alarm_level": "command_line.alarm_level",
    "passing": "command_line.passing",
}
CLOSED_KINDS: Final = tuple(_VALUES)


def shown_value(kind: str, value: str) -> str:
    """What a status, an outcome or a level is called in the language in force."""
    return tr(f"{_NAMED_IN[kind]}.{value}")


def typed_value(kind: str, value: str) -> str:
    """The short word for a value in the language in force."""
    key = f"command_line.{kind}.{value}.words"
    return tr(key).split()[0] if has_text(key) else value


def _all_words(key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in texts(f"command_line.{key}") for word in text.split()))
