"""The alarms of a drill without a window: which of them deserve an incident, and when.

Owns the officer's rule for the lane, declared in data/drill_officer.toml, and the file's form. Must not send anybody
(officers.py) and must not read a clock. It decides on each alarm once, in the order of the lane.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.centre.layered_toml import FieldPath, LayeredToml, read_layers
from app.centre.types_file import own_files
from app.domain import commands as cmd
from app.domain.alarm import ACCEPTED, CLEARED, Alarm
from app.domain.alarm_rules import MOST_ALARMS
from app.domain.incident import PRIORITIES, Incident
from app.domain.incident_types import OTHER, IncidentTypes
from app.domain.instants import Instant
from app.geo.coordinates import distance_m
from app.paths import bundled_data_dir
from app.projections.alarm_groups import AlarmGroup
from app.projections.projections import Projections
from app.service.intake import incident_id

NAME: Final = "drill_officer.toml"
SOURCE: Final = "alarm"
_PRIORITY_KEYS: Final = {f"P{priority}": priority for priority in PRIORITIES}
_SECOND_MS: Final = 1000
_LONGEST_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """`stands_ms` by priority; what has no entry is left. `join_m` and `join_ms` say what is near an open incident."""

    stands_ms: Mapping[int, int]
    join_m: float
    join_ms: int


class LaneOfficer:
    """Accepts what deserves it. `wishes` is asked at every instant, `next_at` says when there is something to do."""

    def __init__(self, rule: AlarmRule, types: IncidentTypes, projections: Callable[[], Projections]) -> None:
        self._rule, self._types, self._projections = rule, types, projections
        self._decided: set[str] = set()

    def next_at(self) -> Instant | None:
        """When the next alarm has stood for long enough; None while none waits for it."""
        groups = self._projections().alarm_lane.groups.values()
        return min((due for group in groups for _, due in self._waiting(group)), default=None)

    def wishes(self, now: Instant) -> list[cmd.Command]:
        """What to do with whatever has stood for long enough by now, the most urgent first."""
        lane = self._projections().alarm_lane
        due = [group for group in lane.groups.values() if any(at <= now for _, at in self._waiting(group))]
        due.sort(key=lambda group: (group.priority, group.first_at, group.id))
        return [command for group in due for command in self._seen_to(group, now)]

    def _waiting(self, group: AlarmGroup) -> Iterator[tuple[Alarm, Instant]]:
        """Alarms that are still to be decided on, each with the instant from which it deserves an incident."""
        for alarm in group.members.values():
            stands_ms = self._rule.stands_ms.get(alarm.priority)
            if stands_ms is not None and alarm.id not in self._decided:
                yield alarm, alarm.raised_at + stands_ms

    def _seen_to(self, group: AlarmGroup, now: Instant) -> Iterator[cmd.Command]:
        lane, lead, ids = self._projections().alarm_lane, group.lead, group.ids
        self._decided.update(ids)
        if not group.emergency and all(one.origin in lane.chattering for one in group.members.values()):
            return
        known = None if group.emergency else self._same_matter(lead, now)
        incident = known.id if known is not None else incident_id(SOURCE, lead.id)
        first, *more = (ids[at : at + MOST_ALARMS] for at in range(0, len(ids), MOST_ALARMS))
        yield cmd.AttachAlarms(first, incident) if known is not None else cmd.AcceptAlarms(first, incident)
        yield from (cmd.AttachAlarms(some, incident) for some in more)

    def _same_matter(self, alarm: Alarm, now: Instant) -> Incident | None:
        """The oldest open incident near by that calls for the same run card."""
        near = [
            incident
            for incident in self._projections().desk.incidents.values()
            if incident.is_open
            and now - incident.opened_at <= self._rule.join_ms
            and self._card(incident.incident_type) == self._card(alarm.alarm_type)
            and self._is_near(alarm, incident)
        ]
        return min(near, key=lambda incident: (incident.opened_at, incident.id), default=None)

    def _card(self, incident_type: str) -> str:
        known = self._types.get(incident_type) or self._types.get(OTHER)
        return known.run_card if known is not None else ""

    def _is_near(self, alarm: Alarm, incident: Incident) -> bool:
        if alarm.grid and alarm.grid == incident.grid:
            return True
        if alarm.lat is None or alarm.lon is None or incident.lat is None or incident.lon is None:
            return False
        return distance_m(alarm.lat, alarm.lon, incident.lat, incident.lon) <= self._rule.join_m


def alarm_figures(projections: Projections) -> dict[str, int]:
    """What became of all alarms: `incidents` were made of those accepted, `left` stand still. Empty without alarms."""
    desk = projections.desk
    if not desk.alarms:
        return {}
    states = [alarm.status for alarm in desk.alarms.values()]
    first = [incident.source_ids[0].partition(":")[0] for incident in desk.incidents.values()]
    return {
        "raised": len(states),
        "accepted": states.count(ACCEPTED),
        "incidents": first.count(SOURCE),
        "cleared": states.count(CLEARED),
        "left": sum(alarm.is_live for alarm in desk.alarms.values()),
    }


# -- the file --------------------------------------------------------------------------------------------------------


def load_alarm_rule(district_dir: Path | None = None, files: Sequence[Path] | None = None) -> AlarmRule:
    """The rule in force; `files` stands for the bundled and the own ones. Raises DeclarationFault."""
    if files is None:
        files = [bundled_data_dir() / NAME, *own_files(NAME, district_dir)]
    toml = read_layers(files)
    toml.known_keys((), toml.table, ("accept", "join"))
    accept = toml.subtable(("accept",))
    toml.known_keys(("accept",), accept, tuple(_PRIORITY_KEYS))
    toml.known_keys(("join",), toml.subtable(("join",)), ("within_m", "within_min"))
    return AlarmRule(
        {_PRIORITY_KEYS[key]: _stands_ms(toml, ("accept", key)) for key in accept},
        _number(toml, ("join", "within_m"), 10_000),
        round(_number(toml, ("join", "within_min"), _LONGEST_S / 60) * 60 * _SECOND_MS),
    )


def _stands_ms(toml: LayeredToml, path: FieldPath) -> int:
    toml.known_keys(path, toml.subtable(path), ("stands_s",))
    return round(_number(toml, (*path, "stands_s"), _LONGEST_S) * _SECOND_MS)


def _number(toml: LayeredToml, path: FieldPath, most: float) -> float:
    value = toml.value(path)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= most:
        toml.refuse(path, "drill_number", value=value, most=f"{most:g}")
    return float(value)
