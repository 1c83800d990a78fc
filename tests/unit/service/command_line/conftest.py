"""A directory of the demo district with some incidents, as the window makes it."""

from __future__ import annotations

import pytest

from app.config import default_district
from app.domain.desk import Desk
from app.domain.events import IncidentReported, IncidentWithdrawn
from app.domain.ids import incident_stream
from app.domain.unit import Unit
from app.geo.district import load_district
from app.geo.finder import Finder
from app.geo.search import Entry
from app.i18n import set_language
from app.service.command_line.directory import DeskDirectory
from app.service.command_line.name_index import Initials
from app.service.command_line.unit_index import UnitIndex
from app.service.command_line.wording import Wording

NOW = 1_795_330_626_000
DAY_MS = 86_400_000
LANE_INCIDENT = Entry(
    "incident", "lane", "弄堂纠纷", address_zh="铁匠弄167号", code="20261122-077", lat=31.2253, lon=121.4711
)
"""No house of this lane is known: where the number is only an incident tells."""


@pytest.fixture(scope="session")
def directory() -> DeskDirectory:
    """Incidents 1 to 15 of today, and 1 to 3 of yesterday, of which 3 is open."""
    district = load_district(default_district())
    desk = Desk(units={u.id: Unit(u.id, u.kind, u.call_sign_zh) for u in district.units})
    for day, count in ((1, 3), (0, 15)):
        for number in range(1, count + 1):
            report(desk, f"d{day}n{number}", NOW - day * DAY_MS)
    for number in (1, 2):
        key = f"d1n{number}"
        desk.apply(incident_stream(key), IncidentWithdrawn(key, "-"), NOW, NOW)
    wording = Wording(desk, district, dict, lambda: NOW + 60_000)
    units = UnitIndex(desk.units.values(), {u.id: u for u in district.units}, {})
    made = DeskDirectory(
        desk,
        district,
        wording,
        list(desk.incidents.values()),
        units,
        lambda _verb, _key: True,
        lambda: (31.2213, 121.4747),
    )
    finder = Finder.of_district(district)
    finder.index.put(LANE_INCIDENT)
    made.take_finder(finder)
    made.spell(Initials(finder.index.readings))
    return made


def report(desk: Desk, key: str, at: int) -> None:
    event = IncidentReported(
        key, "110", key, "crowd", 2, "商场门口人群聚集", address="望浦广场", lat=31.2213, lon=121.4747
    )
    desk.apply(incident_stream(key), event, at, at)


@pytest.fixture(autouse=True)
def chinese() -> None:
    set_language("zh_CN")
