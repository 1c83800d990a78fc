"""Owns what units on scene ask for and nobody has settled: a line each, with the ways to answer. Must not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.incident import ForceRequest, Incident
from app.i18n import tr
from widgets.models.incident_queue import named
from widgets.models.unit_board import number_tail
from widgets.panels.list_panel import head_margins
from widgets.style import tokens


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what it is about. `sign` is the call sign of who asks."""

    incident: Incident
    request: ForceRequest
    sign: str

    def text(self) -> str:
        kinds = "/".join(named("terms.unit_kind", kind) for kind in self.request.kinds)
        return tr(
            "field.request",
            number=number_tail(self.incident.number),
            unit=self.sign,
            count=self.request.count,
            kinds=kinds or tr("field.request.any"),
            reason=self.request.reason,
        ).strip()


class _Line(QFrame):
    """One request: its words and three answers; turning it down asks why first."""

    def __init__(self, asked: Asked, on: FieldRequests) -> None:
        super().__init__()
        self.setProperty("raised", True)
        self.words, self.why = QLabel(asked.text()), QLineEdit()
        self.words.setWordWrap(True)
        self.words.setProperty("strong", True)
        self.why.setPlaceholderText(tr("field.request.why"))
        self.why.hide()
        key = (asked.incident.id, asked.request.id)
        self.dispatch = _button("field.request.dispatch", lambda: on.dispatch_wanted.emit(asked.incident.id))
        self.met = _button("field.request.met", lambda: on.settled.emit(*key, True, ""))
        self.refuse = _button("field.request.refuse", self._ask_why)
        self.why.returnPressed.connect(lambda: on.refuse(*key, self.why.text()))
        row = QHBoxLayout()
        for button in (self.dispatch, self.met, self.refuse):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*head_margins())
        column.setSpacing(tokens().space_xs)
        column.addWidget(self.words)
        column.addLayout(row)
        column.addWidget(self.why)

    def _ask_why(self) -> None:
        self.why.show()
        self.why.setFocus()


class FieldRequests(QWidget):
    """Hidden while nobody asks. `settled` carries (incident, request, met, reason)."""

    dispatch_wanted = Signal(str)
    settled = Signal(str, str, bool, str)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, _Line] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens().space_xs)
        self.hide()

    def refuse(self, incident: str, request: str, reason: str) -> None:
        """Turns it down; without a reason it stays open."""
        if reason.strip():
            self.settled.emit(incident, request, False, reason)

    def show_requests(self, asked: Sequence[Asked]) -> None:
        """Lines that stand already stay as they are: somebody may be typing in one."""
        wanted = {f"{one.incident.id} {one.request.id}": one for one in asked}
        for key in [key for key in self.lines if key not in wanted]:
            self.lines.pop(key).deleteLater()
        for key, one in wanted.items():
            if key not in self.lines:
                self.lines[key] = _Line(one, self)
                self._column.addWidget(self.lines[key])
        self.setVisible(bool(self.lines))


def _button(key: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(tr(key))
    button.clicked.connect(lambda _checked=False: act())
    return button
