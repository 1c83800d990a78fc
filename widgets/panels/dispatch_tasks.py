"""Owns what the run card wants done on scene, told before anybody is sent: one line, or a list when there is room.

Must not tick anything: that is done on the card and on the phones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.models.dispatch_advice import said
from widgets.panels.list_panel import head_margins
from widgets.parts.elided_label import ElidedLabel
from widgets.style import icon, tokens

if TYPE_CHECKING:
    from app.dispatch.run_card import Response

ROOM_PX: Final = 640
"""A panel that is lower than this needs its height for the candidates: the list waits folded."""


class DispatchTasks(QWidget):
    """Hidden without tasks and questions. A click on its line, or `turn`, unfolds and folds the list."""

    def __init__(self) -> None:
        super().__init__()
        self._response: Response | None = None
        self._by_hand: bool | None = None
        self.fold, self.line, self.list = QToolButton(), ElidedLabel(second=True), QLabel()
        self.list.setTextFormat(Qt.TextFormat.PlainText)
        self.list.setWordWrap(True)
        self.list.setProperty("tone", "second")
        self.list.setContentsMargins(*_beside_the_edges())
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column, head = QVBoxLayout(self), QHBoxLayout()
        left, _, right, _ = head_margins()
        head.setContentsMargins(left, 0, right, 0)
        head.setSpacing(tokens().space_xs)
        head.addWidget(self.line, 1)
        head.addWidget(self.fold)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list)
        self.fold.clicked.connect(self.turn)
        self.hide()

    @property
    def is_open(self) -> bool:
        """What the officer has chosen; before that, as there is room."""
        head = self.parentWidget()
        panel = head.parentWidget() if head is not None else None
        has_room = panel is not None and panel.height() >= tokens().px(ROOM_PX)
        return has_room if self._by_hand is None else self._by_hand

    def show_response(self, response: Response | None) -> None:
        """What is in force at the level that is looked at; None hides it."""
        self._response = response
        self._show()

    def turn(self) -> None:
        """Unfolds the list, or folds it; it stays so."""
        self._by_hand = not self.is_open
        self._show()

    def _show(self) -> None:
        response = self._response
        steps = [*response.tasks, *response.checklist] if response is not None else []
        self.setVisible(bool(steps))
        if response is None or not steps:
            return
        is_open = self.is_open
        head = tr("dispatch.tasks", tasks=len(response.tasks), checks=len(response.checklist))
        first = "" if is_open else tr("dispatch.tasks.first", first=said(steps[0].text))
        self.line.set_text(head + first)
        self.line.setToolTip("" if is_open else "\n".join(said(step.text) for step in steps))
        self.list.setVisible(is_open)
        self.list.setText(tr("dispatch.tasks.separator").join(self._words(response)) if is_open else "")
        self.fold.setIcon(icon("chevron-up" if is_open else "chevron-down"))
        words = tr("dispatch.tasks.fold" if is_open else "dispatch.tasks.unfold")
        self.fold.setToolTip(words)
        self.fold.setAccessibleName(words)

    def _words(self, response: Response) -> Iterator[str]:
        """Each with the level with which it joins, where that is not the first."""
        for mark, steps in (("task", response.tasks), ("check", response.checklist)):
            for step in steps:
                joins = tr("dispatch.tasks.joins", level=step.level) if step.level > 1 else ""
                yield tr(f"dispatch.tasks.{mark}", text=said(step.text)) + joins

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.turn()

    def retranslate(self) -> None:
        """The language has changed."""
        self._show()


def _beside_the_edges() -> tuple[int, int, int, int]:
    left, _, right, _ = head_margins()
    return left, 0, right, tokens().space_xs
