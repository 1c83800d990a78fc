"""How alike two names of places sound.

Owns the folding of syllables that are misheard for each other. Must not know what the names belong to.
"""

from __future__ import annotations

from functools import lru_cache

from app.geo.pinyin import usual_reading

Sounds = tuple[str, ...]

LONGEST = 16
"""Syllables; what an address says beyond them tells houses of one gate apart, not places."""
_HAN_FIRST, _HAN_LAST = 0x4E00, 0x9FFF
_RETROFLEX = {"zh": "z", "ch": "c", "sh": "s"}


def is_han(character: str) -> bool:
    return _HAN_FIRST <= ord(character) <= _HAN_LAST


def sounds_of(name: str) -> Sounds:
    """The name's Han characters as folded syllables and its Latin words as they stand; digits are left out."""
    sounds: list[str] = []
    word = ""
    for character in name:
        if character.isascii() and character.isalpha():
            word += character.lower()
            continue
        if word:
            sounds.append(word)
            word = ""
        if is_han(character):
            sounds.append(_folded(character))
    return tuple([*sounds, word] if word else sounds)[:LONGEST]


@lru_cache(maxsize=8_192)
def _folded(character: str) -> str:
    """What a telephone line and a southern ear leave of a syllable: zh z, l n, -ng -n, h f are one."""
    syllable = usual_reading(character) or character
    folded = _RETROFLEX.get(syllable[:2], syllable[:2]) + syllable[2:]
    folded = folded[:-1] if folded.endswith("ng") else folded
    first = {"l": "n", "f": "h"}.get(folded[:1], folded[:1])
    return first + folded[1:]


@lru_cache(maxsize=16_384)
def likeness(one: Sounds, other: Sounds) -> float:
    """1 for names that sound the same, 0 for such as have nothing in common: the share of syllables left unedited."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    if one > other:  # the same pair from either side is one entry of the cache
        return likeness(other, one)
    return 1.0 - _edits(one, other) / max(len(one), len(other))


def _edits(one: Sounds, other: Sounds) -> int:
    """Syllables to change, to add or to leave out."""
    row = list(range(len(other) + 1))
    for i, heard in enumerate(one, start=1):
        diagonal, row[0] = row[0], i
        for j, said in enumerate(other, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (heard != said))
    return row[-1]


def digits_likeness(one: str, other: str) -> float:
    """1 for the same house number, 0.8 with two digits swapped, 0.5 with one of them another, 0 for other numbers."""
    if one == other:
        return 1.0
    if len(one) != len(other):
        return 0.0
    wrong = sum(a != b for a, b in zip(one, other, strict=True))
    if wrong == 2 and sorted(one) == sorted(other):
        return 0.8
    return 0.5 if wrong == 1 and len(one) > 1 else 0.0
