"""The live map: scene, view, tiles, symbols, labels, motion and hit testing, painted in batches on one QWidget."""

from widgets.map.map_view import MapView
from widgets.map.marks import CameraMark, IncidentMark, UnitMark

__all__ = ["CameraMark", "IncidentMark", "MapView", "UnitMark"]
