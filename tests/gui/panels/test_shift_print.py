"""The hand-over on paper, read from the file as its reader does: what was signed, all of it accounted for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain import commands as cmd
from app.domain.shift import DONE, forget_lines
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.shift_by_keys import open_panel, rested, sign
from widgets.panels.shift import ShiftPanel


@pytest.fixture
def panel(desk: DeskUnderTest, qtbot: QtBot) -> Iterator[ShiftPanel]:
    yield from open_panel(desk, qtbot)


def printed(desk: DeskUnderTest, panel: ShiftPanel, path: Path) -> list[str]:
    """The text of each page, as any reader of PDF finds it."""
    panel.printing.write(path)
    desk.wait_until(lambda: path.exists() and not panel.printing.is_writing)
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def test_paper_and_screen_show_what_both_signed_whatever_has_become_of_it(
    desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path
) -> None:
    desk.report("i1", title="smoke at the old mill 13800001111", priority=1)
    desk.report("i2", title="dog in the canal", priority=3)
    desk.do(cmd.NoteForNextShift(panel.shift.id, "n1", "pump at 22:00"))
    rested(desk, panel)
    sign(desk, panel, "Zhang San")
    desk.report("i3", title="gate left open")
    rested(desk, panel)
    sign(desk, panel, "Li Si")
    assert panel.shift.waits_for == DONE
    out, taken = panel.shift.outgoing, panel.shift.incoming
    assert out is not None and taken is not None
    desk.do(
        cmd.UpdateIncident("i2", title="otter in the canal"),
        cmd.UpdateIncident("i3", title="otter at the gate"),
        cmd.SettleShiftNote(panel.shift.id, "n1"),
        cmd.AcceptIncident("i1"),
    )
    desk.report("i4", title="after both have signed")
    rested(desk, panel)
    for seen in (
        " ".join(f"{row.title} {row.second}" for row in panel.view.rows),
        " ".join(printed(desk, panel, tmp_path / "brief.pdf")),
    ):
        for words in (
            "smoke at the old mill 138****1111",
            "dog in the canal",
            "pump at 22:00",
            "gate left open",
        ):
            assert words in seen
        for words in ("13800001111", "otter", "after both", "已立案"):
            assert words not in seen
    assert not re.search("还剩|超时 [0-9]+:", seen), "a clock that ran on would be older than the signature"
    for words in ("P1", "Zhang San（带班领导）", "Li Si（带班领导）", out.digest, taken.digest):
        assert words in seen
    revealed = [r.event for r in records(desk) if r.event.TYPE == "officer.revealed"]
    assert [event.officer for event in revealed] == [out.signed_by, taken.signed_by]  # type: ignore[attr-defined]
    assert all(panel.shift.id in event.purpose for event in revealed)  # type: ignore[attr-defined]
    assert attached(tmp_path / "brief.pdf") == {"outgoing.txt": out.digest, "incoming.txt": taken.digest}


def records(desk: DeskUnderTest) -> list:  # type: ignore[type-arg]
    return list(desk.run(desk.app.journal.call(lambda journal: journal.read(0, 1_000))))


def attached(path: Path) -> dict[str, str]:
    """The SHA-256 of every file in a PDF, by its name."""
    folder = path.parent / "attached"
    folder.mkdir()
    subprocess.run(["pdfdetach", "-saveall", "-o", str(folder), str(path)], check=True, capture_output=True)
    return {each.name: sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}


def test_every_section_is_on_three_pages_and_what_is_left_out_is_counted(
    desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path
) -> None:
    for number in range(180):
        desk.report(f"i{number}", title=f"matter {number}", priority=1 + number % 4)
    cameras = desk.bridge.district.cameras
    desk.do(*(cmd.SetCameraStatus(camera.id, False, "cut") for camera in cameras[:60]))
    desk.do(cmd.SetUnitStatus("u1", "out_of_service", None, "repair"))
    desk.do(cmd.NoteForNextShift(panel.shift.id, "n1", "pump at 22:00"))
    rested(desk, panel)
    pages = printed(desk, panel, tmp_path / "brief.pdf")
    assert len(pages) == 3
    text = "".join(pages)
    for head in ("交接事项 +1", "未结事件 +180", "在办、停用和超时的力量 +1", "离线的摄像头 +60"):
        assert re.search(head, text)
    levels = re.findall(r"^ *(P[1-4]) +[0-9]+ +matter", text, re.MULTILINE)
    assert levels[:45] == ["P1"] * 45
    left = [int(count) for count in re.findall("本节另有 ([0-9]+) 项未印", text)]
    shown = len(re.findall("cut", text))
    assert left == [180 - len(levels), 60 - shown]
    assert len(levels) > 2 * shown > 40, "each has its share, open incidents the most of it"
    assert text.count("未签字") >= 2
    bare = [len(page.splitlines()) for page in pages[:2]]
    assert min(bare) > 45, "no page ends half empty"


def test_a_hand_over_is_printed_again_from_the_list_of_past_ones_when_its_lines_are_long_forgotten(
    desk: DeskUnderTest, panel: ShiftPanel, tmp_path: Path
) -> None:
    desk.report("i1", title="smoke at the old mill 13800001111", priority=1)
    rested(desk, panel)
    sign(desk, panel, "Zhang San")
    desk.report("i2", title="gate left open")
    rested(desk, panel)
    sign(desk, panel, "Li Si")
    signed = panel.shift
    assert signed.outgoing is not None and signed.incoming is not None
    desk.do(cmd.UpdateIncident("i1", title="otter at the mill"))
    forget_lines(desk.bridge.desk.shifts, "29991231-0800")
    assert not desk.bridge.desk.shifts[signed.id].has_lines
    panel.view.setFocus()
    QTest.keyClicks(panel, "4")
    assert panel.head.page == "past"
    (row,) = panel.view.rows
    assert row.key == ("past", signed.id) and "L** S**" in row.second
    panel.view.go_to(row.key)
    QTest.keyClicks(panel, "p")
    dialog = panel.printing.dialog
    assert dialog is not None and signed.id in dialog.selectedFiles()[0]
    path = tmp_path / "again.pdf"
    dialog.fileSelected.emit(str(path))
    desk.wait_until(lambda: path.exists() and not panel.printing.is_writing)
    dialog.reject()
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True
    ).stdout.decode()
    for words in ("smoke at the old mill 138****1111", "gate left open", "Zhang San", signed.incoming.digest):
        assert words in text
    assert "otter" not in text and "13800001111" not in text
    assert attached(path) == {"outgoing.txt": signed.outgoing.digest, "incoming.txt": signed.incoming.digest}


def test_before_anybody_has_signed_the_list_of_past_ones_says_what_comes_there(
    desk: DeskUnderTest, panel: ShiftPanel
) -> None:
    QTest.keyClicks(panel, "4")
    assert panel.state.isVisibleTo(panel)
    QTest.keyClicks(panel, "p")
    assert panel.printing.dialog is None and not panel.refusal.isHidden()
