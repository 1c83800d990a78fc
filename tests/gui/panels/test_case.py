"""The incident card through real keys and clicks on a real desk."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.errors import StreetdeskError
from app.domain.incident import Incident
from app.domain.roles import FEED
from app.i18n import Language, set_language
from app.journal.store import Person
from app.projections.case_timeline import TimelineLine
from app.service.bus import Submission
from tests.gui.conftest import DeskUnderTest
from widgets import actions as act
from widgets.panels.case import CasePanel
from widgets.panels.case_units import CaseUnitRow
from widgets.style import apply_theme

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
HOLD_MS = 60_000


@pytest.fixture
def card(desk: DeskUnderTest, qtbot: QtBot) -> CasePanel:
    card = CasePanel(desk.bridge)
    qtbot.addWidget(card)
    card.resize(380, 900)
    card.show()
    qtbot.waitExposed(card)
    return card


def units(desk: DeskUnderTest, count: int = 1, kind: str = "police") -> list[str]:
    return [unit.id for unit in desk.app.district.units if unit.kind == kind][:count]


def incident(desk: DeskUnderTest, key: str = "i1") -> Incident:
    return desk.bridge.desk.incidents[key]


def status_is(desk: DeskUnderTest, card: CasePanel, status: str) -> None:
    """Until the desk and the card are there."""
    desk.wait_until(lambda: incident(desk).status == status)
    desk.settle()


def story(desk: DeskUnderTest, card: CasePanel, word: str) -> None:
    desk.wait_until(lambda: any(word in line.what for line in card.timeline.lines))


def report_with_reporter(desk: DeskUnderTest, key: str = "i1", description: str = "") -> None:
    report = cmd.ReportIncident(
        key, "110", key, "crowd", 1, "商场门口人群聚集", description, person_ref=f"110:{key}"
    )
    context = cmd.Context("feed:110", FEED, "desk-1", desk.app.clock.now())
    person = Person(f"110:{key}", "张建国", "13812341234")

    async def take() -> None:
        await desk.app.bus.offer(Submission((report,), context, persons=(person,)))

    desk.run(take())
    desk.settle()


def on_scene(desk: DeskUnderTest, key: str = "i1") -> str:
    """The incident with a unit there."""
    unit = units(desk)[0]
    desk.report(key)
    desk.do(
        cmd.DispatchUnits(key, (unit,)),
        cmd.SetUnitStatus(unit, "en_route", key),
        cmd.SetUnitStatus(unit, "on_scene", key),
    )
    return unit


def row(card: CasePanel, unit: str) -> CaseUnitRow:
    return card.units.rows[unit]


def type_words(widget: QWidget, words: str) -> None:
    """As an input method commits them: Chinese has no keys of its own."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(widget, event)


def primaries(card: CasePanel) -> list[QWidget]:
    """Every visible button of the primary kind."""
    return [w for w in card.findChildren(QWidget) if w.property("kind") == "primary" and w.isVisible()]


def test_nothing_chosen_says_what_will_be_here(card: CasePanel) -> None:
    assert card.pages.currentWidget() is card.state
    assert card.state.accessibleName() == "未选中事件"


