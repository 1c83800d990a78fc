"""Owns the field link: units that are out with delivery, roll call and messages, what they ask for, their phones.

Must not decide what is overdue or refused: commands go to the bridge, and refusals come back to the panel.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.domain import commands as cmd
from app.domain.unit import Unit
from app.i18n import language, tr
from widgets.actions import Action, Target, Words, action_for_key, target_of
from widgets.bridge import Bridge
from widgets.follow_actions import CONFIRM, FOLLOW_ACTIONS, PRESENT, RESEND
from widgets.models.field_link import FieldModel, FieldRow, busy, field_rows
from widgets.panels.field_cells import field_delegate
from widgets.panels.field_requests import Asked, FieldRequests
from widgets.panels.field_talk import FieldTalk
from widgets.panels.list_panel import ListPanel, head_margins
from widgets.style import tokens


class FieldPanel(ListPanel):
    """`unit_selected` follows the row, `dispatch_wanted` carries the incident for which more is asked."""

    unit_selected = Signal(str)
    dispatch_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.field = FieldModel()
        super().__init__(bridge, self.field, "field", parent)
        self.field.setParent(self)
        self.view.setItemDelegate(field_delegate(self.view))
        self.requests, self.talk = FieldRequests(), FieldTalk(bridge.app.field_limits.desk_phrases)
        self.buttons = {name: QPushButton() for name in ("present", "confirm", "resend", "pause")}
        self.why = QLineEdit()
        self._pausing: FieldRow | None = None
        self._unit = ""
        """Whom the talk is with; also one that is on no incident."""
        self._signs: dict[str, str] = {}
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        look = tokens()
        row = QHBoxLayout()
        row.setContentsMargins(*head_margins())
        row.setSpacing(look.space_xs)
        for button in self.buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        self.why.hide()
        self.column.insertWidget(0, self.requests)
        self.column.addLayout(row)
        self.column.addWidget(self.why)
        self.column.addWidget(self.talk)

    def _connect(self) -> None:
        self.bridge.units_changed.connect(self._units_changed)
        self.bridge.incidents_changed.connect(self._incidents_changed)
        self.view.picked.connect(self._picked)
        self.view.opened.connect(self._picked)
        self.view.clicked.connect(lambda index: self._picked(self.field.key_at(index.row())))
        self.talk.said.connect(self._say)
        self.talk.code_wanted.connect(self._offer_code)
        self.talk.revoke_wanted.connect(self._revoke)
        self.requests.dispatch_wanted.connect(self.dispatch_wanted)
        self.requests.settled.connect(self._settle)
        self.why.returnPressed.connect(self._pause)
        for name, action in (("present", PRESENT), ("confirm", CONFIRM), ("resend", RESEND)):
            self.buttons[name].clicked.connect(lambda _checked=False, action=action: self.act(action))
        self.buttons["pause"].clicked.connect(self.ask_pause)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        self._signs = self._call_signs()
        self._put(busy(self.bridge.desk))
        self._show_requests()

    def _call_signs(self) -> dict[str, str]:
        english = language() == "en"
        return {u.id: u.call_sign_en if english else u.call_sign_zh for u in self.bridge.district.units}

    def _sign(self, unit: Unit) -> str:
        return self._signs.get(unit.id, unit.call_sign)

    def _units_changed(self, keys: Iterable[str]) -> None:
        if self.is_restored:
            self._put(keys)
            if self.requests.lines:
                self._show_requests()

    def _incidents_changed(self, keys: Iterable[str]) -> None:
        incidents = self.bridge.desk.incidents
        if self.requests.lines or any(incidents[key].requests for key in keys if key in incidents):
            self._show_requests()

    def _put(self, keys: Iterable[str]) -> None:
        desk, now = self.bridge.desk, self.bridge.clock.now()
        units = {key: desk.units[key] for key in keys if key in desk.units}
        rows = field_rows(desk, units, self.bridge.app.field_limits, now, self._sign)
        self.field.drop([key for key in self._keys_of(units) if key not in rows])
        self.field.put({key: row for key, row in rows.items() if self.field.get(key) != row})
        self._show_chosen()

    def _keys_of(self, units: Container[str]) -> list[str]:
        shown = self.field.keys()
        return [key for key in shown if key.partition("\n")[0] in units]

    def on_tick(self) -> None:
        """What has become overdue by time alone."""
        if self.is_restored:
            self._put({row.unit.id for row in self.field.rows()})

    def _show_requests(self) -> None:
        """Only incidents with a unit on them can ask for more."""
        if not self.is_restored:
            return
        desk = self.bridge.desk
        at_work = {held.incident for key in busy(desk) for held in desk.units[key].assignments}
        asked = [
            Asked(incident, request, self._sign(desk.units[request.unit]))
            for incident in (desk.incidents[key] for key in sorted(at_work))
            for request in incident.open_requests
            if request.unit in desk.units
        ]
        self.requests.show_requests(asked)

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
        if row is not None:
            self._unit = row.unit.id
        self._show_chosen()
        if row is not None:
            self.unit_selected.emit(row.unit.id)
            self._read(row.unit)

    def _read(self, unit: Unit) -> None:
        """By choosing its row, also the one that is chosen already, and by answering."""
        if any(message.from_unit and not message.is_read for message in unit.messages):
            self.bridge.submit(cmd.ReadUnitMessages(unit.id))

    def _show_chosen(self) -> None:
        row = self.chosen
        unit = self.bridge.desk.units.get(self._unit) if self.is_restored else None
        self.talk.show_unit(unit, self._sign(unit) if unit else "", self.bridge.district.utc_offset_min)
        for name, action in (("present", PRESENT), ("confirm", CONFIRM), ("resend", RESEND)):
            self.buttons[name].setEnabled(row is not None and action.enabled(self._target(row)))
        paused = row is not None and row.roll is not None and row.roll.state == "paused"
        self.buttons["pause"].setText(f"{tr('field.act.resume' if paused else 'field.act.pause')}  J")
        self.buttons["pause"].setEnabled(row is not None and row.roll is not None)

    def _target(self, row: FieldRow) -> Target:
        return target_of(self.bridge.desk, row.incident, row.unit.id)

    # -- acting --------------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() == Qt.Key.Key_M:
            self.talk.line.setFocus()
        elif event.key() == Qt.Key.Key_J:
            self.ask_pause()
        elif event.key() == Qt.Key.Key_D and self.chosen is not None:
            self.dispatch_wanted.emit(self.chosen.incident)
        else:
            action = action_for_key(FOLLOW_ACTIONS, QKeySequence(event.key()).toString())
            if action is None:
                return False
            self.act(action)
        return True

    def act(self, action: Action) -> None:
        """Does an action with the chosen unit; nothing where it makes no sense."""
        row = self.chosen
        if row is not None and action.command is not None and action.enabled(self._target(row)):
            self.submit(action.command(self._target(row), Words()), row.call_sign, action.title())

    def ask_pause(self) -> None:
        """Pausing asks why first; a paused roll call goes on at once."""
        row = self.chosen
        if row is None or row.roll is None:
            return
        if row.roll.state == "paused":
            command = cmd.ResumeRollCall(row.unit.id, row.incident)
            self.submit(command, row.call_sign, tr("field.act.resume"))
            return
        self._pausing = row
        self.why.clear()
        self.why.show()
        self.why.setFocus()

    def _pause(self) -> None:
        row, reason = self._pausing, self.why.text().strip()
        if row is None or not reason:
            return
        command = cmd.PauseRollCall(row.unit.id, row.incident, reason)
        self.submit(command, row.call_sign, tr("field.act.pause"))
        self._end_asking()

    def _end_asking(self) -> None:
        self._pausing = None
        self.why.hide()
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.why.isHidden():
            self._end_asking()
        elif event.key() == Qt.Key.Key_Escape and self.talk.line.hasFocus():
            self.view.setFocus()
        else:
            super().keyPressEvent(event)

    def _say(self, text: str) -> None:
        unit = self.bridge.desk.units[self._unit]
        message = cmd.MessageUnit(unit.id, self.bridge.app.new_id(), text, unit.incident or "")
        self.submit(message, self._sign(unit), tr("field.column.messages"))
        self._read(unit)

    def _settle(self, incident: str, request: str, met: bool, reason: str) -> None:
        self.submit(
            cmd.SettleForceRequest(incident, request, met, reason),
            "",
            tr("field.request.met" if met else "field.request.refuse"),
        )

    def _offer_code(self, unit: str) -> None:
        """The code is told to the unit by voice; it stands nowhere else."""
        following = self.bridge.app.following
        codes = following.codes if following is not None else None
        if codes is None:
            self.talk.show_code(tr("field.phone.off"))
            return
        context = self.bridge.app.context()
        code = codes.offer(unit, context.actor, context.occurred_at)
        sign = self._sign(self.bridge.desk.units[unit])
        self.talk.show_code(tr("field.phone.code", unit=sign, code=code))

    def _revoke(self, unit: str) -> None:
        following = self.bridge.app.following
        if following is not None and following.codes is not None:
            following.codes.revoke(unit)
        sign = self._sign(self.bridge.desk.units[unit])
        self.submit(cmd.UnpairPhones(unit, tr("field.phone.revoked")), sign, tr("field.phone.offer"))

    def retranslate(self) -> None:
        """The language has changed."""
        self.talk.retranslate()
        for name, action in (("present", PRESENT), ("confirm", CONFIRM), ("resend", RESEND)):
            self.buttons[name].setText(f"{tr(f'field.act.{name}')}  {action.key}")
        self.why.setPlaceholderText(tr("field.pause.why"))
        self.why.setAccessibleName(tr("field.pause.why"))
        super().retranslate()
        self._show_chosen()
