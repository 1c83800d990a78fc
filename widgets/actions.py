"""What an officer can do with an incident and with a unit on it, declared once.

Owns ids, keys, when an action is offered, what it asks for, how it is confirmed and the command that it becomes. Must
not know a panel and must not judge: `enabled` only spares the officer what would be refused anyway; app/domain decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from app.domain import commands as cmd
from app.domain import incident as inc
from app.domain import unit as un
from app.domain.desk import Desk
from app.domain.incident import Incident
from app.domain.roles import SHIFT_LEAD
from app.domain.unit import Unit
from app.i18n import has_text, tr

Confirm = Literal["none", "hold"]
AskedFor = Literal[
    "outcome", "feedback", "department", "level", "reason", "text", "units",
    "by", "to", "result", "other", "linked", "relation", "file", "merged",
]  # fmt: skip
Scope = Literal["incident", "unit", "desk"]

Answered = Callable[[str | None], None]

_FOR_THE_LEAD: Final = ("supervise", "end_supervision")
_ENDED_TOO: Final = ("unmerge", "unlink", "end_supervision", "reopen")
"""What ended incidents may be waiting for as well: that one has ended is not why it is not offered."""


class Submits(Protocol):
    """Whatever takes commands: the bridge."""

    def submit(self, command: cmd.Command, answered: Answered | None = None, purpose: str = "") -> None:
        """Sends a command; `answered(None)` when it is done, `answered(sentence)` when it is refused."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is about, as the desk knows it now. A unit's action has both: the unit and on which incident.

    `role` is the officer's; who is not asked for it may be anybody. `desk` is where he sits. `under_way` are the units
    that were sent to the incident and are not there yet.
    """

    incident: Incident | None = None
    unit: Unit | None = None
    role: str = SHIFT_LEAD
    desk: str = ""
    under_way: tuple[str, ...] = ()

    @property
    def phase(self) -> str | None:
        """How far the unit is with the incident; None when it is not on it."""
        if self.unit is None or self.incident is None:
            return None
        held = self.unit.assignment(self.incident.id)
        return held.phase if held else None


@dataclass(frozen=True, slots=True)
class Words:
    """What the officer has chosen or written for an action; only what the action asks for is read."""

    outcome: str = ""
    feedback: str = ""
    department: str = ""
    level: str = ""
    reason: str = ""
    text: str = ""
    units: tuple[str, ...] = ()
    by: str = ""
    to: str = ""
    result: str = ""
    other: str = ""
    linked: str = ""
    relation: str = ""
    file: str = ""
    merged: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    `key` is a QKeySequence text, `asks` the fields of `Words` that it needs (none: it is done at once), `confirm`
    "hold" for what goes outward or cannot be taken back. `command` is None for what only opens a form.
    """

    id: str
    key: str
    scope: Scope
    enabled: Callable[[Target], bool]
    command: Callable[[Target, Words], cmd.Command] | None
    asks: tuple[AskedFor, ...] = ()
    confirm: Confirm = "none"

    @property
    def title_key(self) -> str:
        """A word or two, for menus and small buttons."""
        return f"action.{self.id}"

    @property
    def consequence_key(self) -> str:
        """What will have happened, for the primary and the held button."""
        return f"action.{self.id}.consequence"

    def title(self) -> str:
        return tr(self.title_key)

    def consequence(self, target: Target, unit_name: str = "") -> str:
        number = tail(target.incident.number) if target.incident else ""
        return tr(self.consequence_key, number=number, unit=unit_name)

    def why_not(self, target: Target) -> str:
        """One sentence on why it is not offered just now and what to do; "" where it is."""
        incident = target.incident
        if incident is None or self.enabled(target):
            return ""
        status = tr(f"terms.incident_status.{incident.status}")
        return tr(f"action.not.{self._why_not(incident, target)}", action=self.title(), status=status)

    def _why_not(self, incident: Incident, target: Target) -> str:
        if self.id in _FOR_THE_LEAD and target.role != SHIFT_LEAD:
            return "role"
        if not incident.is_open and self.id not in _ENDED_TOO:
            return "ended"
        return self.id if has_text(f"action.not.{self.id}") else "now"


def target_of(
    desk: Desk, incident: str | None, unit: str | None = None, role: str = SHIFT_LEAD, at_desk: str = ""
) -> Target:
    """The target as the desk has it now; without an incident, the one that the unit works on."""
    on = desk.units.get(unit) if unit else None
    key = incident or (on.incident if on else None)
    known = desk.incidents.get(key) if key else None
    return Target(known, on, role, at_desk, _under_way(desk, known) if known is not None else ())


