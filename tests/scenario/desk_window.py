"""The whole console as main.py opens it, with the officer's hands: keys and looks, nothing else.

Owns the opening and closing of a window in this process. Must not reach round the window into the core to act.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.bootstrap import App
from app.config import Config
from app.domain.incident import Incident
from widgets.bridge import Bridge
from widgets.console import Console
from widgets.loop import DeskLoop
from widgets.style import apply_theme

WAIT_S = 180.0


class Officer:
    """Looks at one window and presses keys in it; every key is counted."""

    def __init__(self, app: App, console: Console, loop: DeskLoop) -> None:
        self.app = app
        self.console = console
        self.keys = 0
        self._loop = loop

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Lets the loop run until `condition` holds; fails saying what did not come."""

        async def look() -> None:
            until_s = time.monotonic() + WAIT_S
            while not condition():
                assert time.monotonic() < until_s, f"waited {WAIT_S} s for: {what}"
                await asyncio.sleep(0.01)

        self._loop.run_until_complete(look())

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One stroke, to whatever has the focus, as a keyboard gives it."""
        self.keys += 1
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or self.console
        QTest.keyClick(target, key, modifier)
        self._loop.run_until_complete(asyncio.sleep(0))

    def type(self, text: str) -> None:
        """Words into the field that has the focus; Chinese comes from an input method."""
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit | QTextEdit | QPlainTextEdit), (
            f"no field has the focus, but {field}"
        )
        if text.isascii():
            QTest.keyClicks(field, text)
        else:
            composed = QInputMethodEvent()
            composed.setCommitString(text)
            QApplication.sendEvent(field, composed)

    def panel(self, name: str) -> Any:
        return self.console.panel(name)

    def incident(self, title: str) -> Incident | None:
        known = self.app.projections.desk.incidents.values()
        return next((incident for incident in known if incident.title == title), None)

    def see(self, title: str) -> Incident:
        """Waits until the queue shows a row with this title; the incident behind it."""
        queue = self.panel("queue")

        def shown() -> bool:
            found = self.incident(title)
            return found is not None and queue.queue.row_of(found.id) >= 0

        self.wait(shown, f"{title} in the queue")
        found = self.incident(title)
        assert found is not None
        return found

    def status(self, title: str) -> str:
        """The incident's status; "" while there is none."""
        found = self.incident(title)
        return found.status if found else ""

    def wait_for_status(self, title: str, status: str) -> Incident:
        self.wait(lambda: self.status(title) == status, f"{title} to be {status}")
        found = self.incident(title)
        assert found is not None
        return found

    def focus(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)


@contextmanager
def open_desk(qapp: QApplication, config: Config) -> Iterator[Officer]:
    """A window that is usable and connected; closed in order, as main.py closes it."""
    apply_theme(qapp, config.theme)
    loop = DeskLoop(qapp)
    asyncio.set_event_loop(loop)
    app = App(config)
    bridge = Bridge(app)
    console = Console(bridge, remember=False)
    console.resize(1366, 768)
    console.show()
    console.activateWindow()
    try:
        loop.run_until_complete(app.start())
        loop.run_until_complete(app.connect())
        officer = Officer(app, console, loop)
        officer.wait(lambda: console.dock("card").is_filled and console.dock("map").is_filled, "all panels")
        yield officer
    finally:
        bridge.close()
        console.shut_down()
        loop.run_until_complete(app.close())
        console.close()
        console.deleteLater()
        qapp.processEvents()
        loop.close()
        asyncio.set_event_loop(None)
