"""Owns the one thread on which raster tiles are opened, read and decoded. Must not paint or know the screen.

What it found lies in a mailbox; `came` says on the Qt thread that there is something in it. Only the newest wishes
stand: another view replaces what the last one still waited for.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from app.domain.instants import Instant
from app.geo.tilesets import (
    BasemapEntry,
    TileAddress,
    TilesetError,
    TilesetFacts,
    TileSource,
    open_tileset,
)

MOST_SIDE_PX = 2048
_MOST_WAITING = 1_024
_END_S = 6.0


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry's tileset is open; everything after it is of this one."""

    entry: BasemapEntry
    facts: TilesetFacts


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry could not be opened; the tileset before it stays."""

    entry: BasemapEntry
    line: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A tile: its picture, or None where there is none or none yet; `line` says what is wrong with it."""

    entry: BasemapEntry
    address: TileAddress
    image: QImage | None = None
    stale: bool = False
    line: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A tile that was not there can be read now, or read anew."""

    address: TileAddress


@dataclass(frozen=True, slots=True)
class Told:
    """How the line to the server is; "" for well."""

    line: str


News = Opened | Refused | Loaded | Arrived | Told


class RasterLoader(QObject):
    """Lives on the Qt thread; its thread starts with the first tileset and ends with `close`."""

    came = Signal()

    def __init__(self, cache_dir: Path, now: Callable[[], Instant]) -> None:
        super().__init__()
        self._cache_dir = cache_dir
        self._now = now
        self._changed = threading.Condition()
        self._entry: BasemapEntry | None = None
        self._wanted: deque[TileAddress] = deque(maxlen=_MOST_WAITING)
        self._news: deque[News] = deque()
        self._ended = False
        self._open_now: tuple[BasemapEntry, TileSource] | None = None
        self._thread: threading.Thread | None = None

    @property
    def ended(self) -> bool:
        return self._ended

    def open(self, entry: BasemapEntry) -> None:
        """Open another tileset in place of the present one; of several the last counts."""
        with self._changed:
            self._entry = entry
            self._changed.notify()
        if self._thread is None and not self._ended:
            self._thread = threading.Thread(target=self._run, name="raster tiles", daemon=True)
            self._thread.start()

    def want(self, addresses: Iterable[TileAddress]) -> None:
        """Load these, the first first, and nothing else that was asked for before."""
        with self._changed:
            self._wanted.clear()
            self._wanted.extend(addresses)
            self._changed.notify()

    def want_first(self, addresses: Iterable[TileAddress]) -> None:
        """Load these before everything else that waits."""
        with self._changed:
            self._wanted.extendleft(addresses)
            self._changed.notify()

    def news(self) -> list[News]:
        """Everything that came since the last call, in order."""
        with self._changed:
            news = list(self._news)
            self._news.clear()
        return news

    def close(self) -> None:
        """End the thread; nothing comes any more."""
        with self._changed:
            self._ended = True
            self._wanted.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_END_S)
            self._thread = None

    # -- on the loader's thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while work := self._next():
                work()
        finally:
            self._close_source()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not (self._ended or self._entry is not None or (self._wanted and self._open_now)):
                self._changed.wait()
            if self._ended:
                return None
            if self._entry is not None:
                entry, self._entry = self._entry, None
                return lambda: self._open(entry)
            address = self._wanted.popleft()
            return lambda: self._load(address)

    def _open(self, entry: BasemapEntry) -> None:
        try:
            source = open_tileset(
                entry,
                cache_dir=self._cache_dir,
                now=self._now,
                arrived=lambda address: self._tell(Arrived(address)),
                told=lambda line: self._tell(Told(line)),
            )
        except TilesetError as error:
            self._tell(Refused(entry, str(error)))
            return
        self._close_source()
        self._open_now = entry, source
        with self._changed:
            self._wanted.clear()
        self._tell(Opened(entry, source.facts))

    def _load(self, address: TileAddress) -> None:
        assert self._open_now is not None
        entry, source = self._open_now
        try:
            body = source.read(*address)
        except TilesetError as error:
            self._tell(Loaded(entry, address, line=str(error)))
            return
        if body is None:
            self._tell(Loaded(entry, address))
            return
        image = decoded(body)
        if image is None:
            fault = TilesetError(source.facts.name, "", "", "broken_picture", **address._asdict())
            self._tell(Loaded(entry, address, line=str(fault)))
        else:
            self._tell(Loaded(entry, address, image, source.is_stale(*address)))

    def _close_source(self) -> None:
        if self._open_now is not None:
            self._open_now[1].close()
            self._open_now = None

    def _tell(self, news: News) -> None:
        with self._changed:
            if self._ended:
                return
            self._news.append(news)
            first = len(self._news) == 1
        if first:
            self.came.emit()


def decoded(body: bytes) -> QImage | None:
    """A picture ready to be painted, None when it is broken or larger than any tile.

    A reader lets other Python threads run while it decodes; QImage.fromData does not.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > MOST_SIDE_PX:
        return None
    image = reader.read()
    if image.isNull():
        return None
    has_alpha = image.hasAlphaChannel()
    kind = QImage.Format.Format_ARGB32_Premultiplied if has_alpha else QImage.Format.Format_RGB32
    return image.convertToFormat(kind)
