"""A panel that fills the screen: its text grows with it, alone, and all is as before when it goes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from app.i18n import set_language
from tests.gui.conftest import DeskUnderTest, Opened
from widgets.console import Console
from widgets.docks import Dock
from widgets.style import apply_theme, tokens
from widgets.wall_text import step_for

# Windows that float cannot be raised where there is no window system.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
WIDTH_PX, HEIGHT_PX = 700, 600


@pytest.fixture
def console(opened: Opened, desk: DeskUnderTest, qapp: QApplication) -> Iterator[Console]:
    """Smaller than the screen, so that every panel wins by filling it."""
    desk.report("i1")
    yield opened(WIDTH_PX, HEIGHT_PX)
    apply_theme(qapp, "dark")


def row_px(console: Console, name: str) -> int:
    return console.panel(name).view.verticalHeader().defaultSectionSize()  # type: ignore[attr-defined, no-any-return]


def letters_px(dock: Dock) -> set[int]:
    """Of its title, of the labels and fields of its panel."""
    texts = [*dock.findChildren(QLabel), *dock.findChildren(QLineEdit)]
    return {text.font().pixelSize() for text in texts if text.isVisible()}


def places(console: Console) -> dict[str, object]:
    return {name: dock.geometry().getRect() for name, dock in console.docks.items() if dock.in_sight}


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ((380, 700), (1920, 1080), 1.5),  # the queue: as many rows as in the window, half as large again
        ((1100, 810), (1920, 1080), 1.25),  # the map
        ((674, 660), (1366, 768), 1.0),  # at 1366 it wins no room worth a step
        ((380, 320), (1920, 1080), 2.0),
        ((0, 0), (1920, 1080), 1.0),
        ((1920, 1080), (800, 800), 1.0),
    ],
)
def test_what_was_in_sight_stays_in_sight(
    before: tuple[int, int], after: tuple[int, int], step: float
) -> None:
    assert step_for(QSize(*before), QSize(*after)) == step


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_text_of_a_wall_grows_and_is_restored(
    console: Console, desk: DeskUnderTest, language: str, theme: str
) -> None:
    set_language("en" if language == "en" else "zh_CN")
    console.set_theme(theme)
    console.retranslate()
    console.panel("alarms")
    dock, before = console.dock("queue"), places(console)
    plain_letters_px = letters_px(dock)
    plain_px = row_px(console, "queue")
    columns = console.panel("queue").view.fit.shown()  # type: ignore[attr-defined]
    dock.bring_up()
    dock.set_wall(True)
    step = tokens().scale
    assert step > 1
    assert tokens().theme == theme
    desk.wait_until(lambda: row_px(console, "queue") == round(plain_px * step))
    assert letters_px(dock) == {round(px * step) for px in plain_letters_px}
    desk.wait_until(lambda: dock.title_bar.height() >= tokens().size_small_button)
    assert set(columns) <= set(console.panel("queue").view.fit.shown())  # type: ignore[attr-defined]
    assert row_px(console, "alarms") == plain_px, "what is behind it keeps its own"
    desk.report("i2")
    dock.set_wall(False)
    assert tokens().scale == 1
    desk.wait_until(lambda: row_px(console, "queue") == plain_px)
    assert letters_px(dock) == plain_letters_px
    desk.wait_until(lambda: places(console) == before)


def test_the_console_is_found_as_it_was_left(console: Console, desk: DeskUnderTest) -> None:
    """Whoever goes to its window while a panel is a wall reads it at its own scale, and goes on with the wall's."""
    dock = console.dock("queue")
    dock.bring_up()
    dock.set_wall(True)
    dock.activateWindow()
    desk.wait_until(dock.isActiveWindow)
    assert tokens().scale > 1
    console.activateWindow()
    desk.wait_until(lambda: tokens().scale == 1)
    dock.activateWindow()
    desk.wait_until(lambda: tokens().scale > 1)
    console.set_text_scale(1.25)
    assert tokens().scale == 1.25, "a scale that is chosen is the program's, with no step of a wall on it"
    dock.set_wall(False)
    assert tokens().scale == 1.25


def test_f11_there_and_back_by_the_key(console: Console, desk: DeskUnderTest) -> None:
    console.activateWindow()
    desk.wait_until(console.isActiveWindow)
    console.dock("queue").bring_up()
    QTest.keyClick(console, Qt.Key.Key_F11)
    desk.wait_until(lambda: console.dock("queue").is_wall)
    assert tokens().scale > 1
    console.toggle_wall()
    assert tokens().scale == 1


def test_what_changes_behind_a_wall_takes_no_room_of_its_size(console: Console, desk: DeskUnderTest) -> None:
    """The strip and the docks behind it keep their places, whatever comes in meanwhile."""
    before, strip_px, lane = places(console), console.strip.height(), console.dock("alarms")
    lane_px = lane.height()
    dock = console.dock("queue")
    dock.bring_up()
    dock.set_wall(True)
    desk.wait_until(lambda: tokens().scale > 1)
    console.strip.retranslate()
    console.strip.updateGeometry()
    desk.report("i2")
    console.panel("alarms").updateGeometry()
    desk.wait_until(lambda: lane.height() > lane_px)
    assert console.strip.height() == strip_px
    dock.set_wall(False)
    desk.wait_until(lambda: places(console) == before)
