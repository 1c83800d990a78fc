"""What comes in is compared aside: a caller is known by a mark, nothing is merged, what is settled is said no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain import commands as cmd
from app.domain.incident import NOT_DUPLICATE
from app.duplicates.report import Report
from app.duplicates.rule_file import load_rule
from app.projections.changes import Changes
from app.service.duplicates import Duplicates
from app.service.reporter import Reporter, take_report
from tests.patience import PATIENCE_S
from tests.unit.service.conftest import START_AT, BusUnderTest, start_bus

PLACE = {"address": "书院弄119号", "lat": 31.2211, "lon": 121.4750}
PHONE = "13812341234"


class Watch:
    """The duplicates of one desk, with what they have told."""

    def __init__(self, desk: BusUnderTest) -> None:
        self.told: list[set[str]] = []
        self.found = Duplicates(load_rule(), desk.journal, lambda: desk.desk, self.told.append)
        desk.projector.listen(self.found.on_changes)
        desk.tasks.start(self.found.run(), "duplicates")

    async def until(self, incident: str, other: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.found.first_of(incident) != other:  # noqa: ASYNC110
                await asyncio.sleep(0.002)

    async def settled(self) -> None:
        """Until everything that came in has been compared."""
        async with asyncio.timeout(PATIENCE_S):
            while self.found._news.is_set():  # noqa: ASYNC110
                await asyncio.sleep(0.002)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    bus = await start_bus("desk-1", tmp_path / "journal.db")
    yield bus
    await bus.close()


def fire(incident: str, title: str, **fields: object) -> cmd.ReportIncident:
    return cmd.ReportIncident(incident, "110", incident, "fire", 1, title, **(PLACE | fields))  # type: ignore[arg-type]


async def two(desk: BusUnderTest, watch: Watch, *, phones: tuple[str, str] = ("", "")) -> None:
    titles = {"first": "书院弄厨房起火", "second": "书院弄着火了"}
    for (incident, title), phone in zip(titles.items(), phones, strict=True):
        desk.clock.set(desk.clock.now() + 1000)
        await take_report(desk.bus, desk.officer(), fire(incident, title), Reporter("", phone))
    await watch.until("second", "first")


async def test_whoever_comes_second_is_told_of_and_nothing_is_merged(desk: BusUnderTest) -> None:
    watch = Watch(desk)
    await two(desk, watch)
    assert {"second"} in watch.told
    assert watch.found.of("first") == []
    (likely,) = watch.found.of("second")
    assert likely.incident == "first"
    assert "同一地址" in likely.reasons
    assert likely.score >= watch.found.rule.threshold
    assert all(incident.is_open for incident in desk.desk.incidents.values())


async def test_one_number_is_one_caller_however_it_is_written_and_never_kept(desk: BusUnderTest) -> None:
    watch = Watch(desk)
    await two(desk, watch, phones=("138 1234-1234", "+86 13812341234"))
    assert "同一来电号码" in watch.found.of("second")[0].reasons
    assert PHONE not in repr(vars(watch.found)).replace("-", "").replace(" ", "")
    draft = Report("", desk.clock.now(), "fire", "书院弄着火")
    said = {likely.incident: likely.reasons for likely in watch.found.likely(draft, PHONE)}
    assert all("同一来电号码" in reasons for reasons in said.values())
    assert set(said) == {"first", "second"}
    assert Watch(desk).found._mark_of(PHONE) != watch.found._mark_of(PHONE), "a mark means nothing elsewhere"


async def test_what_is_settled_is_said_no_more(desk: BusUnderTest) -> None:
    watch = Watch(desk)
    await two(desk, watch)
    await desk.do(cmd.LinkIncidents("second", "first", NOT_DUPLICATE))
    await watch.until("second", "")
    await desk.do(cmd.UnlinkIncidents("second", "first"))
    await watch.until("second", "first")
    await desk.do(cmd.WithdrawIncident("first", "false alarm"))
    await watch.until("second", "")


async def test_what_says_nothing_new_is_not_told(desk: BusUnderTest) -> None:
    """A list paints a row anew for whatever is told: an open matter that goes on must not cost its neighbours that."""
    watch = Watch(desk)
    await two(desk, watch)
    await desk.do(cmd.UpdateIncident("first", priority=3))
    await watch.settled()
    watch.told.clear()
    await desk.do(cmd.AcceptIncident("second"))
    await desk.do(cmd.UpdateIncident("first", priority=4))
    await watch.settled()
    assert watch.told == []
    await desk.do(cmd.WithdrawIncident("first", "false alarm"))
    await watch.settled()
    assert set().union(*watch.told) == {"second"}


async def test_merged_it_is_gone_and_separated_it_is_back(desk: BusUnderTest) -> None:
    watch = Watch(desk)
    await two(desk, watch)
    await desk.do(cmd.MergeIncident("second", "first"))
    await watch.until("second", "")
    draft = Report("", desk.clock.now(), "fire", "书院弄厨房着火", address="书院弄119号")
    assert [likely.incident for likely in watch.found.likely(draft)] == ["first"]
    await desk.do(cmd.UnmergeIncident("second", "two kitchens"))
    await watch.until("second", "first")


async def test_a_place_that_is_put_right_is_compared_again(desk: BusUnderTest) -> None:
    watch = Watch(desk)
    await two(desk, watch)
    await desk.do(
        cmd.UpdateIncident("second", address="望浦大道5号", lat=31.2311, lon=121.4850, title="望浦大道着火")
    )
    await watch.until("second", "")


async def test_after_a_start_what_was_there_is_compared(desk: BusUnderTest) -> None:
    watch = Watch(desk)
    await two(desk, watch)
    again = Watch(desk)
    assert again.found.first_of("second") == ""
    again.found.resume(START_AT + 60_000)
    await again.until("second", "first")
    much_later = Watch(desk)
    much_later.found.resume(START_AT + 10 * 86_400_000)
    assert not much_later.found._waiting, "what nobody can report again is not compared"


async def test_what_nobody_reports_again_is_forgotten_with_its_caller(
    desk: BusUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.duplicates.PRUNE_EVERY", 1)
    watch = Watch(desk)
    await two(desk, watch, phones=(PHONE, PHONE))
    desk.clock.set(START_AT + 3 * 86_400_000)
    await desk.do(fire("late", "书院弄又着火了"))
    async with asyncio.timeout(PATIENCE_S):
        while len(watch.found) != 1:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    assert watch.found._callers == {}
    assert watch.found.of("second") == []
    await desk.do(cmd.UpdateIncident("second", title="书院弄着火"))
    assert watch.found.first_of("late") == ""


async def test_the_way_of_events_only_notes_what_has_changed(desk: BusUnderTest) -> None:
    found = Duplicates(load_rule(), desk.journal, lambda: desk.desk, lambda _keys: None)
    found.on_changes(Changes(units={"p1"}))
    assert not found._news.is_set()
    found.on_changes(Changes(incidents={"gone"}))
    assert found._next() == ["gone"]
    assert found._take("gone") == set()
    assert len(found) == 0
