"""Owns a tile of the camera wall: what Enter and a double click mean, and the mark of a test picture.

Must not ask for frames.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.parts.camera_tile import CameraTile
from widgets.parts.painting import paint_text, text_width
from widgets.style import font, tokens


class WallTile(CameraTile):
    """`enlarged` is a double click, `activated` is Enter; both carry nothing, the wall knows the tile's camera."""

    enlarged = Signal()
    activated = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = ""
        self.seq = -1
        self._notice = ""

    def give_to(self, camera: str, name: str, key_text: str, notice: str) -> None:
        """Shows another camera from now on; `notice` is written into every picture, "" for none."""
        self.camera, self.seq, self._notice = camera, -1, notice
        self.set_camera(name, key_text)

    def sizeHint(self) -> QSize:
        """The wall gives a tile its size; tiles that asked for one would push the other docks aside."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(48), tokens().px(27))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.camera:
            self.enlarged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.camera:
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._notice and self.state in ("live", "stalled"):
            self._paint_notice()

    def _paint_notice(self) -> None:
        look, face = tokens(), font("small")
        width = text_width(self._notice, face) + look.space_s
        inset = look.size_focus_ring + look.px(2)
        box = QRectF(self.width() - width - inset, inset, width, look.px(16))
        if width > self.width() / 2:
            # Cameras write their own time into the upper left corner.
            box.moveBottom(self.height() - self._caption_px() - inset)
        painter = QPainter(self)
        painter.fillRect(box, look.video_scrim)
        paint_text(painter, box, self._notice, face, look.video_warn, Qt.AlignmentFlag.AlignHCenter)
        painter.end()
