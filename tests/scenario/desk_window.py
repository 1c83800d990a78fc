"""The whole console as main.py opens it, with the officer's hands: keys and looks, nothing else.

Owns the opening and closing of a window in this process. Must not reach round the window into the core to act.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.bootstrap import App
from app.config import Config
from app.domain.events import Recorded
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.i18n import set_language
from app.service.clock import Clock, SystemClock
from widgets.bridge import Bridge
from widgets.console import Console
from widgets.loop import DeskLoop
from widgets.panels.row_delegate import RowDelegate, padded
from widgets.panels.table_view import KeyedTableView
from widgets.qt_texts import follow_language
from widgets.style import apply_theme

WAIT_S = 180.0
MOST_RECORDS = 10_000


class ForwardClock(SystemClock):
    """The machine's clock, put forward by hand: what takes an hour is seen at once."""

    def __init__(self) -> None:
        self._ahead_ms = 0

    def now(self) -> Instant:
        return super().now() + self._ahead_ms

    def go_on_to(self, at: Instant) -> None:
        self._ahead_ms += max(0, at - self.now())


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

    def settle(self) -> None:
        """Lets what has just been shown be laid out: a height that follows from a width takes Qt a second turn."""
        for _ in range(2):
            QApplication.sendPostedEvents()
            self._loop.run_until_complete(asyncio.sleep(0))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One stroke, to whatever has the focus, as a keyboard gives it."""
        self.keys += 1
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or self.console
        QTest.keyClick(target, key, modifier)
        self._loop.run_until_complete(asyncio.sleep(0))

    def type(self, text: str) -> None:
        """Words into the field that has the focus; Chinese comes from an input method."""
        field = QApplication.focusWidget()
        if isinstance(field, QComboBox):
            field = field.lineEdit()
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

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """The left button of a mouse, on something that can be seen."""
        assert widget.isVisible(), f"{widget} is not to be seen"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        self._loop.run_until_complete(asyncio.sleep(0))

    def cell(self, view: KeyedTableView, key: str, column: str) -> str:
        """What a list that can be seen says in one of its cells; fails where the column has no room."""
        number = view.table.column_number(column)
        assert view.isVisible(), f"{view} is not to be seen"
        assert not view.isColumnHidden(number), f"no room for {column}"
        return str(view.table.data(view.table.index(view.table.row_of(key), number)))

    def fits(self, view: KeyedTableView, key: str, column: str) -> bool:
        """Whether a cell shows all that it says, also as the chosen one, which is bold."""
        room = padded(view.visualRect(view.table.index(0, view.table.column_number(column))))
        delegate = view.itemDelegate()
        assert isinstance(delegate, RowDelegate)
        return delegate.width_px(self.cell(view, key, column), strong=True) <= room.width()

    def click_cell(self, view: KeyedTableView, key: str, column: str) -> None:
        """A click on a cell, scrolled into sight."""
        index = view.table.index(view.table.row_of(key), view.table.column_number(column))
        view.scrollTo(index)
        self.click(view.viewport(), view.visualRect(index).center())

    def hold(self, key: Qt.Key, until: Callable[[], Any], what: str) -> None:
        """A key on the button that has the focus, held until what it is held for is there."""
        self.keys += 1
        button = QApplication.focusWidget()
        QTest.keyPress(button, key)
        self.wait(until, what)
        QTest.keyRelease(button, key)

    def report(self, words: str, title: str) -> Incident:
        """A report typed into the command line, from anywhere; it is chosen then."""
        line = self.console.head.line
        self.focus(self.panel("queue"))
        self.press(Qt.Key.Key_Slash)
        self.wait(lambda: self.console.wiring.map_search().is_ready, "names to be known")
        self.type(words)
        self.wait(line.edit.text, "the words to stand in the line")
        self.press(Qt.Key.Key_Return)
        found = self.see(title)
        self.wait(lambda: self.console.selection.incident == found.id, f"{title} to be chosen")
        return found

    def choose(self, title: str) -> None:
        """Down from the first row of the queue until this one is chosen."""
        queue, wanted = self.panel("queue"), self.see(title).id
        self.focus(queue)
        self.press(Qt.Key.Key_Home)
        for _ in range(queue.queue.shown_count):
            if queue.view.current_key == wanted:
                break
            self.press(Qt.Key.Key_Down)
        assert queue.view.current_key == wanted, f"{title} is not to be reached"
        self.wait(lambda: self.console.selection.incident == wanted, f"{title} to be chosen everywhere")

    def dispatching(self, title: str) -> Any:
        """The dispatch panel with the keyboard and the answer for this incident, as D in the queue brings it."""
        self.choose(title)
        self.press(Qt.Key.Key_D)
        panel = self.panel("dispatch")
        self.wait(
            lambda: panel.isAncestorOf(QApplication.focusWidget()), "the keyboard in the dispatch panel"
        )
        self.wait(lambda: panel.is_settled and panel.candidates.keys(), f"an answer for {title}")
        return panel

    def bring_up(self, dock: str, key: Qt.Key, modifier: Qt.KeyboardModifier) -> Any:
        """A panel by its key; the keyboard is in it then."""
        self.press(key, modifier)
        panel = self.panel(dock)
        self.wait(
            lambda: self.console.dock(dock).in_sight and panel.isAncestorOf(QApplication.focusWidget()),
            f"the keyboard in {dock}",
        )
        return panel

    def see_in_story(self, title: str, words: str) -> None:
        """Waits until the story on the card of this incident tells it."""
        card = self.bring_up("card", Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
        assert self.console.selection.incident == self.see(title).id
        told = card.timeline
        self.wait(
            lambda: told.isVisible() and any(words in line.what for line in told.lines),
            f"{words} in the story",
        )

    def look_up(self, reading: Coroutine[Any, Any, Any]) -> Any:
        """What the core answers, while the window lives on."""
        return self._loop.run_until_complete(reading)

    def records(self, kind: str) -> Sequence[Recorded]:
        """What the journal's file holds of one kind of event, in order."""
        read = self.look_up(self.app.journal.call(lambda journal: journal.read(0, MOST_RECORDS)))
        return [record for record in read if kind == record.event.TYPE]


@contextmanager
def open_desk(qapp: QApplication, config: Config, clock: Clock | None = None) -> Iterator[Officer]:
    """A window that is usable and connected, in its own language; closed in order, as main.py closes it."""
    set_language(config.language)
    follow_language(qapp)
    apply_theme(qapp, config.theme)
    loop = DeskLoop(qapp)
    asyncio.set_event_loop(loop)
    app = App(config, clock)
    bridge = Bridge(app)
    console = Console(bridge, remember=False, unattended=False)
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
