"""Keeping the map as a file: asked for by mouse and keys, looked into, and told when it could not be."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QDesktopServices, QImage, QPainter
from PySide6.QtTest import QTest

from app.i18n import tr
from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_map_tools import empty_spot, panel, report_at
from widgets.map.export_sheet import FORMATS
from widgets.map.hit import Hit
from widgets.map.print_page import PrintPage, PrintWords
from widgets.panels.map import MapPanel
from widgets.panels.map_export import PNG_SCALE
from widgets.style import dressed, load_tokens, tokens

__all__ = ["panel"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def ask(panel: MapPanel, key: Qt.Key) -> None:
    """Ctrl+P and the digit of a format."""
    QTest.keyClick(panel.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert panel.tools.export.sheet.isVisible()
    QTest.keyClick(panel.tools.export.sheet, key)


def answer(desk: DeskUnderTest, panel: MapPanel, path: Path) -> None:
    """Choose a file, and wait until it has been written or not."""
    dialog = panel.tools.export.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    desk.wait_until(lambda: not panel.tools.export.writing)


def test_the_file_is_asked_for_without_holding_anything_up(desk: DeskUnderTest, panel: MapPanel) -> None:
    ask(panel, Qt.Key.Key_1)
    dialog = panel.tools.export.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert not panel.tools.export.sheet.isVisible()
    dialog.reject()
    assert panel.tools.export.dialog is None


def test_a_picture_is_twice_as_fine_as_the_screen_and_shows_what_is_there(
    desk: DeskUnderTest, panel: MapPanel, tmp_path: Path
) -> None:
    report_at(desk, panel, "i1", empty_spot(panel), priority=1)
    ask(panel, Qt.Key.Key_1)
    answer(desk, panel, tmp_path / "map.png")
    image = QImage(str(tmp_path / "map.png"))
    assert image.width() > PNG_SCALE * panel.view.width()
    assert image.height() > PNG_SCALE * panel.view.height()
    assert count(image, tokens().priority.p1.rgb()) > 100
    assert str(tmp_path / "map.png") in panel.tools.told.text.text
    assert not panel.tools.told.failed


@pytest.mark.parametrize(
    ("key", "width_pt", "height_pt"), [(Qt.Key.Key_2, 842, 595), (Qt.Key.Key_3, 1191, 842)]
)
def test_paper_is_one_page_across_with_shapes_and_text(
    desk: DeskUnderTest, panel: MapPanel, tmp_path: Path, key: Qt.Key, width_pt: int, height_pt: int
) -> None:
    ask(panel, key)
    answer(desk, panel, tmp_path / "map.pdf")
    content = (tmp_path / "map.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box is not None
    assert [round(float(side)) for side in box.groups()] == [width_pt, height_pt]
    assert b"/Type /Font" in content
    assert tokens().theme == "dark"


def test_the_situation_map_is_written_by_its_own_writer(
    desk: DeskUnderTest, panel: MapPanel, tmp_path: Path
) -> None:
    desk.report("i1", "联系人电话 13812345678", lat=31.2211, lon=121.475)
    ask(panel, Qt.Key.Key_4)
    answer(desk, panel, tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "leaflet" in text
    assert "13812345678" not in text
    assert not panel.tools.told.failed


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_cannot_be_written_is_told_on_the_map(
    desk: DeskUnderTest, panel: MapPanel, tmp_path: Path, form: str
) -> None:
    panel.tools.export.write(form, tmp_path / "no such folder" / "map")
    desk.wait_until(lambda: panel.tools.told.failed)
    assert "no such folder" in panel.tools.told.text.text
    assert not panel.tools.export.writing
    QTest.keyClick(panel.tools.told, Qt.Key.Key_Escape)
    assert not panel.tools.told.isVisible()


def test_a_second_file_waits_for_the_first(desk: DeskUnderTest, panel: MapPanel, tmp_path: Path) -> None:
    panel.tools.export.write("png", tmp_path / "one.png")
    panel.tools.export.write("png", tmp_path / "two.png")
    assert panel.tools.told.failed
    desk.wait_until(lambda: not panel.tools.export.writing)
    assert [path.name for path in tmp_path.glob("*.png")] == ["one.png"]


@pytest.mark.parametrize("form", ["png", "html"])
def test_a_file_that_is_no_longer_wanted_is_cancelled_with_the_button_beside_its_name(
    desk: DeskUnderTest, panel: MapPanel, folder: Path, form: str
) -> None:
    panel.tools.export.write(form, folder / "map")
    assert "map" in panel.tools.told.text.text
    (button,) = panel.tools.told.offered
    desk.wait_until(lambda: child_of(panel) is not None)
    process = child_of(panel)
    assert process is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.wait_until(lambda: not panel.tools.export.writing)
    assert process.returncode is not None
    assert list(folder.iterdir()) == []
    assert not panel.tools.told.failed
    assert tr("map_tools.export.cancelled", file="map") == panel.tools.told.text.text


def test_a_desk_that_is_closed_meanwhile_leaves_no_child_and_no_half_file(
    desk: DeskUnderTest, panel: MapPanel, folder: Path
) -> None:
    panel.tools.export.write("a4", folder / "map.pdf")
    desk.wait_until(lambda: child_of(panel) is not None)
    process = child_of(panel)
    assert process is not None
    desk.run(desk.app.tasks.close())
    assert process.returncode is not None
    assert list(folder.iterdir()) == []
    assert not panel.tools.export.writing


def test_what_was_written_is_opened_and_so_is_its_folder(
    desk: DeskUnderTest, panel: MapPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    panel.tools.export.write("png", tmp_path / "map.png")
    desk.wait_until(lambda: not panel.tools.export.writing)
    for button in panel.tools.told.offered:
        button.click()
    assert opened == [str(tmp_path / "map.png"), str(tmp_path)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nothing is but what is exported."""
    maps = tmp_path / "maps"
    maps.mkdir()
    return maps


