"""Moving up, by the key in the dispatch panel: the order, its status on the board, its end and its recall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.dispatch.candidates import Post
from app.dispatch.coverage import Coverage, MoveUp
from app.journal.store import TrackPoint
from tests.gui.conftest import DeskUnderTest
from widgets.panels.dispatch import DispatchPanel
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


def proposed(desk: DeskUnderTest, panel: DispatchPanel) -> MoveUp:
    """A large party is recommended, so that somebody should move up; what is proposed is the panel's own."""
    school = next(place for place in desk.bridge.district.places if place.kind == "school")
    desk.report("crowd", priority=1, lat=school.lat, lon=school.lon)
    panel.show_incident("crowd")
    desk.wait_until(lambda: panel.is_settled and panel._advice is not None)
    panel.set_level(3)
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
    desk.wait_until(lambda: panel.is_settled)
    head = panel.advice_head
    desk.wait_until(
        lambda: head._cover is None or head._cover.move_up is None or head._cover.move_up.unit != move.unit
    )


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
