"""Owns what headers and words of tables mean, in both languages (data/importing/columns.toml). Must not read tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from app.geo.importing.faults import ImportFault, RowFault, row_fault
from app.geo.importing.layer import row
from app.geo.importing.tables import Table
from app.i18n import language, tr
from app.paths import bundled_data_dir

LONGEST_TEXT_CHARS = 200
_TITLE_BYTES = 10
_TITLE_ROWS = 3
"""So many rows above the header may name the table."""
Value = TypeVar("Value")


@cache
def vocabulary() -> dict[str, Any]:
    """The file as it stands."""
    path = bundled_data_dir() / "importing" / "columns.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def made_name(key: str, number: int) -> str:
    """The name that is given to the n-th thing of a list that has none."""
    return str(vocabulary()["made_names"][key]).format(number=number)


def columns_of(header: Sequence[str], kind: str) -> dict[str, int]:
    """Which column holds which field, by the field's words in order: the first word that a header has wins.

    A Shapefile keeps 10 bytes of a title, three Chinese characters in UTF-8; such a stump counts after whole words.
    """
    places = {_plain(title): place for place, title in reversed(list(enumerate(header)))}
    found = {}
    fields = vocabulary()["columns"][kind]
    for field, words in fields.items():
        plain = [_plain(word) for word in words]
        wanted = [*plain, *map(_stump, plain)] if "wkt" in fields else plain
        place = next((places[word] for word in wanted if word in places), None)
        if place is not None:
            found[field] = place
    return found


def word(kind: str, text: str) -> str | None:
    """The value that a word of a table stands for, None for one that is not known."""
    return _words(kind).get(_plain(text))


def words_shown(kind: str) -> str:
    """What may be written, for a fault's mend, in the language of the call."""
    words = vocabulary()["words"][kind]
    in_chinese = language() != "en"
    said = (next((w for w in words[value] if w.isascii() != in_chinese), value) for value in words)
    return tr("importing.separator").join(said)


def titles_shown(kind: str, fields: Iterable[str]) -> str:
    """What columns are called, for a fault's mend: in both languages, as either is taken."""
    words = vocabulary()["columns"][kind]
    chinese = {field: next((w for w in words[field] if not w.isascii()), field) for field in fields}
    said = (tr("importing.title", name=name, chinese=title) for name, title in chinese.items())
    return tr("importing.separator").join(said)


@cache
def _words(kind: str) -> dict[str, str]:
    return {_plain(w): value for value, words in vocabulary()["words"][kind].items() for w in (value, *words)}


def _stump(plain: str) -> str:
    return plain.encode()[:_TITLE_BYTES].decode(errors="ignore")


def _plain(title: str) -> str:
    return re.sub(r"[\s_\-]+", "", re.sub(r"[(\uff08\[].*?[)\uff09\]]", "", title)).casefold()


def _below_title(table: Table, kind: str, needed: Sequence[str]) -> Table:
    """The table from its header on, where a line or two above it say only whose and of when it is."""
    for place, (_, cells) in enumerate(table.rows[:_TITLE_ROWS]):
        if columns_of(table.header, kind):
            break
        if set(needed) <= columns_of(cells, kind).keys():
            return Table(table.file, tuple(cells), table.rows[place + 1 :])
    return table


class TableReader:
    """A table whose cells are checked; every fault is kept, so that all of a file can be told at once.

    Of fields that are `personal` a fault names the cell and never says what stands in it.
    """

    def __init__(
        self, table: Table, kind: str, needed: Sequence[str], personal: Collection[str] = ()
    ) -> None:
        self.table = table = _below_title(table, kind, needed)
        self.personal = personal
        self.faults: list[RowFault] = []
        self._columns = columns_of(table.header, kind)
        missing = [field for field in needed if field not in self._columns]
        if missing and not self._columns:
            # What stands there is no header then but people and numbers, as like as not: it is not repeated.
            raise ImportFault(table.file, "no_header_row", fields=titles_shown(kind, needed))
        if missing:
            found = ", ".join(table.header)
            raise ImportFault(table.file, "missing_columns", fields=titles_shown(kind, missing), found=found)

    def has(self, field: str) -> bool:
        """Whether the table has a column for the field."""
        return field in self._columns

    def rows(self) -> list[Cells]:
        """The rows in order."""
        return [Cells(self, number, cells) for number, cells in self.table.rows]

    def title(self, field: str) -> str:
        """The field's header as the file writes it."""
        return self.table.header[self._columns[field]] if field in self._columns else field

    def cell(self, cells: Sequence[str], field: str) -> str:
        """What stands in the field's column, "" where the row or the table ends before it."""
        place = self._columns.get(field, len(cells))
        return cells[place] if place < len(cells) else ""


class Cells:
    """One row. A reading that fails is kept as a fault and answers with a value that fits the type."""

    def __init__(self, reader: TableReader, number: int, cells: Sequence[str]) -> None:
        self.number = number
        self._reader = reader
        self._cells = cells

    def text(self, field: str, default: str | None = "") -> str:
        """The cell; `default` where it is empty, and a fault where that is None."""
        value = self._reader.cell(self._cells, field)
        if len(value) > LONGEST_TEXT_CHARS:
            self.fault(field, "too_long", chars=len(value), most=LONGEST_TEXT_CHARS)
            return ""
        if value or default is not None:
            return value or str(default)
        self.fault(field, "cell_missing")
        return ""

    def number_in(self, field: str, least: float, most: float, default: float | None = None) -> float:
        """A number within limits; `default` where the cell is empty."""
        text = self._reader.cell(self._cells, field)
        if not text and default is not None:
            return default
        value = self._read(field, float, "not_a_number")
        if value is None:
            return least
        if not least <= value <= most:
            self.fault(field, "out_of_range", least=f"{least:g}", most=f"{most:g}")
            return least
        return value

    def one_of(self, field: str, kind: str, default: str | None = None) -> str:
        """The value that a word of either language stands for."""
        text = self.text(field, default)
        value = word(kind, text)
        if value is None and text:
            self.fault(field, "not_one_of", allowed=words_shown(kind))
        return value or ""

    def fault(self, field: str, key: str, **params: object) -> None:
        """Keep what is wrong with a cell."""
        reader = self._reader
        value = "" if field in reader.personal else reader.cell(self._cells, field)
        where = row_fault(reader.table.file, row(self.number), reader.title(field), value, key, **params)
        reader.faults.append(where)

    def _read(self, field: str, convert: Callable[[str], Value], key: str) -> Value | None:
        text = self._reader.cell(self._cells, field)
        try:
            return convert(text)
        except ValueError:
            self.fault(field, key if text else "cell_missing")
            return None
