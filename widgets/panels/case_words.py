"""How an incident's facts are worded on its card: steps, places, people's masks, lines of its story.

Owns the wording. Must not paint, fetch or decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.centre.types_in_force import type_name
from app.domain import incident as inc
from app.domain.clocks import RED, Limits, due_clocks
from app.domain.incident import Incident
from app.domain.instants import Instant, civil_day
from app.domain.masking import mask_text
from app.i18n import has_text, language, tr
from app.projections.case_timeline import TimelineLine
from app.service.refusals import CARRIER, feed_name
from widgets.bridge import Bridge
from widgets.local_time import clock_text, local
from widgets.models.incident_queue import named
from widgets.parts.age_text import format_age
from widgets.parts.step_list import Step, StepState

_MILESTONES = (
    "opened_at", "accepted_at", "dispatched_at", "arrived_at", "reported_back_at", "verified_at", "closed_at",
)  # fmt: skip
LATE_FROM_S = 60.0
"""A line that the desk heard of this much later says so; less is the way of a message."""

_CODES = {
    "outcome": "action.outcome", "level": "action.level", "relation": "triage.relation", "result": "triage.contact",
}  # fmt: skip

_REASONS = {
    "timeline.incident.unit_cleared": "cleared",
    "timeline.incident.force_request_settled": "settled",
}
"""Stories whose reason may be a code."""


class Names:
    """What ids are called in the language of the screen. Made anew when the language changes."""

    def __init__(self, bridge: Bridge) -> None:
        chinese = language() == "zh_CN"
        district = bridge.district
        self._bridge = bridge
        self._grids = {grid.code: grid.name_zh if chinese else grid.name_en for grid in district.grids}
        self._cameras = {c.id: c.name_zh if chinese else c.name_en for c in district.cameras}
        self._units = {u.id: u.call_sign_zh if chinese else u.call_sign_en for u in district.units}

    def grid(self, code: str | None) -> str:
        return self._grids.get(code, code) if code else ""

    def camera(self, camera: str | None) -> str:
        return self._cameras.get(camera, camera) if camera else ""

    def unit(self, unit: str) -> str:
        known = self._bridge.desk.units.get(unit)
        return self._units.get(unit) or (known.call_sign if known else unit)

    def item(self, incident: str, item: str) -> str:
        """A line of an incident's checklist; its code until the run cards are read."""
        known, following = self._bridge.desk.incidents.get(incident), self._bridge.app.following
        words = following.words_of(known, item) if known is not None and following is not None else None
        if words is None:
            return item
        return words.zh if language() == "zh_CN" else words.en

    def number(self, incident: str) -> str:
        known = self._bridge.desk.incidents.get(incident)
        return known.number if known else incident

    def title(self, incident: str) -> str:
        known = self._bridge.desk.incidents.get(incident)
        return self._bridge.said(known).title if known else ""

    def said_title(self, incident: str, title: str) -> str:
        """A title of once in the language of the screen."""
        return self._bridge.said_title(incident, title)

    @property
    def own_desk(self) -> str:
        return self._bridge.app.config.desk

    def actor(self, actor: str) -> str:
        """Somebody at a desk, or a unit's phone."""
        kind, _, unit = actor.partition(":")
        if kind == "field" and unit:
            return tr("timeline.by_phone", unit=self.unit(unit))
        return _known(f"timeline.actor.{actor}", actor)


def source_name(source: str) -> str:
    """What a source is called; most are known by their own name, such as 110."""
    return _known(f"case.source.{source}", source)


def minute_text(at: Instant, utc_offset_min: int) -> str:
    """14:57"""
    return clock_text(at, utc_offset_min)[:5]


def moment_text(at: Instant, now: Instant, utc_offset_min: int) -> str:
    """14:57:06 today, 11-21 14:57 on another day."""
    if civil_day(at) == civil_day(now):
        return clock_text(at, utc_offset_min)
    return local(at, utc_offset_min).strftime("%m-%d %H:%M")


def place_lines(incident: Incident, names: Names) -> tuple[str, str]:
    """Address, and grid with coordinates; either may be empty."""
    parts = [names.grid(incident.grid)]
    if incident.lat is not None and incident.lon is not None:
        parts.append(tr("case.position", lat=f"{incident.lat:.5f}", lon=f"{incident.lon:.5f}"))
    return incident.address, "  ".join(part for part in parts if part)


# -- steps -----------------------------------------------------------------------------------------------------------


def loop_steps(incident: Incident, limits: Limits, now: Instant, utc_offset_min: int) -> list[Step]:
    """The seven steps with the minute at which each was done."""
    overdue = {clock.name for clock in due_clocks(incident, limits) if clock.runs and clock.light(now) == RED}
    stands = _stands_at(incident)
    steps = []
    for place, (name, milestone) in enumerate(zip(inc.LOOP, _MILESTONES, strict=True)):
        at = getattr(incident, milestone)
        state = _state(incident, place, stands, at is not None, bool(overdue))
        time = minute_text(at, utc_offset_min) if at is not None and state == "done" else ""
        steps.append(Step(_label(incident, name), state, time))
    return steps


