"""Owns what a line means: its verb, what each word fills, what is wrong with it and what it still wants.

Pure: the names come from a Directory. It never raises, whatever the line holds. Must not do or judge anything: whether
the desk would allow it is the domain's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from app.i18n import tr
from app.service.command_line.verbs import (
    CLOSED_KINDS,
    VERBS,
    Field,
    Kind,
    Verb,
    marks_of,
    shown_value,
    typed_value,
    unmarked,
    values_of,
    verb,
    verbs_by_word,
)
from app.service.command_line.words import LONGEST_LINE, Word, split

SHOWN_CHOICES: Final = 4
_PHONE: Final = re.compile(r"\+?[0-9][0-9 -]{2,19}")
_MOBILE: Final = re.compile(r"(?:\+?86-?)?1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a word can mean. `name` stands in a sentence, `title` in a list; `insert` is what is typed for it.

    `note` says how it was concluded from a word that does not name it: it belongs into the sentence before Enter.
    """

    kind: str
    key: str
    name: str
    insert: str = ""
    title: str = ""
    second: str = ""
    aside: str = ""
    lat: float | None = None
    lon: float | None = None
    grid: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a word, as a sentence that names the word and the mend; `choices` are what it could mean."""

    word: Word
    sentence: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A line understood. Without a verb it is a search for `query`; `values` and `texts` are by the field's name."""

    line: str = ""
    verb: Verb | None = None
    words: tuple[Word, ...] = ()
    values: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    query: str = ""

    @property
    def missing(self) -> tuple[Field, ...]:
        """What the verb wants and has not been given."""
        if self.verb is None:
            return ()
        return tuple(each for each in self.verb.fields if each.required and not self.has(each.name))

    def has(self, name: str) -> bool:
        return bool(self.values.get(name) or self.texts.get(name))

    def one(self, name: str) -> Choice | None:
        found = self.values.get(name)
        return found[0] if found else None

    def can_take(self, wanted: Field) -> bool:
        return wanted.many or not self.has(wanted.name)


class Directory(Protocol):
    """What the desk knows by which name."""

    def find(self, kind: Kind, word: str, so_far: Reading, *, exactly: bool) -> Sequence[Choice]:
        """What a folded word means: nothing, one thing, or several between which the officer has to choose.

        `exactly` takes only whole names: the verb has free text, which a beginning might be a word of.
        """

    def offer(self, kind: Kind, begun: str, so_far: Reading, limit: int) -> Sequence[Choice]:
        """How a folded word may go on, best first."""

    def search(self, query: str, limit: int) -> Sequence[Choice]:
        """Places, units, incidents and whatever else has a name, best first."""


def read(line: str, directory: Directory) -> Reading:
    """What a line means."""
    if len(line) > LONGEST_LINE:
        word = Word(0, len(line), "", "")
        sentence = tr("command_line.fault.too_long", limit=LONGEST_LINE)
        return Reading("", query="", faults=(Fault(word, sentence),))
    words = split(line)
    meant, rest = _verb_of(words)
    if meant is None:
        return Reading(line, words=tuple(words), query=_query(words))
    reader = _Reader(meant, directory, Reading(line, meant, tuple(words)))
    for word in _together(meant, rest, directory):
        reader.take(word)
    return reader.reading()


def _verb_of(words: list[Word]) -> tuple[Verb | None, list[Word]]:
    """The verb, and the words that are for its fields."""
    if not words or words[0].quoted:
        return None, []
    first = words[0]
    meant = verbs_by_word().get(first.folded)
    if meant is not None:
        return meant, words[1:]
    for name in ("camera", "grid"):
        if unmarked(name, first.folded):
            return verb(name), words
    return _glued(words)


def _glued(words: list[Word]) -> tuple[Verb | None, list[Word]]:
    """Chinese needs no space between a verb and a number."""
    first = words[0]
    for name, meant in verbs_by_word().items():
        tail = first.folded.removeprefix(name)
        if tail != first.folded and not name.isascii() and tail[:1].isdigit():
            end = first.start + len(name)
            return meant, [Word(end, first.end, first.text[len(name) :], tail), *words[1:]]
    return None, []


