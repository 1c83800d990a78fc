"""What a line of commands would do, in one sentence, and whether the desk would allow it - before Enter.

Owns the way from a reading to commands, through the operator actions where there is one. Must not read or complete the
line, and decides nothing: it asks the same `decide` that the desk asks, of a desk that stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from app.centre.types_in_force import type_name
from app.domain import commands as cmd
from app.domain import incident as inc
from app.domain.decide import decide
from app.domain.errors import Refusal
from app.domain.rights import permit
from app.domain.road_rules import permit_roads
from app.domain.unit import PostOrder
from app.i18n import language, tr
from app.service.command_line.reading import Choice, Reading
from app.service.command_line.until import end_choice
from app.service.command_line.verbs import CLOSED_KINDS, Verb, typed_value
from app.service.refusals import refusal_text
from app.service.reporter import Reporter
from widgets.actions import ACTIONS, Action, Target, Words
from widgets.bridge import Bridge
from widgets.panels.command_report import Lacking, report_of_line

LOOKS: Final = ("open", "grid", "camera")
"""Verbs that change nothing: they go and look."""
_ACTIONS: Final[Mapping[str, Action]] = {action.id: action for action in ACTIONS}
_NOBODY: Final = Reporter()
CLOSED_FOR_MS: Final = 2 * 3_600_000
"""How long a road is closed unless the line says otherwise."""
_WORDS: Final = frozenset(field.name for field in fields(Words))


@dataclass(frozen=True, slots=True)
class Plan:
    """`sentence` says what Enter does, `why_not` why it does nothing; `go` is where it looks.

    `commands` are given in order, the first refusal ends them. `report` stands for a new incident, whose reporter is
    kept apart. `wants` marks a line that is only unfinished: nothing is wrong with it. `warning` is what
    makes one think before Enter.
    """

    sentence: str = ""
    why_not: str = ""
    commands: tuple[cmd.Command, ...] = ()
    is_held: bool = False
    report: cmd.ReportIncident | None = None
    reporter: Reporter = _NOBODY
    go: Choice | None = None
    wants: bool = False
    warning: str = ""

    @property
    def is_ready(self) -> bool:
        return not self.why_not and not self.wants and bool(self.commands or self.report or self.go)


class Planner:
    """Plans for one desk."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def plan(self, reading: Reading) -> Plan:
        """What the line would do."""
        if reading.faults:
            return Plan(why_not=reading.faults[0].sentence)
        if reading.verb is None:
            return Plan()
        if reading.missing:
            return Plan(_missing(reading.verb, reading), wants=True)
        try:
            return self._whole(reading.verb, reading)
        except Lacking as lacking:
            return Plan(str(lacking), wants=True)

    def _whole(self, verb: Verb, reading: Reading) -> Plan:
        if verb.id in LOOKS:
            there = reading.one(verb.fields[0].name)
            return Plan(tr(f"command_line.will.{verb.id}", **_names(reading)), go=there)
        if verb.id == "new":
            return self._new(reading)
        if verb.id == "ledger":
            return _to_ledger(reading.texts.get("text", ""))
        given = self._defaults(verb, reading)
        commands = self._commands(verb, given)
        sentence = tr(_will(verb, given), **_names(given))
        action = _ACTIONS.get(verb.action)
        held = action is not None and action.confirm == "hold"
        warning = self._merge_warning(commands)
        return Plan(sentence, self._why_not(commands), commands, held or bool(warning), warning=warning)

    # -- what the line leaves out --------------------------------------------------------------------------------------

    def _defaults(self, verb: Verb, reading: Reading) -> Reading:
        fill = {
            "close": self._with_outcome,
            "recall": self._with_task,
            "return": self._with_holder,
            "contact": _with_result,
            "link": _with_relation,
            "close_road": self._with_end,
        }.get(verb.id)
        return fill(reading) if fill is not None else reading

    def _incident(self, reading: Reading) -> inc.Incident:
        meant = reading.one("incident")
        assert meant is not None
        return self._bridge.desk.incidents[meant.key]

    def _with_outcome(self, reading: Reading) -> Reading:
        """Somebody has been there: then it is resolved, unless something else is said."""
        if reading.has("outcome"):
            return reading
        incident = self._incident(reading)
        if incident.arrived_at is None and incident.reported_back_at is None:
            values = ", ".join(typed_value("outcome", outcome) for outcome in inc.OUTCOMES)
            raise Lacking(tr("command_line.will.close.no_outcome", values=values))
        return _with(reading, "outcome", _value("outcome", "resolved"))

    def _with_task(self, reading: Reading) -> Reading:
        """A unit is recalled from what it works on, else from the way to a post."""
        if reading.has("incident"):
            return reading
        meant = reading.one("unit")
        assert meant is not None
        unit = self._bridge.desk.units[meant.key]
        if unit.post_order is not None:
            return _with(reading, "post", _post_choice(self._bridge, unit.post_order))
        on = unit.incident
        if on is None:
            raise Lacking(tr("command_line.recall.nowhere", unit=meant.name))
        return _with(reading, "incident", _incident_choice(self._bridge, on))

    def _with_holder(self, reading: Reading) -> Reading:
        if reading.has("by"):
            return reading
        holders = self._incident(reading).holders
        if len(holders) != 1:
            raise Lacking(tr("command_line.will.return.nobody"))
        unit = self._bridge.desk.units.get(holders[0])
        return _with(reading, "by", Choice("unit", holders[0], unit.call_sign if unit else holders[0]))

    def _with_end(self, reading: Reading) -> Reading:
        """From now on; for two hours unless something else is said."""
        now = self._bridge.clock.now()
        given = _with(reading, "from", end_choice(now, now))
        return given if given.has("until") else _with(given, "until", end_choice(now + CLOSED_FOR_MS, now))

    # -- commands ----------------------------------------------------------------------------------------------------

    def _commands(self, verb: Verb, reading: Reading) -> tuple[cmd.Command, ...]:
        direct = _DIRECT.get(verb.id)
        if direct is not None:
            return direct(reading)
        if verb.id == "tick":
            return self._ticks(reading)
        if reading.has("post"):
            return (cmd.RecallFromPost(_key(reading, "unit"), reading.texts["reason"]),)
        action = _ACTIONS.get(verb.action)
        assert action is not None and action.command is not None, f"{verb.id} has no command"
        return (action.command(self._target(reading), _words(reading)),)

    def _ticks(self, reading: Reading) -> tuple[cmd.Command, ...]:
        """What is done already is not done after all."""
        incident = self._incident(reading)
        items = _keys(reading, "line")
        return tuple(cmd.TickItem(incident.id, item, incident.tick(item) is None) for item in items)

    def _target(self, reading: Reading) -> Target:
        incident, unit = reading.one("incident"), reading.one("unit")
        desk = self._bridge.desk
        return Target(
            desk.incidents.get(incident.key) if incident else None,
            desk.units.get(unit.key) if unit else None,
            desk=self._bridge.app.config.desk,
        )

    def _why_not(self, commands: tuple[cmd.Command, ...]) -> str:
        """The sentence with which the desk would refuse the first of them now."""
        role = self._bridge.app.config.role
        try:
            for command in commands:
                permit(role, command, "")
                permit_roads(self._bridge.desk, command, self._bridge.clock.now())
                decide(self._bridge.desk, command)
        except Refusal as refusal:
            return refusal_text(refusal)
        return ""

    def _new(self, reading: Reading) -> Plan:
        found = report_of_line(self._bridge, reading)
        why_not = self._why_not((found.command,))
        return Plan(
            found.sentence, why_not, report=found.command, reporter=found.reporter, warning=found.warning
        )

    def _merge_warning(self, commands: tuple[cmd.Command, ...]) -> str:
        """Two types are mostly two matters."""
        known = self._bridge.desk.incidents
        for command in commands:
            if isinstance(command, cmd.MergeIncident):
                here, there = known[command.incident].incident_type, known[command.into].incident_type
                if here != there:
                    return tr(
                        "command_line.will.merge.other_type", here=type_name(here), there=type_name(there)
                    )
        return ""


