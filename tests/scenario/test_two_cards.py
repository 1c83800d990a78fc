"""Two officers with a card each on one real PostgreSQL: they see each other, and of one field nobody loses a word."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.bootstrap import App
from app.config import Config, default_district
from app.domain import commands as cmd
from app.i18n import set_language
from tests.patience import PATIENCE_S
from widgets.bridge import Bridge
from widgets.loop import DeskLoop
from widgets.panels.case import CasePanel
from widgets.style import apply_theme

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier

pytestmark = pytest.mark.postgres


@dataclass(frozen=True)
class Seat:
    """One desk with its card open on i1."""

    app: App
    bridge: Bridge
    card: CasePanel

    @property
    def title(self) -> str:
        return self.app.projections.desk.incidents["i1"].title

    def edit(self, words: str) -> QLineEdit:
        QTest.keyClick(self.card, Key.Key_F2)
        editor = self.card.editing.editor
        assert editor is not None
        line = editor.control.edit
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, words)
        return line

    def is_told_of(self, words: str) -> bool:
        editor = self.card.editing.editor
        return editor is not None and not editor.conflict.isHidden() and words in editor.conflict.text()


@contextmanager
def seat(loop: asyncio.AbstractEventLoop, name: str, db: str) -> Iterator[Seat]:
    app = App(Config(db=db, district_dir=default_district(), desk=name, actor=f"officer of {name}"))
    bridge = Bridge(app)
    loop.run_until_complete(app.start())
    loop.run_until_complete(app.connect())
    card = CasePanel(bridge)
    card.resize(380, 900)
    card.show()
    try:
        yield Seat(app, bridge, card)
    finally:
        bridge.close()
        loop.run_until_complete(app.close())
        card.deleteLater()
        bridge.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_two_officers_on_one_incident_see_each_other_and_merge(
    qapp: QApplication, qt_loop: DeskLoop, postgres_url: str
) -> None:
    set_language("zh_CN")
    apply_theme(qapp, "dark")

    def wait(condition: Callable[[], bool], what: str) -> None:
        async def look() -> None:
            until_s = time.monotonic() + PATIENCE_S
            while not condition():
                assert time.monotonic() < until_s, f"waited {PATIENCE_S} s for: {what}"
                await asyncio.sleep(0.01)

        qt_loop.run_until_complete(look())

    with seat(qt_loop, "a", postgres_url) as a, seat(qt_loop, "b", postgres_url) as b:
        report = cmd.ReportIncident("i1", "110", "1", "crowd", 2, "crowd", address="east gate")
        qt_loop.run_until_complete(a.app.bus.submit(report, a.app.context()))
        wait(lambda: "i1" in b.app.projections.desk.incidents, "the incident on the other desk")
        for each in (a, b):
            each.card.show_incident("i1")
        mine, theirs = a.edit("a hundred people"), b.edit("pushing")
        wait(lambda: a.card.marks.words == ["b officer of b 正在编辑标题"], "b to be seen by a")
        wait(lambda: b.card.marks.words == ["a officer of a 正在编辑标题"], "a to be seen by b")
        QTest.keyClick(mine, Key.Key_Return)
        wait(lambda: b.is_told_of("a hundred people"), "both values on b")
        wait(lambda: b.is_told_of("officer of a · a"), "who wrote the other one")
        assert theirs.text() == "pushing"
        QTest.keyClick(theirs, Key.Key_3, CTRL)
        QTest.keyClick(theirs, Key.Key_Return)
        wait(lambda: a.title == b.title == "a hundred people；pushing", "both words on both desks")
        wait(lambda: a.card.head.title.text == a.title, "the title on a's card")
        wait(lambda: a.card.marks.words == ["b officer of b 在看"], "b to have stopped editing")
        b.card.show_incident("")
        wait(lambda: a.card.marks.words == [], "b to have gone")
    qt_loop.run_until_complete(qt_loop.shutdown_default_executor())
