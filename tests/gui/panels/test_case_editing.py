"""The card's fields changed in place by keys, and two desks that change the same field see each other and choose."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.incident import Incident
from app.service.presence import Present, _encode
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_case import report_with_reporter, type_words
from widgets.panels.case import CasePanel
from widgets.panels.field_editor import FieldEditor
from widgets.style import tokens

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> CasePanel:
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.resize(380, 1000)
    card.show()
    qtbot.waitExposed(card)
    desk.report("i1", "人群聚集", address="东门", lat=31.22, lon=121.47, description="约百人")
    card.show_incident("i1")
    card.setFocus()
    return card


def incident(desk: DeskUnderTest) -> Incident:
    return desk.bridge.desk.incidents["i1"]


def editor(card: CasePanel) -> FieldEditor:
    assert card.editing.editor is not None
    return card.editing.editor


def line(card: CasePanel) -> QLineEdit:
    edit = editor(card).control.edit
    assert isinstance(edit, QLineEdit)
    assert edit.hasFocus()
    return edit


def saved(desk: DeskUnderTest, card: CasePanel) -> None:
    desk.wait_until(lambda: card.editing.editor is None)
    desk.settle()


def theirs(desk: DeskUnderTest, **fields: object) -> None:
    """Another desk's officer."""
    context = cmd.Context("officer of b", "duty_officer", "desk-2", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.UpdateIncident("i1", **fields), context))  # type: ignore[arg-type]
    desk.settle()


def in_conflict(desk: DeskUnderTest, card: CasePanel, words: str) -> None:
    desk.wait_until(lambda: not editor(card).conflict.isHidden() and words in editor(card).conflict.text())


# -- one desk --------------------------------------------------------------------------------------------------------


def test_every_field_is_changed_by_keys_and_tab_goes_through_them(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    qtbot.keyClick(card, Key.Key_F2)
    type_words(line(card), "百人聚集")
    qtbot.keyClick(line(card), Key.Key_Tab)
    desk.wait_until(lambda: card.editing.editor is not None and editor(card).field.id == "type")
    card.editing.editor.control._picker.pick("security")  # type: ignore[union-attr]
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    desk.wait_until(lambda: card.editing.editor is not None and editor(card).field.id == "priority")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Left)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    desk.wait_until(lambda: card.editing.editor is not None and editor(card).field.id == "place")
    type_words(line(card), "西门外小路")
    qtbot.keyClick(line(card), Key.Key_Tab)
    desk.wait_until(lambda: card.editing.editor is not None and editor(card).field.id == "description")
    text = editor(card).control.edit
    assert isinstance(text, QPlainTextEdit)
    type_words(text, "约二百人")
    qtbot.keyClick(text, Key.Key_Return, SHIFT)
    type_words(text, "有推搡")
    qtbot.keyClick(text, Key.Key_Return)
    saved(desk, card)
    now = incident(desk)
    assert (now.title, now.incident_type, now.priority) == ("百人聚集", "security", 1)
    assert (now.address, now.lat, now.lon) == ("西门外小路", 31.22, 121.47)
    assert now.description == "约二百人\n有推搡"
    assert card.hasFocus(), "letters are actions again"
    assert card.head.title.text == "百人聚集"


@pytest.mark.parametrize(
    ("key", "field"),
    [(Key.Key_F2, "title"), (Key.Key_F3, "type"), (Key.Key_F4, "priority"), (Key.Key_F5, "place"),
     (Key.Key_F6, "description")],
)  # fmt: skip
def test_each_field_has_its_key_and_escape_changes_nothing(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, key: Qt.Key, field: str
) -> None:
    before = incident(desk)
    qtbot.keyClick(card, key)
    assert editor(card).field.id == field
    widget = QApplication.focusWidget()
    assert editor(card).isAncestorOf(widget)
    qtbot.keyClick(widget, Key.Key_A)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert card.editing.editor is None
    assert card.hasFocus()
    desk.settle()
    assert incident(desk) == before


