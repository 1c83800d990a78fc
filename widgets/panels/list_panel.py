"""Owns what every list of the console has: loading, empty and error states, inline refusals, the second-tick.

Must not know what is listed: a panel derives from it and says how rows are made and what its keys do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.commands import Command
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.models.keyed_table import KeyedTableModel
from widgets.panels.table_view import KeyedTableView
from widgets.parts.empty_state import EmptyState
from widgets.parts.refusal_bar import RefusalBar
from widgets.style import tokens


class ListPanel(QWidget):
    """A head, refusals, and the table or what stands in its place. `area` is the panel's text area."""

    def __init__(
        self, bridge: Bridge, model: KeyedTableModel[Any, Any], area: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.bridge, self.model, self.area = bridge, model, area
        self._failure = ""
        self.setProperty("panel", True)
        self.view = self.make_view(model)
        self.view.on_key = self.on_key
        self.state = EmptyState()
        self.state.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.refusal = RefusalBar(tr("common.dismiss"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.view)
        self.pages.addWidget(self.state)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.refusal)
        self.column.addWidget(self.pages, 1)
        model.counts_changed.connect(self.show_state)
        model.rearranged.connect(self.show_state)
        self.setFocusProxy(self.view)
        bridge.restored.connect(self._restored)
        bridge.ticked.connect(self._ticked)
        bridge.trouble_changed.connect(self._trouble)

    def make_view(self, model: KeyedTableModel[Any, Any]) -> KeyedTableView:
        """How the rows are shown."""
        return KeyedTableView(model)

    def begin(self) -> None:
        """Called at the end of a panel's making: shows what there is already."""
        self.model.set_now(self.bridge.clock.now())
        self.retranslate()

    @property
    def is_restored(self) -> bool:
        return self.bridge.app.is_restored

    # -- what a panel says of itself -----------------------------------------------------------------------------------

    def load(self) -> None:
        """Takes in everything that the desk knows."""
        raise NotImplementedError

    def show_empty(self) -> None:
        """Says in `state` why the list is empty."""
        self.state.show_empty(tr(f"{self.area}.empty.title"), tr(f"{self.area}.empty.hint"))

    def on_key(self, event: QKeyEvent) -> bool:
        """A key in the list; True when it was used."""
        return False

    def on_tick(self) -> None:
        """A second has passed."""

    # -- states --------------------------------------------------------------------------------------------------------

    def show_state(self) -> None:
        """The table when there is something in it, else why there is not."""
        if self._failure:
            self.state.show_error(tr(f"{self.area}.error.title"), self._failure)
        elif not self.is_restored:
            self.state.show_loading(tr(f"{self.area}.loading.title"))
        elif self.model.shown_count == 0:
            self.show_empty()
        else:
            self._turn_to(self.view)
            return
        self._turn_to(self.state)

    def _turn_to(self, page: QWidget) -> None:
        """The list may empty itself under the officer's hands: the keyboard stays here, not with a neighbour."""
        had_keyboard = self.view.hasFocus() or self.state.hasFocus()
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if had_keyboard:
            page.setFocus()

    def _restored(self) -> None:
        self._failure = ""
        self.load()
        self.show_state()

    def _trouble(self, text: str) -> None:
        """Before the journal is read, trouble means that there is nothing to show; later it is the status strip's."""
        if not self.is_restored:
            self._failure = text
            self.show_state()

    def _ticked(self, now_ms: int) -> None:
        if self.isVisible():
            self.model.set_now(now_ms, self.view.visible_rows())
            self.on_tick()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._ticked(self.bridge.clock.now())

    # -- acting --------------------------------------------------------------------------------------------------------

    def submit(self, command: Command, who: str, what: str, done: Callable[[], None] | None = None) -> None:
        """Gives a command; a refusal is told here, an acceptance takes an older refusal away."""

        def answered(sentence: str | None) -> None:
            if sentence is not None:
                self.refusal.show_refusal(who, what, sentence)
                return
            self.refusal.dismiss()
            if done is not None:
                done()

        self.bridge.submit(command, answered)

    def retranslate(self) -> None:
        """The language has changed: titles, texts and the names in the rows."""
        if self.is_restored:
            self.load()
        self.model.retranslate()
        self.view.fit.fit()
        self.view.chip.retranslate()
        self.show_state()


def head_margins() -> tuple[int, int, int, int]:
    """The space round what stands above a list."""
    look = tokens()
    return look.space_s, look.space_s, look.space_s, look.space_xs
