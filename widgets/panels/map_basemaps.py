"""The base maps of the map's dock: what is declared, the list in its sheet of layers, the notice on the map.

Owns their putting together. Must not open or paint them.
"""

from pathlib import Path

from app.geo.tilesets import TilesetError, load_basemaps
from app.paths import user_config_dir
from app.service.clock import SystemClock
from widgets.map.basemap_choice import BasemapChoice, BasemapItem
from widgets.map.basemap_sheet import BasemapList, BasemapNotice
from widgets.map.map_view import MapView


class MapBasemaps:
    """Offers what the district and the user declare; a faulty declaration is told on the map and hinders nothing else.

    What online tiles are past is ruled by the machine's clock: an exercise's runs differently.
    """

    def __init__(self, view: MapView, district_dir: Path) -> None:
        self.choice = BasemapChoice(view)
        self.notice = BasemapNotice(self.choice, view)
        try:
            self.choice.declare(load_basemaps(district_dir, user_config_dir()), SystemClock().now)
        except TilesetError as error:
            self.notice.tell(str(error))
        sheet = view.sheets["layers"]
        self.list = BasemapList(self.choice, sheet)
        sheet.body.insertWidget(0, self.list)

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
