"""Who reported: kept with the report in one step, and never inside its event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.bootstrap import App
from app.config import Config, default_district
from app.domain.commands import ReportIncident
from app.domain.errors import Refusal
from app.service.reporter import Reporter, take_report

CALLER = Reporter("张建国", "13812341234")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    app = App(Config(db=str(tmp_path / "journal.db"), district_dir=default_district()))
    await app.start()
    yield app
    await app.close()


def report(title: str = "漏水") -> ReportIncident:
    return ReportIncident("i1", "desk", "i1", "dispute", 3, title, address="滨江里 3 号楼")


async def test_the_reporter_stands_apart_from_the_report(app: App) -> None:
    records = await take_report(app.bus, app.context(), report(), CALLER)
    assert CALLER.name not in repr(records)
    assert CALLER.phone not in repr(records)
    assert app.projections.desk.incidents["i1"].person_ref == "desk:i1"


async def test_who_says_why_reads_the_reporter(app: App) -> None:
    await take_report(app.bus, app.context(), report(), CALLER)
    person = await app.person("i1", "callback")
    assert person is not None
    assert (person.name, person.phone) == (CALLER.name, CALLER.phone)


async def test_nobody_named_means_nobody_kept(app: App) -> None:
    await take_report(app.bus, app.context(), report(), Reporter())
    assert app.projections.desk.incidents["i1"].person_ref is None
    assert await app.journal.call(lambda journal: journal.person("desk:i1")) is None


async def test_a_refused_report_keeps_nobody(app: App) -> None:
    with pytest.raises(Refusal):
        await take_report(app.bus, app.context(), report(title=" "), CALLER)
    assert await app.journal.call(lambda journal: journal.person("desk:i1")) is None
