"""Which type of incident a text speaks of.

Owns the rule. Must not know the words, which are a centre's (data/type_words.toml), nor choose: it suggests, with the
words that spoke for each type, so that an officer can see why.

The rule, from left to right through the first `MOST_SIGNS` signs, wide signs and capitals made alike:

1. The longest known word at a place is heard; Latin letters only as a word of their own, with -s, -es, -ed, -d, -ing.
2. A sure word speaks with 4, a hint with 2, a misheard one with 1 less; each once, for every type that has it.
3. A negation silences the words that begin within its reach, and what is joined to them. The end of a clause or a
   turn (是, 但, "but") ends its reach. What only looks like a negation (无人机, 未归) is passed over.
4. Types are ranked by their sum; a tie goes to the more urgent type, then to the one that is declared first.

What it cannot do: it knows no grammar, no irony and no past; a double negation counts as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

MOST_SIGNS: Final = 1_000
SURE: Final = 4
HINT: Final = 2
MISHEARD: Final = -1

_JOINED: Final = 2
"""What is denied together: 没有打架、斗殴."""
_CLAUSE_ENDS: Final = r",.;:!?\u3002\n\r"
_SUFFIXES: Final = ("", "s", "es", "ed", "d", "ing")
_LATIN: Final = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Negation:
    """Words that deny what stands within `reach` signs after them, and what ends or feigns that."""

    words: tuple[str, ...]
    reach: int
    turns: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class WordRules:
    """`weights`: word -> type -> SURE or HINT; `misheard`: what is written -> the word that was meant.

    `order`: every type's place, the more urgent first.
    """

    weights: Mapping[str, Mapping[str, int]]
    order: Mapping[str, int]
    negations: tuple[Negation, ...] = ()
    misheard: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every word that means anything, the longest first, each kind in a group of its own."""
        kinds = {
            "word": [*self.weights, *self.misheard],
            "passed": [word for negation in self.negations for word in negation.exceptions],
            "denial": list(self.reaches),
            "turn": [word for negation in self.negations for word in negation.turns],
        }
        groups = [f"(?P<{kind}>{_one_of(words, kind)})" for kind, words in kinds.items() if words]
        # Most signs begin no word: they are passed over without a look at 700 of them.
        begins = "".join(sorted({folded(word)[0] for words in kinds.values() for word in words}))
        return re.compile(
            f"(?=[{re.escape(begins)}{_CLAUSE_ENDS}])(?:{'|'.join(groups)}|(?P<end>[{_CLAUSE_ENDS}]))"
        )

    @cached_property
    def reaches(self) -> dict[str, int]:
        return {folded(word): negation.reach for negation in self.negations for word in negation.words}


@dataclass(frozen=True, slots=True)
class Heard:
    """One word that spoke: what is written, and the word that it was taken for."""

    written: str
    meant: str
    weight: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type, how much speaks for it, and the words that do, in the order of the text."""

    incident_type: str
    score: int
    words: tuple[Heard, ...]


def suggest_types(text: str, rules: WordRules) -> tuple[Suggestion, ...]:
    """The types that a text speaks of, the likeliest first; empty when it speaks of none."""
    heard: dict[str, dict[str, Heard]] = {}
    for written, meant, change in _spoken(folded(text[:MOST_SIGNS]), rules):
        for incident_type, weight in rules.weights[meant].items():
            words = heard.setdefault(incident_type, {})
            if meant not in words:
                words[meant] = Heard(written, meant, weight + change)
    found = [
        Suggestion(name, sum(word.weight for word in words.values()), tuple(words.values()))
        for name, words in heard.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, rules.order[one.incident_type])))


def is_clear(suggestions: tuple[Suggestion, ...]) -> bool:
    """Whether the first one may be filled in for the officer: a sure word, and nothing else as likely."""
    if not suggestions or max(word.weight for word in suggestions[0].words) < SURE + MISHEARD:
        return False
    return len(suggestions) == 1 or suggestions[0].score > suggestions[1].score


def folded(text: str) -> str:
    """Wide signs, capitals and ligatures made alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def _spoken(text: str, rules: WordRules) -> Iterable[tuple[str, str, int]]:
    """(as written, the word that is meant, change of its weight) for every word that no negation silences."""
    denied_until = -1
    for match in rules.pattern.finditer(text):
        written = match[0]
        match match.lastgroup:
            case "word" if match.start() < denied_until:
                denied_until = max(denied_until, match.end() + _JOINED)
            case "word":
                yield _meant(written, rules)
            case "denial":
                denied_until = match.end() + rules.reaches[written]
            case "turn" | "end":
                denied_until = -1


def _meant(written: str, rules: WordRules) -> tuple[str, str, int]:
    for suffix in _SUFFIXES:
        stem = written.removesuffix(suffix)
        if stem in rules.weights:
            return written, stem, 0
        if stem in rules.misheard:
            return written, rules.misheard[stem], MISHEARD
    raise KeyError(written)


def _one_of(words: Iterable[str], kind: str) -> str:
    """The longest first; words of Latin letters end where a word ends."""
    ordered = sorted({folded(word) for word in words}, key=lambda word: (-len(word), word))
    suffix = r"(?:s|es|ed|d|ing)?" if kind == "word" else ""
    return "|".join(
        rf"(?<![a-z]){re.escape(word)}{suffix}(?![a-z])" if _LATIN.search(word) else re.escape(word)
        for word in ordered
    )
