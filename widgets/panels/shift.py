"""The shift: the brief that makes itself, the duty plan, patrols, and the hand-over signed by both leads.

Owns what is shown of them and what its keys ask for. Must not decide who may sign nor what a brief says: commands go to
the bridge, and refusals come back here.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain import commands as cmd
from app.domain.instants import Instant
from app.domain.patrol import PatrolRound
from app.domain.shift import BY_HAND, DONE, Shift
from app.i18n import tr
from app.projections.shift_brief import Brief
from app.service.roster import Known
from app.service.shift_desk import ShiftDesk
from widgets.bridge import Bridge
from widgets.panels.shift_brief_words import brief_rows
from widgets.panels.shift_head import BUTTONS, PAGES, AskLine, ShiftHead
from widgets.panels.shift_import import ShiftImport
from widgets.panels.shift_patrol_words import patrol_rows, tick_time
from widgets.panels.shift_print import ShiftPrint, file_name
from widgets.panels.shift_reveal import ShiftReveal
from widgets.panels.shift_sign import SignForm
from widgets.panels.shift_turns import TURN, ShiftTurns
from widgets.panels.shift_words import ShiftWords
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.empty_state import EmptyState
from widgets.parts.refusal_bar import RefusalBar
from widgets.parts.section_list import SectionList, SectionRow
from widgets.style import tokens

RENEW_TICKS: Final = 5
"""The brief is made anew every so many seconds while it is seen."""
PAST: Final = "past"
_KEYS: Final = {key: name for name, key in BUTTONS.items()} | {"=": "on"}


class ShiftPanel(QWidget):
    """`thing_wanted` carries what a line opens: its kind and its key."""

    thing_wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.brief: Brief | None = None
        self._words = ShiftWords(bridge)
        self._people: dict[str, Known] = {}
        self._days_ahead = self._ticks = 0
        self._making = self._again = self._of_running = False
        self._failure = ""
        self.setProperty("panel", True)
        self.head, self.line, self.form = ShiftHead(), AskLine(), SignForm()
        self.refusal, self.told = RefusalBar(tr("common.dismiss")), ElidedLabel("", "body", second=True)
        self.view, self.state, self.pages = SectionList(), EmptyState(), QStackedWidget()
        self.printing = ShiftPrint(bridge, self._printed, lambda: self._words, self)
        self.importing = ShiftImport(bridge, self)
        self.revealing = ShiftReveal(bridge, self.desk, self)
        self.turns = ShiftTurns(bridge, self.view, lambda: self._words, self._submit, self._refuse)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.state.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for page in (self.view, self.state):
            self.pages.addWidget(page)
        told = QHBoxLayout()
        told.setContentsMargins(tokens().space_s, 0, tokens().space_s, 0)
        told.addWidget(self.told)
        column.addWidget(self.head)
        column.addLayout(told)
        column.addWidget(self.line)
        column.addWidget(self.pages, 1)
        column.addWidget(self.refusal)
        column.addWidget(self.form)
        self.told.hide()
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.restored.connect(self.renew)
        bridge.ticked.connect(self._tick)
        bridge.shifts_changed.connect(self._changed)
        self.head.wanted.connect(self.act)
        self.head.page_wanted.connect(self._turned)
        self.view.chosen.connect(self._open)
        self.line.given.connect(self._line_given)
        self.line.left.connect(self.view.setFocus)
        self.form.signed.connect(self._sign)
        self.form.left.connect(self.view.setFocus)
        self.printing.told.connect(self._tell)
        self.printing.failed.connect(partial(self._refuse, "print"))
        self.revealing.told.connect(self._tell)
        self.revealing.gone.connect(partial(self._tell, ""))
        self.revealing.failed.connect(partial(self._refuse, "reveal"))
        self.view.moved.connect(self._keep_revealed)
        self.importing.adopted.connect(self._adopted)
        self.importing.refused.connect(self._show_page)
        self.state.action_triggered.connect(lambda: self.act("import"))

    @property
    def desk(self) -> ShiftDesk:
        return self.bridge.app.shifts

    @property
    def shift(self) -> Shift:
        """The shift of the brief in front."""
        assert self.brief is not None
        span = self.brief.span.id
        return self.bridge.desk.shifts.get(span) or Shift(span)

    # -- keeping up ----------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Makes the brief anew, aside; asked for meanwhile it is made once more."""
        if not self.bridge.app.is_restored:
            self._show_page()
        elif self._making:
            self._again = True
        else:
            self._making = True
            self.bridge.fetch(self._read(), self._take, self._fail)

    async def _read(self) -> tuple[Brief, dict[str, Known]]:
        brief = await self.desk.brief(self.bridge.clock.now(), running=self._of_running)
        return brief, await self.desk.roster.masked()

    def _take(self, read: tuple[Brief, dict[str, Known]]) -> None:
        if not isValid(self):
            return
        self._making, self._failure = False, ""
        self.brief, self._people = read
        self._words.people = self._people
        self._show_page()
        self._once_more()

    def _fail(self, why: str) -> None:
        if isValid(self):
            self._making, self._failure = False, why
            self._show_page()
            self._once_more()

    def _once_more(self) -> None:
        if self._again:
            self._again = False
            self.renew()

    def _changed(self, _streams: object) -> None:
        self.renew()

    def _keep_revealed(self) -> None:
        kind, key = self.view.current_key
        self.revealing.keep(key if kind == "turn" else "", self.bridge.clock.now())

    def _tick(self, _now: Instant) -> None:
        self._ticks += 1
        self._keep_revealed()
        if self.isVisible() and self._ticks % RENEW_TICKS == 0:
            self.renew()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.renew()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_page(self) -> None:
        self.head.show_page()
        self.form.setVisible(self.head.page == "brief" and self.brief is not None)
        if self._failure:
            self.state.show_error(tr("shift.error.title"), self._failure)
        elif self.brief is None:
            self.state.show_loading(tr("shift.loading.title"))
        else:
            self._show_head(self.brief)
            if rows := getattr(self, f"_{self.head.page}_rows")():
                self.view.show_rows(rows)
                self._turn_to(self.view)
                return
        self._turn_to(self.state)

    def _turned(self, _page: int) -> None:
        """What was told or refused stood on the page before."""
        self._tell("")
        self.refusal.dismiss()
        self._show_page()

    def _turn_to(self, page: QWidget) -> None:
        """The keyboard stays with what is in front."""
        had_keyboard = self.view.hasFocus() or self.state.hasFocus()
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if had_keyboard:
            page.setFocus()

    def _show_head(self, brief: Brief) -> None:
        now, shift = self.bridge.clock.now(), self.shift
        self.head.title.set_text(tr("shift.title", span=self._words.span(brief)))
        of_brief = self.head.page == "brief"
        self.head.state.setText(self._words.state(brief, shift, now, of_brief=of_brief))
        has_other = self.desk.span(now) != self.desk.running_span(now)
        self.head.show_other(self._of_running if has_other else None)
        self.head.figures.setText(self._words.figures(brief))
        self.head.buttons["sign"].setEnabled(shift.waits_for != DONE)
        self.form.show_state(shift.waits_for, self._words.signed(shift, now))
        wanted = self.desk.proposal(now)
        names = self._words.place_names
        self.head.show_proposal(names(wanted.sign_on), names(wanted.sign_off))

    def _brief_rows(self) -> list[SectionRow]:
        assert self.brief is not None
        if not self.brief.lines and self.brief.changes is None:
            self.state.show_empty(tr("shift.clear.title"), tr("shift.clear.hint"))
            return []
        return brief_rows(self._words, self.brief)

    def _duty_rows(self) -> list[SectionRow]:
        turns = self.bridge.desk.duty
        if not turns and not self.importing.faults:
            self.state.show_empty(
                tr("shift.duty.empty.title"), tr("shift.duty.empty.hint"), tr("shift.act.import")
            )
            return []
        now, rest_ms = self.bridge.clock.now(), self.desk.shift_limits.rest_ms
        return [*self.importing.rows(), *self._words.duty_rows(turns, now, self._days_ahead, rest_ms)]

    def _patrol_rows(self) -> list[SectionRow]:
        rounds, now = self._rounds(), self.bridge.clock.now()
        if not rounds:
            self.state.show_empty(tr("shift.patrol.empty.title"), tr("shift.patrol.empty.hint"))
            return []
        grace_ms = self.desk.shift_limits.grace_ms
        return patrol_rows(self._words, rounds, self.bridge.desk.patrols, now, grace_ms)

    def _rounds(self) -> list[PatrolRound]:
        """Of the shift in hand and of the one that runs: a late hand-over hides no round that has an alarm."""
        assert self.brief is not None
        span, running = self.brief.span, self.desk.running_span(self.bridge.clock.now())
        return self.desk.rounds(span.begins_at, max(span.ends_at, running.ends_at))

    def _round(self, patrol_round: str) -> PatrolRound | None:
        return next((each for each in self._rounds() if each.id == patrol_round), None)

    def _past_rows(self) -> list[SectionRow]:
        """Hand-overs that were signed; each can be printed again as it was."""
        past, now = self.desk.past(), self.bridge.clock.now()
        if not past:
            self.state.show_empty(tr("shift.past.empty.title"), tr("shift.past.empty.hint"))
        return [
            SectionRow(
                "row",
                self._words.of_span(self.desk.span_of(one.id)),
                (PAST, one.id),
                self._words.signed(one, now),
            )
            for one in past
        ]

    # -- keys ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            super().keyPressEvent(event)
        elif event.text() in ("1", "2", "3", "4"):
            self.head.turn_to(int(event.text()) - 1)
        elif event.key() == Qt.Key.Key_Delete:
            self._settle_note()
        elif event.text().upper() in _KEYS:
            self.act(_KEYS[event.text().upper()])
        else:
            super().keyPressEvent(event)

    def act(self, what: str) -> None:
        """Does what a button or its key means; on another page than its own it turns there first."""
        if self.brief is None:
            return
        doing = {
            "note": lambda: self.line.ask("note", tr("shift.note.placeholder")),
            "print": self._ask_print,
            "import": self._ask_file,
            "sign": self._go_to_form,
            "propose": self.turns.confirm_proposal,
            "day": self._turn_day,
            "on": lambda: self.turns.sign(on=True),
            "off": lambda: self.turns.sign(on=False),
            "reveal": lambda: self.turns.ask_reveal(self.line),
            "check": self._ask_check,
            "other": self._turn_shift,
        }
        doing[what]()

    def _go_to_form(self) -> None:
        self.head.turn_to(PAGES.index("brief"))
        self.form.take_keyboard()

    def _turn_shift(self) -> None:
        """Between the shift that is still to be signed and the one that runs."""
        now = self.bridge.clock.now()
        if self.desk.span(now) != self.desk.running_span(now):
            self._of_running = not self._of_running
            self.renew()

    def _turn_day(self) -> None:
        self._days_ahead = 1 - self._days_ahead
        self._show_page()

    def _open(self, kind: str, key: str) -> None:
        if kind == "turn":
            unit = key.split("/")[2]
            kind, key = "unit", unit
        if kind == PAST:
            self._ask_print()
        elif kind and key:
            self.thing_wanted.emit(kind, key)

    # -- notes and check points ----------------------------------------------------------------------------------------

    def _line_given(self, what: str, text: str) -> None:
        self.view.setFocus()
        if what == "note":
            now = self.bridge.clock.now()
            shift = self.desk.running(now) if self.shift.waits_for == DONE else self.shift.id
            command: cmd.Command = cmd.NoteForNextShift(shift, self.bridge.app.new_id(), text)
            self._submit(command, "note")
        elif what.startswith(TURN):
            self.turns.reveal(what.removeprefix(TURN), text, self.revealing)
        else:
            patrol_round, _, point = what.rpartition(":")
            self._check(patrol_round, point, text)

    def _settle_note(self) -> None:
        kind, key = self.view.current_key
        shift = next(
            (s.id for s in self.bridge.desk.shifts.values() if any(n.id == key for n in s.notes)), None
        )
        if kind == "note" and shift is not None:
            self._submit(cmd.SettleShiftNote(shift, key), "settle")
        else:
            self._refuse("settle", tr("shift.not.note"))

    def _ask_check(self) -> None:
        kind, key = self.view.current_key
        if kind == "patrol" and self.brief is not None:
            patrol_round, _, point = key.rpartition(":")
            known, name = self._round(patrol_round), self._words.point(point)
            when = known and tick_time(known, self.bridge.clock.now())
            text = tr(f"shift.check.{when or 'placeholder'}", point=name)
            self._refuse("check", text) if when == "early" else self.line.ask(key, text)
        else:
            self._refuse("check", tr("shift.not.point"))

    def _check(self, patrol_round: str, point: str, reason: str) -> None:
        known = self._round(patrol_round)
        if known is not None:
            self._submit(cmd.CheckPatrolPoint(patrol_round, point, known.plan.unit, BY_HAND, reason), "check")

    # -- duty ----------------------------------------------------------------------------------------------------------

    def _ask_file(self) -> None:
        self.head.turn_to(PAGES.index("duty"))
        self.importing.ask()

    def _adopted(self, count: int) -> None:
        self._tell(tr("shift.duty.imported", count=count))
        self.renew()

    @property
    def dialog(self) -> QFileDialog | None:
        """The one that asks for a duty plan, while it is open."""
        return self.importing.dialog

    def read_plan(self, path: Path) -> None:
        """Imports a duty plan from a file."""
        self.importing.read(path)

    # -- signing and printing ------------------------------------------------------------------------------------------

    def _sign(self, name: str, again: str, role: str) -> None:
        """What is signed is what was seen: the brief in front."""
        if self.brief is None:
            return
        self.form.set_busy(True)
        signing = self.desk.sign(name, again, role, self.brief, self.bridge.app.context())
        self.bridge.fetch(signing, self._signed, self._not_signed)

    def _signed(self, _which: str) -> None:
        if isValid(self):
            self.form.set_busy(False)
            self.refusal.dismiss()
            self.renew()
            self.view.setFocus()

    def _not_signed(self, why: str) -> None:
        if isValid(self):
            self.form.set_busy(False)
            self._refuse("sign", why)
            self.form.take_keyboard()

    def _ask_print(self) -> None:
        """Of the shift in front, or of the past one that the keyboard is on."""
        kind, key = self.view.current_key
        if self.head.page != "past":
            self.printing.ask(file_name(self.bridge, self.shift.id))
        elif kind == PAST:
            self.printing.ask(file_name(self.bridge, key), key)
        else:
            self._refuse("print", tr("shift.past.choose" if self.desk.past() else "shift.past.empty.title"))

    def _printed(self) -> Brief | None:
        """What was signed last, where anybody has signed."""
        return self.brief and (self.brief.signed or self.brief)

    # -- saying it -----------------------------------------------------------------------------------------------------

    def _submit(self, command: cmd.Command, what: str, who: str = "") -> None:
        def answered(sentence: str | None) -> None:
            if not isValid(self):
                return
            if sentence is not None:
                self._refuse(what, sentence, who)
            else:
                self.refusal.dismiss()

        self.bridge.submit(command, answered)

    def _refuse(self, what: str, why: str, who: str = "") -> None:
        self._tell("")
        self.refusal.show_refusal(who or tr("console.dock.shift"), tr(f"shift.what.{what}"), why)

    def _tell(self, text: str) -> None:
        self.told.set_text(text)
        self.told.setVisible(bool(text))

    def retranslate(self) -> None:
        """The language has changed."""
        self._words = ShiftWords(self.bridge)
        self._words.people = self._people
        self.head.retranslate()
        self.form.retranslate()
        self._tell("")
        self._show_page()
