"""Folds: what changed, what is open where, how fast it went, and the dump that outsiders read."""

from __future__ import annotations

import json

import pytest

from app.centre.types_in_force import incident_types
from app.domain import commands as cmd
from app.projections.case_timeline import is_told_of_unit, timeline
from app.projections.changes import Changes
from app.projections.metrics import ALARM_WINDOW_MS, Metrics, response_interval
from app.projections.projections import Projections
from app.projections.state_dump import state_dump
from tests.unit.projections.records import START_AT, UNITS, Folded, report


@pytest.fixture
def folded() -> Folded:
    return Folded()


def test_a_report_changes_its_incident_and_its_grid(folded: Folded) -> None:
    changes = folded.do(report("i1"))
    assert (changes.incidents, changes.grids, changes.units) == ({"i1"}, {"g1"}, set())


def test_a_dispatch_changes_the_incident_and_exactly_its_units(folded: Folded) -> None:
    folded.do(report("i1"))
    changes = folded.do(cmd.DispatchUnits("i1", ("p1",)))
    assert (changes.incidents, changes.units, changes.grids) == ({"i1"}, {"p1"}, set())


def test_an_incident_counts_in_its_grid_while_it_is_open(folded: Folded) -> None:
    folded.do(report("i1"), report("i2"), report("i3", "g2"), report("i4", None))
    assert folded.projections.grid_load.open_by_grid == {"g1": 2, "g2": 1}
    changes = folded.do(cmd.UpdateIncident("i1", grid="g2"))
    assert changes.grids == {"g1", "g2"}
    folded.do(cmd.WithdrawIncident("i3", "by caller"))
    assert folded.projections.grid_load.open_by_grid == {"g1": 1, "g2": 1}
    folded.do(cmd.WithdrawIncident("i2", "by caller"))
    assert folded.projections.grid_load.open_by_grid == {"g2": 1}


def test_metrics_count_statuses_and_open_priorities(folded: Folded) -> None:
    folded.do(report("i1", priority=1), report("i2", priority=3), cmd.AcceptIncident("i2"))
    folded.do(cmd.WithdrawIncident("i1", "by caller"))
    metrics = folded.projections.metrics
    assert (metrics.total, metrics.open) == (2, 1)
    assert +metrics.by_status == {"withdrawn": 1, "accepted": 1}


def test_intervals_are_nearest_rank_over_those_that_got_there(folded: Folded) -> None:
    folded.do(*(report(f"i{n}") for n in range(10)))
    folded.do(*(cmd.AcceptIncident(f"i{n}") for n in range(9)))
    interval = response_interval(folded.projections.desk.incidents.values(), "accept")
    assert (interval.count, interval.p50_s, interval.p90_s) == (9, 10.0, 10.0)
    assert response_interval(folded.projections.desk.incidents.values(), "arrive").p90_s is None


def test_what_was_withdrawn_does_not_count_as_closed(folded: Folded) -> None:
    folded.do(report("i1"), report("i2"), cmd.WithdrawIncident("i1", "by caller"))
    folded.do(cmd.CloseIncident("i2", "false_alarm", "nobody there"))
    interval = response_interval(folded.projections.desk.incidents.values(), "close")
    assert (interval.count, interval.p50_s) == (1, 2.0)


def test_the_alarm_load_counts_ten_minutes_and_takes_late_alarms() -> None:
    metrics = Metrics()
    for at in (START_AT, START_AT + ALARM_WINDOW_MS, START_AT + 1, START_AT - 5):
        metrics.alarm(at)
    assert metrics.alarms_in_window(START_AT + ALARM_WINDOW_MS) == 3
    assert metrics.alarms_in_window(START_AT) == 2


def test_the_timeline_is_in_the_order_of_what_happened(folded: Folded) -> None:
    folded.do(report("i1"), cmd.AcceptIncident("i1"))
    folded.do(cmd.NoteIncident("i1", "seen earlier"), late_ms=1500)
    lines = timeline(folded.records)
    assert [line.text_key for line in lines] == [
        "timeline.incident.reported",
        "timeline.incident.noted",
        "timeline.incident.accepted",
    ]
    assert [line.late_s for line in lines] == [0.0, 1.5, 0.0]
    assert lines[1].facts["text"] == "seen earlier"


