"""Presence ends when its desk does, whatever is news at that very moment; desks hear what each other goes by."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.service.clock import SystemClock
from app.service.desk_channel import MOST_BYTES
from app.service.presence import MOST_WANTED, Presence, Present, sum_of
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


class Line:
    """A way to the others that can lose words."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def close(self) -> None:
        pass


def on_line(name: str, **declared: str) -> tuple[Presence, Line]:
    presence, line = desk(name, **declared), Line()
    presence.attach(line)
    return presence, line


def next_word(presence: Presence, line: Line) -> Present:
    presence._say()
    return msgspec.json.decode(line.said[-1], type=Present)


def tell(listener: Presence, word: Present) -> None:
    listener.hear(msgspec.json.encode(word).decode())


def test_what_a_desk_goes_by_is_said_on_joining_on_change_and_when_asked() -> None:
    one, line = on_line("one", limits="a")
    assert next_word(one, line).declared == {"limits": "a"}, "it has just been read"
    daily = next_word(one, line)
    assert (daily.declared, daily.goes_by) == ({}, sum_of({"limits": "a"}))
    one.greet()
    assert msgspec.json.decode(line.said[-1], type=Present).declared == {"limits": "a"}
    one.look("i1")
    assert next_word(one, line).declared == {}
    one.declare({"limits": "b"})
    assert next_word(one, line).declared == {"limits": "b"}
    tell(one, Present("new", "x", "new", asks=True))
    assert next_word(one, line).declared == {"limits": "b"}, "to who has joined"
    tell(one, Present("new", "x", "new", wants=("one",)))
    assert next_word(one, line).declared == {"limits": "b"}, "to who wants it"
    tell(one, Present("new", "x", "new", wants=("another",)))
    assert next_word(one, line).declared == {}


def test_who_missed_the_word_asks_for_it_and_knows_it_from_then_on() -> None:
    (one, to_one), (two, to_two) = on_line("one", limits="a"), on_line("two", limits="b")
    next_word(one, to_one)
    tell(two, next_word(one, to_one))
    assert two.unlike() == {}
    asking = next_word(two, to_two)
    assert asking.wants == ("one",)
    tell(one, asking)
    tell(two, next_word(one, to_one))
    tell(two, next_word(one, to_one))
    assert two.unlike() == {"one": ("limits",)}, "what is said daily takes nothing back"
    assert next_word(two, to_two).wants == ()
    one.declare({"limits": "b"})
    next_word(one, to_one)
    tell(two, next_word(one, to_one))
    assert two.unlike() == {}, "the same sum as its own needs no details"
    one.declare({"limits": "c"})
    next_word(one, to_one)
    tell(two, next_word(one, to_one))
    assert next_word(two, to_two).wants == ("one",), "another sum than the one it knew"


def test_a_desk_that_has_not_read_its_own_yet_wants_nothing_and_many_are_asked_in_turn() -> None:
    blank, to_blank = on_line("blank")
    strange = [Present(f"d{n}", "x", f"s{n}", goes_by="0" * 16) for n in range(MOST_WANTED + 3)]
    for word in strange:
        tell(blank, word)
    assert next_word(blank, to_blank).wants == ()
    blank.declare({"limits": "a"})
    for word in strange:
        tell(blank, word)
    assert len(next_word(blank, to_blank).wants) == MOST_WANTED
    assert len(next_word(blank, to_blank).wants) == 3
    assert next_word(blank, to_blank).wants == ()


def test_no_word_is_larger_than_a_notice_may_be() -> None:
    large, line = on_line("large", **{f"runcards/{n:04d}.toml": "0" * 8 for n in range(400)})
    word = next_word(large, line)
    assert len(line.said[-1].encode()) <= MOST_BYTES
    assert word.goes_by and not word.declared
