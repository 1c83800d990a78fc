"""Owns when what is reported happened: now, unless the officer says otherwise. Must not read a clock but the desk's."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Refusal
from app.domain.happened import happened_at
from app.domain.instants import Instant
from app.i18n import tr
from app.service.refusals import refusal_text
from widgets.bridge import Bridge
from widgets.local_time import local
from widgets.panels.report_lines import say, second_label, set_invalid
from widgets.parts.age_text import format_age
from widgets.style import tokens

MINUTE_MS: Final = 60_000


class WhenField(QWidget):
    """`changed`: another time was typed."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.line, self.says = QLineEdit(), second_label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_xs)
        column.addWidget(self.line)
        column.addWidget(self.says)
        self.line.textChanged.connect(self._on_text)

    @property
    def at(self) -> Instant:
        """Raises Refusal naming the field."""
        now = self._bridge.clock.now()
        return happened_at("", self.line.text(), now, self._bridge.district.utc_offset_min)

    def fault(self) -> str:
        """Why the time cannot be written down; "" when it can."""
        try:
            _ = self.at
        except Refusal as refused:
            return refusal_text(refused)
        return ""

    def _on_text(self) -> None:
        fault = self.fault()
        set_invalid(self.line, bool(fault))
        if fault:
            say(self.says, fault, "warn")
        elif not self.line.text().strip():
            say(self.says, "")
        else:
            at, now = self.at, self._bridge.clock.now()
            moment = local(at, self._bridge.district.utc_offset_min).strftime("%Y-%m-%d %H:%M")
            age = format_age(max(0, now - at) / 1000)
            say(self.says, tr("new_incident.happened.read", at=moment, age=age))
        self.changed.emit()

    def retranslate(self) -> None:
        self.line.setPlaceholderText(tr("new_incident.happened.placeholder"))
        self.line.setAccessibleName(tr("new_incident.happened"))
        self._on_text()
