"""Opens the console: Qt application, one loop for Qt and asyncio, the core, the window - and their end, in order.

Owns start and shutdown of the window. Must not hold rules or build panels.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication

from app.bootstrap import App
from app.cli import DONE, FAILED, config_of
from app.config import Config
from app.domain.errors import ConfigError, StreetdeskError
from app.drill.child import attached_drill
from app.i18n import set_language, tr
from app.service.clock import SystemClock
from widgets.bridge import Bridge
from widgets.console import Console
from widgets.garbage import GarbageCollector, keep_what_stands
from widgets.layouts import scale_for
from widgets.loop import DeskLoop
from widgets.plain_input import keep_fields_plain
from widgets.qt_log import follow_qt_messages
from widgets.qt_texts import follow_language
from widgets.style import apply_theme

SIGNAL_POLL_MS = 200
"""Python sees a signal only when it gets to run; Qt alone would never let it."""


_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

Usable = Callable[[Console], None]


def run_console(options: argparse.Namespace, on_usable: Usable | None = None) -> int:
    """Runs until the window is closed or told to stop; returns the exit code.

    `on_usable` is called once the journal is folded in and the screens have painted it.
    """
    with ExitStack() as stack:
        config = config_of(options)
        if options.screenshot is not None and options.db is None:
            config = replace(config, db=str(Path(stack.enter_context(_scratch())) / "pictures.db"))
        config = stack.enter_context(attached_drill(config, SystemClock().now()))
        set_language(config.language)
        _choose_platform(options)
        follow_qt_messages()
        qt = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(qt, QApplication)
        qt.setQuitOnLastWindowClosed(False)  # the loop ends when the core is closed, not when the window is
        follow_language(qt)
        keep_fields_plain(qt)
        height_px = options.size[1] if options.size else qt.primaryScreen().size().height()
        apply_theme(qt, config.theme, scale_for(height_px))
        return _Session(qt, config, options, on_usable).run()


def _choose_platform(options: argparse.Namespace) -> None:
    """Without a screen pictures are drawn off it; a window cannot be. Raises ConfigError that says so."""
    has_screen = sys.platform != "linux" or any(os.environ.get(name) for name in _SCREENS)
    if has_screen:
        return
    if options.screenshot is None:
        raise ConfigError(tr("cli.no_screen"))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="streetdesk-", ignore_cleanup_errors=True)


class _Session:
    """One window from its opening to its end."""

    def __init__(
        self, qt: QApplication, config: Config, options: argparse.Namespace, on_usable: Usable | None
    ) -> None:
        self._on_usable = on_usable
        self._qt = qt
        self._options = options
        self._app = App(config)
        self._bridge = Bridge(self._app)
        self._console = Console(self._bridge, remember=options.screenshot is None)
        self._garbage = GarbageCollector(self._console)
        self._stop: asyncio.Event
        self._code = DONE

    def run(self) -> int:
        loop = DeskLoop(self._qt)
        asyncio.set_event_loop(loop)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        with loop:
            loop.run_until_complete(self._live())
            self._take_down()
        return self._code

    def _take_down(self) -> None:
        """Widgets go while the application still stands; left to the interpreter's end the order would be chance."""
        self._garbage.close()
        self._console.deleteLater()
        self._bridge.deleteLater()
        self._qt.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    async def _live(self) -> None:
        self._stop = asyncio.Event()
        self._console.closed.connect(self._stop.set)
        if self._options.size:
            self._console.resize(*self._options.size)
        # Its first step: the journal is opened on a thread of its own while the window is painted and the queue built.
        self._app.tasks.start(self._start(), "start")
        await asyncio.sleep(0)
        self._console.show()
        beat = QTimer(self._console)
        beat.start(SIGNAL_POLL_MS)
        try:
            await self._stop.wait()
        finally:
            beat.stop()
            self._bridge.close()
            self._console.shut_down()
            await self._app.close()

    async def _start(self) -> None:
        """The window stands before the journal is read: a failure is said in it, and the exit code tells scripts."""
        usable = asyncio.Event()
        self._console.usable.connect(usable.set)
        try:
            await self._app.start()
            await usable.wait()
            keep_what_stands()
            self._garbage.begin()
            if self._on_usable is not None:
                self._on_usable(self._console)
            await self._app.connect()
        except StreetdeskError as fault:
            self._fail(fault)
            return
        if self._options.screenshot is not None:
            await asyncio.sleep(self._options.after)
            await self._take_pictures()

    def _fail(self, fault: StreetdeskError) -> None:
        self._code = FAILED
        self._garbage.begin()
        self._console.show_failure(str(fault))
        if self._options.screenshot is not None:
            sys.stderr.write(f"streetdesk: {fault}\n")
            self._stop.set()

    async def _take_pictures(self) -> None:
        from widgets.screenshots import save_all

        await save_all(self._console, self._options.screenshot)
        self._stop.set()
