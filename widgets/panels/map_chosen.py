"""Owns what was chosen in a rectangle of the map: how many of what, and what can be done with all of them together.

Must not send anybody: the dispatch panel does, with these units already ticked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from app.domain.errors import Refusal
from app.domain.guards import free_for
from app.i18n import tr
from widgets.map.box_select import BoxSelect, ChosenRings
from widgets.map.chosen_sheet import ChosenRow, ChosenSheet
from widgets.map.hit import Hit
from widgets.map.strip import Strip
from widgets.map.things import things_in
from widgets.panels.map_names import ThingNames

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel

SHEET = "chosen"


class ChosenBar(Strip):
    """How many were chosen, and a button for each thing to do with them."""

    def __init__(self, panel: MapPanel) -> None:
        self.send, self.list, self.print = (QPushButton() for _ in range(3))
        super().__init__(panel.view, 0)
        for button in (self.send, self.list, self.print):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("kind", "outline" if button is self.send else "quiet")
            self.line.insertWidget(self.line.count() - 1, button)

    def say(self, text: str, send: str, *, can_send: bool) -> None:
        self.text.set_text(text)
        self.setAccessibleName(text)
        self.send.setText(send)
        self.send.setEnabled(can_send)
        self.list.setText(tr("map_tools.chosen.list"))
        self.print.setText(tr("map_tools.chosen.print"))
        self.show()
        self.raise_()
        self.stand()


class MapChosen(QObject):
    """`send_wanted` carries the incident and the units, `print_wanted` the rows of the list."""

    send_wanted = Signal(str, object)
    print_wanted = Signal(object)

    def __init__(self, panel: MapPanel, names: ThingNames) -> None:
        super().__init__(panel)
        self._panel = panel
        self._names = names
        self._incident = ""
        self.things: tuple[Hit, ...] = ()
        self.box = BoxSelect(panel.view)
        self.rings = ChosenRings(panel.view)
        self.bar = ChosenBar(panel)
        self.sheet = ChosenSheet(panel.view)
        panel.view.sheets[SHEET] = self.sheet
        panel.view.installEventFilter(self)
        self._connect()

    def _connect(self) -> None:
        self.box.boxed.connect(self.choose_in)
        self.bar.closed.connect(self.clear)
        self.bar.send.clicked.connect(self._send)
        self.bar.list.clicked.connect(lambda: self._panel.view.open_sheet(SHEET))
        self.bar.print.clicked.connect(lambda: self.print_wanted.emit(self.rows()))
        self.sheet.wanted.connect(self._go_to)
        bridge = self._panel.bridge
        bridge.incidents_changed.connect(self._changed)
        bridge.units_changed.connect(self._changed)

    # -- choosing ----------------------------------------------------------------------------------------------------

    def choose_in(self, box: QRectF) -> None:
        """Chooses what stands in a rectangle of the map; nothing in it chooses nothing."""
        self.choose(things_in(self._panel.view, box))

    def choose(self, things: Sequence[Hit]) -> None:
        self.things = tuple(things)
        self.rings.ring(self.things)
        if self.things:
            self.renew()
        else:
            self.bar.hide()
            self.sheet.hide()

    def clear(self) -> None:
        self.choose(())

    def of_kind(self, kind: str) -> tuple[str, ...]:
        return tuple(key for each, key in self.things if each == kind)

    @property
    def sendable(self) -> tuple[str, ...]:
        """Of the chosen units those that may be sent to `target`: who is there already is not sent again."""
        return tuple(unit for unit in self.of_kind("unit") if self._may_go(unit, self.target))

    def _may_go(self, unit: str, incident: str) -> bool:
        desk = self._panel.bridge.desk
        if unit not in desk.units or incident not in desk.incidents:
            return False
        try:
            free_for(desk, desk.units[unit], desk.incidents[incident])
        except Refusal:
            return False
        return True

    @property
    def target(self) -> str:
        """The incident to which the units would be sent: the one that is looked at, else the only one chosen."""
        known = self._panel.bridge.desk.incidents
        chosen = self.of_kind("incident")
        for key in (self._incident, *(chosen if len(chosen) == 1 else ())):
            if key in known and known[key].is_open:
                return key
        return ""

    def set_incident(self, incident: str) -> None:
        """The incident that the officer looks at, "" for none."""
        self._incident = incident
        if self.things:
            self.renew()

    # -- what is said ------------------------------------------------------------------------------------------------

    def rows(self) -> list[ChosenRow]:
        return [ChosenRow(hit, self._names.of(hit), self._names.state(hit)) for hit in self.things]

    def renew(self) -> None:
        """The counts, the button and the list as things stand now."""
        self.bar.renew()
        incidents, units, target = self.of_kind("incident"), self.of_kind("unit"), self.target
        sendable = self.sendable
        text = tr("map_tools.chosen.count", incidents=len(incidents), units=len(units))
        send = tr("map_tools.chosen.no_target")
        if target:
            send = tr("map_tools.chosen.send", count=len(sendable), number=self._names.number(target))
        self.bar.say(text, send, can_send=bool(sendable))
        self.sheet.renew()
        self.sheet.show_rows(self.rows())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the rectangle that is being drawn, then what was chosen; a tool in the hand comes first."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() != Qt.Key.Key_Escape or self._panel.view.sketching.tool.kind is not None:
            return False
        if self.box.give_up():
            return True
        had = bool(self.things)
        self.clear()
        return had

    def _changed(self, keys: object) -> None:
        """What has ended or gone off duty is no longer among the chosen."""
        if not self.things:
            return
        view = self._panel.view
        still = [(kind, key) for kind, key in self.things if self._stands(view.scene.layer(kind), key)]
        if len(still) != len(self.things):
            self.choose(still)
        else:
            self.renew()

    @staticmethod
    def _stands(layer: object, key: str) -> bool:
        return layer is not None and key in layer  # type: ignore[operator]

    def _send(self) -> None:
        self.send_wanted.emit(self.target, self.sendable)

    def _go_to(self, kind: str, key: str) -> None:
        self._panel.picked.emit(kind, key)
        self._panel.select(kind, key)
        self._panel.fly_to(kind, key)
