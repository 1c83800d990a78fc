"""From a wish to a durable fact: order, atomicity, repeats, other desks, a journal that cannot be written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.journal.errors import JournalUnavailable
from app.journal.store import Batch, FeedPosition, Receipt
from app.projections import snapshot
from app.projections.projections import Projections
from app.service.bus import BATCH_LIMIT, Submission
from app.service.projector import saved_state
from tests.unit.service.conftest import UNITS, BusUnderTest, report, start_bus


async def test_what_is_answered_is_durable_and_folded_in(desk_a: BusUnderTest) -> None:
    await desk_a.do(report("i1"))
    assert desk_a.desk.incidents["i1"].number.endswith("-001")
    assert await desk_a.journal.call(lambda j: [r.event.TYPE for r in j.read()]) == ["incident.reported"]


async def test_a_flood_is_answered_in_order_and_in_few_commits(desk_a: BusUnderTest) -> None:
    count = BATCH_LIMIT * 3
    answers = [desk_a.bus.offer(desk_a.from_feed(report(f"i{n}"), str(n))) for n in range(count)]
    records = [record for answer in await asyncio.gather(*answers) for record in answer]
    assert [r.seq for r in records] == list(range(1, count + 1))
    assert [r.event.incident for r in records] == [f"i{n}" for n in range(count)]


async def test_an_officer_does_not_wait_behind_a_flood(desk_a: BusUnderTest) -> None:
    flood = [desk_a.bus.offer(desk_a.from_feed(report(f"i{n}"), str(n))) for n in range(BATCH_LIMIT * 4)]
    await desk_a.do(report("mine"))
    assert not flood[-1].done()
    await asyncio.gather(*flood)


async def test_a_refusal_reaches_whoever_asked_and_nobody_else(desk_a: BusUnderTest) -> None:
    good = desk_a.bus.offer(desk_a.from_feed(report("i1"), "1"))
    bad = desk_a.bus.offer(Submission((cmd.AcceptIncident("i9"),), desk_a.officer()))
    with pytest.raises(Refusal, match="incident_unknown"):
        await bad
    assert len(await good) == 1


async def test_commands_of_one_submission_stand_or_fall_together(desk_a: BusUnderTest) -> None:
    both = Submission((report("i1"), cmd.DispatchUnits("i1", ("nobody",))), desk_a.officer())
    with pytest.raises(Refusal, match="unit_unknown"):
        await desk_a.bus.offer(both)
    assert "i1" not in desk_a.desk.incidents
    assert await desk_a.journal.call(lambda journal: journal.head()) == 0


async def test_what_a_feed_sent_and_a_rule_refuses_becomes_what_the_submission_says_otherwise(
    desk_a: BusUnderTest,
) -> None:
    held = Submission((cmd.QuarantineMessage("q1", "110", "no such incident"),), desk_a.feed())
    refused = Submission(
        (cmd.WithdrawIncident("i9", "by caller"),),
        desk_a.feed(),
        position=FeedPosition("feed", "7"),
        otherwise=lambda _refusal: held,
    )
    (record,) = await desk_a.bus.offer(refused)
    assert record.event.TYPE == "message.quarantined"
    assert desk_a.desk.quarantine["q1"].reason == "no such incident"


async def test_what_was_taken_in_before_a_crash_is_not_held_because_it_would_be_refused_now(
    desk_a: BusUnderTest,
) -> None:
    await desk_a.journal.append(Batch((), receipts=(Receipt("110", "1"),)))

    def sent(event: str) -> Submission:
        held = Submission(
            (cmd.QuarantineMessage(f"q{event}", "110", "closed"),),
            desk_a.feed(),
            receipt=Receipt("quarantine", event),
            position=FeedPosition("feed", event),
        )
        return Submission(
            (cmd.WithdrawIncident("i9", "by caller"),),
            desk_a.feed(),
            receipt=Receipt("110", event),
            position=FeedPosition("feed", event),
            otherwise=lambda _refusal: held,
        )

    again, fresh = desk_a.bus.offer(sent("1")), desk_a.bus.offer(sent("2"))
    assert await again == ()
    assert [record.event.TYPE for record in await fresh] == ["message.quarantined"]
    assert set(desk_a.desk.quarantine) == {"q2"}
    assert await desk_a.journal.call(lambda j: j.feed_positions()) == {"feed": "2"}


async def test_a_message_is_taken_in_once_however_often_it_comes(desk_a: BusUnderTest) -> None:
    first = desk_a.bus.offer(desk_a.from_feed(report("i1"), "1"))
    again = desk_a.bus.offer(desk_a.from_feed(cmd.EnrolUnit("x", "external", "x"), "1"))
    assert (len(await first), len(await again)) == (1, 0)
    assert "x" not in desk_a.desk.units


async def test_a_message_that_another_start_took_in_brings_only_its_place(desk_a: BusUnderTest) -> None:
    await desk_a.journal.append(Batch((), receipts=(Receipt("110", "1"),)))
    known = Submission(
        (report("i1"),),
        desk_a.feed(),
        receipt=Receipt("110", "1"),
        position=FeedPosition("feed", "1"),
    )
    fresh = desk_a.bus.offer(desk_a.from_feed(report("i2"), "2"))
    assert await desk_a.bus.offer(known) == ()
    assert len(await fresh) == 1
    assert list(desk_a.desk.incidents) == ["i2"]
    assert await desk_a.journal.call(lambda journal: journal.feed_positions()) == {"feed": "1"}


async def test_of_two_desks_that_send_the_same_unit_exactly_one_wins(
    desk_a: BusUnderTest, desk_b: BusUnderTest
) -> None:
    await desk_a.do(report("i1"))
    await desk_a.do(report("i2"))
    await desk_b.projector.catch_up()
    results = await asyncio.gather(
        desk_a.do(cmd.DispatchUnits("i1", ("p1",))),
        desk_b.do(cmd.DispatchUnits("i2", ("p1",))),
        return_exceptions=True,
    )
    (refused,) = [r for r in results if isinstance(r, Refusal)]
    assert refused.rule == "unit_busy"
    await desk_a.projector.catch_up()
    await desk_b.projector.catch_up()
    assert desk_a.desk == desk_b.desk
    assert len(desk_a.desk.units["p1"].assignments) == 1


async def test_two_desks_under_fire_end_in_the_same_state_with_nothing_lost(
    desk_a: BusUnderTest, desk_b: BusUnderTest
) -> None:
    reports = [
        desk.bus.offer(desk.from_feed(report(f"{desk.name}{n}"), f"{desk.name}{n}"))
        for n in range(150)
        for desk in (desk_a, desk_b)
    ]
    await asyncio.gather(*reports)
    await desk_a.projector.catch_up()
    await desk_b.projector.catch_up()
    assert len(desk_a.desk.incidents) == 300
    assert desk_a.desk == desk_b.desk
    assert len({i.number for i in desk_a.desk.incidents.values()}) == 300
    assert (await desk_a.journal.call(lambda journal: journal.verify())).ok


async def test_while_the_journal_cannot_be_written_officers_are_told_and_feeds_wait(
    desk_a: BusUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    desk_a.bus.on_trouble = told.append
    real_append = desk_a.journal.append
    broken = True

    async def append(batch: Batch) -> object:
        if broken:
            raise JournalUnavailable("disk_full", where="journal.db", reason="full")
        return await real_append(batch)

    monkeypatch.setattr(desk_a.journal, "append", append)
    monkeypatch.setattr("app.service.bus.RETRY_S", 0.01)
    from_feed = desk_a.bus.offer(desk_a.from_feed(report("i1"), "1"))
    with pytest.raises(JournalUnavailable):
        await desk_a.do(report("mine"))
    assert not from_feed.done()
    assert desk_a.bus.trouble
    broken = False
    assert len(await from_feed) == 1
    assert told[-1] == ""
    assert "mine" not in desk_a.desk.incidents


async def test_a_cancelled_wish_is_not_decided(desk_a: BusUnderTest) -> None:
    wish = desk_a.bus.offer(Submission((report("i1"),), desk_a.officer()))
    wish.cancel()
    await desk_a.bus.drain()
    assert await desk_a.journal.call(lambda journal: journal.head()) == 0


async def test_an_unforeseen_fault_is_told_to_those_who_wait_and_the_bus_goes_on(
    desk_a: BusUnderTest, monkeypatch: pytest.MonkeyPatch, allow_log: Callable[[str], None]
) -> None:
    allow_log("a batch of 1 submissions was lost")

    async def fold(_records: object) -> None:
        raise ZeroDivisionError("fold")

    with monkeypatch.context() as broken:
        broken.setattr(desk_a.projector, "take", fold)
        with pytest.raises(ZeroDivisionError):
            await desk_a.do(report("i1"))
    await desk_a.do(report("i2"))
    assert set(desk_a.desk.incidents) == {"i1", "i2"}


async def test_a_start_from_a_snapshot_is_the_start_from_the_whole_journal(
    desk_a: BusUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.projector.SNAPSHOT_EVERY", 10)
    await asyncio.gather(*(desk_a.bus.offer(desk_a.from_feed(report(f"i{n}"), str(n))) for n in range(30)))
    assert desk_a.projector.snapshot_is_due()
    await desk_a.projector.save_snapshot()
    assert not desk_a.projector.snapshot_is_due()
    await desk_a.do(cmd.DispatchUnits("i3", ("p1",)))
    again = await start_bus("desk-c", tmp_path / "journal.db", running=False)
    again.projector.projections = Projections(UNITS)
    await again.projector.restore(await again.journal.call(saved_state))
    assert again.desk == desk_a.desk
    await again.close()
    journal = desk_a.journal
    await journal.call(lambda j: j.save_snapshot("desk", 5, snapshot.SCHEMA, b"damaged"))
    damaged = await start_bus("desk-d", tmp_path / "journal.db", running=False)
    damaged.projector.projections = Projections(UNITS)
    await damaged.projector.restore(await damaged.journal.call(saved_state))
    assert damaged.desk == desk_a.desk
    await damaged.close()