def child_of(panel: MapPanel) -> subprocess.Popen[bytes] | None:
    making = panel.tools.export.making
    return None if making is None else making.child.process


def test_rings_and_what_is_being_measured_are_printed_as_they_stand_on_the_screen(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    at = empty_spot(panel)
    report_at(desk, panel, "i1", at, priority=4)
    plain = painted(panel, "")
    panel.tools.chosen.choose([("incident", "i1")])
    ringed = painted(panel, "", panel.tools.chosen.things)
    accent, pen = (load_tokens("light").accent.rgb(), load_tokens("light").map.sketch.rgb())
    assert count(plain, accent) < count(ringed, accent)
    panel.view.sketching.start("line")
    for x in (at.x() - 100, at.x() + 100):
        panel.view.sketching.click(
            panel.view.lat_lon_at(QPointF(x, at.y())), QPointF(x, at.y()), double=False
        )
    measured = painted(panel, "")
    panel.view.sketching.stop()
    assert count(plain, pen) == 0
    assert count(measured, pen) > 50


def test_the_list_of_what_was_chosen_is_printed_beside_the_map_with_numbers_masked(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    report_at(desk, panel, "i1", empty_spot(panel), title="联系人 13812345678")
    panel.tools.chosen.choose([("incident", "i1")])
    words = panel.tools.export._words(panel.tools.chosen.rows())
    assert [name for name, _ in words.rows] == ["P2 001 联系人 138****5678"]
    with_list = PrintPage(panel.view, QSizeF(1240, 876), words, 1.0, exact=False)
    without = PrintPage(panel.view, QSizeF(1240, 876), panel.tools.export._words(()), 1.0, exact=False)
    assert with_list.map_box.width() < without.map_box.width()


def test_an_exercise_cannot_be_taken_for_real(panel: MapPanel) -> None:
    real, exercise = (painted(panel, mark) for mark in ("", tr("map_tools.print.exercise")))
    amber = load_tokens("light").exercise.rgb()
    assert count(real, amber) == 0
    assert count(exercise, amber) > 4000


def painted(panel: MapPanel, exercise: str, chosen: Sequence[Hit] = ()) -> QImage:
    words = PrintWords("title", "made", (), exercise, chosen=chosen)
    image = QImage(900, 640, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    with dressed("light"):
        for _ in PrintPage(panel.view, QSizeF(900, 640), words, 1.0, exact=False).painting(painter):
            pass
    painter.end()
    return image


def count(image: QImage, color: int) -> int:
    return sum(
        image.pixel(x, y) == color for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    )


def test_another_dress_is_taken_off_again_whatever_happens() -> None:
    before = tokens()
    with pytest.raises(ValueError, match="torn"), dressed("light"):
        assert tokens().theme == "light"
        raise ValueError("torn")
    assert tokens() is before
