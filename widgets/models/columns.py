"""Owns what a column of a table is: its texts, its order and how much room it wants. Must not know any table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from app.domain.instants import Instant

R = TypeVar("R")

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column as data. Texts are ready to show; `sort_key` must not depend on the time.

    `width_px` and `least_px` are logical pixels at text scale 1; `english_px` and `english_least_px` stand in their
    place where English words are longer, 0 for no other. `rank` says which columns stay when the table is narrow
    (0 always stays, the highest goes first); the one `stretch` column takes what is left, at least its least.
    `ticks` marks texts that follow the clock, `in_header` whether the title is written or only its tool tip.
    """

    id: str
    title_key: str
    text: Callable[[R, Instant], str]
    sort_key: Callable[[R], Any]
    width_px: int = 80
    align: Align = "left"
    tooltip: Callable[[R, Instant], str] | None = None
    ticks: bool = False
    rank: int = 0
    stretch: bool = False
    least_px: int = 24
    in_header: bool = True
    english_px: int = 0
    english_least_px: int = 0

    def narrowest_px(self, *, english: bool) -> int:
        """The least width at which it can be read in a language."""
        return self.english_least_px if english and self.english_least_px else self.least_px

    def comfort_px(self, *, english: bool) -> int:
        """What it wants in a language, never less than its least."""
        wanted_px = self.english_px if english and self.english_px else self.width_px
        return max(self.narrowest_px(english=english), wanted_px)
