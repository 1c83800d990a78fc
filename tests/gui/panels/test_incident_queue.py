"""The incident queue through real keys and clicks on a real desk."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import App
from app.config import Config
from app.domain import commands as cmd
from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels import samples
from tests.gui.panels.queue_desk import fill, texts
from widgets.bridge import Bridge
from widgets.panels.incident_queue import IncidentQueuePanel
from widgets.panels.table_view import as_cell
from widgets.style import apply_theme

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_what_is_reported_appears_by_priority_then_age(
    desk: DeskUnderTest, panel: IncidentQueuePanel
) -> None:
    desk.report("later", "路灯不亮", priority=4)
    desk.report("low", "楼道堆物", priority=3)
    desk.report("first", "广场人群聚集", priority=1)
    desk.report("low2", "占道经营", priority=3)
    assert texts(panel, "title") == ["广场人群聚集", "楼道堆物", "占道经营", "路灯不亮"]
    assert texts(panel, "priority")[0] == "P1 特急"
    assert texts(panel, "status") == ["待立案"] * 4
    assert panel.filter_bar.count.text() == "4 / 4"


def test_a_key_accepts_and_the_row_shows_what_was_recorded(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 2)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Key.Key_Down)
    qtbot.keyClick(panel.view, Key.Key_Down)
    qtbot.keyClick(panel.view, Key.Key_A)
    desk.wait_until(lambda: desk.bridge.desk.incidents["i1"].accepted_at is not None)
    desk.settle()
    assert texts(panel, "status") == ["待立案", "已立案"]
    assert panel.refusal.isHidden()


def test_coming_into_the_list_chooses_nothing_and_the_first_arrow_the_first_row(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 2)
    panel.view.setFocus()
    desk.wait_until(panel.view.hasFocus)
    assert panel.view.current_key is None
    qtbot.keyClick(panel.view, Key.Key_Down)
    assert panel.view.current_key == "i0"


def test_a_refusal_stands_in_the_panel_and_goes_with_the_next_success(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 2)
    desk.do(cmd.WithdrawIncident("i0", "误报"))
    panel.filter_bar.choose_scope("withdrawn")
    panel.view.selectRow(0)
    qtbot.keyClick(panel.view, Key.Key_A)
    desk.wait_until(panel.refusal.isVisible)
    assert desk.bridge.desk.incidents["i0"].number in panel.refusal.text
    panel.filter_bar.choose_scope("open")
    panel.view.selectRow(0)
    qtbot.keyClick(panel.view, Key.Key_A)
    desk.wait_until(panel.refusal.isHidden)


def test_filter_finds_title_number_address_grid_and_unit(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    grid = desk.bridge.district.grids[3]
    unit = desk.bridge.district.units[0]
    desk.report("a", "广场人群聚集", address="解放路 18 号")
    desk.report("b", "楼道冒烟", grid=grid.code)
    desk.report("c", "井盖松动")
    desk.do(cmd.DispatchUnits("c", (unit.id,)))
    number = desk.bridge.desk.incidents["a"].number
    wanted = {
        "冒烟": "b",
        number: "a",
        "解放路": "a",
        grid.name_zh: "b",
        unit.call_sign_zh: "c",
        "广场 18": "a",
    }
    for words, incident in wanted.items():
        panel.filter_bar.edit.setText(words)
        assert panel.queue.keys() == [incident], words
    qtbot.keyClick(panel.filter_bar.edit, Key.Key_Escape)
    assert panel.queue.shown_count == 3


def test_priorities_and_scope_narrow_the_list(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    for priority in (1, 2, 3, 4):
        desk.report(f"p{priority}", priority=priority)
    desk.do(cmd.WithdrawIncident("p4", "误报"))
    assert panel.queue.keys() == ["p1", "p2", "p3"]
    qtbot.mouseClick(panel.filter_bar.toggles[0], Qt.MouseButton.LeftButton)
    assert panel.queue.keys() == ["p2", "p3"]
    panel.filter_bar.choose_scope("all")
    assert panel.queue.keys() == ["p2", "p3", "p4"]
    for toggle in panel.filter_bar.toggles[1:]:
        qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert panel.queue.keys() == ["p1", "p2", "p3", "p4"], "with none on, all are"
    panel.filter_bar.choose_scope("withdrawn")
    assert panel.queue.keys() == ["p4"]
    assert panel.filter_bar.count.text() == "1 / 4"


def test_filtered_to_nothing_says_so_and_mends_it(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    assert panel.state.accessibleName() == "没有待办事件"
    fill(desk, 2)
    assert panel.pages.currentWidget() is panel.view
    panel.filter_bar.edit.setText("没有这个词")
    assert panel.pages.currentWidget() is panel.state
    assert panel.state.accessibleName() == "没有符合筛选的事件"
    panel.state.action_triggered.emit()
    assert panel.queue.shown_count == 2
    assert panel.filter_bar.edit.text() == ""


def test_loading_until_restored_and_an_error_in_between(
    qapp: QApplication, config: Config, qtbot: QtBot
) -> None:
    set_language("zh_CN")
    bridge = Bridge(App(config))
    panel = IncidentQueuePanel(bridge)
    qtbot.addWidget(panel)
    assert panel.state.variant == "loading"
    bridge.trouble_changed.emit("数据库文件被占用")
    assert panel.state.variant == "error"
    assert panel.state.accessibleDescription() == "数据库文件被占用"
    bridge.app.projections.desk.incidents.update({i.id: i for i in samples.incidents()})
    bridge.app.is_restored = True
    bridge.restored.emit()
    assert panel.pages.currentWidget() is panel.view
    assert panel.queue.total == 25
    bridge.close()


def test_selecting_tells_once_and_following_does_not_echo(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 3)
    heard: list[str] = []
    panel.selected.connect(heard.append)
    panel.select("i2")
    assert heard == []
    assert panel.view.current_key == "i2"
    qtbot.keyClick(panel.view, Key.Key_Up)
    assert heard == ["i1"]
    with qtbot.waitSignal(panel.activated) as opened:
        qtbot.keyClick(panel.view, Key.Key_Return)
    assert opened.args == ["i1"]


def test_the_urgent_stand_out_until_somebody_looks(desk: DeskUnderTest, panel: IncidentQueuePanel) -> None:
    desk.report("urgent", priority=1)
    desk.report("calm", priority=3)
    emphasised = [panel.queue.row_at(row).emphasised for row in range(2)]
    assert emphasised == [True, False]
    assert panel.delegate.pulse.beats
    panel.view.selectRow(0)
    assert not panel.queue.row_at(0).emphasised


def test_a_list_that_is_read_holds_still_and_counts(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 40)
    panel.view.verticalScrollBar().setValue(60)
    shown = panel.queue.keys()
    desk.report("urgent", "仓库起火", priority=1)
    desk.do(cmd.AcceptIncident("i5"))
    assert panel.queue.keys() == shown
    assert texts(panel, "status")[shown.index("i5")] == "已立案"
    assert panel.view.chip.isVisible()
    assert panel.view.chip.text() == "1 条新"
    chip_top = panel.view.chip.mapTo(panel.view, QPoint(0, 0)).y()
    assert chip_top + panel.view.chip.height() <= panel.view.viewport().y(), "it covers no row"
    qtbot.mouseClick(panel.view.chip, Qt.MouseButton.LeftButton)
    assert panel.queue.keys()[0] == "urgent"
    assert not panel.view.chip.isVisible()
    assert panel.view.verticalScrollBar().value() == 0


def test_the_pointer_holds_the_list_while_it_moves_over_it(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 3)
    qtbot.mouseMove(panel.view.viewport(), QPoint(60, 40))
    qtbot.mouseMove(panel.view.viewport(), QPoint(61, 41))
    assert panel.queue.held
    desk.report("urgent", priority=1)
    assert panel.queue.keys()[0] == "i0"
    panel.view._hold_ended.setInterval(0)
    panel.view._hold_ended.start()
    desk.wait_until(lambda: not panel.queue.held)
    assert panel.queue.keys()[0] == "urgent"


def test_rows_copy_into_a_spreadsheet(desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot) -> None:
    desk.report("a", "=HYPERLINK(1)\t甲\n乙", priority=1)
    desk.report("b", "楼道冒烟", priority=2)
    panel.view.setFocus()
    panel.view.selectAll()
    qtbot.keyClick(panel.view, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    first, second = QGuiApplication.clipboard().text().split("\n")
    assert first.split("\t")[:2] == ["P1 特急", "'=HYPERLINK(1) 甲 乙"]
    assert len(second.split("\t")) == len(panel.queue.columns)


@pytest.mark.parametrize(
    ("text", "cell"),
    [("+01:20", "+01:20"), ("-3", "-3"), ("+cmd", "'+cmd"), ("@x", "'@x"), ("a\tb", "a b"), ("", "")],
)
def test_cells_are_never_computed(text: str, cell: str) -> None:
    assert as_cell(text) == cell


def test_letters_reach_the_filter_only_when_it_has_the_keyboard(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 1)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Key.Key_F)
    assert panel.filter_bar.edit.hasFocus()
    qtbot.keyClicks(panel.filter_bar.edit, "fa")
    assert panel.filter_bar.edit.text() == "fa"
    assert desk.bridge.desk.incidents["i0"].accepted_at is None
    qtbot.keyClick(panel.filter_bar.edit, Key.Key_Escape)
    assert panel.filter_bar.edit.text() == ""
    assert panel.view.hasFocus()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_scope_has_a_key_also_where_nothing_is_shown(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 1)
    panel.view.setFocus()
    menu = panel.filter_bar.menu
    qtbot.keyClick(panel.view, Key.Key_S)
    desk.wait_until(menu.isVisible)
    qtbot.keyClick(menu, Key.Key_Up)
    qtbot.keyClick(menu, Key.Key_Up)
    qtbot.keyClick(menu, Key.Key_Return)
    assert panel.queue.filter.status == "merged"
    assert panel.state.isVisible()
    assert "没有符合" in panel.state.accessibleName()
    desk.wait_until(panel.state.hasFocus)
    qtbot.keyClick(panel.state, Key.Key_S)
    desk.wait_until(menu.isVisible)
    qtbot.keyClick(menu, Key.Key_Down)
    qtbot.keyClick(menu, Key.Key_Down)
    qtbot.keyClick(menu, Key.Key_Return)
    assert panel.view.isVisible()
    desk.wait_until(panel.view.hasFocus)


def test_the_menu_offers_what_can_be_done(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot
) -> None:
    fill(desk, 1)
    panel.view.selectRow(0)
    menu = panel.menu_for("i0")
    acts = {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}
    with qtbot.waitSignal(panel.dispatch_requested) as dispatch:
        acts["派遣…"].trigger()
    with qtbot.waitSignal(panel.note_requested) as note:
        acts["写备注…"].trigger()
    assert dispatch.args == note.args == ["i0"]
    acts["复制编号"].trigger()
    assert QGuiApplication.clipboard().text() == desk.bridge.desk.incidents["i0"].number
    acts["立案"].trigger()
    desk.wait_until(lambda: desk.bridge.desk.incidents["i0"].accepted_at is not None)
    later = {action.text().partition("\t")[0]: action for action in panel.menu_for("i0").actions()}
    assert not later["立案"].isEnabled()


def test_header_click_sorts(desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot) -> None:
    desk.report("b", "乙", priority=1)
    desk.report("a", "甲", priority=4)
    header = panel.view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(panel.queue.column_number("age")) + 10, 5)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.queue.sorted_by == "age"
    assert panel.queue.keys() == ["a", "b"]
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.queue.keys() == ["b", "a"]


def test_texts_from_outside_stay_texts(desk: DeskUnderTest, panel: IncidentQueuePanel, qtbot: QtBot) -> None:
    desk.report("x", "<b>甲</b>\u202e 乙\x07")
    title = panel.queue.index(0, panel.queue.column_number("title"))
    assert "&lt;b&gt;" in panel.queue.data(title, Qt.ItemDataRole.ToolTipRole)
    assert not panel.view.grab().isNull()


def test_language_and_theme_change_while_running(
    desk: DeskUnderTest, panel: IncidentQueuePanel, qapp: QApplication
) -> None:
    grid = desk.bridge.district.grids[0]
    desk.report("a", "楼道冒烟", grid=grid.code)
    before = panel.view.grab().toImage()
    set_language("en")
    panel.retranslate()
    header = panel.queue.column_number("title")
    assert panel.queue.headerData(header, Qt.Orientation.Horizontal) == "Incident"
    assert texts(panel, "status") == ["Reported"]
    assert texts(panel, "grid") == [grid.name_en]
    assert panel.filter_bar.scope.text() == "Open"
    apply_theme(qapp, "light")
    assert panel.view.grab().toImage() != before
    set_language("zh_CN")
    apply_theme(qapp, "dark")


def test_a_key_of_the_card_asks_the_card_for_its_action(
    desk: DeskUnderTest, panel: IncidentQueuePanel
) -> None:
    desk.report("i1")
    desk.wait_until(lambda: panel.queue.row_of("i1") >= 0)
    panel.view.selectRow(0)
    asked: list[tuple[str, str]] = []
    panel.action_requested.connect(lambda incident, action: asked.append((incident, action.id)))
    desk.qtbot.keyClick(panel.view, Qt.Key.Key_C)
    desk.qtbot.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert asked == [("i1", "close")]


def test_what_is_sent_back_is_new_again_unless_it_is_being_looked_at(
    desk: DeskUnderTest, panel: IncidentQueuePanel
) -> None:
    first, second = [unit.id for unit in desk.app.district.units if unit.kind == "police"][:2]
    desk.report("i0", "广场人群聚集", priority=1)
    desk.report("i1", "楼道冒烟", priority=2)
    for incident, unit in (("i0", first), ("i1", second)):
        panel.select(incident)
        desk.do(cmd.DispatchUnits(incident, (unit,)))
    assert not any(panel.queue.row_at(row).emphasised for row in range(2))
    panel.delegate.pulse.stop()
    desk.do(cmd.ReturnIncident("i0", first, "不归我们管"), cmd.ReturnIncident("i1", second, "太远"))
    assert [panel.queue.row_at(row).emphasised for row in range(2)] == [True, False]
    assert panel.delegate.pulse.beats
    panel.select("i0")
    assert not panel.queue.row_at(0).emphasised
