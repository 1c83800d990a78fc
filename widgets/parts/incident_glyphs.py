"""Owns the pictograms of the incident types, one filled path each in the unit box.

Must not know colours or sizes.
"""

import math

from PySide6.QtGui import QPainterPath, QTransform

from widgets.parts import symbol_shapes as shapes
from widgets.parts.symbol_shapes import bar, curve, disc, minus, open_line, polygon, ring, stroked, union


def security() -> QPainterPath:
    """Handcuffs."""
    links = stroked(open_line([(-0.16, -0.42), (0, -0.56), (0.16, -0.42)]), 0.17)
    return union(
        ring(-0.5, 0.16, 0.5, 0.28), ring(0.5, 0.16, 0.5, 0.28), links, _knuckle(-0.3), _knuckle(0.3)
    )


def _knuckle(x: float) -> QPainterPath:
    return bar(x - 0.2, -0.48, x + 0.2, -0.22, 0.06)


def _person(x: float, y: float, scale: float) -> QPainterPath:
    shoulders = curve((-0.62, 0.86), (-0.62, 0.06, 0.62, 0.06, 0.62, 0.86))
    shoulders.closeSubpath()
    return shapes.placed(union(disc(0, -0.32, 0.36), shoulders), x, y, scale)


def crowd() -> QPainterPath:
    """Three people, the first in front."""
    front = _person(0, 0.1, 0.86)
    gap = stroked(front, 0.22)
    behind = union(_person(-0.58, -0.2, 0.66), _person(0.58, -0.2, 0.66))
    return union(minus(behind, front, gap), front)


def fire() -> QPainterPath:
    """Flame."""
    symbol = shapes.fire()
    return minus(symbol.body, symbol.detail)


def traffic() -> QPainterPath:
    """Car from the front."""
    hood = bar(-0.86, -0.1, 0.86, 0.56, 0.16)
    roof = polygon([(-0.66, 0), (-0.44, -0.66), (0.44, -0.66), (0.66, 0)])
    glass = polygon([(-0.42, -0.1), (-0.3, -0.46), (0.3, -0.46), (0.42, -0.1)])
    wheels = union(bar(-0.8, 0.4, -0.44, 0.82), bar(0.44, 0.4, 0.8, 0.82))
    lamps = union(disc(-0.52, 0.22, 0.14), disc(0.52, 0.22, 0.14))
    return minus(union(hood, roof, wheels), glass, lamps)


def fraud() -> QPainterPath:
    """Coin with the yuan sign."""
    arms = stroked(open_line([(-0.34, -0.46), (0, -0.02), (0.34, -0.46)]), 0.17)
    post = stroked(open_line([(0, -0.02), (0, 0.5)]), 0.17)
    bars = union(
        stroked(open_line([(-0.3, 0.04), (0.3, 0.04)]), 0.13),
        stroked(open_line([(-0.3, 0.29), (0.3, 0.29)]), 0.13),
    )
    return minus(disc(0, 0, 0.88), arms, post, bars)


def _bubble() -> QPainterPath:
    return union(bar(-0.9, -0.82, 0.3, 0.06, 0.2), polygon([(-0.66, 0), (-0.2, 0), (-0.66, 0.4)]))


def dispute() -> QPainterPath:
    """Two voices against each other."""
    first = _bubble()
    second = QTransform.fromScale(-1, 1).map(first).translated(0, 0.44)
    return union(minus(first, stroked(second, 0.24), second), second)


def missing_person() -> QPainterPath:
    """A person and a question."""
    hook = curve((0.26, -0.46), (0.26, -0.94, 0.9, -0.9, 0.88, -0.46), (0.86, -0.2, 0.58, -0.22, 0.58, 0.1))
    return union(_person(-0.28, 0.08, 0.92), stroked(hook, 0.2), disc(0.58, 0.48, 0.14))


def facility() -> QPainterPath:
    """Wrench."""
    jaw = minus(
        disc(0, -0.56, 0.44), polygon([(-0.17, -1.1), (0.17, -1.1), (0.17, -0.5), (0, -0.4), (-0.17, -0.5)])
    )
    handle = minus(stroked(open_line([(0, -0.3), (0, 0.74)]), 0.36), disc(0, 0.7, 0.09))
    return QTransform().rotate(40).map(union(jaw, handle))


def environment() -> QPainterPath:
    """Leaf."""
    blade = curve((-0.7, 0.5), (-0.98, -0.5, 0.1, -0.9, 0.86, -0.84), (0.94, 0.1, 0.3, 0.98, -0.7, 0.5))
    vein = stroked(curve((-0.62, 0.5), (-0.3, 0.1, 0.1, -0.2, 0.42, -0.4)), 0.13)
    stem = stroked(open_line([(-0.84, 0.84), (-0.6, 0.48)]), 0.17)
    return union(minus(blade, vein), stem)


def food_drug() -> QPainterPath:
    """Capsule, one half hollow."""
    whole = bar(-0.4, -0.92, 0.4, 0.92, 0.4)
    hollow = bar(-0.22, 0.06, 0.22, 0.74, 0.22)
    seam = bar(-0.5, -0.06, 0.5, 0.06, 0)
    return QTransform().rotate(40).map(minus(whole, hollow, seam))


def order() -> QPainterPath:
    """Clipboard with a tick."""
    board = bar(-0.66, -0.7, 0.66, 0.88, 0.12)
    tick = stroked(open_line([(-0.32, 0.18), (-0.06, 0.44), (0.36, -0.14)]), 0.2)
    clip = bar(-0.28, -0.92, 0.28, -0.52, 0.1)
    return union(minus(board, tick, clip, stroked(clip, 0.16)), clip)


def petition() -> QPainterPath:
    """Envelope."""
    fold = stroked(open_line([(-0.86, -0.5), (0, 0.14), (0.86, -0.5)]), 0.17)
    return minus(bar(-0.9, -0.62, 0.9, 0.66, 0.12), fold)


def medical() -> QPainterPath:
    """Cross."""
    return shapes.cross(0.84, 0.3)


def alarm() -> QPainterPath:
    """Turning light."""
    dome = curve((-0.46, 0.44), (-0.5, -0.44, 0.5, -0.44, 0.46, 0.44))
    dome.closeSubpath()
    rays = [_ray(math.radians(angle)) for angle in (-62, 0, 62)]
    return union(dome, bar(-0.66, 0.54, 0.66, 0.84, 0.08), *rays)


def _ray(angle: float) -> QPainterPath:
    x, y = math.sin(angle), -math.cos(angle)
    return stroked(open_line([(0.64 * x, 0.12 + 0.64 * y), (0.92 * x, 0.12 + 0.92 * y)]), 0.17)


def other() -> QPainterPath:
    """Three dots."""
    return union(disc(-0.6, 0, 0.22), disc(0, 0, 0.22), disc(0.6, 0, 0.22))
