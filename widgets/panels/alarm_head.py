"""Owns what stands above the alarm lane: the load, what is shelved, what can be done with the chosen row, chattering.

Must not read the desk and must not act: its buttons are signals.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.i18n import tr
from widgets.alarm_actions import ACCEPT, ACKNOWLEDGE, LOAD, SHELVE_DEVICE, SHELVED, AlarmAction
from widgets.models.alarm_lane import AlarmRow
from widgets.panels.list_panel import head_margins
from widgets.parts.badge import StatusPill, Tone
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens


class LoadPill(StatusPill):
    """The load; a click opens the sheet behind it."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class AlarmHead(QWidget):
    """The alarm load against what one person can handle, and the first things to do with the chosen row."""

    def __init__(self) -> None:
        super().__init__()
        self._load = 0
        self._tone: Tone = "calm"
        self._shelved = ("alarm.shelved_badge", 0)
        self.load, self.raised = LoadPill(), QLabel()
        self.raised.setProperty("tone", "second")
        self.raised.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.shelved, self.acknowledge, self.accept = QPushButton(), QPushButton(), QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(*head_margins())
        row.setSpacing(tokens().space_xs)
        row.addWidget(self.load)
        row.addWidget(self.shelved)
        row.addWidget(self.raised, 1)
        for button in (self.shelved, self.acknowledge, self.accept):
            button.setProperty("kind", "quiet")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.acknowledge)
        row.addWidget(self.accept)
        self.shelved.hide()

    def show_load(self, count: int, raised: int, flood: int) -> None:
        """Alarms in ten minutes against the flood's limit, and how many nobody has acknowledged."""
        is_flood = count > flood
        self._load = count
        self._tone = "warn" if is_flood else "calm"
        tip = tr("alarm.flood_tip" if is_flood else "alarm.load_tip", count=count, limit=flood)
        self.load.setToolTip(f"{tip}\n{LOAD.title()}  {LOAD.key}")
        self.raised.setText(tr("alarm.raised", count=raised) if raised else "")
        self._make_room()

    def show_shelved(self, alarms: int, shelves: int, to_review: int) -> None:
        """How many alarms are kept out of the lane by how many shelves, and how many of these are to be looked at."""
        self.shelved.setVisible(shelves > 0)
        self._shelved = ("alarm.review_badge" if to_review else "alarm.shelved_badge", to_review or alarms)
        tip = tr("alarm.shelved_tip", alarms=alarms, shelves=shelves, to_review=to_review)
        self.shelved.setToolTip(f"{tip}\n{SHELVED.title()}  {SHELVED.key}")
        self._make_room()

    def show_choice(self, row: AlarmRow | None) -> None:
        self.acknowledge.setEnabled(row is not None and ACKNOWLEDGE.enabled(row))
        self.accept.setEnabled(row is not None)

    def retranslate(self) -> None:
        """The language has changed."""
        self.accept.setToolTip(ACCEPT.title())
        self.acknowledge.setToolTip(ACKNOWLEDGE.title())
        self.acknowledge.setAccessibleName(ACKNOWLEDGE.title())
        self.accept.setText(f"{tr('alarm.button.accept')}  {ACCEPT.key}")
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(180), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """What can be done stays in sight: before a button goes, words become shorter, and the load a mere figure."""
        needed_px = 0
        for brevity in range(3):
            self._say(brevity)
            needed_px = self._needed_px()
            if needed_px <= self.width():
                break
        for button in (self.acknowledge, self.accept):
            button.setVisible(needed_px <= self.width())
        self.raised.setVisible(needed_px + self.raised.sizeHint().width() <= self.width())

    def _say(self, brevity: int) -> None:
        """0 in full, 1 the buttons in a word, 2 all of it."""
        (key, count), is_short = self._shelved, brevity == 2
        load = str(self._load) if is_short else tr("alarm.load", count=self._load)
        self.load.set_status(load, self._tone)
        in_full = f"{tr(key, count=count)}  {SHELVED.key}"
        self.shelved.setText(tr(f"{key}.short", count=count) if is_short else in_full)
        word = tr("alarm.button.acknowledge.short") if brevity else ACKNOWLEDGE.title()
        self.acknowledge.setText(f"{word}  {ACKNOWLEDGE.key}")

    def _needed_px(self) -> int:
        stays = [self.load] if self.shelved.isHidden() else [self.load, self.shelved]
        parts = (*stays, self.acknowledge, self.accept)
        left, _top, right, _bottom = head_margins()
        return sum(part.sizeHint().width() for part in parts) + len(parts) * tokens().space_xs + left + right


class ChatterBar(QWidget):
    """A line that says which device chatters and offers to shelve it; hidden while none does."""

    shelve_wanted = Signal(str)
    """The id of the device's newest alarm."""

    def __init__(self) -> None:
        super().__init__()
        self._alarm = ""
        self.words, self.shelve = ElidedLabel(second=True), QPushButton()
        self.shelve.setProperty("kind", "quiet")
        self.shelve.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.shelve.clicked.connect(lambda: self.shelve_wanted.emit(self._alarm))
        row = QHBoxLayout(self)
        left, _top, right, bottom = head_margins()
        row.setContentsMargins(left, 0, right, bottom)
        row.addWidget(self.words, 1)
        row.addWidget(self.shelve)
        self.hide()

    @property
    def alarm(self) -> str:
        """The newest alarm of the device that is named; "" while none is."""
        return self._alarm

    def suggest(self, alarm: str, device: str, count: int) -> None:
        """So many alarms of this device lately; "" for the alarm where there is nothing to suggest."""
        self.setVisible(bool(alarm))
        self._alarm = alarm
        self.words.set_text(tr("alarm.chatter", device=device, count=count))
        self.shelve.setToolTip(tr("alarm.chatter_tip", device=device, count=count))
        self.shelve.setText(_with_key(SHELVE_DEVICE))


def _with_key(action: AlarmAction) -> str:
    return f"{action.title()}  {action.key}"
