"""Sending back, ordering, supervising, calling back, linking and undoing a merge: by keys alone, on a real desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.centre.types_in_force import owner_name
from app.config import Config, default_district
from app.domain import commands as cmd
from app.domain import incident as inc
from app.domain.incident import Incident
from app.domain.incident_parts import Link
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_case import story, type_words, units
from widgets import actions as act
from widgets.models.incident_marks import marks
from widgets.panels.case import CasePanel
from widgets.panels.case_sheet import _value

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A lead's desk: supervision is his."""
    return Config(db=str(tmp_path / "journal.db"), district_dir=default_district(), role="shift_lead")


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> CasePanel:
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.resize(380, 900)
    card.show()
    qtbot.waitExposed(card)
    desk.report("i1")
    card.show_incident("i1")
    card.setFocus()
    return card


def incident(desk: DeskUnderTest, key: str = "i1") -> Incident:
    return desk.bridge.desk.incidents[key]


def press(card: CasePanel, qtbot: QtBot, key: Qt.Key, *, shift: bool = False) -> None:
    qtbot.keyClick(card, key, SHIFT if shift else Qt.KeyboardModifier.NoModifier)


def focused(card: CasePanel) -> str:
    """The field of the sheet that has the keyboard."""
    return next((name for name, edit in card.sheet.edits.items() if edit.hasFocus()), "")


def fill(card: CasePanel, qtbot: QtBot, **words: str) -> None:
    """Types into the field that has the keyboard, Tab, and so on; a list is chosen from with Down."""
    for name, text in words.items():
        edit = card.sheet.edits[name]
        assert edit.hasFocus(), f"{name} expected, the keyboard is at {focused(card)}"
        _write(edit, text, qtbot)
        qtbot.keyClick(edit, Key.Key_Tab)


def _write(edit: QWidget, text: str, qtbot: QtBot) -> None:
    if isinstance(edit, QComboBox) and not edit.isEditable():
        while edit.currentText() != text:
            before = edit.currentIndex()
            qtbot.keyClick(edit, Key.Key_Down)
            assert edit.currentIndex() != before, f"{text} is not offered"
    else:
        line = edit.lineEdit() if isinstance(edit, QComboBox) else edit
        assert isinstance(line, QLineEdit)
        type_words(line, text)


def confirm(card: CasePanel, qtbot: QtBot) -> None:
    qtbot.keyClick(card.sheet, Key.Key_Return, CTRL)


def hold_down(card: CasePanel, qtbot: QtBot) -> None:
    """What goes outward: Ctrl+Enter leads to its button, and the space bar is held there until it is done."""
    confirm(card, qtbot)
    assert card.sheet.hold.hasFocus()
    qtbot.keyPress(card.sheet.hold, Key.Key_Space)


def test_the_unit_sends_it_back(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    (unit,) = units(desk)
    desk.do(cmd.DispatchUnits("i1", (unit,)))
    press(card, qtbot, Key.Key_T)
    assert _value(card.sheet.edits["by"]) == unit  # there is nobody else
    assert focused(card) == "reason"
    fill(card, qtbot, reason="不归我们管")
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk).returned == 1)
    desk.settle()
    assert incident(desk).status == inc.ACCEPTED
    assert card.marks.words == ["退单 1 次", "无人前往"]
    assert card.bar.primary.text() == "选力量派往现场"
    story(desk, card, "退单：不归我们管")


def test_a_hand_over_offers_departments_and_says_that_one_is_not_on_the_list(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    press(card, qtbot, Key.Key_H)
    department = card.sheet.edits["department"]
    offered = [department.itemText(place) for place in range(department.count())]
    assert offered[0] == owner_name(incident(desk).incident_type)
    assert len(offered) == len(set(offered)) > 3
    department.setEditText("城中队")
    assert card.sheet.warning.text() == "“城中队”不在部门名单里，请核对"
    department.setEditText(offered[1])
    assert card.sheet.warning.isHidden()
    card.sheet.dismiss()
    desk.do(cmd.HandOverIncident("i1", offered[1], "占道"))
    assert card.marks.words[0].endswith(f"移交 {offered[1]}，未登记接收")


def test_one_of_two_is_chosen(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    first, second = units(desk, 2)
    desk.do(cmd.DispatchUnits("i1", (first, second)))
    press(card, qtbot, Key.Key_T)
    assert not card.sheet.confirm.isEnabled()
    fill(card, qtbot, by=card._names.unit(second), reason="车坏了")
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk).units == (first,))


