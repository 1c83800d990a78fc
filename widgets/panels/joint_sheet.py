"""Owns the sheet on which all waiting incidents are solved together: who goes where, what it saves, one key to send.

Must not solve (app/dispatch) and sends only what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.domain.commands import DispatchUnits
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.models.dispatch_candidates import duration_text
from widgets.models.dispatch_waiting import wait_text
from widgets.models.unit_board import number_tail
from widgets.panels.action_button import ActionButton
from widgets.panels.list_panel import head_margins
from widgets.parts.age_text import format_age
from widgets.parts.refusal_bar import RefusalBar
from widgets.parts.row_list import Row, RowList
from widgets.style import icon, theme_notifier, tokens

if TYPE_CHECKING:
    from app.service.dispatching import Errand, JointAdvice

_SEND_KEYS = (Qt.Key.Key_D, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class JointSheet(QWidget):
    """`closed` when the officer goes back; `incident_picked` carries a row's incident."""

    closed = Signal()
    incident_picked = Signal(str)

    def __init__(self, bridge: Bridge, call_sign: Callable[[str], str]) -> None:
        super().__init__()
        self._bridge, self._call_sign = bridge, call_sign
        self.advice: JointAdvice | None = None
        self._to_send: list[Errand] = []
        self.title, self.saving, self.list = QLabel(), QLabel(), RowList()
        self.refusal, self.send_button = RefusalBar(tr("common.dismiss")), ActionButton("primary")
        self.back = QToolButton()
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back.clicked.connect(self.closed)
        self.send_button.clicked.connect(self.send)
        self.list.picked.connect(self.incident_picked)
        theme_notifier.changed.connect(self._dress)
        self._dress()
        self.retranslate()

    def _lay_out(self) -> None:
        look = tokens()
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space_xs)
        head.setContentsMargins(*head_margins())
        head.addWidget(self.title, 1)
        head.addWidget(self.back)
        self.saving.setWordWrap(True)
        self.saving.setContentsMargins(look.space_s, 0, look.space_s, look.space_xs)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        held = QWidget()
        inner = QVBoxLayout(held)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.list)
        inner.addStretch(1)
        area.setWidget(held)
        area.viewport().setAutoFillBackground(False)
        held.setAutoFillBackground(False)
        foot = QHBoxLayout()
        foot.setContentsMargins(look.space_s, look.space_xs, look.space_s, look.space_s)
        foot.addWidget(self.send_button, 1)
        column.addLayout(head)
        column.addWidget(self.saving)
        column.addWidget(area, 1)
        column.addWidget(self.refusal)
        column.addLayout(foot)

    def _dress(self) -> None:
        self.back.setIcon(icon("close"))

    # -- the plan ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Solves what waits now; the keyboard is here until it is closed."""
        self.advice = None
        self.refusal.dismiss()
        self._show()
        self.setFocus()
        reading = self._bridge.app.dispatching.solve_waiting()
        self._bridge.fetch(reading, self.show_advice, lambda why: self._refuse("", why))

    def show_advice(self, advice: JointAdvice) -> None:
        self.advice = advice
        self._show()

    def _show(self) -> None:
        advice = self.advice
        self.list.set_rows([self._row(errand) for errand in advice.errands] if advice else [])
        self.saving.setText(self._saving())
        units = advice.unit_count if advice else 0
        going = sum(1 for errand in advice.errands if errand.units) if advice else 0
        self.send_button.setEnabled(units > 0)
        self.send_button.set_words(
            tr("dispatch.joint.send", count=units, incidents=going), "D" if units else ""
        )

    def _row(self, errand: Errand) -> Row:
        incident = errand.incident
        text = tr("dispatch.joint.row", number=number_tail(incident.number), title=incident.title)
        names = (f"{self._call_sign(unit)} {duration_text(eta_s)}" for unit, eta_s in errand.units)
        waits = [wait_text(wait, incident.id, self._call_sign, self._number) for wait in errand.waits]
        lines = [line for line in (tr("dispatch.reason_separator").join(names), *waits) if line]
        if not lines:
            return Row(incident.id, f"{text}\n{tr('dispatch.joint.nobody')}", tone="warn")
        short = tr("dispatch.joint.short", count=errand.open_places) if errand.open_places else ""
        return Row(incident.id, "\n".join((text, *lines)), short, tone="" if errand.units else "second")

    def _number(self, incident: str) -> str:
        return self._bridge.desk.incidents[incident].number

    def _saving(self) -> str:
        advice = self.advice
        if advice is None:
            return tr("dispatch.working")
        if not advice.errands:
            return tr("dispatch.joint.empty")
        facts = {"units": advice.unit_count, "open": sum(one.open_places for one in advice.errands)}
        key = "same" if advice.saved_s < 1 else "saving"
        said = tr(f"dispatch.joint.{key}", saved=format_age(advice.saved_s), **facts)
        waits = sum(len(one.waits) for one in advice.errands)
        return said + (tr("dispatch.joint.waiting", count=waits) if waits else "")

    # -- sending -----------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """One command an incident, the most urgent first; the first refusal stops and is told."""
        if self.advice is not None and not self._to_send:
            self._to_send = [errand for errand in self.advice.errands if errand.units]
            self.send_button.setEnabled(False)
            self._send_next()

    def _send_next(self) -> None:
        if not self._to_send:
            self.closed.emit()
            return
        errand = self._to_send.pop(0)
        command = DispatchUnits(errand.incident.id, tuple(unit for unit, _ in errand.units))

        def answered(sentence: str | None) -> None:
            if sentence is None:
                self._send_next()
                return
            self._to_send.clear()
            number = number_tail(errand.incident.number)
            self.open()
            self._refuse(tr("dispatch.joint.failed", number=number), sentence)

        self._bridge.submit(command, answered)

    def _refuse(self, what: str, why: str) -> None:
        self.refusal.show_refusal("", what or tr("dispatch.not_sent"), why)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _SEND_KEYS and self.send_button.isEnabled():
            self.send()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """The language has changed."""
        self.title.setText(tr("dispatch.joint.title"))
        self.back.setToolTip(tr("dispatch.joint.close"))
        self.back.setAccessibleName(tr("dispatch.joint.close"))
        self._show()
