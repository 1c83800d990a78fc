"""Owns the story on the card: reading it, which of its lines are shown, and who changed a field last.

Must not act.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget
from shiboken6 import isValid

from app.i18n import tr
from app.projections.case_timeline import TimelineLine
from widgets.bridge import Bridge
from widgets.panels.case_section import CaseSection
from widgets.panels.case_timeline import CaseTimeline, StoryLine
from widgets.panels.case_words import Names, actor_text, late_text, moment_text, story_text
from widgets.style import tokens

FILTERS: Final = ("all", "mine", "units", "changes")
_OF_UNITS: Final = ("timeline.unit.", "timeline.incident.unit_")
_CHANGES: Final = frozenset(
    f"timeline.incident.{what}"
    for what in (
        "updated", "merged", "absorbed", "sources_joined", "unmerged", "separated", "linked", "unlinked",
        "file_attached", "file_detached", "supervised", "supervision_ended",
    )
)  # fmt: skip
_UPDATED: Final = "timeline.incident.updated"


class FilterBar(QWidget):
    """Four words of which one holds; `chosen` carries it."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.value = FILTERS[0]
        self.buttons = {name: QPushButton() for name in FILTERS}
        group, row = QButtonGroup(self), QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens().space_xs)
        for name, button in self.buttons.items():
            button.setCheckable(True)
            button.setProperty("kind", "quiet")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, name=name: self.choose(name))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.buttons[self.value].setChecked(True)

    def choose(self, name: str) -> None:
        self.value = name
        self.buttons[name].setChecked(True)
        self.chosen.emit(name)

    def turn(self) -> None:
        """The next one; after the last the first."""
        self.choose(FILTERS[(FILTERS.index(self.value) + 1) % len(FILTERS)])

    def retranslate(self) -> None:
        for name, button in self.buttons.items():
            button.setText(tr(f"card.story.{name}"))


class CaseStory(QObject):
    """`told` says that the story was read anew. `masks` says whether free text hides numbers now."""

    told = Signal()
    failed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._incident = ""
        self._asked = 0
        self.lines: list[TimelineLine] | None = None
        self.masks: Callable[[], bool] = lambda: True
        self.names = Names(bridge)
        self.timeline, self.filter = CaseTimeline(), FilterBar()
        self.section = CaseSection(self.filter, self.timeline)
        self.filter.chosen.connect(lambda _name: self.show())

    def look_at(self, incident: str) -> None:
        self._incident, self.lines = incident, None
        self.show()
        self.fetch()

    def fetch(self) -> None:
        """An answer for an incident that is not looked at any more, or that a newer one overtook, is dropped."""
        if not self._incident or not self._bridge.app.is_restored:
            return
        self._asked += 1
        asked = (self._incident, self._asked)

        def done(lines: list[TimelineLine]) -> None:
            if isValid(self) and asked == (self._incident, self._asked):
                self.lines = lines
                self.show()
                self.told.emit()

        def failed(sentence: str) -> None:
            if isValid(self) and asked == (self._incident, self._asked):
                self.failed.emit(sentence)
                if self.lines is None:
                    self.timeline.set_lines((), tr("timeline.failed"))

        self._bridge.fetch(self._bridge.app.timeline(self._incident), done, failed)

    def show(self) -> None:
        if self.lines is None:
            self.timeline.set_lines((), tr("common.loading"))
            return
        masked = self.masks()
        kept = [line for line in reversed(self.lines) if self._is_wanted(line)]
        note = tr("timeline.empty" if self.filter.value == "all" else "card.story.none")
        self.timeline.set_lines([self.worded(line, masked) for line in kept], note)

    def worded(self, line: TimelineLine, masked: bool) -> StoryLine:
        now, offset_min = self._bridge.clock.now(), self._bridge.district.utc_offset_min
        when, late = moment_text(line.at, now, offset_min), late_text(line)
        tip = tr("timeline.late_tip", at=when, age=late) if late else ""
        return StoryLine(line.seq, when, story_text(line, self.names, masked), self.who(line), late, tip)

    def who(self, line: TimelineLine) -> str:
        """An officer of another desk with that desk."""
        actor = actor_text(line, self.names)
        is_officer = ":" not in line.actor and line.actor != "geofence"
        if not is_officer or line.desk == self._bridge.app.config.desk:
            return actor
        return tr("card.story.who", actor=actor, desk=line.desk)

    def last_change(self, fields: Sequence[str]) -> TimelineLine | None:
        """The newest line that says that one of these fields was changed."""
        for line in reversed(self.lines or ()):
            if line.text_key == _UPDATED and any(line.facts.get(field) is not None for field in fields):
                return line
        return None

    def _is_wanted(self, line: TimelineLine) -> bool:
        config = self._bridge.app.config
        match self.filter.value:
            case "mine":
                return (line.actor, line.desk) == (config.actor, config.desk)
            case "units":
                return line.text_key.startswith(_OF_UNITS)
            case "changes":
                return line.text_key in _CHANGES
        return True

    def retranslate(self) -> None:
        """The language has changed."""
        self.names = Names(self._bridge)
        self.section.show_title(tr("timeline.title"))
        self.filter.retranslate()
        self.show()
