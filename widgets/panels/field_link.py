"""Owns the field link: units that are out with delivery, roll call and messages, what they ask for, their phones.

Must not decide what is overdue or refused: commands go to the bridge, and refusals come back to the panel.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain import commands as cmd
from app.domain.field_link import unread_count
from app.domain.unit import Unit
from app.i18n import language, tr
from widgets.actions import RECALL, Action, Target, Words, target_of
from widgets.bridge import Bridge
from widgets.distress import Distress
from widgets.follow_actions import CONFIRM, PRESENT, RESEND
from widgets.models.field_link import FieldModel, FieldRow, field_key, field_rows, worth_listing
from widgets.panels.field_acts import FieldActs
from widgets.panels.field_cells import field_delegate
from widgets.panels.field_requests import MOST_SHOWN, Asked, FieldRequests
from widgets.panels.field_talk import FieldTalk
from widgets.panels.list_panel import ListPanel
from widgets.panels.pairing_sheet import pair_phone
from widgets.panels.recall_bar import RecallBar
from widgets.panels.shift_head import AskLine
from widgets.panels.unit_menu import action_for, may_recall, unit_menu
from widgets.style import tokens

ROWS_LEAST = 3
"""So many units stay in sight beside a talk; a panel too low for that shows one of the two."""
TALK_PART = 5
"""The messages of one unit take this part of the panel beside the list."""
_BUTTONS = {"present": PRESENT, "confirm": CONFIRM, "resend": RESEND, "recall": RECALL}


class FieldPanel(ListPanel):
    """`unit_selected` follows the row, `dispatch_wanted` carries the incident for which more is asked."""

    unit_selected = Signal(str)
    dispatch_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.field = FieldModel()
        super().__init__(bridge, self.field, "field", parent)
        self.field.setParent(self)
        self.view.setItemDelegate(field_delegate(self.view))
        self.requests, self.acts = FieldRequests(), FieldActs()
        self.talk = FieldTalk(bridge.app.field_limits.desk_phrases)
        self.why, self.recall_bar = AskLine(), RecallBar()
        self._unit = ""
        """Whom the talk is with; also one that is on no incident."""
        self._is_talking = False
        """Whether the officer asked for the talk; where there is room it stands beside the list anyway."""
        self._asking: set[str] = set()
        self._distress = Distress(bridge, self)
        self._signs: dict[str, str] = {}
        self.column.insertWidget(0, self.requests)
        for part in (self.acts, self.why, self.recall_bar, self.talk):
            self.column.addWidget(part)
        self._connect()
        self.begin()

    def _connect(self) -> None:
        self.bridge.units_changed.connect(self._units_changed)
        self.bridge.incidents_changed.connect(self._incidents_changed)
        self._distress.changed.connect(self._units_changed)
        self.view.picked.connect(self._picked)
        self.view.opened.connect(lambda _key: self.write())
        self.view.menu_wanted.connect(self._open_menu)
        self.talk.said.connect(self._say)
        self.talk.phones_wanted.connect(self.pair)
        self.requests.dispatch_wanted.connect(self.dispatch_wanted)
        self.requests.settled.connect(self._settle)
        self.requests.left.connect(self.view.setFocus)
        self.acts.wanted.connect(self._pressed)
        self.why.given.connect(self._pause)
        self.why.left.connect(self.view.setFocus)
        self.recall_bar.recall_wanted.connect(self._recall)
        self.recall_bar.closed.connect(self.view.setFocus)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        desk = self.bridge.desk
        self._signs = self._call_signs()
        self._asking = {key for key, one in desk.incidents.items() if one.open_requests and one.is_open}
        self._put([*worth_listing(desk), *self._distress.units])
        self._show_requests()

    def _call_signs(self) -> dict[str, str]:
        english = language() == "en"
        return {u.id: u.call_sign_en if english else u.call_sign_zh for u in self.bridge.district.units}

    def _sign(self, unit: Unit) -> str:
        return self._signs.get(unit.id, unit.call_sign)

    def _units_changed(self, keys: Iterable[str]) -> None:
        if self.is_restored:
            self._put(keys)

    def _incidents_changed(self, keys: Iterable[str]) -> None:
        """Asked for, met or turned down, or over."""
        incidents, before = self.bridge.desk.incidents, set(self._asking)
        for key in keys:
            one = incidents.get(key)
            wanted = one is not None and one.is_open and bool(one.open_requests)
            (self._asking.add if wanted else self._asking.discard)(key)
        if self._asking or before:
            self._show_requests()

    def _put(self, keys: Iterable[str]) -> None:
        desk, now = self.bridge.desk, self.bridge.clock.now()
        units = {key: desk.units[key] for key in keys if key in desk.units}
        rows = field_rows(desk, units, self.bridge.app.field_limits, now, self._sign, self._distress.units)
        place = self._place_of_chosen()
        self.field.drop([key for key in self._keys_of(units) if key not in rows])
        self.field.put({key: row for key, row in rows.items() if self.field.get(key) != row})
        if self._place_of_chosen() != place:
            self.view.scrollTo(self.view.currentIndex())
        self._show_chosen()

    def _place_of_chosen(self) -> int:
        """Where the row stands whose buttons are shown; what has moved away is followed, or one acts unseen."""
        return self.view.currentIndex().row()

    def _keys_of(self, units: Container[str]) -> list[str]:
        shown = self.field.keys()
        return [key for key in shown if key.partition("\n")[0] in units]

    def on_tick(self) -> None:
        """What has become overdue by time alone."""
        if self.is_restored:
            self._put({row.unit.id for row in self.field.rows()})

    def _show_requests(self) -> None:
        """What stands open, wherever who asked is by now."""
        if not self.is_restored:
            return
        desk = self.bridge.desk
        asked = [
            Asked(incident, request, self._sign(desk.units[request.unit]))
            for incident in (desk.incidents[key] for key in sorted(self._asking))
            for request in incident.open_requests
            if request.unit in desk.units
        ]
        self.requests.show_requests(asked)
        self._fit()

    # -- the chosen one ------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> FieldRow | None:
        key = self.view.current_key
        return self.field.get(key) if key is not None else None

    def select(self, unit: str | None) -> None:
        """Another panel has chosen this unit."""
        if unit is None or unit == self._unit:
            return
        self._unit = unit
        self.view.show_key(next(iter(self._keys_of((unit,))), None))
        self._show_chosen()

    def _picked(self, key: str) -> None:
        row = self.field.get(key)
        if row is None:
            self._show_chosen()
            return
        self._unit = row.unit.id
        self._show_chosen()
        self.unit_selected.emit(row.unit.id)
        self._read()

    def _read(self) -> None:
        """What stands before the officer's eyes he has read."""
        unit = self.bridge.desk.units.get(self._unit)
        if self.talk.isVisible() and unit is not None and unread_count(unit.messages):
            self.bridge.submit(cmd.ReadUnitMessages(unit.id))

    def _show_chosen(self) -> None:
        row = self.chosen
        unit = self.bridge.desk.units.get(self._unit) if self.is_restored else None
        sign, offset_min = self._sign(unit) if unit else "", self.bridge.district.utc_offset_min
        self.talk.show_unit(unit, sign, offset_min, is_listed=row is not None)
        possible: set[str] = {"write"} if unit is not None else set()
        if row is not None:
            possible |= {name for name, action in _BUTTONS.items() if self._may(action, row)}
            possible |= {"pause"} if row.roll is not None else set()
        self.acts.offer(possible, is_paused=_is_paused(row))
        self._fit()

    def _may(self, action: Action, row: FieldRow) -> bool:
        target = self._target(row)
        return may_recall(target) if action is RECALL else action.enabled(target)

    def _target(self, row: FieldRow) -> Target:
        return target_of(self.bridge.desk, row.incident or None, row.unit.id)

    # -- room ----------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """List and talk beside each other where both can be read, else the one that the officer is at."""
        has_unit = self._unit in self.bridge.desk.units if self.is_restored else False
        is_roomy = self.height() >= self._needed_px()
        self.requests.show_at_most(MOST_SHOWN if is_roomy else 1)
        self.pages.setMinimumHeight(self._rows_px() if is_roomy else 0)
        shows_talk = has_unit and (is_roomy or self._is_talking)
        self.talk.give_lines(self.height() // TALK_PART if is_roomy else self.height())
        self.talk.setVisible(shows_talk)
        self.pages.setVisible(is_roomy or not shows_talk)
        self.acts.buttons["write"].setVisible(has_unit and not shows_talk)

    def _rows_px(self) -> int:
        look, head = tokens(), self.view.horizontalHeader().sizeHint().height()
        return head + ROWS_LEAST * look.size_row + 2 * look.size_focus_ring

    def _needed_px(self) -> int:
        others = (self.refusal, self.acts, self.why, self.recall_bar)
        others_px = sum(_tall_px(part, self.width()) for part in others if not part.isHidden())
        return self._rows_px() + self.requests.tall_px() + others_px + self.talk.minimumSizeHint().height()

    def _open_talk(self) -> None:
        self._is_talking = True
        self._fit()
        self._read()

    def next_unread(self) -> None:
        """To the unit that wrote first of those whom nobody has read."""
        rows = {field_key(row.unit.id, row.incident): row for row in self.field.rows()}
        waiting = [key for key, row in rows.items() if row.unread]
        if waiting:
            self.view.show_key(waiting[0])
            self._is_talking = True
            self._picked(waiting[0])

    def _close_talk(self) -> None:
        self._is_talking = False
        self._fit()
        self.view.setFocus()

    # -- acting --------------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        act = {
            Qt.Key.Key_M: self.write,
            Qt.Key.Key_F: self.open_phrases,
            Qt.Key.Key_J: self.ask_pause,
            Qt.Key.Key_D: self._ask_dispatch,
            Qt.Key.Key_R: self._go_to_requests,
            Qt.Key.Key_P: lambda: self.pair(self._unit),
        }.get(Qt.Key(event.key()))
        action = action_for(event)
        if act is not None:
            act()
        elif action is not None:
            self.act(action)
        else:
            return False
        return True

    def _pressed(self, name: str) -> None:
        if name in _BUTTONS:
            self.act(_BUTTONS[name])
        elif name == "pause":
            self.ask_pause()
        else:
            self.write()

    def act(self, action: Action) -> None:
        """Does an action with the chosen unit, or says why not."""
        row = self.chosen
        if row is None or not self._may(action, row):
            self._say_why_not(action.id, action.title())
        elif action is RECALL:
            where = row.number if row.incident else tr("post.place")
            self.recall_bar.open_for(row.unit.id, row.call_sign, row.incident, where)
            self._fit()
        elif action.command is not None:
            self.submit(action.command(self._target(row), Words()), row.call_sign, action.title())

    def _say_why_not(self, act: str, title: str) -> None:
        """A key that does nothing says so; `act` names the sentence of whoever is chosen and cannot."""
        row = self.chosen
        known = row is not None or (act in _OF_ANY_UNIT and self._unit)
        who = row.call_sign if row is not None else ""
        self.refusal.show_refusal(who, title, tr(f"field.not.{act}" if known else "field.not.chosen"))
        self._fit()

    def _recall(self, unit: str, incident: str, reason: str) -> None:
        sign = self._sign(self.bridge.desk.units[unit])
        command = cmd.RecallUnit(incident, unit, reason) if incident else cmd.RecallFromPost(unit, reason)
        self.submit(command, sign, RECALL.title())

    def _ask_dispatch(self) -> None:
        row = self.chosen
        if row is not None and row.incident:
            self.dispatch_wanted.emit(row.incident)
        else:
            self._say_why_not("dispatch", tr("field.request.dispatch"))

    def _go_to_requests(self) -> None:
        """To the answers of the first request; Tab goes on to the others, Escape comes back."""
        if not self.requests.take_keyboard():
            self.refusal.show_refusal("", tr("field.request.open"), tr("field.not.requests"))
            self._fit()

    def ask_pause(self) -> None:
        """Pausing asks why first; a paused roll call goes on at once."""
        row = self.chosen
        if row is None or row.roll is None:
            self._say_why_not("pause", tr("field.act.pause"))
        elif _is_paused(row):
            command = cmd.ResumeRollCall(row.unit.id, row.incident)
            self.submit(command, row.call_sign, tr("field.act.resume"))
        else:
            self.why.ask(f"{row.unit.id}\n{row.incident}", tr("field.pause.why"))
            self._fit()

    def _pause(self, key: str, reason: str) -> None:
        unit, _, incident = key.partition("\n")
        sign = self._sign(self.bridge.desk.units[unit])
        self.submit(cmd.PauseRollCall(unit, incident, reason), sign, tr("field.act.pause"))
        self.view.setFocus()

    # -- the talk ------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """To the line in which the officer writes to the chosen unit."""
        if self._unit not in self.bridge.desk.units:
            self._say_why_not("write", tr("field.column.messages"))
            return
        self._open_talk()
        self.talk.line.setFocus()

    def open_phrases(self) -> None:
        """To the canned words."""
        if self._unit not in self.bridge.desk.units:
            self._say_why_not("write", tr("field.column.messages"))
            return
        self._open_talk()
        self.talk.open_phrases()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.talk.line.hasFocus():
            self._close_talk()
        else:
            super().keyPressEvent(event)

    def _say(self, text: str, asks_reading: bool) -> None:
        unit = self.bridge.desk.units[self._unit]
        message = cmd.MessageUnit(unit.id, self.bridge.app.new_id(), text, unit.incident or "", asks_reading)
        self.submit(message, self._sign(unit), tr("field.column.messages"))
        self._read()

    def _settle(self, incident: str, request: str, met: bool, reason: str) -> None:
        self.submit(
            cmd.SettleForceRequest(incident, request, met, reason),
            "",
            tr("field.request.met" if met else "field.request.refuse"),
        )

    def pair(self, unit: str) -> None:
        """Opens the sheet that pairs phones with a unit."""
        known = self.bridge.desk.units.get(unit)
        if known is None:
            self._say_why_not("write", tr("field.phone.offer"))
        else:
            pair_phone(self.bridge, self, unit, self._sign(known))

    # -- menu and language ---------------------------------------------------------------------------------------------

    def _open_menu(self, key: str, at: QPoint) -> None:
        row = self.field.get(key)
        if row is None:
            return
        menu = unit_menu(self, self._target(row), self.act, pair=lambda: self.pair(row.unit.id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def retranslate(self) -> None:
        """The language has changed."""
        self.talk.retranslate()
        self.acts.retranslate()
        self.recall_bar.retranslate()
        super().retranslate()
        self._show_chosen()


_OF_ANY_UNIT = frozenset({"write"})


def _tall_px(part: QWidget, width_px: int) -> int:
    return part.heightForWidth(width_px) if part.hasHeightForWidth() else part.sizeHint().height()


def _is_paused(row: FieldRow | None) -> bool:
    return row is not None and row.roll is not None and row.roll.state == "paused"
