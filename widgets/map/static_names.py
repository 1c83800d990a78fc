"""Owns the names of what lies still: landmarks, grids, roads, places, in the order in which they may stand.

Must not know incidents or units. Sprites are painted within a time budget; what is left is said to be incomplete.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from app.geo.district import District
from app.i18n import language
from widgets.map import cartography as rules
from widgets.map.inner_point import inner_point
from widgets.map.label_plan import Area
from widgets.map.label_sides import ALONG, Box, is_cut
from widgets.map.labels import Label, LabelSprites, Occupancy, face, ink, paint_ink
from widgets.map.marks import PlaceMark
from widgets.map.projection import Projection
from widgets.map.road_names import NamedLine, RoadLabel, joined_lines, paint_road_label, stretches
from widgets.map.view import level_of, zoom_of
from widgets.style import tokens

Key = tuple[str, str]

_DOT_PX = 3.0
_GAP_PX = 5.0
_LEAST_ROOM_PX = 36


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A name at a point of the plane: its sides in order of liking, with the sprite to paint for each.

    `room_m` is the width of what it names, where it must not look lost beside it.
    """

    kind: str
    key: str
    x_m: float
    y_m: float
    sides: tuple[tuple[str, Callable[[], int]], ...]
    layer: str
    room_m: float = math.inf


class _Named(Protocol):
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