def test_a_double_click_opens_a_field_and_a_known_place_brings_its_point(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    place = next(p for p in desk.app.district.places if p.grid)
    qtbot.mouseDClick(card.facts.where, Qt.MouseButton.LeftButton)
    field = editor(card).control._field  # type: ignore[union-attr]
    desk.wait_until(lambda: field._search.finder is not None)
    type_words(line(card), place.name_zh)
    assert field.point is not None
    qtbot.keyClick(line(card), Key.Key_Return)
    saved(desk, card)
    assert (incident(desk).lat, incident(desk).lon) != (31.22, 121.47)
    assert incident(desk).grid


def test_what_is_refused_is_told_in_the_editor_and_stays_typed(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    qtbot.keyClick(card, Key.Key_F2)
    line(card).clear()
    qtbot.keyClick(line(card), Key.Key_Return)
    desk.wait_until(lambda: not editor(card).refusal.isHidden())
    assert "标题" in editor(card).refusal.text()
    assert line(card).text() == ""
    assert incident(desk).title == "人群聚集"


@pytest.mark.parametrize("key", [Key.Key_F2, Key.Key_F6])
def test_what_is_too_long_is_refused_whole_and_never_cut(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, key: Qt.Key
) -> None:
    before = incident(desk)
    QGuiApplication.clipboard().setText("长" * 1_000_000)
    qtbot.keyClick(card, key)
    edit = editor(card).control.edit
    edit.selectAll()  # type: ignore[attr-defined]
    edit.paste()  # type: ignore[attr-defined]
    qtbot.keyClick(edit, Key.Key_Return)
    desk.wait_until(lambda: bool(editor(card).refusal.text()))
    assert len(editor(card).refusal.text()) < 80
    assert incident(desk) == before


def test_a_field_that_is_opened_is_seen_wherever_the_card_was_read(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    for number in range(40):
        desk.do(cmd.NoteIncident("i1", f"note {number}"))
    card.resize(380, 500)
    bar = card.reading.verticalScrollBar()
    desk.wait_until(lambda: bar.maximum() > 400)
    bar.setValue(bar.maximum())
    qtbot.keyClick(card, Key.Key_F6)

    def is_seen() -> bool:
        edit = editor(card).control.edit
        return (
            card.reading.viewport().rect().contains(edit.mapTo(card.reading.viewport(), edit.rect().center()))
        )

    desk.wait_until(is_seen)


def test_an_ended_incident_and_hidden_words_are_not_edited(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    report_with_reporter(desk, "i2", "来电 13812341234，约百人")
    card.show_incident("i2")
    qtbot.keyClick(card, Key.Key_F6)
    assert card.editing.editor is None
    assert "遮盖" in card.refusal.text
    desk.do(cmd.WithdrawIncident("i1", "误报"))
    card.show_incident("i1")
    qtbot.mouseDClick(card.facts.where, Qt.MouseButton.LeftButton)
    assert card.editing.editor is None
    assert "已经办结" in card.refusal.text


def test_a_type_that_no_form_offers_stays_until_another_is_picked(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    desk.report("i2", "烟感报警", incident_type="smoke")
    card.show_incident("i2")
    qtbot.keyClick(card, Key.Key_F3)
    context = cmd.Context("officer of b", "duty_officer", "desk-2", desk.app.clock.now())
    desk.run(desk.app.bus.submit(cmd.UpdateIncident("i2", incident_type="water"), context))
    desk.settle()
    assert editor(card).conflict.isHidden(), "who has picked nothing has nothing to choose"
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    saved(desk, card)
    assert desk.bridge.desk.incidents["i2"].incident_type == "water"


def test_a_description_that_was_empty_is_shown_once_it_is_written(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    desk.report("i2", "另一件")
    card.show_incident("i2")
    assert card.facts.description.isHidden()
    qtbot.keyClick(card, Key.Key_F6)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert card.facts.description.isHidden(), "still nothing to show"
    qtbot.keyClick(card, Key.Key_F6)
    type_words(QApplication.focusWidget(), "约百人")  # type: ignore[arg-type]
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    saved(desk, card)
    assert card.facts.description.isVisible()
    assert card.facts.description.text() == "约百人"


def test_what_was_typed_is_there_again_when_the_officer_comes_back(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    desk.report("i2", "另一件")
    qtbot.keyClick(card, Key.Key_F2)
    type_words(line(card), "写到一半")
    card.show_incident("i2")
    assert card.editing.editor is None
    card.show_incident("i1")
    theirs(desk, title="对方的标题")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_F2)
    assert line(card).text() == "写到一半"
    in_conflict(desk, card, "对方的标题")


# -- two desks -------------------------------------------------------------------------------------------------------


def begin_conflict(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    qtbot.keyClick(card, Key.Key_F2)
    type_words(line(card), "我的标题")
    theirs(desk, title="对方的标题")
    in_conflict(desk, card, "对方的标题")


def test_the_same_field_of_two_desks_shows_both_values_with_who(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    begin_conflict(desk, card, qtbot)
    in_conflict(desk, card, "officer of b · desk-2")
    assert line(card).text() == "我的标题"
    qtbot.keyClick(line(card), Key.Key_Return)
    assert "请选" in editor(card).refusal.text(), "Enter alone writes over nobody"
    desk.settle()
    assert incident(desk).title == "对方的标题"


@pytest.mark.parametrize(
    ("key", "title"),
    [(Key.Key_1, "我的标题"), (Key.Key_2, "对方的标题"), (Key.Key_3, "对方的标题；我的标题")],
)
def test_mine_theirs_or_both_by_one_key(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, key: Qt.Key, title: str
) -> None:
    begin_conflict(desk, card, qtbot)
    qtbot.keyClick(line(card), key, CTRL)
    if key is Key.Key_3:
        assert line(card).text() == title
        qtbot.keyClick(line(card), Key.Key_Return)
    saved(desk, card)
    desk.wait_until(lambda: incident(desk).title == title)
    assert card.head.title.text == title


def test_a_change_that_comes_while_saving_is_not_written_over(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    """The other desk was faster and this screen has not heard of it when Enter is pressed."""
    qtbot.keyClick(card, Key.Key_F2)
    type_words(line(card), "我的标题")
    context = cmd.Context("officer of b", "duty_officer", "desk-2", desk.app.clock.now())
    work = desk.app.bus.submit(cmd.UpdateIncident("i1", title="对方的标题"), context)
    desk.app.tasks.start(work, "the other desk")
    qtbot.keyClick(line(card), Key.Key_Return)
    in_conflict(desk, card, "对方的标题")
    assert incident(desk).title == "对方的标题"


def test_another_field_merges_silently_and_flashes_once(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    flashed: list[str] = []
    for name, place in card.editing._places.items():
        monkeypatch.setattr(place, "flash", lambda name=name: flashed.append(name))
    qtbot.keyClick(card, Key.Key_F2)
    type_words(line(card), "我的标题")
    theirs(desk, priority=1)
    assert editor(card).conflict.isHidden()
    assert line(card).text() == "我的标题"
    assert flashed == ["priority"]
    qtbot.keyClick(line(card), Key.Key_Return)
    saved(desk, card)
    assert (incident(desk).title, incident(desk).priority) == ("我的标题", 1)


def test_a_flash_ends_by_itself(desk: DeskUnderTest, card: CasePanel) -> None:
    assert tokens().motion_pulse_count, "with reduced motion there is none"
    place = card.head.places["title"]
    place.flash()
    assert place.is_flashing
    desk.wait_until(lambda: not place.is_flashing)


def test_who_has_typed_nothing_simply_sees_the_newest(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    qtbot.keyClick(card, Key.Key_F2)
    theirs(desk, title="对方的标题")
    assert line(card).text() == "对方的标题"
    assert editor(card).conflict.isHidden()


# -- who else is here ------------------------------------------------------------------------------------------------


def test_the_card_says_who_looks_and_who_edits_what(desk: DeskUnderTest, card: CasePanel) -> None:
    presence = desk.app.presence
    assert presence is not None

    def hear(incident: str, field: str) -> None:
        presence.hear(_encode(Present("desk-2", "李四", "s2", incident, field, 1)).decode())

    hear("i1", "")
    assert card.marks.words == ["desk-2 李四 在看"]
    hear("i1", "place")
    assert card.marks.words == ["desk-2 李四 正在编辑地点"]
    hear("i2", "place")
    assert card.marks.words == []


def test_the_other_desks_hear_what_is_looked_at_and_edited(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    presence = desk.app.presence
    assert presence is not None
    assert (presence.me.incident, presence.me.field) == ("i1", "")
    qtbot.keyClick(card, Key.Key_F5)
    assert presence.me.field == "place"
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert presence.me.field == ""
    card.show_incident("")
    assert presence.me.incident == ""
