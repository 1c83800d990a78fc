"""Owns the alarm lane: what machines call for, until somebody has looked at it.

Nothing here pops up or takes the focus. Must not make sounds, must not group alarms, and must not decide what is an
incident: an officer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.alarm_limits import MINUTE_MS
from app.domain.alarm_rules import MOST_ALARMS
from app.domain.commands import (
    AcceptAlarms,
    AcknowledgeAlarms,
    AttachAlarms,
    CancelAlarms,
    Command,
)
from app.domain.instants import Instant
from app.i18n import language, tr
from app.projections.alarm_groups import AlarmGroup
from app.projections.alarm_lane import AlarmLane
from app.service.field_alarm_words import own_title
from widgets.alarm_actions import (
    ACCEPT,
    ACKNOWLEDGE,
    ALARM_ACTIONS,
    ATTACH,
    CANCEL,
    LOAD,
    NEXT,
    OPEN,
    ROW_ACTIONS,
    SHELVE,
    SHELVE_DEVICE,
    SHELVED,
    AlarmAction,
)
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.models.alarm_lane import AlarmLaneModel, AlarmRow, Names, group_row, member_rows
from widgets.panels.alarm_ask import AlarmAskSheet
from widgets.panels.alarm_head import AlarmHead, ChatterBar
from widgets.panels.alarm_load_sheet import AlarmLoadSheet
from widgets.panels.alarm_shelving import AlarmShelving
from widgets.panels.list_panel import ListPanel
from widgets.panels.queue_cells import alarm_delegate
from widgets.panels.shelved_sheet import ShelvedSheet
from widgets.style import tokens

COUNT_MS = 100
ROOMY_PX = 220
"""A lower lane keeps its room for alarms: a chattering device is marked in its row all the same."""

_OPENS = {Qt.Key.Key_Space: None, Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
"""Keys that open or close a group; None does the other of what it is."""


class AlarmLanePanel(ListPanel):
    """The dock below the queue. `selected` carries an alarm's id, `accepted` the id of the incident made of one."""

    selected = Signal(str)
    accepted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.lane = AlarmLaneModel()
        super().__init__(bridge, self.lane, "alarm", parent)
        self.lane.setParent(self)
        self._grid_names: dict[str, str] = {}
        self._camera_names: dict[str, str] = {}
        self._group_of: dict[str, str] = {}
        self._opened: set[str] = set()
        self.incident_in_hand: Callable[[], str] = lambda: ""
        """The incident that the officer looks at, for alarms that belong to it."""
        self._cancelling: list[tuple[str, tuple[str, ...]]] = []
        self.names = Names(
            lambda grid: self._grid_names.get(grid, grid),
            lambda camera: self._camera_names.get(camera, ""),
            lambda at: _minute_text(at // MINUTE_MS, self.bridge.district.utc_offset_min),
            lambda alarm: own_title(alarm, self.bridge.desk, self.bridge.unit_name),
        )
        self._make_parts()
        self._acts = self._acts_by_action()
        self._connect()
        self.begin()

    def _make_parts(self) -> None:
        bridge = self.bridge
        self.head, self.chatter = AlarmHead(), ChatterBar()
        self.column.insertWidget(0, self.head)
        self.column.insertWidget(1, self.chatter)
        self.ask = AlarmAskSheet(self)
        self.shelved_sheet = ShelvedSheet(bridge, self.names, self)
        self.shelving = AlarmShelving(bridge, self.names, self.ask, self.shelved_sheet, self.submit)
        self.load_sheet = AlarmLoadSheet(bridge, self.names, self)
        self.delegate = alarm_delegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.priority_of = lambda row: row.alarm.priority

    def _acts_by_action(self) -> dict[AlarmAction, Callable[[], None]]:
        return {
            NEXT: self.next_alarm,
            ACKNOWLEDGE: self.acknowledge_selected,
            ACCEPT: self._accept_current,
            ATTACH: self._attach_selected,
            OPEN: self._turn_over,
            SHELVE: self._ask_shelve,
            SHELVE_DEVICE: self._ask_shelve_device,
            CANCEL: self._ask_cancel,
            SHELVED: self.shelved_sheet.open,
            LOAD: self.load_sheet.open,
        }

    def _connect(self) -> None:
        self.bridge.alarms_changed.connect(self._alarms_changed)
        self.bridge.shelves_changed.connect(lambda _keys: self._count_soon())
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNT_MS)
        self._counting.timeout.connect(self._show_head)
        self.lane.counts_changed.connect(self._count_soon)
        self.lane.dataChanged.connect(lambda *_: self._show_choice())
        self.view.picked.connect(self._picked)
        self.view.opened.connect(lambda _key: self._accept_current())
        self.view.menu_wanted.connect(self._open_menu)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_choice())
        self.head.acknowledge.clicked.connect(self.acknowledge_selected)
        self.head.accept.clicked.connect(self._accept_current)
        self.head.load.clicked.connect(self.load_sheet.open)
        self.head.shelved.clicked.connect(self.shelved_sheet.open)
        self.chatter.shelve_wanted.connect(self.shelving.ask)
        self.ask.cancel_wanted.connect(self._cancel)

    @property
    def known(self) -> AlarmLane:
        """The lane as the desk has it."""
        return self.bridge.projections.alarm_lane

    # -- rows ----------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        groups = self.known.groups
        self._opened &= groups.keys()
        self._group_of = {alarm: group.id for group in groups.values() for alarm in group.members}
        self.lane.drop_groups([row.group for row in self.lane.heads() if row.group not in groups])
        self.lane.put_groups(self._rows_of(group) for group in groups.values())

    def _alarms_changed(self, keys: Iterable[str]) -> None:
        touched, put_aside = set(), False
        for key in keys:
            before, group = self._group_of.pop(key, None), self.known.group_of(key)
            if before is not None:
                touched.add(before)
                put_aside = put_aside or self.known.shelf_of(key) is not None
            if group is not None:
                self._group_of[key] = group.id
                touched.add(group.id)
        self._refresh(touched)
        if put_aside:  # a list that is being read keeps what has ended, but not what an officer put away
            self._show_at_once()

    def _refresh(self, touched: Iterable[str]) -> None:
        """However many alarms of a group have changed, its row is made once."""
        groups = self.known.groups
        gone = [group for group in touched if group not in groups]
        stays = [groups[group] for group in touched if group in groups]
        self._opened.difference_update(gone)
        fresh = {group.id for group in stays if self._is_louder(group)}
        self.lane.drop_groups(gone)
        self.lane.put_groups(map(self._rows_of, stays))
        in_sight = (self.lane.key_at(row) for row in self.view.visible_rows()) if fresh else ()
        self.delegate.pulse.start(key for key in in_sight if key in fresh)

    def _is_louder(self, group: AlarmGroup) -> bool:
        """A row that is new, or that speaks for something more urgent than before."""
        row = self.lane.get(group.id)
        return group.raised > 0 and (row is None or row.alarm.priority > group.priority)

    def _rows_of(self, group: AlarmGroup) -> tuple[AlarmRow, dict[str, AlarmRow]]:
        device = group.lead.origin
        chatters = device in self.known.chattering
        chattering = self.known.chattering.count(device, self.bridge.clock.now()) if chatters else 0
        row = group_row(group, self.names, is_open=group.id in self._opened, chattering=chattering)
        return row, member_rows(group, row, self.names) if row.is_open else {}

    def show_empty(self) -> None:
        """An empty lane is not an empty desk while something is shelved."""
        shelved = self.known.shelved_count
        hint = tr("alarm.empty.shelved", count=shelved) if shelved else tr("alarm.empty.hint")
        self.state.show_empty(tr("alarm.empty.title"), hint)

    # -- the head ------------------------------------------------------------------------------------------------------

    def on_tick(self) -> None:
        self._show_head()
        self.load_sheet.tick()

    def _count_soon(self) -> None:
        """Counting a flood at each of its alarms would be part of the flood."""
        if not self._counting.isActive():
            self._counting.start()

    def _show_head(self) -> None:
        now, known = self.bridge.clock.now(), self.known
        count = self.bridge.projections.alarm_load.in_window(now)
        self.head.show_load(count, known.shown.raised, known.limits.flood)
        shelves, since = known.shelves, known.limits.shift_start(now)
        waiting = sum(not shelf.is_reviewed(since) for shelf in shelves)
        to_review = waiting if known.limits.review_is_due(now) else 0
        self.head.show_shelved(known.shelved_count, len(shelves), to_review)
        self._show_choice()
        self._suggest(now)
        if self.shelved_sheet.is_open:
            self.shelved_sheet.refresh()
        if self.lane.shown_count == 0:
            self.show_state()

    def _suggest(self, now: Instant) -> None:
        """The worst of the devices that chatter and that nobody has shelved."""
        worst = self.shelving.worst_chatterer(now)
        if worst is None or self.height() < tokens().px(ROOMY_PX):
            self.chatter.suggest("", "", 0)
            return
        device = self.names.camera(worst.origin) or worst.origin
        self.chatter.suggest(worst.id, device, self.known.chattering.count(worst.origin, now))

    def _current(self) -> AlarmRow | None:
        key = self.view.current_key
        return self.lane.get(key) if key is not None else None

    def _show_choice(self) -> None:
        self.head.show_choice(self._current())

    def _picked(self, key: str) -> None:
        row = self.lane.get(key)
        if row is not None:
            self.selected.emit(row.alarm.id)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _OPENS and not held:
            return self._open_or_close(_OPENS[key])
        name = QKeySequence(event.keyCombination().key() | held).toString()
        action = next((each for each in ALARM_ACTIONS if each.key == name), None)
        if action is None or (action.needs_row and self.view.current_key is None):
            return False
        if not action.needs_row or self._may(action):
            self._acts[action]()
        return True

    def _may(self, action: AlarmAction) -> bool:
        """Says in a sentence why not. A list that is being read may still show a row that has left it."""
        shown: AlarmRow = self.lane.row_at(self.view.currentIndex().row())
        row = self._current()
        why_not = tr("alarm.gone") if row is None else action.why_not(row)
        if why_not:
            self.refusal.show_refusal(shown.alarm.title, action.title(), why_not)
        return not why_not

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An empty lane has keys too: what is shelved and the load can be looked at."""
        if not self.on_key(event):
            super().keyPressEvent(event)

    def next_alarm(self) -> None:
        """To the most urgent row that nobody has acknowledged; from there to the next."""
        waiting = sorted(filter(self._waits, self.lane.keys()), key=self._urgency)
        if not waiting:
            self.refusal.show_refusal("", NEXT.title(), tr("alarm.not.next"))
            return
        current = self.view.current_key
        place = waiting.index(current) + 1 if current in waiting else 0
        key = waiting[place % len(waiting)]
        self.view.selectRow(self.lane.row_of(key))
        self.view.scrollTo(self.lane.index(self.lane.row_of(key), 0))

    def _waits(self, key: str) -> bool:
        row = self.lane.get(key)
        return row is not None and row.head is None and row.is_raised

    def _urgency(self, key: str) -> tuple[bool, bool, int, Instant]:
        row = self.lane.get(key)
        assert row is not None
        return row.urgency

    def _turn_over(self) -> None:
        self._open_or_close(None)

    def _open_or_close(self, wanted: bool | None) -> bool:
        """A group shows its members; from a member the group is closed. False where there is nothing to open."""
        row = self._current()
        if row is None or row.kind == "single":
            return False
        is_open = row.group in self._opened
        if wanted is is_open:
            return True
        if is_open:
            self.view.selectRow(self.lane.row_of(row.group))
            self._opened.discard(row.group)
        else:
            self._opened.add(row.group)
        self._refresh([row.group])
        self._show_at_once()
        head = self.lane.index(self.lane.row_of(row.group), 0)
        self.view.scrollTo(
            head, self.view.ScrollHint.PositionAtTop if not is_open else self.view.ScrollHint.EnsureVisible
        )
        return True

    def _show_at_once(self) -> None:
        """The officer asked: what a list that is being read would keep waiting is shown."""
        held = self.lane.held
        self.lane.release()
        if held:
            self.lane.hold()

    # -- acting --------------------------------------------------------------------------------------------------------

    def acknowledge_selected(self) -> None:
        """Somebody has looked: the alarms stay, calmer."""
        for row in self._selected():
            self._give(AcknowledgeAlarms, self._alarms_of(row), row.alarm.title, ACKNOWLEDGE.title())

    def _accept_current(self) -> None:
        if self.view.current_key is not None and self._may(ACCEPT):
            self.accept(self.view.current_key)

    def accept(self, key: str) -> None:
        """A row becomes one incident with all its alarms; `accepted` tells which, once it is durable."""
        row, known = self.lane.get(key), self.bridge.desk.alarms.get(key)
        alarms = self._alarms_of(row) if row is not None else (key,)
        title = row.alarm.title if row is not None else known.title if known is not None else ""
        incident = self.bridge.app.new_id()

        def accepted() -> None:
            self._give(lambda more: AttachAlarms(more, incident), alarms[MOST_ALARMS:], title, ACCEPT.title())
            self.accepted.emit(incident)

        self.submit(AcceptAlarms(alarms[:MOST_ALARMS], incident), title, ACCEPT.title(), accepted)

    def _attach_selected(self) -> None:
        """More of what the chosen incident is about."""
        incident = self.incident_in_hand()
        for row in self._selected():
            if not incident:
                self.refusal.show_refusal(row.alarm.title, ATTACH.title(), tr("alarm.attach.none"))
                return
            make = partial(AttachAlarms, incident=incident)
            self._give(make, self._alarms_of(row), row.alarm.title, ATTACH.title())

    def _ask_cancel(self) -> None:
        row = self._current()
        if row is not None:
            self._cancelling = [(each.alarm.title, self._alarms_of(each)) for each in self._selected()]
            self.ask.ask_cancel(self._called(row))

    def _cancel(self, reason: str) -> None:
        """What was chosen when the question was asked, whatever the list has done since."""
        for title, alarms in self._cancelling:
            self._give(lambda some: CancelAlarms(some, reason), alarms, title, CANCEL.title())

    def _give(
        self, make: Callable[[tuple[str, ...]], Command], alarms: Sequence[str], who: str, what: str
    ) -> None:
        """A large group goes in parts, so that neither the desk nor the screen stands still for it."""
        for start in range(0, len(alarms), MOST_ALARMS):
            self.submit(make(tuple(alarms[start : start + MOST_ALARMS])), who, what)

    def _selected(self) -> list[AlarmRow]:
        """The selected rows; a member whose group is selected too goes with it."""
        rows = [row for key in self.view.selected_keys() if (row := self.lane.get(key)) is not None]
        heads = {row.group for row in rows if row.head is None}
        return [row for row in rows if row.head is None or row.group not in heads]

    def _alarms_of(self, row: AlarmRow) -> tuple[str, ...]:
        group = self.known.groups.get(row.group)
        return group.ids if row.kind == "group" and group is not None else (row.alarm.id,)

    def _called(self, row: AlarmRow) -> str:
        return (
            tr("alarm.group_title", title=row.alarm.title, count=row.count)
            if row.kind == "group"
            else row.alarm.title
        )

    # -- shelving ------------------------------------------------------------------------------------------------------

    def _ask_shelve(self) -> None:
        row = self._current()
        if row is not None:
            self.shelving.ask(row.alarm.id, self._called(row))

    def _ask_shelve_device(self) -> None:
        if not self.shelving.ask_device():
            self.refusal.show_refusal("", SHELVE_DEVICE.title(), tr("alarm.not.shelve_device"))

    # -- menu and language ---------------------------------------------------------------------------------------------

    def menu_for(self, key: str) -> QMenu:
        """What can be done with a row."""
        menu = QMenu(self)
        row = self.lane.get(key)
        for action in ROW_ACTIONS:
            entry = menu.addAction(f"{action.title()}\t{action.key}")
            entry.triggered.connect(lambda _checked=False, act=self._acts[action]: act())
            entry.setEnabled(row is not None and action.enabled(row))
        return menu

    def _open_menu(self, key: str, at: QPoint) -> None:
        menu = self.menu_for(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def retranslate(self) -> None:
        """The language has changed: names of grids and cameras are other ones now."""
        chinese, district = language() == "zh_CN", self.bridge.district
        self._grid_names = {grid.code: grid.name_zh if chinese else grid.name_en for grid in district.grids}
        self._camera_names = {
            camera.id: camera.name_zh if chinese else camera.name_en for camera in district.cameras
        }
        self.head.retranslate()
        for sheet in (self.ask, self.shelved_sheet, self.load_sheet):
            sheet.retranslate()
        super().retranslate()
        self._show_head()


@lru_cache(maxsize=4096)
def _minute_text(minute: int, utc_offset_min: int) -> str:
    return clock_text(minute * MINUTE_MS, utc_offset_min)[:5]
