"""A whole console in a process of its own, with an officer who presses in it what he is told line by line.

Owns its start, its kill and the words between a test and that officer; what he can do is `Seat`. Must not look into the
core where the window tells the same. `python -m tests.servers.window_desk DB DESK ACTOR LANGUAGE` is that console.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.scenario.desk_window import Officer

ROOT = Path(__file__).resolve().parents[2]
END_S = 60


class WindowDesk:
    """A window that another process shows. `do` tells and waits for the answer, `tell` and `answer` are its halves."""

    def __init__(self, db: str, desk: str, actor: str, language: str) -> None:
        line = [sys.executable, "-m", "tests.servers.window_desk", db, desk, actor, language]
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed at the end of the desk
        self._process = subprocess.Popen(
            line,
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            encoding="utf-8",
        )

    def do(self, name: str, *values: object) -> Any:
        """One method of `Seat`; what it returns."""
        self.tell(name, *values)
        return self.answer()

    def tell(self, name: str, *values: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, *values]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """To what was told first and not answered yet; the first answer says that the window is there."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the window has ended: {self._complaint()}"
        return json.loads(line)["answer"]

    def kill(self) -> None:
        """As a power cut does it."""
        self._process.kill()
        self._process.communicate(timeout=END_S)

    def end(self) -> None:
        """As an officer does who closes the window; nothing where it was killed."""
        if self._process.returncode is None:
            self._process.communicate(timeout=END_S)
            assert self._process.returncode == 0, self._complaint()
        self._said.close()

    def _complaint(self) -> str:
        self._said.seek(0)
        return self._said.read()[-2000:]


@contextmanager
def window_desks(*wanted: tuple[str, str, str, str]) -> Iterator[list[WindowDesk]]:
    """Windows that open at the same time and are gone at the end of the block: (db, desk, actor, language) each."""
    desks = [WindowDesk(*each) for each in wanted]
    try:
        for desk in desks:
            desk.answer()
        yield desks
    finally:
        for desk in desks:
            desk.end()


# -- the process -----------------------------------------------------------------------------------------------------


class Seat:
    """What can be done at a window, and what can be asked of it. Panels are called by the names of their docks."""

    def __init__(self, officer: Officer) -> None:
        self._officer = officer

    def press(self, keys: str) -> None:
        """One stroke as it is written in a menu, such as "Shift+X"."""
        from PySide6.QtGui import QKeySequence

        stroke = QKeySequence(keys)[0]
        self._officer.press(stroke.key(), stroke.keyboardModifiers())

    def type(self, text: str) -> None:
        self._officer.type(text)

    def report(self, line: str, title: str) -> str:
        """The id of what has been reported."""
        return self._officer.report(line, title).id

    def choose(self, title: str) -> None:
        self._officer.choose(title)

    def dispatching(self, title: str) -> list[str]:
        """Goes to who could be sent; who is recommended."""
        return list(self._officer.dispatching(title).recommended)

    def tick(self, unit: str) -> None:
        """Chooses a candidate with the mouse."""
        panel = self._officer.panel("dispatch")
        self._officer.click_cell(panel.view, unit, "place")
        self._officer.wait(lambda: unit in panel.chosen, f"{unit} to be chosen")

    def sent_or_refused(self, title: str) -> str:
        """Waits for what becomes of sending: "sent", or what the panel says against it."""
        panel, found = self._officer.panel("dispatch"), self._officer.see(title)
        incidents = self._officer.app.projections.desk.incidents
        self._officer.wait(
            lambda: incidents[found.id].units or panel.refusal.isVisible(), "units on their way or a refusal"
        )
        return "sent" if incidents[found.id].units else self.told("dispatch")

    def sees(self, words: str, panel: str = "") -> None:
        """Waits until these words can be read, in one panel or anywhere in the window."""
        from tests.scenario import in_sight

        officer = self._officer
        at = officer.console.dock(panel) if panel else officer.console
        try:
            officer.wait(lambda: in_sight.reads(at, words), f"{words} in sight")
        except AssertionError as late:
            late.add_note(" | ".join(sorted({sight.text for sight in in_sight.read(at)})))
            raise

    def answer_sheet(self, words: str) -> None:
        """Waits for the sheet on the card that asks for something, writes and confirms."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication

        sheet = self._officer.panel("card").sheet
        self._officer.wait(lambda: sheet.isAncestorOf(QApplication.focusWidget()), "the sheet")
        self._officer.type(words)
        self._officer.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self._officer.wait(lambda: not sheet.isVisible(), "the sheet to be gone")

    def sees_no_more(self, words: str) -> None:
        from tests.scenario import in_sight

        officer = self._officer
        officer.wait(lambda: not in_sight.reads(officer.console, words), f"{words} out of sight")

    def told(self, panel: str) -> str:
        """What a panel says against what was wanted."""
        from PySide6.QtWidgets import QLabel

        labels = self._officer.panel(panel).refusal.findChildren(QLabel)
        return " ".join(label.text() for label in labels)

    def in_queue(self, title: str) -> None:
        self._officer.see(title)

    def bring_up(self, panel: str) -> None:
        dock = self._officer.console.dock(panel)
        dock.bring_up()
        self._officer.wait(lambda: dock.in_sight and dock.is_filled, f"{panel} in sight")

    def status(self, title: str) -> str:
        return self._officer.status(title)

    def wait_for_status(self, title: str, status: str) -> list[str]:
        """The units that are on it then."""
        return list(self._officer.wait_for_status(title, status).units)

    def records(self, kind: str) -> list[tuple[str, str, str]]:
        """(desk, actor, stream) of what the journal holds of one kind."""
        return [(record.desk, record.actor, record.stream) for record in self._officer.records(kind)]


def _live(db: str, desk: str, actor: str, language: str) -> None:
    from PySide6.QtWidgets import QApplication

    from app.config import Config, default_district
    from tests.scenario.desk_window import open_desk

    qapp = QApplication(sys.argv[:1])
    config = Config(db=db, district_dir=default_district(), desk=desk, actor=actor, language=language)  # type: ignore[arg-type]
    with open_desk(qapp, config) as officer:
        seat = Seat(officer)
        lines: asyncio.Queue[str] = asyncio.Queue()
        threading.Thread(target=_listen, args=(asyncio.get_event_loop(), lines), daemon=True).start()
        _say(None)
        while line := officer.look_up(lines.get()):
            name, *values = json.loads(line)
            _say(getattr(seat, name)(*values))


def _listen(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    while line := sys.stdin.readline():
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, "")


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps({"answer": answer}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _live(*sys.argv[1:])
