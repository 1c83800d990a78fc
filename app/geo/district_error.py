"""Owns how a fault in a district's files is told: where it stands and what mends it. Must not read files."""

from app.domain.errors import ConfigError
from app.i18n import tr


class DistrictError(ConfigError, ValueError):
    """A district directory that cannot be used; `str()` is one line: file, feature or row, field, and the mend.

    `where` is "" when the whole file is meant; `field` is "" when the whole feature is.
    """

    def __init__(self, file: str, where: str, field: str, mend_key: str, **params: object) -> None:
        self.file = file
        self.where = where
        self.field = field
        self.mend = tr(f"district.{mend_key}", **params)
        super().__init__(" · ".join(part for part in (file, _said(where), field) if part) + f": {self.mend}")


def _said(where: str) -> str:
    """A row in the language of the call; a place in a GeoJSON file is written as such files are addressed."""
    row = where.removeprefix("row ")
    return tr("importing.where_row", number=row) if row != where else where
