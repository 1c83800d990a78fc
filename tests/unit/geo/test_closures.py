"""Closed roads of a district: what holds when, and what is wrong with a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault
from app.dispatch.emergency_file import load_emergency_kinds, modes
from app.domain.errors import ConfigError
from app.domain.instants import parse_iso
from app.domain.road import RoadClosure
from app.geo.closures import Closure, load_closures
from app.geo.district import load_district
from app.geo.road_graph import RoadGraph
from app.service.roads import Roads
from tests.unit.geo.small_district import position, write_small_district

NOON = parse_iso("2026-11-22T12:00:00Z")


def test_without_the_file_nothing_is_closed(tmp_path: Path) -> None:
    assert load_closures(tmp_path, ["R1"]) == ()


def test_a_closure_holds_from_then_until_then(tmp_path: Path) -> None:
    (tmp_path / "closures.csv").write_text(
        "road,from,until\nR1,2026-11-22T12:00:00Z,2026-11-22T13:00:00Z\nR2,,\n", encoding="utf-8"
    )
    first, second = load_closures(tmp_path, ["R1", "R2"])
    assert [first.holds(NOON + minutes * 60_000) for minutes in (-1, 0, 59, 60)] == [False, True, True, False]
    assert second == Closure("R2")
    assert second.holds(0)


@pytest.mark.parametrize(
    ("row", "named"),
    [("R9,,", "road"), ("R1,yesterday,", "from"), ("R1,,2026-11-22T12:00:00", "until"), (",,", "road")],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, row: str, named: str) -> None:
    (tmp_path / "closures.csv").write_text(f"road,from,until\nR1,,\n{row}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"closures\.csv.*3.*{named}"):
        load_closures(tmp_path, ["R1"])


def test_a_wrong_line_is_told_and_the_others_hold(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    (tmp_path / "closures.csv").write_text("road,from,until\nR9,,\nR2,,\n\nR1,soon,\n", encoding="utf-8")
    roads = Roads(load_district(tmp_path), tmp_path)
    graph = roads.graph(NOON)
    assert graph is not None
    assert roads.closed(NOON) == {"R2"}
    assert graph.etas_s([position(400, 0)], *position(400, 390), "car")[0] > 0
    told = [re.findall(r"closures\.csv\D*(\d+)", fault) for fault in roads.faults]
    assert told == [["2"], ["5"]], "each by the line that an editor shows"


def test_a_plan_as_a_chinese_excel_writes_it_is_read(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    (tmp_path / "closures.csv").write_bytes("road,from,until,备注\nR2,,,夜市街\n".encode("gb18030"))
    roads = Roads(load_district(tmp_path), tmp_path)
    roads.graph(NOON)
    assert (roads.closed(NOON), roads.faults) == ({"R2"}, [])


def test_a_plan_that_is_no_text_closes_nothing_and_stops_nobody(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    (tmp_path / "closures.csv").write_bytes(b"\xff\xff\x00\x01")
    roads = Roads(load_district(tmp_path), tmp_path)
    assert roads.graph(NOON) is not None
    assert len(roads.faults) == 1


def test_the_graph_is_made_anew_when_a_closure_begins_and_only_then(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    (tmp_path / "closures.csv").write_text("road,from,until\nR2,2026-11-22T12:00:00Z,\n", encoding="utf-8")
    roads = Roads(load_district(tmp_path), tmp_path)
    before = roads.graph(NOON - 1)
    assert before is not None
    assert roads.graph(NOON - 1) is before
    after = roads.graph(NOON)
    assert after is not None
    assert after is not before
    start, goal = position(400, 0), position(400, 390)
    free_s, round_s = (graph.etas_s([start], *goal, "foot")[0] for graph in (before, after))
    assert round_s > 2 * free_s


def test_what_lets_emergency_vehicles_pass_lengthens_the_way_of_all_others(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    district = load_district(tmp_path)
    start, goal = position(400, 0), position(400, 390)

    def ways_s(graph: RoadGraph) -> tuple[float, float]:
        """Seconds of a car and of an emergency vehicle."""
        car_s, other_s = (float(graph.etas_s([start], *goal, mode)[0]) for mode in ("car", "emergency"))  # type: ignore[arg-type]
        return car_s, other_s

    free_s, same_s = ways_s(RoadGraph(district))
    assert free_s == same_s
    barred = RoadGraph(district, ["R2"])
    round_s, barred_s = ways_s(barred)
    assert round_s == barred_s > 2 * free_s
    assert barred.as_good_as("emergency") == "car", "where nobody may pass one search does for both"
    passable = barred.with_closed(["R2"], ["R2"])
    assert ways_s(passable) == (round_s, free_s)
    assert passable.as_good_as("emergency") == "emergency"


def test_a_road_lets_nobody_pass_while_anything_closes_it_to_all(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    (tmp_path / "closures.csv").write_text("road,from,until,emergency\nR2,,,yes\nR3,,,\n", encoding="utf-8")
    roads = Roads(load_district(tmp_path), tmp_path)
    roads.read_plan()
    assert (roads.closed(NOON), roads.passable(NOON)) == ({"R2", "R3"}, {"R2"})
    later = NOON + 60_000
    roads.follow([RoadClosure("R2", "East Road", "fire", NOON, later, "x", "d", NOON)])
    assert roads.passable(NOON) == frozenset()
    assert roads.passable(later) == {"R2"}


def test_who_is_an_emergency_vehicle_is_declared_by_kind_and_needs_a_car(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    district = load_district(tmp_path)
    by_kind = {unit.kind for unit in district.units if unit.travel == "car"}
    assert by_kind, "somebody drives"
    (tmp_path / "dispatch.toml").write_text(f'[emergency]\nkinds = ["{min(by_kind)}"]\n', encoding="utf-8")
    found = Roads(district, tmp_path).modes()
    for unit in district.units:
        is_one = unit.travel == "car" and unit.kind == min(by_kind)
        assert found[unit.id] == ("emergency" if is_one else unit.travel)
    (tmp_path / "dispatch.toml").write_text('[emergency]\nkinds = ["tram"]\n', encoding="utf-8")
    with pytest.raises(DeclarationFault, match="tram"):
        load_emergency_kinds(tmp_path)
    slipped, bundled = Roads(district, tmp_path), load_emergency_kinds()
    assert slipped.modes() == modes(district, bundled), "the bundled kinds hold meanwhile"
    assert ["tram" in fault for fault in slipped.faults] == [True]
