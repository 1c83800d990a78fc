"""Owns the head of the incident card: what it is, how urgent, where it stands in the loop and its clocks.

Must not act.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.centre.types_in_force import type_name
from app.domain import incident as inc
from app.domain.clocks import STEPS, ClockState, Limits, due_clocks
from app.domain.incident import Incident
from app.domain.instants import Instant
from app.i18n import tr
from widgets.actions import tail
from widgets.local_time import minute_text
from widgets.panels.case_words import loop_steps, moment_text, source_name
from widgets.panels.edit_place import EditPlace
from widgets.parts.badge import PriorityBadge, StatusPill, Tone
from widgets.parts.clamped_label import ClampedLabel
from widgets.parts.countdown import Countdown, remaining_text
from widgets.parts.elided_label import ElidedLabel
from widgets.parts.painting import follow_theme
from widgets.parts.step_list import Step, StepList
from widgets.parts.symbols import paint_symbol
from widgets.style import tokens

_TONES: dict[str, Tone] = {
    inc.REPORTED: "warn", inc.DISPATCHED: "busy", inc.HANDLING: "busy", inc.CLOSED: "ok",
    inc.WITHDRAWN: "off", inc.MERGED: "off",
}  # fmt: skip

HeadParts = Literal["all", "clocks", "what"]
"""All of it; without its place in the loop; only what it is and how urgent."""

CLOCKS_A_ROW = 3
STEP_LEAST_PX = 34
"""Two characters and a minute still fit."""


class TypeGlyph(QWidget):
    """The pictogram of an incident's type in the second text colour."""

    def __init__(self) -> None:
        super().__init__()
        self._type = "other"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)

    def set_type(self, incident_type: str) -> None:
        self._type = incident_type
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tokens().size_icon, tokens().size_icon)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_symbol(painter, f"incident/{self._type}", QRectF(self.rect()), tokens().text_second)
        painter.end()


class CaseHead(QWidget):
    """Shows one incident; `set_now` moves its clocks."""

    def __init__(self, limits: Limits, utc_offset_min: int) -> None:
        super().__init__()
        self._limits, self._offset_min = limits, utc_offset_min
        self._incident: Incident | None = None
        self._now: Instant = 0
        self._shown_steps: list[Step] = []
        self.shown: HeadParts = "all"
        self.priority, self.number, self.status = PriorityBadge(4), QLabel(), StatusPill()
        self.title = ClampedLabel(bold=True)
        self.glyph, self.origin = TypeGlyph(), ElidedLabel(size="body", second=True)
        self.clocks = {name: Countdown() for name, _ in STEPS}
        self.unsure = ElidedLabel(size="body", second=True)
        self.steps = StepList()
        self.steps.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.steps.setMinimumWidth(tokens().px(STEP_LEAST_PX) * len(inc.LOOP))
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number.setProperty("type", "title")
        self._lay_out()

    def _lay_out(self) -> None:
        look = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space_s)
        (first_row, first), (second_row, second) = _line(look.space_s), _line(look.space_xs)
        self._clock_room = QWidget()
        clocks = QGridLayout(self._clock_room)
        clocks.setContentsMargins(0, 0, 0, 0)
        clocks.setSpacing(look.space_s)
        first.addWidget(self.priority)
        first.addWidget(self.number)
        first.addStretch(1)
        first.addWidget(self.status)
        second.addWidget(self.glyph)
        second.addWidget(self.origin, 1)
        for place, clock in enumerate(self.clocks.values()):
            clocks.addWidget(clock, place // CLOCKS_A_ROW, place % CLOCKS_A_ROW)
        self.places = {
            "priority": EditPlace(first_row, keeps=True),
            "title": EditPlace(self.title),
            "type": EditPlace(second_row, keeps=True),
        }
        for field in self.places.values():
            column.addWidget(field)
        column.addWidget(self._clock_room)
        column.addWidget(self.unsure)
        column.addWidget(self.steps)

    def show_incident(self, incident: Incident, now: Instant) -> None:
        self._incident, self._now = incident, now
        self.priority.set_priority(incident.priority, tr(f"terms.priority.P{incident.priority}"))
        self.number.setText(tail(incident.number))
        self.number.setToolTip(incident.number)
        self.title.set_text(incident.title)
        self.status.set_status(
            tr(f"terms.incident_status.{incident.status}"), _TONES.get(incident.status, "calm")
        )
        self.glyph.set_type(incident.incident_type)
        self.origin.set_text(self._origin(incident, now))
        self._show_clocks(incident)
        self._show_steps()

    def show_only(self, parts: HeadParts) -> None:
        """Leaves out what can wait while something else needs the room."""
        if parts != self.shown:
            self.shown = parts
            self.steps.setVisible(parts == "all")
            self._clock_room.setVisible(parts != "what")

    def height_of(self, parts: HeadParts) -> int:
        """What showing these takes beyond what always stands there."""
        left_out = {"all": (), "clocks": (self.steps,), "what": (self.steps, self._clock_room)}[parts]
        shown = [part for part in (self.steps, self._clock_room) if part not in left_out]
        return sum(part.sizeHint().height() + tokens().space_s for part in shown)

    def set_now(self, now: Instant) -> None:
        self._now = now
        for clock in self.clocks.values():
            clock.set_now(now)
        self._show_steps()

    def _origin(self, incident: Incident, now: Instant) -> str:
        source = incident.source_ids[0].partition(":")[0]
        at = moment_text(incident.opened_at, now, self._offset_min)
        words = tr("case.origin", type=type_name(incident.incident_type), source=source_name(source), at=at)
        if len(incident.source_ids) > 1:
            words += tr("case.merged_reports", count=len(incident.source_ids))
        return words

    def _show_clocks(self, incident: Incident) -> None:
        """A step that has no limit shows none."""
        known = {clock.name: clock for clock in due_clocks(incident, self._limits)}
        for name, countdown in self.clocks.items():
            countdown.set_caption(tr(f"case.clock.{name}"))
            clock = known.get(name)
            if clock is None:
                countdown.clear()
                continue
            countdown.set_limits(clock.yellow_at, clock.due_at)
            if clock.stopped_at is not None:
                countdown.stop(clock.stopped_at, self._stopped_text(clock))
            countdown.set_now(self._now)
        self._show_unsure([tr(f"case.clock.{c.name}") for c in known.values() if c.runs and not c.is_sure])

    def _stopped_text(self, clock: ClockState) -> str:
        """When it was done, by how much it was late, or that nobody waits for it; a pause keeps its figures."""
        if clock.done_at is not None:
            late_ms = clock.done_at - clock.due_at
            if late_ms > 0:
                return tr("case.clock_late", late=remaining_text(clock.done_at, clock.due_at))
            return tr("case.clock_met", at=minute_text(clock.done_at, self._now, self._offset_min))
        return tr("case.clock_ended") if clock.ended_at is not None else ""

    def _show_unsure(self, clocks: list[str]) -> None:
        """A due time in a year whose holidays nobody knows yet."""
        self.unsure.setVisible(bool(clocks))
        if clocks:
            self.unsure.set_text(tr("card.unsure"))
            self.unsure.setToolTip(tr("card.unsure.tip", clocks=tr("triage.separator").join(clocks)))

    def _show_steps(self) -> None:
        """Laid out again only when a step has changed, not every second."""
        if self._incident is None:
            return
        steps = loop_steps(self._incident, self._limits, self._now, self._offset_min)
        if steps != self._shown_steps:
            self._shown_steps = steps
            self.steps.set_steps(steps)


def _line(spacing: int) -> tuple[QWidget, QHBoxLayout]:
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    return host, row
