"""A real desk for tests of widgets: the core on a temporary SQLite journal, one loop for Qt and asyncio, the bridge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.events import Recorded
from app.domain.roles import FEED
from app.i18n import set_language
from tests.patience import PATIENCE_S
from widgets.bridge import Bridge
from widgets.console import Console
from widgets.layouts import layouts_path
from widgets.loop import DeskLoop
from widgets.style import apply_theme

T = TypeVar("T")
Opened = Callable[..., Console]


class DeskUnderTest:
    """The running core with what a test needs to put things in and to wait for what comes out."""

    def __init__(self, app: App, bridge: Bridge, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
        self.app = app
        self.bridge = bridge
        self.loop = loop
        self.qtbot = qtbot

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine to its end while Qt goes on."""
        return self.loop.run_until_complete(_within(coro))

    def do(self, *commands: cmd.Command) -> tuple[Recorded, ...]:
        """Gives commands as this desk's officer; returns what was recorded, after the screens were told."""
        records: tuple[Recorded, ...] = ()
        for command in commands:
            records += self.run(self.app.bus.submit(command, self.app.context()))
        self.settle()
        return records

    def do_as_feed(self, *commands: cmd.Command) -> tuple[Recorded, ...]:
        context = cmd.Context("feed:test", FEED, "desk-1", self.app.clock.now())
        records: tuple[Recorded, ...] = ()
        for command in commands:
            records += self.run(self.app.bus.submit(command, context))
        self.settle()
        return records

    def refusal(self, command: cmd.Command) -> Refusal:
        with pytest.raises(Refusal) as refusal:
            self.do(command)
        return refusal.value

    def report(
        self, incident: str, title: str = "商场门口人群聚集", priority: int = 2, **fields: Any
    ) -> None:
        defaults: dict[str, Any] = {"source": "110", "source_event": incident, "incident_type": "crowd"}
        self.do(cmd.ReportIncident(incident, priority=priority, title=title, **(defaults | fields)))

    def settle(self) -> None:
        """Until every change so far has been told to the screens."""
        self.wait_until(lambda: not self.bridge._frame.isActive())

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Lets the loop run until `condition` holds."""

        async def poll() -> None:
            while not condition():  # noqa: ASYNC110 - any condition on any widget, and Qt has to go on meanwhile
                await asyncio.sleep(0.005)

        self.loop.run_until_complete(_within(poll()))


async def _within(coro: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(PATIENCE_S):
        return await coro


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(db=str(tmp_path / "journal.db"), district_dir=default_district())


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, config: Config) -> Iterator[DeskUnderTest]:
    """A started desk with an empty journal; closed in order at the end."""
    set_language("zh_CN")
    apply_theme(qapp, "dark")
    loop = DeskLoop(qapp)
    asyncio.set_event_loop(loop)
    app = App(config)
    bridge = Bridge(app)
    loop.run_until_complete(app.start())
    loop.run_until_complete(app.connect())
    try:
        yield DeskUnderTest(app, bridge, loop, qtbot)
    finally:
        bridge.close()
        loop.run_until_complete(app.close())
        loop.run_until_complete(loop.shutdown_default_executor())
        bridge.deleteLater()  # as run.py does: Qt's connections would keep it and the whole core for ever
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        loop.close()
        asyncio.set_event_loop(None)


@pytest.fixture
def opened(desk: DeskUnderTest) -> Iterator[Opened]:
    """Opens consoles of one desk; each is closed in order at the end."""
    consoles: list[Console] = []

    def open_console(width_px: int = 1920, height_px: int = 1080, **options: Any) -> Console:
        console = Console(desk.bridge, **({"remember": False, "unattended": False} | options))
        consoles.append(console)
        console.resize(width_px, height_px)
        console.show()
        desk.wait_until(lambda: all(d.is_filled for d in console.docks.values() if d.in_sight))
        desk.settle()
        return console

    layouts_path().unlink(missing_ok=True)
    yield open_console
    for console in consoles:
        console.shut_down()
        console.deleteLater()
    layouts_path().unlink(missing_ok=True)
