"""Owns how a keyed table is read: columns that fit the width, keys, copying, and holding still while it is being read.

Must not know what the rows mean; a row's painter is the delegate's business (`RowDelegate`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from widgets.models.keyed_table import KeyedTableModel
from widgets.panels.table_columns import ColumnFit
from widgets.panels.waiting_chip import WaitingChip
from widgets.parts.held_keys import HeldKeys
from widgets.style import follow_look, set_up_table, tokens

POINTER_STILL_MS: Final = 8000
"""A pointer that has not moved for so long is not reading: nobody leaves the list held by a mouse put aside."""
KEYS_STILL_MS: Final = 3000
_MOVING: Final = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip

_FORMULA: Final = re.compile(r"^[=@\t\r]|^[+-](?!\d)")


class KeyedTableView(QTableView):
    """A table of a `KeyedTableModel`. Selection is by whole rows; the current row is what the officer looks at.

    `picked` and `opened` carry the key; `picked` only when the officer chose it, not when `show_key` did.
    `on_key` is asked first for every key; `priority_of` lets the chip name the highest priority that waits.
    """

    picked = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)
    """(key, global position)"""

    def __init__(self, model: KeyedTableModel[Any, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: KeyedTableModel[Any, Any] = model
        self.on_key: Callable[[QKeyEvent], bool] = lambda _event: False
        self.priority_of: Callable[[Any], int | None] = lambda _row: None
        self.hovered_row = -1
        self._silent = False
        self._told: Any | None = None
        self._hold_ended = _single_shot(self, self._refresh_hold)
        self._pointer_reads = self._keys_read = False
        self._row_before = self._left_row = -1
        self._held_keys = HeldKeys()
        # Before Qt's own listeners, which would choose the neighbour of a row that leaves.
        model.rowsAboutToBeRemoved.connect(self._leaving)
        model.layoutAboutToBeChanged.connect(self._note_row)
        self.setModel(model)
        model.rowsRemoved.connect(self._left)
        self._set_up()
        self.fit = self.make_fit()
        self.chip = WaitingChip(self.horizontalHeader().viewport())
        self.horizontalHeader().sectionResized.connect(self._place_chip)
        self.chip.clicked.connect(self.show_waiting)
        model.waiting_changed.connect(self._show_chip)
        model.rearranged.connect(self._after_rearranging)
        self.verticalScrollBar().valueChanged.connect(self._refresh_hold)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._chosen_again)
        self.activated.connect(lambda index: self.opened.emit(self.table.key_at(index.row())))
        follow_look(self, self._dress)

    def make_fit(self) -> ColumnFit:
        """How the columns share the width."""
        return ColumnFit(self, self.table.columns)

    def _set_up(self) -> None:
        set_up_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setSortingEnabled(False)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(self.table.column_number(self.table.sorted_by), Qt.SortOrder.AscendingOrder)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(tokens().px(20))
        header.sortIndicatorChanged.connect(self.table.sort)

    def _dress(self) -> None:
        self.verticalHeader().setDefaultSectionSize(tokens().size_row)
        self.fit.fit()

    # -- the row that is looked at -----------------------------------------------------------------------------------

    @property
    def current_key(self) -> Any | None:
        """The row that keys act on: the current one, and only while it is seen to be chosen."""
        index = self.currentIndex()
        if not index.isValid() or not self.selectionModel().isRowSelected(index.row()):
            return None
        return self.table.key_at(index.row())

    def selected_keys(self) -> list[Any]:
        """From top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.table.key_at(row) for row in rows]

    def show_key(self, key: Any | None) -> None:
        """Another panel has chosen this one: select it without telling it back."""
        row = self.table.row_of(key) if key is not None else -1
        self._silent = True
        try:
            if row < 0:
                self.clearSelection()
            elif key != self.current_key:
                self.selectRow(row)
                self.scrollTo(self.table.index(row, 0))
        finally:
            self._silent, self._told = False, key

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._silent:
            self._tell(self.table.key_at(current.row()))

    def _chosen_again(self) -> None:
        """The current row, from which the choice was taken elsewhere, is chosen: it does not become current by that."""
        key = self.current_key
        if key is not None and not self._silent:
            self._tell(key)

    def _tell(self, key: Any) -> None:
        if key != self._told:
            self._told = key
            self.picked.emit(key)

    # -- a row that leaves -------------------------------------------------------------------------------------------
    # Nothing is chosen in its place: the next key would act on what nobody has looked at. ↓ goes on from there.

    def _note_row(self) -> None:
        """Rows that leave are carried to the end before they are cut off."""
        self._row_before = self.currentIndex().row()

    def _leaving(self, _parent: QModelIndex, first: int, last: int) -> None:
        row = self.currentIndex().row()
        if first <= row <= last:
            self._silent = True
            self._left_row = self._row_before if self._row_before >= 0 else row

    def _left(self) -> None:
        if self._silent and self._left_row >= 0:
            self.selectionModel().clear()
            self._silent, self._told = False, None
        self._row_before = -1

    def _go_on(self, down: bool) -> bool:
        """Chooses the neighbour of the row that has left; whether there was one to choose."""
        row, count = self._left_row, self.table.rowCount()
        if row < 0 or self.currentIndex().isValid() or not count:
            return False
        self.selectRow(min(max(0, row if down else row - 1), count - 1))
        return True

    def selectRow(self, row: int) -> None:
        """This row and no other, whatever keys are held: with Shift, Qt would choose none, with Ctrl one more."""
        only = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.table.index(row, 0), only)

    def visible_rows(self) -> range:
        """The rows in view, for what is painted anew every second."""
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else self.table.rowCount() - 1) + 1)

    # -- holding still -----------------------------------------------------------------------------------------------

    def show_waiting(self) -> None:
        """To the top, with everything that waited."""
        self._pointer_reads = self._keys_read = False
        self.verticalScrollBar().setValue(0)
        self.table.release()

    def _refresh_hold(self) -> None:
        if not self._hold_ended.isActive():
            self._pointer_reads = self._keys_read = False
        if self.verticalScrollBar().value() > 0 or self._pointer_reads or self._keys_read:
            self.table.hold()
        else:
            self.table.release()

    def _read_by_pointer(self) -> None:
        self._pointer_reads = True
        self._hold_ended.start(POINTER_STILL_MS)
        self._refresh_hold()

    def _read_by_keys(self) -> None:
        self._keys_read = True
        self._hold_ended.start(max(KEYS_STILL_MS, self._hold_ended.remainingTime()))
        self._refresh_hold()

    def _show_chip(self) -> None:
        waiting = self.table.waiting
        rows = (self.table.get(key) for key in waiting)
        priorities = [self.priority_of(row) for row in rows if row is not None]
        self.chip.set_count(len(waiting), min(filter(None, priorities), default=None))
        self._place_chip()

    def _place_chip(self, *_section: int) -> None:
        """At the right end of the widest title: over the rows it would cover what is being read."""
        header, widest = self.horizontalHeader(), self.fit.stretch
        right = header.sectionViewportPosition(widest) + header.sectionSize(widest)
        top = (header.height() - self.chip.height()) // 2
        self.chip.move(max(0, right - self.chip.width() - tokens().space_xs), top)

    def _after_rearranging(self) -> None:
        current = self.currentIndex()
        if current.isValid():
            self.scrollTo(current)
        else:
            self.scrollToTop()

    # -- Qt's side ---------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming into a list chooses nothing; Qt would make the first row current, and ↓ would pass it by."""
        QWidget.focusInEvent(self, event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._read_by_pointer()
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
            self._pointer_reads = False
            if not self._keys_read:
                self._hold_ended.stop()
            self._refresh_hold()
        return super().viewportEvent(event)

    def _hover(self, row: int) -> None:
        if row == self.hovered_row:
            return
        for changed in (self.hovered_row, row):
            self._update_row(changed)
        self.hovered_row = row

    def update_key(self, key: Any) -> None:
        """Paints one row anew, wherever it is."""
        self._update_row(self.table.row_of(key))

    def _update_row(self, row: int) -> None:
        if row >= 0:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            self.viewport().update(QRect(0, top, self.viewport().width(), height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
            return
        if self._held_keys.is_repeat(event) and event.key() not in _MOVING:
            return
        if self.on_key(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.current_key is not None:
                self.opened.emit(self.current_key)
        elif event.key() in _MOVING:
            self._move_on(event)
        else:
            super().keyPressEvent(event)

    def _move_on(self, event: QKeyEvent) -> None:
        """What moves chooses: with Ctrl, Qt would move what keys act on away from what is highlighted."""
        self._read_by_keys()
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            if self.table.rowCount():
                self.selectRow(0 if event.key() == Qt.Key.Key_Home else self.table.rowCount() - 1)
        elif not self._go_on(event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown)):
            plain = event.modifiers() & ~Qt.KeyboardModifier.ControlModifier
            super().keyPressEvent(QKeyEvent(event.type(), event.key(), plain))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held_keys.release(event)
        super().keyReleaseEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, not a search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
        if index.isValid():
            self.menu_wanted.emit(self.table.key_at(index.row()), event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit.fit()
        self._place_chip()

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(380), tokens().size_row * 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(180), tokens().size_row * 3)

    # -- copying and remembering -------------------------------------------------------------------------------------

    def copy_selected(self) -> None:
        """The selected rows, all columns, as text that a spreadsheet takes: tabs between, one row a line."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if rows:
            QGuiApplication.clipboard().setText("\n".join(self.row_as_text(row) for row in rows))

    def row_as_text(self, row: int) -> str:
        """One row as a spreadsheet takes it."""
        shown = self.table.row_at(row)
        return "\t".join(as_cell(column.text(shown, self.table.now)) for column in self.table.columns)

    def layout_state(self) -> dict[str, Any]:
        """Widths, order of columns and sorting, as plain data to be kept."""
        return self.fit.state() | {"sorted_by": self.table.sorted_by, "descending": self.table.descending}

    def restore_layout(self, state: Mapping[str, Any]) -> None:
        """As `layout_state` gave it; what is unknown or missing stays as it is."""
        self.fit.restore(state)
        if state.get("sorted_by") in {column.id for column in self.table.columns}:
            order = Qt.SortOrder.DescendingOrder if state.get("descending") else Qt.SortOrder.AscendingOrder
            self.horizontalHeader().setSortIndicator(self.table.column_number(state["sorted_by"]), order)


def as_cell(text: str) -> str:
    """One cell: no tab or line break, and nothing that a spreadsheet would compute."""
    flat = " ".join(text.split())
    return f"'{flat}" if _FORMULA.match(flat) else flat


def _single_shot(owner: QWidget, ended: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(ended)
    return timer
