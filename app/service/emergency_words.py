"""How an emergency of a unit is called: who, on which incident, how its place is known. Must not find the place."""

from __future__ import annotations

from app.i18n import tr

PHONE = "phone"
"""How a place is known that needs no word: the phone said so."""


def emergency_title(call_sign: str, number: str, how: str) -> str:
    """`number` is the tail of its incident's, "" for none; `how` is phone, fix, task, old_fix, post or none."""
    key = "field.alarm.emergency_at" if number else "field.alarm.emergency"
    who = tr(key, unit=call_sign, number=number)
    return who if how == PHONE else who + tr(f"field.alarm.place.{how}")