def _stands_at(incident: Incident) -> int:
    """The place in the loop of the last step that holds; an incident outside the loop stands at its last milestone."""
    if incident.status in inc.LOOP:
        return inc.LOOP.index(incident.status)
    done = [i for i, name in enumerate(_MILESTONES) if getattr(incident, name) is not None]
    return max(done, default=0)


def _state(incident: Incident, place: int, stands: int, has_time: bool, overdue: bool) -> StepState:
    if place <= stands:
        return "done" if has_time else "skipped"
    if not incident.is_open:
        return "skipped"
    if place > stands + 1:
        return "next"
    return "overdue" if overdue else "current"


def _label(incident: Incident, step: str) -> str:
    if step == inc.CLOSED and incident.status in (inc.WITHDRAWN, inc.MERGED):
        return tr(f"case.step.{incident.status}")
    return tr(f"case.step.{step}")


# -- story -----------------------------------------------------------------------------------------------------------


def story_text(line: TimelineLine, names: Names, masked: bool) -> str:
    """The sentence of a line. Codes become words first; free text is masked unless the officer may see it."""
    facts: dict[str, Any] = {key: _worded(key, value, line, names) for key, value in line.facts.items()}
    if line.text_key == "timeline.incident.updated":
        facts["changes"] = _changes(line.facts, names)
    elif line.text_key == "timeline.incident.reported":
        facts["title"] = names.said_title(str(facts["incident"]), str(facts["title"]))
    elif line.text_key == "timeline.incident.hand_over_received":
        facts["reference"] = facts["reference"] or tr("common.none")
    elif line.text_key == "timeline.incident.ordered":
        facts["to"] = _ordered_to(line.facts, names)
    elif line.text_key == "timeline.incident.item_ticked":
        facts["item"] = _ticked(line.facts, names)
    text = tr(_sentence(line), **facts)
    return mask_text(text) if masked else text


def _sentence(line: TimelineLine) -> str:
    """Where nobody said why, the sentence does not ask for it; what is complete is said so."""
    done, without = f"{line.text_key}.done", f"{line.text_key}.unsaid"
    if line.facts.get("left") == 0 and has_text(done):
        return done
    return without if line.facts.get("reason") == "" and has_text(without) else line.text_key


def _ordered_to(facts: Mapping[str, Any], names: Names) -> str:
    """The units by name, then the department."""
    named = [*map(names.unit, facts["units"]), *filter(None, [facts["department"]])]
    return tr("triage.ordered_to", who=tr("triage.separator").join(named))


def _ticked(facts: Mapping[str, Any], names: Names) -> str:
    return f"{'✓' if facts['done'] else '✗'} {names.item(facts['incident'], facts['item'])}"


def _listed(key: str, values: Sequence[Any], names: Names) -> object:
    if key == "kinds":
        return kinds_asked(values)
    return tr("triage.separator").join(map(names.unit, values)) if key == "units" else values


def _worded(key: str, value: object, line: TimelineLine, names: Names) -> object:
    if isinstance(value, list | tuple):
        return _listed(key, value, names)
    if not isinstance(value, str):
        return value
    match key:
        case "unit" | "by":
            return names.unit(value)
        case "code":
            return tr("timeline.area.district") if line.facts.get("area") == "district" else names.grid(value)
        case "into" | "merged" | "other" | "unmerged":
            return names.number(value)
        case "outcome" | "level" | "relation" | "result":
            return _known(f"{_CODES[key]}.{value}", value)
        case "reason" if line.text_key in _REASONS:
            return _known(f"timeline.{_REASONS[line.text_key]}.{value}", value)
    return value


def kinds_asked(kinds: Iterable[str]) -> str:
    """The kinds of units that are asked for, in words; who names none leaves it to the desk."""
    return "/".join(named("terms.unit_kind", kind) for kind in kinds) or tr("field.request.any")


def _known(key: str, otherwise: str) -> str:
    return tr(key) if has_text(key) else otherwise


def _changes(facts: Mapping[str, object], names: Names) -> str:
    """Every field that changed with what it is now; a position is one field."""
    words = []
    for field, value in facts.items():
        if value is None or field in ("incident", "lon"):
            continue
        name, text = _change(field, value, names)
        words.append(tr("timeline.change", field=tr(f"timeline.field.{name}"), value=text).strip())
    return tr("timeline.change_separator").join(words)


def _change(field: str, value: object, names: Names) -> tuple[str, str]:
    match field:
        case "lat":
            return "position", ""
        case "priority":
            return field, f"P{value}"
        case "incident_type":
            return field, type_name(str(value))
        case "grid":
            return field, names.grid(str(value))
        case "camera":
            return field, names.camera(str(value))
    return field, str(value)


def actor_text(line: TimelineLine, names: Names) -> str:
    """Who: an officer by name, a unit's phone by the unit, a feed by the source that it brought or told of."""
    kind, _, name = line.actor.partition(":")
    if kind == "feed" and name:
        if source := line.facts.get("source"):
            return source_name(str(source))
        return tr("timeline.by_unit") if line.facts.get("unit") and name != CARRIER else feed_name(name)
    return names.actor(line.actor)


def late_text(line: TimelineLine) -> str:
    """How late the desk heard of it; empty when it was in time."""
    return tr("timeline.late", age=format_age(line.late_s)) if line.late_s >= LATE_FROM_S else ""
