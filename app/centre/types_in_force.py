"""The types of incident of this process, and what they are called in the language in force.

Owns the one choice, as i18n.py owns the one language: names are asked for in every corner of the screen. Must not check
files: types_file.py does. What decides - limits, owners - is handed on as a value, never looked up here.
"""

from __future__ import annotations

from app.centre.types_file import load_incident_types
from app.domain.incident_types import IncidentTypes
from app.i18n import language

_MOST_SIGNS = 40
_in_force: list[IncidentTypes] = []


def incident_types() -> IncidentTypes:
    """The types in force; the bundled ones where nobody has said which. Raises DeclarationFault."""
    if not _in_force:
        _in_force.append(load_incident_types())
    return _in_force[0]


def put_in_force(types: IncidentTypes) -> None:
    _in_force[:] = [types]


def type_name(incident_type: str) -> str:
    """What a type is called; a type that nobody declared as it was written, in one plain line."""
    known = incident_types().get(incident_type)
    if known is None:
        return plain(incident_type)
    return known.name_zh if language() == "zh_CN" else known.name_en


def owner_name(incident_type: str) -> str:
    """Who answers for a type; empty for a type that nobody declared."""
    known = incident_types().get(incident_type)
    if known is None:
        return ""
    return known.owner.name_zh if language() == "zh_CN" else known.owner.name_en


def plain(text: str) -> str:
    """A word from outside as it may stand in a line: no control signs, no marks of direction, not too long."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * _MOST_SIGNS]).strip()
    return shown if len(shown) <= _MOST_SIGNS else f"{shown[: _MOST_SIGNS - 1]}…"
