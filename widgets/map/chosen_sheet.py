"""Owns the sheet that lists what was chosen in a rectangle.

Must not know an incident or a unit: it is given their texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.map.hit import Hit
from widgets.map.sheet import Sheet
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """One thing: what it is called, and how far it is."""

    hit: Hit
    name: str
    state: str


class ChosenSheet(Sheet):
    """A row a thing; `wanted` carries the one that the officer goes to."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("map_tools.chosen.title", parent)
        self.rows: list[ChosenRow] = []
        self._lines: list[QWidget] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.renew()

    def show_rows(self, rows: Sequence[ChosenRow]) -> None:
        self.rows = list(rows)
        for line in self._lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(row) for row in self.rows]
        for line in self._lines:
            self._list.addWidget(line)

    def focus_first(self) -> None:
        first = self._lines[0].findChild(QPushButton) if self._lines else None
        if first is None:
            super().focus_first()
        else:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _line(self, row: ChosenRow) -> QWidget:
        line = QPushButton(self)
        line.setProperty("kind", "quiet")
        line.setFlat(True)
        line.setAccessibleName(f"{row.name} {row.state}")
        line.setMinimumHeight(tokens().size_row)
        line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = QHBoxLayout(line)
        words.setContentsMargins(tokens().space_s, 0, tokens().space_s, 0)
        state = ElidedLabel(row.state, second=True)
        state.setFixedWidth(tokens().px(64))
        for label in (ElidedLabel(row.name), state):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label, 0 if label is state else 1)
        line.clicked.connect(lambda: self.wanted.emit(*row.hit))
        return line
