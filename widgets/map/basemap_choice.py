"""Owns which base map lies under the district: its own vector ground, or one of the raster base maps declared as data.

Must not paint or open files. A base map that cannot be opened leaves the present one where it is, with one line told.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.domain.instants import Instant
from app.geo.tilesets import BasemapEntry
from app.i18n import language, tr
from app.paths import user_cache_dir
from widgets.map.projection import Projection
from widgets.map.raster import RasterGround
from widgets.map.view import METRE_ZOOM, Bounds, Viewport

VECTOR = "vector"
_MARGIN_PX = 96.0
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class BasemapItem:
    """A base map as a chooser lists it; `online` ones need a line for what was never seen before."""

    id: str
    name: str
    online: bool


class BackdropGround(Protocol):
    """What lies over a backdrop: `ground.Ground`."""

    projection: Projection

    def set_backdrop(self, backdrop: RasterGround | None) -> None: ...
    def backdrop_changed(self, bounds: Bounds) -> None: ...


class BasemapChoice(QObject):
    """The chooser behind the layers panel. `wake` asks the map for a frame.

    `chosen(id)`: what lies under the map from now on. `told(line)`: what is wrong with a base map, "" when all is well
    again. `caption_changed()`: see `caption`.
    """

    chosen = Signal(str)
    told = Signal(str)
    caption_changed = Signal()

    def __init__(self, wake: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = wake
        self._entries: tuple[BasemapEntry, ...] = ()
        self._now: Callable[[], Instant] = lambda: 0
        self._ground: BackdropGround | None = None
        self._raster: RasterGround | None = None

    def declare(self, entries: Sequence[BasemapEntry], now: Callable[[], Instant]) -> None:
        """The raster base maps there are; `now` is the machine's clock, which rules what online tiles are past."""
        self._entries, self._now = tuple(entries), now

    def basemaps(self) -> list[BasemapItem]:
        """What can be chosen, in the language in force; the district's own ground first."""
        own = BasemapItem(VECTOR, tr("basemap.vector"), online=False)
        return [own, *(BasemapItem(e.id, _name(e), e.kind == "xyz") for e in self._entries)]

    @property
    def current(self) -> str:
        """The id of what is shown."""
        entry = self._raster.entry if self._raster is not None else None
        return entry.id if entry is not None else VECTOR

    @property
    def caption(self) -> str:
        """Whose pictures are shown and whether any is past its time, plain text; "" for the vector ground."""
        return html.unescape(_TAG.sub("", self._raster.caption)) if self._raster is not None else ""

    def choose(self, basemap_id: str) -> None:
        """Show a base map as soon as it is open. Raises KeyError for an id that `basemaps` does not list."""
        entries: dict[str, BasemapEntry | None] = {
            VECTOR: None,
            **{entry.id: entry for entry in self._entries},
        }
        entry = entries[basemap_id]
        if entry is not None and self._raster is None and self._ground is not None:
            self._raster = self._made(self._ground)
        if self._raster is not None:
            self._raster.choose(entry)

    def attach(self, ground: BackdropGround) -> None:
        """The map shows another ground: what is chosen lies under that one too."""
        self._ground = ground
        if self._raster is not None:
            self._raster.project(ground.projection)
            self._lay(self.current)

    def look(self, view: Viewport, dpr: float) -> None:
        """Load what the view shows, or will show when its glide has ended."""
        if self._raster is not None:
            self._raster.want(view.target_bounds(_MARGIN_PX), 2.0 ** (view.target.zoom - METRE_ZOOM) * dpr)

    def close(self) -> None:
        """End what runs; the vector ground is left."""
        if self._raster is not None:
            self._raster.close()
            self._raster = None
            self._lay(VECTOR)

    def _made(self, ground: BackdropGround) -> RasterGround:
        raster = RasterGround(ground.projection, cache_dir=user_cache_dir(), now=self._now, parent=self)
        raster.changed.connect(self._picture_came)
        raster.shown.connect(self._shown)
        raster.told.connect(self.told)
        raster.caption_changed.connect(self.caption_changed)
        return raster

    def _shown(self, basemap_id: str) -> None:
        self._lay(basemap_id or VECTOR)
        self.chosen.emit(basemap_id or VECTOR)

    def _lay(self, basemap_id: str) -> None:
        if self._ground is not None:
            self._ground.set_backdrop(None if basemap_id == VECTOR else self._raster)
            self._wake()

    def _picture_came(self, bounds: Bounds) -> None:
        if self._ground is not None:
            self._ground.backdrop_changed(bounds)
            self._wake()


def _name(entry: BasemapEntry) -> str:
    return entry.name_en if language() == "en" else entry.name_zh