def test_an_order_to_a_department_is_one_line(folded: Folded) -> None:
    folded.do(report("i1"), cmd.AssignByOrder("i1", department="城管中队", reason="占道"))
    folded.do(cmd.HandOverIncident("i1", "街道办", "另议"))
    assert [line.text_key for line in timeline(folded.records)] == [
        "timeline.incident.reported",
        "timeline.incident.accepted",
        "timeline.incident.ordered",
        "timeline.incident.handed_over",
    ]


def test_a_unit_that_declines_has_declined_and_not_merely_left(folded: Folded) -> None:
    folded.do(report("i1"), cmd.DispatchUnits("i1", ("p1",)), cmd.AnswerTask("p1", "i1", False, "flat tyre"))
    folded.do(cmd.DispatchUnits("i1", ("p1",)), cmd.RecallUnit("i1", "p1", "not needed"))
    told = [r for r in folded.records if r.stream == "incident/i1" or is_told_of_unit(r, "i1")]
    lines = [(line.text_key, line.facts.get("reason")) for line in timeline(told)]
    assert lines[2:] == [
        ("timeline.incident.unit_assigned", None),
        ("timeline.unit.declined", "flat tyre"),
        ("timeline.incident.unit_assigned", None),
        ("timeline.incident.unit_cleared", "not needed"),
    ]


def test_folding_again_gives_the_same_state(folded: Folded) -> None:
    folded.do(report("i1"), cmd.DispatchUnits("i1", ("p1",)), cmd.SetUnitStatus("p1", "on_scene"))
    folded.do(cmd.CloseIncident("i1", "resolved", "done"), report("i2"))
    again = Projections(UNITS)
    for record in folded.records:
        again.apply(record, Changes())
    assert again.desk == folded.projections.desk
    assert again.grid_load.open_by_grid == folded.projections.grid_load.open_by_grid


def test_the_dump_has_what_the_contract_names_and_is_plain_json(folded: Folded) -> None:
    folded.do(report("i1"), cmd.DispatchUnits("i1", ("p1",)), cmd.SetCameraStatus("C002", online=False))
    folded.do(cmd.QuarantineMessage("q1", "110", "no id"))
    dump = state_dump(
        folded.projections, incident_types().limits, {"p1": (31.2, 121.4)}, ["C001", "C002"], folded.now
    )
    assert json.loads(json.dumps(dump)) == dump
    assert {"incidents", "units", "cameras", "quarantine", "metrics"} <= dump.keys()
    incident = dump["incidents"][0]
    assert incident["source_ids"] == ["110:i1"]
    assert incident["units"] == ["p1"]
    assert incident["clocks"]["dispatch"]["done_at"] is not None
    assert incident["clocks"]["arrive"]["done_at"] is None
    assert dump["units"][0] == {
        "id": "p1",
        "status": "dispatched",
        "lat": 31.2,
        "lon": 121.4,
        "incident": "i1",
    }
    assert dump["cameras"] == [{"id": "C001", "online": True}, {"id": "C002", "online": False}]
    assert dump["quarantine"][0]["reason"] == "no id"


def test_taken_changes_leave_nothing_behind() -> None:
    changes = Changes(incidents={"i1"})
    taken = changes.take()
    assert taken.incidents == {"i1"}
    assert not changes
    changes.incidents.add("i2")
    assert taken.incidents == {"i1"}


def test_the_dump_has_the_sketches_that_stand_on_all_desks_at_its_instant(folded: Folded) -> None:
    ends_at = folded.now + 60_000
    line = ("line", ((31.2, 121.4), (31.3, 121.5)), "cordon", (), ends_at)
    changes = folded.do(cmd.ShareSketch("s1", *line))
    assert changes.sketches == {"s1"}
    folded.do(cmd.ShareSketch("s2", *line), cmd.WithdrawSketch("s2", "moved"))

    def sketches(at: int) -> list[dict[str, object]]:
        return state_dump(folded.projections, incident_types().limits, {}, [], at)["sketches"]  # type: ignore[no-any-return]

    (shown,) = sketches(ends_at - 1)
    assert (shown["id"], shown["desk"], shown["points"]) == ("s1", "desk-1", [[31.2, 121.4], [31.3, 121.5]])
    assert sketches(ends_at) == []
