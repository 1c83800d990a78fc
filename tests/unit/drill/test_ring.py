"""Owns the proof that the ring resumes where a client was and forgets what nobody needs first."""

from app.drill.message import Message
from app.drill.ring import FIXES_KEPT_MS, Ring


def story(n: int, at: int = 0) -> Message:
    return Message(at or n, f"s{n}", b"{}")


def fix(n: int, at: int) -> Message:
    return Message(at, f"g{n}", b"{}", is_fix=True)


def ids(ring: Ring, after: str | None, limit: int = 100_000) -> list[str]:
    return [message.id for message in ring.since(ring.number_after(after), limit)[0]]


def test_a_client_goes_on_after_what_it_knows_or_gets_everything() -> None:
    ring = Ring(100)
    ring.extend(story(n) for n in range(1, 11))
    assert ids(ring, "s7") == ["s8", "s9", "s10"]
    assert ids(ring, "s10") == []
    assert ids(ring, None) == ids(ring, "unknown") == [f"s{n}" for n in range(1, 11)]


def test_slices_follow_each_other_without_a_gap() -> None:
    ring = Ring(100)
    ring.extend(story(n) for n in range(1, 11))
    number, seen = 0, []
    while True:
        messages, number = ring.since(number, 3)
        if not messages:
            break
        seen += [message.id for message in messages]
    assert seen == [f"s{n}" for n in range(1, 11)]


def test_it_keeps_at_least_what_it_promised_and_forgets_in_the_end() -> None:
    ring = Ring(50)
    for n in range(1, 5001):
        ring.extend([story(n)])
        assert ids(ring, None)[-50:] == [f"s{k}" for k in range(max(1, n - 49), n + 1)]
    assert len(ids(ring, None)) < 1_500
    assert ring.forgotten > 0


def test_old_positions_go_before_any_story() -> None:
    ring = Ring(2_000)
    for n in range(1, 6_001):
        ring.extend([fix(n, at=n * 100)])
    ring.extend(story(n, at=600_000 + n) for n in range(10))
    positions = [name for name in ids(ring, None) if name.startswith("g")]
    assert len(positions) <= 6_000
    for n in range(6_001, 9_001):
        ring.extend([fix(n, at=n * 100)])
    assert [name for name in ids(ring, None) if name.startswith("s")] == [f"s{n}" for n in range(10)]
    assert ring.forgotten == 0
    assert f"g{6_001 - FIXES_KEPT_MS // 100 - 2_000}" not in ids(ring, None)


def test_an_instant_stands_for_the_newest_message_that_is_not_newer() -> None:
    ring = Ring(100)
    ring.extend(story(n, at=n * 10) for n in range(1, 5))
    assert [ring.number_at(at) for at in (5, 10, 25, 99)] == [0, 1, 2, 4]
