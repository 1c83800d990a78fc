"""Owns the alarm lane: what machines call for, until somebody has looked at it.

Nothing here pops up or takes the focus. Must not make sounds, and must not decide what is an incident: an officer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from app.domain.alarm import Alarm
from app.domain.commands import AcceptAlarm, AcknowledgeAlarm
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.models.alarm_lane import FLOOD, LIVE, AlarmLaneModel, AlarmRow, alarm_row
from widgets.panels.list_panel import ListPanel, head_margins
from widgets.panels.queue_cells import alarm_delegate
from widgets.parts.badge import StatusPill
from widgets.style import tokens

COUNT_MS = 100


class AlarmHead(QWidget):
    """The alarm load against what one person can handle, and the two things to do with the chosen alarm."""

    def __init__(self) -> None:
        super().__init__()
        self.load, self.raised = StatusPill(), QLabel()
        self.raised.setProperty("tone", "second")
        self.raised.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.acknowledge, self.accept = QPushButton(), QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(*head_margins())
        row.setSpacing(tokens().space_xs)
        row.addWidget(self.load)
        row.addWidget(self.raised, 1)
        for button in (self.acknowledge, self.accept):
            button.setProperty("kind", "quiet")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)

    def show_load(self, count: int, raised: int) -> None:
        """Alarms in ten minutes, and how many nobody has acknowledged."""
        flood = count > FLOOD
        self.load.set_status(tr("alarm.load", count=count), "warn" if flood else "calm")
        tip = "alarm.flood_tip" if flood else "alarm.load_tip"
        self.load.setToolTip(tr(tip, count=count, limit=FLOOD))
        self.raised.setText(tr("alarm.raised", count=raised) if raised else "")

    def show_choice(self, row: AlarmRow | None) -> None:
        self.acknowledge.setEnabled(row is not None and row.is_raised)
        self.accept.setEnabled(row is not None)

    def retranslate(self) -> None:
        """The language has changed."""
        self.accept.setToolTip(tr("alarm.act.accept"))
        self.acknowledge.setText(f"{tr('alarm.act.acknowledge')}  K")
        self.accept.setText(f"{tr('alarm.button.accept')}  I")

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(180), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The load stays readable: where the buttons do not fit beside it, their keys and the menu have to do."""
        super().resizeEvent(event)
        parts = (self.load, self.acknowledge, self.accept)
        needed_px = sum(part.sizeHint().width() for part in parts) + 4 * tokens().space_s
        for button in (self.acknowledge, self.accept):
            button.setVisible(needed_px <= self.width())
        self.raised.setVisible(needed_px + self.raised.sizeHint().width() <= self.width())


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
        self.head = AlarmHead()
        self.column.insertWidget(0, self.head)
        self.delegate = alarm_delegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.priority_of = lambda row: row.alarm.priority
        self._connect()
        self.begin()

    def _connect(self) -> None:
        self.bridge.alarms_changed.connect(self._alarms_changed)
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNT_MS)
        self._counting.timeout.connect(self._show_head)
        self.lane.counts_changed.connect(self._count_soon)
        self.lane.dataChanged.connect(lambda *_: self._show_choice())
        self.view.picked.connect(self.selected)
        self.view.opened.connect(self.accept)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_choice())
        self.head.acknowledge.clicked.connect(self.acknowledge_selected)
        self.head.accept.clicked.connect(self._accept_current)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        alarms = self.bridge.desk.alarms.values()
        self.lane.replace_all({alarm.id: self._row(alarm) for alarm in alarms if alarm.status in LIVE})

    def _alarms_changed(self, keys: Iterable[str]) -> None:
        known = [self.bridge.desk.alarms[key] for key in keys]
        live = {alarm.id: self._row(alarm) for alarm in known if alarm.status in LIVE}
        fresh = [key for key, row in live.items() if row.is_raised and self.lane.get(key) is None]
        self.lane.drop(alarm.id for alarm in known if alarm.status not in LIVE)
        self.lane.put(live)
        self.delegate.pulse.start(key for key in fresh if self.lane.row_of(key) >= 0)

    def _row(self, alarm: Alarm) -> AlarmRow:
        return alarm_row(alarm, self._grid_names, self._camera_names)

    # -- the head ------------------------------------------------------------------------------------------------------

    def on_tick(self) -> None:
        self._show_head()

    def _count_soon(self) -> None:
        """Counting a flood at each of its alarms would be part of the flood."""
        if not self._counting.isActive():
            self._counting.start()

    def _show_head(self) -> None:
        now = self.bridge.clock.now()
        raised = sum(alarm.is_raised for alarm in self.lane.rows())
        self.head.show_load(self.bridge.projections.metrics.alarms_in_window(now), raised)
        self._show_choice()

    def _show_choice(self) -> None:
        key = self.view.current_key
        self.head.show_choice(self.lane.get(key) if key is not None else None)

    # -- acting --------------------------------------------------------------------------------------------------------

    def on_key(self, event: QKeyEvent) -> bool:
        keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_K: self.acknowledge_selected,
            Qt.Key.Key_I: self._accept_current,
        }
        act = keys.get(event.key())
        if act is None or event.modifiers() or self.view.current_key is None:
            return False
        act()
        return True

    def acknowledge_selected(self) -> None:
        """Somebody has looked: the alarm stays, calmer."""
        for key in self.view.selected_keys():
            self.submit(AcknowledgeAlarm(key), self._title(key), tr("alarm.act.acknowledge"))

    def _accept_current(self) -> None:
        if self.view.current_key is not None:
            self.accept(self.view.current_key)

    def accept(self, alarm: str) -> None:
        """The alarm becomes an incident; `accepted` tells which one, once it is durable."""
        incident = self.bridge.app.new_id()
        command = AcceptAlarm(alarm, incident)
        self.submit(command, self._title(alarm), tr("alarm.act.accept"), lambda: self.accepted.emit(incident))

    def _title(self, alarm: str) -> str:
        row = self.lane.get(alarm)
        return row.alarm.title if row is not None else alarm

    def menu_for(self, alarm: str) -> QMenu:
        """What can be done with an alarm."""
        menu = QMenu(self)
        row = self.lane.get(alarm)
        acts: tuple[tuple[str, str, Callable[[], None], bool], ...] = (
            ("acknowledge", "K", self.acknowledge_selected, row is not None and row.is_raised),
            ("accept", "I", lambda: self.accept(alarm), row is not None),
        )
        for name, key, act, possible in acts:
            action = menu.addAction(f"{tr(f'alarm.act.{name}')}\t{key}")
            action.triggered.connect(lambda _checked=False, act=act: act())
            action.setEnabled(possible)
        return menu

    def _open_menu(self, alarm: str, at: QPoint) -> None:
        menu = self.menu_for(alarm)
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
        super().retranslate()
        self._show_head()
