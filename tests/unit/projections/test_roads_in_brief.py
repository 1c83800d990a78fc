"""Closed roads in the brief of a hand-over: one line for a street, with why, until when and who may pass."""

from __future__ import annotations

from app.domain import events as ev
from app.domain.clocks import Limits
from app.domain.desk import Desk
from app.domain.road import PlannedClosure
from app.domain.shift import ShiftSpan
from app.domain.shift_limits import ShiftLimits
from app.projections.shift_brief import Brief, brief_of, material_of
from app.projections.signed_brief import changes_between, lines_of

AT = 1_795_330_626_000
HOUR_MS = 3_600_000
SPAN = ShiftSpan("20261122-0800", AT - HOUR_MS, AT + HOUR_MS)


def closed(*roads: str, **facts: object) -> Desk:
    desk = Desk()
    given = {"name": "人民路", "reason": "火场", "from_at": AT, "until_at": AT + HOUR_MS, **facts}
    for road in roads:
        desk.apply(f"road/{road}", ev.RoadClosed(road, **given), AT, AT, "officer", "desk-2")  # type: ignore[arg-type]
    return desk


def brief(desk: Desk, now: int = AT, planned: tuple[PlannedClosure, ...] = ()) -> Brief:
    limits = Limits({"other": {}}, "other")
    return brief_of(material_of(desk, (), SPAN, now, (), limits, ShiftLimits(), planned))


def test_a_street_is_one_line_and_what_is_over_or_open_again_is_none() -> None:
    desk = closed("R1", "R2", emergency_passes=True)
    (line,) = brief(desk).of("roads")
    assert (line.key, line.facts["pieces"], line.facts["passes"]) == ("R1", 2, True)
    assert (line.facts["title"], line.facts["reason"], line.facts["desk"]) == ("人民路", "火场", "desk-2")
    assert brief(desk, AT + HOUR_MS).of("roads") == []
    for road in ("R1", "R2"):
        desk.apply(f"road/{road}", ev.RoadOpened(road, "人民路"), AT, AT, "officer", "desk-2")
    assert brief(desk).of("roads") == []


def test_who_may_pass_from_now_on_is_a_change_between_two_signatures() -> None:
    before, after = brief(closed("R1")), brief(closed("R1", emergency_passes=True))
    (change,) = changes_between(lines_of(before), lines_of(after))
    assert (change.what, change.section, change.key) == ("changed", "roads", "R1")


def test_what_is_closed_later_stands_there_already() -> None:
    (line,) = brief(closed("R1", from_at=AT + 1000)).of("roads")
    assert line.facts["from_at"] == AT + 1000


def test_what_the_plan_closes_stands_beside_it_with_its_end_as_far_as_it_is_near() -> None:
    soon, far = AT + HOUR_MS, AT + 100 * HOUR_MS
    plan = (
        PlannedClosure("R1", "人民路", "Renmin Road", AT - 1, soon, True),
        PlannedClosure("R2", "人民路", "Renmin Road", AT - 1, soon, True),
        PlannedClosure("R3", "", ""),
        PlannedClosure("R4", "新街", "Xin Street", soon),
        PlannedClosure("R5", "远街", "Far Street", far),
        PlannedClosure("R6", "旧街", "Old Street", 0, AT),
    )
    ordered, *planned = brief(closed("R1"), AT, plan).of("roads")
    assert (ordered.kind, ordered.key) == ("road", "R1")
    told = [(line.key, line.facts["title"], line.facts["title_en"], line.facts["until"]) for line in planned]
    assert told == [
        (f"R1:{AT - 1}", "人民路", "Renmin Road", soon),
        ("R3:0", "R3", "R3", 0),
        (f"R4:{soon}", "新街", "Xin Street", 0),
    ]
    assert planned[0].facts["pieces"] == 2
    (change,) = changes_between(lines_of(brief(Desk(), AT, plan)), lines_of(brief(Desk(), soon, plan)))
    assert (change.what, change.kind, change.key) == ("gone", "planned_road", f"R1:{AT - 1}")
