"""Views kept by name: with the keyboard alone, over a restart, and with a file that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import DeskUnderTest
from tests.gui.panels.test_map_tools import panel
from widgets.map.bookmarks import Bookmark, bookmarks_path, read_bookmarks, write_bookmarks
from widgets.panels.map import MapPanel

__all__ = ["panel"]

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def no_file() -> Iterator[None]:
    bookmarks_path().unlink(missing_ok=True)
    yield
    bookmarks_path().unlink(missing_ok=True)


def keep(panel: MapPanel, name: str) -> None:
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_B, CONTROL)
    edit = panel.tools.bookmarks.sheet.edit
    assert QApplication.focusWidget() is edit
    QTest.keyClicks(edit, name)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(panel.tools.bookmarks.sheet, Qt.Key.Key_Escape)


def test_a_view_is_kept_by_name_and_a_digit_goes_back_to_it(desk: DeskUnderTest, panel: MapPanel) -> None:
    first = panel.view.view.target
    keep(panel, "whole")
    QTest.keyClick(panel.view, Qt.Key.Key_Plus)
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    near = panel.view.view.target
    keep(panel, "near")
    panel.view.set_locked(False)
    assert panel.view.view.target != near
    QTest.keyClick(panel.view, Qt.Key.Key_B)
    QTest.keyClick(panel.tools.bookmarks.sheet, Qt.Key.Key_2)
    assert_same(panel, near)
    assert panel.view.locked
    assert not panel.tools.bookmarks.sheet.isVisible()
    QTest.keyClick(panel.view, Qt.Key.Key_B)
    QTest.keyClick(panel.tools.bookmarks.sheet, Qt.Key.Key_1)
    assert_same(panel, first)
    assert QApplication.focusWidget() is panel.view


def test_views_are_kept_one_after_the_other_without_a_mouse(desk: DeskUnderTest, panel: MapPanel) -> None:
    for name in ("first", "second"):
        QTest.keyClick(QApplication.focusWidget() or panel.view, Qt.Key.Key_B, CONTROL)
        QTest.keyClicks(QApplication.focusWidget(), name)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert [each.name for each in read_bookmarks(bookmarks_path())] == ["first", "second"]
    assert QApplication.focusWidget() is panel.view, "asked for from the map, the keyboard goes back to it"


def test_with_the_list_open_the_next_view_is_kept_and_0_shows_everything(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    keep(panel, "first")
    QTest.keyClick(panel.view, Qt.Key.Key_Plus)
    QTest.keyClick(panel.view, Qt.Key.Key_B)
    row = panel.tools.bookmarks.sheet.rows[0].go
    assert QApplication.focusWidget() is row
    near = panel.view.view.target
    QTest.keyClick(row, Qt.Key.Key_0)
    assert panel.view.view.target != near
    QTest.keyClick(row, Qt.Key.Key_B, CONTROL)
    edit = panel.tools.bookmarks.sheet.edit
    assert QApplication.focusWidget() is edit
    QTest.keyClicks(edit, "second 0")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert [each.name for each in read_bookmarks(bookmarks_path())] == ["first", "second 0"]
    assert panel.tools.bookmarks.sheet.isVisible()


def assert_same(panel: MapPanel, view: object) -> None:
    target = panel.view.view.target
    assert (target.x_m, target.y_m, target.zoom) == pytest.approx(
        (view.x_m, view.y_m, view.zoom),
        abs=0.01,  # type: ignore[attr-defined]
    )


def test_digits_in_the_name_are_text(panel: MapPanel) -> None:
    keep(panel, "whole")
    keep(panel, "gate 12")
    assert [each.name for each in read_bookmarks(bookmarks_path())] == ["whole", "gate 12"]


def test_the_same_name_is_replaced_and_the_cross_deletes(panel: MapPanel) -> None:
    keep(panel, "a")
    keep(panel, "b")
    QTest.keyClick(panel.view, Qt.Key.Key_Plus)
    keep(panel, "a")
    kept = read_bookmarks(bookmarks_path())
    assert [each.name for each in kept] == ["a", "b"]
    assert kept[0].zoom > kept[1].zoom
    QTest.keyClick(panel.view, Qt.Key.Key_B)
    QTest.mouseClick(panel.tools.bookmarks.sheet.rows[0].drop, Qt.MouseButton.LeftButton)
    assert [each.name for each in read_bookmarks(bookmarks_path())] == ["b"]


def test_they_are_there_after_a_restart_and_in_every_map(desk: DeskUnderTest, panel: MapPanel) -> None:
    other = MapPanel(desk.bridge)
    desk.qtbot.addWidget(other)
    keep(panel, "night market")
    other.tools.bookmarks.open()
    assert [row.go.text() for row in other.tools.bookmarks.sheet.rows] == ["1  night market"]
    other.tools.bookmarks.keep("学校")
    assert [each.name for each in read_bookmarks(bookmarks_path())] == ["night market", "学校"]


@pytest.mark.parametrize(
    "content",
    [
        "not even JSON",
        '{"version": 9, "bookmarks": []}',
        '{"version": 1, "bookmarks": [{"name": "x", "lat": "north"}]}',
        "[]",
        "",
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_never_overwritten(desk: DeskUnderTest, content: str) -> None:
    bookmarks_path().parent.mkdir(parents=True, exist_ok=True)
    bookmarks_path().write_text(content, encoding="utf-8")
    panel = MapPanel(desk.bridge)
    desk.qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.view.set_reduced_motion(True)  # nobody waits for three pulses
    panel.show()
    desk.wait_until(panel.isActiveWindow)
    keep(panel, "lasts until the end")
    assert panel.tools.told.failed
    assert "map_bookmarks.json" in panel.tools.told.text.text
    assert len(panel.tools.bookmarks.sheet.rows) == 1
    assert bookmarks_path().read_text(encoding="utf-8") == content


def test_what_is_written_is_read_back(tmp_path: object) -> None:
    wanted = [Bookmark("望浦广场", 31.2211, 121.475, 16.25), Bookmark("B", -1.5, 2.5, 9.0)]
    write_bookmarks(bookmarks_path(), wanted)
    assert read_bookmarks(bookmarks_path()) == wanted