def _under_way(desk: Desk, incident: Incident) -> tuple[str, ...]:
    tasks = (
        (unit, desk.units[unit].assignment(incident.id)) for unit in incident.units if unit in desk.units
    )
    return tuple(unit for unit, task in tasks if task is not None and task.phase != un.ON_SCENE)


def perform(
    to: Submits, action: Action, target: Target, words: Words, answered: Answered | None = None
) -> None:
    """Gives the action's command; `answered(None)` when done, `answered(sentence)` when refused."""
    assert action.command is not None, f"{action.id} opens a form, it gives no command of its own"
    to.submit(action.command(target, words), answered)


def tail(number: str) -> str:
    """The end of an incident's number, as it is said over the radio: 007 of 20261122-007."""
    return number.rpartition("-")[2]


# -- when an action is offered ---------------------------------------------------------------------------------------


def _is_open(t: Target) -> bool:
    return t.incident is not None and t.incident.is_open


def _exists(t: Target) -> bool:
    return t.incident is not None


def _is_held(t: Target) -> bool:
    return t.incident is not None and t.incident.is_open and bool(t.incident.holders)


def _is_in_a_merge(t: Target) -> bool:
    """From either side: what went into another, or what others went into."""
    return t.incident is not None and (t.incident.merged_into is not None or bool(t.incident.absorbed))


def _is_linked(t: Target) -> bool:
    return t.incident is not None and bool(t.incident.links)


def _awaits_receipt(t: Target) -> bool:
    """A department has it and nobody there has said so yet."""
    i = t.incident
    return i is not None and bool(i.department) and i.handed_over_at is not None and i.receipt is None


def _has_files(t: Target) -> bool:
    return t.incident is not None and bool(t.incident.files)


def _may_supervise(t: Target) -> bool:
    return _is_open(t) and t.role == SHIFT_LEAD and not _is_supervised(t)


def _may_end_supervision(t: Target) -> bool:
    return t.role == SHIFT_LEAD and _is_supervised(t)


def _is_supervised(t: Target) -> bool:
    return t.incident is not None and t.incident.supervised_at is not None


def _may_claim(t: Target) -> bool:
    return t.incident is not None and t.incident.is_open and t.incident.claim is None


def _is_claimed_elsewhere(t: Target) -> bool:
    return t.incident is not None and t.incident.claim is not None and t.incident.claim.desk != t.desk


def _is_ours(t: Target) -> bool:
    return t.incident is not None and t.incident.claim is not None and t.incident.claim.desk == t.desk


def _status_in(*statuses: str) -> Callable[[Target], bool]:
    return lambda t: t.incident is not None and t.incident.status in statuses


def _phase_in(*phases: str) -> Callable[[Target], bool]:
    return lambda t: _is_open(t) and t.phase in phases


def _may_report_back(t: Target) -> bool:
    return _is_open(t) and not _status_in(inc.REPORTED)(t)


def _may_close(t: Target) -> bool:
    """Not while somebody on scene has asked for more and nobody has answered."""
    return t.incident is not None and t.incident.is_open and not t.incident.open_requests


def _may_be_free(t: Target) -> bool:
    """On its way or there it ends its work; standing by already it has nothing to end."""
    if t.unit is None:
        return False
    if t.unit.assignments:
        return _phase_in(un.EN_ROUTE, un.ON_SCENE)(t)
    return t.unit.duty != un.AVAILABLE


def _always(_t: Target) -> bool:
    return True


# -- what it becomes -------------------------------------------------------------------------------------------------


def _incident(t: Target) -> str:
    assert t.incident is not None
    return t.incident.id


def _unit(t: Target) -> str:
    assert t.unit is not None
    return t.unit.id


def _set_status(status: str) -> Callable[[Target, Words], cmd.Command]:
    return lambda t, w: cmd.SetUnitStatus(_unit(t), status, t.incident.id if t.incident else None, w.reason)


UNIT_MARK: Final = "unit:"
"""Before a unit's id in `Words.to`; anything else there is the name of a department."""


def _order(t: Target, w: Words) -> cmd.Command:
    if w.to.startswith(UNIT_MARK):
        return cmd.AssignByOrder(_incident(t), (w.to.removeprefix(UNIT_MARK),), reason=w.reason)
    return cmd.AssignByOrder(_incident(t), department=w.to, reason=w.reason)


