"""What a command is.

Owns the base class. Must not hold a command of its own: those stand in commands.py and in the modules that it gathers.
"""

from __future__ import annotations

from app.domain.plain import Plain


class Command(Plain):
    """A wish of an officer, a unit or a feed; answered with events or with a Refusal."""

    __slots__ = ()
