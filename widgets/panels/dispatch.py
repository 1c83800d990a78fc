"""Owns the dispatch panel: who is recommended and why, choosing with a digit, sending all at once.

Must not recommend (app/service/dispatching.py does, aside from this thread) and must not decide who may be sent: what
the desk refuses is told beside the button.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.commands import OrderToPost
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.domain.unit import Unit
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.models.dispatch_advice import objection_text
from widgets.models.dispatch_candidates import CandidateModel, CandidateRow, CandidateRows
from widgets.models.dispatch_listing import Marks, can_go, listed, rows_of
from widgets.models.unit_board import number_tail
from widgets.panels.dispatch_advice import LEVELS, AdviceHead
from widgets.panels.dispatch_asking import DispatchAsking
from widgets.panels.dispatch_choice import DispatchChoice
from widgets.panels.dispatch_foot import DispatchFoot
from widgets.panels.dispatch_keys import DispatchKeys
from widgets.panels.dispatch_order import HeldOrder, has_changed
from widgets.panels.dispatch_rhythm import POSITIONS_MS, SOON_MS, DispatchRhythm
from widgets.panels.dispatch_sending import DispatchSending
from widgets.panels.dispatch_title import DispatchTitle
from widgets.panels.joint_sheet import JointSheet
from widgets.panels.list_panel import ListPanel
from widgets.panels.moving_up import MovingUp
from widgets.panels.override_bar import OverrideBar
from widgets.panels.sent_units import SentUnits
from widgets.panels.unit_cells import candidate_delegate
from widgets.style import follow_look

if TYPE_CHECKING:
    from app.dispatch.coverage import Coverage, MoveUp
    from app.service.dispatching import Advice

SHOWN_MOST: Final = 60
"""So many of the best are listed, and whoever is chosen besides: nobody reads ten thousand rows."""


class DispatchPanel(ListPanel):
    """`show_incident(id)` follows the selection; `unit_picked` carries the unit that the officer looks at.

    D, Enter and Ctrl+Enter send whom the card recommends, or whom the officer has chosen: with digits and Space, or
    beginning from the recommendation with R. + and - raise and lower the alarm level, J solves all that waits together.
    While the list is read its order stands; U puts it right. The choice waits with its incident until it is sent.
    """

    unit_picked = Signal(str)
    sent = Signal(str)
    """The incident, once its units are on their way."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.candidates = CandidateModel()
        super().__init__(bridge, self.candidates, "dispatch", parent)
        self.candidates.setParent(self)
        self._shown = ""
        self._choice = DispatchChoice(bridge, self.candidates, self.refusal, self._name)
        self._chosen = self._choice.chosen
        self._sending = DispatchSending(bridge)
        self._order, self.rhythm = HeldOrder(self.view.hasFocus), DispatchRhythm(self)
        self._advice: Advice | None = None
        self._levels: dict[str, int] = {}
        self._party: tuple[str, ...] = ()
        self._keys = DispatchKeys(self)
        self.asking = DispatchAsking(bridge, SHOWN_MOST)
        self._rows = CandidateRows({})
        self.title, self.foot = DispatchTitle(), DispatchFoot()
        self.note, self.joint_button = self.title.note, self.title.joint_button
        self.send_button, self.clear_button = self.foot.send, self.foot.clear
        self.sent_units = SentUnits(bridge, self._call_sign, self._is_stale)
        self.moving_up = MovingUp(bridge, self._name)
        self.advice_head, self.override = AdviceHead(self._name), OverrideBar()
        self.joint = JointSheet(bridge, self._name, self)
        self.view.setItemDelegate(candidate_delegate(self.view, self._is_stale))
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        self.column.removeWidget(self.refusal)
        self.column.insertWidget(0, self.title)
        self.column.insertWidget(1, self.advice_head)
        for part in (self.refusal, self.override, self.foot, self.sent_units, self.moving_up):
            self.column.addWidget(part)

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.incidents_changed.connect(self._incidents_changed)
        bridge.units_changed.connect(lambda _keys: self._refresh_within(SOON_MS))
        bridge.roads_changed.connect(lambda _roads: self._refresh_within(SOON_MS))
        bridge.positions_changed.connect(lambda _fixes: self._refresh_within(POSITIONS_MS))
        self.rhythm.due.connect(self.refresh)
        self.rhythm.head_due.connect(self._show_advice)
        self.rhythm.is_long.connect(self.show_state)
        self.view.picked.connect(self.unit_picked)
        self.view.clicked.connect(self._clicked)
        self.view.opened.connect(lambda _unit: self.send())
        self.view.installEventFilter(self)
        self.state.installEventFilter(self)
        self.sent_units.unit_picked.connect(self.unit_picked)
        self.moving_up.picked.connect(self.unit_picked)
        self.sent_units.learned.connect(lambda: self._refresh_within(SOON_MS))
        self.send_button.clicked.connect(self.send)
        self.clear_button.clicked.connect(self.clear_choice)
        self.foot.reorder.clicked.connect(self.reorder)
        self._sending.sent.connect(self._are_sent)
        self._sending.refused.connect(self._refused)
        self.asking.advised.connect(self._advised)
        self.asking.covered.connect(self._covered)
        self.asking.failed.connect(self._not_advised)
        self.advice_head.level_chosen.connect(self.set_level)
        self.advice_head.unit_picked.connect(self.unit_picked)
        self.advice_head.move_up_ordered.connect(self._send_to_post)
        self.override.given.connect(self._send_all_the_same)
        self.override.closed.connect(self._name_button)
        self.override.closed.connect(self.view.setFocus)
        self.joint_button.clicked.connect(self.open_joint)
        self.joint.closed.connect(self.refresh)
        self.joint.told.connect(self.refusal.show_refusal)
        follow_look(self, self._show_head)

    def _is_stale(self, unit: str, now: Instant) -> bool:
        return self.is_restored and self.bridge.positions.is_stale(unit, now)

    # -- the incident --------------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        return self.bridge.desk.incidents.get(self._shown) if self._shown else None

    @property
    def chosen(self) -> tuple[str, ...]:
        """Whom the officer has chosen for the shown incident, in the order of choosing."""
        return self._chosen.of(self._shown)

    @property
    def recommended(self) -> tuple[str, ...]:
        """Whom the card would send to the shown incident."""
        advice = self._advice
        if advice is None or advice.incident.id != self._shown:
            return ()
        return tuple(unit for unit in advice.recommendation.units if self._can_go(unit))

    @property
    def to_send(self) -> tuple[str, ...]:
        """Who goes when the officer sends: his own choice, else the recommendation.

        Nobody goes in the place of those whom another desk has taken from under his hand.
        """
        return self.chosen or (() if self._choice.was_emptied(self._shown) else self.recommended)

    @property
    def is_settled(self) -> bool:
        """Is what is shown the answer to the last question, with none due?"""
        return not self.asking.is_busy and self.rhythm.is_quiet

    def show_incident(self, incident: str | None) -> None:
        """Another panel has chosen this incident; "" or None for none."""
        if (incident or "") == self._shown:
            return
        self._shown = incident or ""
        self._order.release()
        self.refusal.dismiss()
        self.override.dismiss()
        self._advice = None
        self._choice.made_anew(self._shown)
        self._keys.forget()
        self.rhythm.asked()
        self.advice_head.show_advice(None)
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
        if self.isVisible() and self._shown:
            self.rhythm.within(ms)

    def refresh(self) -> None:
        """Shows what is known and asks anew; the answer is worked out aside."""
        self.rhythm.asked()
        incident = self.incident
        can_go = incident is not None and incident.is_open
        self.sent_units.show_incident(incident if can_go else None)
        if incident is not None and can_go:
            self._ask(incident)
        else:
            self._advice = None
            self.advice_head.show_advice(None)
        self._show_rows()

    def _ask(self, incident: Incident) -> None:
        """One question at a time: what changes meanwhile is asked when it is answered."""
        besides = frozenset(self._chosen.of(incident.id))
        if not self.asking.ask(incident, self._levels.get(incident.id), besides):
            self.rhythm.within(SOON_MS)

    def _advised(self, advice: Advice) -> None:
        if advice.incident.id != self._shown:
            return
        self._advice = advice
        if not self._sending.is_sending(self._shown):
            self._choice.drop_lost(self.bridge.desk.incidents[self._shown], self._sending.why_not)
        self._show_rows()
        self.rhythm.show_head()
        self._order.answered()
        self.asking.ask_cover(advice, self.to_send)
        self._keys.do_what_was_typed()

    def _show_advice(self) -> None:
        """What stands above the list, in a turn of its own: both at once would be more than a hand notices."""
        self.advice_head.show_advice(self._advice.recommendation if self._advice is not None else None)

    def _covered(self, incident: str, cover: Coverage) -> None:
        if incident == self._shown and self._advice is not None:
            self.advice_head.show_cover(cover)

    def _not_advised(self, why: str) -> None:
        self.rhythm.failed()
        self.refusal.show_refusal("", tr("dispatch.not_advised"), why)
        self.show_state()

    def _show_rows(self) -> None:
        """The candidates of the last answer as they stand now."""
        self.candidates.show_changed(self._candidate_rows())
        best = (
            [one.unit_id for one in listed(self._advice, self.incident)]
            if self._advice and self.incident
            else []
        )
        self.foot.reorder.setVisible(has_changed(self.candidates.keys(), best))
        self._show_head()
        self._name_button()
        self.show_state()

    def _candidate_rows(self) -> dict[str, CandidateRow]:
        advice, incident = self._advice, self.incident
        if advice is None or incident is None or not incident.is_open:
            return {}
        desk, fixes = self.bridge.desk, self.bridge.positions.fixes
        marks = Marks(set(self.chosen), set(self.recommended), self.sent_units.why_left)
        places = self._order.places(self.candidates.rows())
        return rows_of(advice, incident, self._rows, desk, fixes, places, marks)

    def _can_go(self, unit: str) -> bool:
        return can_go(self.bridge.desk, unit, self.incident)

    def turn_tasks(self) -> None:
        """Unfolds what the card wants done on scene, or folds it."""
        self.advice_head.tasks.turn()

    def step_level(self, step: int) -> None:
        if self._advice is not None and self._advice.incident.id == self._shown:
            self.set_level(self._levels.get(self._shown, self._advice.recommendation.response.level) + step)

    def set_level(self, level: int) -> None:
        """Recommends for this alarm level from now on."""
        if self._shown and level in LEVELS:
            self._levels[self._shown] = level
            self.reorder()

    def reorder(self) -> None:
        """Puts the list in order, though it is being read."""
        self._order.release()
        self.refresh()

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
        self._choice_changed()

    def choose(self, units: Iterable[str]) -> None:
        """Chooses all of these that can be sent, besides who is chosen already; who cannot go is named."""
        cannot = self._choice.add(self.incident, units)
        self.refresh()
        self._choice.say_cannot_go(cannot)

    def take_recommendation(self) -> None:
        """The officer's choice begins with whom the card would send."""
        self._chosen.forget(self._shown)
        for unit in self.recommended:
            self._chosen.toggle(self._shown, unit)
        self._choice_changed()

    def _choice_changed(self) -> None:
        self._choice.made_anew(self._shown)
        self._show_rows()
        if self._advice is not None:
            self.asking.ask_cover(self._advice, self.to_send)

    def clear_choice(self) -> None:
        self._chosen.forget(self._shown)
        self._choice_changed()
        self.view.setFocus()

    def drop_choice(self) -> bool:
        """Whether there was one."""
        had_one = bool(self.chosen)
        if had_one:
            self.clear_choice()
        return had_one

    def _clicked(self, index: QModelIndex) -> None:
        self._order.touch()
        if self.candidates.columns[index.column()].id == "place":
            self.toggle(self.candidates.key_at(index.row()))

    def on_key(self, event: QKeyEvent) -> bool:
        self._order.touch()
        return self._keys.press(event)

    @property
    def is_waiting(self) -> bool:
        """Is the first answer for this incident still to come?"""
        incident = self.incident
        return incident is not None and incident.is_open and self._advice is None and not self.is_settled

    def toggle_current(self) -> None:
        if self.view.current_key is not None:
            self.toggle(self.view.current_key)

    def toggle_row(self, row: int) -> None:
        if row < self.candidates.shown_count:
            self.toggle(self.candidates.key_at(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the moment in which the list has the keyboard its digits stand, and the first one is at hand."""
        if watched is self.view and event.type() == QEvent.Type.FocusIn:
            self._order.touch()
            if self.view.current_key is None and self.candidates.shown_count:
                self.view.show_key(self.candidates.key_at(0))
        if watched is self.state and isinstance(event, QKeyEvent) and self.is_waiting:
            return event.type() == QEvent.Type.KeyPress and self.on_key(event)
        return super().eventFilter(watched, event)

    # -- sending -------------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Sends who is chosen, or recommended, in one command; where the card says no it asks why first."""
        incident, units = self.incident, self.to_send
        if incident is None or self._sending.is_sending(incident.id):
            return
        if not units and self._choice.was_emptied(incident.id):
            self._choice.say_emptied(incident.id)
            return
        if not units:
            who = number_tail(incident.number)
            self.refusal.show_refusal(who, tr("dispatch.not_sent"), tr("dispatch.choose_first"))
            return
        objections = self.bridge.app.dispatching.objections(incident, units)
        if objections:
            names = " ".join(self._call_sign(one.unit) for one in objections)
            self._party = units
            self.override.open_for(names, objection_text(objections[0]), len(units))
            self._name_button()
            return
        self._submit(incident, units)

    def _send_all_the_same(self, reason: str) -> None:
        """Those about whom it was asked, whoever would be recommended by now."""
        incident, units = self.incident, self._party
        if incident is not None and units and not self._sending.is_sending(incident.id):
            self._submit(incident, units, reason)
        self._name_button()
        self.view.setFocus()

    def _submit(self, incident: Incident, units: tuple[str, ...], reason: str = "") -> None:
        self._sending.send(incident, units, reason, self._levels.get(incident.id, 0))
        self._name_button()

    def _refused(self, incident: Incident, sentence: str) -> None:
        self.refusal.show_refusal(number_tail(incident.number), tr("dispatch.not_sent"), sentence)
        self._name_button()

    def _are_sent(self, incident: Incident) -> None:
        self._levels.pop(incident.id, None)
        self._chosen.forget(incident.id)
        self._choice.made_anew(incident.id)
        self.refusal.dismiss()
        self.reorder()
        self.sent.emit(incident.id)

    def open_joint(self) -> None:
        """All waiting incidents solved together, on a sheet beside the panel."""
        self.joint.open()

    def move_up(self) -> None:
        """Sends the unit that is proposed to its post, or says that none is."""
        if not self.advice_head.move_up.click():
            self.refusal.show_refusal("", tr("post.not_sent"), tr("post.none_proposed"))

    def _send_to_post(self, move: MoveUp) -> None:
        post = move.post
        order = OrderToPost(move.unit, self.bridge.app.new_id(), post.lat, post.lon, post.grid)
        self.submit(order, self._name(move.unit), tr("post.not_sent"))

    # -- what is said --------------------------------------------------------------------------------------------------

    def _show_head(self) -> None:
        waiting = len(self.bridge.app.dispatching.waiting()) if self.is_restored else 0
        incident = self.bridge.said(self.incident) if self.incident is not None else None
        self.title.show_incident(incident, waiting)

    def _name_button(self) -> None:
        incident, is_asking = self.incident, not self.override.isHidden()
        self.send_button.setVisible(incident is not None and incident.is_open and not is_asking)
        self.foot.name(
            [self._name(unit) for unit in self.to_send],
            incident.number if incident is not None else "",
            sending=self._sending.is_sending(self._shown),
            can_clear=bool(self.chosen) and not is_asking,
        )

    def show_state(self) -> None:
        """While an answer is as good as there the list stays, empty: no page comes and goes before it."""
        incident = self.incident
        is_awaited = incident is not None and incident.is_open and self._advice is None and self.is_restored
        if not (is_awaited and self.rhythm.keeps_silent()):
            super().show_state()

    def show_empty(self) -> None:
        incident = self.incident
        if incident is None:
            super().show_empty()
        elif incident.is_open and self.asking.is_busy:
            self.state.show_loading(tr("dispatch.working"))
        elif incident.is_open and self.asking.why_not:
            self.state.show_error(tr("dispatch.not_advised"), self.asking.why_not)
        elif not incident.is_open:
            self.state.show_empty(tr("dispatch.ended.title"), tr("dispatch.ended.hint"))
        else:
            self.state.show_empty(tr("dispatch.none.title"), tr("dispatch.none.hint"))

    # -- time and language ---------------------------------------------------------------------------------------------

    def on_tick(self) -> None:
        self.sent_units.tick(self.candidates.now)
        self.moving_up.tick()
        if self._shown and self.rhythm.is_old:
            self.refresh()

    def showEvent(self, event: Any) -> None:
        self.load()
        super().showEvent(event)

    def retranslate(self) -> None:
        """The language has changed: call signs, reasons and the button."""
        english = language() == "en"
        signs = {u.id: u.call_sign_en if english else u.call_sign_zh for u in self.bridge.district.units}
        self._rows = CandidateRows(signs)
        self.foot.retranslate()
        self.sent_units.retranslate()
        grids = {grid.code: grid.name_en if english else grid.name_zh for grid in self.bridge.district.grids}
        self.advice_head.retranslate(grids)
        self.moving_up.retranslate(grids)
        self.override.retranslate()
        self.joint.retranslate()
        super().retranslate()
        self._name_button()
