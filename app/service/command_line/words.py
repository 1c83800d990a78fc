"""Owns how a line falls into words, and what of a word makes no difference. Must not know what words mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST_LINE: Final = 2_000
"""Characters: a note of some paragraphs. What is longer belongs into the card."""

_WORD: Final = re.compile(r'(?P<mark>[^\s"]{0,8})"(?P<quoted>[^"]*)"?|\S+')
"""A word, or words in quotation marks, which may follow a mark such as @."""
_QUOTES: Final = {0x201C: '"', 0x201D: '"', 0xFF02: '"', 0x300C: '"', 0x300D: '"'}
_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
TURNS: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)))
"""Marks that turn the direction of writing: a note must not read otherwise than it was written."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line: where it stands, as it was typed, and as it is compared. `quoted` words are only text."""

    start: int
    end: int
    text: str
    folded: str
    quoted: bool = False


def split(line: str) -> list[Word]:
    """The words of a line, in order; at most of its first LONGEST_LINE characters."""
    plain = line[:LONGEST_LINE].translate(_QUOTES)
    return [_word(found) for found in _WORD.finditer(plain)]


def _word(found: re.Match[str]) -> Word:
    inner = found["quoted"]
    if inner is None:
        text = seen(found[0])
        return Word(found.start(), found.end(), text, folded(text))
    mark, text = folded(found["mark"]), seen(inner).strip()
    return Word(found.start(), found.end(), text, mark + folded(text), quoted=not mark)


def folded(text: str) -> str:
    """As words are compared: full width, letter case and what cannot be seen make no difference."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain if plain.isascii() and plain.isprintable() else "".join(filter(_is_seen, plain))


def seen(text: str) -> str:
    """The text without control characters, halves of characters, and marks that turn it round."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c not in TURNS and unicodedata.category(c) not in _UNSEEN)


def bare_number(text: str) -> str:
    """Every row of figures without the zeros that lead it: Unit 03 and unit3 are one."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", text).replace(" ", "")


def begun_number(text: str) -> str:
    """The same of a word that is still being written: what ends in a nought may go on with another figure."""
    return re.sub(r"(?<!\d)0+(?=\d|$)", "", text).replace(" ", "")


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN | {"Cf"}
