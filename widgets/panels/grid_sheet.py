"""The sheet of one grid over the map's right side: figures on top, sections below, a line that asks for a purpose.

Owns how it is read and worked with mouse and keys. Must not gather facts or read contacts: it shows a GridPage and says
what was wished.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.sheet import Sheet
from widgets.panels.grid_page import GridPage
from widgets.parts.section_list import SectionList
from widgets.style import tokens


class PurposeLine(QWidget):
    """Asks why a contact is to be shown. `given` carries the purpose; `left` that the officer thought better of it."""

    given = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.says, self.edit = QLabel(self), QLineEdit(self)
        self.says.setWordWrap(True)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.says.setProperty("tone", "second")
        self.edit.returnPressed.connect(self._give)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens().space_s, 0, 0)
        column.setSpacing(tokens().space_xs)
        column.addWidget(self.says)
        column.addWidget(self.edit)
        self.hide()

    def ask(self, sentence: str) -> None:
        self.edit.clear()
        self.tell(sentence)
        self.edit.setPlaceholderText(tr("grid.page.purpose"))
        self.edit.setAccessibleName(tr("grid.page.purpose"))
        self.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, sentence: str) -> None:
        """What it is for, or why it was refused."""
        self.says.setText(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
        else:
            event.accept()

    def _give(self) -> None:
        if self.edit.text().strip():
            self.given.emit(self.edit.text().strip())


class GridSheet(Sheet):
    """`wanted` carries kind and key of a row; `reveal_wanted` contact and purpose; `closed` that nobody looks any more.

    `opening` is emitted when it is asked for by key, so that its owner says which grid is meant.
    """

    reshaped = Signal()
    wanted = Signal(str, str)
    reveal_wanted = Signal(str, str)
    opening = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("grid.page.title", parent)
        self.page: GridPage | None = None
        self._contact = ""
        self.under, self.figures, self._hint = QLabel(self), QLabel(self), QLabel(self)
        self.list, self.purpose = SectionList(self), PurposeLine(self)
        for label in (self.under, self.figures, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.under.setProperty("tone", "second")
        self.under.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hint.setProperty("tone", "second")
        self._hint.setProperty("type", "small")
        # The list alone scrolls: what stands round it is always in sight.
        self.body.addWidget(self.list)
        for place, widget in enumerate((self.under, self.figures), 1):
            self._column.insertWidget(place, widget)
        self._column.addWidget(self.purpose)
        self._column.addWidget(self._hint)
        self.list.chosen.connect(self.wanted)
        self.closed.connect(self.purpose.hide)
        self.purpose.given.connect(lambda purpose: self.reveal_wanted.emit(self._contact, purpose))
        self.purpose.left.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.renew()

    # -- what it is told ---------------------------------------------------------------------------------------------

    def show_page(self, page: GridPage | None) -> None:
        """None: no grid is meant, the sheet says how to find one."""
        is_other = page is None or self.page is None or page.under != self.page.under
        self.page = page
        if is_other:
            self.purpose.hide()
        self._fill()
        if is_other:
            self.list.clearSelection()
            self.list.setCurrentIndex(self.list.model().index(-1, 0))
            self.list.scrollToTop()
        self.reshaped.emit()

    def ask_purpose(self, contact: str, role: str) -> None:
        self._contact = contact
        self.purpose.ask(tr("grid.page.purpose_tip", role=role))
        self.reshaped.emit()

    def forget_purpose(self) -> None:
        had_keyboard = self.purpose.edit.hasFocus()
        self.purpose.hide()
        if had_keyboard:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- Sheet -------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        self.opening.emit()
        super().open()

    def focus_first(self) -> None:
        if self.page is None:
            super().focus_first()
        else:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def renew(self) -> None:
        super().renew()
        self.list.setAccessibleName(tr("grid.page.title"))
        self.body.setContentsMargins(0, 0, 0, 0)
        self._hint.setText(tr("grid.page.keys"))
        self._fill()

    def _height_at(self, width: int) -> int:
        inside = width - 2 * tokens().space_m
        fixed = [w for w in (self.under, self.figures, self.purpose, self._hint) if not w.isHidden()]
        above = sum(max(w.heightForWidth(inside), w.sizeHint().height()) + tokens().space_s for w in fixed)
        return super()._height_at(width) + above

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def _fill(self) -> None:
        page = self.page
        self._title.setText(page.title if page is not None else tr("grid.page.none"))
        self.setAccessibleName(self._title.text())
        self.under.setText(page.under if page is not None else tr("grid.page.none_hint"))
        self.figures.setText("\n".join(page.figures) if page is not None else "")
        for widget in (self.figures, self.list, self._hint):
            widget.setVisible(page is not None)
        self.list.show_rows(page.rows if page is not None else ())
