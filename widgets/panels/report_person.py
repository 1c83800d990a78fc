"""Owns who reports: name and number, or that nobody wants to be named; how they are shown, and the number's history.

Nothing of it leaves the form but into the erasable table of persons: neither the draft nor a title holds it. Must not
show of earlier reports more than how many there were and which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Refusal
from app.domain.guards import MAX_NAME
from app.domain.masking import mask_name, mask_phone
from app.i18n import tr
from app.service.refusals import refusal_text
from app.service.reporter import Reporter, plain_reporter
from widgets.bridge import Bridge
from widgets.panels.report_history import history_text
from widgets.panels.report_lines import row, say, second_label, set_invalid
from widgets.style import tokens

if TYPE_CHECKING:
    from app.service.histories import History

PAUSE_MS: Final = 250
_NOBODY: Final = Reporter()


class PersonField(QWidget):
    """`changed`: somebody else reports."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.name, self.phone, self.anonymous = QLineEdit(), QLineEdit(), QCheckBox()
        self.says, self.history = second_label(), second_label()
        self._looked_for = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_xs)
        for part in (row(self.name, self.phone, self.anonymous), self.says, self.history):
            column.addWidget(part)
        for line in (self.name, self.phone):
            line.textChanged.connect(lambda _text: self._on_text())
        self.anonymous.toggled.connect(self._on_anonymous)

    @property
    def reporter(self) -> Reporter:
        """As it was typed; nobody when nobody wants to be named."""
        if self.anonymous.isChecked():
            return _NOBODY
        return Reporter(self.name.text().strip(), self.phone.text().strip())

    @property
    def number(self) -> str:
        """The number as it is kept; "" while it is none."""
        try:
            return plain_reporter("", Reporter("", self.reporter.phone)).phone
        except Refusal:
            return ""

    def fault(self) -> tuple[str, QWidget] | None:
        """Why this reporter cannot be kept, and the line that it is about."""
        reporter = self.reporter
        for line, part in ((self.name, Reporter(reporter.name)), (self.phone, Reporter("", reporter.phone))):
            try:
                plain_reporter("", part)
            except Refusal as refused:
                return refusal_text(refused), line
        return None

    def clear(self) -> None:
        self.name.clear()
        self.phone.clear()
        self.anonymous.setChecked(False)

    # -- telling -----------------------------------------------------------------------------------------------------

    def _on_anonymous(self, anonymous: bool) -> None:
        """What was typed before is gone at once: nobody should find it again."""
        if anonymous:
            self.name.clear()
            self.phone.clear()
        for line in (self.name, self.phone):
            line.setEnabled(not anonymous)
        self._tell()
        self.changed.emit()

    def _on_text(self) -> None:
        self._tell()
        self._look_soon()
        self.changed.emit()

    def _tell(self) -> None:
        """How it will be shown to everybody, or what is wrong with it."""
        fault = self.fault()
        for line in (self.name, self.phone):
            set_invalid(line, fault is not None and fault[1] is line)
        if self.anonymous.isChecked():
            say(self.says, tr("new_incident.anonymous.hint"))
        elif fault is not None:
            say(self.says, fault[0], "warn")
        elif self.reporter.is_named:
            shown = f"{mask_name(self.reporter.name[:MAX_NAME])} {mask_phone(self.number)}".strip()
            say(self.says, tr("new_incident.who.shown", shown=shown))
        else:
            say(self.says, tr("new_incident.who.hint"))

    # -- history -----------------------------------------------------------------------------------------------------

    def _look_soon(self) -> None:
        number = self.number
        if number == self._looked_for:
            return
        self._looked_for = number
        self.history.hide()
        self._pause.start() if number else self._pause.stop()

    def _look(self) -> None:
        number = self._looked_for

        def told(history: History) -> None:
            if number == self._looked_for:
                text = "" if history.is_empty else history_text(self._bridge, history, "number")
                say(self.history, text)

        if number and self._bridge.app.is_restored:
            self._bridge.fetch(self._bridge.app.histories.of_number(number), told)

    def retranslate(self) -> None:
        for line, key in ((self.name, "name"), (self.phone, "phone")):
            line.setPlaceholderText(tr(f"new_incident.{key}.placeholder"))
            line.setAccessibleName(tr(f"new_incident.{key}.placeholder"))
        self.anonymous.setText(tr("new_incident.anonymous"))
        self.anonymous.setToolTip(tr("new_incident.anonymous.tip"))
        self._tell()
        self._look()
