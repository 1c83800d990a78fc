"""Owns the way of the filtered ledger into a workbook: what is asked before, which file, how far it is, how it ended.

Must not know how a workbook is made: rows are only packed here, in slices, and a child process makes the file of them.
Personal data leaves only with a purpose, and only once that is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.cli_make import LEDGER
from app.domain.commands import ExportUnmasked
from app.domain.instants import Instant
from app.exchange.ledger_sheet import Cell, LedgerOrder, SheetColumn, pack_rows
from app.i18n import language, tr
from widgets.bridge import Bridge
from widgets.local_time import local
from widgets.models.ledger_columns import COLUMN, DATES, NUMBERS
from widgets.models.ledger_rows import LedgerRow
from widgets.panels.list_panel import head_margins
from widgets.panels.map_making import Making, Steps
from widgets.style import tokens

PIECE: Final = 40
"""So many rows are packed in well under the time of a frame."""
PACKING_SHARE: Final = 0.3
"""How much of the bar the packing is; the rest is the child's work."""
LOOK_MS: Final = 150
_PX_A_CHARACTER: Final = 7.0
_PERSONS: Final = ("officer",)

CellOf = Callable[[LedgerRow, Instant], Cell]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is on the screen: rows in their order, columns from left to right with their widths in logical pixels."""

    rows: Sequence[LedgerRow]
    columns: Sequence[tuple[str, float]]
    about: str
    since: Instant | None = None
    until: Instant | None = None


class ExportBar(QWidget):
    """Asks whether to mask, then shows how far it is. `wanted` carries masked or not, and the purpose."""

    wanted = Signal(bool, str)
    cancelled = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words, self.purpose, self.masked = QLabel(), QLineEdit(), QCheckBox()
        self.progress, self.go, self.cancel = QProgressBar(), QPushButton(), QPushButton()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.go.setProperty("kind", "primary")
        self.cancel.setProperty("kind", "quiet")
        self.purpose.setMaxLength(200)
        row = QHBoxLayout(self)
        row.setContentsMargins(*head_margins())
        row.setSpacing(tokens().space_s)
        row.addWidget(self.words, 1)
        for widget in (self.progress, self.masked, self.purpose, self.go, self.cancel):
            row.addWidget(widget)
        self.masked.toggled.connect(self._show_purpose)
        self.purpose.textChanged.connect(lambda _text: self._show_purpose())
        self.go.clicked.connect(self._want)
        self.cancel.clicked.connect(self._stop)
        self.is_writing = False
        self.hide()

    def ask(self, rows: int, columns: int) -> None:
        """Before the file is chosen: so many rows and columns, masked unless somebody says what for."""
        self.is_writing = False
        self.words.setText(tr("ledger.export.ask", rows=f"{rows:,}", columns=columns))
        self.masked.setText(tr("ledger.export.masked"))
        self.masked.setToolTip(tr("ledger.export.masked.tip"))
        self.purpose.setPlaceholderText(tr("ledger.export.purpose"))
        self.go.setText(tr("ledger.export.go"))
        self.cancel.setText(tr("common.cancel"))
        self.masked.setChecked(True)
        self.purpose.clear()
        self._show_parts()
        self.go.setEnabled(rows > 0)
        self.show()
        self.go.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def writing(self, name: str) -> None:
        """From now on it is a bar that grows."""
        self.is_writing = True
        self.words.setText(tr("ledger.export.writing", file=name))
        self.show_progress(0.0)
        self._show_parts()
        self.show()

    def show_progress(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))
        self.progress.setAccessibleName(f"{share:.0%}")

    def done(self) -> None:
        self.is_writing = False
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._stop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._want()
        else:
            super().keyPressEvent(event)

    def _show_parts(self) -> None:
        for widget in (self.masked, self.go):
            widget.setVisible(not self.is_writing)
        self.progress.setVisible(self.is_writing)
        self._show_purpose()

    def _show_purpose(self, _on: bool = False) -> None:
        needs = not self.masked.isChecked()
        self.purpose.setVisible(needs and not self.is_writing)
        self.go.setEnabled(not needs or bool(self.purpose.text().strip()))

    def _want(self) -> None:
        if not self.is_writing and self.go.isEnabled():
            self.wanted.emit(self.masked.isChecked(), self.purpose.text().strip())

    def _stop(self) -> None:
        if self.is_writing:
            self.cancelled.emit()
        else:
            self.done()


class LedgerExport(QObject):
    """One file at a time. `refused` carries why there is none, `told` what to say of the one that there is."""

    refused = Signal(str)
    told = Signal(str, object)
    """Words, and the file's path or None."""

    def __init__(self, bridge: Bridge, panel: QWidget) -> None:
        super().__init__(panel)
        self._bridge, self._panel = bridge, panel
        self.bar = ExportBar()
        self._wanted: Wanted | None = None
        self.dialog: QFileDialog | None = None
        self.making: Making | None = None
        self._packed = self._pieces = 0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        self.bar.wanted.connect(self._choose_file)
        self.bar.cancelled.connect(self.cancel)

    def ask(self, wanted: Wanted) -> None:
        """The bar under the table; while a file is being written it stays as it is."""
        if self.making is None:
            self._wanted = wanted
            self.bar.ask(len(wanted.rows), len(wanted.columns))

    # -- which file ----------------------------------------------------------------------------------------------------

    def _choose_file(self, masked: bool, purpose: str) -> None:
        """Asks without holding anything up."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog = self.dialog = QFileDialog(self._panel, tr("ledger.export.title"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("*.xlsx")
        dialog.setDefaultSuffix(".xlsx")
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        dialog.setDirectory(QStandardPaths.writableLocation(documents))
        dialog.selectFile(self._first_name())
        dialog.setModal(False)
        dialog.fileSelected.connect(lambda path: self.write(Path(path), masked, purpose))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _first_name(self) -> str:
        district = self._bridge.district
        at = local(self._bridge.clock.now(), district.utc_offset_min)
        exercise = f"{tr('ledger.export.exercise_file')}_" if self._is_exercise else ""
        return f"{exercise}{tr('ledger.export.file')}_{district.code}_{at:%Y%m%d_%H%M%S}.xlsx"

    @property
    def _is_exercise(self) -> bool:
        return self._bridge.app.mode == "drill"

    # -- writing -------------------------------------------------------------------------------------------------------

    def write(self, path: Path, masked: bool, purpose: str = "") -> None:
        """Writes what was asked for; with personal data only once who does so, and why, is on record."""
        wanted = self._wanted
        if wanted is None or self.making is not None:
            return
        if masked:
            self._write(path, wanted, masked=True)
            return
        command = ExportUnmasked(self._bridge.app.new_id(), "xlsx", purpose, wanted.since, wanted.until)

        def answered(sentence: str | None) -> None:
            if sentence is not None:
                self.refused.emit(sentence)
            else:
                self._write(path, wanted, masked=False)

        self._bridge.submit(command, answered, purpose)

    def cancel(self) -> None:
        """The file that is being made is not wanted any more."""
        if self.making is not None:
            self.making.stop()

    def _write(self, path: Path, wanted: Wanted, *, masked: bool) -> None:
        making = self.making = Making(LEDGER, path)
        self._packed, self._pieces = 0, 1 + -(-len(wanted.rows) // PIECE)
        self.bar.writing(path.name)
        self._look.start()
        self._bridge.fetch(
            self._made(making, self._steps(wanted, masked)),
            lambda _none: self.told.emit(
                tr("ledger.export.done", rows=f"{len(wanted.rows):,}", path=path), path
            ),
            lambda why: self._failed(making, why),
        )

    async def _made(self, making: Making, steps: Steps) -> None:
        try:
            await making.make(steps, tokens().theme)
        finally:
            self.making = None
            self._look.stop()
            self.bar.done()

    def _failed(self, making: Making, sentence: str) -> None:
        if making.is_stopped:
            self.told.emit(tr("ledger.export.cancelled", file=making.path.name), None)
        else:
            self.refused.emit(sentence)

    def _show_progress(self) -> None:
        if self.making is not None:
            packed, written = self._packed / self._pieces, self.making.child.told / self._pieces
            self.bar.show_progress(PACKING_SHARE * packed + (1 - PACKING_SHARE) * written)

    # -- what is in it -------------------------------------------------------------------------------------------------

    def _steps(self, wanted: Wanted, masked: bool) -> Steps:
        yield self._order(wanted, masked).packed()
        cells = [_cells_of(name) for name, _ in wanted.columns]
        now = self._bridge.clock.now()
        for at in range(0, len(wanted.rows), PIECE):
            rows = wanted.rows[at : at + PIECE]
            yield pack_rows([tuple(cell(row, now) for cell in cells) for row in rows])
            self._packed += 1

    def _order(self, wanted: Wanted, masked: bool) -> LedgerOrder:
        district, now = self._bridge.district, self._bridge.clock.now()
        centre = district.name_en if language() == "en" and district.name_en else district.name_zh
        made = local(now, district.utc_offset_min)
        title = tr("ledger.document", centre=centre, at=f"{made:%Y-%m-%d %H:%M:%S}")
        about = (wanted.about, tr("ledger.export.is_masked" if masked else "ledger.export.is_whole"))
        return LedgerOrder(
            title=f"{tr('situation_map.exercise')} · {title}" if self._is_exercise else title,
            sheet=tr("ledger.sheet_exercise" if self._is_exercise else "ledger.sheet"),
            about=" · ".join(filter(None, about)),
            made_at=now,
            utc_offset_min=district.utc_offset_min,
            masked=masked,
            columns=tuple(_sheet_column(name, width_px) for name, width_px in wanted.columns),
        )


def _sheet_column(name: str, width_px: float) -> SheetColumn:
    title = tr(f"ledger.sheet.{name}") if name in ("handled", "due") else tr(COLUMN[name].title_key)
    width = max(6.0, round(width_px / _PX_A_CHARACTER, 1))
    if name in DATES:
        return SheetColumn(title, "date", max(width, 17.0))
    if name in NUMBERS:
        return SheetColumn(title, "number", width)
    return SheetColumn(title, "name" if name in _PERSONS else "text", width)


def _cells_of(name: str) -> CellOf:
    if name in DATES:
        date = DATES[name]
        return lambda row, _now: date(row)
    if name in NUMBERS:
        number = NUMBERS[name]
        return lambda row, _now: number(row)
    return COLUMN[name].text


def open_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
