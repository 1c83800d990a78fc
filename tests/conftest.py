"""Owns what every test stands on: no screen, no user's own folders, Chinese glyphs, one Qt loop.

Must not hold test data.

That a test leaves nothing behind and says nothing unexpected is tests/leftovers.py.
"""

import asyncio
import gc
import inspect
import itertools
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["QT_QPA_PLATFORM"] = os.environ.get("STREETDESK_TEST_PLATFORM", "offscreen")
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
os.environ["LC_ALL"] = "C.UTF-8"  # a call without --lang speaks the locale's language
for scaling in ("QT_SCALE_FACTOR", "QT_FONT_DPI", "QT_SCREEN_SCALE_FACTORS", "QT_STYLE_OVERRIDE"):
    os.environ.pop(scaling, None)

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import language, set_language
from tests.patience import PATIENCE_MS, PATIENCE_S
from widgets.loop import DeskLoop

# The same examples everywhere and no clock beside them: a run of the suite tells what this commit does, not what a
# lucky number has found or how busy the machine is. STREETDESK_TEST_EXPLORE=1 looks for new ones.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize="STREETDESK_TEST_EXPLORE" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

_QT_TESTS = itertools.count()

pytest_plugins = ["pytester", "tests.leftovers"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes by their length: an id must be the same in every worker, and what is zipped may bear the second."""
    return f"{argname}-{len(val)}" if isinstance(val, bytes) else None


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: no collection between tests need look through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def user_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home for settings and data, for this process and every one it starts."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
        patch.setenv("LOCALAPPDATA", str(home / "data"))
        patch.setenv("APPDATA", str(home / "config"))
        yield home


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """pytest-qt's application, once it is sure that Chinese is drawn as Chinese and not as boxes."""
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        pytest.exit("no font with Chinese glyphs: run `make setup` (installs fonts-noto-cjk)", returncode=1)
    return qapp


@pytest.fixture(autouse=True)
def language_as_it_was() -> Iterator[None]:
    """A test that speaks English leaves Chinese behind: what is said must not depend on which test came before."""
    before = language()
    yield
    set_language(before)


@pytest.fixture(autouse=True)
def keys_are_let_go() -> Iterator[None]:
    """Shift of the last click is no Shift of the next test: Qt remembers it until another key says otherwise."""
    yield
    if QApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyRelease(QWidget(), Qt.Key.Key_Shift)


@pytest.fixture(autouse=True)
def garbage_ends_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the console (widgets/garbage.py): a collection on a desk's thread would take widgets from under Qt.

    What a test has made is young, so looking through that mostly does; pytest lets some of it go only a test later.
    """
    if {"qapp", "qtbot"} & set(request.fixturenames):
        _widgets_were_made_before[:] = [True] * _TESTS_AFTER_WIDGETS
        gc.disable()
        yield
        gc.collect(0 if next(_QT_TESTS) % 20 else 2)
        gc.enable()
    elif _widgets_were_made_before:
        _widgets_were_made_before.pop()
        gc.disable()
        gc.collect()
        yield
        gc.collect()
        gc.enable()
    else:
        yield


_TESTS_AFTER_WIDGETS = 2
"""The first of them lets go what pytest kept of the last test of a widget, the second is sure of it."""
_widgets_were_made_before: list[bool] = []


class PatientQtBot(QtBot):
    """pytest-qt's, which by itself gives up after five seconds."""

    waitSignal = partialmethod(QtBot.waitSignal, timeout=PATIENCE_MS)  # noqa: N815 - pytest-qt's name
    waitUntil = partialmethod(QtBot.waitUntil, timeout=PATIENCE_MS)  # noqa: N815 - pytest-qt's name


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientQtBot(request)


@pytest.fixture
def qt_loop(qapp: QApplication) -> Iterator[DeskLoop]:
    """asyncio on the Qt loop, as in the console: `qt_loop.run_until_complete(coroutine)`.

    Inside a coroutine wait with `until`; outside of one qtbot.wait* does as well.
    """
    loop = DeskLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """`await until(condition)`: go on as soon as condition() holds; fail naming it when it never does."""

    async def wait(condition: Callable[[], object]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline_s:
                pytest.fail(f"{PATIENCE_S} s over, still not: {inspect.getsource(condition).strip()}")
            await asyncio.sleep(0.01)

    return wait
