"""Owns CSV lines whose cells are checked and whose faults say where they stand. Must not know what a row means."""

import csv
from collections.abc import Iterator
from pathlib import Path

from app.geo.district_error import DistrictError
from app.geo.geojson import read_bytes


class Row:
    """One line of a CSV file that can say where a wrong cell stands."""

    def __init__(self, file: str, line: int, cells: dict[str, str]) -> None:
        self._file = file
        self._line = line
        self._cells = cells

    def text(self, field: str) -> str:
        value = self._cells.get(field)
        if value is None:
            raise self._error(field, "missing")
        return value

    def optional(self, field: str) -> str:
        """An empty text where the file has no such column."""
        return self._cells.get(field) or ""

    def number(self, field: str, least: float, most: float) -> float:
        try:
            value = float(self.text(field))
        except ValueError:
            raise self._error(field, "not_a_number", value=self.text(field)) from None
        if not least <= value <= most:
            raise self._error(field, "out_of_range", value=value, least=least, most=most)
        return value

    def one_of(self, field: str, allowed: tuple[str, ...]) -> str:
        value = self.text(field)
        if value not in allowed:
            raise self._error(field, "not_one_of", value=value, allowed=", ".join(allowed))
        return value

    def _error(self, field: str, mend_key: str, **params: object) -> DistrictError:
        return DistrictError(self._file, f"row {self._line}", field, mend_key, **params)


def read_rows(path: Path) -> Iterator[Row]:
    try:
        lines = read_bytes(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DistrictError(path.name, "", "", "not_utf8", reason=error) from None
    for number, cells in enumerate(csv.DictReader(lines), start=2):
        yield Row(path.name, number, cells)
