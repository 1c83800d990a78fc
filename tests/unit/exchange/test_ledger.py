"""The ledger leaves the desk masked, complete and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app.domain.instants import parse_iso
from app.exchange.ledger import FIELDS, Period, ledger_rows, no_formula, write_csv, write_geojson, write_xlsx
from app.i18n import set_language
from tests.unit.exchange.situations import AT, IDENTITY, MINUTE_MS, PHONE, incident, situation

FORMULA = '=HYPERLINK("http://evil.example";"打开")'
ALWAYS = Period()
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("zh_CN")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cells(path: Path) -> list[list[str]]:
    """Every row of the first sheet as text, read with nothing but the format's own rules."""
    with zipfile.ZipFile(path) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.findall(f".//{SHEET}f") == [], "a formula"
    return [
        ["".join(cell.itertext()) for cell in row.findall(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row")
    ]


def test_a_row_says_what_where_when_and_who_went(tmp_path: Path) -> None:
    closed = incident(3, "路灯损坏", status="closed", closed_at=AT, attended=("p1", "p2"), priority=3)
    write_csv(tmp_path / "l.csv", situation(closed), ALWAYS)
    (row,) = read_csv(tmp_path / "l.csv")
    assert tuple(row) == FIELDS
    assert row == {
        "row": "1",
        "number": "20261122-003",
        "type": "crowd",
        "priority": "3",
        "status": "closed",
        "title": "路灯损坏",
        "grid": closed.grid,
        "address": closed.address,
        "lat": str(closed.lat),
        "lon": str(closed.lon),
        "opened_at": "2026-11-22T06:54:06.000Z",
        "opened_local": "2026-11-22 14:54:06",
        "closed_at": "2026-11-22T06:57:06.000Z",
        "closed_local": "2026-11-22 14:57:06",
        "units": "p1;p2",
        "mode": "live",
    }


def test_the_period_takes_its_start_and_leaves_its_end() -> None:
    state = situation(*(incident(n) for n in range(5)))
    period = Period(AT - 3 * MINUTE_MS, AT - 1 * MINUTE_MS)
    assert [row["number"][-1] for row in ledger_rows(state, period, masked=True)] == ["2", "3"]


@pytest.mark.parametrize("write", [write_csv, write_geojson])
def test_numbers_of_people_stay_at_home(tmp_path: Path, write: Callable[..., int]) -> None:
    state = situation(incident(1, f"来电 {PHONE} {IDENTITY}", address=f"解放路 {PHONE}"))
    write(tmp_path / "out", state, ALWAYS)
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert PHONE not in text
    assert IDENTITY not in text
    assert "secret-person" not in text
    write(tmp_path / "out", state, ALWAYS, masked=False)
    assert PHONE in (tmp_path / "out").read_text(encoding="utf-8")


def test_a_workbook_is_masked_too(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "l.xlsx", situation(incident(1, f"来电 {PHONE}")), ALWAYS)
    assert "来电 138****8000" in cells(tmp_path / "l.xlsx")[1]


@pytest.mark.parametrize("text", [FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "－1"])
def test_a_text_is_never_a_formula(tmp_path: Path, text: str) -> None:
    assert no_formula(text) == f"'{text}"
    state = situation(incident(1, text, address=text))
    write_csv(tmp_path / "l.csv", state, ALWAYS, masked=False)
    (row,) = read_csv(tmp_path / "l.csv")
    assert row["title"] == row["address"] == f"'{text}"
    write_xlsx(tmp_path / "l.xlsx", state, ALWAYS)
    assert len(cells(tmp_path / "l.xlsx")) == 2


def test_a_coordinate_west_of_greenwich_stays_a_number(tmp_path: Path) -> None:
    write_csv(tmp_path / "l.csv", situation(incident(1, lat=-33.9, lon=-70.6)), ALWAYS)
    assert read_csv(tmp_path / "l.csv")[0]["lon"] == "-70.6"


def test_features_without_a_place_have_no_geometry(tmp_path: Path) -> None:
    placed, lost = incident(1), incident(2, lat=None, lon=None)
    write_geojson(tmp_path / "l.geojson", situation(placed, lost, mode="drill"), ALWAYS)
    document: dict[str, Any] = json.loads((tmp_path / "l.geojson").read_text(encoding="utf-8"))
    first, second = document["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [placed.lon, placed.lat]}
    assert second["geometry"] is None
    assert (document["mode"], first["properties"]["mode"]) == ("drill", "drill")


def test_a_workbook_speaks_to_people(tmp_path: Path) -> None:
    one = incident(1, "路口人群聚集", units=("p1",), opened_at=parse_iso("2026-11-22T06:00:00Z"))
    write_xlsx(tmp_path / "l.xlsx", situation(one), ALWAYS)
    head, row = cells(tmp_path / "l.xlsx")
    assert head[:6] == ["序号", "编号", "类型", "优先级", "状态", "标题"]
    assert {"人群聚集", "P2 紧急", "待立案", "警01", "实战"} <= set(row)
    assert "46348.5833333333" in {cell[:16] for cell in row}, "14:00 of the district's time as a time"


def test_an_exercise_is_in_the_sheet_s_name_and_on_its_print(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "l.xlsx", situation(incident(1), mode="drill"), ALWAYS)
    with zipfile.ZipFile(tmp_path / "l.xlsx") as book:
        names, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("workbook", "worksheets/sheet1"))
    assert 'name="演练 EXERCISE 台账"' in names
    assert "<oddHeader>&amp;L演练 EXERCISE" in sheet


@pytest.mark.parametrize("write", [write_csv, write_geojson, write_xlsx])
def test_an_empty_period_is_a_ledger_too(tmp_path: Path, write: Callable[..., int]) -> None:
    assert write(tmp_path / "out", situation(incident(1)), Period(AT + 1)) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
