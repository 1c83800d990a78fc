"""Presence ends when its desk does, whatever is news at that very moment; desks hear what each other goes by."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.service.clock import SystemClock
from app.service.presence import Presence
from app.service.tasks import TaskOwner
from tests.patience import PATIENCE_S


@pytest.mark.parametrize("turns", range(5))
async def test_news_at_the_end_keeps_nobody(turns: int) -> None:
    """The cancellation meets the news on its way to the task."""
    presence, tasks = Presence("a", "an officer", "1", SystemClock(), lambda _incidents: None), TaskOwner()
    tasks.start(presence.run(), "presence")
    await asyncio.sleep(0)
    presence.look("i1")
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE_S):
        await tasks.close()


def desk(name: str, **declared: str) -> Presence:
    presence = Presence(name, "an officer", name, SystemClock(), lambda _incidents: None)
    if declared:
        presence.declare(declared)
    return presence


def heard_by(listener: Presence, *others: Presence) -> Presence:
    for other in others:
        listener.hear(msgspec.json.encode(other.me).decode())
    return listener


def test_who_goes_by_other_data_is_named_with_its_files_on_both_desks() -> None:
    one, two = desk("one", limits="a", types="t"), desk("two", limits="b", types="t")
    assert heard_by(one, two).unlike() == {"two": ("limits",)}
    assert heard_by(two, one).unlike() == {"one": ("limits",)}
    two.declare({"limits": "a", "types": "t"})
    assert heard_by(one, two).unlike() == {}


def test_a_file_that_only_one_desk_has_differs_and_who_has_said_nothing_yet_is_not_unlike() -> None:
    one = desk("one", limits="a")
    assert heard_by(one, desk("two", limits="a", card="c"), desk("three")).unlike() == {"two": ("card",)}
    assert heard_by(desk("four"), one).unlike() == {}


def test_what_an_older_desk_says_is_understood() -> None:
    listener = desk("one", limits="a")
    listener.hear('{"desk": "old", "actor": "x", "session": "s", "incident": "i1"}')
    assert [present.desk for present in listener.others("i1")] == ["old"]
    assert listener.unlike() == {}
