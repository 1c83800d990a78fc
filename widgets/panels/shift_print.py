"""Owns the way of a hand-over onto paper: where to, what is on it - masked -, how it ended.

Must not know how a sheet looks (shift_page.py). Sheets are only recorded here; a child process writes the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from app.domain.shift import Shift
from app.i18n import tr
from app.projections.shift_brief import Brief
from widgets.bridge import Bridge
from widgets.file_dialog import file_dialog
from widgets.local_time import local
from widgets.panels.shift_brief_words import paper_sections
from widgets.panels.shift_page import HEIGHT_PX, PAPER, WIDTH_PX, SheetWords, ShiftSheets
from widgets.panels.shift_words import ShiftWords

if TYPE_CHECKING:
    from widgets.map.page_record import Attachment
    from widgets.panels.map_making import Steps

SUFFIX: Final = ".pdf"


class ShiftPrint(QObject):
    """One document at a time. `told` carries how it goes, `failed` why there is none."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        brief: Callable[[], Brief | None],
        words: Callable[[], ShiftWords],
        parent: QWidget,
    ) -> None:
        """`brief` gives what is to be printed, `words` how it is said now."""
        super().__init__(parent)
        self._bridge, self._brief, self._words, self._over = bridge, brief, words, parent
        self.dialog: QFileDialog | None = None
        self.is_writing = False

    def ask(self, name: str, past: str = "") -> None:
        """Asks for the file, without holding anything up. `past` is a shift handed over before, "" the one in front."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog = self.dialog = file_dialog(self._over, tr("shift.what.print"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{SUFFIX}")
        dialog.setDefaultSuffix(SUFFIX)
        dialog.selectFile(f"{name}{SUFFIX}")
        dialog.fileSelected.connect(lambda path: self.write(Path(path), past))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def write(self, path: Path, past: str = "") -> None:
        """Writes the hand-over as it was signed last, or as it is while nobody has signed it."""
        brief = None if past else self._brief()
        if self.is_writing or (brief is None and not past):
            return
        self.is_writing = True
        self.told.emit(tr("shift.print.begun", file=path.name))
        self._bridge.fetch(self._written(brief, past, path), self._done, self._failed)

    async def _written(self, brief: Brief | None, past: str, path: Path) -> Path:
        from app.cli_make import PAGE
        from widgets.panels.map_making import Making

        app = self._bridge.app
        try:
            if brief is not None:
                shift = self._bridge.desk.shifts.get(brief.span.id) or Shift(brief.span.id)
            else:
                shift, brief = await app.hand_over(past)
            assert brief is not None, "only what was signed is offered"
            purpose = tr("shift.print.purpose", span=brief.span.id)
            names = await app.shifts.signatories(shift, purpose, app.context(purpose))
            words = sheet_words(self._bridge, self._words(), brief, shift, names)
            await Making(PAGE, path).make(_steps(words, tuple(_signed_lines(shift))), "light")
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


def sheet_words(
    bridge: Bridge, words: ShiftWords, brief: Brief, shift: Shift, names: Mapping[str, str]
) -> SheetWords:
    """Residents are masked, whatever the officer may see: paper lies about. `names` are those of who signed, by ref."""
    now = bridge.clock.now()
    at = local(now, bridge.district.utc_offset_min)
    made = tr("shift.print.made", desk=bridge.app.config.desk, time=_full(at))
    return SheetWords(
        title=tr("shift.print.title", span=words.span(brief)),
        made=" · ".join((_which(brief, bridge), made)),
        figures=words.figures(brief),
        sections=paper_sections(words, brief),
        signatures=(
            words.signature("out", shift.outgoing, names),
            words.signature("in", shift.incoming, names),
        ),
        foot=tr("shift.print.attached" if shift.outgoing else "shift.print.masked"),
        exercise=tr("shift.print.exercise") if bridge.app.mode == "drill" else "",
    )


def _which(brief: Brief, bridge: Bridge) -> str:
    """Which brief it is: what the last signature below stands under, or one that nobody has signed."""
    at = _full(local(brief.made_at, bridge.district.utc_offset_min))
    return tr("shift.print.signed" if brief.signed_at else "shift.print.draft", time=at)


def _full(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _signed_lines(shift: Shift) -> Iterator[Attachment]:
    """What was signed, to the byte: the SHA-256 of each file is the digest on the paper."""
    from widgets.map.page_record import Attachment

    for which in ("outgoing", "incoming"):
        signature = getattr(shift, which)
        if signature is not None:
            yield Attachment(f"{which}.txt", "\n".join(signature.lines).encode())


def _steps(words: SheetWords, attached: tuple[Attachment, ...]) -> Steps:
    """Page after page; each is recorded by a painter of its own."""
    from widgets.map.page_record import NewPage, PageOrder, PagePainter
    from widgets.map.page_replay import PDF_DPI, page_layout

    box = page_layout(PAPER).fullRectPixels(PDF_DPI)
    yield PageOrder("pdf", box.width(), box.height(), PAPER, words.title, attached).packed()
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
