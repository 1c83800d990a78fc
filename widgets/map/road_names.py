"""Owns how the name of a road runs along it: joined lines, stretches straight enough, glyph places. Must not declutter.

Roads come as short links between junctions; links of one name are joined into long lines first, so that a name may
cross a junction as it does on a printed map.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from app.geo.surface import Road
from widgets.map.labels import LabelSprites, face, ink, paint_ink
from widgets.map.projection import Projection

Line = npt.NDArray[np.float64]

_REPEAT_PX = 460.0
_MOST_BEND_RAD = math.radians(38)
_CJK_SPACING = 0.55
_IDEOGRAPHS_FROM = 0x2E80
_ROOM_PX = 2.5


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A joined line of one road in metres, with the length run so far at every vertex."""

    name: str
    road_class: str
    line: Line
    run_m: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One piece of a name: its centre relative to the label's anchor in logical pixels, and its turn."""

    text: str
    x_px: float
    y_px: float
    turn_rad: float


@dataclass(frozen=True, slots=True)
class RoadLabel:
    """A name set along a stretch: anchor in metres, glyphs, and a key that says when a sprite can be used again."""

    key: Hashable
    x_m: float
    y_m: float
    glyphs: tuple[Glyph, ...]


def joined_lines(roads: tuple[Road, ...], projection: Projection, language_zh: bool) -> Iterator[NamedLine]:
    """Every named road as few long lines, one at a time."""
    links: dict[tuple[str, str], list[Road]] = defaultdict(list)
    for road in roads:
        name = road.name_zh if language_zh else road.name_en or road.name_zh
        if name:
            links[name, road.road_class].append(road)
    for (name, road_class), group in links.items():
        for line in _chains(group, projection):
            yield NamedLine(name, road_class, line, _run_of(line))


