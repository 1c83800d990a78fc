"""Owns the lines at the top of the dispatch panel: which incident, that it has no place, what else waits.

Must not choose an incident.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.domain.incident import Incident
from app.i18n import tr
from widgets.models.unit_board import number_tail
from widgets.panels.list_panel import head_margins
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.symbols import symbol_pixmap
from widgets.style import tokens


class DispatchTitle(QWidget):
    """`joint_button` opens the sheet of all that waits; it is there when more than one does."""

    def __init__(self) -> None:
        super().__init__()
        look = tokens()
        self._symbol, self._title = QLabel(), ElidedLabel(bold=True)
        self.note, self.joint_button = QLabel(), QToolButton()
        self.note.setProperty("tone", "second")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(look.space_s, 0, look.space_s, look.space_xs)
        self.joint_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head.setContentsMargins(*head_margins())
        head.setSpacing(look.space_s)
        head.addWidget(self._symbol)
        head.addWidget(self._title, 1)
        head.addWidget(self.joint_button)
        column.addLayout(head)
        column.addWidget(self.note)

    def show_incident(self, incident: Incident | None, waiting: int) -> None:
        """`waiting`: how many wait for units, 0 where that is not to be offered."""
        self._title.setVisible(incident is not None)
        self._symbol.setVisible(incident is not None)
        is_lost = incident is not None and incident.is_open and None in (incident.lat, incident.lon)
        self.note.setText(tr("dispatch.no_position"))
        self.note.setVisible(is_lost)
        if incident is not None:
            self._symbol.setPixmap(self._priority(incident.priority))
            number = number_tail(incident.number)
            self._title.set_text(tr("dispatch.for_incident", number=number, title=incident.title))
        self.joint_button.setVisible(waiting > 1)
        self.joint_button.setText(tr("dispatch.joint.open", count=waiting))

    def _priority(self, priority: int) -> QPixmap:
        look = tokens()
        color = look.priority.of(priority)
        return symbol_pixmap(f"priority/{priority}", look.size_symbol, self.devicePixelRatioF(), color)
