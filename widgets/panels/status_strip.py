"""The strip along the top: where one is, what is open, how loud it is, whether everything is alive, who and when.

Owns what is left out when there is no room. Must not change anything: its buttons are signals.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QWidget

from app.domain.instants import Instant
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.layouts import SHIFT_WORKSPACE
from widgets.local_time import clock_text, local
from widgets.panels.feed_lamps import FeedLamps
from widgets.panels.strip_parts import PRIORITIES, BigClock, ExerciseMark, PlainLamp, PriorityCounts
from widgets.panels.unlike_mark import UnlikeMark
from widgets.panels.unread_mark import UnreadMark
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.plain_tip import plain_tip
from widgets.parts.sparkline import Sparkline
from widgets.style import follow_look, icon, tokens

FLOOD = 10
"""Alarms in ten minutes from which on ISA-18.2 speaks of a flood."""
BUILT_IN = {"": "strip.workspace.command", SHIFT_WORKSPACE: "strip.workspace.shift"}
"""Workspaces that everybody has."""
TREND_STEP_MS = 120_000
TREND_STEPS = 30
TREND_EVERY_TICKS = 10


class StatusStrip(QWidget):
    """Always there, never taller than one line. `workspace_chosen` carries the name of a layout, "" for the default."""

    workspace_chosen = Signal(str)
    quarantine_wanted = Signal()
    health_wanted = Signal()
    mute_toggled = Signal(bool)
    menu_wanted = Signal(QToolButton)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._ticks = 0
        self._trouble = ""
        self._workspaces: list[str] = []
        self._height_px = tokens().px(40)
        self.centre = ElidedLabel("", "title", bold=True)
        self.exercise = ExerciseMark()
        self.tabs = QTabBar()
        self.feeds = FeedLamps(bridge)
        self.database = PlainLamp("")
        self.open_counts = PriorityCounts()
        self.alarms, self.trend = ElidedLabel("", "body"), Sparkline()
        self.unread, self.unlike = UnreadMark(bridge), UnlikeMark(bridge)
        self.quarantine, self.mute, self.menu = QToolButton(), QToolButton(), QToolButton()
        self.officer = ElidedLabel("", "body", second=True)
        self.clock = BigClock()
        self._lay_out()
        self._connect()
        self.set_workspaces([], "")
        self.retranslate()

    @property
    def centre_name(self) -> str:
        district = self.bridge.district
        return district.name_en if language() == "en" else district.name_zh

    # -- what others say ---------------------------------------------------------------------------------------------

    def set_workspaces(self, names: list[str], current: str) -> None:
        """The default workspace and the officer's own, in this order."""
        self.tabs.blockSignals(True)
        if self._workspaces != [*BUILT_IN, *names]:
            self._workspaces = [*BUILT_IN, *names]
            while self.tabs.count():
                self.tabs.removeTab(0)
            for name in self._workspaces:
                self.tabs.addTab(tr(BUILT_IN[name]) if name in BUILT_IN else name)
        self.tabs.setCurrentIndex(self._workspaces.index(current) if current in self._workspaces else 0)
        self.tabs.blockSignals(False)
        self._make_room()

    def take_line(self, line: QWidget) -> None:
        """Puts the command line into the room between the left and the right of the strip."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        place = row.indexOf(self.tabs) + 1
        row.insertStretch(place, 1)
        row.insertWidget(place + 1, line, 100)
        self._make_room()

    def show_sound(self, muted: bool, detail: str, label: str = "") -> None:
        """How the desk sounds; `detail` is the button's tool tip, `label` what is written beside it while muted."""
        self.mute.blockSignals(True)
        self.mute.setChecked(muted)
        self.mute.blockSignals(False)
        self.mute.setIcon(icon("mute" if muted else "sound"))
        self.mute.setToolTip(detail)
        self.mute.setAccessibleName(f"{label} {detail}".strip())
        if label != self.mute.text():
            beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            self.mute.setText(label)
            self.mute.setToolButtonStyle(beside if label else Qt.ToolButtonStyle.ToolButtonIconOnly)
            self._make_room()

    def retranslate(self) -> None:
        self.centre.set_text(self.centre_name)
        self.exercise.set_text(tr("strip.exercise"))
        self.exercise.setVisible(self.bridge.app.mode == "drill")
        for place, key in enumerate(BUILT_IN.values()):
            self.tabs.setTabText(place, tr(key))
        self.database.setText(tr("strip.database"))
        self.menu.setToolTip(tr("strip.menu"))
        self.menu.setAccessibleName(tr("strip.menu"))
        self.feeds.retranslate()
        self.unread.retranslate()
        self.unlike.retranslate()
        self.refresh()
        self._make_room()

    # -- what the desk says ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Everything anew, from the state that there is."""
        now = self.bridge.clock.now()
        self._show_time(now)
        self._show_open()
        self._show_alarms()
        self._show_trend(now)
        self._show_quarantine()
        self._show_database()

    def _tick(self, now: Instant) -> None:
        self._show_time(now)
        self.feeds.refresh()
        self._show_alarms()
        self._show_database()
        self.unlike.refresh()
        self._ticks += 1
        if self._ticks % TREND_EVERY_TICKS == 0:
            self._show_trend(now)

    def _show_time(self, now: Instant) -> None:
        offset_min = self.bridge.district.utc_offset_min
        day = local(now, offset_min)
        date_text = tr(
            "strip.date",
            month=tr(f"strip.month.{day.month}"),
            day=day.day,
            weekday=tr(f"strip.weekday.{day.weekday()}"),
        )
        self.clock.set_time(clock_text(now, offset_min), date_text)

    def _show_open(self) -> None:
        counts = self.bridge.projections.metrics.open_by_priority
        by_name = {f"p{priority}": counts[priority] for priority in PRIORITIES}
        self.open_counts.set_counts(counts, tr("strip.open_tip", total=sum(by_name.values()), **by_name))

    def _show_alarms(self) -> None:
        count = self.bridge.projections.alarm_load.in_window(self.bridge.clock.now())
        self.alarms.set_text(tr("strip.alarms", count=count))

    def _show_trend(self, now: Instant) -> None:
        in_window = self.bridge.projections.alarm_load.in_window
        values = [in_window(now - step * TREND_STEP_MS) for step in reversed(range(TREND_STEPS))]
        self.trend.set_values(values, FLOOD, tr("strip.alarms_tip", count=values[-1]))

    def _show_quarantine(self) -> None:
        held = sum(message.status == "held" for message in self.bridge.desk.quarantine.values())
        if self.quarantine.isHidden() != (held == 0):
            self.quarantine.setVisible(held > 0)
            self._make_room()
        self.quarantine.setText(tr("strip.quarantine", count=held))
        self.quarantine.setToolTip(tr("strip.quarantine_tip", count=held))

    def _show_database(self) -> None:
        restored = self.bridge.app.is_restored
        trouble = self.bridge.app.bus.trouble if restored else self._trouble
        self._name_database("strip.database_read_only" if restored and trouble else "strip.database")
        if trouble:
            self.database.set_state("down", None, trouble)
        elif not restored:
            self.database.set_state("late", None, tr("strip.database_loading"))
        else:
            detail = tr("strip.database_ok", seq=f"{self.bridge.projections.seq:,}")
            self.database.set_state("ok", None, detail)

    def _name_database(self, key: str) -> None:
        """A desk that only shows says so in words: from across the room a red dot is not enough."""
        if self.database.text() != tr(key):
            self.database.setText(tr(key))
            self.database.updateGeometry()
            self._make_room()

    def _take_trouble(self, text: str) -> None:
        self._trouble = text
        self._show_database()

    # -- life --------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(640), self._height_px)

    def minimumSizeHint(self) -> QSize:
        """The docks stand below it: behind a wall, whose text is larger, it keeps its height."""
        return QSize(tokens().px(320), self._height_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leaves out what matters least, one after the other, until the rest fits."""
        for widget in (self.trend, self.officer, self.alarms, self.open_counts):
            widget.show()
        self._name_officer(with_role=True)
        layout = self.layout()
        assert layout is not None
        steps: tuple[Callable[[], object], ...] = (
            self.trend.hide,
            lambda: self._name_officer(with_role=False),
            self.officer.hide,
            self.alarms.hide,
            self.open_counts.hide,
        )
        for leave_out in steps:
            layout.activate()
            if layout.minimumSize().width() <= self.width():
                return
            leave_out()

    def _name_officer(self, *, with_role: bool) -> None:
        config = self.bridge.app.config
        whole = f"{config.actor} · {tr(f'terms.role.{config.role}')}"
        self.officer.set_text(whole if with_role else config.actor)
        self.officer.setToolTip(plain_tip("" if with_role else whole))

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.ticked.connect(self._tick)
        bridge.restored.connect(self.refresh)
        bridge.incidents_changed.connect(lambda _keys: self._show_open())
        bridge.alarms_changed.connect(lambda _keys: self._show_alarms())
        bridge.quarantine_changed.connect(lambda _keys: self._show_quarantine())
        bridge.trouble_changed.connect(self._take_trouble)
        self.tabs.currentChanged.connect(lambda index: self.workspace_chosen.emit(self._workspaces[index]))
        self.quarantine.clicked.connect(self.quarantine_wanted)
        self.unread.counted.connect(lambda _count: self._make_room())
        self.unlike.changed.connect(self._make_room)
        self.database.clicked.connect(self.health_wanted)
        self.mute.clicked.connect(self.mute_toggled)
        self.menu.clicked.connect(lambda: self.menu_wanted.emit(self.menu))
        follow_look(self, self._dress)
        follow_look(self, self._make_room)
        self._dress()

    def _dress(self) -> None:
        self._height_px = tokens().px(40)
        self.quarantine.setIcon(icon("warning"))
        self.menu.setIcon(icon("menu"))
        self.mute.setIcon(icon("mute" if self.mute.isChecked() else "sound"))

    def _lay_out(self) -> None:
        look = tokens()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("panel", True)
        self.mute.setCheckable(True)
        self.quarantine.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_m, 0, look.space_m, 0)
        row.setSpacing(look.space_s)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        left: list[QWidget] = [self.exercise, self.centre, self.tabs]
        right: list[QWidget] = [
            self.open_counts,
            self.alarms,
            self.trend,
            self.unread,
            self.unlike,
            self.quarantine,
            self.feeds,
        ]
        right += [self.database, self.mute, self.menu, self.officer, self.clock]
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)
        for label in (self.centre, self.alarms, self.officer):
            label.setSizePolicy(label.sizePolicy().Policy.Minimum, label.sizePolicy().Policy.Fixed)
        self.trend.setFixedWidth(look.px(64))
