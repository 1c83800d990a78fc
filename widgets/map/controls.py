"""Owns the buttons on the map: zoom, fit, lock, and the sheets of layers and sketches.

Must not change the map: it says what was pressed.
"""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from app.i18n import tr
from widgets.style import tokens

SHEETS = ("layers", "sketch")
_BOX = 24.0


class Controls(QWidget):
    """A column of buttons, or several on a map that is too low for one."""

    zoom_pressed = Signal(int)
    fit_pressed = Signal()
    lock_toggled = Signal(bool)
    sheet_pressed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setSpacing(0)
        self._rows = 0
        self._buttons: dict[str, QToolButton] = {}
        for name in ("zoom_in", "zoom_out", "fit", "lock", *SHEETS):
            self._add(name)
        self._connect()
        self.renew()

    def offer(self, sheet: str) -> None:
        """One more button, for a sheet that only some maps have."""
        self._add(sheet).clicked.connect(lambda: self.sheet_pressed.emit(sheet))
        self.renew()

    def _add(self, name: str) -> QToolButton:
        button = self._buttons[name] = QToolButton(self)
        button.setObjectName(f"map_{name}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rows = 0
        return button

    def renew(self) -> None:
        """Texts and icons in the language and theme in force."""
        for name, button in self._buttons.items():
            button.setIcon(line_icon(name))
            button.setIconSize(QSize(tokens().size_icon, tokens().size_icon))
            button.setFixedSize(tokens().size_button, tokens().size_button)
            button.setToolTip(tr(f"map.control.{name}"))
            button.setAccessibleName(tr(f"map.control.{name}"))
        self._grid.setContentsMargins(*[tokens().space_xs] * 4)
        self.fold(self.height())

    def fold(self, height_px: int) -> None:
        """As many columns as it takes to be no higher than this."""
        fit = (height_px - 2 * tokens().space_xs) // tokens().size_button
        columns = math.ceil(len(self._buttons) / max(1, fit))
        rows = math.ceil(len(self._buttons) / columns)
        if rows != self._rows:
            self._rows = rows
            for place, button in enumerate(self._buttons.values()):
                self._grid.addWidget(button, place % rows, columns - 1 - place // rows)
        self.adjustSize()

    def show_locked(self, locked: bool) -> None:
        """Follow a lock that came from elsewhere."""
        self._buttons["lock"].setChecked(locked)
        self._buttons["lock"].setIcon(line_icon("lock" if locked else "unlocked"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens().line, 1))
        painter.setBrush(tokens().panel)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, tokens().size_radius, tokens().size_radius)
        painter.end()

    def _connect(self) -> None:
        press = self._buttons
        press["zoom_in"].clicked.connect(lambda: self.zoom_pressed.emit(1))
        press["zoom_out"].clicked.connect(lambda: self.zoom_pressed.emit(-1))
        press["fit"].clicked.connect(self.fit_pressed)
        press["lock"].setCheckable(True)
        press["lock"].clicked.connect(self.lock_toggled)
        for name in SHEETS:
            press[name].clicked.connect(lambda _checked=False, name=name: self.sheet_pressed.emit(name))


def line_icon(name: str, *, faint: bool = False) -> QIcon:
    """A line icon in the text colour, drawn rather than loaded so that it is crisp at any scale.

    `faint` is for what can do nothing just now.
    """
    pixmap = QPixmap(QSize(int(_BOX * 4), int(_BOX * 4)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(4, 4)
    _stroke(painter, _ICONS[name](), tokens().line if faint else tokens().text)
    painter.end()
    return QIcon(pixmap)


def _stroke(painter: QPainter, path: QPainterPath, color: QColor) -> None:
    pen = QPen(color, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)


def _lines(*lines: Sequence[tuple[float, float]]) -> QPainterPath:
    path = QPainterPath()
    for line in lines:
        path.moveTo(*line[0])
        for point in line[1:]:
            path.lineTo(*point)
    return path


def _plus() -> QPainterPath:
    return _lines(((12, 5), (12, 19)), ((5, 12), (19, 12)))


def _minus() -> QPainterPath:
    return _lines(((5, 12), (19, 12)))


def _corners() -> QPainterPath:
    return _lines(
        ((4, 9), (4, 4), (9, 4)),
        ((15, 4), (20, 4), (20, 9)),
        ((20, 15), (20, 20), (15, 20)),
        ((9, 20), (4, 20), (4, 15)),
    )


def _padlock(*, closed: bool) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5, 11, 14, 10), 2, 2)
    path.moveTo(8, 11)
    path.lineTo(8, 7)
    path.arcTo(QRectF(8, 3, 8, 8), 180, -180)
    if closed:
        path.lineTo(16, 11)
    return path


def _sheets() -> QPainterPath:
    return _lines(
        ((12, 3), (21, 8), (12, 13), (3, 8), (12, 3)),
        ((3, 12), (12, 17), (21, 12)),
        ((3, 16), (12, 21), (21, 16)),
    )


def _pencil() -> QPainterPath:
    return _lines(((4, 20), (5, 15), (16, 4), (20, 8), (9, 19), (4, 20)), ((13, 7), (17, 11)))


def _ruler() -> QPainterPath:
    return _lines(((3, 17), (17, 3), (21, 7), (7, 21), (3, 17)), ((8, 12), (10, 14)), ((12, 8), (14, 10)))


def _area() -> QPainterPath:
    return _lines(((5, 6), (17, 4), (20, 15), (9, 20), (5, 6)))


def _rings() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(3, 3, 18, 18))
    path.addEllipse(QRectF(8, 8, 8, 8))
    return path


def _note() -> QPainterPath:
    return _lines(
        ((4, 4), (20, 4), (20, 16), (12, 16), (8, 20), (8, 16), (4, 16), (4, 4)), ((8, 10), (16, 10))
    )


def _eye(*, shut: bool) -> QPainterPath:
    path = QPainterPath()
    path.moveTo(2, 12)
    path.quadTo(12, 2, 22, 12)
    path.quadTo(12, 22, 2, 12)
    path.addEllipse(QRectF(9, 9, 6, 6))
    if shut:
        path.moveTo(4, 20)
        path.lineTo(20, 4)
    return path


def _cross() -> QPainterPath:
    return _lines(((6, 6), (18, 18)), ((18, 6), (6, 18)))


_ICONS: dict[str, Callable[[], QPainterPath]] = {
    "zoom_in": _plus,
    "zoom_out": _minus,
    "fit": _corners,
    "lock": lambda: _padlock(closed=True),
    "unlocked": lambda: _padlock(closed=False),
    "layers": _sheets,
    "sketch": _pencil,
    "line": _ruler,
    "area": _area,
    "rings": _rings,
    "note": _note,
    "shown": lambda: _eye(shut=False),
    "hidden": lambda: _eye(shut=True),
    "bookmarks": lambda: _lines(((6, 3), (18, 3), (18, 21), (12, 16), (6, 21), (6, 3))),
    "export": lambda: _lines(
        ((12, 15), (12, 3)), ((7, 8), (12, 3), (17, 8)), ((4, 13), (4, 20), (20, 20), (20, 13))
    ),
    "send": lambda: _lines(((3, 12), (21, 4), (14, 21), (11, 14), (3, 12)), ((11, 14), (21, 4))),
    "withdraw": lambda: _lines(((9, 5), (4, 10), (9, 15)), ((4, 10), (16, 10), (20, 14), (16, 19), (10, 19))),
    "close": _cross,
    "up": lambda: _lines(((6, 15), (12, 9), (18, 15))),
    "down": lambda: _lines(((6, 9), (12, 15), (18, 9))),
}
