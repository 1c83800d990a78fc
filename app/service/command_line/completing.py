"""Owns how the word at the cursor may go on: verbs first, then what the verb still takes. Pure; never raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from app.i18n import tr
from app.service.command_line.reading import Choice, Directory, Reading, read, value_choice
from app.service.command_line.verbs import (
    CLOSED_KINDS,
    VERBS,
    Field,
    Verb,
    marks_of,
    shown_mark,
    unmarked,
    values_of,
    verbs_by_word,
)
from app.service.command_line.words import LONGEST_LINE, Word, split

TOP: Final = 8
_MOST_VERBS: Final = 3
"""Of an unfinished word that could be one: below them stands what is called so."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What `line[start:end]` may become: `text`, which ends with a space where the next word begins.

    `mends` marks one for a word that the cursor has left: it stays where the line goes on.
    """

    choice: Choice
    start: int
    end: int
    text: str
    mends: bool = False

    def applied(self, line: str) -> tuple[str, int]:
        """The line with it, and where the cursor stands then."""
        changed = line[: self.start] + self.text + line[self.end :].lstrip(" ")
        return changed, len(changed) if self.mends else self.start + len(self.text)


def complete(line: str, cursor: int, directory: Directory, limit: int = TOP) -> list[Completion]:
    """The best ways to go on, best first; for an empty line every verb."""
    if len(line) > LONGEST_LINE:
        return []
    words = split(line)
    at = next((word for word in words if word.start < cursor <= word.end), None)
    if at is None:
        at = Word(cursor, cursor, "", "")
    if not any(word.end <= at.start for word in words):
        return _first_word(line, at, directory, limit)
    if mends := _mends(read(line, directory), at):
        return mends[:limit]
    so_far = read(line[: at.start] + line[at.end :], directory)
    if so_far.verb is None:
        return [_whole(line, choice) for choice in directory.search(line.strip(), limit)]
    choices = _next_words(so_far, so_far.verb, at, directory, limit)
    return [Completion(choice, at.start, at.end, _typed(choice)) for choice in islice(choices, limit)]


def _mends(reading: Reading, at: Word) -> list[Completion]:
    """What the first word that can be several things could be, once the cursor is elsewhere."""
    fault = next(iter(reading.faults), None)
    if fault is None or fault.word.start == at.start:
        return []
    word = fault.word
    found = []
    for choice in fault.choices:
        mark = next((mark for mark in _marks_of_choice(choice) if word.folded.startswith(mark)), "")
        typed = _marked(choice, mark) if mark else choice
        found.append(Completion(choice, word.start, word.end, _typed(typed), mends=True))
    return found


def _marks_of_choice(choice: Choice) -> tuple[str, ...]:
    """The marks that may stand before what it is; none for what is told without one."""
    return marks_of(choice.kind) if choice.kind in ("place", "grid", "camera", "priority") else ()


def _first_word(line: str, at: Word, directory: Directory, limit: int) -> list[Completion]:
    if not line.strip():
        return [Completion(verb_choice(each), at.start, at.end, _typed(verb_choice(each))) for each in VERBS]
    verbs = [Completion(choice, at.start, at.end, _typed(choice)) for choice in _verbs_begun(at.folded)]
    if at.folded in verbs_by_word():
        return verbs[:limit]
    so_far = read(line, directory)
    if so_far.verb is not None:
        choices = _next_words(so_far, so_far.verb, at, directory, limit)
        return [Completion(choice, at.start, at.end, _typed(choice)) for choice in islice(choices, limit)]
    found = [_whole(line, choice) for choice in directory.search(so_far.query, limit)]
    return [*verbs[:_MOST_VERBS], *found][:limit]


def _whole(line: str, choice: Choice) -> Completion:
    """An answer of the search stands for the whole line."""
    return Completion(choice, 0, len(line), choice.insert or choice.name)


def verb_choice(each: Verb) -> Choice:
    """A verb as it is offered: its words, and what it takes."""
    fields = " ".join(field.title if field.required else f"[{field.title}]" for field in each.fields)
    words = " / ".join(each.first_words)
    return Choice("verb", each.id, each.title, each.words[0], each.title, f"{words}  {fields}".strip())


def _verbs_begun(word: str) -> list[Choice]:
    begun = [
        (known != word, not each.words[0].startswith(word), place, each)
        for place, each in enumerate(VERBS)
        for known in each.words
        if word and known.startswith(word)
    ]
    return list({each.id: verb_choice(each) for *_, each in sorted(begun, key=lambda one: one[:3])}.values())


def _next_words(so_far: Reading, meant: Verb, at: Word, directory: Directory, limit: int) -> Iterator[Choice]:
    """What the word may become, marked or not; where nothing has been typed the marks themselves come last."""
    for wanted in meant.fields:
        value = unmarked(wanted.kind, at.folded) if wanted.marked and at.folded else None
        if value is not None and so_far.can_take(wanted):
            mark = next(mark for mark in marks_of(wanted.kind) if at.folded.startswith(mark))
            yield from (_marked(each, mark) for each in _offered(wanted, value, so_far, directory, limit))
            return
    for wanted in meant.fields:
        if not wanted.marked and so_far.can_take(wanted) and not (so_far.texts and wanted.kind != "text"):
            yield from _offered(wanted, at.folded, so_far, directory, limit)
    for wanted in meant.fields:
        if wanted.marked and so_far.can_take(wanted) and _mark_begins(wanted, at.folded):
            mark = shown_mark(wanted.kind)
            yield Choice("mark", wanted.kind, wanted.title, mark, wanted.title, mark)


def _mark_begins(wanted: Field, word: str) -> bool:
    return any(mark.startswith(word) for mark in marks_of(wanted.kind))


def _offered(
    wanted: Field, begun: str, so_far: Reading, directory: Directory, limit: int
) -> Sequence[Choice]:
    if wanted.kind == "text":
        return _canned(wanted, begun)
    if wanted.kind in CLOSED_KINDS:
        begins = {value for word, value in values_of(wanted.kind).items() if word.startswith(begun)}
        every = dict.fromkeys(values_of(wanted.kind).values())
        return [value_choice(wanted.kind, value) for value in every if value in begins]
    if wanted.kind == "priority":
        return [
            Choice("priority", each, tr(f"terms.priority.P{each}"), each, tr(f"terms.priority.P{each}"))
            for each in ("1", "2", "3", "4")
            if each.startswith(begun.removeprefix("p"))
        ]
    if wanted.kind in ("phone", "person"):
        return ()
    return directory.offer(wanted.kind, begun, so_far, limit)


def _canned(wanted: Field, begun: str) -> list[Choice]:
    if not wanted.canned:
        return []
    ready = tr(f"command_line.canned.{wanted.canned}").split("|")
    return [
        Choice("text", each, each, each, each, wanted.title)
        for each in ready
        if each.casefold().startswith(begun)
    ]


def _marked(choice: Choice, mark: str) -> Choice:
    quoted = f'{mark}"{choice.insert}"' if " " in choice.insert else f"{mark}{choice.insert}"
    return replace(choice, insert=quoted)


def _typed(choice: Choice) -> str:
    """A mark is gone on with at once; after everything else the next word begins."""
    return choice.insert if choice.kind == "mark" else f"{choice.insert} "