def _to_ledger(words: str) -> Plan:
    """It looks, and changes nothing."""
    will = "command_line.will.ledger.words" if words else "command_line.will.ledger"
    return Plan(tr(will, words=words), go=Choice("ledger", words, words))


def reported(report: cmd.ReportIncident, incident: str) -> cmd.ReportIncident:
    """The report of a plan under the id that it gets when it is carried out."""
    return replace(report, incident=incident, source_event=incident)


# -- commands without an operator action ------------------------------------------------------------------------------


def _statuses(reading: Reading) -> tuple[cmd.Command, ...]:
    status, on = reading.one("status"), reading.one("incident")
    assert status is not None
    return tuple(
        cmd.SetUnitStatus(unit.key, status.key, on.key if on else None)
        for unit in reading.values.get("units", ())
    )


def _of_two(
    make: Callable[[str, str], cmd.Command], second: str
) -> Callable[[Reading], tuple[cmd.Command, ...]]:
    return lambda r: (make(_key(r, "incident"), _key(r, second)),)


def _close_road(reading: Reading) -> tuple[cmd.Command, ...]:
    road = reading.one("road")
    assert road is not None
    from_at, until_at = int(_key(reading, "from")), int(_key(reading, "until"))
    roads = tuple(road.key.split(","))
    passes = reading.has("passing")
    return (
        cmd.CloseRoad(roads, road.title, reading.texts["reason"], from_at, until_at, emergency_passes=passes),
    )


