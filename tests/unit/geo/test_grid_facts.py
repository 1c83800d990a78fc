"""Contacts and hazards of grids: read as they stand, refused with the place of the fault; neighbours of a grid."""

from pathlib import Path

import pytest

from app.geo.district import District, load_district
from app.geo.district_error import DistrictError
from app.geo.grid_facts import HAZARD_KINDS, ROLES, Contact, Hazard, load_contacts, load_hazards
from app.geo.grid_index import GridIndex
from app.i18n import has_text
from tests.unit.geo.small_district import GRIDS, position, write_small_district

LEFT, RIGHT = GRIDS
CONTACTS = "grid,role,name,phone\n"
HAZARDS = "grid,kind,name,lat,lon,note\n"


def contacts(directory: Path, *rows: str) -> tuple[Contact, ...]:
    (directory / "contacts.csv").write_text(CONTACTS + "\n".join(rows), encoding="utf-8")
    return load_contacts(directory, set(GRIDS))


def hazards(directory: Path, *rows: str) -> tuple[Hazard, ...]:
    (directory / "hazards.csv").write_text(HAZARDS + "\n".join(rows), encoding="utf-8")
    return load_hazards(directory, set(GRIDS))


def test_a_district_without_the_files_has_neither(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    district = load_district(tmp_path)
    assert (district.contacts, district.hazards) == ((), ())


def test_contacts_are_numbered_by_role_within_their_grid(tmp_path: Path) -> None:
    found = contacts(
        tmp_path,
        f"{LEFT},grid_head,A,1",
        f"{LEFT},building_head,B,2",
        f"{RIGHT},building_head,C,3",
        f"{LEFT},building_head,D,",
    )
    assert [(c.grid, c.id, c.name, c.phone) for c in found] == [
        (LEFT, "grid_head-1", "A", "1"),
        (LEFT, "building_head-1", "B", "2"),
        (RIGHT, "building_head-1", "C", "3"),
        (LEFT, "building_head-2", "D", ""),
    ]


def test_hazards_come_with_their_place(tmp_path: Path) -> None:
    assert hazards(tmp_path, f"{LEFT},gas,Tank,31.1,121.2,no fire") == (
        Hazard(LEFT, "gas", "Tank", 31.1, 121.2, "no fire"),
    )


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("310198006009009,grid_head,A,1", "contacts.csv · 第 2 行 · grid"),
        (f"{LEFT},,A,1", "contacts.csv · 第 2 行 · role"),
        (f"{LEFT},grid_head, ,1", "contacts.csv · 第 2 行 · name"),
        (f"{LEFT},grid_head,A", "contacts.csv · 第 2 行 · phone"),
    ],
)
def test_a_wrong_contact_says_where_it_stands(tmp_path: Path, row: str, place: str) -> None:
    with pytest.raises(DistrictError) as fault:
        contacts(tmp_path, row)
    assert str(fault.value).startswith(place)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("9,gas,Tank,31,121,x", "hazards.csv · 第 3 行 · grid"),
        (f"{LEFT},gas,Tank,north,121,x", "hazards.csv · 第 3 行 · lat"),
        (f"{LEFT},gas,Tank,31,521,x", "hazards.csv · 第 3 行 · lon"),
        (f"{LEFT},gas,,31,121,x", "hazards.csv · 第 3 行 · name"),
    ],
)
def test_a_wrong_hazard_says_where_it_stands(tmp_path: Path, row: str, place: str) -> None:
    with pytest.raises(DistrictError) as fault:
        hazards(tmp_path, f"{LEFT},gas,Tank,31,121,x", row)
    assert str(fault.value).startswith(place)


def test_a_file_in_another_encoding_and_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_bytes(CONTACTS.encode() + "某".encode("gbk"))
    with pytest.raises(DistrictError, match=r"contacts\.csv"):
        load_contacts(tmp_path, set(GRIDS))
    (tmp_path / "hazards.csv").write_bytes(b"")
    assert load_hazards(tmp_path, set(GRIDS)) == ()


def test_every_known_role_and_kind_has_a_name() -> None:
    assert all(has_text(f"grid.role.{role}") for role in ROLES)
    assert all(has_text(f"grid.hazard.{kind}") for kind in HAZARD_KINDS)


def test_the_demo_town_has_people_for_every_grid_and_dangers_where_they_are(demo: District) -> None:
    assert {c.grid for c in demo.contacts if c.role == "grid_head"} == {grid.code for grid in demo.grids}
    assert all(c.phone.startswith("12") and len(c.phone) == 11 for c in demo.contacts)
    index = GridIndex(demo)
    found = index.grids_of([(hazard.lat, hazard.lon) for hazard in demo.hazards])
    assert [grid.code if grid else None for grid in found] == [hazard.grid for hazard in demo.hazards]
    assert len({hazard.kind for hazard in demo.hazards}) >= 4


def test_many_positions_at_once_are_where_each_of_them_is(tmp_path: Path) -> None:
    write_small_district(tmp_path)
    index = GridIndex(load_district(tmp_path))
    places = [position(-100, 0), position(0, 0), position(900, 100), position(5000, 0), position(500, 0)]
    assert index.grids_of(places) == [index.grid_at(*place) for place in places]
    assert index.grids_of([]) == []


def test_neighbours_share_a_border_and_the_longest_comes_first(tmp_path: Path, demo: District) -> None:
    write_small_district(tmp_path)
    small = GridIndex(load_district(tmp_path))
    assert [grid.code for grid in small.neighbours(LEFT)] == [RIGHT]
    with pytest.raises(KeyError):
        small.neighbours("x")
    index = GridIndex(demo)
    near = {grid.code: {other.code for other in index.neighbours(grid.code)} for grid in demo.grids}
    assert all(grid not in others and others for grid, others in near.items())
    assert all(grid in near[other] for grid, others in near.items() for other in others)
