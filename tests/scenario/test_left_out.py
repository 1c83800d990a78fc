"""Who is not sent and why, read in the window in both languages: units that are left out, and places left open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.centre.types_in_force import type_name
from app.config import Config
from app.domain.unit import Unit
from app.i18n import Language
from tests.scenario.desk_window import ForwardClock, Officer, open_desk
from tests.scenario.districts import district, keep_units
from tests.scenario.test_send_and_follow import page_url, pair
from tests.servers.phone import Phone, phone

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
AT_THE_POST = {"lat": 31.2189297, "lon": 121.4690654}
FAR_AWAY = {"lat": 31.2189297, "lon": 122.2}
ENGINE = "f1"
OWN_GRID, NEXT_DOOR = "g6", "g3"
BLAZE, ELSEWHERE = "fire 2", "fire 1"
KEPT = ("p1", "p2", "j1", "j2", "u1", "g3", "g6", "d3", ENGINE)
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@contextmanager
def desk(qapp: QApplication, folder: Path, language: Language = "zh_CN") -> Iterator[Officer]:
    """With one engine, one nurse, no mediator, and the phones' page."""
    place = district(folder)
    keep_units(place, lambda unit: unit["id"] in KEPT)
    config = Config(
        db=str(folder / "journal.db"), district_dir=place, language=language, field_listen=("127.0.0.1", 0)
    )
    with open_desk(qapp, config, ForwardClock()) as officer:
        yield officer


def pass_by(officer: Officer, ms: int) -> None:
    clock = officer.app.clock
    assert isinstance(clock, ForwardClock)
    clock.go_on_to(clock.now() + ms)


def report(officer: Officer, kind: str, title: str, priority: int) -> Any:
    """A report at the plaza, typed in the language of the desk, and the answer to who should go."""
    if officer.app.config.language == "zh_CN":
        line = f"报 {type_name(kind)} @望浦广场 级{priority} {title}"
    else:
        line = f'n {kind} @"Wangpu Plaza" pri{priority} {title}'
    officer.report(line, title)
    return officer.dispatching(title)


def gaps(panel: Any) -> list[str]:
    """The lines of what is short, as they stand in sight."""
    assert panel.advice_head.lines.isVisible()
    return [row.text for row in panel.advice_head.lines.rows if row.tone == "warn"]


def has_gap(panel: Any, words: str) -> bool:
    return panel.is_settled and any(words in line for line in gaps(panel))


def test_help_comes_from_next_door_where_the_own_grid_is_at_work(qapp: QApplication, tmp_path: Path) -> None:
    with desk(qapp, tmp_path) as officer:
        panel = report(officer, "help", "老人摔倒", 2)
        assert panel.recommended == (OWN_GRID,)
        assert "本网格" in officer.cell(panel.view, OWN_GRID, "why")
        officer.press(Key.Key_D)
        first = officer.wait_for_status("老人摔倒", "dispatched")
        panel = report(officer, "help", "钥匙丢了", 2)
        assert panel.recommended == (NEXT_DOOR,)
        assert officer.cell(panel.view, NEXT_DOOR, "why").startswith("补网格 · 邻格支援")
        assert officer.cell(panel.view, OWN_GRID, "why").startswith(f"兼办 {first.number[-3:]}")
        officer.press(Key.Key_D)
        assert officer.wait_for_status("钥匙丢了", "dispatched").units == (NEXT_DOOR,)


# -- places that stay open -------------------------------------------------------------------------------------------

WHY_SHORT = {
    "dispute": ("缺 1：调解员（法律） 本区没有", "1 short: Mediator (law) none in the district"),
    "medical": ("缺 1：医疗（救护车） 1 队都不具备", "1 short: Medical (ambulance) none of 1 has it"),
    "traffic": ("1 队都没有这种装备", "none of 1 has the equipment"),
    "fire": ("缺 1：微型消防站（灭火） 其余已派在本次", "the others are in this party"),
}
"""Type of a report and why one of its places stays open, with one engine in the district, as all are well."""
WHY_THE_ENGINE = {
    "off": ("1/1 队不在岗", "下班，不能派"),
    "unrested": ("1/1 队班前休息不足", "上岗前只休息 0 小时，应休 8 小时"),
    "stale": ("1/1 队定位太旧", "定位 31 分前，太旧"),
    "tired": ("1/1 队应休息", "已连续在岗 12 小时，应休息"),
    "far": ("1/1 队 30 分钟内到不了", "30 分钟内到不了"),
    "busy": ("1/1 队在办", "已派遣"),
    "declined": ("1/1 队已拒绝", "已拒绝：车辆故障"),
    "distress": ("1/1 队遇险", "遇险待援，不派"),
}
"""What befalls the only engine, what the place that it leaves open says, and what its own row says."""


