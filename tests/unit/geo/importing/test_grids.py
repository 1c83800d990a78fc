"""Codes of 15 digits: made in reading order where there are none, checked where there are, communities found."""

from __future__ import annotations

import pytest
import shapely

from app.geo.importing.codes import code_fault, free_codes
from app.geo.importing.faults import ImportFault, RowsRefused
from app.geo.importing.grids import communities_from, communities_of, community_names, grids_of
from app.geo.importing.outlines import Outline
from tests.unit.geo.importing.osm_town import CODE, GRID_CORNERS, square


def outlines(*fields: dict[str, str]) -> list[Outline]:
    """The four grids in reading order."""
    return [
        Outline("grids.xlsx", str(number), shapely.Polygon(square(*corner, 500.0)), given)
        for number, (corner, given) in enumerate(zip(GRID_CORNERS, fields, strict=False), start=2)
    ]


def codes(*fields: dict[str, str]) -> list[str]:
    return [grid.code for grid in grids_of(outlines(*fields), [], CODE)]


def test_made_codes_follow_the_map_from_north_west_to_south_east() -> None:
    shuffled = list(reversed(outlines({}, {}, {}, {})))
    grids = grids_of(shuffled, [], CODE)
    assert [grid.code[-3:] for grid in grids] == ["001", "002", "003", "004"]
    assert [grid.shape.bounds for grid in grids] == [
        outline.shape.bounds for outline in outlines({}, {}, {}, {})
    ]


def test_given_codes_are_kept_and_gaps_are_filled() -> None:
    given = {"code": f"{CODE}001002"}
    assert codes({}, given, {}) == [f"{CODE}001001", f"{CODE}001002", f"{CODE}001003"]


def test_communities_by_what_the_file_calls_them() -> None:
    read = outlines(
        {"community": "学府"}, {"community": "滨江"}, {"community": "学府"}, {"community": "滨江"}
    )
    grids = grids_of(read, [], CODE)
    communities = communities_from(grids, community_names(read, grids))
    assert [(c.code, c.name_zh) for c in communities] == [(f"{CODE}001", "学府"), (f"{CODE}002", "滨江")]
    assert [grid.code[9:] for grid in grids] == ["001001", "001002", "002001", "002002"]


def test_communities_by_where_a_grid_lies() -> None:
    halves = [Outline("c", "1", shapely.box(120.9, 30.9, 121.0, 31.1), {"name_zh": "西"})]
    halves.append(Outline("c", "2", shapely.box(121.0, 30.9, 121.1, 31.1), {"code": f"{CODE}001"}))
    communities = communities_of(halves, CODE)
    assert [community.code[-3:] for community in communities] == ["002", "001"]
    grids = grids_of(outlines({}, {}, {}, {}), communities, CODE)
    assert [grid.community[-3:] for grid in grids] == ["001", "001", "002", "002"]
    assert grids[0].shape.centroid.x > 121.0


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (f"{CODE}001001", None),
        (f"{CODE}00100", "not_15_digits"),
        (f"{CODE}0010012", "not_15_digits"),
        (f"{CODE}00100x", "not_15_digits"),
        (f"{CODE}00100１", "not_15_digits"),
        ("310199006001001", "other_county"),
        ("310198007001001", "other_street"),
    ],
)
def test_what_is_wrong_with_a_code(code: str, key: str | None) -> None:
    assert code_fault(code, 15, CODE) == key


def test_every_bad_code_is_told_at_once(spoken: str) -> None:
    with pytest.raises(RowsRefused) as refused:
        codes(
            {"code": "1"}, {"code": f"{CODE}001001"}, {"code": f"{CODE}001001"}, {"code": "310199006001001"}
        )
    assert [fault.row for fault in refused.value.faults] == ["2", "3", "4", "5"]


def test_a_community_that_is_not_in_the_list_is_refused() -> None:
    known = communities_of(
        [Outline("c", "1", shapely.box(120.9, 30.9, 121.1, 31.1), {"name_zh": "西"})], CODE
    )
    with pytest.raises(RowsRefused, match=r"grids\.xlsx"):
        grids_of(outlines({"community": "东"}), known, CODE)


def test_three_digits_end_at_999() -> None:
    taken = {f"{CODE}{number:03d}" for number in range(1, 999)}
    assert free_codes(CODE, taken, 2) == [f"{CODE}999"]
    box = shapely.Polygon(square(0, 0, 500))
    many = [Outline("grids.xlsx", str(i), box) for i in range(1000)]
    with pytest.raises(ImportFault) as refused:
        grids_of(many, [], CODE)
    assert refused.value.key == "no_free_code"


def test_a_code_and_a_community_that_contradict_each_other_are_refused() -> None:
    read = outlines(
        {"code": f"{CODE}001001", "community": "学府"}, {"code": f"{CODE}002001", "community": f"{CODE}001"}
    )
    with pytest.raises(RowsRefused) as refused:
        grids_of(read, [], CODE)
    assert [fault.column for fault in refused.value.faults] == ["community"]
    assert refused.value.faults[0].row == "3"
