"""Who may wish what (domain.md, "Who sits where").

Owns the table of roles and commands. Must not know persons: an actor's role comes with the command's context.
"""

from __future__ import annotations

from typing import Final

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.roles import ADMINISTRATOR, DUTY_OFFICER, FEED, GRID_MEMBER, SHIFT_LEAD, SYSTEM, TRAINER

cmd.read_all()

_FIELD = frozenset(
    {
        cmd.AnswerTask,
        cmd.ObserveUnitStatus,
        cmd.SetUnitStatus,
        cmd.NoteIncident,
        cmd.ReportIncident,
        cmd.NoteDelivery,
        cmd.AnswerRollCall,
        cmd.MessageDesk,
        cmd.ReadDeskMessages,
        cmd.TickItem,
        cmd.RequestForce,
        cmd.RaiseAlarm,
        cmd.AttachFile,
        cmd.ReachPost,
        cmd.NotePostDelivery,
        cmd.AnswerPost,
    }
)
_FEED = frozenset(
    {
        *_FIELD,
        cmd.UpdateIncident,
        cmd.WithdrawIncident,
        cmd.EnrolUnit,
        cmd.SetCameraStatus,
        cmd.RaiseAlarm,
        cmd.ClearAlarm,
        cmd.QuarantineMessage,
    }
)
_OFFICER = frozenset(cmd.Command.__subclasses__()) - {
    cmd.ObserveUnitStatus,
    cmd.ObserveUnitArea,
    cmd.EnrolUnit,
    cmd.MissPatrolPoint,
    cmd.MessageDesk,
    cmd.ReadDeskMessages,
    cmd.PairPhone,
}
_LEAD_ONLY = frozenset({cmd.SuperviseIncident, cmd.EndSupervision})

_MAY: Final[dict[str, frozenset[type[cmd.Command]]]] = {
    DUTY_OFFICER: _OFFICER - _LEAD_ONLY,
    SHIFT_LEAD: _OFFICER,
    GRID_MEMBER: _FIELD,
    FEED: _FEED,
    TRAINER: frozenset(),
    SYSTEM: frozenset(
        {
            cmd.SetUnitStatus,
            cmd.CheckPatrolPoint,
            cmd.MissPatrolPoint,
            cmd.ObserveUnitArea,
            cmd.RaiseAlarm,
            cmd.ClearAlarm,
            cmd.PairPhone,
            cmd.NoteDelivery,
            cmd.NotePostDelivery,
            cmd.ReachPost,
        }
    ),
    ADMINISTRATOR: frozenset({cmd.ReadmitMessage, cmd.DiscardMessage}),
}


def permit(role: str, command: cmd.Command, subject: str) -> None:
    """Raises Refusal when the role may not give the command. A trainer's commands go to a drill's own journal only."""
    if type(command) not in _MAY.get(role, frozenset()):
        raise Refusal("role_forbidden", subject, role=role, command=type(command).__name__)
