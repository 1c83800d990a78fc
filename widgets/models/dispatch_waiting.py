"""Owns the words about busy units that are soon free: when, and sooner than whom.

Must not decide who is worth waiting for (app/dispatch does) and must not paint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.i18n import tr
from widgets.models.dispatch_candidates import duration_text
from widgets.models.unit_board import number_tail

if TYPE_CHECKING:
    from app.dispatch.soon import Soon
    from app.dispatch.waiting import Wait

Name = Callable[[str], str]


def soon_text(soon: Soon, call_sign: Name) -> str:
    """That a busy unit would be there sooner than anybody who is free."""
    than = _sooner(soon, call_sign) if soon.instead else tr("dispatch.soon.nobody")
    return tr("dispatch.soon", unit=call_sign(soon.unit_id), than=than, **_times(soon))


def wait_text(wait: Wait, incident: str, call_sign: Name, number: Name) -> str:
    """For whom a place of this incident waits, and why nobody else goes. `number` by incident."""
    soon = wait.soon
    return tr(
        "dispatch.joint.waits",
        unit=call_sign(soon.unit_id),
        than=_why_nobody_else(wait, incident, call_sign, number),
        **_times(soon),
    )


def _why_nobody_else(wait: Wait, incident: str, call_sign: Name, number: Name) -> str:
    soon = wait.soon
    if not soon.instead:
        return tr("dispatch.soon.nobody")
    if soon.instead_s > soon.there_in_s:
        return _sooner(soon, call_sign)
    facts = {"unit": call_sign(soon.instead), "eta": duration_text(soon.instead_s)}
    if wait.sent_to == incident:
        return tr("dispatch.soon.first", **facts)
    if wait.sent_to:
        return tr("dispatch.soon.elsewhere", number=number_tail(number(wait.sent_to)), **facts)
    return tr("dispatch.soon.kept", **facts)


def _sooner(soon: Soon, call_sign: Name) -> str:
    return tr("dispatch.soon.sooner", unit=call_sign(soon.instead), eta=duration_text(soon.instead_s))


def _times(soon: Soon) -> dict[str, str]:
    return {"free": duration_text(soon.free_in_s), "there": duration_text(soon.there_in_s)}
