"""What an event is, and the register of all of them.

Owns the base class and EVENT_TYPES. Must not hold an event of its own: those stand in events.py and in the modules
that it gathers.
"""

from __future__ import annotations

from typing import Any, ClassVar

from app.domain.plain import Plain, plain

EVENT_TYPES: dict[str, type[Event]] = {}


class Event(Plain):
    """A fact. TYPE is its name on disk, SCHEMA the version of its fields."""

    __slots__ = ()
    TYPE: ClassVar[str]
    SCHEMA: ClassVar[int] = 1

    def __init_subclass__(cls, type_name: str = "", schema: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A class with slots is made a second time without the keyword: TYPE is inherited by then.
        if type_name:
            cls.TYPE, cls.SCHEMA = type_name, schema
        EVENT_TYPES[cls.TYPE] = cls


@plain
class StrangeEvent(Event, type_name="strange"):
    """Stands where a newer program has written something that this one cannot read. Never written."""

    type_name: str
    schema: int


del EVENT_TYPES[StrangeEvent.TYPE]
