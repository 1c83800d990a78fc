"""Owns what of a hand-over is printed on which page: every section has its place, and what is too much is left out.

Pure arithmetic over heights; must not know what is on a line nor how it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Block:
    """One section, in pixels: its head, its rows, a line that says how many of `count` things are left out.

    Where room is short it is given as many rows in a turn as its `weight`.
    """

    head_px: float
    rows_px: tuple[float, ...]
    note_px: float
    count: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of a section on a page. `row` is which row; of a note how many rows stand above it."""

    kind: Literal["head", "row", "note"]
    section: int
    row: int = 0


def planned(blocks: Sequence[Block], rooms_px: Sequence[float], last_px: float) -> list[list[Placed]]:
    """Pieces page by page. The last page keeps `last_px` free at its foot; there are never more pages than rooms."""
    kept = _kept(blocks, _safe_px(blocks, rooms_px, last_px))
    pages: list[list[Placed]] = [[]]
    left_px = rooms_px[0]
    for group, needed_px in _groups(blocks, kept):
        if needed_px > left_px and len(pages) < len(rooms_px):
            pages.append([])
            left_px = rooms_px[len(pages) - 1]
        pages[-1] += group
        left_px -= needed_px
    if left_px < last_px and len(pages) < len(rooms_px):
        pages.append([])
    return pages


def _safe_px(blocks: Sequence[Block], rooms_px: Sequence[float], last_px: float) -> float:
    """What can be given away so that it fits wherever the pages are turned: a turn wastes less than one group."""
    tallest = max(
        (block.head_px + max(block.rows_px, default=block.note_px) for block in blocks), default=0.0
    )
    return sum(rooms_px) - last_px - (len(rooms_px) - 1) * tallest


def _kept(blocks: Sequence[Block], room_px: float) -> list[int]:
    """How many rows of each block are printed: turn by turn, until nothing more fits."""
    kept = [0] * len(blocks)
    left_px = room_px - sum(block.head_px + block.note_px for block in blocks)
    going = {place for place, block in enumerate(blocks) if block.rows_px}
    while going:
        for place in sorted(going):
            for _ in range(blocks[place].weight):
                if kept[place] == len(blocks[place].rows_px) or blocks[place].rows_px[kept[place]] > left_px:
                    going.discard(place)
                    break
                left_px -= blocks[place].rows_px[kept[place]]
                kept[place] += 1
    return kept


def _groups(blocks: Sequence[Block], kept: Sequence[int]) -> list[tuple[list[Placed], float]]:
    """Pieces that stay together: a head never ends a page."""
    groups: list[tuple[list[Placed], float]] = []
    for section, (block, most) in enumerate(zip(blocks, kept, strict=True)):
        pieces = [(Placed("row", section, row), block.rows_px[row]) for row in range(most)]
        if most < block.count or not block.count:
            pieces.append((Placed("note", section, most), block.note_px))
        first, first_px = pieces[0]
        groups.append(([Placed("head", section), first], block.head_px + first_px))
        groups += [([piece], height) for piece, height in pieces[1:]]
    return groups
