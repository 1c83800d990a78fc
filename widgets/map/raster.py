"""Owns a raster base map on the map's plane: which tiles a view needs, what is in memory, and its painting.

Must not read or decode on the Qt thread: raster_loader does. What is missing is shown from another zoom meanwhile.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QTransform

from app.domain.instants import Instant
from app.geo.tilesets import BasemapEntry, TileAddress
from app.i18n import tr
from widgets.map.projection import Projection
from widgets.map.raster_loader import Arrived, Loaded, News, Opened, RasterLoader, Refused, Told
from widgets.map.raster_places import RasterPlaces, TileBlock
from widgets.map.strokes import grown
from widgets.map.view import Bounds

_CACHE_BYTES = 16 * 1024 * 1024
_GATHER_MS = 40
_MARGIN_PX = 256.0
"""By what the ground's own tiles may reach beyond the screen."""
_PARENTS = 5
_COARSER = 3

NOTHING: TileBlock = (0, range(0), range(0))


@dataclass(slots=True)
class _Tile:
    image: QImage
    stale: bool


class RasterGround(QObject):
    """The raster base map that is shown, none at first.

    `changed(bounds)`: these metres of the plane look different now. `shown(id)`: this entry is the base map from now
    on, "" for none. `told(line)`: what is wrong, in one line, "" when all is well again. `caption_changed()`: see
    `caption`.
    """

    changed = Signal(tuple)
    shown = Signal(str)
    told = Signal(str)
    caption_changed = Signal()

    def __init__(
        self,
        projection: Projection,
        *,
        cache_dir: Path,
        now: Callable[[], Instant],
        cache_bytes: int = _CACHE_BYTES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._projection = projection
        self._cache_bytes = cache_bytes
        self._chosen: BasemapEntry | None = None
        self._entry: BasemapEntry | None = None
        self._attribution = ""
        self._stale = False
        self._places: RasterPlaces | None = None
        self._facts_of_places: Opened | None = None
        self._tiles: OrderedDict[TileAddress, _Tile] = OrderedDict()
        self._bytes = 0
        self._absent: set[TileAddress] = set()
        self._asked: set[TileAddress] = set()
        self._seen = self._block = NOTHING
        self._looked_at: tuple[Bounds, float] | None = None
        self._kept: frozenset[TileAddress] = frozenset()
        self._told_line = ""
        self._loader = RasterLoader(cache_dir, now)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self._take_news)
        self._loader.came.connect(self._gather_news)
        if parent is not None:
            # Whoever forgets `close` must not leave a thread behind.
            parent.destroyed.connect(self._loader.close)

    # -- what the map says ------------------------------------------------------------------------------------------

    @property
    def entry(self) -> BasemapEntry | None:
        """The base map that is shown."""
        return self._entry

    @property
    def projection(self) -> Projection:
        """The plane that tiles are put on."""
        return self._projection

    @property
    def caption(self) -> str:
        """Whose picture it is, and whether any of it is past its time; "" without a base map."""
        stale = tr("basemap.stale") if self._stale else ""
        return " · ".join(part for part in (self._attribution, stale) if part)

    @property
    def bytes(self) -> int:
        """Decoded pictures in memory."""
        return self._bytes

    @property
    def complete(self) -> bool:
        """Whether every tile that the view needs has been looked for."""
        return all(address in self._tiles or address in self._absent for address in self._kept)

    def choose(self, entry: BasemapEntry | None) -> None:
        """Show another base map once it is open, or none at once. One that cannot be opened leaves what is shown."""
        self._chosen = entry
        if entry is not None:
            self._loader.open(entry)
            return
        self._forget()
        self._entry, self._places, self._facts_of_places, self._attribution = None, None, None, ""
        self._tell("")
        self.caption_changed.emit()
        self.shown.emit("")

    def project(self, projection: Projection) -> None:
        """Another district: the same tiles lie elsewhere on its plane."""
        self._projection = projection
        if self._facts_of_places is not None:
            self._places = RasterPlaces(self._facts_of_places.facts, projection)
        self._block, self._looked_at = NOTHING, None

    def want(self, bounds: Bounds, px_per_m: float) -> None:
        """Load what a view needs, its middle first; `px_per_m` counts device pixels. Cheap while nothing changes."""
        if self._places is None or (bounds, px_per_m) == self._looked_at:
            return
        self._looked_at = bounds, px_per_m
        seen = self._places.block(bounds, px_per_m)
        block = self._places.block(grown(bounds, _MARGIN_PX / px_per_m), px_per_m)
        if (seen, block) == (self._seen, self._block):
            return
        self._seen, self._block = seen, block
        middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        fine = [a for a, _ in sorted(self._places.boxes(block), key=lambda item: _distance(item[1], middle))]
        coarse = list(dict.fromkeys(self._above(address, _COARSER) for address in fine))
        self._kept = frozenset([*coarse, *(address for address, _ in self._places.boxes(seen))])
        # What was missing elsewhere may be there by the time somebody looks again.
        self._absent &= {*fine, *coarse}
        self._asked.clear()
        self._loader.want(address for address in coarse + fine if not self._is_known(address))

    def covers(self, bounds: Bounds, px_per_m: float) -> bool:
        """Whether pictures are there, if only coarser ones, for all of these metres."""
        if self._places is None:
            return False
        block = self._places.block(bounds, px_per_m)
        boxes = self._places.boxes(block)
        if not boxes or not _encloses(boxes[0][1], boxes[-1][1], bounds):
            return False
        return all(self._nearest(address) is not None for address, _ in boxes)

    def painting(self, painter: QPainter, bounds: Bounds, zoom: float, px_per_m: float) -> Iterator[None]:
        """Paint these metres with a painter that maps metres to device pixels, a tile a step (tiles.Paintable)."""
        if self._places is None or self._entry is None:
            return
        for address, box in self._places.boxes(self._places.block(bounds, px_per_m)):
            painter.save()
            painter.setOpacity(painter.opacity() * self._entry.opacity)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            to_px = painter.worldTransform()
            painter.resetTransform()
            self._paint_tile(painter, address, _pixels(to_px, box), to_px)
            painter.restore()
            yield

    def paint(self, painter: QPainter, bounds: Bounds, px_per_m: float) -> None:
        """Paint these metres in one go: for prints and exports."""
        for _ in self.painting(painter, bounds, 0.0, px_per_m):
            pass

    def close(self) -> None:
        """End the thread; the base map is not shown any more."""
        self._gather.stop()
        self._loader.close()
        self._forget()

    # -- painting ---------------------------------------------------------------------------------------------------

    def _paint_tile(self, painter: QPainter, address: TileAddress, target: QRect, to_px: QTransform) -> None:
        tile = self._tiles.get(address)
        if tile is not None:
            self._tiles.move_to_end(address)
            painter.drawImage(target, tile.image)
        elif self._has_all_below(address) or not self._paint_from_above(painter, address, target):
            self._paint_from_below(painter, address, to_px)

    def _has_all_below(self, address: TileAddress) -> bool:
        assert self._places is not None
        return all(child in self._tiles for child in self._places.children(address))

    def _paint_from_above(self, painter: QPainter, address: TileAddress, target: QRect) -> bool:
        """Stretch the part of a coarser tile that lies here; whether there was one."""
        above = self._nearest(address)
        if above is None:
            return False
        image, cells = self._tiles[above].image, 2 ** (address.z - above.z)
        part_px = image.width() / cells
        left, top = (address.x - above.x * cells) * part_px, (address.y - above.y * cells) * part_px
        painter.drawImage(QRectF(target), image, QRectF(left, top, part_px, part_px))
        return True

    def _nearest(self, address: TileAddress) -> TileAddress | None:
        """This tile or the nearest coarser one over it whose picture is there."""
        assert self._places is not None
        above: TileAddress | None = address
        for _ in range(_PARENTS + 1):
            if above is None or above in self._tiles:
                return above
            above = self._places.parent(above)
        return None

    def _paint_from_below(self, painter: QPainter, address: TileAddress, to_px: QTransform) -> None:
        assert self._places is not None
        for child in self._places.children(address):
            tile = self._tiles.get(child)
            if tile is not None:
                painter.drawImage(_pixels(to_px, self._places.box(child)), tile.image)

    # -- what comes from the loader ---------------------------------------------------------------------------------

    def _gather_news(self) -> None:
        """Tiles come one by one; the ground under them is painted anew once for many."""
        if not (self._gather.isActive() or self._loader.ended):
            self._gather.start()

    def _take_news(self) -> None:
        touched: list[TileAddress] = []
        for news in self._loader.news():
            if self._take(news):
                assert isinstance(news, Loaded)
                touched.append(news.address)
        if self._places is not None:
            for address in touched:
                self.changed.emit(self._places.box(address))
        self._evict()
        self._renew_caption()

    def _take(self, news: News) -> bool:
        """Take notice; whether a picture came that may be seen."""
        match news:
            case Opened() if news.entry is self._chosen:
                self._begin(news)
            case Refused() if news.entry is self._chosen:
                self._chosen = self._entry
                self._tell(news.line)
            case Told():
                self._tell(news.line)
            case Arrived():
                self._arrived(news.address)
            case Loaded() if news.entry is self._entry:
                return self._loaded(news)
        return False

    def _begin(self, opened: Opened) -> None:
        self._forget()
        self._entry, self._facts_of_places = opened.entry, opened
        self._attribution = opened.entry.attribution or opened.facts.attribution
        self._places = RasterPlaces(opened.facts, self._projection)
        self._tell("")
        self.caption_changed.emit()
        self.shown.emit(opened.entry.id)

    def _arrived(self, address: TileAddress) -> None:
        self._absent.discard(address)
        if self._is_near(address):
            self._loader.want_first([address])

    def _loaded(self, loaded: Loaded) -> bool:
        if loaded.line and not self._told_line:
            self._tell(loaded.line)  # of a damaged file one line is enough
        if loaded.image is None:
            self._absent.add(loaded.address)
            self._ask_parent(loaded.address)
            return False
        before = self._tiles.pop(loaded.address, None)
        self._bytes += loaded.image.sizeInBytes() - (before.image.sizeInBytes() if before else 0)
        self._tiles[loaded.address] = _Tile(loaded.image, loaded.stale)
        return before is None or before.image != loaded.image

    def _ask_parent(self, address: TileAddress) -> None:
        """Where a zoom has a gap a coarser one may have none."""
        parent = self._places.parent(address) if self._places is not None else None
        if parent is None or self._block[0] - parent.z > _PARENTS:
            return
        if not self._is_known(parent) and parent not in self._asked:
            self._asked.add(parent)
            self._loader.want_first([parent])

    def _is_known(self, address: TileAddress) -> bool:
        return address in self._tiles or address in self._absent

    def _is_near(self, address: TileAddress) -> bool:
        """Whether a tile, or what it is a coarser picture of, is in view."""
        z, columns, rows = self._block
        step = z - address.z
        if not 0 <= step <= _PARENTS or not columns or not rows:
            return False
        across = range(columns[0] >> step, (columns[-1] >> step) + 1)
        return address.x in across and address.y in range(rows[0] >> step, (rows[-1] >> step) + 1)

    def _above(self, address: TileAddress, steps: int) -> TileAddress:
        """The tile so many zooms coarser that holds this one, or the coarsest there is."""
        assert self._places is not None
        for _ in range(steps):
            address = self._places.parent(address) or address
        return address

    def _evict(self) -> None:
        # What is on the screen is never dropped, or a screen larger than the cap would be loaded for ever.
        for address in [address for address in self._tiles if address not in self._kept]:
            if self._bytes <= self._cache_bytes:
                break
            self._bytes -= self._tiles.pop(address).image.sizeInBytes()

    def _forget(self) -> None:
        self._tiles.clear()
        self._absent.clear()
        self._asked.clear()
        self._bytes, self._seen, self._block, self._looked_at = 0, NOTHING, NOTHING, None
        self._kept, self._stale = frozenset(), False

    def _renew_caption(self) -> None:
        stale = any(tile.stale for address, tile in self._tiles.items() if address in self._kept)
        if stale != self._stale:
            self._stale = stale
            self.caption_changed.emit()

    def _tell(self, line: str) -> None:
        if line != self._told_line:
            self._told_line = line
            self.told.emit(line)


def _pixels(to_px: QTransform, box: Bounds) -> QRect:
    """A box of the plane in whole device pixels: edges are rounded alike for neighbours, so no seam opens."""
    there = to_px.mapRect(QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1]))
    x, y = math.floor(there.left() + 0.5), math.floor(there.top() + 0.5)
    return QRect(x, y, math.floor(there.right() + 0.5) - x, math.floor(there.bottom() + 0.5) - y)


def _distance(box: Bounds, point: tuple[float, float]) -> float:
    return ((box[0] + box[2]) / 2 - point[0]) ** 2 + ((box[1] + box[3]) / 2 - point[1]) ** 2


def _encloses(first: Bounds, last: Bounds, bounds: Bounds) -> bool:
    """Whether a block of tiles from its first to its last lies round all of these bounds."""
    return first[0] <= bounds[0] and first[1] <= bounds[1] and last[2] >= bounds[2] and last[3] >= bounds[3]
