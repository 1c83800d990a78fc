"""Draws every symbol on one sheet: sizes, fills and grounds side by side. Run as a module to look at it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.parts import symbols
from widgets.parts.symbols import FillState
from widgets.style import font, tokens

SIZES_PX = (16, 20, 32)
CELL_PX = 44


Row = list[tuple[str, FillState, bool]]

FILLS: tuple[FillState, ...] = ("hollow", "half", "full")
UNIT_ROWS: tuple[tuple[FillState, bool], ...] = (
    ("hollow", False), ("half", False), ("full", False), ("hollow", True), ("full", True),
)  # fmt: skip


def _full(*names: str) -> Row:
    return [(name, "full", False) for name in names]


def _rows() -> list[Row]:
    units = [[(f"unit/{kind}", fill, stale) for kind in symbols.UNIT_KINDS] for fill, stale in UNIT_ROWS]
    markers = [_full(*(f"marker/{p}/{kind}" for kind in symbols.INCIDENT_TYPES)) for p in (1, 2, 3, 4)]
    return [
        _full(*(f"priority/{p}" for p in (1, 2, 3, 4))),
        *units,
        _full("camera", "camera_offline", "heading"),
        _full(*(f"incident/{kind}" for kind in symbols.INCIDENT_TYPES)),
        *markers,
    ]


def _color(name: str, fill: FillState) -> QColor:
    look = tokens()
    family = name.split("/")
    if family[0] in ("priority", "marker"):
        return look.priority.of(int(family[1]))
    if family[0].startswith("camera"):
        return look.camera
    if family[0] == "incident":
        return look.text
    return look.unit if fill == "hollow" else look.unit_busy


def contact_sheet(dpr: float, sizes_px: tuple[int, ...] = SIZES_PX, halo: bool = True) -> QImage:
    """Every symbol of the theme in force, one block of rows per size, over half map ground and half panel."""
    rows = _rows()
    size = QSize(16 * CELL_PX, len(rows) * len(sizes_px) * CELL_PX)
    image = QImage(size * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(tokens().map.ground)
    painter = QPainter(image)
    painter.setFont(font("small"))
    for block, size_px in enumerate(sizes_px):
        for r, row in enumerate(rows):
            y = (block * len(rows) + r) * CELL_PX
            for column, (name, fill, stale) in enumerate(row):
                pixmap = symbols.symbol_pixmap(name, size_px, dpr, _color(name, fill), fill, stale, halo=halo)
                painter.drawPixmap(QPointF(column * CELL_PX + 6, y + (CELL_PX - size_px) // 2), pixmap)
    painter.end()
    return image


def over_map(dpr: float, size_px: int = 20) -> QImage:
    """Symbols over every ground that the map has, to see whether the halo holds."""
    look = tokens().map
    grounds = [
        look.ground,
        look.water,
        look.park,
        look.road_fill["primary"],
        *look.building.values(),
        *look.grid_load,
    ]
    shown = (
        [f"unit/{kind}" for kind in symbols.UNIT_KINDS] + [f"priority/{p}" for p in (1, 2, 3, 4)] + ["camera"]
    )
    image = QImage(QSize(len(shown) * 32, len(grounds) * 32) * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    for r, ground in enumerate(grounds):
        painter.fillRect(QRectF(0, r * 32, len(shown) * 32, 32), ground)
        for column, name in enumerate(shown):
            fill = FILLS[r % 3] if name.startswith("unit/") else "full"
            pixmap = symbols.symbol_pixmap(
                name, size_px, dpr, _color(name, fill), fill, halo=True, rotation_deg=0.0
            )
            painter.drawPixmap(QPointF(column * 32 + 6, r * 32 + 6), pixmap)
    painter.end()
    return image
