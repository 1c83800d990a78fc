"""Owns the import of a duty plan at the desk: asking for the file, and every fault of one that was refused, row by row.

Must not read or judge a file: app/service/roster.py does.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from app.geo.importing.faults import RowFault, RowsRefused
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.file_dialog import file_dialog
from widgets.parts.section_list import SectionRow

MOST_SHOWN = 200


class ShiftImport(QObject):
    """`adopted` carries how many turns were taken; `refused` says that `rows` now tell why none was."""

    adopted = Signal(int)
    refused = Signal()

    def __init__(self, bridge: Bridge, over: QWidget) -> None:
        super().__init__(over)
        self._bridge, self._over = bridge, over
        self._file = self._sentence = ""
        self.faults: tuple[RowFault, ...] = ()
        self.dialog: QFileDialog | None = None
        self.is_reading = False

    def ask(self) -> None:
        """Asks for the file, without holding anything up."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog = self.dialog = file_dialog(self._over, tr("shift.what.import"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("shift.duty.file"))
        dialog.fileSelected.connect(lambda path: self.read(Path(path)))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def read(self, path: Path) -> None:
        """All of the file, or nothing and why."""
        if self.is_reading:
            return
        self.is_reading = True
        self._file, self._sentence, self.faults = path.name, "", ()
        self._bridge.fetch(self._taken(path), self._done, self._failed)

    async def _taken(self, path: Path) -> int:
        roster = self._bridge.app.shifts.roster
        try:
            plan = await roster.read(path)
            return await roster.adopt(plan, self._bridge.app.context())
        except RowsRefused as refused:
            self.faults = refused.faults
            raise
        finally:
            self.is_reading = False

    def _done(self, count: int) -> None:
        if isValid(self):
            self.adopted.emit(count)

    def _failed(self, sentence: str) -> None:
        if isValid(self):
            self._sentence = sentence
            if not self.faults:
                self.faults = (RowFault(self._file, "", "", "", sentence),)
            self.refused.emit()

    def rows(self) -> list[SectionRow]:
        """What was wrong with the last file, to stand above the plan as it still is."""
        if not self.faults:
            return []
        count = len(self.faults)
        head = SectionRow("head", tr("shift.duty.refused", file=self._file, count=count))
        shown = [SectionRow("note", _told(fault), wraps=True) for fault in self.faults[:MOST_SHOWN]]
        return [head, *shown]


def _told(fault: RowFault) -> str:
    """Row, column, what stands there, and the mend."""
    where = " · ".join(part for part in (fault.row, fault.column, fault.value) if part)
    return tr("shift.duty.fault", where=where, mend=fault.mend) if where else fault.mend
