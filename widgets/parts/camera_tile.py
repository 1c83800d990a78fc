"""Owns one tile of the camera wall: draws a ready frame 1:1 and says how old it is.

Must not decode or scale.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.painting import follow_theme, paint_focus_ring, paint_text, text_width
from widgets.parts.symbols import paint_symbol
from widgets.style import font, tokens

TileState = Literal["live", "stalled", "offline", "empty"]
Frame = NDArray[np.uint8]


class CameraTile(QWidget):
    """One camera. The decoder asks `frame_size()` (device pixels) and hands over frames of just that size.

    `chosen` is a click or the tile's key, `opened` a double click or Enter, `menu_requested` a right click.
    """

    chosen = Signal()
    opened = Signal()
    menu_requested = Signal(QPoint)
    frame_size_changed = Signal(QSize)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: TileState = "empty"
        self._name = self._note = self._time_text = self._key_text = ""
        self._selected = False
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        follow_theme(self)

    @property
    def state(self) -> TileState:
        """What the tile shows."""
        return self._state

    def set_camera(self, name: str, key_text: str = "") -> None:
        """Give the tile to a camera; `key_text` is the number key that picks it. Any old picture goes."""
        self._name, self._key_text = name, key_text
        self._frame = self._image = None
        self.set_state("empty" if not name else "stalled", "")

    def set_frame(self, frame: Frame, time_text: str) -> None:
        """Show a frame: uint8, shape (height, width, 4), blue-green-red-alpha, rows contiguous; not copied.

        Raises ValueError for another shape. The array must not change until the next frame is set.
        """
        if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 4 or frame.strides[1:] != (4, 1):
            raise ValueError(
                f"a frame is uint8 (height, width, 4) with contiguous rows, not {frame.dtype} {frame.shape}"
            )
        height, width = frame.shape[:2]
        self._image = QImage(frame.data, width, height, frame.strides[0], QImage.Format.Format_RGB32)
        self._frame, self._time_text = frame, time_text
        if self._state != "live":
            self.set_state("live", "")
        self.update()

    def set_state(self, state: TileState, note: str) -> None:
        """Say why there is no fresh picture; `note` is ready-made, such as the age of the last frame."""
        if (state, note) == (self._state, self._note):
            return
        self._state, self._note = state, note
        self.setAccessibleName(" ".join(part for part in (self._key_text, self._name, note) if part))
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Draw or drop the ring of the tile that commands go to."""
        self._selected = selected
        self.update()

    def frame_size(self) -> QSize:
        """The frame that fits without scaling, in device pixels."""
        return self.size() * self.devicePixelRatioF()

    def sizeHint(self) -> QSize:
        return QSize(tokens().px(240), tokens().px(135))

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens().px(96), tokens().px(54))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.frame_size_changed.emit(self.frame_size())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.chosen.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_picture(painter)
        if self._state != "live":
            self._paint_note(painter)
        if self._name:
            self._paint_caption(painter)
        if self._selected:
            self._paint_selected(painter)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        image, look = self._image, tokens()
        if image is None or self._state in ("offline", "empty"):
            painter.fillRect(self.rect(), look.video_ground)
            return
        dpr = self.devicePixelRatioF()
        image.setDevicePixelRatio(dpr)
        spare = self.frame_size() - image.size()
        corner = QPointF(spare.width() // 2, spare.height() // 2) / dpr
        if spare.width() > 0 or spare.height() > 0:
            painter.fillRect(self.rect(), look.video_ground)
        painter.drawImage(corner, image)
        if self._state == "stalled":
            painter.fillRect(self.rect(), look.video_scrim)

    def _paint_note(self, painter: QPainter) -> None:
        look = tokens()
        middle = QRectF(self.rect()).adjusted(look.space_s, 0, -look.space_s, -self._caption_px())
        if self._state == "offline":
            size = look.px(28)
            box = QRectF(middle.center().x() - size / 2, middle.center().y() - size, size, size)
            paint_symbol(painter, "camera_offline", box, look.video_text_second)
            middle.setTop(middle.center().y())
            middle.setHeight(look.px(20))
        color = look.video_warn if self._state == "stalled" else look.video_text_second
        paint_text(painter, middle, self._note, font("row"), color, Qt.AlignmentFlag.AlignHCenter)

    def _caption_px(self) -> int:
        return tokens().px(20)

    def _paint_caption(self, painter: QPainter) -> None:
        look = tokens()
        strip = QRectF(0, self.height() - self._caption_px(), self.width(), self._caption_px())
        painter.fillRect(strip, look.video_scrim)
        left: float = look.space_s
        if self._key_text:
            left = self._paint_key(painter, strip) + look.space_s
        right = strip.right() - look.space_s
        time_px = self._time_px(right - left - look.space_s, strip.width())
        name = QRectF(left, strip.top(), max(0.0, right - time_px - look.space_s - left), strip.height())
        # Cameras of one place differ at the end of their names.
        shown = QFontMetricsF(font("body")).elidedText(self._name, Qt.TextElideMode.ElideMiddle, name.width())
        paint_text(painter, name, shown, font("body"), look.video_text)
        if time_px:
            box = QRectF(right - time_px, strip.top(), time_px, strip.height())
            paint_text(painter, box, self._time_text, font("small"), look.video_text_second)

    def _time_px(self, room_px: float, width_px: float) -> float:
        """What the time takes; nothing on a tile so narrow that the name could not be told from its neighbours'."""
        time_px = text_width(self._time_text, font("small")) if self._state == "live" else 0
        is_narrow = time_px > width_px / 3
        return 0 if is_narrow and time_px + text_width(self._name, font("body")) > room_px else time_px

    def _paint_key(self, painter: QPainter, strip: QRectF) -> float:
        look = tokens()
        side = max(look.px(14), text_width(self._key_text, font("small")) + look.px(6))
        cap = QRectF(look.space_xs, strip.center().y() - look.px(7), side, look.px(14))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.video_text_second, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        paint_text(
            painter, cap, self._key_text, font("small"), look.video_text, Qt.AlignmentFlag.AlignHCenter
        )
        return cap.right()

    def _paint_selected(self, painter: QPainter) -> None:
        ring = tokens().text
        width = tokens().size_focus_ring
        painter.setPen(
            QPen(ring, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2))
