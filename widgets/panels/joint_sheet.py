"""Owns the sheet on which all waiting incidents are solved together: who goes where, what it saves, one key to send.

Must not solve (app/dispatch) and sends only what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.commands import DispatchUnits
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.models.dispatch_candidates import duration_text
from widgets.models.dispatch_joint import joint_cover_text, joint_text, missing_text
from widgets.models.dispatch_waiting import wait_text
from widgets.models.unit_board import number_tail
from widgets.panels.action_button import ActionButton
from widgets.panels.side_sheet import SideSheet
from widgets.parts.refusal_bar import RefusalBar
from widgets.parts.row_list import Row, RowList

if TYPE_CHECKING:
    from app.service.dispatching import Errand, JointAdvice

_SEND_KEYS = (Qt.Key.Key_D, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
_WIDTH_PX, _HEIGHT_PX = 560, 640
FRESH_MS = 20_000
"""A plan that has been looked at for longer is solved anew before anybody is sent."""


class JointSheet(SideSheet):
    """`incident_picked` carries a row's incident, `told` (who, what, why) what is to be known after sending."""

    incident_picked = Signal(str)
    told = Signal(str, str, str)

    def __init__(self, bridge: Bridge, call_sign: Callable[[str], str], panel: QWidget) -> None:
        super().__init__(panel)
        self._bridge, self._call_sign = bridge, call_sign
        self.width_px, self.height_px = _WIDTH_PX, _HEIGHT_PX
        self.advice: JointAdvice | None = None
        self.left_out: set[str] = set()
        """Incidents that the officer has struck out of the plan."""
        self._to_send: list[Errand] = []
        self._age = QElapsedTimer()
        self.saving, self.cover, self.hint = QLabel(), QLabel(), QLabel()
        self.list, self._area = RowList(marks_always=True), QScrollArea()
        self.refusal, self.send_button = RefusalBar(tr("common.dismiss")), ActionButton("primary")
        self._lay_out()
        self.send_button.clicked.connect(self.send)
        self.list.picked.connect(self.incident_picked)

    def _lay_out(self) -> None:
        for label in (self.saving, self.cover, self.hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.hint.setProperty("tone", "second")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        held = QWidget()
        inner = QVBoxLayout(held)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.list)
        inner.addStretch(1)
        self._area.setWidget(held)
        self._area.viewport().setAutoFillBackground(False)
        held.setAutoFillBackground(False)
        self.body.addWidget(self.saving)
        self.body.addWidget(self.cover)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self.refusal)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.send_button)

    # -- the plan ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Solves what waits now; the keyboard is here until it is closed."""
        self.left_out.clear()
        self.refusal.dismiss()
        self._solve()
        super().open()

    def _solve(self) -> None:
        self.advice = None
        self._show()
        reading = self._bridge.app.dispatching.solve_waiting()
        self._bridge.fetch(reading, self.show_advice, lambda why: self._refuse("", why))

    def show_advice(self, advice: JointAdvice) -> None:
        self.advice = advice
        self._age.start()
        self._show()

    @property
    def going(self) -> list[Errand]:
        """What D sends."""
        errands = self.advice.errands if self.advice is not None else ()
        return [one for one in errands if one.units and one.incident.id not in self.left_out]

    def _show(self) -> None:
        advice, going = self.advice, self.going
        self.list.set_rows([self._row(errand) for errand in advice.errands] if advice else [])
        self.saving.setText(self._saving())
        self.cover.setText(joint_cover_text(advice.cover) if advice is not None else "")
        self.cover.setVisible(bool(self.cover.text()))
        units = sum(len(errand.units) for errand in going)
        self.send_button.setEnabled(units > 0)
        words = tr("dispatch.joint.send", count=units, incidents=len(going))
        self.send_button.set_words(words, "D" if units else "")

    def strike(self, incident: str) -> None:
        """Takes an incident out of the plan, or back in: its units stay free."""
        if self.advice is not None and any(one.incident.id == incident for one in self.advice.errands):
            self.left_out ^= {incident}
            self._show()

    def _row(self, errand: Errand) -> Row:
        incident = errand.incident
        number = number_tail(incident.number)
        title = self._bridge.said(incident).title
        text = tr("dispatch.joint.row", priority=incident.priority, number=number, title=title)
        names = (f"{self._call_sign(unit)} {duration_text(eta_s)}" for unit, eta_s in errand.units)
        waits = [wait_text(wait, incident.id, self._call_sign, self._number) for wait in errand.waits]
        lines = [line for line in (tr("dispatch.reason_separator").join(names), *waits) if line]
        if incident.id in self.left_out:
            return Row(incident.id, text, tr("dispatch.joint.left_out"), tone="second")
        kinds = missing_text(errand.missing)
        if not lines:
            return Row(incident.id, f"{text}\n{tr('dispatch.joint.nobody', kinds=kinds)}", tone="warn")
        short = tr("dispatch.joint.short", kinds=kinds) if kinds else ""
        return Row(incident.id, "\n".join((text, *lines)), short, tone="" if errand.units else "second")

    def _number(self, incident: str) -> str:
        return self._bridge.desk.incidents[incident].number

    def _saving(self) -> str:
        advice = self.advice
        if advice is None:
            return tr("dispatch.working")
        return joint_text(advice, self.left_out) if advice.errands else tr("dispatch.joint.empty")

    # -- sending -----------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """One command an incident, the most urgent first; the first refusal stops and is told."""
        if self._to_send or not self.going:
            return
        self.send_button.setEnabled(False)
        if self._age.elapsed() > FRESH_MS:
            self._solve_again()
        else:
            self._send_all()

    def _solve_again(self) -> None:
        """What has stood for long is sent only if it is still the plan; else it is shown once more."""
        seen = _orders(self.going)

        def answered(advice: JointAdvice) -> None:
            self.show_advice(advice)
            if _orders(self.going) == seen:
                self._send_all()
            else:
                self._refuse(tr("dispatch.joint.solved_again"), tr("dispatch.joint.solved_again_why"))

        reading = self._bridge.app.dispatching.solve_waiting()
        self._bridge.fetch(reading, answered, lambda why: self._refuse("", why))

    def _send_all(self) -> None:
        self._to_send = self.going
        self.send_button.setEnabled(False)
        self._send_next()

    def _send_next(self) -> None:
        if not self._to_send:
            self._tell_who_is_left()
            self.dismiss()
            return
        errand = self._to_send.pop(0)
        command = DispatchUnits(errand.incident.id, tuple(unit for unit, _ in errand.units))

        def answered(sentence: str | None) -> None:
            if sentence is None:
                self._send_next()
                return
            self._to_send.clear()
            number = number_tail(errand.incident.number)
            self._solve()
            self._refuse(tr("dispatch.joint.failed", number=number), sentence)

        self._bridge.submit(command, answered)

    def _refuse(self, what: str, why: str) -> None:
        self.refusal.show_refusal("", what or tr("dispatch.not_sent"), why)

    def _tell_who_is_left(self) -> None:
        """The urgent ones that still have nobody: nobody should have to hunt for them in the queue."""
        # With the solver, which a window that shows no plan need not read.
        from app.dispatch.policy import CANNOT_WAIT

        bare = [one.incident for one in self.advice.errands if one.is_bare] if self.advice else []
        urgent = [number_tail(one.number) for one in bare if one.priority in CANNOT_WAIT]
        if urgent:
            why = tr("dispatch.joint.still_bare_why", count=sum(len(one.units) for one in self.going))
            self.told.emit(" ".join(urgent), tr("dispatch.joint.still_bare"), why)

    # -- keys --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _SEND_KEYS and self.send_button.isEnabled():
            self.send()
        elif key == Qt.Key.Key_Space:
            self.strike(self.list.current)
        elif key in _STEPS:
            self.list.step(_STEPS[key])
            box = self.list.box_of(self.list.current)
            self._area.ensureVisible(0, round(box.center().y()), 0, round(box.height()))
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.title.setText(tr("dispatch.joint.title"))
        self.hint.setText(tr("dispatch.joint.hint"))
        self._show()
        super().retranslate()


def _orders(errands: Sequence[Errand]) -> dict[str, frozenset[str]]:
    """Who goes where, by incident."""
    return {one.incident.id: frozenset(unit for unit, _ in one.units) for one in errands}
