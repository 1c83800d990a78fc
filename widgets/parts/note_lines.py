"""Owns short lines about a place: hazards with a red bar; what may be taken back has a button.

Must not know what is noted: it takes ready-made lines. Hidden while there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from widgets.parts.clamped_label import ClampedLabel
from widgets.parts.painting import follow_theme
from widgets.style import follow_look, icon, tokens

MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class NoteLine:
    """`remove` names the button that takes the note back; "" leaves it out."""

    key: str
    text: str
    is_hazard: bool
    remove: str = ""


class NoteLines(QWidget):
    """`removed` carries the key of a line. At most MOST_LINES are shown: the caller says how many more there are."""

    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens().space_xs)
        self.lines: tuple[NoteLine, ...] = ()
        self._rows = [_Row(self) for _ in range(MOST_LINES)]
        for row in self._rows:
            self._column.addWidget(row)
            row.remove.clicked.connect(lambda _checked=False, row=row: self.removed.emit(row.key))
        self.hide()

    def show_lines(self, lines: Sequence[NoteLine]) -> None:
        self.lines = tuple(lines[:MOST_LINES])
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(self.lines))
            if place < len(self.lines):
                row.show_line(self.lines[place])
        self.setVisible(bool(self.lines))


class _Row(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key, self._is_hazard = "", False
        self.words, self.remove = ClampedLabel(size="body", max_lines=3), QToolButton()
        self.remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look = tokens()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_m, look.space_xs, look.space_xs, look.space_xs)
        row.setSpacing(look.space_xs)
        row.addWidget(self.words, 1)
        row.addWidget(self.remove, alignment=Qt.AlignmentFlag.AlignTop)
        follow_theme(self)
        follow_look(self, self._dress)
        self._dress()
        self.hide()

    def show_line(self, line: NoteLine) -> None:
        self.key, self._is_hazard = line.key, line.is_hazard
        self.words.set_text(line.text)
        self.remove.setVisible(bool(line.remove))
        self.remove.setToolTip(line.remove)
        self.remove.setAccessibleName(line.remove)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar says hazard by its width too, not by its colour alone."""
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.raised)
        painter.drawRoundedRect(QRectF(self.rect()), look.size_radius, look.size_radius)
        width = look.space_xs if self._is_hazard else look.space_xs // 2
        painter.fillRect(
            QRectF(0, 0, width, self.height()), look.red if self._is_hazard else look.control_line
        )
        painter.end()

    def _dress(self) -> None:
        self.remove.setIcon(icon("close"))
