"""Owns how symbols are named and painted, in tables, cards and for the map's sprite atlas.

Must not know the app.

Names: "priority/1".."priority/4", "unit/KIND", "camera", "camera_offline", "heading", "incident/TYPE" and
"marker/PRIORITY/TYPE" (the priority's shape round the type's pictogram). `names()` lists all but the markers.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPixmapCache, QTransform

from widgets.parts import incident_glyphs, symbol_shapes
from widgets.parts.symbol_shapes import Symbol, placed, union
from widgets.style import tokens

FillState = Literal["hollow", "half", "full"]

UNIT_KINDS = (
    "police", "joint_patrol", "urban_management", "fire", "medical", "mediator", "grid_member", "volunteer",
    "external",
)  # fmt: skip
INCIDENT_TYPES = (
    "security", "crowd", "fire", "traffic", "fraud", "dispute", "missing_person", "facility", "environment",
    "food_drug", "order", "petition", "medical", "alarm", "other",
)  # fmt: skip

_borrowed: dict[str, str] = {}

_OUTLINE = 0.13
_HALO = 0.15
_STALE_FILL = 0.5
_MARKER_PLACE = {1: (0.0, 0.0, 0.5), 2: (0.0, 0.26, 0.47), 3: (0.0, 0.0, 0.56), 4: (0.0, 0.0, 0.54)}
DISTRESS = "distress"
"""Shown instead of its status for a unit that has called for help itself."""
_FILL_BY_STATUS: dict[str, FillState] = {
    "dispatched": "half",
    "en_route": "half",
    "on_scene": "full",
    DISTRESS: "full",
}


def names() -> tuple[str, ...]:
    """Every symbol but the composed markers."""
    return tuple(_makers())


def borrow_glyphs(of_type: Mapping[str, str]) -> None:
    """Types of incident that have no pictogram of their own, and whose they show."""
    _borrowed.clear()
    _borrowed.update({f"incident/{name}": f"incident/{lender}" for name, lender in of_type.items()})
    symbol.cache_clear()


@cache
def symbol(name: str) -> Symbol:
    """The layers of a symbol in the unit box.

    An unknown unit kind is drawn as external, an unknown type as other unless it borrows a glyph.

    Raises KeyError for a name of no known family.
    """
    family, _, rest = name.partition("/")
    if family == "marker":
        return _marker(*rest.split("/", 1))
    fallback = {"unit": "unit/external", "incident": "incident/other", "priority": "priority/4"}.get(
        family, name
    )
    return _makers().get(_borrowed.get(name, name), _makers()[fallback])()


def silhouette(name: str) -> QPainterPath:
    """The whole outline of a symbol as one path in the unit box."""
    layers = symbol(name)
    return union(layers.body, layers.line)


def unit_fill(status: str) -> FillState:
    """How a unit's status fills its shape: hollow at the post, half on the way, full on scene."""
    return _FILL_BY_STATUS.get(status, "hollow")


def unit_color(status: str) -> QColor:
    """Calm while a unit waits, the busy colour while it is on a task, grey when it cannot be sent, red in distress."""
    if status == DISTRESS:
        return tokens().danger
    if status in ("off_duty", "out_of_service"):
        return tokens().stale
    return tokens().unit_busy if status in _FILL_BY_STATUS else tokens().unit


def paint_symbol(
    painter: QPainter,
    name: str,
    box: QRectF,
    fg: QColor,
    fill: FillState = "full",
    *,
    stale: bool = False,
    halo: bool = False,
    rotation_deg: float = 0.0,
) -> None:
    """Paint a symbol into a box (logical px); hollow bodies show the symbol ground.

    A stale symbol is grey with a dashed outline; `rotation_deg` turns clockwise from north.
    """
    layers = symbol(name)
    to_box = _box_transform(box, rotation_deg)
    half_px = box.width() / 2
    body, line, detail = (to_box.map(path) for path in (layers.body, layers.line, layers.detail))
    shape = Symbol(body, line, detail, layers.body_opacity)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if halo:
        _paint_halo(painter, shape, half_px)
    if stale:
        _paint_stale(painter, shape, half_px, fill)
    else:
        _paint_fresh(painter, shape, half_px, fg, fill, _ink(name))
    painter.restore()