def _together(meant: Verb, words: list[Word], directory: Directory) -> list[Word]:
    """The words of a street's name as one, in quotation marks or not; an end that is marked as one before the text."""
    kinds = {each.kind for each in meant.fields}
    if "road" in kinds:
        words = _road_joined(words, directory)
    return _end_first(words, directory) if "until" in kinds else words


def _road_joined(words: list[Word], directory: Directory) -> list[Word]:
    for count in (4, 3, 2, 1):
        joined = "".join(word.folded for word in words[:count]).replace(" ", "")
        if len(words) >= count and directory.find("road", joined, Reading(), exactly=True):
            text = " ".join(word.text for word in words[:count])
            return [Word(words[0].start, words[count - 1].end, text, joined), *words[count:]]
    return words


def _end_first(words: list[Word], directory: Directory) -> list[Word]:
    """`until 2h` in the midst of a reason is no part of it; where no end follows, it is."""
    for place, word in enumerate(words):
        glued = unmarked("until", word.folded)
        end = words[place + 1] if glued == "" and place + 1 < len(words) else word
        value = end.folded if end is not word else glued or ""
        if not word.quoted and value and directory.find("until", value, Reading(), exactly=True):
            found = Word(word.start, end.end, end.text, value)
            rest = [each for each in words if each is not word and each is not end]
            return [*rest[: min(1, place)], found, *rest[min(1, place) :]]
    return words


def _query(words: list[Word]) -> str:
    """What is searched for: the line as it stands, without the mark of a place."""
    text = " ".join(word.text for word in words)
    return text.removeprefix(marks_of("place")[0]).strip() or text


