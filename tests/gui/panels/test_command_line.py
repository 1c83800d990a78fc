"""The command line through the window, by keys: what it will do, what came of it, and where the hand goes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.centre.types_in_force import type_name
from app.domain import commands as cmd
from app.domain.incident import Incident
from app.i18n import set_language, tr
from app.service.command_line.verbs import VERBS
from tests.gui.conftest import DeskUnderTest
from widgets.console import Console
from widgets.panels.command_line import CommandLine
from widgets.panels.command_sheet import MOST_SIGNS

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
ENTER, TAB, UP, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Up, Qt.Key.Key_Down


class Hand:
    """Opens the line of one window and writes in it."""

    def __init__(self, desk: DeskUnderTest, console: Console) -> None:
        self.desk, self.console = desk, console

    @property
    def line(self) -> CommandLine:
        return self.console.head.line

    @property
    def told(self) -> str:
        return self.line.sheet.sentence.text()

    @property
    def titles(self) -> list[str]:
        return [row.title for row in self.line.sheet.list.rows]

    def open(self) -> None:
        self.line.open()
        self.desk.wait_until(lambda: self.line.source.directory is not None)
        self.desk.wait_until(lambda: self.line.source.directory.has_places)  # type: ignore[union-attr]

    def write(self, text: str) -> None:
        if not self.line.is_open:
            self.open()
        self.line.edit.selectAll()
        self.line.edit.insert(text)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.console, key)

    def enter(self, tone: str = "done") -> None:
        """Enter, and the answer."""
        self.press(ENTER)
        self.desk.wait_until(lambda: self.line.sheet.tone == tone)
        self.desk.settle()


@pytest.fixture
def hand(desk: DeskUnderTest) -> Iterator[Hand]:
    for number in range(1, 4):
        desk.report(f"i{number}", lat=31.2213, lon=121.4747, address="望浦广场")
    console = Console(desk.bridge, remember=False, unattended=False)
    console.resize(1366, 768)
    console.show()
    console.activateWindow()
    desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
    desk.settle()
    yield Hand(desk, console)
    console.shut_down()
    console.deleteLater()


def incident(hand: Hand, key: str = "i2") -> Incident:
    return hand.desk.app.projections.desk.incidents[key]


def newest(hand: Hand) -> Incident:
    return list(hand.desk.app.projections.desk.incidents.values())[-1]


# -- opening and leaving -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "modifier"), [("/", "NoModifier"), ("k", "ControlModifier")])
@pytest.mark.parametrize("dock", ["queue", "map", "card"])
def test_a_key_opens_it_and_escape_gives_the_keyboard_back(
    hand: Hand, key: str, modifier: str, dock: str
) -> None:
    hand.console.dock(dock).bring_up()
    before = QApplication.focusWidget()
    QTest.keyClick(before, key, Qt.KeyboardModifier[modifier])
    assert QApplication.focusWidget() is hand.line.edit
    assert len(hand.titles) > 10
    hand.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is before
    assert not hand.line.is_open


def test_a_slash_in_a_text_field_is_a_slash_and_ctrl_k_still_opens(hand: Hand) -> None:
    hand.console.take_report()
    field = hand.console.report_sheet.what
    field.setFocus()
    QTest.keyClicks(field, "1/2")
    assert field.text() == "1/2"
    QTest.keyClick(field, "k", Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is hand.line.edit
    hand.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is field
    assert field.text() == "1/2"


def test_the_key_that_opens_it_writes_nothing_in_the_open_line(hand: Hand) -> None:
    """It stays open after a command, and habit opens it again before the next."""
    hand.write("a 2")
    hand.enter()
    QTest.keyClicks(hand.line.edit, "/n crowd 1/2")
    assert hand.line.edit.text() == "n crowd 1/2"


def test_how_far_units_are_is_said_of_a_place_that_is_known_alone(hand: Hand) -> None:
    hand.desk.report("i9")

    def away() -> set[bool]:
        return {"米" in row.aside or "公里" in row.aside for row in hand.line.sheet.list.rows}

    hand.write("d 1 p")
    assert True in away()
    for line in ("d 4 p", "d 77 p"):
        hand.write(line)
        assert hand.titles
        assert away() == {False}, line


def test_going_elsewhere_with_the_pointer_shuts_it(hand: Hand) -> None:
    hand.open()
    hand.console.panel("queue").view.setFocus()
    assert not hand.line.is_open


def test_what_a_place_could_be_is_listed_at_once_and_chosen_with_down_and_enter(hand: Hand) -> None:
    hand.write("n crowd @地铁 pri2 推搡")
    assert hand.titles == ["地铁望浦广场站", "地铁银杏路站"]
    hand.press(DOWN)
    hand.press(DOWN)
    hand.press(ENTER)
    assert hand.line.edit.text() == "n crowd @地铁银杏路站 pri2 推搡"
    assert hand.told.startswith("新建 P2 人群聚集：推搡，地铁银杏路站")
    hand.enter()
    assert newest(hand).address == "地铁银杏路站"


def test_the_issues_own_example_needs_no_choice_and_says_what_was_taken(hand: Hand) -> None:
    hand.write("n crowd @plaza pri2 pushing at the door")
    assert "“plaza”取附近唯一的望浦广场" in hand.told
    hand.enter()
    assert newest(hand).address == "望浦广场"


@pytest.mark.parametrize("word", ["电动车起火", "有人打架"])
def test_clear_words_give_the_type_and_the_sentence_says_so(hand: Hand, word: str) -> None:
    kind = {"电动车起火": "fire", "有人打架": "security"}[word]
    hand.write(f"n {word} @望浦二村")
    assert f"{type_name(kind)}：{word}" in hand.told and "类型据“" in hand.told
    hand.enter()
    assert (newest(hand).incident_type, newest(hand).title) == (kind, word)


def test_without_a_type_or_clear_words_it_is_asked_for(hand: Hand) -> None:
    hand.write("n 有点事 @望浦二村")
    assert not hand.line.plan.is_ready
    assert hand.told == tr("command_line.will.new.no_type")


def test_a_likely_duplicate_is_said_before_enter(hand: Hand) -> None:
    hand.desk.report("dup", title="商场门口人群聚集", lat=31.2213, lon=121.4747, address="望浦广场")
    hand.desk.wait_until(lambda: "dup" in hand.desk.app.duplicates._index)
    hand.write("n crowd @望浦广场 商场门口人群聚集")
    assert hand.line.sheet.tone == "warned"
    assert re.search("可能与 00[1-4] 重复：.*同类", hand.told)
    hand.write("n fire @望浦二村 电动车起火")
    assert hand.line.sheet.tone == "ready" and "重复" not in hand.told


def test_a_merge_of_two_types_is_held_and_says_so(hand: Hand) -> None:
    hand.desk.report("f1", incident_type="fire", title="电动车起火")
    hand.write("m 4 2")
    assert hand.line.plan.is_held and hand.line.sheet.tone == "warned"
    assert "类型不同" in hand.told
    hand.press(ENTER)
    assert QApplication.focusWidget() is hand.line.sheet.hold
    assert "类型不同" in hand.told
    assert incident(hand, "f1").merged_into is None


def test_what_was_not_given_does_not_stay_in_the_bar_and_up_brings_it_back(hand: Hand) -> None:
    hand.write("x p3 走错路 ph:13912345678")
    hand.press(Qt.Key.Key_Escape)
    assert not hand.line.is_open and hand.line.edit.text() == ""
    hand.open()
    hand.press(UP)
    assert hand.line.edit.text() == "x p3 走错路"


def test_a_megabyte_is_refused_shortly_and_what_stood_there_stays(hand: Hand) -> None:
    hand.write("n crowd @plaza ")
    before = hand.line.sheet.height()
    QGuiApplication.clipboard().setText("长" * 1_000_000)
    hand.line.edit.paste()
    assert hand.line.edit.text() == "n crowd @plaza "
    assert hand.line.sheet.tone == "refused"
    assert "2000" in hand.told and "长长" not in hand.told and len(hand.told) < 60
    assert hand.line.sheet.height() <= before + 40
    QTest.keyClicks(hand.line.edit, "x")
    assert hand.line.sheet.tone != "refused"


@pytest.mark.parametrize("line", ["长" * 1_900, "c " + "9" * 1_900, "n crowd @plaza " + "推搡 " * 600])
def test_a_page_in_the_line_is_quoted_shortly_and_the_mend_is_still_said(hand: Hand, line: str) -> None:
    hand.write(line[:1_999])
    hand.desk.settle()
    assert len(hand.told) <= MOST_SIGNS + 1
    assert hand.line.sheet.sentence.height() < hand.console.height() // 5
    assert not hand.told.endswith(("长", "9", "推搡")), "the end of the sentence stands"


# -- before Enter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("zh_CN", "派 2 警3 j1", "派 警03、联巡01 到 002 号人群聚集（望浦广场）"),
        ("en", "d 2 p3 j1", "Send Police 03, Joint 01 to 002 (Crowd, 望浦广场)"),
        ("zh_CN", "d 2", "派遣力量：还缺 力量…"),
        ("en", "d 2", "Send units: still wants units…"),
        ("zh_CN", "a 99", "没有 99 号事件；写编号末几位，如 12，往日的写 1121-12"),
        ("zh_CN", "g 0203", "到网格 滨江三"),
        (
            "en",
            "v 2",
            "Incident 20261122-002 has no feedback yet, so there is nothing to verify; report back first",
        ),
    ],
)
def test_what_it_will_do_stands_there_before_enter(hand: Hand, language: str, line: str, told: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    hand.console.retranslate()
    number = incident(hand).number
    hand.write(line)
    assert hand.told == told.replace("20261122-002", number)
    assert incident(hand).status == "reported"


def test_several_meanings_are_listed_and_enter_does_nothing(hand: Hand) -> None:
    hand.write("d 2 3")
    assert "警03" in hand.told and "联巡03" in hand.told
    hand.press(ENTER)
    assert hand.line.edit.text() == "d 2 3"
    assert not incident(hand).units


# -- carrying out ------------------------------------------------------------------------------------------------------


def test_units_are_sent_move_and_the_incident_is_closed(hand: Hand) -> None:
    hand.write("d 2 p3 p4")
    hand.enter()
    assert incident(hand).units == ("p3", "p4")
    assert hand.told == tr("command_line.done", what="派 警03、警04 到 002 号人群聚集（望浦广场）")
    assert QApplication.focusWidget() is hand.line.edit and hand.line.edit.text() == ""
    hand.write("s p3 p4 er")
    hand.enter()
    hand.write("态 警3 到场")
    hand.enter()
    assert incident(hand).status == "handling"
    hand.write("c 2 人群已疏散")
    assert "已解决" in hand.told
    hand.enter()
    assert (incident(hand).status, incident(hand).outcome, incident(hand).feedback) == (
        "closed",
        "resolved",
        "人群已疏散",
    )


def test_a_refusal_stands_where_the_hand_is_and_the_line_stays(hand: Hand) -> None:
    hand.write("s p1 p3 er")
    hand.press(ENTER)
    assert hand.line.sheet.tone == "refused"
    assert "警01" in hand.told
    assert hand.line.edit.text() == "s p1 p3 er"


def test_a_desk_that_changes_meanwhile_refuses_in_the_same_place(hand: Hand) -> None:
    hand.write("d 2 p3")
    hand.desk.run(hand.desk.app.bus.submit(cmd.WithdrawIncident("i2", "误报"), hand.desk.app.context()))
    hand.enter("refused")
    assert hand.line.edit.text() == "d 2 p3"


def test_a_new_incident_is_durable_and_its_reporter_is_not_in_its_events(hand: Hand) -> None:
    hand.write("n crowd @望浦广场 pri1 门口推搡 ph:13912345678 人:李雷")
    assert "P1" in hand.told and "望浦广场" in hand.told and "13912345678" not in hand.told
    hand.enter()
    made = newest(hand)
    assert (made.incident_type, made.priority, made.title, made.address) == (
        "crowd",
        1,
        "门口推搡",
        "望浦广场",
    )
    assert made.grid and made.lat and made.person_ref
    person = hand.desk.run(hand.desk.app.person(made.id, "test"))
    assert person is not None and (person.phone, person.name) == ("13912345678", "李雷")
    assert hand.console.selection.incident == made.id
    assert all("139" not in line and "李雷" not in line for line in hand.line.history.lines)


def test_what_cannot_be_taken_back_is_held(hand: Hand, qtbot: object) -> None:
    hand.write("d 2 p3")
    hand.enter()
    hand.write("x p3 走错路")
    hand.press(ENTER)
    button = hand.line.sheet.hold
    assert QApplication.focusWidget() is button
    hand.press(ENTER)
    assert incident(hand).units == ("p3",), "a short press must not recall anybody"
    hand.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is hand.line.edit and hand.line.edit.text() == "x p3 走错路"
    hand.press(ENTER)
    QTest.keyPress(button, ENTER)
    hand.desk.wait_until(lambda: hand.line.sheet.tone == "done")
    QTest.keyRelease(QApplication.focusWidget(), ENTER)
    hand.desk.settle()
    assert incident(hand).units == ()
    assert QApplication.focusWidget() is hand.line.edit


# -- completing, searching, recalling ----------------------------------------------------------------------------------


def test_every_word_is_completed_by_tab(hand: Hand) -> None:
    hand.open()
    for typed in ("di", "2", "巡"):
        QTest.keyClicks(hand.line.edit, typed) if typed.isascii() else hand.line.edit.insert(typed)
        assert hand.titles
        hand.press(TAB)
    assert hand.line.edit.text() == "派 2 联巡01 "
    assert hand.line.plan.is_ready


def test_down_chooses_and_enter_takes_what_is_chosen(hand: Hand) -> None:
    hand.write("派 2 ")
    hand.press(DOWN)
    hand.press(DOWN)
    second = hand.titles[1].split()[0]
    hand.press(ENTER)
    assert hand.line.edit.text() == f"派 2 {second} "


def test_anything_else_is_searched_and_enter_flies_there(hand: Hand) -> None:
    hand.console.dock("queue").bring_up()
    before = QApplication.focusWidget()
    hand.write("望浦二村")
    assert hand.titles[0] == "望浦二村"
    map_panel = hand.console.panel("map")
    gone: list[tuple[str, str]] = []
    map_panel.search.chosen.connect(lambda kind, key, _lat, _lon: gone.append((kind, key)))
    hand.press(ENTER)
    assert not hand.line.is_open
    assert QApplication.focusWidget() is before
    assert gone and gone[0][0] == "place"
    assert map_panel.search.pin.place is not None


def test_looking_verbs_go_there(hand: Hand) -> None:
    hand.write("cam 17")
    hand.press(ENTER)
    assert hand.console.selection.camera == "C017"
    hand.write("i 2")
    hand.press(ENTER)
    assert hand.console.selection.incident == "i2"


def test_the_last_command_comes_back_to_be_changed(hand: Hand) -> None:
    for line in ("a 1", "a 2"):
        hand.write(line)
        hand.enter()
    hand.press(UP)
    assert hand.line.edit.text() == "a 2"
    hand.press(UP)
    assert hand.line.edit.text() == "a 1"
    hand.press(DOWN)
    assert hand.line.edit.text() == "a 2"
    hand.line.edit.setText("a 3")
    hand.enter()
    assert incident(hand, "i3").status == "accepted"


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "\x00\x1b[31m d 2", "\u202e d 2 p3", "<b>d</b> 2", "'; DROP TABLE--"]
)
def test_garbage_is_shown_as_plain_words(hand: Hand, text: str) -> None:
    hand.write(text)
    assert hand.line.sheet.sentence.textFormat() is Qt.TextFormat.PlainText
    assert not incident(hand).units


def widget_order(widgets: list[QWidget], by: Callable[[QWidget], int]) -> list[QWidget]:
    return sorted(widgets, key=by)


@pytest.mark.parametrize("width_px", [1366, 1920])
def test_the_line_has_room_in_the_strip(hand: Hand, width_px: int) -> None:
    hand.console.resize(width_px, 768)
    strip = hand.console.strip
    shown = [strip.centre, strip.tabs, hand.line.edit, strip.feeds, strip.clock]
    shown = [widget for widget in shown if widget.isVisible()]
    order = widget_order(shown, lambda widget: widget.geometry().left())
    assert order == shown
    assert all(a.geometry().right() < b.geometry().left() for a, b in itertools.pairwise(order))
    assert hand.line.edit.width() >= 170


COMMANDS: list[tuple[str, type[cmd.Command], bool]] = [
    ("d 2 p3", cmd.DispatchUnits, False),
    ("s p4 off", cmd.SetUnitStatus, False),
    ("a 2", cmd.AcceptIncident, False),
    ("c 2 误报", cmd.CloseIncident, False),
    ("r 2 到场未见异常", cmd.ReportBack, False),
    ("v 2", cmd.VerifyIncident, False),
    ("note 2 记一笔", cmd.NoteIncident, False),
    ("x p1 走错路", cmd.RecallUnit, True),
    ("m 2 3", cmd.MergeIncident, False),
    ("o 2 还没完", cmd.ReopenIncident, False),
    ("h 2 城管中队 占道", cmd.HandOverIncident, True),
    ("u 2 区 太大", cmd.EscalateIncident, True),
    ("w 2 重复", cmd.WithdrawIncident, True),
    ("退 1 警1 不归我们", cmd.ReturnIncident, False),
    ("签 2 警3 急", cmd.AssignByOrder, True),
    ("督 2 群众关注", cmd.SuperviseIncident, False),
    ("解督 2 已办好", cmd.EndSupervision, False),
    ("领 2", cmd.ClaimIncident, False),
    ("接手 2 他去现场了", cmd.TakeOverIncident, False),
    ("放手 2", cmd.ReleaseClaim, False),
    ("约 2 无人接", cmd.ContactReporter, False),
    ("联 2 3 同地", cmd.LinkIncidents, False),
    ("断联 2 3", cmd.UnlinkIncidents, False),
    ("拆 2 弄错了", cmd.UnmergeIncident, False),
    ("级别 2 3", cmd.SetAlarmLevel, False),
    ("勾 2 1", cmd.TickItem, False),
    ("封 学府路 抢修", cmd.CloseRoad, False),
    ("开路 学府路", cmd.OpenRoad, False),
]


def test_every_verb_becomes_its_command_and_is_held_as_its_action_says(hand: Hand) -> None:
    hand.desk.do(cmd.DispatchUnits("i1", ("p1",)))
    following = hand.desk.app.following
    assert following is not None
    hand.desk.wait_until(lambda: bool(following.known_lines(incident(hand))))
    hand.open()
    hand.desk.wait_until(lambda: hand.line.source.directory.roads is not None)  # type: ignore[union-attr]
    for line, kind, is_held in COMMANDS:
        hand.write(line)
        plan = hand.line.plan
        assert [type(command) for command in plan.commands] == [kind], (line, hand.told)
        assert plan.is_held == is_held, line
        assert plan.sentence
        assert plan.is_ready or plan.why_not, line
    told = {verb.id for verb in VERBS} - {"new", "open", "grid", "camera", "ledger"}
    assert len(COMMANDS) == len(told), "a verb without a line here"
