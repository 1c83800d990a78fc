"""A call for help that a Chinese desk has made an incident, in the window of an English desk of the same journal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from app.domain.roles import FEED
from app.i18n import set_language
from app.link.field.acts import FieldAct
from app.link.field.distress_call import Whereabouts, distress_call
from tests.scenario import in_sight
from tests.scenario.desk_window import open_desk

OURS, THEIRS = "Police 01: emergency", "紧急求助"
POST = (31.2213, 121.4787)

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


async def accepted_by_a_chinese_desk(db: str) -> None:
    set_language("zh_CN")
    app = App(Config(db=db, district_dir=default_district(), desk="desk-2", language="zh_CN"))
    await app.start()
    try:
        unit, now = app.projections.desk.units["p1"], app.clock.now()
        call = distress_call(
            FieldAct(id="act-00001", act="emergency"), unit, Whereabouts(now, post=POST), lambda *_: None
        )
        await app.bus.submit(call, cmd.Context("feed:field", FEED, "desk-2", now))
        await app.bus.submit(cmd.AcceptAlarms((call.alarm,), "sos"), app.context())
        assert THEIRS in app.projections.desk.incidents["sos"].title
    finally:
        await app.close()


def test_no_panel_shows_what_the_other_desk_called_it(qapp: QApplication, tmp_path: Path) -> None:
    db = str(tmp_path / "journal.db")
    asyncio.run(accepted_by_a_chinese_desk(db))
    with open_desk(qapp, Config(db=db, district_dir=default_district(), language="en")) as officer:
        queue = officer.panel("queue")
        officer.wait(lambda: queue.queue.get("sos") is not None, "the incident in the queue")
        officer.click_cell(queue.view, "sos", "title")
        for name, dock in officer.console.docks.items():
            dock.bring_up()
            officer.wait(lambda dock=dock: dock.in_sight and dock.is_filled, f"{name} in sight")
            officer.settle()
            assert [sight for sight in in_sight.read(officer.console) if THEIRS in sight.text] == []
        card = officer.console.dock("card")
        card.bring_up()
        officer.wait(lambda: in_sight.reads(card, OURS), "its words on the card")
