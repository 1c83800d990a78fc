"""Commands of the field link: delivery, roll call, messages, phones, checklist, requests for more, hand-over receipts.

Owns their names and fields; commands.py gathers them. Must not judge them: that is field_rules.py.
"""

from __future__ import annotations

from app.domain.command import Command
from app.domain.plain import plain


@plain
class NoteDelivery(Command):
    """How far an order has come: `stage` is delivered or read. A late or repeated report changes nothing."""

    unit: str
    incident: str
    stage: str


@plain
class ResendTask(Command):
    """The order goes out anew, as long as the unit has not set out."""

    unit: str
    incident: str


@plain
class AnswerRollCall(Command):
    """All of the unit are safe on scene of the incident."""

    unit: str
    incident: str


@plain
class PauseRollCall(Command):
    unit: str
    incident: str
    reason: str


@plain
class ResumeRollCall(Command):
    unit: str
    incident: str


@plain
class MessageUnit(Command):
    """From the desk. `message` is its id: sent twice it is one. With `asks_reading` it raises while it is not read."""

    unit: str
    message: str
    text: str
    incident: str = ""
    asks_reading: bool = False


@plain
class MessageDesk(Command):
    """From the unit."""

    unit: str
    message: str
    text: str
    incident: str = ""


@plain
class ReadUnitMessages(Command):
    """The desk has read what the unit wrote."""

    unit: str


@plain
class ReadDeskMessages(Command):
    """The unit has read what the desk wrote."""

    unit: str


@plain
class PairPhone(Command):
    """A phone has shown the code that the desk gave out; from now on its token speaks for the unit."""

    unit: str
    phone: str
    token_hash: str
    offered_by: str


@plain
class UnpairPhones(Command):
    """None of the unit's phones speaks for it any more."""

    unit: str
    reason: str


@plain
class TickItem(Command):
    """`unit` says so from the scene; "" is the desk."""

    incident: str
    item: str
    done: bool
    unit: str = ""


@plain
class SetAlarmLevel(Command):
    """1 to 3: what the run card asks for up to there is in force, its tasks and questions too."""

    incident: str
    level: int


@plain
class RequestForce(Command):
    """`count` more units of any of `kinds`; none named leaves it to the desk."""

    incident: str
    request: str
    unit: str
    kinds: tuple[str, ...]
    count: int
    reason: str


@plain
class SettleForceRequest(Command):
    """`reason` is needed to turn it down."""

    incident: str
    request: str
    met: bool
    reason: str = ""


@plain
class ReleaseReporter(Command):
    """Lets a unit that was sent there see how to reach the reporter, as long as it is on the task."""

    incident: str
    unit: str
    purpose: str


@plain
class RecordHandOverReceipt(Command):
    """Completes a hand-over: what was told, which post or badge took it, the department's own number."""

    incident: str
    told: str
    received_by: str
    reference: str = ""
