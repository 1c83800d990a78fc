"""Owns the dispatch panel: who could go to an incident and why, choosing with a digit, sending all at once.

Must not rank (app/dispatch) and must not decide who may be sent: what the desk refuses is told beside the button.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from app.dispatch.candidates import Post, candidates
from app.dispatch.kinds import DEFAULT_TYPE, SuitableKinds, load_kinds
from app.domain.commands import DispatchUnits
from app.domain.errors import ConfigError
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import Unit
from app.i18n import language, tr
from widgets.actions import DISPATCH
from widgets.bridge import Bridge
from widgets.models.dispatch_candidates import CandidateModel, CandidateRow, CandidateRows, ChosenUnits
from widgets.models.unit_board import number_tail
from widgets.panels.action_button import ActionButton
from widgets.panels.list_panel import ListPanel, head_margins
from widgets.panels.sent_units import SentUnits
from widgets.panels.unit_cells import candidate_delegate
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.symbols import symbol_pixmap
from widgets.style import icon, theme_notifier, tokens

SOON_MS: Final = 50
"""A status that has changed is shown this soon; a storm of them is ranked at most so often."""
POSITIONS_MS: Final = 500
AGES_MS: Final = 5000
"""With no word from anybody, ages alone can put a unit out of sight."""
HANDS_ON_MS: Final = 8000
"""After a key the order stands for so long: a digit must mean the unit that was read beside it."""

_SEND_KEYS = (Qt.Key.Key_D, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DispatchPanel(ListPanel):
    """`show_incident(id)` follows the selection; `unit_picked` carries the unit that the officer looks at.

    Digits and Space choose, D, Enter and Ctrl+Enter send. The choice waits with its incident until it is sent.
    """

    unit_picked = Signal(str)
    sent = Signal(str)
    """The incident, once its units are on their way."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.candidates = CandidateModel()
        super().__init__(bridge, self.candidates, "dispatch", parent)
        self.candidates.setParent(self)
        self._shown = ""
        self._chosen = ChosenUnits()
        self._sending: set[str] = set()
        self._hands_on, self._ranked = QElapsedTimer(), QElapsedTimer()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._posts = {u.id: Post(u.home_lat, u.home_lon, u.grid) for u in bridge.district.units}
        self._rows = CandidateRows({})
        self._symbol, self._head = QLabel(), ElidedLabel(bold=True)
        self.note = QLabel()
        self.send_button, self.clear_button = ActionButton("primary"), QToolButton()
        self.sent_units = SentUnits(bridge, self._call_sign, self._is_stale)
        self.view.setItemDelegate(candidate_delegate(self.view, self._is_stale))
        self._lay_out()
        self._connect()
        self._kinds = self._load_kinds()
        self.begin()

    def _lay_out(self) -> None:
        look = tokens()
        head = QHBoxLayout()
        head.setContentsMargins(*head_margins())
        head.setSpacing(look.space_s)
        head.addWidget(self._symbol)
        head.addWidget(self._head, 1)
        self.note.setProperty("tone", "second")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(look.space_s, 0, look.space_s, look.space_xs)
        self.column.insertLayout(0, head)
        self.column.insertWidget(1, self.note)
        self.column.removeWidget(self.refusal)
        self.column.addWidget(self.refusal)
        foot = QHBoxLayout()
        foot.setContentsMargins(look.space_s, look.space_s, look.space_s, look.space_s)
        foot.setSpacing(look.space_s)
        self.send_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        foot.addWidget(self.send_button, 1)
        foot.addWidget(self.clear_button)
        self.column.addLayout(foot)
        self.column.addWidget(self.sent_units)

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.incidents_changed.connect(self._incidents_changed)
        bridge.units_changed.connect(lambda _keys: self._refresh_within(SOON_MS))
        bridge.positions_changed.connect(lambda _fixes: self._refresh_within(POSITIONS_MS))
        self._due.timeout.connect(self.refresh)
        self.view.picked.connect(self.unit_picked)
        self.view.clicked.connect(self._clicked)
        self.view.opened.connect(lambda _unit: self.send())
        self.view.installEventFilter(self)
        self.sent_units.unit_picked.connect(self.unit_picked)
        self.sent_units.learned.connect(lambda: self._refresh_within(SOON_MS))
        self.send_button.clicked.connect(self.send)
        self.clear_button.clicked.connect(self.clear_choice)
        theme_notifier.changed.connect(self._show_head)

    def _load_kinds(self) -> SuitableKinds:
        """Without the table everybody is ranked by distance alone: a broken file must not stop anybody."""
        try:
            return load_kinds()
        except ConfigError as fault:
            self.refusal.show_refusal("", tr("dispatch.kinds_fault"), str(fault))
            return {DEFAULT_TYPE: ()}

    def _is_stale(self, unit: str, now: Instant) -> bool:
        return self.is_restored and self.bridge.positions.is_stale(unit, now)

    # -- the incident --------------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        return self.bridge.desk.incidents.get(self._shown) if self._shown else None

    @property
    def chosen(self) -> tuple[str, ...]:
        """Who is to be sent to the shown incident, in the order of choosing."""
        return self._chosen.of(self._shown)

    def show_incident(self, incident: str | None) -> None:
        """Another panel has chosen this incident; "" or None for none."""
        if (incident or "") == self._shown:
            return
        self._shown = incident or ""
        self._hands_on.invalidate()
        self.refusal.dismiss()
        self.candidates.show_changed({})
        self.load()
        self.view.scrollToTop()

    def load(self) -> None:
        if self.is_restored:
            self.refresh()

    def _incidents_changed(self, keys: Iterable[str]) -> None:
        ended = (key for key in keys if not self.bridge.desk.incidents[key].is_open)
        for key in ended:
            self._chosen.forget(key)
        if self._shown in keys:
            self._refresh_within(SOON_MS)

    # -- ranking -------------------------------------------------------------------------------------------------------

    def _refresh_within(self, ms: int) -> None:
        if self.isVisible() and self._shown and not 0 <= self._due.remainingTime() <= ms:
            self._due.start(ms)

    def refresh(self) -> None:
        """Ranks anew, now."""
        self._due.stop()
        self._ranked.start()
        incident = self.incident
        can_go = incident is not None and incident.is_open
        self.sent_units.show_incident(incident if can_go else None)
        self.candidates.show_changed(self._rank(incident) if incident is not None and can_go else {})
        self._show_head()
        self._name_button()
        self.show_state()

    def _rank(self, incident: Incident) -> dict[str, CandidateRow]:
        units, fixes = self.bridge.desk.units, self.bridge.positions.fixes
        now = self.bridge.clock.now()
        ranked = candidates(incident, units.values(), fixes, self._posts, now, self._kinds)
        self._drop_lost(incident, {one.unit_id for one in ranked if one.can_be_sent})
        places, numbers = self._places(), self._numbers()
        chosen = set(self._chosen.of(incident.id))
        return {
            one.unit_id: self._rows.row(
                one,
                units[one.unit_id],
                places.get(one.unit_id, place + len(places)),
                fix_at=fixes[one.unit_id].at if one.unit_id in fixes else None,
                is_chosen=one.unit_id in chosen,
                numbers=numbers,
                left_because=self.sent_units.why_left(one.unit_id),
            )
            for place, one in enumerate(ranked)
        }

    def _numbers(self) -> dict[str, str]:
        """The numbers of every incident on which somebody is at work."""
        known, units = self.bridge.desk.incidents, self.bridge.desk.units.values()
        at_work = {task.incident for unit in units for task in unit.assignments}
        return {key: known[key].number for key in at_work if key in known}

    def _places(self) -> Mapping[str, int]:
        """The places that stand because the list is being read; empty when it may be put in order."""
        is_read = self._hands_on.isValid() and self._hands_on.elapsed() < HANDS_ON_MS
        return {row.unit.id: row.place for row in self.candidates.rows()} if is_read else {}

    def _drop_lost(self, incident: Incident, can_be_sent: set[str]) -> None:
        """Whom somebody else has sent meanwhile cannot stay chosen: that would refuse the whole party."""
        sending = incident.id in self._sending
        lost = [unit for unit in self._chosen.of(incident.id) if unit not in can_be_sent]
        if lost and not sending:
            self._chosen.take_out(incident.id, lost)
            taken = [unit for unit in lost if unit not in incident.units]
            if taken:
                names = " ".join(self._name(unit) for unit in taken)
                self.refusal.show_refusal(names, tr("dispatch.taken_out"), tr("dispatch.taken_out_why"))

    def _call_sign(self, unit: Unit) -> str:
        return self._rows.call_sign(unit)

    def _name(self, unit: str) -> str:
        return self._call_sign(self.bridge.desk.units[unit])

    # -- choosing ------------------------------------------------------------------------------------------------------

    def toggle(self, unit: str) -> None:
        """Chooses a unit or lets it go; one that cannot be sent says why."""
        row = self.candidates.get(unit)
        if row is None:
            return
        if not row.can_be_sent:
            why = tr("dispatch.not_chosen_why", why=row.why)
            self.refusal.show_refusal(row.call_sign, tr("dispatch.not_chosen"), why)
            return
        self.refusal.dismiss()
        self._chosen.toggle(self._shown, unit)
        self.refresh()

    def choose(self, units: Iterable[str]) -> None:
        """Chooses all of these that can be sent, besides who is chosen already; who cannot go is named."""
        rows = [row for unit in units if (row := self.candidates.get(unit)) is not None]
        for row in rows:
            if row.can_be_sent and row.unit.id not in self.chosen:
                self._chosen.toggle(self._shown, row.unit.id)
        self.refresh()
        cannot = [row for row in rows if not row.can_be_sent]
        if cannot:
            names = " ".join(row.call_sign for row in cannot)
            why = tr("dispatch.not_chosen_why", why=cannot[0].why)
            self.refusal.show_refusal(names, tr("dispatch.not_chosen"), why)

    def clear_choice(self) -> None:
        self._chosen.forget(self._shown)
        self.refresh()
        self.view.setFocus()

    def _clicked(self, index: QModelIndex) -> None:
        self._hands_on.start()
        if self.candidates.columns[index.column()].id == "place":
            self.toggle(self.candidates.key_at(index.row()))

    def on_key(self, event: QKeyEvent) -> bool:
        self._hands_on.start()
        control = Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | control):
            return False
        if event.modifiers() & control:
            return self._control_key(event.key())
        if event.key() in _SEND_KEYS:
            self.send()
        elif event.key() == Qt.Key.Key_Space:
            if self.view.current_key is not None:
                self.toggle(self.view.current_key)
        elif Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            row = event.key() - Qt.Key.Key_1
            if row < self.candidates.shown_count:
                self.toggle(self.candidates.key_at(row))
        else:
            return False
        return True

    def _control_key(self, key: int) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the moment in which the list has the keyboard its digits stand, and the first one is at hand."""
        if watched is self.view and event.type() == QEvent.Type.FocusIn:
            self._hands_on.start()
            if self.view.current_key is None and self.candidates.shown_count:
                self.view.show_key(self.candidates.key_at(0))
        return super().eventFilter(watched, event)

    # -- sending -------------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Sends all who are chosen, in one command."""
        incident, units = self.incident, self.chosen
        if incident is None or incident.id in self._sending:
            return
        if not units:
            who = number_tail(incident.number)
            self.refusal.show_refusal(who, tr("dispatch.not_sent"), tr("dispatch.choose_first"))
            return
        self._sending.add(incident.id)
        self._name_button()
        command = DispatchUnits(incident.id, units)
        self.bridge.submit(command, lambda sentence: self._answered(incident, sentence))

    def _answered(self, incident: Incident, sentence: str | None) -> None:
        self._sending.discard(incident.id)
        if sentence is not None:
            self.refusal.show_refusal(number_tail(incident.number), tr("dispatch.not_sent"), sentence)
            self._name_button()
            return
        self._chosen.forget(incident.id)
        self._hands_on.invalidate()
        self.refusal.dismiss()
        self.refresh()
        self.sent.emit(incident.id)

    # -- what is said --------------------------------------------------------------------------------------------------

    def _show_head(self) -> None:
        incident, look = self.incident, tokens()
        self._head.setVisible(incident is not None)
        self._symbol.setVisible(incident is not None)
        lost = incident is not None and incident.is_open and (incident.lat is None or incident.lon is None)
        self.note.setText(tr("dispatch.no_position"))
        self.note.setVisible(lost)
        if incident is not None:
            size_px, color = look.size_symbol, look.priority.of(incident.priority)
            dpr = self.devicePixelRatioF()
            pixmap: QPixmap = symbol_pixmap(f"priority/{incident.priority}", size_px, dpr, color)
            self._symbol.setPixmap(pixmap)
            number = number_tail(incident.number)
            self._head.set_text(tr("dispatch.for_incident", number=number, title=incident.title))
        self.clear_button.setIcon(icon("close"))

    def _name_button(self) -> None:
        incident, count = self.incident, len(self.chosen)
        sending = self._shown in self._sending
        self.send_button.setVisible(incident is not None and incident.is_open)
        self.clear_button.setVisible(count > 0 and not sending)
        self.send_button.setEnabled(count > 0 and not sending)
        self.send_button.set_words(
            self._send_text(count, sending), DISPATCH.key if count and not sending else ""
        )
        number = incident.number if incident is not None else ""
        names = " ".join(self._name(unit) for unit in self.chosen)
        self.send_button.setToolTip(tr("dispatch.send_tip", names=names, number=number) if count else "")

    @staticmethod
    def _send_text(count: int, sending: bool) -> str:
        if sending:
            return tr("dispatch.sending")
        if count == 0:
            return tr("dispatch.send_none")
        return tr("dispatch.send_one") if count == 1 else tr("dispatch.send", count=count)

    def show_empty(self) -> None:
        incident = self.incident
        if incident is None:
            super().show_empty()
        elif not incident.is_open:
            self.state.show_empty(tr("dispatch.ended.title"), tr("dispatch.ended.hint"))
        else:
            self.state.show_empty(tr("dispatch.none.title"), tr("dispatch.none.hint"))

    # -- time and language ---------------------------------------------------------------------------------------------

    def on_tick(self) -> None:
        self.sent_units.tick(self.candidates.now)
        if self._shown and self._ranked.isValid() and self._ranked.elapsed() > AGES_MS:
            self.refresh()

    def showEvent(self, event: Any) -> None:
        self.load()
        super().showEvent(event)

    def retranslate(self) -> None:
        """The language has changed: call signs, reasons and the button."""
        english = language() == "en"
        signs = {u.id: u.call_sign_en if english else u.call_sign_zh for u in self.bridge.district.units}
        self._rows = CandidateRows(signs)
        self.clear_button.setToolTip(tr("dispatch.clear"))
        self.clear_button.setAccessibleName(tr("dispatch.clear"))
        self.sent_units.retranslate()
        super().retranslate()
        self._name_button()
