"""Owns what a panel shows instead of content: empty, loading or broken - each with what to do about it."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.style import follow_look, icon, tokens

EmptyVariant = Literal["empty", "loading", "error"]

_ICON: dict[EmptyVariant, str] = {"empty": "info", "loading": "waiting", "error": "warning"}


class EmptyState(QWidget):
    """A glyph, a title, a hint and an optional action, centred. `action_triggered` fires for the mend."""

    action_triggered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._variant: EmptyVariant = "empty"
        self._glyph, self._title, self._hint = QLabel(), QLabel(), QLabel()
        for label in (self._title, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._action = QPushButton()
        self._action.clicked.connect(self.action_triggered)
        self._lay_out()
        follow_look(self, self._dress)
        self.show_empty("", "")

    @property
    def variant(self) -> EmptyVariant:
        """Which of the three is shown."""
        return self._variant

    def show_empty(self, title: str, hint: str, action: str = "") -> None:
        """Say what will be here and how to get it."""
        self._show("empty", title, hint, action)

    def show_loading(self, title: str, hint: str = "") -> None:
        """Say what is being waited for."""
        self._show("loading", title, hint, "")

    def show_error(self, title: str, hint: str, action: str = "") -> None:
        """Say what is broken and how to mend it."""
        self._show("error", title, hint, action)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(tokens().space_s)
        column.addStretch(2)
        for label in (self._glyph, self._title, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label is not self._glyph)
            column.addWidget(label)
        self._title.setProperty("type", "title")
        self._hint.setProperty("tone", "second")
        column.addWidget(self._action, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def _show(self, variant: EmptyVariant, title: str, hint: str, action: str) -> None:
        self._variant = variant
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._dress()

    def _dress(self) -> None:
        """Most of them wait behind a panel and are never seen: their glyph is drawn when somebody sees it."""
        if not self.isVisible():
            return
        size_px = tokens().space_xl
        self._glyph.setPixmap(icon(_ICON[self._variant]).pixmap(size_px, size_px))
