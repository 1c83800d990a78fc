"""Owns the way of a hand-over onto paper: where to, what is on it - masked -, how it ended.

Must not know how a sheet looks (shift_page.py). Sheets are only recorded here; a child process writes the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from app.domain.masking import mask_text
from app.i18n import tr
from app.projections.shift_brief import Brief
from widgets.bridge import Bridge
from widgets.local_time import local
from widgets.panels.shift_page import HEIGHT_PX, PAPER, WIDTH_PX, SheetWords, ShiftSheets
from widgets.panels.shift_words import ShiftWords
from widgets.parts.section_list import SectionRow

if TYPE_CHECKING:
    from widgets.panels.map_making import Steps

SUFFIX: Final = ".pdf"


class ShiftPrint(QObject):
    """One document at a time. `told` carries how it goes, `failed` why there is none."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, bridge: Bridge, sheet: Callable[[], SheetWords | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._sheet, self._over = bridge, sheet, parent
        self.dialog: QFileDialog | None = None
        self.is_writing = False

    def ask(self, name: str) -> None:
        """Asks for the file, without holding anything up."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog = self.dialog = QFileDialog(self._over, tr("shift.what.print"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{SUFFIX}")
        dialog.setDefaultSuffix(SUFFIX)
        place = QStandardPaths.StandardLocation.DocumentsLocation
        dialog.setDirectory(QStandardPaths.writableLocation(place))
        dialog.selectFile(f"{name}{SUFFIX}")
        dialog.setModal(False)
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def write(self, path: Path) -> None:
        """Writes the hand-over as it stands now."""
        words = self._sheet()
        if self.is_writing or words is None:
            return
        self.is_writing = True
        self.told.emit(tr("shift.print.begun", file=path.name))
        self._bridge.fetch(self._written(words, path), self._done, self._failed)

    async def _written(self, words: SheetWords, path: Path) -> Path:
        from app.cli_make import PAGE
        from widgets.panels.map_making import Making

        try:
            await Making(PAGE, path).make(_steps(words), "light")
        finally:
            self.is_writing = False
        return path

    def _done(self, path: Path) -> None:
        if isValid(self):
            self.told.emit(tr("shift.print.done", path=path))

    def _failed(self, why: str) -> None:
        if isValid(self):
            self.failed.emit(why)


def file_name(bridge: Bridge, shift: str) -> str:
    """What the file of a shift is called, without its end."""
    name = tr("shift.print.file", span=shift)
    return f"{tr('shift.print.exercise_file')}_{name}" if bridge.app.mode == "drill" else name


def sheet_words(bridge: Bridge, words: ShiftWords, brief: Brief) -> SheetWords:
    """Masked throughout, whatever the officer may see on his screen: paper lies about."""
    now = bridge.clock.now()
    shift = bridge.desk.shifts.get(brief.span.id)
    at = local(now, bridge.district.utc_offset_min)
    return SheetWords(
        title=tr("shift.print.title", span=words.span(brief)),
        made=" · ".join(
            (_which(brief, bridge), tr("shift.print.made", desk=bridge.app.config.desk, time=_full(at)))
        ),
        figures=words.figures(brief),
        rows=[_on_paper(row) for row in words.brief_rows(brief)],
        signatures=(
            words.signature("out", shift.outgoing if shift else None, now),
            words.signature("in", shift.incoming if shift else None, now),
        ),
        exercise=tr("shift.print.exercise") if bridge.app.mode == "drill" else "",
    )


def _which(brief: Brief, bridge: Bridge) -> str:
    """Which brief it is: what the signatures below stand under, or one that nobody has signed."""
    at = _full(local(brief.made_at, bridge.district.utc_offset_min))
    return tr("shift.print.signed" if brief.signed_at else "shift.print.draft", time=at)


def _full(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _on_paper(row: SectionRow) -> SectionRow:
    """In one line, with the priority as a letter and a figure: paper shows no shapes."""
    shape, _, level = row.glyph.partition("/")
    marked = f"P{level}  {row.title}" if shape == "priority" else row.title
    text = f"{marked}  {row.second}" if row.second else marked
    return replace(row, title=mask_text(text), second="")


def _steps(words: SheetWords) -> Steps:
    """Page after page; each is recorded by a painter of its own."""
    from widgets.map.page_record import NewPage, PageOrder, PagePainter
    from widgets.map.page_replay import PDF_DPI, page_layout

    box = page_layout(PAPER).fullRectPixels(PDF_DPI)
    yield PageOrder("pdf", box.width(), box.height(), PAPER, words.title).packed()
    sheets = ShiftSheets(words)
    for number in range(len(sheets.pages)):
        if number:
            yield NewPage().packed()
        painter = PagePainter()
        try:
            painter.scale(box.width() / WIDTH_PX, box.height() / HEIGHT_PX)
            yield from sheets.painting(painter, number)
            yield from painter.pieces()
        finally:
            if painter.isActive():
                painter.end()
