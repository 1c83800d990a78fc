"""Two desks on one PostgreSQL journal: of two that send the same unit one wins, and each sees what the other does."""

from __future__ import annotations

import asyncio

import pytest

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.i18n import set_language
from app.service.refusals import refusal_text
from tests.scenario.desks import desk, report, seen

pytestmark = pytest.mark.postgres


async def test_a_change_of_one_desk_appears_on_the_other(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        await seen(b, lambda: "i1" in b.projections.desk.incidents)
        await b.bus.submit(cmd.DispatchUnits("i1", ("p1",)), b.context())
        await seen(a, lambda: a.projections.desk.incidents["i1"].status == "dispatched")
        assert a.projections.desk == b.projections.desk


async def test_of_two_desks_that_send_the_same_unit_one_wins(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        await a.bus.submit(report("i2"), a.context())
        await seen(b, lambda: "i2" in b.projections.desk.incidents)
        sent = await asyncio.gather(
            a.bus.submit(cmd.DispatchUnits("i1", ("p1",)), a.context()),
            b.bus.submit(cmd.DispatchUnits("i2", ("p1",)), b.context()),
            return_exceptions=True,
        )
        (refused,) = [answer for answer in sent if isinstance(answer, Refusal)]
        assert (refused.rule, refused.subject) == ("unit_busy", "p1")
        winner = "a" if a.projections.desk.incidents["i1"].units else "b"
        assert refused.by is not None
        assert (refused.by.desk, refused.by.actor, refused.by.did) == (
            winner,
            f"officer of {winner}",
            "unit.dispatched",
        )
        for language, word in (("en", "was first at"), ("zh_CN", "先派出")):
            set_language(language)
            sentence = refusal_text(refused)
            assert word in sentence
            assert f"officer of {winner}" in sentence
        lines = await a.timeline("i1" if a.projections.desk.incidents["i1"].units else "i2")
        assert lines[-1].actor in ("officer of a", "officer of b")


async def test_a_sketch_of_one_desk_is_the_others_to_see_and_not_to_withdraw(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        outline = ((31.22, 121.47), (31.23, 121.47), (31.22, 121.48))
        share = cmd.ShareSketch("s1", "area", outline, "cordon", (), a.clock.now() + 3_600_000)
        await a.bus.submit(share, a.context())
        await seen(b, lambda: "s1" in b.projections.desk.sketches)
        assert b.projections.desk.sketches == a.projections.desk.sketches
        assert (b.projections.desk.sketches["s1"].desk, b.projections.desk.sketches["s1"].points) == (
            "a",
            outline,
        )
        with pytest.raises(Refusal) as refusal:
            await b.bus.submit(cmd.WithdrawSketch("s1", "not ours"), b.context())
        assert refusal.value.rule == "sketch_of_other_desk"
        await a.bus.submit(cmd.WithdrawSketch("s1", "road is open"), a.context())
        await seen(b, lambda: b.projections.desk.sketches["s1"].status == "withdrawn")


BOTH_AT_ONCE = [
    (cmd.AcceptIncident("i1"), "overtaken", "incident.accepted"),
    (cmd.CloseIncident("i1", "false_alarm", "nothing there"), "incident_ended", "incident.closed"),
    (cmd.MergeIncident("i1", "i2"), "incident_ended", "incident.merged"),
    (cmd.ClaimIncident("i1"), "claimed_by_other", ""),
]


@pytest.mark.parametrize(("command", "rule", "did"), BOTH_AT_ONCE, ids=lambda v: type(v).__name__)
async def test_of_two_desks_that_do_the_same_the_second_is_told_by_whom(
    postgres_url: str, command: cmd.Command, rule: str, did: str
) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        await a.bus.submit(report("i2"), a.context())
        await seen(b, lambda: "i2" in b.projections.desk.incidents)
        answers = await asyncio.gather(
            a.bus.submit(command, a.context()), b.bus.submit(command, b.context()), return_exceptions=True
        )
        (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
        (won,) = [answer for answer in answers if isinstance(answer, tuple)]
        assert refused.rule == rule
        assert won[-1].desk in refusal_text(refused)
        assert won[-1].actor in refusal_text(refused)
        if did:
            assert refused.by is not None
            assert (refused.by.desk, refused.by.did) == (won[-1].desk, did)
