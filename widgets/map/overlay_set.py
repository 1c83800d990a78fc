"""Owns the overlays of one map by name, and what a new district or another choice means to them. Must not paint."""

from app.geo.district import District
from widgets.map.closure_drawing import ClosureDrawing
from widgets.map.coverage import Coverage
from widgets.map.heat import Heat
from widgets.map.layers import LayerStack
from widgets.map.overlays import Overlays
from widgets.map.patrol_drawing import PatrolDrawing
from widgets.map.projection import Projection
from widgets.map.sketch_drawing import SketchDrawing
from widgets.map.tracks import Tracks

_BY_OPTIONS = ("coverage", "tracks")


class OverlaySet:
    """Every overlay, and `tiles`, in which they are kept as pictures."""

    def __init__(self, stack: LayerStack, dpr: float) -> None:
        self.heat = Heat()
        self.coverage = Coverage(stack)
        self.patrols = PatrolDrawing()
        self.tracks = Tracks(stack)
        self.closures = ClosureDrawing()
        self.sketches = SketchDrawing()
        self.drawings = (
            self.heat, self.coverage, self.patrols, self.tracks, self.closures, self.sketches,
        )  # fmt: skip
        self.tiles = Overlays(self.drawings, stack, dpr)
        self._projection = Projection.at(0.0, 0.0)
        self._options: dict[str, object] = {}
        self._stack = stack

    def set_district(self, district: District, projection: Projection) -> None:
        """Posts and patrols of another district; what was drawn, closed or gone keeps its place on the earth."""
        self.coverage.set_posts(projection.to_metres(unit.home_lat, unit.home_lon) for unit in district.units)
        self.patrols.set_patrols(district.patrols, projection)
        self.sketches.set_items(self.sketches.items, projection)
        self.closures.set_items(self.closures.items, projection)
        self.tracks.project(self._projection, projection)
        self.heat.project(self._projection, projection)
        self._projection = projection
        self.tiles.clear()

    def chosen(self, layer: str) -> None:
        """The officer has chosen otherwise for a layer, "" for all: paint anew what its options change."""
        for name in _BY_OPTIONS if not layer else (layer,):
            options = {key: value for key, value in self._stack.choices.options.items() if key[0] == name}
            if name in _BY_OPTIONS and options != self._options.get(name):
                self._options[name] = options
                self.tiles.repaint(name)
