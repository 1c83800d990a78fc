"""Moving up, by the key in the dispatch panel: the order, its status on the board, its end and its recall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.dispatch.candidates import Post
from app.dispatch.coverage import Coverage, MoveUp
from app.domain import commands as cmd
from app.domain.incident import Incident
from app.geo.district import Place
from app.i18n import set_language, tr
from app.journal.store import TrackPoint
from app.service.field_alarm_words import own_title
from tests.gui.conftest import DeskUnderTest
from widgets.models.field_link import alert_of, field_key, stage_text
from widgets.models.unit_board import numbers_text, status_name
from widgets.panels.dispatch import DispatchPanel
from widgets.panels.field_link import FieldPanel
from widgets.panels.unit_board import UnitBoardPanel

Key = Qt.Key


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[DispatchPanel]:
    panel = DispatchPanel(desk.bridge)
    qtbot.addWidget(panel)
    panel.resize(420, 700)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


@pytest.fixture
def board(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[UnitBoardPanel]:
    board = UnitBoardPanel(desk.bridge)
    qtbot.addWidget(board)
    board.resize(700, 600)
    board.show()
    qtbot.waitExposed(board)
    yield board
    board.close()


async def leaves_a_gap(desk: DeskUnderTest, place: Place) -> bool:
    """Whether somebody should move up once the engines have gone to a fire there."""
    fire = Incident("?", (), "fire", 1, "?", 0, lat=place.lat, lon=place.lon, number="?")
    asked = desk.app.dispatching
    found = (await asked.advise(fire, None, 0)).recommendation
    return (await asked.cover(fire, found.response.leading_kinds, found.units)).move_up is not None


def proposed(desk: DeskUnderTest, panel: DispatchPanel) -> MoveUp:
    """Engines are recommended, so that somebody should move up; what is proposed is the panel's own."""
    places = desk.bridge.district.places
    place = next(place for place in places if desk.run(leaves_a_gap(desk, place)))
    desk.report("fire", incident_type="fire", priority=1, lat=place.lat, lon=place.lon)
    panel.show_incident("fire")
    desk.wait_until(lambda: panel.is_settled and panel._advice is not None)
    head = panel.advice_head
    desk.wait_until(lambda: panel.is_settled and head._cover is not None and head._cover.move_up is not None)
    assert head.move_up.isVisible()
    cover: Coverage = head._cover
    assert cover.move_up is not None
    return cover.move_up


def test_one_key_sends_the_proposed_unit_and_the_gap_is_not_filled_twice(
    desk: DeskUnderTest, panel: DispatchPanel, board: UnitBoardPanel
) -> None:
    move = proposed(desk, panel)
    assert "去补位" in panel.advice_head.move_up.button.text()
    panel.view.setFocus()
    QTest.keyClick(panel.view, Key.Key_M)
    QTest.keyClick(panel.view, Key.Key_M)
    units = desk.bridge.desk.units
    desk.wait_until(lambda: units[move.unit].post_order is not None)
    order = units[move.unit].post_order
    assert order is not None
    assert Post(order.lat, order.lon, order.code) == move.post
    desk.settle()
    column = board.board.column_number("status")
    index = board.board.index(board.board.row_of(move.unit), column)
    assert str(board.board.data(index)).startswith("去补位")
    story = desk.run(desk.app.unit_timeline(move.unit))
    assert [line.text_key for line in story] == ["unit_story.post_ordered"]
    row = panel.moving_up.rows[0]
    assert row.key == move.unit and "已发" in row.note and panel.moving_up.isVisible()
    desk.wait_until(lambda: panel.is_settled)
    head = panel.advice_head
    desk.wait_until(
        lambda: head._cover is None or head._cover.move_up is None or head._cover.move_up.unit != move.unit
    )


