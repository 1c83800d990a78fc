"""Owns how a fault of a base map is told: where it stands and what mends it. Must not read files.

What it says never holds a server's address beyond its host, nor a key.
"""

from app.i18n import tr


class TilesetError(ValueError):
    """A base map that cannot be used; `str()` is one line: file or name, entry, field, and the mend."""

    def __init__(self, file: str, where: str, field: str, mend_key: str, **params: object) -> None:
        self.file = file
        self.where = where
        self.field = field
        self.mend = tr(f"tileset.{mend_key}", **params)
        super().__init__(" · ".join(part for part in (file, where, field) if part) + f": {self.mend}")
