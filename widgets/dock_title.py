"""Owns the title of a dock: its name and the two buttons that float and close it.

Qt's own buttons are 10 px on every screen. Must not know what the dock holds: it says what was pressed.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.i18n import tr
from widgets.style import follow_look, icon, tokens


class DockTitle(QWidget):
    """A quiet label, by which the dock is dragged. Its buttons are no stops of the Tab key: keys do the same."""

    float_wanted = Signal()
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dock_title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._height_px = tokens().size_dock_title
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setMinimumWidth(1)
        self.float_button, self.close_button = QToolButton(), QToolButton()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._name, 1)
        for button in (self.float_button, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setProperty("small", True)
            self._row.addWidget(button)
        self.float_button.clicked.connect(self.float_wanted)
        self.close_button.clicked.connect(self.close_wanted)
        follow_look(self, self.dress)
        self.dress()

    def show_title(self, title: str, *, floating: bool) -> None:
        """In the language in force."""
        self._name.setText(title)
        for button, key in (
            (self.float_button, "console.dock_back" if floating else "console.dock_float"),
            (self.close_button, "common.close"),
        ):
            button.setToolTip(tr(key))
            button.setAccessibleName(f"{tr(key)}: {title}")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height_px)

    def minimumSizeHint(self) -> QSize:
        """The dock takes its height from here."""
        return QSize(super().minimumSizeHint().width(), self._height_px)

    def dress(self) -> None:
        """In the look in force."""
        look = tokens()
        self._height_px = look.size_dock_title
        self._row.setContentsMargins(look.space_m, 0, look.space_xs, 0)
        self._row.setSpacing(look.space_xs)
        for name, button in (("float", self.float_button), ("close", self.close_button)):
            button.setIcon(icon(name))
            button.setIconSize(QSize(look.size_icon, look.size_icon))
