"""Owns what stands above the ledger: its pages with their counts, the search line, what opens what, and a chip for each
thing by which it is narrowed.

Must not filter: its signals say what is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from widgets.models.ledger_filter import TABS
from widgets.panels.list_panel import head_margins
from widgets.panels.queue_filter import FilterEdit
from widgets.style import follow_look, icon, tokens

TOOLS = ("filter", "group", "columns", "views", "export")
KEYS = {"filter": "F", "group": "G", "columns": "C", "views": "V", "export": "Ctrl+E"}
MOST_CHIPS = 8
WIDE_PX = 860
"""From here on a button shows its key."""

Chip = tuple[str, str]
"""What it stands for, and its words."""


class LedgerHead(QWidget):
    """`page_wanted` carries one of TABS, `tool_wanted` one of TOOLS, `chip_dropped` what a chip stood for."""

    page_wanted = Signal(str)
    tool_wanted = Signal(str)
    chip_dropped = Signal(str)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pages = {tab: QToolButton() for tab in TABS}
        self.edit, self.count = FilterEdit(), QLabel()
        self.count.setProperty("tone", "second")
        self.tools = {tool: _flat(QPushButton()) for tool in TOOLS}
        self.chips = QWidget()
        self._chip_row = QHBoxLayout(self.chips)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        self._chip_row.setSpacing(tokens().space_xs)
        self.chip_words: list[str] = []
        self._group = ""
        self._counts: Mapping[str, int] = {}
        self._total = 0
        self._lay_out()
        group = QButtonGroup(self)
        for tab, page in self.pages.items():
            page.setCheckable(True)
            page.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(page)
            page.clicked.connect(lambda _on, tab=tab: self.page_wanted.emit(tab))
        for tool, button in self.tools.items():
            button.clicked.connect(lambda _on, tool=tool: self.tool_wanted.emit(tool))
        self.pages["all"].setChecked(True)
        follow_look(self, self._dress)
        self._dress()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(look.space_xs)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.setSpacing(look.space_xs)
        lower.setSpacing(look.space_xs)
        for page in self.pages.values():
            upper.addWidget(page)
        upper.addStretch(1)
        upper.addWidget(self.count)
        lower.addWidget(self.edit, 1)
        for button in self.tools.values():
            lower.addWidget(button)
        for row in (upper, lower):
            column.addLayout(row)
        column.addWidget(self.chips)
        self.chips.hide()

    def _dress(self) -> None:
        for tool in ("group", "columns", "views"):
            self.tools[tool].setIcon(icon("chevron-down"))
            self.tools[tool].setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.tools["filter"].setIcon(icon("filter"))

    # -- what it shows -------------------------------------------------------------------------------------------------

    def show_page(self, tab: str) -> None:
        self.pages[tab].setChecked(True)

    def show_counts(self, counts: Mapping[str, int], total: int) -> None:
        """How much stands on each page of the handbook, and in all."""
        if (counts, total) != (self._counts, self._total):
            self._counts, self._total = dict(counts), total
            self._name_pages()

    def show_shown(self, shown: int, total: int) -> None:
        self.count.setVisible(total > 0)
        self.count.setText(tr("ledger.count", shown=f"{shown:,}", total=f"{total:,}"))

    def show_group(self, name: str) -> None:
        """By what the rows are grouped, "" for nothing."""
        self._group = name
        self._name_tools()

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Each takes away what it stands for; the last one takes all."""
        self.chip_words = [words for _, words in chips]
        while (item := self._chip_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for what, words in chips[:MOST_CHIPS]:
            self._chip_row.addWidget(self._chip(what, words))
        if chips:
            clear = _flat(QPushButton(tr("ledger.clear")))
            clear.clicked.connect(self.cleared)
            self._chip_row.addWidget(clear)
        self._chip_row.addStretch(1)
        self.chips.setVisible(bool(chips))

    def _chip(self, what: str, words: str) -> QToolButton:
        chip = QToolButton()
        chip.setText(words)
        chip.setIcon(icon("close"))
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.setToolTip(tr("ledger.chip.tip", what=words))
        chip.setAccessibleName(tr("ledger.chip.tip", what=words))
        chip.setMaximumWidth(tokens().px(280))
        chip.clicked.connect(lambda: self.chip_dropped.emit(what))
        return chip

    # -- texts ---------------------------------------------------------------------------------------------------------

    def _name_pages(self) -> None:
        for number, (tab, page) in enumerate(self.pages.items(), 1):
            count = self._total if tab == "all" else self._counts.get(tab, 0)
            page.setText(tr("ledger.page.count", name=tr(f"ledger.page.{tab}"), count=f"{count:,}"))
            page.setToolTip(f"{tr(f'ledger.page.{tab}.tip')}  {number}")

    def retranslate(self) -> None:
        """The language has changed."""
        self.edit.setPlaceholderText(tr("ledger.search"))
        self.edit.setToolTip(tr("ledger.search.tip"))
        self.edit.setAccessibleName(tr("ledger.search.tip"))
        for tool, button in self.tools.items():
            button.setToolTip(f"{tr(f'ledger.tool.{tool}.tip')}  {KEYS[tool]}")
        self._name_pages()
        self._name_tools()

    def _name_tools(self) -> None:
        """With its key on it where there is room for that."""
        is_wide = self.width() >= tokens().px(WIDE_PX)
        for tool, button in self.tools.items():
            title = tr(f"ledger.tool.{tool}")
            if tool == "group" and self._group:
                title = tr("ledger.tool.group.by", name=self._group)
            button.setText(f"{title}  {KEYS[tool]}" if is_wide else title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow dock the pages need the room of the count."""
        super().resizeEvent(event)
        self._name_tools()
        pages_px = sum(page.sizeHint().width() for page in self.pages.values())
        needed_px = pages_px + self.count.sizeHint().width() + 8 * tokens().space_s
        self.count.setMaximumWidth(self.count.sizeHint().width() if needed_px <= self.width() else 0)


def _flat(button: QPushButton) -> QPushButton:
    button.setProperty("kind", "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