def test_a_department_is_ordered_and_may_not_send_it_back(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    press(card, qtbot, Key.Key_Q)
    fill(card, qtbot, to="园林所", reason="两家都推，由街道定")
    hold_down(card, qtbot)
    desk.wait_until(lambda: incident(desk).status == inc.HANDED_OVER)
    desk.settle()
    assert (incident(desk).department, incident(desk).ordered) == ("园林所", ("园林所",))
    assert card.marks.words[1:] == ["签派 园林所"]
    assert card.marks.words[0].endswith("移交 园林所，未登记接收")
    story(desk, card, "签派 园林所：两家都推，由街道定")


def test_a_unit_is_ordered_by_its_name(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    unit = units(desk)[0]
    press(card, qtbot, Key.Key_Q)
    fill(card, qtbot, to=card._names.unit(unit), reason="最近的一队")
    hold_down(card, qtbot)
    desk.wait_until(lambda: incident(desk).units == (unit,))
    assert incident(desk).ordered == (unit,)


def test_the_arrows_go_through_the_units_and_the_one_that_sent_it_back_is_first(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    unit = units(desk, 3)[2]
    desk.do(cmd.DispatchUnits("i1", (unit,)), cmd.ReturnIncident("i1", unit, "太远"))
    press(card, qtbot, Key.Key_Q)
    qtbot.keyClick(card.sheet.edits["to"], Key.Key_Down)
    assert _value(card.sheet.edits["to"]) == f"unit:{unit}"


def test_a_department_is_not_taken_for_a_unit_of_the_same_beginning(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    press(card, qtbot, Key.Key_Q)
    fill(card, qtbot, to="警")
    assert _value(card.sheet.edits["to"]) == "警"


def test_the_lead_supervises_and_ends_it(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    press(card, qtbot, Key.Key_Y)
    fill(card, qtbot, reason="区里关注")
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk).supervised_at is not None)
    desk.settle()
    assert incident(desk).supervised_by == "officer"
    assert card.marks.words[0].startswith("督办 ")
    press(card, qtbot, Key.Key_Y, shift=True)
    fill(card, qtbot, reason="已办妥")
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk).supervised_at is None)
    desk.settle()
    assert card.marks.isHidden()


def test_the_reporter_was_reached_in_two_strokes(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    press(card, qtbot, Key.Key_P)
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk).contacted_at is not None)
    story(desk, card, "联系报告人：已联系上")


def test_nobody_answered(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    press(card, qtbot, Key.Key_P)
    fill(card, qtbot, result="无人接听")
    confirm(card, qtbot)
    story(desk, card, "联系报告人：无人接听")
    assert incident(desk).contacted_at is None


@pytest.mark.parametrize("typed", ["tail", "number"])
def test_another_incident_is_linked_by_its_number_and_unlinked(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, typed: str
) -> None:
    desk.report("i2", title="花坛被踩坏", incident_type="environment")
    number = incident(desk, "i2").number
    press(card, qtbot, Key.Key_L)
    fill(card, qtbot, other=act.tail(number) if typed == "tail" else number, relation="后果")
    confirm(card, qtbot)
    desk.wait_until(lambda: bool(incident(desk).links))
    desk.settle()
    assert incident(desk).links == (Link("i2", "effect"),)
    assert incident(desk, "i2").links == (Link("i1", "cause"),)
    assert card.marks.words == ["关联 1"]
    assert card.marks.pills[0].toolTip() == "002  后果：花坛被踩坏"
    press(card, qtbot, Key.Key_L, shift=True)
    confirm(card, qtbot)
    desk.wait_until(lambda: not incident(desk).links)


def test_a_title_that_looks_like_html_is_shown_as_it_is(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    desk.report("i2", title="<img src=http://10.0.0.1/x><b>假</b>")
    desk.do(cmd.LinkIncidents("i1", "i2", "cause"))
    assert card.marks.pills[0].toolTip().endswith("&lt;img src=http://10.0.0.1/x&gt;&lt;b&gt;假&lt;/b&gt;")
    press(card, qtbot, Key.Key_L, shift=True)
    chosen = card.sheet.edits["linked"]
    assert isinstance(chosen, QComboBox)
    assert chosen.currentText() == "002  <img src=http://10.0.0.1/x><b>假</b>"


def test_a_number_that_nobody_has_is_refused_where_the_hand_is(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    press(card, qtbot, Key.Key_L)
    fill(card, qtbot, other="404")
    confirm(card, qtbot)
    desk.wait_until(card.refusal.isVisible)
    assert card.sheet.isVisible()
    assert incident(desk).links == ()


def test_a_merge_is_undone(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    desk.report("i2")
    desk.do(cmd.MergeIncident("i1", "i2"))
    press(card, qtbot, Key.Key_Z)
    fill(card, qtbot, reason="不是一回事")
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk).status == inc.REPORTED)
    assert incident(desk, "i2").source_ids == ("110:i2",)
    story(desk, card, "拆出：不是一回事")


def test_a_merge_is_undone_from_what_went_on_too(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    """The merged ones have left the queue: the last one is proposed first, all of them are linked on the card."""
    desk.report("i2")
    desk.report("i3")
    desk.do(cmd.MergeIncident("i2", "i1"), cmd.MergeIncident("i3", "i1"))
    assert incident(desk).absorbed == ("i2", "i3")
    assert [row.key for row in card.around.links_list.rows] == ["i3", "i2"]
    press(card, qtbot, Key.Key_Z)
    offered = card.sheet.edits["merged"]
    assert isinstance(offered, QComboBox)
    assert [offered.itemData(place) for place in range(offered.count())] == ["i3", "i2"]
    fill(card, qtbot, reason="不是一回事")
    confirm(card, qtbot)
    desk.wait_until(lambda: incident(desk, "i3").status == inc.REPORTED)
    assert incident(desk).absorbed == ("i2",)
    assert incident(desk, "i2").status == inc.MERGED


def test_what_is_not_offered_opens_nothing_and_says_why(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    for key, why in ((Key.Key_T, "先派遣"), (Key.Key_Z, "没有合并可拆")):
        press(card, qtbot, key)
        assert card.sheet.isHidden()
        assert why in card.refusal.text


def test_a_row_says_in_a_word_what_is_not_usual(desk: DeskUnderTest, card: CasePanel) -> None:
    assert marks(incident(desk)) == []
    desk.report("i2")
    desk.do(cmd.SuperviseIncident("i1", "区里关注"), cmd.LinkIncidents("i1", "i2"))
    desk.do(cmd.AssignByOrder("i1", department="园林所", reason="由街道定"))
    desk.do(cmd.ReturnIncident("i1", "园林所", "不是树"))
    assert [text for text, _ in marks(incident(desk))] == ["督", "退1", "联1"]
