"""Owns the list of everything that is shelved: what, why, until when, how much it has kept out of the lane, and the
review at the end of the shift.

Must not shelve or unshelve: it says which shelf is wanted what of.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.centre.types_in_force import type_name
from app.domain.instants import Instant
from app.domain.shelf import ALARM, DEVICE, Shelf
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.models.alarm_lane import Names
from widgets.panels.action_button import ActionButton
from widgets.panels.side_sheet import SideSheet
from widgets.parts.age_text import format_age
from widgets.parts.section_list import SectionList, SectionRow
from widgets.style import tokens

UNSHELVE_KEY, REVIEW_KEY = "U", "C"


class ShelvedSheet(SideSheet):
    """`unshelve_wanted` and `review_wanted` carry the id of a shelf."""

    unshelve_wanted = Signal(str)
    review_wanted = Signal(str)

    def __init__(self, bridge: Bridge, names: Names, lane: QWidget) -> None:
        super().__init__(lane)
        self.bridge, self.names = bridge, names
        self.hint, self.list = QLabel(), SectionList()
        self.hint.setWordWrap(True)
        self.hint.setProperty("tone", "second")
        self.unshelve, self.review = ActionButton("quiet"), ActionButton("primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens().space_s)
        buttons.addWidget(self.review, 1)
        buttons.addWidget(self.unshelve)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.list, 1)
        self.body.addLayout(buttons)
        self.unshelve.clicked.connect(lambda: self._want(self.unshelve_wanted))
        self.review.clicked.connect(lambda: self._want(self.review_wanted))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_choice())

    def take_keyboard(self) -> None:
        self.list.setFocus()
        self._choose_one()

    def _choose_one(self) -> None:
        """There is always one that U and C mean: what is left after another has gone, the next to be looked at."""
        if not self._chosen():
            first = next((row.key for row in self.list.rows if row.kind == "row"), None)
            if first is not None:
                self.list.go_to(first)

    def refresh(self) -> None:
        now = self.bridge.clock.now()
        lane = self.bridge.projections.alarm_lane
        since, is_due = lane.limits.shift_start(now), lane.limits.review_is_due(now)
        waiting = [shelf for shelf in lane.shelves if not shelf.is_reviewed(since)]
        reviewed = [shelf for shelf in lane.shelves if shelf.is_reviewed(since)]
        rows: list[SectionRow] = []
        for key, shelves in (("waiting", waiting), ("reviewed", reviewed)):
            if shelves:
                rows.append(SectionRow("head", tr(f"alarm.shelves.{key}"), aside=str(len(shelves))))
                rows += [self._row(shelf, now) for shelf in shelves]
        self.list.show_rows(rows or [SectionRow("note", tr("alarm.shelves.empty"))])
        hint = "alarm.shelves.due" if is_due and waiting else "alarm.shelves.hint"
        self.hint.setText(tr(hint, count=len(waiting)))
        self._choose_one()
        self._show_choice()

    def retranslate(self) -> None:
        self.title.setText(tr("alarm.shelves.title"))
        self.unshelve.set_words(tr("alarm.shelves.unshelve"), UNSHELVE_KEY)
        self.review.set_words(tr("alarm.shelves.review"), REVIEW_KEY)
        super().retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = {Qt.Key.Key_U: self.unshelve_wanted, Qt.Key.Key_C: self.review_wanted}.get(
            Qt.Key(event.key())
        )
        if wanted is not None and not event.modifiers():
            self._want(wanted)
        super().keyPressEvent(event)

    def _want(self, signal: SignalInstance) -> None:
        shelf = self._chosen()
        if shelf:
            signal.emit(shelf)

    def _chosen(self) -> str:
        kind, shelf = self.list.current_key
        return shelf if kind == "shelf" else ""

    def _show_choice(self) -> None:
        for button in (self.unshelve, self.review):
            button.setEnabled(bool(self._chosen()))

    def _row(self, shelf: Shelf, now: Instant) -> SectionRow:
        offset_min = self.bridge.district.utc_offset_min
        said = [shelf.reason, tr("alarm.shelves.by", actor=shelf.actor, desk=shelf.desk)]
        if shelf.reviewed_at is not None:
            at = clock_text(shelf.reviewed_at, offset_min)[:5]
            said.append(tr("alarm.shelves.reviewed_by", actor=shelf.reviewed_by, time=at))
        held = self.bridge.projections.alarm_lane.held[shelf.id]
        return SectionRow(
            "row",
            tr("alarm.shelves.what", what=self.what(shelf), count=held),
            ("shelf", shelf.id),
            second=" · ".join(said),
            aside=tr(
                "alarm.shelves.until",
                time=clock_text(shelf.expires_at, offset_min)[:5],
                left=format_age(max(0, shelf.expires_at - now) / 1000),
            ),
            wraps=True,
        )

    def what(self, shelf: Shelf) -> str:
        """What is shelved, in words."""
        if shelf.scope == ALARM:
            return shelf.title
        if shelf.scope == DEVICE:
            return tr("alarm.scope.device", device=self.names.camera(shelf.device) or shelf.device)
        place = self.names.grid(shelf.place) or shelf.place
        return tr("alarm.scope.type_at_place", type=type_name(shelf.alarm_type), place=place)
