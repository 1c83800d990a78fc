"""The dispatch panel through real keys and clicks on a real desk."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain import commands as cmd
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.dispatch_desk import centre, crowd, press, shown, stand
from widgets.console import Console
from widgets.panels.dispatch import DispatchPanel
from widgets.panels.table_view import KeyedTableView
from widgets.style import apply_theme

Key = Qt.Key
Left = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(dispatch_panel: DispatchPanel) -> DispatchPanel:
    return dispatch_panel


def left_because(panel: DispatchPanel, unit: str) -> str:
    row = panel.sent_units.progress.get(unit)
    return row.left_because if row is not None else ""


def click_cell(view: KeyedTableView, row: int, column: str) -> None:
    index = view.table.index(row, view.table.column_number(column))
    QTest.mouseClick(view.viewport(), Left, pos=view.visualRect(index).center())


def test_nothing_selected_says_how_to_begin(panel: DispatchPanel) -> None:
    assert panel.pages.currentWidget() is panel.state
    assert panel.state.accessibleName() == "先选一个事件"
    assert panel.send_button.isHidden()


def test_suitable_and_near_ones_come_first_each_with_its_reason(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    crowd(desk, panel)
    keys = panel.candidates.keys()
    police = [key for key, unit in desk.bridge.desk.units.items() if unit.kind == "police"]
    assert keys[:2] == ["p1", "j1"], "whom the card recommends stands first"
    assert [key for key in keys if panel.candidates.get(key).is_recommended] == ["p1", "j1"]
    assert set(keys[2 : len(police) + 1]) == set(police) - {"p1"}, "then the kind that leads"
    assert keys.index("v1") > keys.index("j2"), (
        "a kind that does not suit comes after all that do, however near"
    )
    assert shown(panel, "why", "p1") == "补公安 · 最近"
    assert "需 公安 1、联巡 1，推荐 2 队" in panel.advice_head.card.text
    assert shown(panel, "distance", "p1") == "5 米"
    assert len(keys) == len(desk.bridge.desk.units)


def test_a_digit_and_a_key_send(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1)
    assert panel.send_button.text().startswith("派 1 队到场")
    press(panel, Key.Key_D)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ("p1",))
    desk.wait_until(panel.sent_units.isVisible)
    assert panel.sent_units.progress.keys() == ["p1"]
    assert panel.candidates.get("p1") is None
    assert panel.chosen == ()


@pytest.mark.parametrize("keys", [(Key.Key_D,), (Key.Key_Return,), (Key.Key_Enter,)])
def test_one_command_sends_all(desk: DeskUnderTest, panel: DispatchPanel, keys: tuple[Qt.Key, ...]) -> None:
    crowd(desk, panel)
    given: list[cmd.Command] = []
    submit = desk.bridge.submit
    desk.bridge.submit = lambda command, *rest: (given.append(command), submit(command, *rest))  # type: ignore[assignment,func-returns-value,misc]
    press(panel, Key.Key_1, Key.Key_2, *keys)
    desk.wait_until(lambda: set(desk.bridge.desk.incidents["i1"].units) == {"p1", "j1"})
    assert given == [cmd.DispatchUnits("i1", ("p1", "j1"))]


def test_control_enter_and_the_button_send_too(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1)
    QTest.keyClick(panel.view, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait_until(lambda: len(desk.bridge.desk.incidents["i1"].units) == 1)
    desk.wait_until(lambda: panel.candidates.get("p1") is None)
    press(panel, Key.Key_1)
    QTest.mouseClick(panel.send_button, Left)
    desk.wait_until(lambda: len(desk.bridge.desk.incidents["i1"].units) == 2)


def test_what_is_typed_before_the_answer_is_done_when_it_is_there(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    desk.report("i1", **centre(desk))
    stand(desk, "p1", 5)
    panel.view.setFocus()
    panel.show_incident("i1")
    assert not panel.is_settled
    page = panel.pages.currentWidget()
    QTest.keyClick(page, Key.Key_1)
    QTest.keyClick(page, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ("p1",))


def test_a_second_press_while_sending_sends_nothing_twice(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1, Key.Key_D, Key.Key_D, Key.Key_D)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ("p1",))
    desk.wait_until(lambda: panel.chosen == ())
    assert panel.refusal.isHidden()


def test_space_and_the_mouse_toggle(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_Down, Key.Key_Space)
    assert panel.chosen == (panel.candidates.key_at(1),)
    press(panel, Key.Key_2)
    assert panel.chosen == ()
    click_cell(panel.view, 0, "place")
    assert panel.chosen == ("p1",)
    click_cell(panel.view, 1, "unit")
    assert panel.chosen == ("p1",), "a click on a name only looks"
    QTest.mouseClick(panel.clear_button, Left)
    assert panel.chosen == ()


def test_with_nobody_chosen_the_recommendation_goes(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    assert panel.send_button.text() == "派 2 队到场"
    press(panel, Key.Key_D)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ("p1", "j1"))


def test_with_nobody_to_recommend_sending_says_what_to_do(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    desk.do(*(cmd.SetUnitStatus(unit, "off_duty") for unit in desk.bridge.desk.units))
    crowd(desk, panel)
    assert not panel.send_button.isEnabled()
    assert panel.send_button.text() == "按 1–9 或空格选择力量"
    press(panel, Key.Key_D)
    assert "请按 1–9" in panel.refusal.text
    gaps = [row.text for row in panel.advice_head.lines.rows if row.tone == "warn"]
    assert len(gaps) == 2
    assert gaps[0].startswith("缺 1：公安、联防巡逻队")
    assert gaps[0].endswith("9/9 队不在岗")


def test_an_alarm_level_asks_for_more(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    before = panel.recommended
    QTest.keyClick(panel.view, "+")
    desk.wait_until(lambda: panel.is_settled and "2 级" in panel.advice_head.card.text)
    QTest.mouseClick(panel.advice_head.levels.button(3), Left)
    desk.wait_until(lambda: panel.is_settled and "3 级" in panel.advice_head.card.text)
    assert set(before) < set(panel.recommended)
    assert panel.advice_head.levels.button(3).isChecked()
    desk.wait_until(lambda: any("覆盖" in row.text for row in panel.advice_head.lines.rows))


def test_escape_drops_the_choice(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_3)
    assert panel.chosen != ()
    press(panel, Key.Key_Escape)
    assert panel.chosen == ()
    assert panel.to_send == panel.recommended


def test_r_begins_the_choice_with_the_recommendation(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_R, Key.Key_2, Key.Key_D)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ("p1",))


def test_where_the_card_says_no_a_reason_is_asked_and_kept(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    desk.report("fire", incident_type="fire", **centre(desk))
    panel.show_incident("fire")
    desk.wait_until(lambda: panel.is_settled)
    panel.choose(["v1"])
    press(panel, Key.Key_D)
    assert panel.override.isVisible()
    assert "志愿者不参与危险处置" in panel.override.question.text()
    QTest.keyClick(panel.override.reason, Key.Key_Return)
    assert desk.bridge.desk.incidents["fire"].units == (), "without a reason nobody goes"
    QTest.keyClick(panel.override.reason, Key.Key_Escape)
    assert panel.override.isHidden()
    press(panel, Key.Key_D)
    panel.override.reason.setText("只做引导")
    QTest.keyClick(panel.override.reason, Key.Key_Return)
    desk.wait_until(lambda: desk.bridge.desk.incidents["fire"].units == ("v1",))
    story = desk.run(desk.app.timeline("fire"))
    assert any(line.facts.get("reason") == "只做引导" for line in story)


def test_the_choice_waits_with_its_incident(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1, Key.Key_2)
    desk.report("other", **centre(desk))
    panel.show_incident("other")
    assert panel.chosen == ()
    panel.show_incident("i1")
    assert panel.chosen == ("p1", "j1")
    assert panel.send_button.text().startswith("派 2 队到场")


def test_who_is_busy_or_off_stands_last_with_why_and_cannot_be_chosen(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    desk.report("fire")
    desk.do(cmd.DispatchUnits("fire", ("p2",)), cmd.SetUnitStatus("p3", "off_duty"))
    crowd(desk, panel)
    assert set(panel.candidates.keys()[-2:]) == {"p2", "p3"}
    assert shown(panel, "why", "p2") == "在办 001，已派遣"
    assert shown(panel, "why", "p3") == "下班，不能派"
    panel.toggle("p2")
    assert panel.chosen == ()
    assert "在办 001" in panel.refusal.text


def test_a_position_too_old_is_said_and_can_still_be_chosen(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    stand(desk, "j2", 1, age_s=2000)
    crowd(desk, panel)
    assert shown(panel, "why", "j2") == "定位 33 分前，太旧"
    assert panel.candidates.row_of("j2") > panel.candidates.row_of("v1")
    panel.toggle("j2")
    assert panel.chosen == ("j2",)


def test_without_a_place_distances_are_unknown_and_it_says_so(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    desk.report("i1")
    panel.show_incident("i1")
    desk.wait_until(lambda: panel.is_settled)
    assert panel.note.isVisible()
    assert shown(panel, "distance", "p1") == "不明"
    crowd(desk, panel, "placed")
    assert panel.note.isHidden()


def test_an_ended_incident_takes_nobody(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1)
    desk.do(cmd.WithdrawIncident("i1", "误报"))
    desk.wait_until(lambda: panel.pages.currentWidget() is panel.state)
    assert panel.state.accessibleName() == "事件已办结，不再派遣"
    assert panel.send_button.isHidden()
    assert panel.chosen == ()


def test_what_the_desk_refuses_is_told_beside_the_button(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1)
    taken = cmd.DispatchUnits("other", ("p1",))
    desk.report("other")
    desk.app.tasks.start(desk.app.bus.submit(taken, desk.app.context()), "another desk")
    press(panel, Key.Key_D)
    desk.wait_until(panel.refusal.isVisible)
    desk.wait_until(lambda: desk.bridge.desk.incidents["other"].units == ("p1",))
    assert desk.bridge.desk.incidents["i1"].units == ()


def test_whom_somebody_else_sends_leaves_the_choice_aloud(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    press(panel, Key.Key_1, Key.Key_2)
    desk.report("other")
    desk.do(cmd.DispatchUnits("other", ("p1",)))
    desk.wait_until(lambda: panel.chosen == ("j1",))
    assert "警01" in panel.refusal.text
    assert panel.send_button.text().startswith("派 1 队到场")


def test_progress_is_followed_step_by_step(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    progress = panel.sent_units.progress

    def state() -> str:
        return (
            progress.data(progress.index(0, progress.column_number("progress")))
            if progress.rowCount()
            else ""
        )

    desk.wait_until(lambda: state() == "已发")
    for command, expected in (
        (cmd.AnswerTask("p1", "i1", True), "签收"),
        (cmd.SetUnitStatus("p1", "en_route"), "途中"),
        (cmd.SetUnitStatus("p1", "on_scene"), "到场"),
    ):
        desk.do(command)
        desk.wait_until(lambda expected=expected: state() == expected)


def test_who_declines_stays_in_sight_with_why(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("p1", "j1")))
    desk.do_as_feed(cmd.AnswerTask("p1", "i1", False, "车辆故障"))
    desk.wait_until(lambda: left_because(panel, "p1") == "已拒绝：车辆故障")
    assert panel.sent_units.progress.keys() == ["j1", "p1"], "those at work come first"
    desk.wait_until(lambda: panel.candidates.get("p1") is not None)
    desk.wait_until(lambda: shown(panel, "why", "p1").startswith("已拒绝：车辆故障"))


def test_a_recall_wants_a_reason_and_a_hold(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    desk.wait_until(panel.sent_units.isVisible)
    click_cell(panel.sent_units.view, 0, "recall")
    bar = panel.sent_units.recall_bar
    assert bar.isVisible()
    assert not bar.confirm.isEnabled()
    bar.reason.insert("派错了")
    QTest.keyClick(bar.reason, Key.Key_Return)
    QTest.keyPress(bar.confirm, Key.Key_Space)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ())
    assert bar.isHidden()
    desk.wait_until(lambda: left_because(panel, "p1") == "已撤回：派错了")


def test_escape_recalls_nobody(desk: DeskUnderTest, panel: DispatchPanel) -> None:
    crowd(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    desk.wait_until(panel.sent_units.isVisible)
    panel.sent_units.view.selectRow(0)
    QTest.keyClick(panel.sent_units.view, Key.Key_X)
    assert panel.sent_units.recall_bar.isVisible()
    QTest.keyClick(panel.sent_units.recall_bar.reason, Key.Key_Escape)
    assert panel.sent_units.recall_bar.isHidden()
    assert desk.bridge.desk.incidents["i1"].units == ("p1",)


def test_the_menu_of_a_sent_unit_sets_its_status_on_this_incident(
    desk: DeskUnderTest, panel: DispatchPanel
) -> None:
    crowd(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("p1",)))
    desk.wait_until(panel.sent_units.isVisible)
    actions = {action.objectName(): action for action in panel.sent_units.menu_for("p1").actions()}
    assert not actions["available"].isEnabled(), "it has not set out"
    actions["on_scene"].trigger()
    desk.wait_until(lambda: desk.bridge.desk.units["p1"].status == "on_scene")


def test_it_works_hidden_later_and_in_every_dress(
    desk: DeskUnderTest, panel: DispatchPanel, qapp: Any
) -> None:
    crowd(desk, panel)
    desk.do(cmd.DispatchUnits("i1", ("j1",)))
    panel.hide()
    stand(desk, "p1", 300, age_s=0)
    desk.settle()
    panel.show()
    desk.wait_until(lambda: shown(panel, "distance", "p1") == "300 米")
    try:
        set_language("en")
        panel.retranslate()
        apply_theme(qapp, "light")
        panel.resize(300, 500)
        press(panel, Key.Key_1)
        assert panel.send_button.text().startswith("Send 1 unit")
        assert panel.candidates.row_at(0).call_sign == "Police 01"
        assert panel.grab().width() >= 300
    finally:
        set_language("zh_CN")
        apply_theme(qapp, "dark")


def test_a_selected_incident_is_on_a_unit_in_three_keys(desk: DeskUnderTest) -> None:
    """From the queue, through the window: D goes to the panel, 1 chooses, D sends."""
    desk.report("i1", **centre(desk))
    stand(desk, "p1", 5)
    console = Console(desk.bridge, remember=False, unattended=False)
    try:
        console.resize(1600, 900)
        console.show()
        desk.wait_until(lambda: console.dock("queue").is_filled)
        queue: Any = console.panel("queue")
        queue.view.setFocus()
        queue.view.selectRow(0)
        QTest.keyClick(queue.view, Key.Key_D)
        panel: Any = console.panel("dispatch")
        assert panel.incident.id == "i1"
        desk.wait_until(panel.view.hasFocus)
        press(panel, Key.Key_1, Key.Key_D)
        desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].units == ("p1",))
        board: Any = console.panel("units")
        console.selection.select_unit("p1")
        assert board.view.current_key == "p1"
        map_panel: Any = console.panel("map")
        flown: list[tuple[str, str]] = []
        map_panel.fly_to = lambda kind, key: flown.append((kind, key))
        board.unit_activated.emit("p1")
        assert flown == [("unit", "p1")]
    finally:
        console.shut_down()
        console.deleteLater()
