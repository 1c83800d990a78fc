"""Orders that nobody takes and roll calls that nobody answers: raised once, taken back, the same after a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain import commands as cmd
from app.domain.field_limits import FieldLimits
from app.domain.roles import SYSTEM
from app.service.field_watch import (
    FORCE_REQUESTED,
    MESSAGE_UNREAD,
    ORDER_DECLINED,
    ORDER_OVERDUE,
    ROLL_OVERDUE,
    FieldWatch,
)
from tests.unit.service.conftest import BusUnderTest, report

LIMITS = FieldLimits()
ANSWER_MS = LIMITS.task(2).answer_ms
PAIRED = cmd.PairPhone("p1", "phone1", "0" * 64, "officer")
ROLL_MS = LIMITS.roll_every_ms("crowd", 2)


class Watched:
    def __init__(self, desk_under_test: BusUnderTest, limits: FieldLimits = LIMITS) -> None:
        self.under_test, self.limits = desk_under_test, limits
        self.asked: list[tuple[str, str]] = []
        self.start()

    def start(self) -> None:
        """As after a restart: nothing is remembered."""
        bus = self.under_test
        self.watch = FieldWatch(
            self.limits,
            lambda: bus.desk,
            bus.bus.post,
            bus.clock,
            bus.name,
            lambda u, i: self.asked.append((u, i)),
        )
        bus.projector.listen(self.watch.on_changes)
        self.watch.resume()

    async def after(self, ms: int) -> list[tuple[str, str, int]]:
        """(type, status, priority) of all alarms so much later."""
        clock = self.under_test.clock
        clock.set(clock.now() + ms)
        for _ in range(2):
            self.watch.look()
            await self.under_test.bus.drain()
        return [(a.alarm_type, a.status, a.priority) for a in self.under_test.desk.alarms.values()]


@pytest.fixture
async def watched(desk_a: BusUnderTest) -> Watched:
    await desk_a.do(report("i1"))
    await desk_a.do(cmd.DispatchUnits("i1", ("p1",)))
    return Watched(desk_a)


async def test_an_order_that_nobody_answers_is_an_alarm_until_it_is_answered(watched: Watched) -> None:
    await watched.under_test.do(cmd.NoteDelivery("p1", "i1", "read"))
    assert await watched.after(ANSWER_MS) == []
    assert await watched.after(1) == [(ORDER_OVERDUE, "raised", 2)]
    watched.start()
    assert await watched.after(1) == [(ORDER_OVERDUE, "raised", 2)]
    await watched.under_test.do(cmd.AnswerTask("p1", "i1", True))
    assert await watched.after(1) == [(ORDER_OVERDUE, "cleared", 2)]


async def test_a_silent_unit_on_scene_is_asked_then_raised_and_an_answer_takes_it_back(
    watched: Watched,
) -> None:
    await watched.under_test.do(cmd.SetUnitStatus("p1", "on_scene", "i1"))
    assert await watched.after(ROLL_MS) == []
    assert watched.asked == []
    assert await watched.after(1) == []
    assert watched.asked == [("p1", "i1")]
    assert await watched.after(LIMITS.grace_ms) == [(ROLL_OVERDUE, "raised", 1)]
    watched.start()
    assert await watched.after(1) == [(ROLL_OVERDUE, "raised", 1)]
    await watched.under_test.do(cmd.AnswerRollCall("p1", "i1"))
    assert await watched.after(1) == [(ROLL_OVERDUE, "cleared", 1)]
    assert len(await watched.after(ROLL_MS + LIMITS.grace_ms)) == 2


@pytest.mark.parametrize(
    "end",
    [
        lambda: cmd.SetUnitStatus("p1", "available", "i1"),
        lambda: cmd.CloseIncident("i1", "resolved", "done"),
        lambda: cmd.PauseRollCall("p1", "i1", "interview"),
    ],
)
async def test_who_has_left_or_is_not_to_be_asked_raises_nothing(
    watched: Watched, end: Callable[[], cmd.Command]
) -> None:
    await watched.under_test.do(cmd.SetUnitStatus("p1", "on_scene", "i1"))
    await watched.after(ROLL_MS + LIMITS.grace_ms + 1)
    await watched.under_test.do(end())
    assert await watched.after(10 * ROLL_MS) == [(ROLL_OVERDUE, "cleared", 1)]


async def test_two_desks_raise_the_same_one(watched: Watched, desk_b: BusUnderTest) -> None:
    await desk_b.projector.catch_up()
    other = Watched(desk_b)
    desk_b.clock.set(watched.under_test.clock.now())
    for one in (watched, other):
        assert len(await one.after(ANSWER_MS + 1)) == 1
    await watched.under_test.projector.catch_up()
    assert watched.under_test.desk.alarms.keys() == desk_b.desk.alarms.keys()


async def test_an_order_that_a_unit_declines_is_an_alarm_until_another_is_sent(watched: Watched) -> None:
    desk = watched.under_test
    await desk.do(cmd.AnswerTask("p1", "i1", False, "tied up"))
    assert await watched.after(1) == [(ORDER_DECLINED, "raised", 2)]
    title = next(iter(desk.desk.alarms.values())).title
    assert "tied up" in title
    watched.start()
    assert await watched.after(1) == [(ORDER_DECLINED, "raised", 2)]
    await desk.do(cmd.DispatchUnits("i1", ("p2",)))
    assert await watched.after(1) == [(ORDER_DECLINED, "cleared", 2)]


async def test_who_was_there_already_does_not_stand_in_for_who_declines(watched: Watched) -> None:
    desk = watched.under_test
    await desk.do(cmd.DispatchUnits("i1", ("p2",)))
    desk.clock.set(desk.clock.now() + 1)
    await desk.do(cmd.AnswerTask("p1", "i1", False))
    assert await watched.after(1) == [(ORDER_DECLINED, "raised", 2)]
    await desk.do(cmd.ResendTask("p2", "i1"))
    assert await watched.after(1) == [(ORDER_DECLINED, "raised", 2)]
    await desk.do(cmd.WithdrawIncident("i1", "false alarm"))
    assert await watched.after(1) == [(ORDER_DECLINED, "cleared", 2)]


async def test_a_decline_of_what_is_not_urgent_raises_nothing(desk_a: BusUnderTest) -> None:
    await desk_a.do(replace(report("i1"), priority=3))
    await desk_a.do(cmd.DispatchUnits("i1", ("p1",)))
    await desk_a.do(cmd.AnswerTask("p1", "i1", False))
    assert await Watched(desk_a).after(1) == []


@pytest.mark.parametrize(
    "leaves",
    [
        lambda: cmd.SetUnitStatus("p1", "available", "i1"),
        lambda: cmd.RecallUnit("i1", "p1", "needed elsewhere"),
    ],
)
async def test_what_is_asked_for_stands_until_it_is_met_whatever_the_unit_does(
    watched: Watched, leaves: Callable[[], cmd.Command]
) -> None:
    desk = watched.under_test
    await desk.do(cmd.SetUnitStatus("p1", "on_scene", "i1"))
    await desk.do(cmd.RequestForce("i1", "r-1", "p1", ("police",), 1, "crowd grows"))
    assert await watched.after(1) == [(FORCE_REQUESTED, "raised", 2)]
    await desk.do(leaves())
    assert await watched.after(1) == [(FORCE_REQUESTED, "raised", 2)]
    watched.start()
    assert await watched.after(1) == [(FORCE_REQUESTED, "raised", 2)]
    await desk.do(cmd.SettleForceRequest("i1", "r-1", False, "none free"))
    assert await watched.after(1) == [(FORCE_REQUESTED, "cleared", 2)]


@pytest.mark.parametrize("overdue_ms", [ANSWER_MS + 1, 10 * ROLL_MS])
async def test_a_desk_with_other_limits_takes_back_nothing_that_another_has_raised(
    watched: Watched, desk_b: BusUnderTest, overdue_ms: int
) -> None:
    first, patient = watched.under_test, replace(LIMITS, grace_ms=LIMITS.grace_ms * 1000)
    if overdue_ms > ANSWER_MS + 1:
        await first.do(cmd.SetUnitStatus("p1", "on_scene", "i1"))
    patient = replace(patient, tasks={p: replace(t, answer_ms=10**9) for p, t in LIMITS.tasks.items()})
    raised = await watched.after(overdue_ms)
    assert [status for _, status, _ in raised] == ["raised"]
    await desk_b.projector.catch_up()
    desk_b.clock.set(first.clock.now())
    other = Watched(desk_b, patient)
    assert await other.after(1) == raised
    await first.projector.catch_up()
    assert await watched.after(1) == raised


async def test_an_answer_that_waited_on_the_phone_takes_back_what_was_raised_meanwhile(
    watched: Watched,
) -> None:
    desk = watched.under_test
    await desk.do(cmd.SetUnitStatus("p1", "on_scene", "i1"))
    pressed_at = desk.clock.now() + ROLL_MS
    assert await watched.after(ROLL_MS + LIMITS.grace_ms + 1) == [(ROLL_OVERDUE, "raised", 1)]
    late = replace(desk.officer(), occurred_at=pressed_at)
    await desk.bus.submit(cmd.AnswerRollCall("p1", "i1"), late)
    assert await watched.after(1) == [(ROLL_OVERDUE, "cleared", 1)]


POST_MS = LIMITS.post.answer_ms
TO_POST = cmd.OrderToPost("p2", "o1", 31.22, 121.47, "310198006001001")


async def test_an_order_to_a_post_that_nobody_takes_is_raised_once_on_all_desks_until_it_is_answered(
    watched: Watched, desk_b: BusUnderTest
) -> None:
    desk = watched.under_test
    await desk.do(cmd.WithdrawIncident("i1", "false alarm"))
    await desk.do(TO_POST)
    assert await watched.after(LIMITS.post.deliver_ms) == []
    assert await watched.after(1) == [(ORDER_OVERDUE, "raised", 3)]
    watched.start()
    await desk_b.projector.catch_up()
    desk_b.clock.set(desk.clock.now())
    other = Watched(desk_b)
    assert await other.after(1) == [(ORDER_OVERDUE, "raised", 3)]
    await desk.projector.catch_up()
    await desk.do(cmd.NotePostDelivery("p2", "o1", "read"))
    assert await watched.after(1) == [(ORDER_OVERDUE, "cleared", 3)]
    assert (await watched.after(POST_MS))[1:] == [(ORDER_OVERDUE, "raised", 3)]
    await desk.do(cmd.ResendPost("p2"))
    assert {status for _, status, _ in await watched.after(1)} == {"cleared"}
    await desk.do(cmd.AnswerPost("p2", "o1", True))
    assert len(await watched.after(10 * POST_MS)) == 2, "who has said that it goes is waited for"


async def test_a_declined_post_is_an_alarm_until_another_goes_there(watched: Watched) -> None:
    desk = watched.under_test
    await desk.do(cmd.WithdrawIncident("i1", "false alarm"))
    await desk.do(TO_POST)
    await desk.do(cmd.AnswerPost("p2", "o1", False, "no fuel"))
    assert await watched.after(1) == [(ORDER_DECLINED, "raised", 3)]
    (alarm,) = desk.desk.alarms.values()
    assert "no fuel" in alarm.title and (alarm.lat, alarm.grid) == (31.22, "310198006001001")
    watched.start()
    assert await watched.after(1) == [(ORDER_DECLINED, "raised", 3)]
    await desk.do(replace(TO_POST, unit="p1", order="o2"))
    assert await watched.after(1) == [(ORDER_DECLINED, "cleared", 3)]


@pytest.mark.parametrize("incident", ["i1", ""])
async def test_what_a_unit_wrote_and_nobody_read_is_an_alarm_until_somebody_at_a_desk_reads_it(
    watched: Watched, incident: str
) -> None:
    desk = watched.under_test
    await desk.do(cmd.AnswerTask("p1", "i1", True))
    for number in (1, 2):
        await desk.bus.submit(cmd.MessageDesk("p1", f"act-0000{number}", "calm", incident), desk.feed())
    assert await watched.after(LIMITS.unread_ms) == []
    raised = (MESSAGE_UNREAD, "raised", 2 if incident else 3)
    assert await watched.after(1) == [raised], "one alarm for a unit, whatever it wrote"
    watched.start()
    assert await watched.after(1) == [raised]
    await desk.do(cmd.ReadUnitMessages("p1"))
    assert [status for _, status, _ in await watched.after(1)] == ["cleared"]
    assert len(await watched.after(10 * LIMITS.unread_ms)) == 1


def at_the_door(desk: BusUnderTest) -> cmd.Context:
    return cmd.Context("field:door", SYSTEM, desk.name, desk.clock.now())


def told(number: int, incident: str = "i1", *, asks_reading: bool = True) -> cmd.MessageUnit:
    return cmd.MessageUnit("p1", f"m{number}", "hold where you are", incident, asks_reading)


@pytest.fixture
async def with_phone(watched: Watched) -> Watched:
    """The unit has taken its order, and has a phone."""
    await watched.under_test.do(cmd.AnswerTask("p1", "i1", True))
    await watched.under_test.bus.submit(PAIRED, at_the_door(watched.under_test))
    return watched


@pytest.mark.parametrize("incident", ["i1", ""])
async def test_what_the_desk_wrote_and_a_unit_has_not_read_is_one_alarm_until_it_reads_it(
    with_phone: Watched, incident: str
) -> None:
    desk = with_phone.under_test
    for number in (1, 2):
        await desk.do(told(number, incident))
    assert await with_phone.after(LIMITS.reading_ms) == []
    raised = (MESSAGE_UNREAD, "raised", 2 if incident else 3)
    assert await with_phone.after(1) == [raised], "one alarm for a unit, whatever it was told"
    with_phone.start()
    await desk.do(told(3, incident))
    assert await with_phone.after(10 * LIMITS.reading_ms) == [raised], "still one, after a restart too"
    await desk.bus.submit(cmd.ReadDeskMessages("p1"), desk.feed())
    assert [status for _, status, _ in await with_phone.after(1)] == ["cleared"]
    assert len(await with_phone.after(10 * LIMITS.reading_ms)) == 1


async def test_what_a_person_has_told_it_by_radio_is_not_raised_again_but_the_next_word_is(
    with_phone: Watched,
) -> None:
    desk = with_phone.under_test
    await desk.do(told(1))
    await with_phone.after(LIMITS.reading_ms + 1)
    (alarm,) = desk.desk.alarms
    await desk.do(cmd.CancelAlarms((alarm,), "told by radio"))
    assert await with_phone.after(10 * LIMITS.reading_ms) == [(MESSAGE_UNREAD, "cancelled", 2)]
    await desk.do(told(2))
    assert await with_phone.after(LIMITS.reading_ms) == [(MESSAGE_UNREAD, "cancelled", 2)]
    assert (MESSAGE_UNREAD, "raised", 2) in await with_phone.after(1)


@pytest.mark.parametrize(
    "end",
    [
        cmd.WithdrawIncident("i1", "false alarm"),
        cmd.UnpairPhones("p1", "lost"),
    ],
)
async def test_it_goes_when_nobody_waits_for_the_reading_any_more(
    with_phone: Watched, end: cmd.Command
) -> None:
    await with_phone.under_test.do(told(1))
    assert len(await with_phone.after(LIMITS.reading_ms + 1)) == 1
    await with_phone.under_test.do(end)
    assert (MESSAGE_UNREAD, "cleared", 2) in await with_phone.after(1)


async def test_what_nobody_waits_for_never_raises(watched: Watched) -> None:
    """Canned words that ask for no reading, a unit that nothing can be shown to, a centre that wants none."""
    desk, ever_ms = watched.under_test, 10 * LIMITS.reading_ms
    await desk.do(cmd.AnswerTask("p1", "i1", True))
    await desk.do(told(1))
    assert await watched.after(ever_ms) == [], "it has no phone"
    await desk.bus.submit(cmd.ReadDeskMessages("p1"), desk.feed())
    await desk.bus.submit(PAIRED, at_the_door(desk))
    await desk.do(told(2, asks_reading=False))
    assert await watched.after(ever_ms) == []
    await desk.do(told(3))
    assert await Watched(desk, replace(LIMITS, reading_ms=0)).after(ever_ms) == []


async def test_where_the_centre_wants_no_such_alarm_there_is_none(desk_a: BusUnderTest) -> None:
    await desk_a.do(report("i1"))
    await desk_a.bus.submit(cmd.MessageDesk("p1", "act-00001", "calm"), desk_a.feed())
    assert await Watched(desk_a, replace(LIMITS, unread_ms=0)).after(10**9) == []