ACCEPT: Final = Action(
    "accept", "A", "incident", _status_in(inc.REPORTED), lambda t, w: cmd.AcceptIncident(_incident(t))
)
DISPATCH: Final = Action(
    "dispatch", "D", "incident", _is_open, lambda t, w: cmd.DispatchUnits(_incident(t), w.units), ("units",)
)
REPORT_BACK: Final = Action(
    "report_back", "R", "incident", _may_report_back, lambda t, w: cmd.ReportBack(_incident(t), w.feedback),
    ("feedback",),
)  # fmt: skip
VERIFY: Final = Action(
    "verify", "V", "incident", _status_in(inc.REPORTED_BACK), lambda t, w: cmd.VerifyIncident(_incident(t))
)
CLOSE: Final = Action(
    "close", "C", "incident", _may_close, lambda t, w: cmd.CloseIncident(_incident(t), w.outcome, w.feedback),
    ("outcome", "feedback"),
)  # fmt: skip
REOPEN: Final = Action(
    "reopen", "O", "incident", _status_in(inc.CLOSED), lambda t, w: cmd.ReopenIncident(_incident(t), w.reason),
    ("reason",),
)  # fmt: skip
NOTE: Final = Action(
    "note", "N", "incident", _exists, lambda t, w: cmd.NoteIncident(_incident(t), w.text), ("text",)
)
HAND_OVER: Final = Action(
    "hand_over", "H", "incident", _is_open,
    lambda t, w: cmd.HandOverIncident(_incident(t), w.department, w.reason), ("department", "reason"), "hold",
)  # fmt: skip
ESCALATE: Final = Action(
    "escalate", "U", "incident", _is_open,
    lambda t, w: cmd.EscalateIncident(_incident(t), w.level, w.reason), ("level", "reason"), "hold",
)  # fmt: skip
WITHDRAW: Final = Action(
    "withdraw", "W", "incident", _is_open, lambda t, w: cmd.WithdrawIncident(_incident(t), w.reason),
    ("reason",), "hold",
)  # fmt: skip
RETURN: Final = Action(
    "return", "T", "incident", _is_held, lambda t, w: cmd.ReturnIncident(_incident(t), w.by, w.reason),
    ("by", "reason"),
)  # fmt: skip
ORDER: Final = Action("order", "Q", "incident", _is_open, _order, ("to", "reason"), "hold")
SUPERVISE: Final = Action(
    "supervise", "Y", "incident", _may_supervise,
    lambda t, w: cmd.SuperviseIncident(_incident(t), w.reason), ("reason",),
)  # fmt: skip
END_SUPERVISION: Final = Action(
    "end_supervision", "Shift+Y", "incident", _may_end_supervision,
    lambda t, w: cmd.EndSupervision(_incident(t), w.reason), ("reason",),
)  # fmt: skip
CONTACT: Final = Action(
    "contact", "P", "incident", _exists, lambda t, w: cmd.ContactReporter(_incident(t), w.result), ("result",)
)
LINK: Final = Action(
    "link", "L", "incident", _exists,
    lambda t, w: cmd.LinkIncidents(_incident(t), w.other, w.relation), ("other", "relation"),
)  # fmt: skip
UNLINK: Final = Action(
    "unlink", "Shift+L", "incident", _is_linked,
    lambda t, w: cmd.UnlinkIncidents(_incident(t), w.linked), ("linked",),
)  # fmt: skip
UNMERGE: Final = Action(
    "unmerge", "Z", "incident", _is_in_a_merge,
    lambda t, w: cmd.UnmergeIncident(w.merged or _incident(t), w.reason), ("merged", "reason"),
)  # fmt: skip
CLAIM: Final = Action(
    "claim", "Shift+O", "incident", _may_claim, lambda t, w: cmd.ClaimIncident(_incident(t))
)
TAKE_OVER: Final = Action(
    "take_over", "Shift+X", "incident", _is_claimed_elsewhere,
    lambda t, w: cmd.TakeOverIncident(_incident(t), w.reason), ("reason",),
)  # fmt: skip
RELEASE_CLAIM: Final = Action(
    "release_claim", "Shift+R", "incident", _is_ours, lambda t, w: cmd.ReleaseClaim(_incident(t))
)
NEW_INCIDENT: Final = Action("new_incident", "Ctrl+N", "desk", _always, None)

