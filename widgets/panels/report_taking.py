"""Owns the step from a filled-in form to a durable report: what is lacking, the command, its reporter and its files.

Must not show anything: the form is told. What the desk refuses leaves the form as it was.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.centre.types_in_force import type_name
from app.domain.commands import ReportIncident
from app.domain.errors import StreetdeskError
from app.domain.masking import mask_text
from app.i18n import tr
from app.service.refusals import sentence_of
from app.service.reporter import take_report
from widgets.panels.report_files import attach_all

if TYPE_CHECKING:
    from widgets.panels.new_incident import NewIncidentSheet


class ReportTaker(QObject):
    """`refused` carries why not, and the field that is to be mended, if it is one; `taken` the incident, durable."""

    refused = Signal(str, object)
    taken = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, form: NewIncidentSheet) -> None:
        super().__init__(form)
        self._form = form
        self.is_busy = False

    def take(self, into: str = "") -> None:
        """Writes the report down; type and a place are enough. `into` is the incident that it is about."""
        if self.is_busy:
            return
        lacking = self._lacking()
        if lacking is not None:
            self.refused.emit(*lacking)
            return
        self._set_busy(True)
        form = self._form
        form.place.settle_grid()
        incident = form.bridge.app.new_id()
        reading = self._written(self._report(incident), into)
        form.bridge.fetch(reading, lambda sentence: self._answered(into or incident, sentence))

    def _lacking(self) -> tuple[str, QWidget] | None:
        """Why it cannot be taken as it stands, and the field that is about: the first one from the top."""
        form = self._form
        if not form.type.value:
            return tr("new_incident.needs_type"), form.type
        if not form.place.is_given:
            return tr("new_incident.needs_place"), form.where
        place, person, when = form.place.refusal("report"), form.person.fault(), form.when.fault()
        if place:
            return place, form.where
        if person is not None:
            return person
        if when:
            return when, form.when.line
        return (tr("new_incident.files.reading"), form.save) if form.files.is_reading else None

    def _report(self, incident: str) -> ReportIncident:
        """Numbers of people in the words are masked: whole ones stand in the table of persons alone."""
        form = self._form
        spot = form.place.spot
        return ReportIncident(
            incident,
            "desk",
            incident,
            form.type.value,
            form.priority.priority,
            mask_text(form.what.text().strip()) or self._title_of_itself(spot.address),
            description=tr("new_incident.anonymous.said") if form.person.anonymous.isChecked() else "",
            address=mask_text(spot.address),
            lat=spot.lat,
            lon=spot.lon,
            grid=form.grid.currentData() or None,
            camera=spot.camera or None,
        )

    def _title_of_itself(self, address: str) -> str:
        grid = self._form.grid
        place = mask_text(address) or (grid.currentText() if grid.currentData() else "")
        kind = type_name(self._form.type.value)
        return tr("new_incident.untitled", type=kind, place=place or tr("new_incident.a_point"))

    def _written(self, report: ReportIncident, into: str) -> Coroutine[Any, Any, str | None]:
        """None once it is durable, else the sentence that says why not."""
        bridge, files = self._form.bridge, self._form.files.files
        reporter, at = self._form.person.reporter, self._form.when.at
        context = replace(bridge.app.context(), occurred_at=at)

        async def write() -> str | None:
            try:
                await take_report(bridge.app.bus, context, report, reporter, into)
            except StreetdeskError as error:
                return sentence_of(error)
            for sentence in await attach_all(bridge, into or report.incident, files):
                bridge.trouble_changed.emit(sentence)
            return None

        return write()

    def _answered(self, incident: str, sentence: str | None) -> None:
        self._set_busy(False)
        if sentence is not None:
            self.refused.emit(sentence, None)
        else:
            self.taken.emit(incident)

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.busy_changed.emit(is_busy)