def _open_road(reading: Reading) -> tuple[cmd.Command, ...]:
    road = reading.one("road")
    assert road is not None
    return (cmd.OpenRoad(tuple(road.key.split(",")), road.title),)


_DIRECT: Final[Mapping[str, Callable[[Reading], tuple[cmd.Command, ...]]]] = {
    "status": _statuses,
    "merge": _of_two(cmd.MergeIncident, "into"),
    "level": lambda r: (cmd.SetAlarmLevel(_key(r, "incident"), int(_key(r, "alarm_level"))),),
    "close_road": _close_road,
    "open_road": _open_road,
    "unlink": _of_two(cmd.UnlinkIncidents, "other"),
    "order": lambda r: (cmd.AssignByOrder(_key(r, "incident"), _keys(r, "units"), reason=r.texts["reason"]),),
}


def _will(verb: Verb, reading: Reading) -> str:
    """The text that says what the line does."""
    otherwise = next((name for name in ("post", "passing") if reading.has(name)), "")
    return f"command_line.will.{verb.id}.{otherwise}".rstrip(".")


def _key(reading: Reading, name: str) -> str:
    meant = reading.one(name)
    assert meant is not None
    return meant.key


def _keys(reading: Reading, name: str) -> tuple[str, ...]:
    return tuple(choice.key for choice in reading.values.get(name, ()))


def _words(reading: Reading) -> Words:
    """What the action asks for, as far as the line says it."""
    given: dict[str, Any] = {name: text for name, text in reading.texts.items() if name in _WORDS}
    for name, choices in reading.values.items():
        if name in _WORDS:
            given[name] = tuple(choice.key for choice in choices) if name == "units" else choices[0].key
    return Words(**given)


def _names(reading: Reading) -> dict[str, str]:
    """What was given, as a sentence names it."""
    join = tr("command_line.name.list").join
    return {name: join(choice.name for choice in choices) for name, choices in reading.values.items()}


def _missing(verb: Verb, reading: Reading) -> str:
    wanted = tr("command_line.name.list").join(field.title for field in reading.missing)
    return tr("command_line.missing", verb=verb.title, fields=wanted)


def _with(reading: Reading, name: str, choice: Choice) -> Reading:
    return replace(reading, values=reading.values | {name: (choice,)})


def _with_result(reading: Reading) -> Reading:
    return reading if reading.has("result") else _with(reading, "result", _value("result", inc.REACHED))


def _with_relation(reading: Reading) -> Reading:
    return reading if reading.has("relation") else _with(reading, "relation", _value("relation", "related"))


def _value(kind: str, value: str) -> Choice:
    from app.service.command_line.reading import value_choice

    assert kind in CLOSED_KINDS
    return value_choice(kind, value)


def _post_choice(bridge: Bridge, order: PostOrder) -> Choice:
    grid = next((grid for grid in bridge.district.grids if grid.code == order.code), None)
    where = order.code if grid is None else grid.name_zh if language() == "zh_CN" else grid.name_en
    name = tr("command_line.name.post", grid=where) if where else tr("post.place")
    return Choice("post", order.id, name)


def _incident_choice(bridge: Bridge, key: str) -> Choice:
    incident = bridge.desk.incidents[key]
    number, kind = incident.number.rpartition("-")[2], type_name(incident.incident_type)
    return Choice("incident", key, tr("command_line.name.incident", number=number, type=kind))
