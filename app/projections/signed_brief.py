"""The brief of a hand-over as it stood under a signature, made again from what was signed.

Owns how a signed line becomes a line of the brief: its thing as it is known now, its state as it was then. Running
times are not signed and do not stand in it. Pure, like shift_brief.py; must not phrase it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from app.domain.clocks import GREEN, RED, YELLOW
from app.domain.desk import CameraState
from app.domain.incident import Incident
from app.domain.patrol import PatrolRound
from app.domain.premise import PremiseNote
from app.domain.shelf import Shelf
from app.domain.shift import ShiftNote, Signature
from app.domain.sketch import SharedSketch
from app.projections.shift_brief import SECTIONS, Brief, BriefLine, Material, figures_of

_OVERDUE: Final = "overdue"
_LIGHTS: Final = {"cameras": YELLOW, "patrols": YELLOW}


def signed_brief(material: Material, signature: Signature) -> Brief:
    """What `signature` stands under. Its figures are those of the shift until then, without medians."""
    things = _Things(material)
    lines = sorted((_line(text, things) for text in signature.lines), key=_order)
    overdue = sum(_OVERDUE in line.state.split(",") for line in lines if line.section == "incidents")
    figures = figures_of(things.told_before(signature.at), material.span, overdue, until=signature.at)
    return Brief(material.span, signature.at, tuple(lines), figures, {}, signed_at=signature.at)


def _order(line: BriefLine) -> tuple[int, int, str, str]:
    facts: Mapping[str, Any] = line.facts
    return SECTIONS.index(line.section), facts.get("priority", 0), str(facts.get("number", "")), line.key


def _line(text: str, things: _Things) -> BriefLine:
    """`text` is section|kind/key|state, as `lines_of` wrote it."""
    head, _, state = text.rpartition("|")
    section, _, thing = head.partition("|")
    kind, _, key = thing.partition("/")
    facts = _FACTS[kind](things, key, state)
    light = RED if _OVERDUE in state.split(",") else _LIGHTS.get(section, GREEN)
    return BriefLine(section, kind, key, state, light, facts)  # type: ignore[arg-type]


class _Things:
    """What a brief is made of, by id."""

    def __init__(self, material: Material) -> None:
        self._m = material

    @cached_property
    def incidents(self) -> dict[str, Incident]:
        return {each.id: each for each in self._m.incidents}

    @cached_property
    def notes(self) -> dict[str, tuple[ShiftNote, str]]:
        own = {note.id: (note, self._m.shift.id) for note in self._m.shift.notes}
        return own | {note.id: (note, "") for note in self._m.earlier}

    @cached_property
    def shelves(self) -> dict[str, Shelf]:
        return {each.id: each for each in self._m.shelves}

    @cached_property
    def cameras(self) -> dict[str, CameraState]:
        return {each.id: each for each in self._m.cameras}

    @cached_property
    def sketches(self) -> dict[str, SharedSketch]:
        return {each.id: each for each in self._m.sketches}

    @cached_property
    def premises(self) -> dict[str, PremiseNote]:
        return {each.id: each for each in self._m.premises}

    @cached_property
    def rounds(self) -> dict[str, PatrolRound]:
        return {each.id: each for each in self._m.rounds}

    def told_before(self, at: int) -> list[Incident]:
        return [each for each in self._m.incidents if each.recorded_at <= at]


def _incident(things: _Things, key: str, state: str) -> dict[str, object]:
    status, priority, units, *flags = state.split(",")
    known = things.incidents.get(key)
    return {
        "number": known.number if known else key,
        "title": known.title if known else "",
        "priority": int(priority.removeprefix("P")),
        "status": status,
        "units": ("",) * int(units),
        "flags": tuple(flags),
        "step": "",
        "due_at": 0,
    }


def _unit(_things: _Things, _key: str, state: str) -> dict[str, object]:
    status, *on = state.split(",")
    return {"status": status, "since_at": 0, "incident": on[-1] if on else ""}


def _note(things: _Things, key: str, _state: str) -> dict[str, object]:
    note, shift = things.notes.get(key, (None, ""))
    return {"text": note.text if note else "", "at": note.at if note else 0, "shift": shift}


def _shelf(things: _Things, key: str, state: str) -> dict[str, object]:
    shelf = things.shelves.get(key)
    return {
        "title": shelf.title if shelf else "",
        "reason": shelf.reason if shelf else "",
        "until": _until(state),
        "alarm": shelf.alarm if shelf else "",
    }


def _camera(things: _Things, key: str, _state: str) -> dict[str, object]:
    camera = things.cameras.get(key)
    is_still = camera is not None and not camera.online
    return {
        "since_at": camera.since_at if camera and is_still else 0,
        "reason": camera.reason if camera and is_still else "",
    }


def _patrol(things: _Things, key: str, _state: str) -> dict[str, object]:
    round_id, _, point = key.rpartition(":")
    known = things.rounds.get(round_id)
    return {
        "route": known.plan.route if known else "",
        "point": point,
        "unit": known.plan.unit if known else "",
        "begins_at": known.begins_at if known else 0,
        "watched": True,
    }


def _sketch(things: _Things, key: str, state: str) -> dict[str, object]:
    known = things.sketches.get(key)
    return {
        "text": known.text if known else "",
        "shape": known.kind if known else "",
        "until": _until(state),
        "desk": known.desk if known else "",
        "points": known.points[:1] if known else (),
    }


def _premise(things: _Things, key: str, state: str) -> dict[str, object]:
    known = things.premises.get(key)
    return {
        "text": known.text if known else "",
        "address": known.address if known else "",
        "until": _until(state),
        "hazard": known.hazard if known else False,
        "place": (known.lat, known.lon) if known else (None, None),
    }


def _until(state: str) -> int:
    return int(state.removeprefix("until "))


_FACTS: Final[dict[str, Callable[[_Things, str, str], dict[str, object]]]] = {
    "incident": _incident,
    "unit": _unit,
    "note": _note,
    "shelf": _shelf,
    "camera": _camera,
    "patrol": _patrol,
    "sketch": _sketch,
    "premise": _premise,
}
