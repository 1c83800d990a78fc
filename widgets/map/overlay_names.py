"""Owns the texts of overlays: measures and notes of sketches, names of patrol routes, ends of closures. Must not draw.

They are labels like all others: they stand before what is always on the map, and never over another text.
"""

from collections.abc import Callable, Iterator

import numpy as np

from app.i18n import language, tr
from widgets.map.closure_drawing import NAMES_FROM_ZOOM, ClosureDrawing
from widgets.map.label_plan import Area, Placed
from widgets.map.label_sides import RIGHT_FIRST, Sides
from widgets.map.labels import Label, LabelSprites, Occupancy, Role
from widgets.map.layers import LayerStack
from widgets.map.measures import area_text, length_text
from widgets.map.patrol_drawing import NUMBERS_FROM_ZOOM, PatrolDrawing
from widgets.map.sketch import SketchItem, path_length_m
from widgets.map.sketch_drawing import Drawn, SketchDrawing

_BESIDE_POINT_PX, _BESIDE_STOP_PX = 8, 12
_STOP_NAMES_FROM_ZOOM = 16.0
_OFF_THE_ROAD = ("right_low", "left_low", "right_high", "left_high", "right", "left")
"""Most roads lie across: beside them their own line would be covered."""

_Text = tuple[str, Role, float, float, int]
"""text, role, metres x and y, logical pixels away."""


class OverlayNames:
    """The texts of one map's overlays."""

    def __init__(
        self,
        stack: LayerStack,
        sprites: Callable[[], LabelSprites],
        sketches: SketchDrawing,
        patrols: PatrolDrawing,
        closures: ClosureDrawing,
    ) -> None:
        self._stack = stack
        self._sprites = sprites
        self._sketches = sketches
        self._patrols = patrols
        self._closures = closures

    def placing(self, area: Area, occupied: Occupancy) -> Iterator[Placed | None]:
        beside = Sides(self._sprites(), area.seen)
        for layer, texts in (
            ("closures", self._closure_texts(area.zoom)),
            ("sketch", self._sketch_texts()),
            ("patrols", self._patrol_texts(area.zoom)),
        ):
            if not self._stack.visible(layer):
                continue
            for text, role, x_m, y_m, away_px in texts:
                point = round(x_m * area.scale), round(y_m * area.scale)
                sides = _OFF_THE_ROAD if layer == "closures" else RIGHT_FIRST
                label = beside.set((text, role), point, away_px, occupied, sides, layer=layer)
                yield _placed(label)

    def _closure_texts(self, zoom: float) -> Iterator[_Text]:
        for text, x_m, y_m in self._closures.names() if zoom >= NAMES_FROM_ZOOM else ():
            yield text, "closure", x_m, y_m, _BESIDE_STOP_PX

    def _sketch_texts(self) -> Iterator[_Text]:
        for drawn in self._sketches.drawn():
            for text, x_m, y_m in sketch_texts(drawn):
                yield text, "sketch", x_m, y_m, _BESIDE_POINT_PX

    def _patrol_texts(self, zoom: float) -> Iterator[_Text]:
        chinese = language() == "zh_CN"
        names = {route.id: route for route in self._patrols.patrols.routes}
        for route in self._patrols.routes:
            if zoom >= NUMBERS_FROM_ZOOM:
                named, middle_m = names[route.key], route.run_m[-1] / 2
                x_m, y_m = route.at(np.array([middle_m]))[0].tolist()
                yield named.name_zh if chinese else named.name_en, "patrol", x_m, y_m, _BESIDE_POINT_PX
        for stop in self._patrols.stops if zoom >= _STOP_NAMES_FROM_ZOOM else ():
            name = stop.point.name_zh if chinese else stop.point.name_en
            yield name, "patrol", stop.x_m, stop.y_m, _BESIDE_STOP_PX


def sketch_texts(drawn: Drawn) -> Iterator[tuple[str, float, float]]:
    """What is written at a sketch and where, metres: a line's running total at every point of it."""
    item, line = drawn.item, drawn.line
    if item.kind != "area":
        # First, and in one text: who reads a measure has to know whose it is, and a second one seldom finds room.
        words = (item.text, _sender(drawn) if drawn.sender else "")
        if any(words):
            # At the top of the widest ring: what it is drawn round stands in the middle and has a name itself. At a
            # line's eastern end: texts stand to the right first, and this one is not to cover the line.
            x_m, y_m = line[int(line[:, 0].argmax())].tolist()
            yield " · ".join(filter(None, words)), x_m, y_m - max(item.radii_m, default=0.0)
    if item.kind == "line":
        for count in range(len(item.points), 1, -1):
            yield length_text(path_length_m(item.points[:count])), *line[count - 1].tolist()
    elif item.kind == "area":
        # One text in the middle: beside a measure a second one seldom finds room.
        words = (area_text(item.area_m2), *((_sender(drawn),) if drawn.sender else ()))
        yield " · ".join(words), *line.mean(axis=0).tolist()
        if item.text:
            yield item.text, *line[0].tolist()
    else:
        for radius_m in item.radii_m:
            yield length_text(radius_m), float(line[0, 0]) + radius_m, float(line[0, 1])


def _sender(drawn: Drawn) -> str:
    return tr("sharing.from", desk=drawn.sender)


def sketch_title(item: SketchItem) -> str:
    """What a sketch is called in a list: its note, or its kind and measure."""
    measure = {
        "line": lambda: length_text(item.length_m),
        "area": lambda: area_text(item.area_m2),
        "rings": lambda: " · ".join(filter(None, (item.text, *map(length_text, item.radii_m)))),
        "note": lambda: item.text,
    }[item.kind]()
    return f"{tr(f'map.sketch.{item.kind}')}  {measure}"


def _placed(label: Label | None) -> Placed | None:
    return None if label is None else (label, ("", ""))
