"""Owns the tasks and questions of the run card on the incident card: what is done, who said so and when, ticking.

Must not judge: a tick becomes the same command as a unit's, and a refusal is told by the card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.domain.incident import REPORTED, Incident
from app.domain.incident_parts import Tick
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.panels.case_section import CaseSection
from widgets.panels.case_words import Names
from widgets.style import tokens

if TYPE_CHECKING:
    from app.link.field.view import CheckItem

_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_NUMBERED: Final = 9


class CaseChecklist(CaseSection):
    """There from the moment in which the incident is accepted. `ticked` carries an item and whether it is done.

    With the keyboard in it arrows go from line to line, Space ticks, a digit ticks the line with that number.
    """

    ticked = Signal(str, bool)

    def __init__(self, bridge: Bridge, names: Names) -> None:
        self._list = QWidget()
        super().__init__(self._list)
        self._bridge, self._names = bridge, names
        self._items: Sequence[CheckItem] = ()
        self._asked_for: tuple[object, ...] = ()
        self.incident: Incident | None = None
        self.heading = ""
        """What it is and how much of it is done, without the key: for paper and for refusals."""
        self.boxes: dict[str, QCheckBox] = {}
        self.signs: dict[str, QLabel] = {}
        self._lines = QVBoxLayout(self._list)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(tokens().space_xs)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_incident(self, incident: Incident) -> None:
        """The incident as it is now."""
        self.incident = incident
        self._fetch(incident)
        self._show(incident)

    def _fetch(self, incident: Incident) -> None:
        """The run card is read once, aside; another type, priority, level or place is another list."""
        asked_for = (
            incident.id, incident.incident_type, incident.priority, incident.alarm_level, incident.lat, incident.lon,
        )  # fmt: skip
        following = self._bridge.app.following
        if asked_for == self._asked_for or following is None or not _begins(incident):
            return
        if asked_for[0] != (self._asked_for or ("",))[0]:
            self._items = ()
        self._asked_for = asked_for

        def came(items: Sequence[CheckItem]) -> None:
            if self._asked_for == asked_for and self.incident is not None:
                self._items = items
                self._show(self.incident)

        self._bridge.fetch(following.checklist(incident), came)

    def _show(self, incident: Incident) -> None:
        is_its = bool(self._asked_for) and incident.id == self._asked_for[0] and _begins(incident)
        items = self._items if is_its else ()
        if [item.id for item in items] != list(self.boxes):
            self._make_lines(items)
        for number, item in enumerate(items, 1):
            self._show_line(incident, item, number)
        done = sum(incident.tick(item.id) is not None for item in items)
        self.heading = tr("field.card.checklist", done=done, count=len(items))
        title = tr("field.card.checklist_key", heading=self.heading) if incident.is_open else self.heading
        self.show_title(title, has_content=bool(items))

    def _show_line(self, incident: Incident, item: CheckItem, number: int) -> None:
        tick, box, sign = incident.tick(item.id), self.boxes[item.id], self.signs[item.id]
        words = item.en if language() == "en" else item.zh
        box.setText(words.replace("&", "&&"))
        box.setToolTip(
            tr("field.card.tick_tip", words=words, number=number) if number <= _NUMBERED else words
        )
        box.setChecked(tick is not None)
        box.setEnabled(incident.is_open)
        sign.setVisible(tick is not None)
        sign.setText(self._sign(tick) if tick is not None else "")

    def _sign(self, tick: Tick) -> str:
        """Who and when: a unit, this desk's officer, or who sat at another desk."""
        config, at = self._bridge.app.config, clock_text(tick.at, self._bridge.district.utc_offset_min)
        if tick.unit:
            who = self._names.unit(tick.unit)
        elif tick.desk in ("", config.desk) and tick.actor in ("", config.actor):
            who = tr("field.talk.mine")
        else:
            who = f"{self._names.actor(tick.actor)} · {tick.desk}"
        return tr("field.card.ticked", who=who, at=at)

    def _make_lines(self, items: Sequence[CheckItem]) -> None:
        """Who has the keyboard on a line keeps it there."""
        focused = next((key for key, box in self.boxes.items() if box.hasFocus()), "")
        for part in (*self.boxes.values(), *self.signs.values()):
            self._lines.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.boxes, self.signs = {}, {}
        for item in items:
            box, sign = self.boxes[item.id], self.signs[item.id] = CheckLine(), QLabel()
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            sign.setProperty("tone", "second")
            sign.setProperty("type", "small")
            sign.setIndent(tokens().space_xl)
            box.clicked.connect(lambda done, item=item.id: self.ticked.emit(item, done))
            self._lines.addWidget(box)
            self._lines.addWidget(sign)
        if focused in self.boxes:
            self.boxes[focused].setFocus()

    # -- with the keyboard -------------------------------------------------------------------------------------------

    @property
    def next_line(self) -> QCheckBox | None:
        """The first line that is not done yet; else the first."""
        undone = (box for box in self.boxes.values() if not box.isChecked())
        return next(undone, next(iter(self.boxes.values()), None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        boxes = list(self.boxes.values())
        number = event.key() - Qt.Key.Key_1
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and 0 <= number < min(len(boxes), _NUMBERED):
            boxes[number].setFocus()
            boxes[number].click()
        elif plain and event.key() in _STEPS:
            at = next((place for place, box in enumerate(boxes) if box.hasFocus()), 0)
            boxes[max(0, min(len(boxes) - 1, at + _STEPS[Qt.Key(event.key())]))].setFocus()
        else:
            super().keyPressEvent(event)

    def printed(self) -> Iterator[str]:
        """What is done, for the page on paper."""
        for key, box in self.boxes.items():
            if box.isChecked():
                yield f"{box.text()}  {self.signs[key].text()}"


class CheckLine(QCheckBox):
    """Arrows are the list's: left to itself a button takes them as Tab."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _begins(incident: Incident) -> bool:
    """Nobody works on what has not been accepted."""
    return incident.status != REPORTED or bool(incident.attended)
