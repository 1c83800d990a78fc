"""Owns the column of the card that is read and scrolls: its parts in the order of their weight.

Must not fill them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from widgets.style import tokens


class CaseReading(QScrollArea):
    """One column as wide as the card."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        look = tokens()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(look.space_m, look.space_s, look.space_m, look.space_s)
        column.setSpacing(look.space_s)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
        for ground in (inner, self.viewport()):
            ground.setAutoFillBackground(False)

    def reveal(self, part: QWidget | None) -> None:
        """Scrolls to a part once it has its place: one that has just come has none yet."""
        if part is not None:
            QTimer.singleShot(0, part, lambda: self.ensureWidgetVisible(part))

    def bring(self, part: QWidget) -> None:
        """Scrolls so far that all of a part can be seen, and gives it the keyboard."""
        self.ensureWidgetVisible(part)
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