EDIT_TITLE: Final = Action("edit_title", "F2", "incident", _is_open, None)
EDIT_TYPE: Final = Action("edit_type", "F3", "incident", _is_open, None)
EDIT_PRIORITY: Final = Action("edit_priority", "F4", "incident", _is_open, None)
EDIT_PLACE: Final = Action("edit_place", "F5", "incident", _is_open, None)
EDIT_DESCRIPTION: Final = Action("edit_description", "F6", "incident", _is_open, None)
PHRASES: Final = Action("phrases", "F", "incident", _exists, None)
CAMERAS: Final = Action("cameras", "Shift+C", "incident", _exists, None)
CHECKLIST: Final = Action("checklist", "K", "incident", _is_open, None)
STORY: Final = Action("story", "Shift+T", "incident", _exists, None)
ATTACH: Final = Action("attach", "Shift+A", "incident", _exists, None)
PASTE: Final = Action("paste", "Ctrl+V", "incident", _exists, None)
FILES: Final = Action("files", "Shift+F", "incident", _has_files, None)
SAVE_FILE: Final = Action("save_file", "Ctrl+S", "incident", _has_files, None)
DETACH: Final = Action(
    "detach", "Del", "incident", _has_files,
    lambda t, w: cmd.DetachAttachment(_incident(t), w.file, w.reason), ("file", "reason"),
)  # fmt: skip
RECEIPT: Final = Action("receipt", "Shift+H", "incident", _awaits_receipt, None)
PRINT: Final = Action("print", "Ctrl+P", "incident", _exists, None)

EN_ROUTE: Final = Action("en_route", "E", "unit", _phase_in(un.DISPATCHED), _set_status(un.EN_ROUTE))
ON_SCENE: Final = Action(
    "on_scene", "S", "unit", _phase_in(un.DISPATCHED, un.EN_ROUTE), _set_status(un.ON_SCENE)
)
AVAILABLE: Final = Action("available", "B", "unit", _may_be_free, _set_status(un.AVAILABLE))
RECALL: Final = Action(
    "recall", "X", "unit", _phase_in(*un.PHASES),
    lambda t, w: cmd.RecallUnit(_incident(t), _unit(t), w.reason), ("reason",), "hold",
)  # fmt: skip

INCIDENT_ACTIONS: Final = (
    ACCEPT, DISPATCH, REPORT_BACK, VERIFY, CLOSE, REOPEN, NOTE, CONTACT, LINK, UNLINK, SUPERVISE, END_SUPERVISION,
    CLAIM, TAKE_OVER, RELEASE_CLAIM, RETURN, ORDER, HAND_OVER, ESCALATE, WITHDRAW, UNMERGE,
)  # fmt: skip
"""In the order of the loop, then what belongs to it, then what leaves it."""
CARD_ACTIONS: Final = (
    EDIT_TITLE, EDIT_TYPE, EDIT_PRIORITY, EDIT_PLACE, EDIT_DESCRIPTION, PHRASES, CAMERAS, ATTACH, PASTE, FILES,
    SAVE_FILE, DETACH, CHECKLIST, STORY, RECEIPT, PRINT,
)  # fmt: skip
"""What the hand does on the card: no verb of the command line means it."""
UNIT_ACTIONS: Final = (EN_ROUTE, ON_SCENE, AVAILABLE, RECALL)
DESK_ACTIONS: Final = (NEW_INCIDENT,)
ACTIONS: Final = (*INCIDENT_ACTIONS, *UNIT_ACTIONS, *DESK_ACTIONS)

_NEXT: Final = {
    inc.REPORTED: ACCEPT,
    inc.ACCEPTED: DISPATCH,
    inc.HANDLING: REPORT_BACK,
    inc.REPORTED_BACK: VERIFY,
    inc.VERIFIED: CLOSE,
    inc.HANDED_OVER: REPORT_BACK,
}


def next_action(target: Target) -> Action | None:
    """The next step of the loop that is the officer's; None while it is the units' turn, and at the end.

    Nothing invites to close what units are still driving to, or where somebody has asked for more and nobody answered.
    """
    incident = target.incident
    step = None if incident is None else _NEXT.get(incident.status)
    if incident is None or step is not CLOSE:
        return step
    if incident.open_requests:
        return DISPATCH
    return None if target.under_way else CLOSE


def action_for_key(actions: tuple[Action, ...], key: str) -> Action | None:
    """The action that a key means, such as "A"; None when there is none."""
    return next((action for action in actions if action.key == key), None)
