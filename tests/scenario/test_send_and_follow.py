"""Sent by one key and followed to the end: phones in other processes answer, silence raises, the rest goes by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from app.domain.unit import Assignment
from tests.scenario.desk_window import ForwardClock, Officer, open_desk
from tests.scenario.test_triage import ask, confirm, write
from tests.servers.phone import Phone, phone
from widgets.models.field_link import field_key
from widgets.panels.pairing_sheet import PairingSheet

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
CROWD = "门口人群聚集"
MINUTE_MS = 60_000

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ForwardClock:
    monkeypatch.setattr("app.service.field_watch.LOOK_S", 0.05)
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
    officer.click(talk.phones)
    sheet = officer.console.findChild(PairingSheet)
    assert sheet is not None
    assert sheet.isVisible()
    own.pair(sheet.code.text())
    officer.wait(lambda: own.state.get("unit", {}).get("id") == unit, f"the phone of {unit}")
    officer.press(Key.Key_Escape)
    officer.wait(lambda: not sheet.isVisible(), "the code to be gone")


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
    incident = officer.incident(CROWD)
    assert incident is not None
    found = officer.app.projections.desk.units[unit].assignment(incident.id)
    assert found is not None
    return found


def see_stage(officer: Officer, unit: str, words: str) -> None:
    """On the list of who was sent, below the candidates."""
    view = officer.panel("dispatch").sent_units.view
    officer.wait(lambda: words in officer.cell(view, unit, "progress"), f"{unit} {words}")


def see_alarm(officer: Officer, words: str, *, stands: bool) -> None:
    """In the lane, by what it is called; of several that speak of one matter one row tells."""
    lane, groups = officer.panel("alarms").lane, officer.app.projections.alarm_lane.groups

    def titles() -> list[str]:
        shown = (groups[row.group] for row in lane.heads() if row.group in groups)
        return [alarm.title for group in shown for alarm in group.members.values()]

    officer.wait(
        lambda: any(words in title for title in titles()) == stands,
        f"{words} {'in' if stands else 'out of'} the lane",
    )


# -- phones ----------------------------------------------------------------------------------------------------------


def test_phones_answer_step_by_step_and_talk(officer: Officer, clock: ForwardClock) -> None:
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
        _checklist_from_both_sides(officer, first, incident)
        _roll_is_answered(officer, clock, first, incident)


def _talk(officer: Officer, own: Phone, incident: str) -> None:
    """A canned phrase goes out by two keys, an answer comes in and is read by going to it."""
    field = in_field_link(officer)
    row = field_key("p1", incident)
    officer.click_cell(field.view, row, "unit")
    officer.press(Key.Key_F)
    officer.wait(field.talk.phrases.isVisible, "the phrases")
    officer.press(Key.Key_5)
    officer.wait(lambda: own.state["messages"], "the phrase on the phone")
    assert own.state["messages"][-1]["text"] == "支援已出发"
    own.say("messages_read")
    officer.wait(lambda: "支援已出发 · 已读" in field.talk.lines.toPlainText(), "that it was read")
    officer.click_cell(field.view, field_key("p2", incident), "unit")
    own.say("message", incident=incident, text="现场平稳")
    officer.wait(lambda: field.field.get(row).unread == 1, "that there is something new")
    officer.click_cell(field.view, row, "unit")
    officer.wait(lambda: "现场平稳" in field.talk.lines.toPlainText(), "the answer")
    officer.wait(lambda: own.state["messages"][-1]["read"], "on the phone that it was read")
    officer.wait(lambda: field.field.get(row).unread == 0, "the same on the row")


def _more_is_asked_for(officer: Officer, own: Phone, incident: str) -> None:
    own.say("more", incident=incident, kinds=["police"], count=2, reason="人越来越多")
    field = officer.panel("field")
    officer.wait(lambda: field.requests.isVisible() and len(field.requests.lines) == 1, "what is asked for")
    (line,) = field.requests.lines.values()
    assert "警01 请求增援 2 公安 人越来越多" in line.words.text
    see_alarm(officer, "警01 请求增援", stands=True)
    officer.click(line.dispatch)
    dispatch = officer.panel("dispatch")
    officer.wait(lambda: dispatch.isAncestorOf(QApplication.focusWidget()), "the panel that sends")
    in_field_link(officer)
    officer.click(line.met)
    officer.wait(lambda: not field.requests.isVisible(), "the request to be settled")
    see_alarm(officer, "警01 请求增援", stands=False)
    officer.wait(lambda: own.state["tasks"][0]["asked"][0]["settled"], "the same on the phone")


def _checklist_from_both_sides(officer: Officer, own: Phone, incident: str) -> None:
    first, second = (item["id"] for item in own.state["tasks"][0]["checklist"][:2])
    own.say("tick", incident=incident, item=first)
    checklist = officer.bring_up("card", Key.Key_3, ALT).field.checklist
    officer.wait(
        lambda: first in checklist.boxes and checklist.boxes[first].isChecked(), "the tick on the card"
    )
    assert "警01" in checklist.signs[first].text(), "and whose it is"
    officer.focus(checklist.boxes[second])
    officer.press(Key.Key_Space)

    def done_on_the_phone() -> set[str]:
        return {item["id"] for item in own.state["tasks"][0]["checklist"] if item["done"]}

    officer.wait(lambda: done_on_the_phone() == {first, second}, "both ticks on the phone")


def _roll_is_answered(officer: Officer, clock: ForwardClock, own: Phone, incident: str) -> None:
    view, row = in_field_link(officer).view, field_key("p1", incident)
    clock.go_on_to(clock.now() + 17 * MINUTE_MS)
    see_alarm(officer, "点名超时：警01", stands=True)
    own.say("present", incident=incident)
    see_alarm(officer, "点名超时：警01", stands=False)
    officer.wait(lambda: officer.cell(view, row, "roll").endswith(" 后"), "the next call to run")


# -- nobody answers --------------------------------------------------------------------------------------------------


def test_silence_raises_and_the_rest_is_done_by_hand(officer: Officer, clock: ForwardClock) -> None:
    assert send_all(officer)[0] == "p1"
    field = in_field_link(officer)
    row = field_key("p1", officer.see(CROWD).id)
    _sent_again_and_taken_by_radio(officer, clock, field, row)
    _roll_is_called(officer, clock, field, row)
    _recalled(officer, field, field_key("p2", officer.see(CROWD).id))
    _handed_over_with_a_receipt(officer)


def _sent_again_and_taken_by_radio(officer: Officer, clock: ForwardClock, field: Any, row: str) -> None:
    clock.go_on_to(clock.now() + 21_000)
    officer.wait(lambda: officer.cell(field.view, row, "stage") == "未送达 超时", "the order to be late")
    see_alarm(officer, "警01 任务未送达", stands=True)
    officer.click_cell(field.view, row, "unit")
    officer.press(Key.Key_G)
    officer.wait(lambda: held(officer, "p1").delivery.resent == 1, "the order to be sent again")
    officer.wait(lambda: officer.cell(field.view, row, "stage") == "已发", "it to wait anew")
    see_alarm(officer, "警01 任务未送达", stands=False)
    officer.press(Key.Key_K)
    officer.wait(lambda: officer.cell(field.view, row, "stage") == "签收", "the radio's answer")


def _roll_is_called(officer: Officer, clock: ForwardClock, field: Any, row: str) -> None:
    officer.press(Key.Key_S)
    officer.wait(lambda: officer.cell(field.view, row, "stage") == "到场", "the unit on scene")
    assert officer.cell(field.view, row, "roll").endswith(" 后")
    clock.go_on_to(clock.now() + 17 * MINUTE_MS)
    see_alarm(officer, "点名超时：警01", stands=True)
    lane = officer.panel("alarms").lane
    assert [r.alarm.priority for r in lane.heads() if "点名超时" in r.alarm.title] == [1]
    officer.wait(lambda: officer.cell(field.view, row, "roll").startswith("点名超时"), "the silence in words")
    officer.press(Key.Key_I)
    see_alarm(officer, "点名超时：警01", stands=False)
    officer.wait(lambda: officer.cell(field.view, row, "roll").endswith(" 后"), "the next call to run")
    officer.press(Key.Key_J)
    officer.type("正在问话")
    officer.press(Key.Key_Return)
    officer.wait(lambda: officer.cell(field.view, row, "roll") == "已暂停", "the pause")


def _recalled(officer: Officer, field: Any, row: str) -> None:
    """With a reason, by a button that is held."""
    officer.click_cell(field.view, row, "unit")
    officer.press(Key.Key_X)
    officer.type("他处更急")
    officer.press(Key.Key_Return)
    units = officer.app.projections.desk.units
    officer.hold(Key.Key_Space, lambda: not units["p2"].assignments, "p2 to be recalled")
    officer.see_in_story(CROWD, "他处更急")


def _handed_over_with_a_receipt(officer: Officer) -> None:
    """To a department, and who took it there: on the card and in the journal."""
    officer.choose(CROWD)
    ask(officer, Key.Key_H)
    write(officer, "市公安局", "案情重大")
    confirm(officer)
    officer.hold(Key.Key_Space, lambda: officer.status(CROWD) == "handed_over", "the hand-over")
    card = officer.panel("card")
    form = card.field
    for name, words in (("told", "人数约五十"), ("received_by", "指挥室 021"), ("reference", "GA-77")):
        officer.wait(form.fields[name].isVisible, "the receipt to fill in")
        officer.focus(form.fields[name])
        officer.type(words)
    officer.press(Key.Key_Return)
    officer.wait(form.received.isVisible, "the receipt on the card")
    assert all(words in form.received.text() for words in ("人数约五十", "指挥室 021", "GA-77"))
    (received,) = officer.records("incident.hand_over_received")
    assert (received.event.department, received.event.reference) == ("市公安局", "GA-77")  # type: ignore[attr-defined]
