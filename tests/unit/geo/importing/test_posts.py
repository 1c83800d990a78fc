"""Lists of cameras and units: any office's headers and words, and every wrong cell of a file told at once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import shapely

from app.geo.importing.columns import columns_of
from app.geo.importing.faults import ImportFault, RowsRefused
from app.geo.importing.grids import GridArea
from app.geo.importing.locating import GridLocator
from app.geo.importing.posts import read_cameras, read_units
from tests.unit.geo.importing.osm_town import CODE, square

GRIDS = [
    GridArea(f"{CODE}00100{number}", "", "", f"{CODE}001", shapely.Polygon(square(west, 0, 500)))
    for number, west in ((1, -500), (2, 0))
]


@pytest.fixture
def locator() -> GridLocator:
    return GridLocator(GRIDS)


def written(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "kind", "expected"),
    [
        ("name,lat,lon", "camera", {"name_zh": 0, "lat": 1, "lon": 2}),
        ("设备名称,经度(E),纬度(N),朝向", "camera", {"name_zh": 0, "lon": 1, "lat": 2, "bearing_deg": 3}),
        ("Camera ID,NAME_ZH,Latitude,Longitude", "camera", {"id": 0, "name_zh": 1, "lat": 2, "lon": 3}),
        ("呼号,队伍类型,X,Y,人数", "unit", {"call_sign_zh": 0, "kind": 1, "home_lon": 2, "home_lat": 3, "members": 4}),
        ("网格编码,网格名称,所属社区", "grid", {"code": 0, "name_zh": 1, "community": 2}),
    ],
)  # fmt: skip
def test_headers_of_both_languages(header: str, kind: str, expected: dict[str, int]) -> None:
    assert columns_of(header.split(","), kind) == expected


def test_every_wrong_cell_is_told_with_its_row_column_value_and_mend(
    tmp_path: Path, locator: GridLocator, spoken: str
) -> None:
    path = written(
        tmp_path,
        "编号,名称,纬度,经度,方位角,类型,可视距离\n"
        "K1,,31.001,121.001,90,球机,60\n"
        "K2,东门,12l.4,121.001,400,球机,60\n"
        "K2,西门,91,,上,飞机,9000\n",
    )
    with pytest.raises(RowsRefused) as refused:
        read_cameras(path, None, locator)
    told = [(fault.row, fault.column, fault.value) for fault in refused.value.faults]
    rows = [f"第 {n} 行" if spoken == "zh_CN" else f"row {n}" for n in (2, 3, 4)]
    expected = [
        (rows[0], "名称", ""), (rows[1], "方位角", "400"), (rows[1], "纬度", "12l.4"), (rows[1], "编号", "K2"),
        (rows[2], "方位角", "上"), (rows[2], "可视距离", "9000"), (rows[2], "类型", "飞机"), (rows[2], "纬度", "91"),
        (rows[2], "经度", ""), (rows[2], "编号", "K2"),
    ]  # fmt: skip
    assert sorted(told) == sorted(expected)
    assert all(fault.file == "list.csv" and fault.mend for fault in refused.value.faults)


def test_rows_without_an_id_are_numbered_round_those_that_have_one(
    tmp_path: Path, locator: GridLocator
) -> None:
    path = written(
        tmp_path, "id,name,lat,lon\nC0001,a,31.001,121.001\n,b,31.001,121.001\n,c,31.001,121.001\n"
    )
    assert [row["id"] for row in read_cameras(path, None, locator)] == ["C0001", "C0002", "C0003"]


def test_a_position_beside_the_grids_goes_to_the_nearest(tmp_path: Path, locator: GridLocator) -> None:
    path = written(tmp_path, "name,lat,lon\na,31.0045,120.9999\nb,31.001,121.02\n")
    assert [row["grid"][-1] for row in read_cameras(path, None, locator)] == ["1", "2"]


def test_an_unknown_grid_is_refused(tmp_path: Path, locator: GridLocator) -> None:
    path = written(tmp_path, f"name,lat,lon,grid\na,31.001,121.001,{CODE}009009\n")
    with pytest.raises(RowsRefused, match=f"{CODE}009009"):
        read_cameras(path, None, locator)


def test_gcj02_positions_are_moved(tmp_path: Path, locator: GridLocator) -> None:
    path = written(tmp_path, "name,lat,lon\na,31.001,121.001\n")
    moved = read_cameras(path, "gcj02", locator)[0]
    assert 0.001 < 121.001 - float(moved["lon"]) < 0.008


def test_excel_numbers_are_read_as_they_are_shown(tmp_path: Path, locator: GridLocator) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "呼号", "类型", "经度", "纬度", "人数", "所属网格"])
    book.active.append([7, "警07", "公安", 121.001, 31.001, 3.0, int(GRIDS[1].code)])
    book.save(tmp_path / "units.xlsx")
    unit = read_units(tmp_path / "units.xlsx", None, locator)[0]
    assert (unit["id"], unit["members"], unit["grid"], unit["home_lat"]) == (
        "7",
        3,
        GRIDS[1].code,
        "31.0010000",
    )


@pytest.mark.parametrize("kind", ["飞行员", ""])
def test_a_unit_without_a_known_kind_is_refused(tmp_path: Path, locator: GridLocator, kind: str) -> None:
    path = written(tmp_path, f"呼号,类型,纬度,经度\na,{kind},31.001,121.001\n")
    with pytest.raises(RowsRefused):
        read_units(path, None, locator)


def test_missing_columns_are_named_with_what_is_there(tmp_path: Path, locator: GridLocator) -> None:
    with pytest.raises(ImportFault, match=r"home_lat.*呼号"):
        read_units(written(tmp_path, "呼号,类型,经度\n"), None, locator)


def test_a_thousand_faults_show_the_first_fifty(tmp_path: Path, locator: GridLocator) -> None:
    path = written(tmp_path, "name,lat,lon\n" + "a,x,121\n" * 1000)
    with pytest.raises(RowsRefused) as refused:
        read_cameras(path, None, locator)
    assert len(refused.value.faults) == 1000
    assert len(str(refused.value).splitlines()) == 51
