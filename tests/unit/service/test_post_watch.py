"""Positions say that a unit has reached its post: near enough, after the order, once."""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.unit import PostOrder, Unit
from app.journal.store import TrackPoint
from app.service.bus import Submission, Told
from app.service.post_watch import THERE_M, PostWatch

AT = 1_795_330_626_000
LAT, LON = 31.22, 121.47
METRE_DEG = 1 / 111_195


def fix(north_m: float, at: int = AT + 1, unit: str = "p1") -> TrackPoint:
    return TrackPoint(unit, at, LAT + north_m * METRE_DEG, LON)


def test_it_is_there_when_it_is_near_after_the_order_and_that_is_asked_once() -> None:
    desk = Desk()
    desk.units["p1"] = Unit("p1", "police", "p1", post_order=PostOrder("o1", LAT, LON, "g", AT))
    desk.units["p2"] = Unit("p2", "police", "p2")
    posted: list[tuple[Submission, Told]] = []
    watch = PostWatch(lambda: desk, lambda *one: posted.append(one), "desk-1")
    for other in (fix(THERE_M + 1), fix(0, AT - 1), fix(0, unit="p2"), fix(0, unit="stranger")):
        watch.put(other)
    assert posted == []
    watch.put(fix(THERE_M - 1, AT + 5))
    watch.put(fix(0, AT + 6))
    ((submission, told),) = posted
    assert submission.commands == (cmd.ReachPost("p1", "o1"),)
    assert (submission.context.occurred_at, submission.context.role) == (AT + 5, "system")
    told(Refusal("reason_missing", "p1"))
    watch.put(fix(0, AT + 7))
    assert len(posted) == 2, "what could not be written is said again with the next fix"
