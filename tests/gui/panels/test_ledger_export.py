"""The ledger as a workbook, from the key to the file: as it is shown, masked, on record when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.events import ExportedUnmasked, Recorded
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.ledger_desk import fill, ledgers
from tests.unit.exchange.situations import PHONE
from widgets.panels.ledger import LedgerPanel

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ledger(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[LedgerPanel]:
    fill(desk)
    for open_ledger in ledgers(desk, qtbot):
        yield open_ledger()


def exported(desk: DeskUnderTest, panel: LedgerPanel, path: Path, **how: object) -> list[list[object]]:
    panel.tools.open("export")
    panel.export.write(path, **{"masked": True, **how})  # type: ignore[arg-type]
    desk.wait_until(lambda: path.exists() or panel.refusal.isVisible())
    desk.wait_until(lambda: panel.export.making is None)
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]


def test_what_is_shown_leaves_as_it_is_shown_masked_with_real_dates(
    desk: DeskUnderTest, ledger: LedgerPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    ledger.tools.choose_columns(["number", "title", "opened", "officer"])
    ledger.find_words("树枝")
    qtbot.keyClick(ledger.view, Key.Key_E, CTRL)
    (title, *_), (about, *_), heads, row = exported(desk, ledger, tmp_path / "l.xlsx")
    assert heads == ["编号", "事件", "接报时间", "经办人"]
    assert row[1] == f"树枝压住电线，电话 {PHONE[:3]}****{PHONE[-4:]}"
    at = desk.bridge.desk.incidents["tree"].opened_at
    assert isinstance(row[2], datetime)
    assert row[2].replace(tzinfo=UTC) == datetime.fromtimestamp(at // 1000, UTC) + timedelta(hours=8)
    assert row[3] == "o**"
    assert "台账" in str(title) and "演练" not in str(title)
    assert "树枝" in str(about) and "遮蔽" in str(about)
    assert ledger.refusal.isVisible() and "l.xlsx" in ledger.refusal.text


def test_a_title_that_would_be_a_formula_is_text(
    desk: DeskUnderTest, ledger: LedgerPanel, tmp_path: Path
) -> None:
    ledger.find_words("calc")
    rows = exported(desk, ledger, tmp_path / "l.xlsx")
    assert "=cmd|' /C calc'!A0" in rows[3]
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx").worksheets[0]
    assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)


def test_personal_data_leaves_only_with_a_purpose_and_on_record(
    desk: DeskUnderTest, ledger: LedgerPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    ledger.tools.open("export")
    bar = ledger.export.bar
    assert bar.go.isEnabled()
    bar.masked.setChecked(False)
    assert not bar.go.isEnabled()
    bar.purpose.setText("信访复查")
    assert bar.go.isEnabled()
    ledger.export.write(tmp_path / "none.xlsx", masked=False, purpose=" ")
    desk.wait_until(ledger.refusal.isVisible)
    assert not (tmp_path / "none.xlsx").exists()
    ledger.refusal.dismiss()
    told: list[Recorded] = []
    screens, desk.app.on_changes = desk.app.on_changes, lambda _changes, records: told.extend(records)
    rows = exported(desk, ledger, tmp_path / "l.xlsx", masked=False, purpose="信访复查")
    desk.app.on_changes = screens
    assert any(PHONE in str(row) for row in rows)
    (event,) = [record.event for record in told]
    assert isinstance(event, ExportedUnmasked)
    assert (event.form, event.purpose) == ("xlsx", "信访复查")


def test_a_file_that_cannot_be_written_is_told_and_the_bar_is_gone(
    desk: DeskUnderTest, ledger: LedgerPanel, tmp_path: Path
) -> None:
    ledger.tools.open("export")
    ledger.export.write(tmp_path / "nowhere" / "l.xlsx", masked=True)
    desk.wait_until(ledger.refusal.isVisible)
    assert "l.xlsx" in ledger.refusal.text
    assert ledger.export.bar.isHidden()


def test_escape_ends_the_making_and_leaves_no_file(
    desk: DeskUnderTest, ledger: LedgerPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    ledger.tools.open("export")
    ledger.export.write(tmp_path / "l.xlsx", masked=True)
    assert ledger.export.bar.progress.isVisible()
    qtbot.keyClick(ledger.view, Key.Key_Escape)
    desk.wait_until(lambda: ledger.export.making is None)
    desk.wait_until(ledger.refusal.isVisible)
    assert "已取消" in ledger.refusal.text
    assert list(tmp_path.glob("*.xlsx*")) == []


def test_in_an_exercise_the_workbook_says_so(
    desk: DeskUnderTest, ledger: LedgerPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.app, "config", replace(desk.app.config, drill=tmp_path))
    assert desk.app.mode == "drill"
    rows = exported(desk, ledger, tmp_path / "l.xlsx")
    assert "演练" in str(rows[0][0])
    assert "演练" in openpyxl.load_workbook(tmp_path / "l.xlsx").sheetnames[0]
