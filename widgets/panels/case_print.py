"""Owns the way of an incident onto one page of PDF: where to, what is on it - masked -, how it ended.

Must not know how a page looks (case_page.py). The page is only recorded here; a child process writes the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton
from shiboken6 import isValid

from app.centre.types_in_force import type_name
from app.domain.clocks import due_clocks
from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.i18n import tr
from app.projections.case_timeline import TimelineLine
from widgets.actions import tail
from widgets.file_dialog import file_dialog
from widgets.local_time import local
from widgets.panels.case_facts import outcome_text
from widgets.panels.case_files import size_text
from widgets.panels.case_page import HEIGHT_PX, PAPER, WIDTH_PX, Block, CasePage, PageWords
from widgets.panels.case_words import moment_text, place_lines
from widgets.parts.age_text import format_age, format_distance
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

if TYPE_CHECKING:
    from app.bootstrap import Person
    from widgets.panels.case import CasePanel
    from widgets.panels.map_making import Steps

SUFFIX: Final = ".pdf"
_NOTED: Final = "timeline.incident.noted"


class PrintTold(QFrame):
    """How it went, in one line under the card."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.open = ElidedLabel(), QPushButton()
        self.open.setProperty("kind", "quiet")
        look = tokens()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_m, look.space_xs, look.space_m, look.space_xs)
        row.addWidget(self.text, 1)
        row.addWidget(self.open)
        self.setProperty("raised", True)
        self.hide()

    def tell(self, text: str, *, is_done: bool) -> None:
        self.text.set_text(text)
        self.open.setText(tr("card.print.open"))
        self.open.setVisible(is_done)
        self.show()


