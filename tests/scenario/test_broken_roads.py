"""Roads broken in every way: somebody is recommended all the same, and each says why his time is a straight one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config
from app.i18n import Language
from tests.scenario.desk_window import Officer, open_desk
from tests.scenario.districts import Road, district, keep_units, lay_roads

Key = Qt.Key
LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")
KEPT = ("p1", "u1", "j1", "j5")
LINES: dict[Language, tuple[str, str, str]] = {
    "zh_CN": ("报 人群聚集 @{place} 级1 {title}", "望浦广场", "望浦火车站"),
    "en": ('n crowd @"{place}" pri1 {title}', "Wangpu Plaza", "Wangpu Railway Station"),
}
"""How a report is typed, where the street is, and where none is."""
BY_ROAD, ISLAND, ONE_WAY, OFF_MAP, NO_ROADS, INCIDENT_OFF = range(6)
WHY: dict[Language, tuple[str, ...]] = {
    "zh_CN": (
        "", "道路不连通，直线估算", "单行不可达，直线估算", "不在路网上，直线估算", "无路网，直线估算",
        "事件不在路网，直线估算",
    ),
    "en": (
        "", "straight line, roads do not join", "straight line, only against one-ways",
        "straight line, unit off the roads", "straight line, no roads", "straight line, incident off the roads",
    ),
}  # fmt: skip

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


def road(name: str, *points: tuple[float, float], first: int, one_way: bool = False) -> Road:
    """Points as (lon, lat); `first` is the number of its first junction, the next one is its last."""
    facts = {
        "id": name, "name_zh": name, "name_en": name, "class": "residential", "oneway": one_way,
        "from": first, "to": first + 1,
    }  # fmt: skip
    return {
        "type": "Feature",
        "properties": facts,
        "geometry": {"type": "LineString", "coordinates": [list(point) for point in points]},
    }


BROKEN = (
    road("R1", (121.4744, 31.2214), (121.4765, 31.2214), first=0),
    road("R2", (121.4765, 31.2214), (121.4795, 31.2213), first=1, one_way=True),
    road("R3", (121.4730, 31.2198), (121.4740, 31.2198), first=7),
)
"""A street at the plaza; out of it a street that nobody may drive back; one that hangs together with nothing."""
FATE = {"j1": BY_ROAD, "p1": ONE_WAY, "u1": ISLAND, "j5": OFF_MAP}


def place_with(folder: Path, *roads: Road) -> Path:
    place = district(folder)
    keep_units(place, lambda unit: unit["id"] in KEPT)
    lay_roads(place, roads)
    return place


def ask(officer: Officer, place: int, title: str) -> Any:
    """Who should go to a crowd at one of the two places."""
    line, *places = LINES[officer.app.config.language]
    officer.report(line.format(place=places[place], title=title), title)
    return officer.dispatching(title)


def see(officer: Officer, panel: Any, fates: dict[str, int]) -> None:
    """Each row has its time, marked where it is a straight one, and then the reason for that before all others."""
    reasons = WHY[officer.app.config.language]
    for unit, fate in fates.items():
        eta, why = (officer.cell(panel.view, unit, column) for column in ("eta", "why"))
        assert officer.fits(panel.view, unit, "eta"), eta
        assert eta.startswith("≈") == (fate != BY_ROAD), f"{unit}: {eta}"
        said = [reason for reason in reasons if reason and reason in why]
        assert said == [reasons[fate]] * (fate != BY_ROAD), f"{unit}: {why}"
    assert set(panel.recommended) == set(fates), "a straight time recommends all the same"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_in_which_no_road_leads_there_has_its_reason(
    qapp: QApplication, tmp_path: Path, language: Language
) -> None:
    config = Config(db=str(tmp_path / "j.db"), district_dir=place_with(tmp_path, *BROKEN), language=language)
    with open_desk(qapp, config) as officer:
        see(officer, ask(officer, 0, "first"), FATE)
        see(officer, ask(officer, 1, "second"), dict.fromkeys(KEPT, INCIDENT_OFF))
        officer.press(Key.Key_D)
        assert set(officer.wait_for_status("second", "dispatched").units) == set(KEPT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_district_without_roads_recommends_by_the_crows_flight_and_says_so(
    qapp: QApplication, tmp_path: Path, language: Language
) -> None:
    config = Config(db=str(tmp_path / "j.db"), district_dir=place_with(tmp_path), language=language)
    with open_desk(qapp, config) as officer:
        panel = ask(officer, 0, "first")
        see(officer, panel, dict.fromkeys(KEPT, NO_ROADS))
        officer.wait(lambda: cover(panel), "what is left behind")
        officer.press(Key.Key_D)
        assert set(officer.wait_for_status("first", "dispatched").units) == set(KEPT)


def cover(panel: Any) -> list[str]:
    return [row.text for row in panel.advice_head.lines.rows if "%" in row.text]
