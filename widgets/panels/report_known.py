"""Owns what the desk knows of the place that is being typed: hazards, notes, what happened there; and takes a new note.

It looks a moment after the place has settled, aside, and stands in nobody's way. Must not decide what is near: that is
service/histories.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.domain.commands import PutPremiseNote
from app.domain.instants import DAY_MS
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.panels.action_button import ActionButton
from widgets.panels.report_history import history_text
from widgets.panels.report_lines import row, say, second_label
from widgets.panels.search_rows import length_text
from widgets.parts.note_lines import MOST_LINES, NoteLine, NoteLines
from widgets.style import tokens

if TYPE_CHECKING:
    from app.service.histories import History, NearbyNote
    from widgets.panels.report_place import Spot

NEAR_M: Final = 100.0
PAUSE_MS: Final = 200
NOTE_DAYS: Final = (1, 7, 30, 180)
_USUAL_DAYS: Final = 30
ADD_KEY: Final = "Alt+N"


class KnownHere(QWidget):
    """`refused` carries why a note was not kept."""

    refused = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._spot: Spot | None = None
        self._note = ""
        self.notes, self.history = NoteLines(), second_label()
        self.more, self.add = second_label(), ActionButton("quiet")
        self.text, self.hazard, self.days = QLineEdit(), QCheckBox(), QComboBox()
        self.keep = ActionButton("outline")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._asks = QWidget()
        asks = QVBoxLayout(self._asks)
        asks.setContentsMargins(0, 0, 0, 0)
        asks.setSpacing(tokens().space_xs)
        asks.addWidget(self.text)
        asks.addWidget(row(self.hazard, self.days, self.keep))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens().space_xs)
        for part in (self.notes, self.more, self.history, self._asks):
            column.addWidget(part)
        column.addWidget(self.add, alignment=Qt.AlignmentFlag.AlignLeft)
        self._asks.hide()
        self.hide()
        self.add.clicked.connect(self.ask)
        self.keep.clicked.connect(self._keep)
        bridge.premises_changed.connect(lambda _keys: self._pause.start() if self._spot else None)

    def look_at(self, spot: Spot) -> None:
        """Tells soon what is known of this place; of nothing while there is no place."""
        if spot == self._spot:
            return
        if spot.lat is None and not spot.address:
            self._spot = None
            self._pause.stop()
            self.hide()
            return
        self._spot = spot
        self._pause.start()

    def clear(self) -> None:
        self.text.clear()
        self.hazard.setChecked(False)
        self._asks.hide()
        self.add.show()

    # -- looking -----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        spot, app = self._spot, self._bridge.app
        if spot is None or not app.is_restored:
            return
        now = self._bridge.clock.now()
        self._show_notes(app.histories.premises_near(spot.lat, spot.lon, NEAR_M, now, spot.address))

        def told(history: History) -> None:
            if spot == self._spot:
                say(self.history, "" if history.is_empty else history_text(self._bridge, history, "place"))

        self._bridge.fetch(app.histories.of_place(spot.lat, spot.lon, spot.address, NEAR_M), told)
        self.show()

    def _show_notes(self, near: list[NearbyNote]) -> None:
        self.notes.show_lines([self._line(each) for each in near])
        left = len(near) - MOST_LINES
        say(self.more, tr("new_incident.notes.more", count=left) if left > 0 else "")

    def _line(self, near: NearbyNote) -> NoteLine:
        note = near.note
        away = length_text(near.distance_m) if near.distance_m is not None else note.address
        kind = "new_incident.notes.hazard" if note.hazard else "new_incident.notes.note"
        return NoteLine(note.id, tr(kind, text=note.text, away=away), note.hazard)

    # -- adding ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """For a note about the place that stands in the form."""
        if self._spot is None:
            self.refused.emit(tr("new_incident.notes.no_place"))
            return
        self.show()
        self._asks.show()
        self.add.hide()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _keep(self) -> None:
        spot = self._spot
        if spot is None:
            return
        now = self._bridge.clock.now()
        self._note = self._note or self._bridge.app.new_id()
        days: int = self.days.currentData()
        command = PutPremiseNote(
            self._note, self.text.text(), self.hazard.isChecked(), now + days * DAY_MS,
            spot.address, spot.lat, spot.lon,
        )  # fmt: skip
        self._bridge.submit(command, self._kept)

    def _kept(self, sentence: str | None) -> None:
        if sentence is not None:
            self.refused.emit(sentence)
            return
        self._note = ""
        self.clear()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the note's line keeps the note, not the report."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text.hasFocus():
            self._keep()
        elif event.key() == Qt.Key.Key_Escape and not self._asks.isHidden():
            self.clear()
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.add.set_words(tr("new_incident.notes.add"), ADD_KEY)
        self.keep.set_words(tr("new_incident.notes.keep"), "")
        self.hazard.setText(tr("new_incident.notes.is_hazard"))
        self.text.setPlaceholderText(tr("new_incident.notes.placeholder"))
        self.text.setAccessibleName(tr("new_incident.notes.placeholder"))
        self.days.setAccessibleName(tr("new_incident.notes.days.title"))
        chosen = self.days.currentData() or _USUAL_DAYS
        self.days.clear()
        for days in NOTE_DAYS:
            self.days.addItem(tr("new_incident.notes.days", count=days), days)
        self.days.setCurrentIndex(self.days.findData(chosen))
        self._look()
