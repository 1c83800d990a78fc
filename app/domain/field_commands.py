"""Commands of the field link: delivery, roll call, messages, phones, checklist, requests for more, hand-over receipts.

Owns their names and fields; commands.py gathers them. Must not judge them: that is field_rules.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.command import Command


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NoteDelivery(Command):
    """How far an order has come: `stage` is delivered or read. A late or repeated report changes nothing."""

    unit: str
    incident: str
    stage: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ResendTask(Command):
    """The order goes out anew, as long as the unit has not set out."""

    unit: str
    incident: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AnswerRollCall(Command):
    """All of the unit are safe on scene of the incident."""

    unit: str
    incident: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PauseRollCall(Command):
    unit: str
    incident: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ResumeRollCall(Command):
    unit: str
    incident: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MessageUnit(Command):
    """From the desk. `message` is its id: sent twice it is one."""

    unit: str
    message: str
    text: str
    incident: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MessageDesk(Command):
    """From the unit."""

    unit: str
    message: str
    text: str
    incident: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReadUnitMessages(Command):
    """The desk has read what the unit wrote."""

    unit: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReadDeskMessages(Command):
    """The unit has read what the desk wrote."""

    unit: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PairPhone(Command):
    """A phone has shown the code that the desk gave out; from now on its token speaks for the unit."""

    unit: str
    phone: str
    token_hash: str
    offered_by: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class UnpairPhones(Command):
    """None of the unit's phones speaks for it any more."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TickItem(Command):
    """`unit` says so from the scene; "" is the desk."""

    incident: str
    item: str
    done: bool
    unit: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RequestForce(Command):
    """`count` more units of any of `kinds`; none named leaves it to the desk."""

    incident: str
    request: str
    unit: str
    kinds: tuple[str, ...]
    count: int
    reason: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SettleForceRequest(Command):
    """`reason` is needed to turn it down."""

    incident: str
    request: str
    met: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReleaseReporter(Command):
    """Lets a unit that was sent there see how to reach the reporter, as long as it is on the task."""

    incident: str
    unit: str
    purpose: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RecordHandOverReceipt(Command):
    """Completes a hand-over: what was told, which post or badge took it, the department's own number."""

    incident: str
    told: str
    received_by: str
    reference: str = ""
