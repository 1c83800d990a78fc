"""Owns the lines that were carried out or put away on this desk, the last one first when it is asked for.

They are kept in memory until the program ends, never in a file, and never with the person who reported: a phone number,
a name behind its mark and whatever looks like a personal number are taken out before a line is kept.
"""

from __future__ import annotations

from typing import Final

from app.domain.masking import mask_text
from app.service.command_line.verbs import unmarked
from app.service.command_line.words import split

MOST: Final = 200


class History:
    """Goes back and forth through what was done; `draft` is what stood in the line before."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._place = 0
        self._draft = ""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    @property
    def is_browsing(self) -> bool:
        return self._place < len(self._lines)

    def keep(self, line: str) -> None:
        """Remembers a line that was carried out or put away, without the person in it."""
        plain = without_person(line)
        if plain and (not self._lines or self._lines[-1] != plain):
            self._lines = [*self._lines, plain][-MOST:]
        self.rest()

    def rest(self) -> None:
        """The next step back is the last line again."""
        self._place, self._draft = len(self._lines), ""

    def back(self, line: str) -> str | None:
        """The line before; None where there is none."""
        if not self.is_browsing:
            self._draft = line
        if self._place == 0:
            return None
        self._place -= 1
        return self._lines[self._place]

    def forward(self) -> str | None:
        """The line after, at last what was being written; None when nothing is browsed."""
        if not self.is_browsing:
            return None
        self._place += 1
        return self._lines[self._place] if self.is_browsing else self._draft


def without_person(line: str) -> str:
    """The line without who reported; other personal numbers are masked."""
    kept = []
    for word in split(line):
        is_person = not word.quoted and any(
            unmarked(kind, word.folded) is not None for kind in ("phone", "person")
        )
        if not is_person:
            kept.append(line[word.start : word.end])
    return mask_text(" ".join(kept))
