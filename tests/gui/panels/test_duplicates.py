"""What may have been reported already is said under the form and on the card; merging and telling apart are by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.incident import MERGED, NOT_DUPLICATE, REPORTED
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from widgets.models.incident_marks import marks
from widgets.panels.duplicate_bar import DuplicateBar
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.new_incident import NewIncidentSheet

HERE = {"lat": 31.2211, "lon": 121.4750}
FIRE = {"incident_type": "fire", "address": "书院弄119号", **HERE}


def report_fire(desk: DeskUnderTest, incident: str, title: str, **fields: object) -> None:
    desk.report(incident, title, 1, **(FIRE | fields))


def two_fires(desk: DeskUnderTest) -> None:
    report_fire(desk, "first", "书院弄厨房起火", description="书院弄7号厨房油锅起火，火势很大")
    report_fire(desk, "second", "书院弄着火了", description="油锅烧起来了", address="书院弄191号")
    duplicates = desk.app.duplicates
    assert duplicates is not None
    desk.wait_until(lambda: duplicates.first_of("second") == "first")


@pytest.fixture
def bar(desk: DeskUnderTest, qtbot: QtBot) -> DuplicateBar:
    bar = DuplicateBar(desk.bridge)
    qtbot.addWidget(bar)
    bar.resize(360, 160)
    return bar


@pytest.fixture
def sheet(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[NewIncidentSheet]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 800)
    window.show()
    qtbot.waitExposed(window)
    yield NewIncidentSheet(desk.bridge, window)
    set_language("zh_CN")


def test_the_card_says_which_and_why_and_nothing_is_merged(desk: DeskUnderTest, bar: DuplicateBar) -> None:
    two_fires(desk)
    bar.show_incident("second")
    assert not bar.isHidden()
    assert bar.headline.text == "可能与 001 重复"
    for reason in ("距离 10 米", "同一分钟", "同类", "“书院弄”", "“油锅”"):
        assert reason in bar.reasons.text
    assert all(incident.is_open for incident in desk.bridge.desk.incidents.values())
    bar.show_incident("first")
    assert bar.isHidden(), "whoever comes second carries the mark"


def test_it_comes_by_itself_while_the_incident_is_looked_at(desk: DeskUnderTest, bar: DuplicateBar) -> None:
    bar.show_incident("second")
    assert bar.isHidden()
    two_fires(desk)
    desk.wait_until(lambda: bar.other == "first")
    desk.do(cmd.WithdrawIncident("first", "false alarm"))
    desk.wait_until(bar.isHidden)


def test_not_the_same_is_remembered_by_the_journal(desk: DeskUnderTest, bar: DuplicateBar) -> None:
    two_fires(desk)
    bar.show_incident("second")
    bar.refuse.click()
    desk.wait_until(bar.isHidden)
    second = desk.bridge.desk.incidents["second"]
    assert [(link.other, link.relation) for link in second.links] == [("first", NOT_DUPLICATE)]
    desk.do(cmd.UpdateIncident("second", title="书院弄厨房油锅着火了"))
    desk.settle()
    assert bar.isHidden()


def test_merged_by_hand_and_separated_again(desk: DeskUnderTest, bar: DuplicateBar) -> None:
    two_fires(desk)
    bar.show_incident("second")
    bar.merge.confirmed.emit()
    desk.wait_until(lambda: desk.bridge.desk.incidents["second"].status == MERGED)
    desk.wait_until(bar.isHidden)
    assert desk.bridge.desk.incidents["first"].source_ids == ("110:first", "110:second")
    desk.do(cmd.UnmergeIncident("second", "two kitchens"))
    assert desk.bridge.desk.incidents["second"].status == REPORTED


def test_a_refusal_is_told_to_the_card(desk: DeskUnderTest, bar: DuplicateBar) -> None:
    two_fires(desk)
    bar.show_incident("second")
    refused = QSignalSpy(bar.refused)
    desk.bridge.submit(cmd.WithdrawIncident("first", "false alarm"))
    bar.merge.confirmed.emit()
    desk.wait_until(lambda: refused.count() == 1)
    assert "001" in refused.at(0)[1]
    desk.wait_until(bar.isHidden)
    bar.merge.confirmed.emit()
    desk.settle()
    assert refused.count() == 1, "what is gone from under the hand is not merged"


def test_the_form_lists_what_may_be_the_same_while_it_is_typed(
    desk: DeskUnderTest, sheet: NewIncidentSheet
) -> None:
    report_fire(desk, "first", "书院弄厨房起火", description="书院弄7号厨房油锅起火")
    desk.wait_until(lambda: desk.app.duplicates is not None and len(desk.app.duplicates) == 1)
    sheet.open()
    assert sheet.duplicates.isHidden()
    sheet.what.setText("厨房着火")
    sheet.where.setText("书苑弄119号")
    desk.wait_until(lambda: not sheet.duplicates.isHidden())
    (row,) = sheet.duplicates.rows
    assert row.incident == "first"
    assert row.headline.startswith("001")
    assert "地址读音相近：书院弄119号" in row.reasons
    set_language("en")
    sheet.retranslate()
    assert "address sounds like" in sheet.duplicates.rows[0].reasons
    set_language("zh_CN")
    sheet.what.clear()
    sheet.where.clear()
    assert sheet.duplicates.isHidden()


def test_a_key_adds_the_report_to_the_one_that_is_there(
    desk: DeskUnderTest, sheet: NewIncidentSheet, qtbot: QtBot
) -> None:
    report_fire(desk, "first", "书院弄厨房起火", description="书院弄7号厨房油锅起火")
    desk.wait_until(lambda: desk.app.duplicates is not None and len(desk.app.duplicates) == 1)
    sheet.open()
    reported, looked = QSignalSpy(sheet.reported), QSignalSpy(sheet.look_wanted)
    sheet.what.setText("书院弄厨房着火")
    sheet.where.setText("书院弄119号")
    sheet.phone.setText("13812341234")
    desk.wait_until(lambda: bool(sheet.duplicates.rows))
    qtbot.keyClick(
        sheet.what, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert looked.at(0) == ["first"]
    qtbot.keyClick(sheet.what, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    desk.wait_until(lambda: reported.count() == 1)
    assert reported.at(0) == ["first"]
    incidents = desk.bridge.desk.incidents
    (added,) = (incident for key, incident in incidents.items() if key != "first")
    assert (added.status, added.merged_into, added.incident_type) == (MERGED, "first", "fire")
    assert added.person_ref in incidents["first"].source_ids
    assert sheet.isHidden()


def test_the_queues_row_carries_a_mark_until_it_is_settled(desk: DeskUnderTest, qtbot: QtBot) -> None:
    queue = IncidentQueuePanel(desk.bridge)
    qtbot.addWidget(queue)
    two_fires(desk)
    desk.wait_until(lambda: (row := queue.queue.get("second")) is not None and row.same_as == "001")
    first = queue.queue.get("first")
    assert first is not None
    assert first.same_as == ""
    row = queue.queue.get("second")
    assert row is not None
    assert "可能与 001 重复" in row.words
    report_fire(desk, "elsewhere", "望浦广场夜间噪声", incident_type="fire", lat=31.2300, lon=121.4900)
    queue.ask_merge("second")
    assert queue.merge_bar.targets.itemData(0) == queue.merge_bar.targets.currentData() == "first"
    desk.do(cmd.LinkIncidents("second", "first", NOT_DUPLICATE))
    desk.wait_until(lambda: (row := queue.queue.get("second")) is not None and row.same_as == "")
    settled = queue.queue.get("second")
    assert settled is not None
    assert marks(settled.incident) == [], "what is not the same is no link to look at"
