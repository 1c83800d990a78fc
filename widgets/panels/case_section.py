"""Owns a titled part of the card that is there only while it has something to say. Must not know what."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.style import tokens


class CaseSection(QWidget):
    """A title over its contents."""

    def __init__(self, *contents: QWidget) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setProperty("tone", "second")
        self.title.setProperty("strong", True)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.space_xs, 0, 0)
        column.setSpacing(look.space_xs)
        for part in (self.title, *contents):
            column.addWidget(part)

    def show_title(self, title: str, *, has_content: bool = True) -> None:
        self.title.setText(title)
        self.setVisible(has_content)