def test_the_whole_loop_by_buttons(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    unit = units(desk)[0]
    desk.report("i1")
    card.show_incident("i1")
    assert card.bar.primary.text() == "立案，转入派遣"
    qtbot.mouseClick(card.bar.primary, LEFT)
    status_is(desk, card, "accepted")
    with qtbot.waitSignal(card.dispatch_requested) as wanted:
        qtbot.mouseClick(card.bar.primary, LEFT)
    assert wanted.args == ["i1"]
    desk.do(cmd.DispatchUnits("i1", (unit,)))
    assert card.bar.primary.isHidden()
    assert card.bar.turn.text == "1 支力量已派出，等待到场"
    qtbot.mouseClick(row(card, unit).step, LEFT)
    desk.wait_until(lambda: desk.bridge.desk.units[unit].status == "en_route")
    desk.settle()
    qtbot.mouseClick(row(card, unit).step, LEFT)
    status_is(desk, card, "handling")
    assert card.bar.primary.text() == "记录处置反馈"
    qtbot.mouseClick(card.bar.primary, LEFT)
    assert card.sheet.isVisible()
    type_words(card.sheet.edits["feedback"], "人群已劝离")
    qtbot.mouseClick(card.sheet.confirm, LEFT)
    status_is(desk, card, "reported_back")
    assert card.bar.primary.text() == "核查通过，可以结案"
    qtbot.mouseClick(card.bar.primary, LEFT)
    status_is(desk, card, "verified")
    assert card.bar.primary.text() == "结案，力量归队"
    qtbot.mouseClick(card.bar.primary, LEFT)
    qtbot.mouseClick(card.sheet.confirm, LEFT)
    status_is(desk, card, "closed")
    assert incident(desk).outcome == "resolved"
    assert incident(desk).feedback == "人群已劝离"
    assert card.sheet.isHidden()
    assert card.refusal.isHidden()
    assert card.bar.turn.text == "已结案"
    story(desk, card, "结案：已解决")


def test_the_whole_loop_by_keys(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    unit = units(desk)[0]
    desk.report("i1")
    card.show_incident("i1")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_A)
    status_is(desk, card, "accepted")
    desk.do(cmd.DispatchUnits("i1", (unit,)))
    qtbot.keyClick(card, Key.Key_E)
    desk.wait_until(lambda: desk.bridge.desk.units[unit].status == "en_route")
    desk.settle()
    qtbot.keyClick(card, Key.Key_S)
    status_is(desk, card, "handling")
    qtbot.keyClick(card, Key.Key_R)
    type_words(card.sheet.edits["feedback"], "双方和解")
    qtbot.keyClick(card.sheet.edits["feedback"], Key.Key_Return, CTRL)
    status_is(desk, card, "reported_back")
    qtbot.keyClick(card, Key.Key_V)
    status_is(desk, card, "verified")
    qtbot.keyClick(card, Key.Key_C)
    qtbot.keyClick(card.sheet.edits["feedback"], Key.Key_Return, CTRL)
    status_is(desk, card, "closed")
    assert incident(desk).units == ()


@pytest.mark.parametrize("status", ["reported", "accepted", "handling", "reported_back"])
def test_there_is_one_primary_action(desk: DeskUnderTest, card: CasePanel, status: str) -> None:
    if status in ("handling", "reported_back"):
        on_scene(desk)
    else:
        desk.report("i1")
    if status == "accepted":
        desk.do(cmd.AcceptIncident("i1"))
    if status == "reported_back":
        desk.do(cmd.ReportBack("i1", "已处理"))
    card.show_incident("i1")
    assert incident(desk).status == status
    assert primaries(card) == [card.bar.primary]
    step = act.next_action(act.Target(incident(desk)))
    assert step is not None
    assert card.bar.primary.text() == step.consequence(act.Target(incident(desk)))


def test_while_the_sheet_is_open_its_button_is_the_one_primary(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    on_scene(desk)
    card.show_incident("i1")
    card.act(act.CLOSE)
    assert primaries(card) == [card.sheet.confirm]
    qtbot.keyClick(card.sheet, Key.Key_Escape)
    assert primaries(card) == [card.bar.primary]


def test_tab_stays_in_the_sheet(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    on_scene(desk)
    card.show_incident("i1")
    card.act(act.CLOSE)
    seen = set()
    for _ in range(6):
        here = QApplication.focusWidget()
        assert here is not None
        assert card.sheet.isAncestorOf(here)
        seen.add(here)
        qtbot.keyClick(here, Key.Key_Tab)
    assert {card.sheet.edits["outcome"], card.sheet.edits["feedback"]} <= seen


def test_escape_closes_the_sheet_and_keeps_the_text(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    on_scene(desk)
    card.show_incident("i1")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_C)
    type_words(card.sheet.edits["feedback"], "写了一半")
    qtbot.keyClick(card.sheet.edits["feedback"], Key.Key_Escape)
    assert card.sheet.isHidden()
    assert incident(desk).status == "handling"
    assert QApplication.focusWidget() is card
    qtbot.keyClick(card, Key.Key_C)
    assert card.sheet.edits["feedback"].toPlainText() == "写了一半"


def test_typed_text_stays_with_its_incident(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    on_scene(desk)
    desk.report("i2", "路灯不亮", priority=4)
    card.show_incident("i1")
    card.act(act.REPORT_BACK)
    type_words(card.sheet.edits["feedback"], "一半")
    type_words(card.note, "未完的备注")
    card.show_incident("i2")
    assert card.sheet.isHidden()
    assert card.note.text() == ""
    card.show_incident("i1")
    assert card.note.text() == "未完的备注"
    card.act(act.REPORT_BACK)
    assert card.sheet.edits["feedback"].toPlainText() == "一半"


def test_closing_needs_an_outcome_and_words(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    desk.report("i1")
    card.show_incident("i1")
    card.act(act.CLOSE)
    assert not card.sheet.confirm.isEnabled()
    outcome = card.sheet.edits["outcome"]
    qtbot.keyClick(outcome, Key.Key_Down)
    type_words(card.sheet.edits["feedback"], "无人到场")
    assert outcome.currentData() == "resolved"
    qtbot.mouseClick(card.sheet.confirm, LEFT)
    desk.wait_until(card.refusal.isVisible)
    assert "没有力量到过现场" in card.refusal.text
    assert card.sheet.isVisible()
    outcome.setCurrentIndex(outcome.findData("false_alarm"))
    qtbot.mouseClick(card.sheet.confirm, LEFT)
    status_is(desk, card, "closed")
    assert card.refusal.isHidden()


def test_what_cannot_be_taken_back_is_held_not_clicked(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    desk.report("i1")
    card.show_incident("i1")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_W)
    type_words(card.sheet.edits["reason"], "误报")
    qtbot.keyClick(card.sheet.edits["reason"], Key.Key_Return, CTRL)
    assert card.sheet.hold.hasFocus()
    qtbot.mouseClick(card.sheet.hold, LEFT)
    desk.settle()
    assert incident(desk).status == "reported"
    qtbot.mousePress(card.sheet.hold, LEFT)
    status_is(desk, card, "withdrawn")
    assert card.sheet.isHidden()


def test_a_unit_is_recalled_with_a_reason(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    first, second = units(desk, 2)
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", (first, second)))
    card.show_incident("i1")
    qtbot.mouseClick(row(card, first).recall, LEFT)
    type_words(card.sheet.edits["reason"], "派错了")
    qtbot.mousePress(card.sheet.hold, LEFT)
    desk.wait_until(lambda: incident(desk).units == (second,))
    desk.settle()
    assert list(card.units.rows) == [second]
    story(desk, card, "派错了")


def test_a_unit_key_with_several_units_asks_by_focus(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    first, second = units(desk, 2)
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", (first, second)))
    card.show_incident("i1")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_E)
    assert row(card, first).hasFocus()
    assert desk.bridge.desk.units[first].status == "dispatched"
    qtbot.keyClick(row(card, first), Key.Key_E)
    desk.wait_until(lambda: desk.bridge.desk.units[first].status == "en_route")
    assert desk.bridge.desk.units[second].status == "dispatched"


def test_every_action_that_is_offered_can_be_reached_by_hand(desk: DeskUnderTest, card: CasePanel) -> None:
    desk.report("i1")
    desk.do(cmd.DispatchUnits("i1", tuple(units(desk))))
    card.show_incident("i1")
    shown = {b.text() for b in card.bar.quiet.values() if b.isVisible()}
    menu = {entry.text().partition("\t")[0].rstrip("…") for entry in card.bar.menu().actions()}
    target = act.target_of(desk.bridge.desk, "i1", role=desk.app.config.role)
    offered = {a.title() for a in act.INCIDENT_ACTIONS if a.enabled(target) and a is not act.NOTE}
    assert shown | menu == offered


def test_a_note_goes_into_the_story(desk: DeskUnderTest, card: CasePanel, qtbot: QtBot) -> None:
    desk.report("i1")
    card.show_incident("i1")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_N)
    assert card.note.hasFocus()
    type_words(card.note, "物业已到")
    qtbot.keyClick(card.note, Key.Key_Return)
    story(desk, card, "物业已到")
    assert card.note.text() == ""


def test_letters_typed_into_the_note_do_nothing_else(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    desk.report("i1")
    card.show_incident("i1")
    card.focus_note()
    qtbot.keyClicks(card.note, "acw")
    desk.settle()
    assert card.note.text() == "acw"
    assert incident(desk).status == "reported"
    assert card.sheet.isHidden()


def test_the_story_grows_while_it_is_looked_at_and_marks_what_came_late(
    desk: DeskUnderTest, card: CasePanel
) -> None:
    desk.report("i1")
    card.show_incident("i1")
    story(desk, card, "接报")
    late = cmd.Context("feed:simulate", FEED, "desk-1", desk.app.clock.now() - 600_000)
    desk.run(desk.app.bus.submit(cmd.NoteIncident("i1", "十分钟前就到了"), late))
    story(desk, card, "十分钟前就到了")
    line = next(line for line in card.timeline.lines if "十分钟前" in line.what)
    assert line.late.startswith("迟报 10:0")
    assert line.who == "数据源 simulate"
    assert card.timeline.lines[-1] is line, "it stands where it happened, before the report"


def test_the_story_tells_what_the_units_answered_to_this_incident_only(
    desk: DeskUnderTest, card: CasePanel
) -> None:
    here, elsewhere = units(desk, 2)
    desk.report("i1")
    desk.report("i2", title="另一件")
    desk.do(cmd.DispatchUnits("i1", (here,)), cmd.DispatchUnits("i2", (elsewhere,)))
    card.show_incident("i1")
    story(desk, card, "派遣")
    desk.do(cmd.AnswerTask(elsewhere, "i2", True), cmd.SetUnitStatus(elsewhere, "en_route"))
    desk.do(cmd.AnswerTask(here, "i1", True), cmd.SetUnitStatus(here, "en_route"))
    story(desk, card, "出发")
    lines = [line.what for line in card.timeline.lines]
    assert sum("接受任务" in line for line in lines) == 1
    assert sum("出发" in line for line in lines) == 1


def test_a_story_that_comes_for_another_incident_is_dropped(desk: DeskUnderTest, card: CasePanel) -> None:
    desk.report("i1", "第一件")
    desk.report("i2", "第二件")
    card.show_incident("i1")
    card.show_incident("i2")
    story(desk, card, "第二件")
    assert not any("第一件" in line.what for line in card.timeline.lines)


def test_a_story_that_cannot_be_read_says_so(
    desk: DeskUnderTest, card: CasePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_incident: str) -> list[TimelineLine]:
        raise StreetdeskError("disk is gone")

    desk.report("i1")
    monkeypatch.setattr(desk.app, "timeline", broken)
    card.show_incident("i1")
    desk.wait_until(card.refusal.isVisible)
    assert "disk is gone" in card.refusal.text
    assert card.timeline.note == "时间线没有读到；重新选中事件再读"


def test_a_reporter_is_masked_until_a_purpose_is_given(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    report_with_reporter(desk, description="来电 13812341234，约百人")
    card.show_incident("i1")
    desk.wait_until(lambda: "张" in card.facts.who.text())
    assert card.facts.who.text() == "张**  138****1234"
    assert card.facts.description.text() == "来电 138****1234，约百人"
    qtbot.mouseClick(card.facts.reveal, LEFT)
    type_words(card.facts.purpose, "回拨核实")
    qtbot.keyClick(card.facts.purpose, Key.Key_Return)
    desk.wait_until(lambda: "张建国" in card.facts.who.text())
    assert "13812341234" in card.facts.who.text()
    assert card.facts.description.text() == "来电 13812341234，约百人"
    story(desk, card, "回拨核实")


def test_a_revealed_reporter_is_masked_again_at_the_next_look(
    desk: DeskUnderTest, card: CasePanel, qtbot: QtBot
) -> None:
    report_with_reporter(desk)
    desk.report("i2", "另一件")
    card.show_incident("i1")
    card.facts.reveal_wanted.emit("回拨")
    desk.wait_until(lambda: "张建国" in card.facts.who.text())
    card.show_incident("i2")
    assert card.facts.who.text() == "未登记"
    card.show_incident("i1")
    desk.wait_until(lambda: "张" in card.facts.who.text())
    assert card.facts.who.text() == "张**  138****1234"


def test_clocks_and_steps_show_where_it_stands(desk: DeskUnderTest, card: CasePanel) -> None:
    desk.report("i1", priority=1)
    card.show_incident("i1")
    assert card.head.clocks["accept"].light == "green"
    assert card.head.clocks["accept"].text <= "01:00"
    states = [step.state for step in card.head.steps._steps]
    assert states == ["done", "current", "next", "next", "next", "next", "next"]
    desk.bridge.ticked.emit(desk.app.clock.now() + HOLD_MS * 2)
    assert card.head.clocks["accept"].light == "red"
    assert card.head.steps._steps[1].state == "overdue"


def test_a_withdrawn_incident_shows_what_was_left_out(desk: DeskUnderTest, card: CasePanel) -> None:
    desk.report("i1")
    desk.do(cmd.WithdrawIncident("i1", "误报"))
    card.show_incident("i1")
    assert [s.state for s in card.head.steps._steps] == ["done", *["skipped"] * 5, "done"]
    assert card.head.steps._steps[-1].label == "撤销"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [300, 420])
def test_nothing_is_wider_than_the_dock(
    desk: DeskUnderTest, card: CasePanel, width: int, language: Language
) -> None:
    set_language(language)
    card.retranslate()
    desk.report("i1", "长" * 200, description="没有空格的一长串" * 100, address="a" * 300)
    desk.do(cmd.DispatchUnits("i1", tuple(units(desk, 3))))
    card.show_incident("i1")
    card.resize(width, 700)
    assert card.minimumSizeHint().width() <= width
    card.act(act.HAND_OVER)
    assert card.minimumSizeHint().width() <= width
    assert card.width() == width
    assert card.head.title.is_elided()
    inner = card.reading.widget()
    assert inner is not None
    assert inner.width() <= card.reading.viewport().width()


def test_language_and_theme_can_change_under_it(
    desk: DeskUnderTest, card: CasePanel, qapp: QApplication
) -> None:
    on_scene(desk)
    card.show_incident("i1")
    card.act(act.CLOSE)
    set_language("en")
    card.retranslate()
    apply_theme(qapp, "light")
    assert card.bar.primary.text() == "Record what was done"
    assert card.sheet.confirm.text() == "Close and free its units"
    assert card.sheet.labels["outcome"].text() == "Outcome"
    assert card.sheet.edits["outcome"].currentText() == "Resolved"
    set_language("zh_CN")