def stretches(named: NamedLine, px_per_m: float) -> Iterator[RoadLabel]:
    """Where the name stands at a scale in logical pixels: every so far along, on stretches that bend little."""
    pieces = _pieces(named.name)
    widths = _advances(pieces, spread=_is_ideographic(named.name))
    length_px = sum(widths)
    total_px = float(named.run_m[-1]) * px_per_m
    if total_px < length_px * 1.15:
        return
    count = max(1, int(total_px // _REPEAT_PX))
    for index in range(count):
        middle_px = total_px * (index + 0.5) / count
        label = _set_along(named, middle_px, pieces, widths, px_per_m)
        if label is not None:
            yield label


def paint_road_label(sprites: LabelSprites, label: RoadLabel) -> int:
    """The sprite of a label; its anchor is the middle of the name."""
    number = sprites.sheet.find(label.key)
    if number is not None:
        return number
    text_face = face("road")
    metrics = QFontMetricsF(text_face)
    box = QRectF()
    for glyph in label.glyphs:
        box = box.united(_box_of(glyph, metrics))
    lift_px = (metrics.ascent() - metrics.descent()) / 2

    def paint(painter: QPainter) -> None:
        for glyph in label.glyphs:
            painter.save()
            painter.translate(glyph.x_px, glyph.y_px)
            painter.rotate(math.degrees(glyph.turn_rad))
            baseline = QPointF(-metrics.horizontalAdvance(glyph.text) / 2, lift_px)
            paint_ink(painter, baseline, glyph.text, text_face, ink("road"))
            painter.restore()

    return sprites.custom(label.key, box, paint)


def _box_of(glyph: Glyph, metrics: QFontMetricsF) -> QRectF:
    """The upright box round a turned piece, with room for its halo."""
    half_w, half_h = metrics.horizontalAdvance(glyph.text) / 2 + _ROOM_PX, metrics.height() / 2 + _ROOM_PX
    across, along = abs(math.cos(glyph.turn_rad)), abs(math.sin(glyph.turn_rad))
    reach_x, reach_y = across * half_w + along * half_h, along * half_w + across * half_h
    return QRectF(glyph.x_px - reach_x, glyph.y_px - reach_y, 2 * reach_x, 2 * reach_y)


def _set_along(
    named: NamedLine, middle_px: float, pieces: list[str], widths: list[float], px_per_m: float
) -> RoadLabel | None:
    x_m, y_m, turns = _along(named, middle_px, widths, px_per_m)
    backwards = _reads_backwards(float(turns.mean()), named.name)
    if backwards:
        x_m, y_m, turns = _along(named, middle_px, widths[::-1], px_per_m)
    if float(turns.max() - turns.min()) > _MOST_BEND_RAD:
        return None
    if backwards:
        x_m, y_m, turns = x_m[::-1], y_m[::-1], turns[::-1] + math.pi
    if _runs_down(float(turns.mean()), named.name):
        turns = turns - math.pi / 2
    anchor_x, anchor_y = float(x_m.mean()), float(y_m.mean())
    glyphs = tuple(
        Glyph(piece, (x - anchor_x) * px_per_m, (y - anchor_y) * px_per_m, turn)
        for piece, x, y, turn in zip(pieces, x_m.tolist(), y_m.tolist(), turns.tolist(), strict=True)
    )
    shape = tuple((round(g.x_px, 1), round(g.y_px, 1), round(g.turn_rad, 2)) for g in glyphs)
    return RoadLabel(("road", named.name, shape), anchor_x, anchor_y, glyphs)


def _along(
    named: NamedLine, middle_px: float, widths: list[float], px_per_m: float
) -> tuple[Line, Line, Line]:
    """Centres x, y of pieces in the order in which the line runs, metres, and the way's turn at each."""
    starts = middle_px - sum(widths) / 2 + np.cumsum([0.0, *widths[:-1]])
    reach_m = np.array(widths) / 2 / px_per_m
    centres_m = starts / px_per_m + reach_m
    before_x, before_y = _at(named, centres_m - reach_m)
    after_x, after_y = _at(named, centres_m + reach_m)
    return *_at(named, centres_m), np.unwrap(np.arctan2(after_y - before_y, after_x - before_x))


def _reads_backwards(turn_rad: float, name: str) -> bool:
    """Left to right; a steep Chinese name from the top down."""
    if _is_ideographic(name) and abs(math.sin(turn_rad)) > math.sin(math.radians(60)):
        return math.sin(turn_rad) < 0
    return math.cos(turn_rad) < 0


def _runs_down(turn_rad: float, name: str) -> bool:
    """Steep Chinese names stand upright, one character under the other."""
    return _is_ideographic(name) and abs(math.sin(turn_rad)) > math.sin(math.radians(60))


def _is_ideographic(name: str) -> bool:
    return all(ord(char) >= _IDEOGRAPHS_FROM for char in name)


def _pieces(name: str) -> list[str]:
    """What is turned by itself: a character of a Chinese name, a word of any other, whose letters belong together."""
    return list(name) if _is_ideographic(name) else name.split()


def _advances(pieces: list[str], *, spread: bool) -> list[float]:
    text_face = face("road")
    metrics = QFontMetricsF(text_face)
    spacing = _CJK_SPACING * text_face.pixelSize() if spread else metrics.horizontalAdvance(" ")
    return [metrics.horizontalAdvance(piece) + spacing for piece in pieces]


def _at(
    named: NamedLine, run_m: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return np.interp(run_m, named.run_m, named.line[:, 0]), np.interp(run_m, named.run_m, named.line[:, 1])


def _run_of(line: Line) -> npt.NDArray[np.float64]:
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _chains(links: list[Road], projection: Projection) -> Iterator[Line]:
    """Join links end to end; at a fork the chain takes the straightest way on."""
    lines = {index: projection.plane(link.line) for index, link in enumerate(links)}
    at_node: dict[int, list[int]] = defaultdict(list)
    for index, link in enumerate(links):
        at_node[link.from_node].append(index)
        at_node[link.to_node].append(index)
    left = set(lines)
    # Chains begin at loose ends, or they would begin in the middle of a road.
    order = sorted(left, key=lambda i: min(len(at_node[links[i].from_node]), len(at_node[links[i].to_node])))
    for first in order:
        if first in left:
            left.discard(first)
            link = links[first]
            ahead = _extended(lines[first], link.to_node, links, lines, at_node, left)
            yield _extended(ahead[::-1], link.from_node, links, lines, at_node, left)


def _extended(
    line: Line,
    node: int,
    links: list[Road],
    lines: dict[int, Line],
    at_node: dict[int, list[int]],
    left: set[int],
) -> Line:
    parts, last = [line], line
    while True:
        options = [
            (_bend(last, lines[i] if links[i].from_node == node else lines[i][::-1]), i)
            for i in at_node[node]
            if i in left
        ]
        if not options or min(options)[0] > math.radians(60):
            return np.concatenate(parts)
        index = min(options)[1]
        left.discard(index)
        forward = links[index].from_node == node
        last = lines[index] if forward else lines[index][::-1]
        parts.append(last[1:])
        node = links[index].to_node if forward else links[index].from_node


def _bend(line: Line, onward: Line) -> float:
    """How sharply the way turns from the end of one line into another, radians."""
    into, out = line[-1] - line[-2], onward[1] - onward[0]
    turn = math.atan2(out[1], out[0]) - math.atan2(into[1], into[0])
    return abs(math.remainder(turn, 2 * math.pi))