def symbol_pixmap(
    name: str,
    size_px: int,
    dpr: float,
    fg: QColor,
    fill_state: FillState = "full",
    stale: bool = False,
    *,
    halo: bool = False,
    rotation_deg: float = 0.0,
) -> QPixmap:
    """A symbol as a transparent pixmap of `size_px` logical pixels, crisp at `dpr`.

    Kept in Qt's pixmap cache.
    """
    key = f"{name}|{size_px}|{dpr}|{fg.rgba()}|{fill_state}|{stale}|{halo}|{rotation_deg}|{tokens().theme}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    pixmap = QPixmap(QSize(size_px, size_px) * dpr)
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    box = QRectF(0, 0, size_px, size_px)
    paint_symbol(painter, name, box, fg, fill_state, stale=stale, halo=halo, rotation_deg=rotation_deg)
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


@cache
def _makers() -> dict[str, Callable[[], Symbol]]:
    makers: dict[str, Callable[[], Symbol]] = {
        f"priority/{p}": getattr(symbol_shapes, f"priority_{p}") for p in (1, 2, 3, 4)
    }
    makers |= {f"unit/{kind}": getattr(symbol_shapes, kind) for kind in UNIT_KINDS}
    makers |= {name: getattr(symbol_shapes, name) for name in ("camera", "camera_offline", "heading")}
    makers |= {f"incident/{kind}": _glyph_maker(kind) for kind in INCIDENT_TYPES}
    return makers


def _glyph_maker(kind: str) -> Callable[[], Symbol]:
    draw: Callable[[], QPainterPath] = getattr(incident_glyphs, kind)
    return lambda: Symbol(line=draw())


def _marker(priority: str, incident_type: str) -> Symbol:
    body = symbol(f"priority/{priority}").body
    glyph = symbol(f"incident/{incident_type}").line
    return Symbol(body, detail=placed(glyph, *_MARKER_PLACE.get(int(priority), _MARKER_PLACE[4])))


def _ink(name: str) -> QColor:
    return tokens().priority.ink if name.startswith(("priority/", "marker/")) else tokens().symbol_ground


def _box_transform(box: QRectF, rotation_deg: float) -> QTransform:
    centre = box.center()
    return (
        QTransform()
        .translate(centre.x(), centre.y())
        .rotate(rotation_deg)
        .scale(box.width() / 2, box.height() / 2)
    )


def _paint_halo(painter: QPainter, shape: Symbol, half_px: float) -> None:
    pen = QPen(tokens().symbol_ground, 2 * _HALO * half_px + _outline_px(half_px))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(union(shape.body, shape.line), pen)


def _outline_px(half_px: float) -> float:
    return max(1.2, _OUTLINE * half_px)


def _paint_fresh(
    painter: QPainter, shape: Symbol, half_px: float, fg: QColor, fill: FillState, ink: QColor
) -> None:
    filled = _filled_area(shape.body, fill)
    if shape.body_opacity == 1.0:
        painter.fillPath(shape.body, tokens().symbol_ground)
    painter.fillPath(filled, _with_opacity(fg, shape.body_opacity))
    painter.strokePath(shape.body, _outline_pen(fg, half_px))
    painter.fillPath(shape.line, fg)
    painter.fillPath(shape.detail, fg)
    painter.setClipPath(filled, Qt.ClipOperation.IntersectClip)
    painter.fillPath(shape.detail, ink)


def _paint_stale(painter: QPainter, shape: Symbol, half_px: float, fill: FillState) -> None:
    """Grey and dashed; the fill fades, so that the last known status can still be read."""
    grey = tokens().stale
    pen = _outline_pen(grey, half_px)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.4, 1.2])
    filled = _filled_area(shape.body, fill)
    if shape.body_opacity == 1.0:
        painter.fillPath(shape.body, tokens().symbol_ground)
    painter.fillPath(filled, _with_opacity(grey, _STALE_FILL * shape.body_opacity))
    painter.strokePath(shape.body, pen)
    painter.fillPath(shape.line, grey)
    painter.fillPath(shape.detail, grey)
    painter.setClipPath(filled, Qt.ClipOperation.IntersectClip)
    painter.fillPath(shape.detail, tokens().symbol_ground)


def _filled_area(body: QPainterPath, fill: FillState) -> QPainterPath:
    if fill == "full" or body.isEmpty():
        return body
    if fill == "hollow":
        return QPainterPath()
    lower = QPainterPath()
    bounds = body.boundingRect()
    lower.addRect(bounds.adjusted(0, bounds.height() / 2, 0, 0))
    return body.intersected(lower)


def _with_opacity(color: QColor, opacity: float) -> QColor:
    faded = QColor(color)
    faded.setAlphaF(color.alphaF() * opacity)
    return faded


def _outline_pen(fg: QColor, half_px: float) -> QPen:
    pen = QPen(fg, _outline_px(half_px))
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
