"""Owns how heads of groups are painted in a table that has few columns: the name, then what its figures say."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from widgets.models.grouped_table import GroupHead
from widgets.models.unit_board import GroupFigures, figures_words
from widgets.panels.row_delegate import RowDelegate
from widgets.style import icon, tokens


class GroupedDelegate(RowDelegate):
    """Members as any row; a head runs over all columns, each of which paints its part of the same line."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        shown = self._view.table.row_at(index.row())
        if not isinstance(shown, GroupHead):
            super().paint(painter, option, index)
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, tokens().selection if selected else tokens().raised)
        room = QRect(0, rect.top(), self._view.viewport().width(), rect.height())
        self._paint_head(painter, room, shown)
        painter.restore()

    def _paint_head(self, painter: QPainter, room: QRect, head: GroupHead) -> None:
        look = tokens()
        fold = QRect(room.left() + look.space_s, room.top(), look.size_icon, room.height())
        name = "chevron-down" if head.is_open else "chevron-right"
        self.picture(painter, icon(name).pixmap(look.size_icon, look.size_icon), fold)
        left = fold.right() + look.space_s
        width_px = min(self.width_px(head.name, strong=True), room.width() // 2)
        self.text(
            painter, QRect(left, room.top(), width_px, room.height()), head.name, look.text, strong=True
        )
        left += width_px + look.space_m
        figures: GroupFigures = head.figures
        for words in figures_words(head):
            is_late = figures.overdue > 0 and words == figures_words(head)[-1]
            width_px = self.width_px(words)
            box = QRect(left, room.top(), max(0, room.right() - left), room.height())
            self.text(painter, box, words, look.red if is_late else look.text_second)
            left += width_px + look.space_m
