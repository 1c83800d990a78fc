"""Owns the outlines of priorities, units and cameras as paths in a unit box (-1..1, y down).

Must not know colours or sizes.

A `Symbol` keeps its drawing in three layers, because a unit's fill says its status: `body` is what gets
filled, `line` is always drawn, `detail` is drawn in whatever stands out from the fill beneath it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

Point = tuple[float, float]
Cubic = tuple[float, float, float, float, float, float]

# Qt flattens curves by an absolute tolerance when it combines areas: in the unit box circles would turn into
# octagons.
_FINE = 512.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """The layers of one symbol; `body_opacity` below 1 lets the map through (a camera's field of view)."""

    body: QPainterPath = field(default_factory=QPainterPath)
    line: QPainterPath = field(default_factory=QPainterPath)
    detail: QPainterPath = field(default_factory=QPainterPath)
    body_opacity: float = 1.0


def polygon(points: Sequence[Point]) -> QPainterPath:
    """A closed polygon."""
    path = open_line(points)
    path.closeSubpath()
    return path


def open_line(points: Sequence[Point]) -> QPainterPath:
    """A line through the points, not closed."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    return path


def curve(start: Point, *cubics: Cubic) -> QPainterPath:
    """A path of cubic curves: each is control 1, control 2, end."""
    path = QPainterPath(QPointF(*start))
    for cubic in cubics:
        path.cubicTo(*cubic)
    return path


def disc(x: float, y: float, radius: float) -> QPainterPath:
    """A filled circle."""
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def ring(x: float, y: float, outer: float, inner: float) -> QPainterPath:
    """A circle with a hole."""
    return minus(disc(x, y, outer), disc(x, y, inner))


def bar(left: float, top: float, right: float, bottom: float, radius: float = 0.08) -> QPainterPath:
    """A rectangle with rounded corners."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(QPointF(left, top), QPointF(right, bottom)), radius, radius)
    return path


def stroked(path: QPainterPath, width: float) -> QPainterPath:
    """The area that a round pen of this width covers along a path."""
    pen = QPainterPathStroker()
    pen.setWidth(width * _FINE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return _coarse(pen.createStroke(_fine(path)).simplified())


def union(*paths: QPainterPath) -> QPainterPath:
    """All areas as one."""
    whole = QPainterPath()
    for path in paths:
        whole = whole.united(_fine(path))
    return _coarse(whole)


def minus(path: QPainterPath, *holes: QPainterPath) -> QPainterPath:
    """An area without others."""
    rest = _fine(path)
    for hole in holes:
        rest = rest.subtracted(_fine(hole))
    return _coarse(rest)


def _fine(path: QPainterPath) -> QPainterPath:
    return QTransform.fromScale(_FINE, _FINE).map(path)


def _coarse(path: QPainterPath) -> QPainterPath:
    return QTransform.fromScale(1 / _FINE, 1 / _FINE).map(path)


def mirrored(right_half: QPainterPath) -> QPainterPath:
    """A half drawn right of the axis, together with its reflection."""
    return union(right_half, QTransform.fromScale(-1, 1).map(right_half))


def both_sides(top: Point, *right: Cubic) -> QPainterPath:
    """A symmetric outline from its right side, given from a top point down to a bottom point on the axis."""
    path = curve(top, *right)
    starts = [top, *(cubic[4:] for cubic in right)]
    for start, (ax, ay, bx, by, _, _) in reversed(list(zip(starts, right, strict=False))):
        path.cubicTo(-bx, by, -ax, ay, -start[0], start[1])
    path.closeSubpath()
    return path


def placed(path: QPainterPath, x: float, y: float, scale: float) -> QPainterPath:
    """A path made smaller and set at a point."""
    return QTransform(scale, 0, 0, scale, x, y).map(path)


def star(outer: float, inner: float, y: float = 0.0) -> QPainterPath:
    """A five-pointed star that stands on two points."""
    radii = [outer if i % 2 == 0 else inner for i in range(10)]
    corners = [
        (r * math.sin(i * math.pi / 5), y - r * math.cos(i * math.pi / 5)) for i, r in enumerate(radii)
    ]
    return polygon(corners)


_DIGITS: dict[int, Callable[[], QPainterPath]] = {
    1: lambda: open_line([(-0.2, -0.24), (0.05, -0.44), (0.05, 0.44)]),
    2: lambda: _joined(
        curve((-0.27, -0.2), (-0.26, -0.56, 0.29, -0.56, 0.27, -0.16), (0.26, 0.06, -0.08, 0.2, -0.28, 0.44)),
        (0.3, 0.44),
    ),
    3: lambda: curve(
        (-0.26, -0.3),
        (-0.18, -0.56, 0.26, -0.52, 0.25, -0.22),
        (0.24, -0.02, 0.06, -0.02, -0.05, -0.02),
        (0.08, -0.02, 0.29, 0.0, 0.28, 0.22),
        (0.27, 0.54, -0.22, 0.54, -0.29, 0.27),
    ),
    4: lambda: open_line([(0.15, 0.44), (0.15, -0.44), (-0.3, 0.17), (0.32, 0.17)]),
}


def _joined(path: QPainterPath, end: Point) -> QPainterPath:
    path.lineTo(*end)
    return path


def _digit(number: int, y: float, scale: float) -> QPainterPath:
    return placed(stroked(_DIGITS[number](), 0.21), 0, y, scale)


def priority_1() -> Symbol:
    """Diamond."""
    return Symbol(polygon([(0, -0.88), (0.88, 0), (0, 0.88), (-0.88, 0)]), detail=_digit(1, 0, 1.0))


def priority_2() -> Symbol:
    """Triangle."""
    return Symbol(polygon([(0, -0.84), (0.9, 0.72), (-0.9, 0.72)]), detail=_digit(2, 0.22, 0.84))


def priority_3() -> Symbol:
    """Square."""
    return Symbol(bar(-0.72, -0.72, 0.72, 0.72, 0.06), detail=_digit(3, 0, 1.08))


def priority_4() -> Symbol:
    """Circle."""
    return Symbol(disc(0, 0, 0.8), detail=_digit(4, 0, 1.04))


def shield() -> QPainterPath:
    """A police shield."""
    return both_sides((0, -0.86), (0.22, -0.7, 0.48, -0.64, 0.74, -0.64), (0.78, 0.1, 0.6, 0.64, 0, 0.9))


def police() -> Symbol:
    """Shield with a star."""
    return Symbol(shield(), detail=star(0.42, 0.19, -0.02))


def joint_patrol() -> Symbol:
    """Five-pointed star."""
    return Symbol(star(0.92, 0.42, 0.07))


def urban_management() -> Symbol:
    """Peaked cap."""
    crown = curve((0, -0.7), (0.4, -0.74, 0.84, -0.56, 0.92, -0.2), (0.84, -0.02, 0.7, 0.08, 0.6, 0.16))
    crown.lineTo(0.6, 0.42)
    crown.lineTo(0, 0.42)
    crown.closeSubpath()
    visor = curve((0.62, 0.4), (0.62, 0.66, 0.3, 0.78, 0, 0.78))
    visor.lineTo(0, 0.4)
    visor.closeSubpath()
    return Symbol(
        union(mirrored(crown), mirrored(visor)),
        detail=union(disc(0, -0.28, 0.18), bar(-0.66, 0.16, 0.66, 0.34, 0)),
    )


def flame() -> QPainterPath:
    """A drop of fire."""
    path = curve(
        (0.08, -0.95),
        (0.16, -0.5, 0.74, -0.2, 0.7, 0.32),
        (0.68, 0.7, 0.36, 0.92, 0, 0.92),
        (-0.38, 0.92, -0.7, 0.68, -0.7, 0.28),
        (-0.7, -0.02, -0.5, -0.16, -0.44, -0.44),
        (-0.28, -0.38, -0.2, -0.26, -0.16, -0.12),
        (0.04, -0.34, 0.12, -0.62, 0.08, -0.95),
    )
    path.closeSubpath()
    return path


def fire() -> Symbol:
    """Flame with a core."""
    core = curve((0.04, 0.06), (0.1, 0.22, 0.3, 0.3, 0.28, 0.52), (0.26, 0.72, -0.26, 0.72, -0.28, 0.5))
    core.cubicTo(-0.28, 0.3, 0.0, 0.26, 0.04, 0.06)
    return Symbol(flame(), detail=core)


def cross(arm: float, half_width: float) -> QPainterPath:
    """An upright cross."""
    return union(bar(-half_width, -arm, half_width, arm, 0.06), bar(-arm, -half_width, arm, half_width, 0.06))


def medical() -> Symbol:
    """Cross."""
    return Symbol(cross(0.86, 0.3))


def scales() -> QPainterPath:
    """Scales of justice."""
    pan = curve((0.22, 0.2), (0.26, 0.46, 0.78, 0.46, 0.82, 0.2))
    pan.closeSubpath()
    hang = stroked(open_line([(0.28, 0.22), (0.52, -0.38), (0.76, 0.22)]), 0.1)
    half = union(pan, hang, stroked(open_line([(0, -0.42), (0.54, -0.38)]), 0.15))
    post = union(
        stroked(open_line([(0, -0.6), (0, 0.56)]), 0.15),
        stroked(open_line([(-0.26, 0.58), (0.26, 0.58)]), 0.15),
    )
    return union(mirrored(half), post)


def mediator() -> Symbol:
    """Scales on an eight-sided plate, so that the fill can be seen."""
    a, b = 0.88, 0.4
    plate = polygon([(-b, -a), (b, -a), (a, -b), (a, b), (b, a), (-b, a), (-a, b), (-a, -b)])
    return Symbol(plate, detail=placed(scales(), 0, 0.02, 0.82))


def grid_member() -> Symbol:
    """House with a door."""
    roof = [
        (0, -0.88),
        (0.92, -0.06),
        (0.66, -0.06),
        (0.66, 0.8),
        (-0.66, 0.8),
        (-0.66, -0.06),
        (-0.92, -0.06),
    ]
    return Symbol(polygon(roof), detail=bar(-0.2, 0.16, 0.2, 0.8, 0))


def heart() -> QPainterPath:
    """A heart."""
    return both_sides((0, -0.46), (0.18, -0.94, 0.94, -0.9, 0.94, -0.28), (0.94, 0.2, 0.34, 0.56, 0, 0.86))


def volunteer() -> Symbol:
    """Heart."""
    return Symbol(heart())


def external() -> Symbol:
    """Ring."""
    return Symbol(ring(0, 0, 0.84, 0.38))


def _view() -> QPainterPath:
    wedge = QPainterPath(QPointF(0, 0))
    wedge.arcTo(QRectF(-0.94, -0.94, 1.88, 1.88), 56, 68)
    wedge.closeSubpath()
    return wedge


def camera() -> Symbol:
    """A lens at the centre and its view to the north, to be turned by the bearing."""
    return Symbol(_view(), line=disc(0, 0, 0.3), body_opacity=0.45)


def camera_offline() -> Symbol:
    """The same, struck through."""
    strike = stroked(open_line([(-0.66, 0.3), (0.66, -0.66)]), 0.17)
    return Symbol(_view(), line=union(ring(0, 0, 0.3, 0.14), strike), body_opacity=0.0)


def heading() -> Symbol:
    """The tail that shows where a unit goes.

    North, outside the unit's own shape when drawn 1.7 times as large.
    """
    return Symbol(line=polygon([(0, -0.98), (0.26, -0.62), (0, -0.72), (-0.26, -0.62)]))