class _Reader:
    """Takes one word after the other."""

    def __init__(self, meant: Verb, directory: Directory, so_far: Reading) -> None:
        self._verb, self._directory, self._so_far = meant, directory, so_far
        self._faults: list[Fault] = []
        self._text: list[str] = []

    def reading(self) -> Reading:
        texts = dict(self._so_far.texts)
        if self._text and self._verb.text_field is not None:
            texts[self._verb.text_field.name] = " ".join(self._text)
        return replace(self._so_far, texts=texts, faults=tuple(self._faults))

    def take(self, word: Word) -> None:
        if not word.quoted and (self._take_marked(word) or self._take_mobile(word)):
            return
        if word.quoted or self._text or not self._take_plain(word):
            self._take_text(word)

    # -- told by their mark ------------------------------------------------------------------------------------------

    def _take_marked(self, word: Word) -> bool:
        for wanted in self._verb.fields:
            value = unmarked(wanted.kind, word.folded) if _may_be_marked(wanted) else None
            if value is not None:
                self._take_value(wanted, word, value)
                return True
        return False

    def _take_value(self, wanted: Field, word: Word, value: str) -> None:
        if not value:
            self._fault(word, "no_value")
        elif not self._so_far.can_take(wanted):
            self._fault(word, "twice", field=wanted.title)
        elif wanted.kind in ("phone", "person"):
            self._take_reporter(wanted, word, value)
        else:
            self._settle(wanted, word, value, self._found(wanted, value, exactly=False))

    def _take_reporter(self, wanted: Field, word: Word, value: str) -> None:
        if wanted.kind == "phone" and not _PHONE.fullmatch(value):
            self._fault(word, "phone")
        else:
            self._keep(wanted, Choice(wanted.kind, value, value))

    def _take_mobile(self, word: Word) -> bool:
        """A mobile number without its mark is still somebody's number, and no text for a title."""
        phone = next((each for each in self._verb.fields if each.kind == "phone"), None)
        if phone is None or not _MOBILE.fullmatch(word.folded) or not self._so_far.can_take(phone):
            return False
        self._keep(phone, Choice("phone", word.folded, word.folded))
        return True

    # -- told by what they are ---------------------------------------------------------------------------------------

    def _take_plain(self, word: Word) -> bool:
        """False for a word that can only be text."""
        wanted = [
            each
            for each in self._verb.fields
            if each.kind != "text" and not each.marked and self._so_far.can_take(each)
        ]
        exactly = self._verb.text_field is not None
        found = [(each, self._found(each, word.folded, exactly=exactly)) for each in wanted]
        certain = next((pair for pair in found if len(pair[1]) == 1), None)
        unsure = next((pair for pair in found if pair[1]), None)
        needed = next((each for each in wanted if each.required and not self._so_far.has(each.name)), None)
        if certain is not None or unsure is not None:
            meant, choices = certain or unsure  # type: ignore[misc]
            self._settle(meant, word, word.folded, choices)
        elif needed is not None:
            self._settle(needed, word, word.folded, ())
        elif self._verb.text_field is None:
            self._unwanted(word, wanted)
        else:
            return False
        return True

    def _found(self, wanted: Field, value: str, *, exactly: bool) -> Sequence[Choice]:
        if wanted.kind in CLOSED_KINDS:
            return _value_choices(wanted.kind, value)
        if wanted.kind == "priority":
            return _priorities(value)
        return self._directory.find(wanted.kind, value, self._so_far, exactly=exactly)

    def _settle(self, wanted: Field, word: Word, value: str, found: Sequence[Choice]) -> None:
        if len(found) == 1:
            self._keep(wanted, found[0])
        elif found:
            shown = [choice.name for choice in found[:SHOWN_CHOICES]]
            names = tr("command_line.name.list").join(shown) + ("…" if len(found) > SHOWN_CHOICES else "")
            self._fault(word, "ambiguous", tuple(found), names=names)
        else:
            self._fault(word, f"no_{wanted.kind}", value=value, values=_listed(wanted.kind))

    def _unwanted(self, word: Word, wanted: list[Field]) -> None:
        """The verb takes no text: the word is one too many, or it names nothing."""
        if wanted:
            self._settle(wanted[-1], word, word.folded, ())
        else:
            fields = ", ".join(each.title for each in self._verb.fields)
            self._fault(word, "too_much", verb=self._verb.title, fields=fields)

    # -- keeping -----------------------------------------------------------------------------------------------------

    def _keep(self, wanted: Field, choice: Choice) -> None:
        before = self._so_far.values.get(wanted.name, ())
        if choice.key not in {each.key for each in before}:
            self._so_far = replace(
                self._so_far, values=self._so_far.values | {wanted.name: (*before, choice)}
            )

    def _take_text(self, word: Word) -> None:
        if self._verb.text_field is None:
            self._unwanted(word, [])
        elif word.text:
            self._text.append(word.text)

    def _fault(self, word: Word, rule: str, choices: tuple[Choice, ...] = (), **facts: object) -> None:
        named = {"word": word.text, **facts}
        if facts.get("value"):
            named["word"] = facts["value"]
        self._faults.append(Fault(word, tr(f"command_line.fault.{rule}", **named), choices))


def _may_be_marked(wanted: Field) -> bool:
    return wanted.marked or wanted.kind in ("grid", "camera")


def _value_choices(kind: str, word: str) -> Sequence[Choice]:
    value = values_of(kind).get(word)
    return () if value is None else (value_choice(kind, value),)


def value_choice(kind: str, value: str) -> Choice:
    """A status, an outcome or a level as a choice."""
    name = shown_value(kind, value)
    return Choice(kind, value, name, typed_value(kind, value), name, typed_value(kind, value))


def _priorities(word: str) -> Sequence[Choice]:
    return (Choice("priority", word[-1], f"P{word[-1]}"),) if word[-1:] in ("1", "2", "3", "4") else ()


def _listed(kind: str) -> str:
    """The words that a closed kind takes, for a fault that has to name them."""
    if kind not in CLOSED_KINDS:
        return ""
    return ", ".join(typed_value(kind, value) for value in dict.fromkeys(values_of(kind).values()))


__all__ = ["VERBS", "Choice", "Directory", "Fault", "Reading", "read", "value_choice"]