@pytest.mark.parametrize(("language", "kinds"), [("zh_CN", tuple(WHY_SHORT)), ("en", ("dispute", "traffic"))])
def test_a_place_that_nobody_can_fill_says_why(
    qapp: QApplication, tmp_path: Path, language: Language, kinds: tuple[str, ...]
) -> None:
    speech = LANGUAGES.index(language)
    with desk(qapp, tmp_path, language) as officer:
        for kind in kinds:
            panel, expected = report(officer, kind, f"{kind} 1", 1), WHY_SHORT[kind][speech]
            officer.press(Key.Key_Plus)
            officer.wait(lambda panel=panel, expected=expected: has_gap(panel, expected), expected)
        lacks = ("缺装备 破拆器", "has no cutter")[speech]
        assert officer.cell(officer.dispatching("traffic 1").view, ENGINE, "why") == lacks


def test_a_place_that_one_unit_could_fill_says_why_it_does_not(qapp: QApplication, tmp_path: Path) -> None:
    with desk(qapp, tmp_path) as officer, phone(page_url(officer)) as own:
        pair(officer, ENGINE, own)
        for title in (ELSEWHERE, BLAZE):
            assert ENGINE in report(officer, "fire", title, 2).recommended
        for state, (gap, why) in WHY_THE_ENGINE.items():
            _bring_about(officer, own, state)
            panel = officer.dispatching(BLAZE)
            officer.wait(lambda panel=panel, gap=gap: has_gap(panel, gap), gap)
            assert ENGINE not in panel.recommended
            assert why in officer.cell(panel.view, ENGINE, "why")


def _bring_about(officer: Officer, own: Phone, state: str) -> None:
    """By the hands of the officer, by the phone of the engine, and by time."""
    match state:
        case "off":
            sign(officer, Key.Key_O, "off_duty")
        case "unrested":
            sign(officer, Key.Key_B, "available")
        case "stale":
            rest(officer)
            own.say("position", **AT_THE_POST)
            officer.wait(lambda: ENGINE in officer.app.positions.fixes, "where the engine is")
            pass_by(officer, 31 * MINUTE_MS)
        case "tired":
            pass_by(officer, 12 * HOUR_MS)
        case "far":
            rest(officer)
            own.say("position", **FAR_AWAY)
        case "busy":
            own.say("position", **AT_THE_POST)
            send(officer, ELSEWHERE)
        case "declined":
            for act in ("on_scene", "available"):
                own.say(act, incident=officer.see(ELSEWHERE).id)
            officer.wait(lambda: not engine(officer).assignments, "the engine to be free")
            send(officer, BLAZE)
            own.say("decline", incident=officer.see(BLAZE).id, reason="车辆故障")
            officer.wait(lambda: not engine(officer).assignments, "the engine to have declined")
        case "distress":
            own.say("emergency")


def engine(officer: Officer) -> Unit:
    return officer.app.projections.desk.units[ENGINE]


def sign(officer: Officer, key: Qt.Key, duty: str) -> None:
    board = officer.bring_up("units", Key.Key_5, ALT)
    officer.click_cell(board.view, ENGINE, "unit")
    officer.press(key)
    officer.wait(lambda: engine(officer).duty == duty, f"the engine {duty}")


def rest(officer: Officer) -> None:
    """Off for as long as the centre asks for, and on again."""
    sign(officer, Key.Key_O, "off_duty")
    pass_by(officer, 9 * HOUR_MS)
    sign(officer, Key.Key_B, "available")


def send(officer: Officer, title: str) -> None:
    """The engine alone."""
    panel, incident = officer.dispatching(title), officer.see(title).id
    officer.wait(
        lambda: panel.is_settled and panel.candidates.get(ENGINE) is not None, "the engine to be listed"
    )
    officer.click_cell(panel.view, ENGINE, "place")
    officer.wait(lambda: panel.chosen == (ENGINE,), "the engine to be chosen")
    officer.press(Key.Key_D)
    officer.wait(lambda: engine(officer).incident == incident, "the engine to be sent")
