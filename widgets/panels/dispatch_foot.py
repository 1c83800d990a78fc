"""Owns the foot of the dispatch panel: the one primary action, named by its consequence, and clearing the choice.

Must not send.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.i18n import tr
from widgets.actions import DISPATCH
from widgets.panels.action_button import ActionButton
from widgets.style import follow_look, icon, tokens


class DispatchFoot(QWidget):
    """`send`, `reorder` and `clear` are buttons; the panel listens to them and shows what would do anything."""

    def __init__(self) -> None:
        super().__init__()
        self.send, self.clear, self.reorder = ActionButton("primary"), QToolButton(), ActionButton("quiet")
        self.reorder.hide()
        row, gap = QHBoxLayout(self), tokens().space_s
        row.setContentsMargins(gap, gap, gap, gap)
        row.setSpacing(gap)
        self.send.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.send, 1)
        row.addWidget(self.reorder)
        row.addWidget(self.clear)
        follow_look(self, self._dress)
        self._dress()

    def _dress(self) -> None:
        self.clear.setIcon(icon("close"))

    def name(self, names: Sequence[str], number: str, *, sending: bool, can_clear: bool) -> None:
        """Says that the units with these names would go to the incident with this number, or are going now."""
        count = len(names)
        self.clear.setVisible(can_clear and not sending)
        self.send.setEnabled(count > 0 and not sending)
        self.send.set_words(_send_text(count, sending), DISPATCH.key if count and not sending else "")
        tip = tr("dispatch.send_tip", names=" ".join(names), number=number) if count else ""
        self.send.setToolTip(tip)

    def retranslate(self) -> None:
        """The language has changed."""
        self.clear.setToolTip(tr("dispatch.clear"))
        self.clear.setAccessibleName(tr("dispatch.clear"))
        self.reorder.set_words(tr("dispatch.reorder"), "U")
        self.reorder.setToolTip(tr("dispatch.reorder.tip"))


def _send_text(count: int, sending: bool) -> str:
    if sending:
        return tr("dispatch.sending")
    if count == 0:
        return tr("dispatch.send_none")
    return tr("dispatch.send_one") if count == 1 else tr("dispatch.send", count=count)
