"""Owns the hatched frame round the window of an exercise. Must not decide whether it is one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from widgets.panels.strip_parts import paint_hatching
from widgets.style import tokens

THICKNESS_PX = 5
_SIDES = {
    "left": Qt.ToolBarArea.LeftToolBarArea,
    "right": Qt.ToolBarArea.RightToolBarArea,
    "bottom": Qt.ToolBarArea.BottomToolBarArea,
}


class FrameSide(QToolBar):
    """One side of the frame: a tool bar, because only those may stand outside the docks."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.setObjectName(f"frame.{side}")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        thickness_px = tokens().px(THICKNESS_PX)
        if side == "bottom":
            self.setFixedHeight(thickness_px)
        else:
            self.setFixedWidth(thickness_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_hatching(painter, QRectF(self.rect()))
        painter.end()


class FrameTop(QWidget):
    """The side above the status strip."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(tokens().px(THICKNESS_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_hatching(painter, QRectF(self.rect()))
        painter.end()


def add_exercise_frame(window: QMainWindow) -> None:
    """Left, right and below; FrameTop is the fourth side."""
    for side, area in _SIDES.items():
        window.addToolBar(area, FrameSide(side))
