"""Triage through the bus: who may lift an order, what becomes of a unit's no, notes with an end, two desks at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.roles import SHIFT_LEAD
from app.service.bus import Submission
from tests.unit.service.conftest import START_AT, BusUnderTest, report, start_bus


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[tuple[BusUnderTest, BusUnderTest]]:
    first = await start_bus("desk-1", tmp_path / "journal.db")
    second = await start_bus("desk-2", tmp_path / "journal.db")
    yield first, second
    await second.close()
    await first.close()


async def test_a_units_no_to_an_order_is_kept_for_the_officer_to_see(
    desks: tuple[BusUnderTest, BusUnderTest],
) -> None:
    desk, _ = desks
    await desk.do(report("i1"))
    await desk.do(cmd.AssignByOrder("i1", ("p1",), reason="no other"))
    declines = replace(
        desk.from_feed(cmd.AnswerTask("p1", "i1", accepted=False, reason="busy")),
        otherwise=lambda refusal: Submission(
            (cmd.QuarantineMessage("q1", "110", refusal.rule),), desk.feed()
        ),
    )
    await desk.bus.offer(declines)
    assert desk.desk.quarantine["q1"].reason == "order_stands"
    assert desk.desk.incidents["i1"].units == ("p1",)


async def test_the_lead_lifts_an_order_and_the_officer_does_not(
    desks: tuple[BusUnderTest, BusUnderTest],
) -> None:
    desk, _ = desks
    await desk.do(report("i1"))
    await desk.do(cmd.AssignByOrder("i1", ("p1",), reason="no other"))
    gives_back = cmd.ReturnIncident("i1", "p1", "its car broke down")
    with pytest.raises(Refusal, match="order_stands"):
        await desk.do(gives_back)
    await desk.bus.submit(gives_back, replace(desk.officer(), role=SHIFT_LEAD))
    assert desk.desk.incidents["i1"].returned == 1


async def test_supervision_bears_the_name_of_the_lead(desks: tuple[BusUnderTest, BusUnderTest]) -> None:
    desk, other = desks
    await desk.do(report("i1"))
    with pytest.raises(Refusal, match="role_forbidden"):
        await desk.do(cmd.SuperviseIncident("i1", "the mayor asks"))
    lead = replace(desk.officer(), role=SHIFT_LEAD)
    await desk.bus.submit(cmd.SuperviseIncident("i1", "the mayor asks"), lead)
    await other.projector.catch_up()
    for seen in (desk, other):
        assert seen.desk.incidents["i1"].supervised_by == "officer of desk-1"


@pytest.mark.parametrize("expires_at", [0, START_AT, START_AT + 10**12])
async def test_a_note_needs_an_end_within_the_year(
    desks: tuple[BusUnderTest, BusUnderTest], expires_at: int
) -> None:
    desk, _ = desks
    with pytest.raises(Refusal, match="premise_end"):
        await desk.do(cmd.PutPremiseNote("n1", "dog", True, expires_at, "gate 3"))
    assert desk.desk.premises == {}


async def test_of_two_desks_that_undo_the_same_merge_one_does_and_the_other_is_told(
    desks: tuple[BusUnderTest, BusUnderTest],
) -> None:
    desk, other = desks
    for incident in ("i1", "i2"):
        await desk.do(report(incident))
    await desk.do(cmd.MergeIncident("i1", "i2"))
    await other.projector.catch_up()
    undo = cmd.UnmergeIncident("i1", "another corner")
    answers = await asyncio.gather(desk.do(undo), other.do(undo), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.rule for refusal in refused] == ["not_merged"]
    for seen in desks:
        await seen.projector.catch_up()
        assert seen.desk.by_source == {"110:i1": "i1", "110:i2": "i2"}


async def test_two_desks_that_link_the_same_two_agree(desks: tuple[BusUnderTest, BusUnderTest]) -> None:
    desk, other = desks
    for incident in ("i1", "i2"):
        await desk.do(report(incident))
    await other.projector.catch_up()
    await asyncio.gather(
        desk.do(cmd.LinkIncidents("i1", "i2", "cause")), other.do(cmd.LinkIncidents("i2", "i1", "cause"))
    )
    for seen in desks:
        await seen.projector.catch_up()
    links = [{key: seen.desk.incidents[key].links for key in ("i1", "i2")} for seen in desks]
    assert links[0] == links[1]
    (here,), (there,) = links[0].values()
    assert {here.relation, there.relation} == {"cause", "effect"}
