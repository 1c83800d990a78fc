"""The story of one unit on a sheet over the map: newest first, kept up while it is open.

Owns the reading, the wording and the sheet. Must not change anything.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.i18n import has_text, tr
from app.projections.case_timeline import TimelineLine
from widgets.bridge import Bridge
from widgets.map.map_view import MapView
from widgets.map.sheet import Sheet
from widgets.panels.case_timeline import CaseTimeline, StoryLine
from widgets.panels.case_words import Names, actor_text, late_text, moment_text

SHEET = "unit_story"


class StorySheet(Sheet):
    """Lines under the name of a unit."""

    def __init__(self, parent: QWidget) -> None:
        self.who = ""
        self.lines = CaseTimeline()
        super().__init__("unit_story.sheet", parent)
        self.body.addWidget(self.lines, 0, Qt.AlignmentFlag.AlignTop)
        self.renew()

    def renew(self) -> None:
        super().renew()
        if self.who:
            self._title.setText(tr("unit_story.title", unit=self.who))


class UnitStory(QObject):
    """One map's sheet. `show` opens it for a unit."""

    def __init__(self, bridge: Bridge, view: MapView) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view
        self._names = Names(bridge)
        self._unit = ""
        self._asked = 0
        self.sheet = StorySheet(view)
        view.sheets[SHEET] = self.sheet
        bridge.units_changed.connect(self._units_changed)

    def show(self, unit: str) -> None:
        """Open the sheet with what this unit has done."""
        self._unit = unit
        self.sheet.who = self._names.unit(unit)
        self.sheet.lines.set_lines((), tr("common.loading"))
        self.sheet.renew()
        if not self.sheet.isVisible():
            self._view.open_sheet(SHEET)
        self._read()

    def retranslate(self) -> None:
        self._names = Names(self._bridge)
        if self.sheet.isVisible():
            self.show(self._unit)

    def _units_changed(self, keys: Collection[str]) -> None:
        if self.sheet.isVisible() and self._unit in keys:
            self._read()

    def _read(self) -> None:
        self._asked += 1
        asked = self._asked

        def done(lines: list[TimelineLine]) -> None:
            if isValid(self) and asked == self._asked:
                self._show_lines([self._line(line) for line in reversed(lines)], tr("unit_story.empty"))

        def failed(_sentence: str) -> None:
            if isValid(self) and asked == self._asked:
                self._show_lines([], tr("unit_story.failed"))

        self._bridge.fetch(self._bridge.app.unit_timeline(self._unit), done, failed)

    def _show_lines(self, lines: list[StoryLine], note: str) -> None:
        self.sheet.lines.set_lines(lines, note)
        self._view.place_sheets()

    def _line(self, line: TimelineLine) -> StoryLine:
        now, offset_min = self._bridge.clock.now(), self._bridge.district.utc_offset_min
        when, late = moment_text(line.at, now, offset_min), late_text(line)
        tip = tr("timeline.late_tip", at=when, age=late) if late else ""
        return StoryLine(line.seq, when, self._text(line), actor_text(line, self._names), late, tip)

    def _text(self, line: TimelineLine) -> str:
        facts = {key: self._word(key, value, line) for key, value in line.facts.items()}
        return tr(line.text_key, **facts)

    def _word(self, key: str, value: object, line: TimelineLine) -> object:
        text = str(value)
        match key:
            case "incident":
                return self._names.number(text)
            case "duty":
                return tr(f"terms.unit_status.{text}")
            case "code":
                is_district = line.facts.get("area") == "district"
                return tr("timeline.area.district") if is_district else self._names.grid(text)
            case "reason":
                known = f"timeline.cleared.{text}"
                return tr(known) if has_text(known) else text
        return value
