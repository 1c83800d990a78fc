"""Whom to send, read in the window before anybody goes: who and why, what is short, what is left, and all together."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.config import Config, default_district
from tests.scenario.desk_window import Officer, open_desk

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SMOKE, LANE, HURT, FAINT, CROWD = "商铺冒烟", "弄堂起火", "老人摔倒", "行人晕倒", "门口人群聚集"
CARE_HOME = "夕阳红养老院"
"""Where the nearest engine leaves grids behind that another one can reach from its post."""

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def officer(qapp: QApplication, tmp_path: Path) -> Iterator[Officer]:
    with open_desk(qapp, Config(db=str(tmp_path / "journal.db"), district_dir=default_district())) as officer:
        yield officer


def lines(panel: Any, tone: str = "") -> list[str]:
    """What stands above the candidates, in sight."""
    assert panel.advice_head.isVisible()
    return [row.text for row in panel.advice_head.lines.rows if not tone or row.tone == tone]


def asked(panel: Any) -> tuple[int, int]:
    """How many the card asks for and how many are recommended, as it is read."""
    found = re.search(r"需 (.+?)，推荐 (\d+) 队", panel.advice_head.card.text)
    assert found is not None
    return sum(int(count) for count in re.findall(r"\d+", found[1])), int(found[2])


def sign_off(officer: Officer, *units: str) -> None:
    board = officer.bring_up("units", Key.Key_5, ALT)
    for unit in units:
        officer.click_cell(board.view, unit, "unit")
        officer.press(Key.Key_O)
        officer.wait(
            lambda unit=unit: officer.app.projections.desk.units[unit].duty == "off_duty", f"{unit} off duty"
        )


def test_a_card_is_filled_with_reasons_its_gap_has_one_and_who_is_barred_needs_one(officer: Officer) -> None:
    sign_off(officer, "f2", "f3")
    officer.report(f"报 火警 @望浦广场 级1 {SMOKE}", SMOKE)
    panel = officer.dispatching(SMOKE)
    assert "火警 · 2 级" in panel.advice_head.card.text
    assert asked(panel) == (4, 3)
    (gap,) = (line for line in lines(panel, "warn") if line.startswith("缺"))
    assert gap.startswith("缺 1：微型消防站")
    assert "2/3 队不在岗" in gap
    reasons = {unit: officer.cell(panel.view, unit, "why") for unit in panel.recommended}
    assert set(reasons) == {"f1", "p1", "d2"}
    assert reasons["f1"].startswith("补消防")
    assert all(reasons.values())
    officer.wait(lambda: any("覆盖" in line for line in lines(panel)), "what is left behind")
    assert "5 分钟覆盖：100% → 0%" in lines(panel, "warn"), "the last engine that is on duty would go"
    assert officer.see(SMOKE).units == (), "nobody goes by himself"
    _volunteer_goes_with_a_reason(officer, panel)


def _volunteer_goes_with_a_reason(officer: Officer, panel: Any) -> None:
    officer.press(Key.Key_R)
    officer.click_cell(panel.view, "v5", "place")
    assert panel.chosen == ("f1", "p1", "d2", "v5")
    officer.press(Key.Key_D)
    assert panel.override.isVisible()
    assert "志愿者不参与危险处置" in panel.override.question.text()
    officer.press(Key.Key_Return)
    assert panel.override.isVisible(), "without a reason it asks on"
    officer.type("只做引导")
    officer.press(Key.Key_Return)
    sent = officer.wait_for_status(SMOKE, "dispatched")
    assert sent.units == ("f1", "p1", "d2", "v5")
    (told,) = officer.records("incident.rule_overridden")
    assert (told.actor, told.event.incident, told.event.reason) == ("officer", sent.id, "只做引导")  # type: ignore[attr-defined]
    officer.see_in_story(SMOKE, "只做引导")


def test_a_higher_alarm_asks_for_more_and_a_lower_one_for_what_it_did(officer: Officer) -> None:
    officer.report(f"报 人群聚集 @学府路 级1 {CROWD}", CROWD)
    panel = officer.dispatching(CROWD)
    officer.wait(lambda: "8 分钟覆盖不变：100%" in lines(panel), "enough to be left")
    before, party = asked(panel), set(panel.recommended)
    officer.press(Key.Key_Plus)
    officer.wait(lambda: "3 级" in panel.advice_head.card.text and panel.is_settled, "the third alarm")
    assert asked(panel) == (before[0] + 3, before[1] + 3)
    assert party < set(panel.recommended)
    officer.click(panel.advice_head.levels.button(2))
    officer.wait(lambda: "2 级" in panel.advice_head.card.text and panel.is_settled, "the second alarm again")
    assert asked(panel) == before


def test_what_the_engines_leave_bare_is_said_with_whom_to_move_up(officer: Officer) -> None:
    officer.report(f"报 火警 @{CARE_HOME} 级1 {SMOKE}", SMOKE)
    panel = officer.dispatching(SMOKE)
    officer.wait(lambda: any(line.startswith("补位") for line in lines(panel)), "whom to move up")
    (cover,) = (line for line in lines(panel, "warn") if "覆盖" in line)
    shares = [int(share) for share in re.findall(r"(\d+)%", cover)]
    (move,) = (line for line in lines(panel) if line.startswith("补位"))
    assert shares[1] < int(re.findall(r"(\d+)%", move)[0]) <= shares[0] == 100


def test_all_that_waits_is_solved_together_and_sent_by_one_key(officer: Officer) -> None:
    titles = (SMOKE, LANE, HURT, FAINT)
    for kind, place, title in zip(
        ("火警", "火警", "急救", "急救"), ("望浦广场", "学府路") * 2, titles, strict=True
    ):
        officer.report(f"报 {kind} @{place} 级1 {title}", title)
    panel = officer.dispatching(FAINT)
    officer.press(Key.Key_J)
    sheet = panel.joint
    officer.wait(lambda: sheet.isVisible() and sheet.advice is not None, "the plan")
    plan = {errand.incident.id: [unit for unit, _ in errand.units] for errand in sheet.advice.errands}
    assert set(plan) == {officer.see(title).id for title in titles}
    going = [unit for units in plan.values() for unit in units]
    assert len(set(going)) == len(going) == sheet.advice.unit_count
    assert "比逐起就近派遣：" in sheet.saving.text(), (
        "one after the other the first would take what another needs"
    )
    shown = " ".join(row.text for row in sheet.list.rows)
    assert all(officer.app.projections.desk.units[unit].call_sign in shown for unit in going)
    assert sheet.send_button.text().startswith(f"派 {len(going)} 队到 {len(titles)} 起事件")
    officer.press(Key.Key_D)
    officer.wait(lambda: not sheet.isVisible(), "the whole plan to be sent")
    for title in titles:
        assert set(officer.see(title).units) == set(plan[officer.see(title).id])


@pytest.fixture
def cut_district(tmp_path: Path) -> Path:
    """The demo district with the roads near the plaza alone: those of the others end in islands or are gone."""
    folder = tmp_path / "district"
    shutil.copytree(default_district(), folder)
    file = folder / "roads.geojson"
    roads = json.loads(file.read_text(encoding="utf-8"))
    roads["features"] = [road for road in roads["features"] if _is_near(road)]
    file.write_text(json.dumps(roads), encoding="utf-8")
    return folder


def _is_near(road: dict[str, Any]) -> bool:
    points = road["geometry"]["coordinates"]
    return all(abs(lon - 121.4766) < 0.005 and abs(lat - 31.2213) < 0.003 for lon, lat in points)


def test_a_time_that_no_road_leads_to_is_marked_and_says_why(
    qapp: QApplication, tmp_path: Path, cut_district: Path
) -> None:
    with open_desk(qapp, Config(db=str(tmp_path / "journal.db"), district_dir=cut_district)) as officer:
        officer.report(f"报 火警 @望浦广场 级1 {SMOKE}", SMOKE)
        panel = officer.dispatching(SMOKE)
        assert asked(panel) == (4, 4), "a straight time recommends all the same"
        shown = {
            unit: (officer.cell(panel.view, unit, "eta"), officer.cell(panel.view, unit, "why"))
            for unit in panel.candidates.keys()  # noqa: SIM118 - a model
        }
        assert "≈" not in shown["p1"][0], "the roads between them stand"
        assert shown["f1"][0].startswith("≈")
        assert "道路不连通，直线估算" in shown["f1"][1]
        assert any("不在路网上，直线估算" in why for _, why in shown.values())
        in_question = [said for unit, said in shown.items() if not panel.candidates.get(unit).is_left_out]
        assert all(("≈" in eta) == ("直线估算" in why) for eta, why in in_question)
        officer.press(Key.Key_D)
        assert set(officer.wait_for_status(SMOKE, "dispatched").units) >= {"f1", "p1"}
