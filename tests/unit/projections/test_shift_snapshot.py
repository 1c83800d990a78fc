"""What stands about shifts survives a snapshot: a restart in the middle of a hand-over folds nothing twice."""

from __future__ import annotations

from app.domain import events as ev
from app.domain.duty import DutyTurn
from app.projections import snapshot
from app.projections.projections import Projections

TURN = DutyTurn(1_000, 2_000, "p1", "gate", "staff/1", ("staff/2",))


def test_signatures_officers_patrols_and_the_plan_come_back() -> None:
    before = Projections()
    desk = before.desk
    for stream, event in (
        ("shift/s1", ev.ShiftNoted("s1", "n1", "pump")),
        ("shift/s1", ev.ShiftSignedOut("s1", "staff/1", "shift_lead", "digest", ("a|b/c|d",))),
        ("roster/r1", ev.DutyPlanAdopted("r1", "file", 0, 3_000, (TURN,))),
        ("officer/staff/1", ev.OfficerSignedOn("staff/1", "p1", "gate")),
        ("patrol/x", ev.PatrolPointMissed("x", "K1", "p1", False)),
    ):
        desk.apply(stream, event, 1_500, 1_500, "zhang", "desk-1")
    after = Projections()
    snapshot.restore(snapshot.encode(snapshot.picture_of(before)), after)
    for name in ("shifts", "officers", "patrols", "duty"):
        assert getattr(after.desk, name) == getattr(desk, name)
    assert after.desk.duty == (TURN,)
    assert after.desk.shifts["s1"].waits_for == "in"