class CasePrint(QObject):
    """One page at a time. `failed` carries why there is none."""

    failed = Signal(str)

    def __init__(self, panel: CasePanel) -> None:
        super().__init__(panel)
        self._panel, self._bridge = panel, panel.bridge
        self._path: Path | None = None
        self.dialog: QFileDialog | None = None
        self.is_writing = False
        self.told = PrintTold()
        self.told.open.clicked.connect(self._open)

    # -- where to ----------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Asks for the file, without holding anything up."""
        incident = self._panel.incident
        if incident is None or self.dialog is not None:
            return
        dialog = self.dialog = file_dialog(self._panel, tr("card.print.title", number=tail(incident.number)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{SUFFIX}")
        dialog.setDefaultSuffix(SUFFIX)
        exercise = f"{tr('card.print.exercise_file')}_" if self._bridge.app.mode == "drill" else ""
        dialog.selectFile(f"{exercise}{incident.number}{SUFFIX}")
        dialog.fileSelected.connect(lambda path: self.write(incident.id, Path(path)))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def write(self, incident: str, path: Path) -> None:
        """Writes the incident as it stands now."""
        if self.is_writing:
            return
        self.is_writing = True
        self.told.tell(tr("card.print.begun", file=path.name), is_done=False)
        self._bridge.fetch(self._written(incident, path), self._done, self._failed)

    def _done(self, path: Path) -> None:
        if isValid(self):
            self._path = path
            self.told.tell(tr("card.print.done", path=path), is_done=True)

    def _failed(self, why: str) -> None:
        if isValid(self):
            self.told.hide()
            self.failed.emit(why)

    def _open(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))

    # -- making ------------------------------------------------------------------------------------------------------

    async def _written(self, key: str, path: Path) -> Path:
        from app.cli_make import PAGE
        from widgets.panels.map_making import Making

        app = self._bridge.app
        try:
            story = await app.timeline(key)
            incident = self._bridge.desk.incidents[key]
            person = await app.masked_person(incident.person_ref) if incident.person_ref else None
            await Making(PAGE, path).make(self._steps(self.words(incident, story, person)), "light")
        finally:
            self.is_writing = False
        return path

    @staticmethod
    def _steps(words: PageWords) -> Steps:
        from widgets.map.page_record import PageOrder, PagePainter
        from widgets.map.page_replay import PDF_DPI, page_layout

        box = page_layout(PAPER).fullRectPixels(PDF_DPI)
        yield PageOrder("pdf", box.width(), box.height(), PAPER, words.number).packed()
        painter = PagePainter()
        try:
            painter.scale(box.width() / WIDTH_PX, box.height() / HEIGHT_PX)
            yield from CasePage(words).painting(painter)
            yield from painter.pieces()
        finally:
            if painter.isActive():
                painter.end()

    # -- what is on it -----------------------------------------------------------------------------------------------

    def words(self, incident: Incident, story: list[TimelineLine], person: Person | None) -> PageWords:
        """Masked throughout, whatever the officer may see on his screen: paper lies about."""
        app, told = self._bridge.app, self._panel.story.worded
        at = local(app.clock.now(), self._bridge.district.utc_offset_min)
        worded = [(line, told(line, masked=True)) for line in story]
        lines = [tr("card.print.line", when=w.when, what=w.what, who=w.who) for _, w in worded]
        notes = [tr("card.print.line", when=w.when, what=w.what, who=w.who)
                 for line, w in worded if line.text_key == _NOTED]  # fmt: skip
        status = tr(
            "card.print.status",
            priority=tr(f"terms.priority.P{incident.priority}"),
            type=type_name(incident.incident_type),
            status=tr(f"terms.incident_status.{incident.status}"),
        )
        return PageWords(
            number=tr("card.print.title", number=incident.number),
            title=mask_text(self._bridge.said(incident).title),
            status=status,
            priority=incident.priority,
            made=tr("card.print.made", desk=app.config.desk, time=f"{at:%Y-%m-%d %H:%M:%S}"),
            notes=tr("card.print.masked"),
            exercise=tr("card.print.exercise") if app.mode == "drill" else "",
            left=[*self._facts(incident, person), Block(tr("card.print.notes"), notes)],
            right=[block for block in self._around(incident) if block.lines],
            story=Block(tr("timeline.title"), lines),
        )

    def _facts(self, incident: Incident, person: Person | None) -> Iterator[Block]:
        yield Block(
            tr("case.where"),
            [part for part in map(mask_text, place_lines(incident, self._panel.names)) if part],
        )
        who = "  ".join(part for part in (person.name, person.phone) if part) if person else ""
        yield Block(tr("case.who"), [who or tr("case.erased" if incident.person_ref else "case.nobody")])
        yield Block(tr("case.what"), [mask_text(incident.description)] if incident.description else [])
        outcome = outcome_text(incident, masked=True)
        yield Block(tr("case.outcome"), outcome.split("\n") if outcome else [])
        around = self._panel.around
        yield Block(tr("card.premises"), [row.text for row in around.premises_list.rows])

    def _around(self, incident: Incident) -> Iterator[Block]:
        names, around = self._panel.names, self._panel.around
        yield Block(tr("card.print.clocks"), list(self._clocks(incident)))
        units = [self._unit(unit, incident) for unit in incident.attended]
        yield Block(tr("case.units", count=len(incident.units)), units)
        for title, lines in self._panel.field.printed():
            yield Block(title, lines)
        near = [
            f"{names.camera(n.camera.id)}  {format_distance(n.distance_m)}"
            for n in around.near_cameras(incident)
        ]
        yield Block(tr("card.cameras"), near)
        files = [tr("card.print.file", name=f.name, size=size_text(f.size_bytes)) for f in incident.files]
        yield Block(tr("card.files", count=len(files)), files)
        links = [
            f"{names.number(link.other)}  {tr(f'triage.relation.{link.relation}')}"
            for link in incident.related
        ]
        yield Block(tr("card.links"), links)

    def _unit(self, unit: str, incident: Incident) -> str:
        known = self._bridge.desk.units.get(unit)
        held = known.assignment(incident.id) if known else None
        name = self._panel.names.unit(unit)
        return (
            tr("card.print.unit", name=name, status=tr(f"terms.unit_status.{held.phase}")) if held else name
        )

    def _clocks(self, incident: Incident) -> Iterator[str]:
        now, offset_min = self._bridge.clock.now(), self._bridge.district.utc_offset_min
        for clock in due_clocks(incident, self._bridge.app.limits):
            left_ms = clock.left_ms(now)
            if left_ms < 0:
                state = tr("card.print.clock.late", age=format_age(-left_ms / 1000))
            elif clock.ended_at is not None:
                state = tr("card.print.clock.skipped")
            elif clock.runs:
                state = tr("card.print.clock.left", age=format_age(left_ms / 1000))
            else:
                state = tr("card.print.clock.in_time")
            due = moment_text(clock.due_at, now, offset_min)
            line = tr("card.print.clock", name=tr(f"case.clock.{clock.name}"), due=due, state=state)
            yield line if clock.is_sure else f"{line}  {tr('card.unsure')}"
