"""Owns the proof that waits grow, stay in bounds, are spread, and start small again after a success."""

import random

from app.feeds.backoff import LEAST_S, MOST_S, Backoff


def test_waits_stay_within_bounds_and_under_a_ceiling_that_doubles() -> None:
    backoff = Backoff(rng=random.Random(1))
    for attempt in range(40):
        wait_s = backoff.next_s()
        assert LEAST_S <= wait_s <= min(MOST_S, LEAST_S * 2 ** (attempt + 1))


def test_many_desks_do_not_call_at_the_same_moment() -> None:
    waits = []
    for seed in range(200):
        backoff = Backoff(rng=random.Random(seed))
        for _ in range(10):
            backoff.next_s()
        waits.append(backoff.next_s())
    assert min(waits) < MOST_S / 4
    assert max(waits) > MOST_S * 3 / 4


def test_a_success_makes_the_next_wait_small_again() -> None:
    backoff = Backoff(rng=random.Random(1))
    for _ in range(20):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 2 * LEAST_S
