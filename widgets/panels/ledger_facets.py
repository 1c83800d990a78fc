"""Owns the sheet by which the ledger is narrowed: on the left every facet, on the right its values with their counts.

Arrows walk, Right goes to the values, Space takes one, Left goes back, Escape closes. Must not filter: `changed`
carries the filter that is wanted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from widgets.models.civil_days import PERIODS, CivilDays
from widgets.models.ledger_filter import FACET, FACETS, Facet, LedgerFilter
from widgets.panels.row_delegate import one_line
from widgets.parts.painting import paint_text, text_width
from widgets.style import font, tokens

PERIOD: Final = "reported"
WIDTH_PX, HEIGHT_PX, FACETS_PX = 520, 412, 150
_VALUE: Final = Qt.ItemDataRole.UserRole
_ASIDE: Final = Qt.ItemDataRole.UserRole + 1
ROW_PX: Final = 26

Counts = Callable[[Facet], Counter[str]]
Named = Callable[[Facet, str], str]


class _Rows(QStyledItemDelegate):
    """Rows as high as a finger likes them, with a count at the right end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), tokens().px(ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        aside = str(index.data(_ASIDE) or "")
        box = QRectF(rect.adjusted(0, 0, -tokens().space_s, 0))
        box.setLeft(box.right() - text_width(aside, font("row")) - 1)
        paint_text(painter, box, aside, font("row"), tokens().text_second)


class FacetSheet(QFrame):
    """Hidden until `open`. `counts` says how many rows have which value of a facet when its own choice is left out."""

    changed = Signal(object)
    closed = Signal()

    def __init__(self, counts: Counts, named: Named, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._counts, self._named = counts, named
        self.wanted = LedgerFilter()
        self.setProperty("sheet", True)
        self.facets, self.values = QListWidget(), QListWidget()
        self.search, self.since, self.until = QLineEdit(), QLineEdit(), QLineEdit()
        self.hint, self._days = QLabel(), QWidget()
        self.hint.setProperty("tone", "second")
        self.facets.setItemDelegate(_Rows(self.facets))
        self.values.setItemDelegate(_Rows(self.values))
        self._filling = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show_values)
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        look = tokens()
        days = QHBoxLayout(self._days)
        days.setContentsMargins(0, 0, 0, 0)
        days.addWidget(self.since)
        days.addWidget(self.until)
        right = QVBoxLayout()
        for widget in (self.search, self.values, self._days, self.hint):
            right.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_s, look.space_s, look.space_s, look.space_s)
        row.setSpacing(look.space_s)
        row.addWidget(self.facets)
        row.addLayout(right, 1)
        self.facets.setFixedWidth(look.px(FACETS_PX))

    def _connect(self) -> None:
        self.facets.currentRowChanged.connect(lambda _row: self._soon.start(0))
        self.values.itemChanged.connect(self._value_changed)
        self.search.textChanged.connect(self._find)
        self.since.editingFinished.connect(self._days_changed)
        self.until.editingFinished.connect(self._days_changed)
        for widget in (self.facets, self.values, self.search, self.since, self.until):
            widget.installEventFilter(self)

    # -- opening -------------------------------------------------------------------------------------------------------

    def open(self, wanted: LedgerFilter) -> None:
        """Over the table, with the keyboard on the facets."""
        self.retranslate()
        self.follow(wanted)
        self.show()
        self.raise_()
        self.facets.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def place(self, right_px: int, top_px: int, room_px: int) -> None:
        """Its right upper corner, and how much lies below."""
        look, parent = tokens(), self._ground
        width = min(look.px(WIDTH_PX), parent.width() - 2 * look.space_s)
        height = max(look.px(160), min(look.px(HEIGHT_PX), room_px))
        left = max(look.space_s, min(right_px, parent.width() - look.space_s) - width)
        self.setGeometry(left, top_px, width, height)

    def follow(self, wanted: LedgerFilter) -> None:
        """The filter as it is now, whoever changed it."""
        self.wanted = wanted
        self._mark_facets()
        self._soon.start(0)

    @property
    def facet(self) -> str:
        """The id of the facet whose values are shown, PERIOD for the days of report."""
        item = self.facets.currentItem()
        return str(item.data(_VALUE)) if item is not None else PERIOD

    # -- what it shows -------------------------------------------------------------------------------------------------

    def _mark_facets(self) -> None:
        for row in range(self.facets.count()):
            item = self.facets.item(row)
            name = str(item.data(_VALUE))
            title = tr(f"ledger.facet.{name}")
            count = len(self.wanted.chosen.get(name, ())) if name != PERIOD else int(self._has_days())
            item.setText(title)
            item.setData(_ASIDE, str(count or ""))

    def _has_days(self) -> bool:
        return bool(self.wanted.period or self.wanted.since or self.wanted.until)

    def _show_values(self) -> None:
        if self.isHidden():
            return
        name = self.facet
        self._days.setVisible(name == PERIOD)
        self.search.setVisible(name != PERIOD)
        self._filling = True
        at = self.values.currentRow()
        self.values.clear()
        if name == PERIOD:
            self._show_periods()
        else:
            self._show_facet(FACET[name])
        self.values.setCurrentRow(min(max(0, at), self.values.count() - 1))
        self._filling = False
        self._find(self.search.text())

    def _show_periods(self) -> None:
        for period in PERIODS:
            self._add(tr(f"ledger.period.{period}"), period, self.wanted.period == period)
        if not self.since.hasFocus() and not self.until.hasFocus():
            self.since.setText(self.wanted.since)
            self.until.setText(self.wanted.until)

    def _show_facet(self, facet: Facet) -> None:
        chosen = self.wanted.chosen.get(facet.id, frozenset())
        counts = self._counts(facet)
        counts.update(dict.fromkeys(chosen, 0))
        named = [(self._named(facet, value), value, count) for value, count in counts.items()]
        if facet.fixed:
            named.sort(
                key=lambda each: facet.fixed.index(each[1]) if each[1] in facet.fixed else len(facet.fixed)
            )
        else:
            named.sort(key=lambda each: (-each[2], each[0]))
        for name, value, count in named:
            self._add(name, value, value in chosen, f"{count:,}")

    def _add(self, words: str, value: str, is_chosen: bool, aside: str = "") -> None:
        item = QListWidgetItem(one_line(words))
        item.setData(_VALUE, value)
        item.setData(_ASIDE, aside)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        self.values.addItem(item)

    def _find(self, text: str) -> None:
        words = text.casefold().split() if self.facet != PERIOD else []
        for row in range(self.values.count()):
            item = self.values.item(row)
            item.setHidden(not all(word in item.text().casefold() for word in words))

    # -- what is wanted ------------------------------------------------------------------------------------------------

    def _value_changed(self, item: QListWidgetItem) -> None:
        if self._filling:
            return
        name, value = self.facet, str(item.data(_VALUE))
        is_on = item.checkState() == Qt.CheckState.Checked
        if name == PERIOD:
            self._want(replace(self.wanted, period=value if is_on else "", since="", until=""))
            return
        before = self.wanted.chosen.get(name, frozenset())
        after = before | {value} if is_on else before - {value}
        self._want(replace(self.wanted, chosen=self.wanted.with_values(name, after)))

    def toggle(self) -> None:
        """The value on which the keyboard stands."""
        item = self.values.currentItem()
        if item is not None and not item.isHidden():
            on, off = Qt.CheckState.Checked, Qt.CheckState.Unchecked
            item.setCheckState(off if item.checkState() == on else on)

    def _days_changed(self) -> None:
        """Days that are none are said so and change nothing."""
        days = [self.since.text().strip(), self.until.text().strip()]
        for edit, text in zip((self.since, self.until), days, strict=True):
            is_day = not text or _is_day(text)
            edit.setProperty("invalid", not is_day)
            edit.style().unpolish(edit)
            edit.style().polish(edit)
        if all(not text or _is_day(text) for text in days):
            self.hint.setText(tr("ledger.facet.hint"))
            if days != [self.wanted.since, self.wanted.until]:
                period = "" if any(days) else self.wanted.period
                self._want(replace(self.wanted, since=days[0], until=days[1], period=period))
        else:
            self.hint.setText(tr("ledger.facet.no_day"))

    def _want(self, wanted: LedgerFilter) -> None:
        self.wanted = wanted
        self._mark_facets()
        self.changed.emit(wanted)
        if self.facet == PERIOD:
            self._soon.start(0)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event.key())
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, key: int) -> bool:
        to_values = (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif watched is self.facets and key in to_values:
            self.values.setFocus()
        elif watched is self.values and key == Qt.Key.Key_Left:
            self.facets.setFocus()
        elif watched is self.values and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif watched is self.search and key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._to_first_found()
        else:
            return False
        return True

    def _to_first_found(self) -> None:
        found = (row for row in range(self.values.count()) if not self.values.item(row).isHidden())
        row = next(found, -1)
        if row >= 0:
            self.values.setCurrentRow(row)
            self.values.setFocus()

    def retranslate(self) -> None:
        """The language has changed."""
        at = max(0, self.facets.currentRow())
        self.facets.clear()
        for name in (PERIOD, *(facet.id for facet in FACETS)):
            item = QListWidgetItem(tr(f"ledger.facet.{name}"))
            item.setData(_VALUE, name)
            self.facets.addItem(item)
        self.facets.setCurrentRow(at)
        self.facets.setAccessibleName(tr("ledger.tool.filter.tip"))
        self.search.setPlaceholderText(tr("ledger.facet.find"))
        self.since.setPlaceholderText(tr("ledger.facet.since"))
        self.until.setPlaceholderText(tr("ledger.facet.until"))
        self.hint.setText(tr("ledger.facet.hint"))
        self._mark_facets()


def _is_day(text: str) -> bool:
    try:
        CivilDays(0, 0).day(text)
    except ValueError:
        return False
    return True
