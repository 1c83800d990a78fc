"""Events of the field link: delivery, roll call, messages, phones, checklist, requests for more, hand-over receipts.

Owns names, fields and schema versions, under the rules of events.py, which gathers them.
"""

from __future__ import annotations

from app.domain.event import Event
from app.domain.plain import plain

# -- unit/<id> -------------------------------------------------------------------------------------------------------


@plain
class UnitTaskDelivered(Event, type_name="unit.task_delivered"):
    """The order has reached the unit's own device, or whoever carries orders to it."""

    unit: str
    incident: str


@plain
class UnitTaskRead(Event, type_name="unit.task_read"):
    """The order was on a screen that somebody looked at."""

    unit: str
    incident: str


@plain
class UnitTaskResent(Event, type_name="unit.task_resent"):
    """The order goes out anew; what was heard of it before counts no more."""

    unit: str
    incident: str


@plain
class UnitRollAnswered(Event, type_name="unit.roll_answered"):
    """All of the unit are safe; who said so, the unit or the desk, stands in the envelope of the record."""

    unit: str
    incident: str


@plain
class UnitRollPaused(Event, type_name="unit.roll_paused"):
    unit: str
    incident: str
    reason: str


@plain
class UnitRollResumed(Event, type_name="unit.roll_resumed"):
    unit: str
    incident: str


@plain
class UnitMessaged(Event, type_name="unit.messaged", schema=2):
    """`text` is masked. `incident` is what it is about, "" for nothing in particular.

    With `asks_reading` the desk wants to know that the unit has read it.
    """

    unit: str
    message: str
    text: str
    from_unit: bool
    incident: str = ""
    asks_reading: bool = False


@plain
class UnitMessagesRead(Event, type_name="unit.messages_read"):
    """Up to and with `message`, by the side that it was sent to."""

    unit: str
    message: str
    by_unit: bool


@plain
class UnitPhonePaired(Event, type_name="unit.phone_paired"):
    """`token_hash` is the SHA-256 of 256 random bits that only the phone has; `offered_by` showed it the code."""

    unit: str
    phone: str
    token_hash: str
    offered_by: str


@plain
class UnitPhoneUnpaired(Event, type_name="unit.phone_unpaired"):
    unit: str
    phone: str
    reason: str


# -- incident/<id> ---------------------------------------------------------------------------------------------------


@plain
class IncidentItemTicked(Event, type_name="incident.item_ticked"):
    """A line of the checklist is done, or not done after all. `unit` said so, "" the desk."""

    incident: str
    item: str
    done: bool
    unit: str = ""


@plain
class IncidentAlarmLevelSet(Event, type_name="incident.alarm_level_set"):
    """An officer wants what the run card asks for from this level on; lower ones are contained."""

    incident: str
    level: int


@plain
class IncidentForceRequested(Event, type_name="incident.force_requested"):
    """A unit there asks for `count` more, of any of `kinds`; no kinds leave it to the desk."""

    incident: str
    request: str
    unit: str
    kinds: tuple[str, ...]
    count: int
    reason: str


@plain
class IncidentForceSent(Event, type_name="incident.force_sent"):
    """What was asked for was sent, or part of it: `units` are those that count for it, `left` are still missing."""

    incident: str
    request: str
    unit: str
    units: tuple[str, ...]
    left: int


@plain
class IncidentForceRequestSettled(Event, type_name="incident.force_request_settled"):
    """`met` or turned down; `reason` says why not. "moved" stands for one that goes on at another incident."""

    incident: str
    request: str
    met: bool
    reason: str = ""


@plain
class IncidentReporterReleased(Event, type_name="incident.reporter_released"):
    """An officer lets a unit that was sent there see how to reach the reporter; the number itself stands elsewhere."""

    incident: str
    unit: str
    purpose: str


@plain
class IncidentHandOverReceived(Event, type_name="incident.hand_over_received"):
    """The department has it: what it was told, who took it (a post or badge number, no name), its own number for it."""

    incident: str
    department: str
    told: str
    received_by: str
    reference: str
