"""A snapshot is the same state again, whatever is folded in afterwards; anything else is refused."""

from __future__ import annotations

import pytest

from app.centre.types_in_force import incident_types
from app.domain import commands as cmd
from app.projections import snapshot
from app.projections.changes import Changes
from app.projections.projections import Projections
from app.projections.state_dump import state_dump
from tests.unit.projections.records import UNITS, Folded, report


def lived_in() -> Folded:
    folded = Folded()
    folded.do(report("i1"), cmd.DispatchUnits("i1", ("p1",)), cmd.SetUnitStatus("p1", "on_scene"))
    folded.do(cmd.CloseIncident("i1", "resolved", "done"), report("i2"), report("i3", "g2"))
    folded.do(cmd.MergeIncident("i3", "i2"), cmd.DispatchUnits("i2", ("p2",)))
    folded.do(cmd.RaiseAlarm("a1", "camera", "e1", "fire", 1, "smoke"), cmd.AcknowledgeAlarm("a1"))
    folded.do(cmd.RaiseAlarm("a2", "sensor", "e2", "water", 3, "water", grid="g1", device="w1"))
    folded.do(cmd.RaiseAlarm("a3", "sensor", "e3", "sos", 2, "help"), cmd.ClearAlarm("a3"))
    folded.do(cmd.ShelveAlarm("h1", "device", "a2", "works", folded.now + 600_000), cmd.ReviewShelved("h1"))
    ring = ("rings", ((31.2, 121.4),), "keep out", (100.0, 200.0), folded.now + 60_000)
    folded.do(cmd.ShareSketch("s1", *ring), cmd.ShareSketch("s2", *ring), cmd.WithdrawSketch("s2", "moved"))
    folded.do(
        cmd.LinkIncidents("i1", "i2", "cause"), cmd.AttachFile("i2", "ab" * 32, "a.jpg", "image/jpeg", 9)
    )
    folded.do(cmd.SuperviseIncident("i2", "the mayor asks"), cmd.ReturnIncident("i2", "p2", "too far"))
    dog = ("dog in the yard", True, folded.now + 60_000, "gate 3")
    folded.do(
        cmd.PutPremiseNote("n1", *dog), cmd.PutPremiseNote("n2", *dog), cmd.WithdrawPremiseNote("n2", "gone")
    )
    folded.do(cmd.SetCameraStatus("C001", online=False), cmd.QuarantineMessage("q1", "110", "no id"))
    return folded


def dump(projections: Projections, at: int) -> object:
    return state_dump(projections, incident_types().limits, {}, ["C001"], at)


def test_restoring_gives_the_same_state_and_folding_on_keeps_it_the_same() -> None:
    folded = lived_in()
    data = snapshot.encode(snapshot.picture_of(folded.projections))
    restored = Projections(UNITS)
    snapshot.restore(data, restored)
    assert restored.desk == folded.projections.desk
    assert restored.handling.all() == folded.projections.handling.all() != []
    assert restored.alarm_load.counts == folded.projections.alarm_load.counts
    assert restored.alarm_lane.groups.keys() == folded.projections.alarm_lane.groups.keys() == {"a1", "a3"}
    assert restored.alarm_lane.shelf_of("a2") == "h1"
    assert restored.alarm_lane.unanswered == {"a3": None}
    assert dump(restored, folded.now) == dump(folded.projections, folded.now)
    before = len(folded.records)
    folded.do(report("i4"), cmd.UnmergeIncident("i3", "another corner"), cmd.UnlinkIncidents("i2", "i1"))
    folded.do(cmd.WithdrawIncident("i2", "by caller"), cmd.ClearAlarm("a1"))
    folded.do(cmd.WithdrawSketch("s1", "over"))
    for record in folded.records[before:]:
        restored.apply(record, Changes())
    assert restored.desk == folded.projections.desk
    assert dump(restored, folded.now) == dump(folded.projections, folded.now)


def test_the_picture_does_not_change_with_the_desk() -> None:
    folded = lived_in()
    picture = snapshot.picture_of(folded.projections)
    data = snapshot.encode(picture)
    folded.do(report("i4"))
    assert snapshot.encode(picture) == data


@pytest.mark.parametrize("data", [b"", b"nonsense", snapshot.encode(snapshot.picture_of(Projections()))[:-3]])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        snapshot.restore(data, Projections(UNITS))
