"""Owns how a refused import is told: a line for a file, or all wrong cells of a table at once. Must not read files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import ConfigError
from app.i18n import tr

SHOWN_FAULTS = 50
_SHOWN_VALUE_CHARS = 40


class ImportFault(ConfigError):
    """A file or option that cannot be used; `str()` is one line that names it, what is wrong and the mend."""

    def __init__(self, file: str, key: str, **params: object) -> None:
        self.file = file
        self.key = key
        super().__init__(f"{file}: {one_line(tr(f'importing.{key}', **params))}")


@dataclass(frozen=True, slots=True)
class RowFault:
    """One wrong cell: the file, its row (the header is row 1) or feature, the column, what stands there, the mend."""

    file: str
    row: str
    column: str
    value: str
    mend: str

    def __str__(self) -> str:
        place = " · ".join(part for part in (self.file, self.row, self.column) if part)
        return (
            f"{place}: {tr('importing.value', value=self.value)}{self.mend}"
            if self.value
            else f"{place}: {self.mend}"
        )


def row_fault(file: str, row: str, column: str, value: object, key: str, **params: object) -> RowFault:
    """A fault whose mend is the text `importing.<key>`."""
    return RowFault(file, row, column, shortened(value), one_line(tr(f"importing.{key}", **params)))


class RowsRefused(ConfigError):
    """Every fault of a file; the first of them are shown, and how many there are."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:SHOWN_FAULTS]]
        hidden = len(self.faults) - len(shown)
        count = tr(
            "importing.faults_more" if hidden else "importing.faults", count=len(self.faults), hidden=hidden
        )
        super().__init__("\n".join([*shown, count]))


def shortened(value: object) -> str:
    """What stands in a cell, on one line and short enough to be read."""
    text = one_line("" if value is None else str(value))
    return text if len(text) <= _SHOWN_VALUE_CHARS else f"{text[:_SHOWN_VALUE_CHARS]}…"


def one_line(text: str) -> str:
    """Without line breaks, tabs and what a terminal would take for a command."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