class StaticNames:
    """The names of one district in one language."""

    def __init__(self, district: District, projection: Projection, sprites: LabelSprites) -> None:
        self._sprites = sprites
        self._places: list[tuple[PlaceMark, float, float]] = []
        self._communities: list[tuple[str, str, float, float]] = []
        self._grids: list[tuple[str, str, float, float, float]] = []
        self._waters: list[tuple[str, str, float, float]] = []
        self._lines: list[NamedLine] = []
        self._stretches: dict[tuple[int, float], list[RoadLabel]] = {}
        self._preparing = self._prepared(district, projection, chinese=language() == "zh_CN")
        self.shown = {"places": True, "communities": True, "grids": True, "roads": True}

    def place(self, key: str) -> PlaceMark | None:
        return next((mark for mark, _, _ in self._places if mark.key == key), None)

    def forget_sprites(self) -> None:
        """Another text scale: the glyphs have other widths."""
        self._stretches.clear()

    def placing(self, area: Area, occupied: Occupancy) -> Iterator[tuple[Label, Key] | None]:
        """Every label that stands with its (kind, key), one at a time; None after a candidate that found no room.

        Sprites are painted on the way, so the caller may stop at any step and go on later.
        """
        for _ in self._preparing:
            yield None
        for candidate in self._candidates(area):
            label = self._set(candidate, area, occupied)
            yield None if label is None else (label, (candidate.kind, candidate.key))

    def _prepared(self, district: District, projection: Projection, *, chinese: bool) -> Iterator[None]:
        """Find where names stand, a few at a time: whoever needs them first goes on with it."""
        for place in district.places:
            mark = PlaceMark(
                place.id,
                place.kind,
                _either(place, chinese),
                place.lat,
                place.lon,
                rules.place_rank(place.kind),
            )
            self._places.append((mark, *projection.to_metres(place.lat, place.lon)))
        yield
        for community in district.communities:
            point, _ = inner_point(projection.plane(np.asarray(community.ring)))
            self._communities.append((community.code, _either(community, chinese), *point))
            yield
        for grid in district.grids:
            point, room_m = inner_point(projection.plane(np.asarray(grid.ring)))
            self._grids.append((grid.code, _either(grid, chinese), *point, room_m))
            yield
        for area in district.areas:
            name = _either(area, chinese)
            if area.kind in ("water", "park") and name:
                self._waters.append((name, area.kind, *inner_point(projection.plane(area.ring))[0]))
                yield
        for line in joined_lines(district.roads, projection, chinese):
            self._lines.append(line)
            yield

    def _candidates(self, area: Area) -> Iterator[_Candidate]:
        if (
            self.shown["communities"]
            and rules.COMMUNITY_NAMES_FROM_ZOOM <= area.zoom < rules.COMMUNITY_NAMES_TO_ZOOM
        ):
            for code, name, x_m, y_m in self._communities:
                sides = (("", self._centred(name, "community")),)
                yield _Candidate("", code, x_m, y_m, sides, "communities")
        yield from self._place_candidates(area, 0)
        if self.shown["grids"] and area.zoom >= rules.GRID_NAMES_FROM_ZOOM:
            yield from (self._grid_candidate(*grid) for grid in self._grids)
        if self.shown["roads"]:
            yield from self._water_candidates(area)
            yield from self._road_candidates(area, ("trunk", "primary", "secondary"))
        yield from self._place_candidates(area, 1)
        if self.shown["roads"]:
            yield from self._road_candidates(area, ("tertiary", "residential", "alley", "footway"))
        yield from self._place_candidates(area, 2)

    def _set(self, candidate: _Candidate, area: Area, occupied: Occupancy) -> Label | None:
        x_px, y_px = round(candidate.x_m * area.scale), round(candidate.y_m * area.scale)
        if not (
            area.left_px < x_px < area.left_px + area.width_px
            and area.top_px < y_px < area.top_px + area.height_px
        ):
            return None
        if candidate.room_m * area.scale < _LEAST_ROOM_PX * self._sprites.dpr or not occupied.free_at(
            x_px, y_px
        ):
            return None
        at_the_edge: list[Label] = []
        for side, sprite_of in candidate.sides:
            label = self._beside(x_px, y_px, sprite_of(), candidate.layer, side)
            if area.seen is not None and side != ALONG and is_cut(_box(label), area.seen):
                at_the_edge.append(label)
            elif occupied.take(*_box(label)):
                return label
        # It is seen when the view moves a little.
        return next((label for label in at_the_edge if occupied.take(*_box(label))), None)

    def _beside(self, x_px: int, y_px: int, sprite: int, layer: str, side: str) -> Label:
        width, height = self._sprites.sheet.size(sprite)
        anchor_x, anchor_y = self._sprites.sheet.anchor(sprite)
        return Label(sprite, x_px - anchor_x, y_px - anchor_y, width, height, layer=layer, side=side)

    def _place_candidates(self, area: Area, rank: int) -> Iterator[_Candidate]:
        if not self.shown["places"] or area.zoom < rules.PLACE_FROM_ZOOM[rank]:
            return
        role = "landmark" if rank == 0 else "place"
        for mark, x_m, y_m in self._places:
            if mark.rank == rank:
                sides = tuple((side, self._dotted(mark.name, role, side)) for side in ("right", "left"))
                yield _Candidate("place", mark.key, x_m, y_m, sides, "places")

    def _grid_candidate(self, code: str, name: str, x_m: float, y_m: float, room_m: float) -> _Candidate:
        return _Candidate("", code, x_m, y_m, (("", self._centred(name, "grid")),), "grids", room_m)

    def _water_candidates(self, area: Area) -> Iterator[_Candidate]:
        for name, kind, x_m, y_m in self._waters:
            sides = (("", self._centred(name, "water" if kind == "water" else "park")),)
            yield _Candidate("", name, x_m, y_m, sides, "roads")

    def _road_candidates(self, area: Area, classes: tuple[str, ...]) -> Iterator[_Candidate]:
        for index, line in enumerate(self._lines):
            if line.road_class in classes and area.zoom >= rules.road(line.road_class).name_from_zoom:
                for label in self._stretches_of(index, line, area):
                    sides = ((ALONG, self._along(label)),)
                    yield _Candidate("", line.name, label.x_m, label.y_m, sides, "roads")

    def _stretches_of(self, index: int, line: NamedLine, area: Area) -> list[RoadLabel]:
        # While the zoom runs between two levels the names keep the shape of the nearest one.
        zoom = zoom_of(level_of(area.zoom))
        key = index, zoom
        if key not in self._stretches:
            self._stretches[key] = list(stretches(line, 2.0 ** (zoom - 17.0)))
        return self._stretches[key]

    def _along(self, label: RoadLabel) -> Callable[[], int]:
        return lambda: paint_road_label(self._sprites, label)

    def _centred(self, text: str, role: str) -> Callable[[], int]:
        key = ("centred", text, role)

        def sprite() -> int:
            number = self._sprites.sheet.find(key)
            if number is not None:
                return number
            metrics = QFontMetricsF(face(role))
            width, height = metrics.horizontalAdvance(text) + 6, metrics.height() + 2
            baseline = QPointF(-width / 2 + 3, metrics.ascent() - height / 2 + 1)
            box = QRectF(-width / 2, -height / 2, width, height)
            return self._sprites.custom(
                key, box, lambda p: paint_ink(p, baseline, text, face(role), ink(role))
            )

        return sprite

    def _dotted(self, text: str, role: str, side: str) -> Callable[[], int]:
        key = ("dotted", text, role, side)

        def sprite() -> int:
            number = self._sprites.sheet.find(key)
            if number is not None:
                return number
            metrics = QFontMetricsF(face(role))
            width, height = metrics.horizontalAdvance(text), metrics.height() + 2
            left = _GAP_PX if side == "right" else -_GAP_PX - width
            box = QRectF(min(left, -_GAP_PX) - 2, -height / 2, width + 2 * _GAP_PX + 4, height)
            baseline = QPointF(left, metrics.ascent() - height / 2 + 1)

            def paint(painter: QPainter) -> None:
                _paint_dot(painter, tokens().map.label)
                paint_ink(painter, baseline, text, face(role), ink(role))

            return self._sprites.custom(key, box, paint)

        return sprite


def _box(label: Label) -> Box:
    return label.left_px, label.top_px, label.width_px, label.height_px


def _paint_dot(painter: QPainter, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for radius, brush in ((_DOT_PX, color), (1.3, tokens().map.label_halo)):
        painter.setBrush(brush)
        painter.drawEllipse(QPointF(0, 0), radius, radius)


def _either(named: _Named, chinese: bool) -> str:
    return named.name_zh if chinese or not named.name_en else named.name_en
