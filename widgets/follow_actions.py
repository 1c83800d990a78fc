"""What an officer can say for a unit that was sent somewhere, beside its status: taken, sent again, safe.

Owns ids, keys and when each is offered. Their keys hold where a row is a unit - the unit board, the units sent, the
field link - and not on the card, whose letters mean the incident. Must not judge: app/domain decides.
"""

from __future__ import annotations

from typing import Final

from app.domain import commands as cmd
from app.domain import unit as un
from widgets.actions import Action, Target, Words


def _ids(t: Target) -> tuple[str, str]:
    assert t.unit is not None
    assert t.incident is not None
    return t.unit.id, t.incident.id


def _post_order(t: Target) -> un.PostOrder | None:
    return t.unit.post_order if t.unit is not None and t.incident is None else None


def _is_unanswered(t: Target) -> bool:
    order = _post_order(t)
    if order is not None:
        return not order.answered
    if t.unit is None or t.incident is None or t.phase != un.DISPATCHED:
        return False
    held = t.unit.assignment(t.incident.id)
    return held is not None and not held.answered


def _waits(t: Target) -> bool:
    return t.phase == un.DISPATCHED or _post_order(t) is not None


def _is_there(t: Target) -> bool:
    return t.phase == un.ON_SCENE


def _confirm(t: Target, _w: Words) -> cmd.Command:
    order = _post_order(t)
    if order is not None and t.unit is not None:
        return cmd.AnswerPost(t.unit.id, order.id, True)
    return cmd.AnswerTask(*_ids(t), True)


def _resend(t: Target, _w: Words) -> cmd.Command:
    if _post_order(t) is not None and t.unit is not None:
        return cmd.ResendPost(t.unit.id)
    return cmd.ResendTask(*_ids(t))


def _present(t: Target, _w: Words) -> cmd.Command:
    return cmd.AnswerRollCall(*_ids(t))


CONFIRM: Final = Action("confirm_task", "K", "unit", _is_unanswered, _confirm)
RESEND: Final = Action("resend_task", "G", "unit", _waits, _resend)
PRESENT: Final = Action("roll_present", "I", "unit", _is_there, _present)
FOLLOW_ACTIONS: Final = (CONFIRM, RESEND, PRESENT)
