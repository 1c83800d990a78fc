"""Closed roads of a district: what holds when, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import ConfigError
from app.domain.instants import parse_iso
from app.geo.closures import Closure, load_closures
from app.geo.district import load_district
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
