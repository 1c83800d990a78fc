"""Owns the sheet of bookmarks: a line for the name of a view, a row for each that was kept. Must not move the map."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.bookmarks import MOST_NAME, Bookmark, Bookmarks
from widgets.map.sheet import Sheet, dress, tool_button
from widgets.style import tokens

_NUMBERED = 9


class BookmarkSheet(Sheet):
    """`named` carries the name under which the view is to be kept, `wanted` the bookmark to go to."""

    named = Signal(str)
    wanted = Signal(object)

    def __init__(self, bookmarks: Bookmarks, parent: QWidget) -> None:
        super().__init__("map_tools.bookmark.title", parent)
        self._bookmarks = bookmarks
        self.edit = NameLine(self)
        self.edit.setMaxLength(MOST_NAME)
        self.keep = tool_button(self, "bookmark_keep")
        line = QHBoxLayout()
        line.addWidget(self.edit, 1)
        line.addWidget(self.keep)
        self._hint, self._fault = QLabel(self), QLabel(self)
        self._hint.setProperty("tone", "second")
        for label in (self._hint, self._fault):
            label.setWordWrap(True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.rows: list[BookmarkRow] = []
        self._once = False
        self.body.addLayout(line)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._fault)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.edit.returnPressed.connect(self._name)
        self.edit.given_up.connect(self.close_by_hand)
        self.keep.clicked.connect(self._name)
        bookmarks.changed.connect(self._fill)
        bookmarks.told.connect(self._tell)
        self.renew()

    def open(self) -> None:
        self._once = False
        super().open()

    def open_to_name(self, suggestion: str, *, once: bool) -> None:
        """With the keyboard in the line for the name, which holds a name that fits the view.

        `once`: it was opened for nothing else, and goes when there is a name.
        """
        self._once = once
        self.edit.setText(suggestion)
        self.edit.selectAll()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_first(self) -> None:
        """In the list, where the digits work."""
        if self.rows:
            self.rows[0].go.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def renew(self) -> None:
        super().renew()
        self.edit.setPlaceholderText(tr("map_tools.bookmark.name"))
        self.edit.setAccessibleName(tr("map_tools.bookmark.name"))
        dress(self.keep, "zoom_in", tr("map_tools.bookmark.keep"))
        self._hint.setContentsMargins(0, tokens().space_xs, 0, tokens().space_s)
        self._tell(self._bookmarks.fault)
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < min(_NUMBERED, len(self.rows)) and not self.edit.hasFocus():
            self.rows[number].go.click()
        else:
            super().keyPressEvent(event)

    def _name(self) -> None:
        name = self.edit.text().strip()
        if name:
            self.named.emit(name)
            self.edit.clear()
            if self._once:
                self.close_by_hand()
            else:
                self.focus_first()

    def _tell(self, fault: str) -> None:
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))

    def _fill(self) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [BookmarkRow(n, each, self) for n, each in enumerate(self._bookmarks.items, 1)]
        for row in self.rows:
            self._list.addWidget(row)
        self._hint.setText(tr("map_tools.bookmark.keys" if self.rows else "map_tools.bookmark.empty"))

    def go_to(self, bookmark: Bookmark) -> None:
        self.close_by_hand()
        self.wanted.emit(bookmark)

    def drop(self, name: str) -> None:
        self._bookmarks.drop(name)
        self.focus_first()


class BookmarkRow(QWidget):
    """One bookmark: its digit and name go there, the cross deletes it."""

    def __init__(self, number: int, bookmark: Bookmark, sheet: BookmarkSheet) -> None:
        super().__init__(sheet)
        digit = f"{number}  " if number <= _NUMBERED else ""
        self.go = QPushButton(f"{digit}{bookmark.name}".replace("&", "&&"), self)
        self.go.setProperty("kind", "quiet")
        self.go.setProperty("align", "left")
        self.go.setToolTip(tr("map_tools.bookmark.go", name=bookmark.name))
        self.drop = tool_button(self, f"bookmark_drop_{number}")
        dress(self.drop, "close", tr("map_tools.bookmark.drop", name=bookmark.name))
        self.go.clicked.connect(lambda: sheet.go_to(bookmark))
        self.drop.clicked.connect(lambda: sheet.drop(bookmark.name))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens().space_xs)
        line.addWidget(self.go, 1)
        line.addWidget(self.drop)


class NameLine(QLineEdit):
    """Where a name is typed; Esc gives it up."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
            event.accept()
