"""The lane as a fold: no alarm is ever lost, whatever is raised, cleared, shelved, and whatever time does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.alarm import ACKNOWLEDGED, CLEARED, Alarm
from app.domain.alarm_limits import MINUTE_MS, AlarmLimits
from app.domain.instants import DAY_MS
from app.domain.shelf import SCOPES, UNSHELVED, Shelf, key_of
from app.projections.alarm_lane import AlarmLane
from app.projections.alarm_load import KEPT_MS, MOST_SOURCES, OTHERS, SLICE_MS, AlarmLoad
from app.projections.chattering import KEPT, Chattering

START_AT = 1_795_330_000_000
LIMITS = AlarmLimits()


def alarm(number: int, at: int = START_AT, priority: int = 3, **fields: object) -> Alarm:
    values: dict[str, object] = {"grid": "g1", "device": "d1"} | fields
    kind = str(values.pop("kind", "smoke"))
    return Alarm(f"a{number}", "camera", kind, priority, f"alarm {number}", at, **values)  # type: ignore[arg-type]


def shelf_for(of: Alarm, scope: str, at: int, minutes: int, key: str = "s1") -> Shelf:
    expires_at = at + minutes * MINUTE_MS
    return Shelf(
        key, scope, of.id, of.origin, of.alarm_type, of.place, of.priority, of.title, "why", at, expires_at,
        "officer", "desk-1",
    )  # fmt: skip


def lane_of(*alarms: Alarm) -> AlarmLane:
    lane = AlarmLane(LIMITS)
    for each in alarms:
        lane.put(each, each.raised_at, is_new=True)
    return lane


# -- groups ----------------------------------------------------------------------------------------------------------


def test_one_device_or_one_type_at_one_place_is_one_row() -> None:
    lane = lane_of(
        alarm(1),
        alarm(2, START_AT + 1000, kind="crowd"),
        alarm(3, START_AT + 2000, device="d2"),
        alarm(4, START_AT + 3000, device="d3", kind="crowd"),
        alarm(5, START_AT + 4000, device="d4", grid="g2"),
    )
    assert [list(group.members) for group in lane.groups.values()] == [["a1", "a2", "a3"], ["a4"], ["a5"]]
    first = lane.groups["a1"]
    assert (len(first), first.raised, first.first_at, first.last_at) == (3, 3, START_AT, START_AT + 2000)


def test_a_row_ends_with_a_gap_and_with_its_longest_time() -> None:
    gap_ms = LIMITS.group_gap_ms
    lane = lane_of(alarm(1), alarm(2, START_AT + gap_ms), alarm(3, START_AT + 2 * gap_ms + 1))
    assert [len(group) for group in lane.groups.values()] == [2, 1]
    step_ms = LIMITS.group_gap_ms - 1
    steady = lane_of(*(alarm(n, START_AT + n * step_ms) for n in range(10)))
    spans = [group.last_at - group.first_at for group in steady.groups.values()]
    assert len(spans) > 1
    assert max(spans) <= LIMITS.group_longest_ms


def test_the_most_urgent_speaks_for_its_row_and_an_emergency_stands_alone() -> None:
    lane = lane_of(alarm(1), alarm(2, priority=2), alarm(3, emergency=True, kind="sos"))
    assert [group.ids for group in lane.groups.values()] == [("a2", "a1"), ("a3",)]
    lane.put(alarm(2, priority=2, status=ACKNOWLEDGED), START_AT)
    lane.put(alarm(4, priority=2), START_AT, is_new=True)
    assert lane.groups["a1"].lead.id == "a4"
    assert lane.groups["a1"].raised == 2
    lane.put(alarm(4, priority=2, status=CLEARED), START_AT)
    assert lane.groups["a1"].lead.id == "a2"
    assert list(lane.unanswered) == ["a3"]
    lane.put(alarm(3, emergency=True, kind="sos", status=ACKNOWLEDGED), START_AT)
    assert not lane.unanswered


def test_a_row_whose_founder_has_ended_goes_on_under_its_name() -> None:
    lane = lane_of(alarm(1), alarm(2))
    lane.put(alarm(1, status=CLEARED), START_AT)
    assert lane.groups["a1"].ids == ("a2",)
    lane.put(alarm(2, status=CLEARED), START_AT)
    assert not lane.groups


# -- shelves ---------------------------------------------------------------------------------------------------------


def test_a_shelf_takes_what_stands_and_what_comes_and_gives_it_back_when_it_ends() -> None:
    lane = lane_of(alarm(1), alarm(2, device="d2"))
    changed = lane.put_shelf(shelf_for(alarm(1), "device", START_AT, 15), START_AT)
    assert changed == {"a1"}
    later = START_AT + 14 * MINUTE_MS
    lane.put(alarm(3, later), later, is_new=True)
    assert lane.shelved_count == 2
    assert lane.held["s1"] == 2
    assert lane.group_of("a3") is None
    lane.put(alarm(4, later, priority=1), later, is_new=True)
    assert lane.group_of("a4") is not None
    assert lane.advance(START_AT + 15 * MINUTE_MS) == {"a1", "a3"}
    assert lane.shelved_count == 0
    assert lane.shelves == ()
    assert {key for group in lane.groups.values() for key in group.members} == {"a1", "a2", "a3", "a4"}


def test_unshelving_leaves_to_a_wider_shelf_what_is_its_own() -> None:
    lane = lane_of(alarm(1))
    narrow = shelf_for(alarm(1), "alarm", START_AT, 15, "narrow")
    lane.put_shelf(narrow, START_AT)
    lane.put_shelf(shelf_for(alarm(1), "type_at_place", START_AT, 15, "wide"), START_AT)
    assert lane.shelf_of("a1") == "narrow"
    lane.put_shelf(replace(narrow, status=UNSHELVED), START_AT)
    assert lane.shelf_of("a1") == "wide"


# -- chattering ------------------------------------------------------------------------------------------------------


def test_a_device_chatters_from_the_nth_alarm_on_and_until_it_is_quiet() -> None:
    chattering = Chattering(LIMITS)
    count, window_ms = LIMITS.chattering_count, LIMITS.chattering_ms
    begins = [chattering.raised("d1", START_AT + n * 1000) for n in range(count + 1)]
    assert begins == [False] * (count - 1) + [True, False]
    last_at = START_AT + count * 1000
    assert chattering.advance(last_at + window_ms) == set()
    assert chattering.advance(last_at + window_ms + 1) == {"d1"}
    assert chattering.devices == frozenset()


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3_600_000)), max_size=60),
    st.integers(0, 3_600_000),
)
def test_chattering_is_what_a_count_over_everything_says(
    raised: list[tuple[str, int]], quiet_ms: int
) -> None:
    chattering = Chattering(LIMITS)
    for device, at in sorted(raised, key=lambda pair: pair[1]):
        chattering.advance(at)
        chattering.raised(device, at)
    now = max([at for _, at in raised], default=0) + quiet_ms
    chattering.advance(now)
    for device in "abc":
        times = sorted(at for each, at in raised if each == device)
        runs = zip(times, times[LIMITS.chattering_count - 1 :], strict=False)
        ends = [last + LIMITS.chattering_ms for first, last in runs if last - first <= LIMITS.chattering_ms]
        assert (device in chattering) == (max(ends, default=-1) >= now)


def test_chattering_forgets_whoever_is_quiet_and_keeps_few_of_each() -> None:
    chattering = Chattering(LIMITS)
    for n in range(10_000):
        chattering.raised(f"d{n % 500}", START_AT + n * 100)
    chattering.raised("loud", START_AT + 10_000_000)
    chattering.advance(START_AT + 10_000_000)
    assert set(chattering._times) == {"loud"}
    for n in range(1000):
        chattering.raised("loud", START_AT + 10_000_000 + n)
    assert chattering.count("loud", START_AT + 10_001_000) == KEPT


def test_chattering_and_its_end_tell_which_alarms_look_different_now() -> None:
    lane = AlarmLane(LIMITS)
    for n in range(LIMITS.chattering_count - 1):
        assert lane.put(alarm(n, START_AT + n), START_AT + n, is_new=True) == set()
    last = alarm(9, START_AT + 10)
    assert lane.put(last, last.raised_at, is_new=True) == {"a0", "a1", "a2", "a3"}
    assert "d1" in lane.chattering
    lane.put(replace(last, status=CLEARED), last.raised_at)
    assert lane.chatterers == {"d1": "a9"}
    lane.put(last, last.raised_at)
    assert lane.advance(START_AT + 11 + LIMITS.chattering_ms) == {"a0", "a1", "a2", "a3", "a9"}


# -- nothing is lost -------------------------------------------------------------------------------------------------

STEP = st.tuples(
    st.sampled_from(("raise", "raise", "raise", "end", "acknowledge", "shelve", "unshelve", "wait")),
    st.integers(0, 40),
    st.integers(1, 4),
    st.sampled_from(("d1", "d2", "")),
    st.sampled_from(("g1", "g2", "")),
    st.sampled_from(SCOPES),
    st.integers(0, 20 * MINUTE_MS),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STEP, max_size=60))
def test_raised_is_shown_and_shelved_and_ended_and_nothing_twice(steps: list[tuple[object, ...]]) -> None:
    lane, now = AlarmLane(LIMITS), START_AT
    alarms: dict[str, Alarm] = {}
    shelves: dict[str, Shelf] = {}
    for act, number, priority, device, grid, scope, wait_ms in steps:
        key = f"a{number}"
        known = alarms.get(key)
        if act == "wait":
            now += wait_ms  # type: ignore[operator]
            lane.advance(now)
        elif act == "raise" and known is None:
            emergency = number % 7 == 0  # type: ignore[operator]
            alarms[key] = alarm(number, now, priority, device=device, grid=grid or None, emergency=emergency)  # type: ignore[arg-type]
            lane.put(alarms[key], now, is_new=True)
        elif act in ("end", "acknowledge") and known is not None and known.is_live:
            alarms[key] = replace(known, status=CLEARED if act == "end" else ACKNOWLEDGED)
            lane.put(alarms[key], now)
        elif act == "shelve" and known is not None and key_of(known, str(scope)) is not None:
            shelves[f"s{len(shelves)}"] = shelf_for(known, str(scope), now, 15, f"s{len(shelves)}")
            lane.put_shelf(shelves[f"s{len(shelves) - 1}"], now)
        elif act == "unshelve" and f"s{number}" in shelves:
            shelves[f"s{number}"] = replace(shelves[f"s{number}"], status=UNSHELVED)
            lane.put_shelf(shelves[f"s{number}"], now)
        _nothing_is_lost(lane, alarms, shelves, now)
    again = AlarmLane(LIMITS)
    again.restore(alarms.values(), shelves.values(), now)
    _nothing_is_lost(again, alarms, shelves, now)
    assert again.chattering.devices == lane.chattering.devices == lane.chatterers.keys()
    assert again.chatterers.keys() == lane.chatterers.keys()


def _nothing_is_lost(lane: AlarmLane, alarms: dict[str, Alarm], shelves: dict[str, Shelf], now: int) -> None:
    live = {key for key, each in alarms.items() if each.is_live}
    in_force = [shelf for shelf in shelves.values() if shelf.is_active(now)]
    covered = {key for key in live if any(shelf.covers(alarms[key]) for shelf in in_force)}
    shown = [key for group in lane.groups.values() for key in group.members]
    assert sorted(shown) == sorted(live - covered)
    assert {key for key in live if lane.shelf_of(key) is not None} == covered
    assert lane.shelved_count == len(covered)
    assert all(shelf.is_active(now) for shelf in lane.shelves)
    assert sum(len(lane.shelved_by(shelf.id)) for shelf in lane.shelves) == len(covered)
    assert lane.shown.raised == sum(alarms[key].status == "raised" for key in shown)
    for group in lane.groups.values():
        assert group.members
        assert group.raised == sum(each.status == "raised" for each in group.members.values())
        assert group.priority == min(each.priority for each in group.members.values())
        assert len(group) == 1 or not any(each.emergency for each in group.members.values())


# -- the load --------------------------------------------------------------------------------------------------------


def test_the_load_is_counted_in_ten_minutes_and_by_source() -> None:
    load = AlarmLoad(LIMITS)
    base = START_AT // 600_000 * 600_000
    for n in range(12):
        load.raised(base + n * 1000, f"d{n % 3}")
    load.raised(base + 1000, "d9", shelved=True)
    now = base + 60_000
    assert load.in_window(now) == 12
    assert load.is_flood(now)
    assert load.in_window(base + 700_000) == 0
    figures = load.figures(now - DAY_MS, now)
    assert (figures.total, figures.peak, figures.floods, figures.shelved) == (12, 12, 1, 1)
    assert figures.top == (("d0", 4), ("d1", 4), ("d2", 4))
    assert figures.top_share == 1.0
    assert load.series(now - DAY_MS, now)[-1] == 12
    assert len(load.series(now - DAY_MS, now)) == 144


def test_a_flood_begins_above_ten_and_ends_below_five() -> None:
    load = AlarmLoad(LIMITS)
    base = START_AT // SLICE_MS * SLICE_MS
    for n in range(11):
        load.raised(base + n * 60_000 // 2, "d1")
    end = base + 3_600_000
    flooded_ms = load.figures(base - 1, end).flood_share * (end - base)
    # From the eleventh alarm, at 5 min, until fewer than five of them are younger than ten minutes, at 13 min.
    assert abs(flooded_ms - 8 * 60_000) <= 2 * SLICE_MS
    assert load.figures(base - 1, end).floods == 1


def test_the_load_forgets_what_is_older_than_a_day_and_keeps_few_sources() -> None:
    load = AlarmLoad(LIMITS)
    for n in range(3 * MOST_SOURCES):
        load.raised(START_AT, f"d{n}")
    (counts,) = load.counts.sources.values()
    assert len(counts) == MOST_SOURCES + 1
    assert counts[OTHERS] == 2 * MOST_SOURCES
    assert load.figures(START_AT - 1000, START_AT).total == 3 * MOST_SOURCES
    for day in range(1, 30):
        load.raised(START_AT + day * DAY_MS, "d1")
    assert len(load.counts.slices) <= KEPT_MS // DAY_MS + 1
    load.raised(START_AT, "late by a month")
    assert "late by a month" not in {source for slot in load.counts.sources.values() for source in slot}


@given(st.lists(st.integers(0, 7_200_000), max_size=200))
def test_the_series_and_the_total_agree(times: list[int]) -> None:
    load = AlarmLoad(LIMITS)
    base = START_AT // 600_000 * 600_000
    for at in times:
        load.raised(base + at, "d1")
    now = base + 12 * 600_000 - 1
    assert sum(load.series(base, now)) == sum(at <= now - base for at in times)
