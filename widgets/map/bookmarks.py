"""Owns the views that the officer has kept by name, and the file in which they stand. Must not know a map.

A file that cannot be read is told and then left alone: what is kept afterwards lasts as long as the program runs.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.paths import user_config_dir

VERSION = 1
FILE_NAME = "map_bookmarks.json"
MOST_NAME = 40


class BookmarkFileError(Exception):
    """The file cannot be used; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A view: the middle of the map, WGS-84 degrees, and its zoom."""

    name: str
    lat: float
    lon: float
    zoom: float


def bookmarks_path() -> Path:
    return user_config_dir() / FILE_NAME


def read_bookmarks(path: Path) -> list[Bookmark]:
    """In the order in which they were kept; none when there is no file. Raises BookmarkFileError."""
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            raise BookmarkFileError(f"{path}: version {content['version']!r} is not {VERSION}")
        return [
            Bookmark(str(each["name"]), float(each["lat"]), float(each["lon"]), float(each["zoom"]))
            for each in content["bookmarks"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BookmarkFileError(f"{path}: {fault}") from fault


def write_bookmarks(path: Path, bookmarks: Sequence[Bookmark]) -> None:
    """Replaces the file in one step. Raises OSError."""
    content = {"version": VERSION, "bookmarks": [asdict(each) for each in bookmarks]}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)


class Bookmarks(QObject):
    """The views of one file. `told` carries what is wrong with it."""

    changed = Signal()
    told = Signal(str)

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self.items: tuple[Bookmark, ...] = ()
        self.fault = ""
        self.read()

    def read(self) -> None:
        """What stands in the file now: another map may have written it."""
        try:
            items = tuple(read_bookmarks(self._path))
        except BookmarkFileError as fault:
            self.fault = tr("map_tools.bookmark.unreadable", reason=fault)
            self.told.emit(self.fault)
            return
        self.fault = ""
        if items != self.items:
            self.items = items
            self.changed.emit()

    def put(self, bookmark: Bookmark) -> None:
        """Keep a view at the end of the list; one of the same name is replaced where it stands."""
        self._renew()
        names = [each.name for each in self.items]
        if bookmark.name in names:
            at = names.index(bookmark.name)
            self._write((*self.items[:at], bookmark, *self.items[at + 1 :]))
        else:
            self._write((*self.items, bookmark))

    def drop(self, name: str) -> None:
        self._renew()
        self._write(tuple(each for each in self.items if each.name != name))

    def _renew(self) -> None:
        """Another map of this desk may have kept one meanwhile."""
        if not self.fault:
            self.read()

    def _write(self, items: tuple[Bookmark, ...]) -> None:
        self.items = items
        self.changed.emit()
        if self.fault:
            self.told.emit(tr("map_tools.bookmark.not_kept", reason=self.fault))
            return
        try:
            write_bookmarks(self._path, items)
        except OSError as fault:
            self.told.emit(tr("map_tools.bookmark.not_kept", reason=fault))
