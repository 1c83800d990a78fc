"""Draws every symbol on one sheet: sizes, fills and grounds side by side. Run as a module to look at it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from widgets.parts import symbols
from widgets.style import font, tokens

SIZES_PX = (16, 20, 32)
CELL_PX = 44


def _rows() -> list[list[tuple[str, str, bool]]]:
    rows = [[(f"priority/{p}", fill, False) for p in (1, 2, 3, 4) for fill in ("full", "hollow")]]
    for fill, stale in (("hollow", False), ("half", False), ("full", False), ("hollow", True), ("full", True)):
        rows.append([(f"unit/{kind}", fill, stale) for kind in symbols.UNIT_KINDS])
    rows.append([("camera", "full", False), ("camera_offline", "full", False), ("heading", "full", False)])
    rows.append([(f"incident/{kind}", "full", False) for kind in symbols.INCIDENT_TYPES])
    for p in (1, 2, 3, 4):
        rows.append([(f"marker/{p}/{kind}", "full", False) for kind in symbols.INCIDENT_TYPES])
    return rows


def _color(name: str, fill: str):
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
    grounds = [look.ground, look.water, look.park, look.road_fill["primary"], *look.building.values(), *look.grid_load]
    shown = [f"unit/{kind}" for kind in symbols.UNIT_KINDS] + [f"priority/{p}" for p in (1, 2, 3, 4)] + ["camera"]
    image = QImage(QSize(len(shown) * 32, len(grounds) * 32) * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    for r, ground in enumerate(grounds):
        painter.fillRect(QRectF(0, r * 32, len(shown) * 32, 32), ground)
        for column, name in enumerate(shown):
            fill = ("hollow", "half", "full")[r % 3] if name.startswith("unit/") else "full"
            pixmap = symbols.symbol_pixmap(name, size_px, dpr, _color(name, fill), fill, halo=True, rotation_deg=0.0)
            painter.drawPixmap(QPointF(column * 32 + 6, r * 32 + 6), pixmap)
    painter.end()
    return image
