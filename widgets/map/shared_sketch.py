"""Owns what a map is told of a sketch that stands on all desks: the drawing, whose it is, and the words about it."""

from dataclasses import dataclass

from widgets.map.sketch import SketchItem


@dataclass(frozen=True, slots=True)
class SharedItem:
    """`desk` names the sender at the drawing; `line` says who, where, when and until when, as a list shows it."""

    item: SketchItem
    desk: str
    line: str
    withdrawable: bool = False
    """Whether this desk may withdraw it."""
