"""Sent by one key and followed to the end: phones in other processes answer, silence raises, the rest goes by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.domain.unit import Assignment
from tests.scenario.desk_window import ForwardClock, Officer, open_desk
from tests.servers.phone import Phone, phone
from widgets.models.field_link import field_key

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
CROWD = "门口人群聚集"
MINUTE_MS = 60_000

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def clock() -> ForwardClock:
    return ForwardClock()


@pytest.fixture
def officer(qapp: QApplication, tmp_path: Path, clock: ForwardClock) -> Iterator[Officer]:
    config = Config(
        db=str(tmp_path / "journal.db"), district_dir=default_district(), field_listen=("127.0.0.1", 0)
    )
    with open_desk(qapp, config, clock) as officer:
        yield officer


def page_url(officer: Officer) -> str:
    following = officer.app.following
    assert following is not None
    assert following.server is not None
    return f"http://127.0.0.1:{following.server.address[1]}/"


def pair(officer: Officer, unit: str, own: Phone) -> None:
    """The code is read from the screen and typed on the phone."""
    board = officer.bring_up("units", Key.Key_5, ALT)
    officer.click_cell(board.view, unit, "unit")
    talk = in_field_link(officer).talk
    officer.wait(talk.isVisible, "the talk with the unit")
    officer.click(talk.offer)
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", talk.code.text())
    assert code is not None
    own.pair(code[0])
    officer.wait(lambda: own.state.get("unit", {}).get("id") == unit, f"the phone of {unit}")


def in_field_link(officer: Officer) -> Any:
    officer.press(Key.Key_L, CTRL)
    officer.wait(lambda: officer.console.dock("field").in_sight, "the field link")
    return officer.panel("field")


def send_all(officer: Officer) -> tuple[str, ...]:
    """By one key, whoever is recommended."""
    officer.report(f"报 人群聚集 @望浦广场 级1 {CROWD}", CROWD)
    panel = officer.dispatching(CROWD)
    party: tuple[str, ...] = panel.recommended
    before = officer.keys
    officer.press(Key.Key_D)
    sent = officer.wait_for_status(CROWD, "dispatched")
    assert officer.keys - before == 1
    assert sent.units == party
    assert len({record.recorded_at for record in officer.records("unit.dispatched")}) == 1, "one step"
    return party


def held(officer: Officer, unit: str) -> Assignment:
    found = officer.app.projections.desk.units[unit].assignment(officer.see(CROWD).id)
    assert found is not None
    return found


def see_stage(officer: Officer, unit: str, words: str) -> None:
    """On the list of who was sent, below the candidates."""
    view = officer.panel("dispatch").sent_units.view
    officer.wait(lambda: words in officer.cell(view, unit, "progress"), f"{unit} {words}")


def see_alarm(officer: Officer, words: str, *, stands: bool) -> None:
    """In the lane, by what it is called."""
    lane = officer.panel("alarms").lane
    officer.wait(
        lambda: any(words in row.alarm.title for row in lane.heads()) == stands,
        f"{words} {'in' if stands else 'out of'} the lane",
    )


# -- phones ----------------------------------------------------------------------------------------------------------


def test_phones_answer_step_by_step_and_talk(officer: Officer) -> None:
    with phone(page_url(officer)) as first, phone(page_url(officer)) as second:
        pair(officer, "p1", first)
        pair(officer, "j1", second)
        assert {"p1", "j1"} < set(send_all(officer))
        incident = officer.see(CROWD).id
        for own in (first, second):
            officer.wait(lambda own=own: own.state["tasks"], "the task on the phone")
            assert own.state["tasks"][0]["title"] == CROWD
        officer.console.dock("dispatch").bring_up()
        see_stage(officer, "p1", "已发")
        for act, words in (
            ("delivered", "已送达"), ("read", "已读"), ("accept", "签收"), ("en_route", "途中"), ("on_scene", "到场"),
        ):  # fmt: skip
            first.say(act, incident=incident)
            see_stage(officer, "p1", words)
        second.say("decline", incident=incident, reason="车辆故障")
        see_stage(officer, "j1", "已拒绝：车辆故障")
        assert "j1" not in officer.see(CROWD).units
        assert first.refused == second.refused == []
        _talk(officer, first, incident)
        _more_is_asked_for(officer, first, incident)


def _talk(officer: Officer, own: Phone, incident: str) -> None:
    """A canned phrase goes out, an answer comes in and is read by looking at it."""
    field = in_field_link(officer)
    row = field_key("p1", incident)
    officer.click_cell(field.view, row, "unit")
    coming = next(button for button in field.talk.buttons if button.text() == "支援已出发")
    officer.click(coming)
    officer.wait(lambda: own.state["messages"], "the phrase on the phone")
    assert own.state["messages"][-1]["text"] == "支援已出发"
    own.say("messages_read")
    officer.wait(lambda: "支援已出发 · 已读" in field.talk.lines.toPlainText(), "that it was read")
    own.say("message", incident=incident, text="现场平稳")
    officer.wait(lambda: "现场平稳" in field.talk.lines.toPlainText(), "the answer")
    officer.wait(lambda: field.field.get(row).unread == 1, "that it is new")
    officer.click_cell(field.view, row, "unit")
    officer.wait(lambda: field.field.get(row).unread == 0, "that it is read")
    officer.wait(lambda: own.state["messages"][-1]["read"], "the same on the phone")


def _more_is_asked_for(officer: Officer, own: Phone, incident: str) -> None:
    own.say("more", incident=incident, kinds=["police"], count=2, reason="人越来越多")
    field = officer.panel("field")
    officer.wait(lambda: field.requests.isVisible() and len(field.requests.lines) == 1, "what is asked for")
    (line,) = field.requests.lines.values()
    assert re.search(r"警01 请求增援 2 公安 人越来越多", line.words.text())
    see_alarm(officer, "警01 请求增援", stands=True)
    officer.click(line.dispatch)
    dispatch = officer.panel("dispatch")
    officer.wait(lambda: dispatch.isAncestorOf(QApplication.focusWidget()), "the panel that sends")
    in_field_link(officer)
    officer.click(line.met)
    officer.wait(lambda: not field.requests.isVisible(), "the request to be settled")
    see_alarm(officer, "警01 请求增援", stands=False)
    officer.wait(lambda: own.state["tasks"][0]["asked"][0]["settled"], "the same on the phone")