def test_with_nothing_to_cover_the_key_says_so(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    school = next(place for place in desk.bridge.district.places if place.kind == "school")
    desk.report("quiet", incident_type="dispute", priority=4, lat=school.lat, lon=school.lon)
    panel.show_incident("quiet")
    desk.wait_until(lambda: panel.is_settled and panel._advice is not None)
    assert not panel.advice_head.move_up.isVisible()
    panel.view.setFocus()
    QTest.keyClick(panel.view, Key.Key_M)
    assert tr("post.none_proposed") in panel.refusal.text
    assert panel.refusal.isVisible()


def test_arrival_ends_it_and_the_board_says_that_it_stands_by(
    desk: DeskUnderTest, panel: DispatchPanel, board: UnitBoardPanel
) -> None:
    move = proposed(desk, panel)
    panel.advice_head.move_up.button.click()
    units = desk.bridge.desk.units
    desk.wait_until(lambda: units[move.unit].post_order is not None)
    desk.app.positions.put(TrackPoint(move.unit, desk.app.clock.now(), move.post.lat, move.post.lon))
    desk.wait_until(lambda: units[move.unit].post_order is None)
    desk.settle()
    index = board.board.index(board.board.row_of(move.unit), board.board.column_number("status"))
    assert str(board.board.data(index)).startswith("待命")


def test_it_is_called_back_from_the_board_with_a_reason(
    desk: DeskUnderTest, panel: DispatchPanel, board: UnitBoardPanel
) -> None:
    move = proposed(desk, panel)
    panel.advice_head.move_up.button.click()
    units = desk.bridge.desk.units
    desk.wait_until(lambda: units[move.unit].post_order is not None)
    desk.settle()
    board.select(move.unit)
    board.view.setFocus()
    QTest.keyClick(board.view, Key.Key_X)
    assert board.recall_bar.isVisible()
    assert "补位途中" in board.recall_bar.question.text()
    board.recall_bar.reason.setText("已有人到")
    board.recall_bar.confirm.confirmed.emit()
    desk.wait_until(lambda: units[move.unit].post_order is None)
    assert units[move.unit].duty == "available"


@pytest.fixture
def link(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[FieldPanel]:
    link = FieldPanel(desk.bridge)
    qtbot.addWidget(link)
    link.resize(700, 600)
    link.show()
    qtbot.waitExposed(link)
    yield link
    link.close()


def said_of(desk: DeskUnderTest, board: UnitBoardPanel, unit: str) -> str:
    """What is painted of where it is sent and how far that is."""
    desk.settle()
    row = board.board.get(unit)
    assert row is not None
    return f"{numbers_text(row)} {status_name(row)}"


def test_an_order_to_a_post_is_followed_on_board_and_field_link_and_recalled_from_there(
    desk: DeskUnderTest, board: UnitBoardPanel, link: FieldPanel
) -> None:
    code = desk.bridge.district.grids[0].code
    desk.do(cmd.OrderToPost("p3", "o1", 31.2213, 121.4747, code))
    assert said_of(desk, board, "p3") == "补位 已发"
    link.view.show_key(field_key("p3", ""))
    assert link.chosen is not None and stage_text(link.chosen) == "补位·已发"
    desk.do(cmd.NotePostDelivery("p3", "o1", "read"))
    assert said_of(desk, board, "p3") == "补位 已读"
    link.view.setFocus()
    QTest.keyClick(link.view, Key.Key_K)
    units = desk.bridge.desk.units
    desk.wait_until(lambda: units["p3"].post_order is not None and units["p3"].post_order.answered is True)
    assert said_of(desk, board, "p3") == f"补位 {tr('dispatch.progress.accepted')}"
    QTest.keyClick(link.view, Key.Key_G)
    desk.wait_until(
        lambda: units["p3"].post_order is not None and units["p3"].post_order.delivery.resent == 1
    )
    desk.settle()
    QTest.keyClick(link.view, Key.Key_X)
    assert "补位途中" in link.recall_bar.question.text()
    link.recall_bar.reason.setText("已有人到")
    link.recall_bar.confirm.confirmed.emit()
    desk.wait_until(lambda: units["p3"].post_order is None)
    desk.settle()
    assert link.chosen is None


def test_what_is_overdue_of_it_and_who_will_not_go_is_said_in_the_language_of_the_desk(
    desk: DeskUnderTest, board: UnitBoardPanel
) -> None:
    desk.do(cmd.OrderToPost("p3", "o1", 31.2213, 121.4747, desk.bridge.district.grids[0].code))
    unit = desk.bridge.desk.units["p3"]
    assert unit.post_order is not None
    late_at = unit.post_order.since_at + desk.app.field_limits.post.deliver_ms + 1
    alert = alert_of(desk.bridge.desk, unit, desk.app.field_limits, late_at)
    assert alert == "field.late.delivery"
    desk.do(cmd.AnswerPost("p3", "o1", False, "没油了"))
    alarms = desk.bridge.desk.alarms
    desk.wait_until(lambda: any(a.alarm_type == "order_declined" for a in alarms.values()))
    (alarm,) = (a for a in alarms.values() if a.alarm_type == "order_declined")
    set_language("en")
    try:
        assert (
            own_title(alarm, desk.bridge.desk, {"p3": "Police 03"}.get)
            == "Police 03 declined (to its post): 没油了"
        )
    finally:
        set_language("zh_CN")
    assert said_of(desk, board, "p3") == " 待命"
