"""Owns the words of units of time and length in the language of the screen.

For the parts of the window, which know no texts: they take colours from style.py and these words from here.
"""

from __future__ import annotations

from typing import Literal

from app.i18n import tr

Unit = Literal["unit.m", "unit.km", "span.hours", "span.days_hours", "span.days"]


def in_words(unit: Unit, **numbers: object) -> str:
    """The numbers with their unit."""
    return tr(f"common.{unit}", **numbers)
