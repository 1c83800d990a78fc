"""A mute is kept with its end: nobody is silent, or loud, only because the program was started again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.paths import user_config_dir
from tests.gui.conftest import DeskUnderTest
from widgets.console import Console
from widgets.kept_mute import FILE_NAME
from widgets.layouts import layouts_path

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


@pytest.fixture
def mute_file() -> Iterator[Path]:
    path = user_config_dir() / FILE_NAME
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def opened(desk: DeskUnderTest, mute_file: Path) -> Iterator[Callable[[], Console]]:
    """Opens consoles of one desk that keep what they are told; each is closed in order at the end."""
    consoles: list[Console] = []

    def open_console() -> Console:
        console = Console(desk.bridge, unattended=False)
        consoles.append(console)
        console.show()
        desk.wait_until(lambda: console._sound is not None)
        return console

    yield open_console
    for console in consoles:
        console.shut_down()
        console.deleteLater()
    layouts_path().unlink(missing_ok=True)


def test_a_mute_outlives_the_program_with_its_end_and_so_does_its_taking_away(
    opened: Callable[[], Console],
) -> None:
    first = opened()
    first.toggle_mute()
    until = first._sound.muted_until
    first.shut_down()
    second = opened()
    assert second._sound.muted_until == until
    assert second.strip.mute.isChecked() and "P3 P4" in second.strip.mute.text()
    second.toggle_mute()
    second.shut_down()
    assert not opened().strip.mute.isChecked()


@pytest.mark.parametrize("kept", ['{"until": 5}', '{"until": 9999999999999999}', "[", "7", '{"until": "x"}'])
def test_a_mute_that_has_ended_or_is_none_silences_nothing(
    opened: Callable[[], Console], mute_file: Path, kept: str
) -> None:
    mute_file.parent.mkdir(parents=True, exist_ok=True)
    mute_file.write_text(kept, encoding="utf-8")
    assert not opened().strip.mute.isChecked()
