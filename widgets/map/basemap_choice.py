"""Owns which base map lies under the district: its own vector ground, or one of the raster base maps declared as data.

Must not paint or open files. A base map that cannot be opened leaves the present one where it is, with one line told.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.instants import Instant
from app.geo.tilesets import BasemapEntry
from app.i18n import language, tr
from app.paths import user_cache_dir
from widgets.map.view import Bounds

if TYPE_CHECKING:
    from widgets.map.map_view import MapView
    from widgets.map.raster import RasterGround

VECTOR = "vector"
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class BasemapItem:
    """A base map as a chooser lists it; `online` ones need a line for what was never seen before."""

    id: str
    name: str
    online: bool


class BasemapChoice(QObject):
    """The base maps of one map, on which it hangs: it ends with it.

    `chosen(id)`: this lies under the map from now on. `told(line)`: what is wrong with a base map, "" when all is well
    again. `caption_changed()`: see `caption`.
    """

    chosen = Signal(str)
    told = Signal(str)
    caption_changed = Signal()

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._entries: tuple[BasemapEntry, ...] = ()
        self._now: Callable[[], Instant] = lambda: 0
        self._raster: RasterGround | None = None
        view.view_changed.connect(self._follow_plane)

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
        if entry is not None and self._raster is None:
            self._raster = self._made()
        if self._raster is not None:
            self._raster.choose(entry)

    def close(self) -> None:
        """End what runs; the vector ground is left."""
        if self._raster is not None:
            self._raster.close()
            self._raster.deleteLater()
            self._raster = None
            self._view.set_backdrop(None)

    def _made(self) -> RasterGround:
        from widgets.map.raster import RasterGround

        raster = RasterGround(
            self._view.scene.projection, cache_dir=user_cache_dir(), now=self._now, parent=self
        )
        raster.changed.connect(self._picture_came)
        raster.shown.connect(self._shown)
        raster.told.connect(self.told)
        raster.caption_changed.connect(self.caption_changed)
        return raster

    def _follow_plane(self) -> None:
        """Another district has another plane."""
        if self._raster is not None and self._raster.projection != self._view.scene.projection:
            self._raster.project(self._view.scene.projection)

    def _shown(self, basemap_id: str) -> None:
        self._view.set_backdrop(self._raster if basemap_id else None)
        self.chosen.emit(basemap_id or VECTOR)

    def _picture_came(self, bounds: Bounds) -> None:
        self._view.backdrop_changed(bounds)


def _name(entry: BasemapEntry) -> str:
    return entry.name_en if language() == "en" else entry.name_zh
