"""Owns the keys of the ledger's table: its pages, its tools, groups that open and close. Must not do what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from widgets.models.grouped_table import HEAD
from widgets.models.ledger_filter import TABS

if TYPE_CHECKING:
    from widgets.panels.ledger import LedgerPanel

_TOOLS: Final = {
    Qt.Key.Key_F: "filter",
    Qt.Key.Key_G: "group",
    Qt.Key.Key_C: "columns",
    Qt.Key.Key_V: "views",
}


class LedgerKeys(QObject):
    """Of one ledger."""

    def __init__(self, panel: LedgerPanel) -> None:
        super().__init__(panel)
        self._panel, self._ledger = panel, panel.ledger

    def take(self, event: QKeyEvent) -> bool:
        """Whether the key was used."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            return self._fold_key(event.key(), every=True)
        if modifiers:
            return False
        return self._fold_key(event.key(), every=False) or self._plain(event.key())

    def _plain(self, key: int) -> bool:
        if key in _TOOLS:
            self._panel.tools.open(_TOOLS[Qt.Key(key)])
        elif Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(TABS):
            self._panel.turn_to(TABS[key - Qt.Key.Key_1])
        elif key == Qt.Key.Key_M:
            self._show_place()
        elif key == Qt.Key.Key_Escape:
            self._step_back()
        else:
            return False
        return True

    def _show_place(self) -> None:
        key = self._panel.view.current_key
        if key is not None and not key.startswith(HEAD):
            self._panel.place_wanted.emit(key)

    def _step_back(self) -> None:
        """First a file that is being made, then what was told, then the filter."""
        panel = self._panel
        steps: tuple[tuple[bool, Callable[[], None]], ...] = (
            (panel.export.making is not None, panel.export.cancel),
            (not panel.refusal.isHidden(), panel.refusal.dismiss),
            (True, panel.clear),
        )
        next(do for is_so, do in steps if is_so)()

    # -- groups --------------------------------------------------------------------------------------------------------

    def turn(self, key: str) -> None:
        """Opens a closed group and closes an open one; `key` is its head's."""
        head = self._ledger.head_at(self._ledger.row_of(key))
        self._fold(key, is_open=head is not None and not head.is_open)

    def fold_all(self, is_open: bool) -> None:
        self._ledger.open_groups([head.value for head in self._ledger.groups()], is_open=is_open)

    def _fold(self, key: str, *, is_open: bool) -> None:
        self._ledger.open_groups([key.removeprefix(HEAD)], is_open=is_open)

    def _fold_key(self, key: int, *, every: bool) -> bool:
        """Right opens a group and Left closes it, from any of its rows; with Ctrl all of them."""
        if self._ledger.grouping is None or key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        is_open = key == Qt.Key.Key_Right
        head = self._head_of_current()
        if every:
            self.fold_all(is_open)
        elif head is not None:
            self._fold(head, is_open=is_open)
        if head is not None and not is_open:
            self._panel.view.selectRow(self._ledger.row_of(head))
        return True

    def stand_on(self, key: str | None) -> None:
        """On this row, or on the head of its group while that is closed; on the first row without one."""
        row = self._ledger.row_of(key) if key is not None else -1
        head = self._head_of(key) if row < 0 else None
        row = self._ledger.row_of(head) if head is not None else row
        if self._ledger.rowCount():
            self._panel.view.selectRow(max(0, row))

    def _head_of_current(self) -> str | None:
        return self._head_of(self._panel.view.current_key)

    def _head_of(self, key: str | None) -> str | None:
        grouping = self._ledger.grouping
        if key is None or grouping is None or key.startswith(HEAD):
            return key
        row = self._ledger.get(key)
        return f"{HEAD}{grouping.of(row)}" if row is not None else None
