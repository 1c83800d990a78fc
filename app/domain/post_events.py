"""Events of moving up: a unit that works on nothing is sent to a post, how far the order
comes, and that the unit gets there, will not go or is called back from the way.

Owns their names and fields; events.py gathers them.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.plain import plain

# -- unit/<id> -------------------------------------------------------------------------------------------------------


@plain
class UnitPostOrdered(Event, type_name="unit.post_ordered"):
    """The unit shall stand by there (WGS-84); `code` is the grid of the post, "" for none."""

    unit: str
    order: str
    lat: float
    lon: float
    code: str = ""


@plain
class UnitPostReached(Event, type_name="unit.post_reached"):
    """It stands by there, which ends the order."""

    unit: str
    order: str
    code: str = ""


@plain
class UnitPostRecalled(Event, type_name="unit.post_recalled"):
    """It need not go there after all."""

    unit: str
    order: str
    reason: str
    code: str = ""


@plain
class UnitPostDelivered(Event, type_name="unit.post_delivered"):
    """The order has reached the unit's own device, or whoever carries orders to it."""

    unit: str
    order: str


@plain
class UnitPostRead(Event, type_name="unit.post_read"):
    """The order was on a screen that somebody looked at."""

    unit: str
    order: str


@plain
class UnitPostAnswered(Event, type_name="unit.post_answered"):
    """It goes, or will not, which ends the order; `reason` in its words, "" for none."""

    unit: str
    order: str
    accepted: bool
    reason: str = ""
    code: str = ""


@plain
class UnitPostResent(Event, type_name="unit.post_resent"):
    """The order goes out anew; what was heard of it before counts no more."""

    unit: str
    order: str
