"""The base maps of the map's dock: what is declared, the list in its sheet of layers, the notice on the map.

Owns their putting together, and the file that remembers the officer's choice. Must not open or paint them.
"""

from pathlib import Path

from app.geo.tilesets import TilesetError, load_basemaps
from app.i18n import tr
from app.service.clock import SystemClock
from widgets.map.basemap_choice import VECTOR, BasemapChoice, BasemapItem
from widgets.map.basemap_sheet import BasemapList, BasemapNotice
from widgets.map.map_view import MapView

MEMORY_FILE = "map_basemap.txt"


class MapBasemaps:
    """Offers what the district and the user declare; a faulty declaration is told on the map and hinders nothing else.

    What online tiles are past is ruled by the machine's clock: an exercise's runs differently. `choices_dir` is where
    the user's own declarations stand and the file with the id chosen last, None for a map that knows of no user; an id
    that this district does not have is left for the district that has it.
    """

    def __init__(self, view: MapView, district_dir: Path, choices_dir: Path | None = None) -> None:
        self.choice = BasemapChoice(view)
        self.notice = BasemapNotice(self.choice, view)
        try:
            declared = load_basemaps(district_dir, *(() if choices_dir is None else (choices_dir,)))
            self.choice.declare(declared, SystemClock().now)
        except TilesetError as error:
            self.notice.tell(str(error))
        sheet = view.sheets["layers"]
        self.list = BasemapList(self.choice, sheet)
        sheet.body.insertWidget(0, self.list)
        self._memory = None if choices_dir is None else choices_dir / MEMORY_FILE
        self._choose_remembered()
        self.choice.chosen.connect(self._remember)

    def basemaps(self) -> list[BasemapItem]:
        """What can be chosen, the district's own ground first."""
        return self.choice.basemaps()

    def choose(self, basemap_id: str) -> None:
        """Show a base map as soon as it is open. Raises KeyError for an id that there is none of."""
        self.choice.choose(basemap_id)

    def retranslate(self) -> None:
        self.list.renew()

    def close(self) -> None:
        """End the thread that reads tiles; may be called twice."""
        self.choice.close()

    def _choose_remembered(self) -> None:
        if self._memory is None or not self._memory.is_file():
            return
        try:
            wanted = self._memory.read_bytes().decode("utf-8", "replace").strip()
        except OSError as error:
            self.notice.tell(tr("basemap.not_remembered", reason=error.strerror))
            return
        if wanted != VECTOR and any(item.id == wanted for item in self.basemaps()):
            self.choose(wanted)

    def _remember(self, basemap_id: str) -> None:
        if self._memory is None:
            return
        try:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            self._memory.write_text(basemap_id, encoding="utf-8")
        except OSError as error:
            self.notice.tell(tr("basemap.not_remembered", reason=error.strerror))
