"""Slow roads: units really take longer where and when a scenario says so, and are where that puts them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ConfigError
from app.domain.instants import Instant, parse_iso
from app.drill.congestion import Jam, timetable
from app.drill.ground import Ground
from app.drill.motion import Way
from app.drill.orders import Order
from app.drill.scenario_file import Congestion, Reports, Scenario, load_scenario
from app.drill.simulation import Simulation
from app.drill.templates import load_templates
from app.drill.unit import SimulatedUnit, Task
from app.feeds.envelope import decode
from app.paths import bundled_data_dir
from tests.unit.drill.districts import LAT, LON, small_district

EPOCH: Instant = parse_iso("2026-11-22T06:00:00Z")
BOOK = load_templates(bundled_data_dir() / "drills" / "templates.toml")
DISTRICT = small_district()
GROUND = Ground(DISTRICT)
STREET = [(LAT, LON + i * 0.001) for i in range(11)]
CARS = frozenset({"car"})


def jam(from_s: float, to_s: float, slower: float = 2.0, **place: float) -> Jam:
    return Jam(EPOCH + round(from_s * 1000), EPOCH + round(to_s * 1000), slower, CARS, **place)  # type: ignore[arg-type]


def lasts_s(way: Way, *jams: Jam) -> float:
    table = timetable(way, "car", EPOCH, jams)
    return way.duration_s if table is None else table.duration_s


def test_a_jam_from_end_to_end_takes_so_many_times_as_long() -> None:
    way = Way(STREET, 10.0, 1.6)
    assert lasts_s(way, jam(0, 1e6)) == pytest.approx(2 * way.duration_s)


def test_what_is_over_or_of_others_or_far_away_slows_nobody() -> None:
    way = Way(STREET, 10.0)
    elsewhere = jam(0, 1e6, lat=LAT + 0.1, lon=LON, radius_m=500.0)
    on_foot = Jam(EPOCH, EPOCH + 10**9, 2.0, frozenset({"foot"}))
    for other in (jam(-1_000, 0), elsewhere, on_foot):
        assert timetable(way, "car", EPOCH, [other]) is None


def test_a_jam_that_begins_on_the_way_slows_the_rest_of_it() -> None:
    way = Way(STREET, 10.0)
    assert lasts_s(way, jam(30, 1e6)) == pytest.approx(30 + 2 * (way.duration_s - 30))


def test_a_jam_that_ends_on_the_way_lets_one_go() -> None:
    way = Way(STREET, 10.0)
    assert lasts_s(way, jam(0, 30)) == pytest.approx(30 + way.duration_s - 15)


def test_round_a_place_only_its_stretches_are_slow() -> None:
    way = Way(STREET, 10.0)
    around = jam(0, 1e6, 3.0, lat=LAT, lon=LON + 0.0005, radius_m=10.0)
    assert lasts_s(way, around) == pytest.approx(way.duration_s + 2 * way.duration_s / 10)


def test_of_several_jams_the_worst_holds() -> None:
    way = Way(STREET, 10.0)
    assert lasts_s(way, jam(0, 1e6), jam(0, 1e6, 3.0)) == pytest.approx(3 * way.duration_s)


WINDOWS = st.lists(
    st.tuples(st.floats(0, 200), st.floats(1, 200), st.floats(1, 5), st.sampled_from([0.0, 150.0])),
    max_size=4,
)


@given(WINDOWS)
def test_nobody_is_quicker_for_a_jam_or_goes_back(windows: list[tuple[float, float, float, float]]) -> None:
    way = Way(STREET, 12.0, 1.6)
    jams = [
        jam(begins, begins + lasts, slower, lat=LAT, lon=LON + 0.005, radius_m=radius)
        for begins, lasts, slower, radius in windows
    ]
    table = timetable(way, "car", EPOCH, jams)
    if table is None:
        return
    worst = max(one.slower for one in jams)
    assert way.duration_s < table.duration_s <= worst * way.duration_s + 1e-6
    at = [table.free_s(share * table.duration_s / 50) for share in range(51)]
    assert at == sorted(at)
    assert at[-1] == pytest.approx(way.duration_s)


def unit(jams: Sequence[Jam] = (), work_s: float | None = None) -> SimulatedUnit:
    spec = next(spec for spec in DISTRICT.units if spec.id == "f1")
    work_of = lambda _incident: work_s  # noqa: E731
    return SimulatedUnit(
        spec, GROUND, BOOK.field, epoch_at=EPOCH, seed=7, decline_share=0.0, jams=jams, work_of=work_of
    )


def sent(crew: SimulatedUnit, incident: str = "i1", at: Instant = EPOCH) -> None:
    crew.take(Task(f"{incident}.f1", "f1", incident, at, LAT, LON))


def said(crew: SimulatedUnit, until_s: float) -> dict[str, Instant]:
    """The first time at which each status was told."""
    found: dict[str, Instant] = {}
    for at, fields in crew.events_until(EPOCH + round(until_s * 1000)):
        found.setdefault(fields.get("status", fields["kind"]), at)
    return found


def test_a_unit_comes_later_through_a_jam_and_is_on_the_way_meanwhile() -> None:
    free, held = unit(), unit([jam(0, 1e6, 3.0)])
    for crew in (free, held):
        sent(crew)
    quick, slow = said(free, 3_600), said(held, 3_600)
    assert quick["en_route"] == slow["en_route"]
    ways = [(times["on_scene"] - times["en_route"]) / 1000 for times in (quick, slow)]
    assert ways[1] == pytest.approx(3 * ways[0], rel=0.01)
    when_free_is_there = quick["on_scene"]
    assert free.fix(when_free_is_there).lat == pytest.approx(LAT)
    behind = held.fix(when_free_is_there)
    assert held.moves(when_free_is_there)
    assert behind.speed_mps < free.fix(quick["en_route"] + 30_000).speed_mps / 2.9


def test_who_has_work_of_a_length_leaves_by_himself_and_serves_what_waited() -> None:
    crew = unit(work_s=600.0)
    sent(crew)
    sent(crew, "i2", EPOCH + 60_000)
    told = list(crew.events_until(EPOCH + 3 * 3_600_000))
    story = [(fields.get("status", "ack"), fields.get("incident")) for _, fields in told]
    assert story == [
        ("ack", "i1"), ("en_route", "i1"), ("ack", "i2"), ("on_scene", "i1"), ("returning", None),
        ("en_route", "i2"), ("on_scene", "i2"), ("returning", None), ("available", None),
    ]  # fmt: skip
    there_at, left_at = told[3][0], told[4][0]
    assert left_at - there_at == 600_000


def test_without_a_length_he_stays_until_he_is_called_off() -> None:
    crew = unit()
    sent(crew)
    assert "returning" not in said(crew, 86_400)
    assert crew.next_event_at() is None
    crew.recall("i1.f1", EPOCH + 86_400_000)
    assert "returning" in said(crew, 90_000)


def test_windows_of_reports_hold_exactly_so_many_of_those_templates() -> None:
    windows = (Reports(100, 200, 30, ("noise", "theft")), Reports(500, 600, 5))
    scenario = Scenario({}, stories_per_s=0.0, reports=windows)
    simulation = Simulation(DISTRICT, BOOK, scenario, seed=3, epoch_at=EPOCH)
    told = [decode(m.body) for m in simulation.advance(EPOCH + 3_600_000, with_fixes=False)]
    first = [e for e in told if e.occurred_at <= EPOCH + 200_000]
    assert len(told) == len({e.id for e in told}) == 35
    assert len(first) == 30
    assert all(e.occurred_at >= EPOCH + 100_000 for e in first)
    assert {e.type for e in first} == {"environment", "security"}


def test_the_next_instant_is_that_of_the_next_message() -> None:
    scenario = Scenario({}, stories_per_s=0.02, reports=(Reports(0, 900, 20),))
    simulation = Simulation(DISTRICT, BOOK, scenario, seed=3, epoch_at=EPOCH, work_of=lambda _i: 300.0)
    jumped = []
    simulation.carry_out(Order(at=EPOCH, act="give", task="a", unit="f1", incident="i", lat=LAT, lon=LON))
    while (at := simulation.next_at()) is not None and at <= EPOCH + 900_000:
        jumped += simulation.advance(at, with_fixes=False)
    whole = Simulation(DISTRICT, BOOK, scenario, seed=3, epoch_at=EPOCH, work_of=lambda _i: 300.0)
    whole.carry_out(Order(at=EPOCH, act="give", task="a", unit="f1", incident="i", lat=LAT, lon=LON))
    assert [m.id for m in jumped] == [m.id for m in whole.advance(EPOCH + 900_000, with_fixes=False)]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[[congestion]]\nfrom_s = 10\nto_s = 5\nslower = 2", "to_s"),
        ("[[congestion]]\nfrom_s = 0\nto_s = 5\nslower = 0.5", "slower"),
        ("[[congestion]]\nfrom_s = 0\nto_s = 5\nslower = 2\nplace = 'x'", "place"),
        ("[[congestion]]\nfrom_s = 0\nto_s = 5\nslower = 2\ntravel = ['boat']", "boat"),
        ("[[reports]]\nfrom_s = -1\nto_s = 5\ncount = 3", "from_s"),
        ("[[reports]]\nfrom_s = 0\nto_s = 5\ncount = 0", "count"),
        ("[[reports]]\nfrom_s = 0\nto_s = 5\ncount = 1\ntemplates = ['nosuch']", "nosuch"),
        ("duration_s = 0", "duration_s"),
    ],
)
def test_a_fault_of_a_scenario_names_its_field(tmp_path: Path, text: str, field: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"title = {{zh = '甲', en = 'A'}}\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=field):
        load_scenario(file)


def test_a_jam_at_a_place_that_there_is_none_of_is_a_fault() -> None:
    scenario = Scenario({}, congestion=(Congestion(0, 5, 2.0, place="nowhere", radius_m=9.0),))
    with pytest.raises(ConfigError, match="nowhere"):
        Simulation(DISTRICT, BOOK, scenario, seed=1, epoch_at=EPOCH)
