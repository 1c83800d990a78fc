"""Owns the clock of one deadline. Has no timer: whoever has the time calls `set_now`."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.parts.age_text import format_age
from widgets.parts.painting import Light, follow_theme, paint_light, paint_text, text_width
from widgets.style import TypeSize, font, light_color, tokens

_USUAL = "+88:88"
_NARROWER: tuple[TypeSize, ...] = ("title", "body")
"""What figures shrink to, in turn, where a clock has less room than they want."""


def deadline_light(now_ms: int, warn_ms: int, deadline_ms: int) -> Light:
    """Green with time in hand, yellow from `warn_ms`, red from the deadline on."""
    if now_ms >= deadline_ms:
        return "red"
    return "yellow" if now_ms >= warn_ms else "green"


def remaining_text(now_ms: int, deadline_ms: int) -> str:
    """Time left, rounded up to the second; once late, how late, with a plus sign."""
    left_ms = deadline_ms - now_ms
    return format_age(-(-left_ms // 1000)) if left_ms > 0 else f"+{format_age(-left_ms // 1000)}"


class Countdown(QWidget):
    """Time left to a deadline with its light and a caption; counts over it in red. All instants in ms."""

    light_changed = Signal(str)

    def __init__(self, caption: str = "", size: TypeSize = "clock", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._size = caption, size
        self._limits_ms: tuple[int, int] | None = None
        self._now_ms = 0
        self._stopped_ms: int | None = None
        self._said = ""
        self._light: Light = "off"
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        follow_theme(self)
        self._renew()

    @property
    def light(self) -> Light:
        """The light that is shown."""
        return self._light

    @property
    def text(self) -> str:
        """The figures that are shown."""
        return self._text

    def set_caption(self, caption: str) -> None:
        """Name the deadline."""
        self._caption = caption
        self.updateGeometry()
        self._renew(force=True)

    def set_limits(self, warn_ms: int, deadline_ms: int) -> None:
        """Start over with these instants."""
        self._limits_ms, self._stopped_ms, self._said = (warn_ms, deadline_ms), None, ""
        self._renew()

    def clear(self) -> None:
        """There is no deadline."""
        self._limits_ms, self._stopped_ms = None, None
        self._renew()

    def stop(self, at_ms: int, said: str = "") -> None:
        """What was due happened at this instant, or need not happen; the clock stands there.

        `said` stands in place of the figures, which would look like a clock that runs; only what was late has a light.
        """
        self._stopped_ms, self._said = at_ms, said
        self._renew()

    def set_now(self, now_ms: int) -> None:
        """Show the time left at an instant; repaints only when the figures or the light change."""
        self._now_ms = now_ms
        self._renew()

    def sizeHint(self) -> QSize:
        look = tokens()
        figures = text_width(_USUAL, font(self._size)) + look.px(16)
        caption = text_width(self._caption, font("body"))
        height = getattr(look, f"type_{self._size}") * 1.4 + (look.type_body * 1.5 if self._caption else 0)
        return QSize(round(max(figures, caption)), round(height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        caption_px = look.type_body * 1.5 if self._caption else 0
        paint_text(
            painter, QRectF(0, 0, self.width(), caption_px), self._caption, font("body"), look.text_second
        )
        lamp_px = look.px(10)
        middle = caption_px + (self.height() - caption_px) / 2
        paint_light(painter, QRectF(0, middle - lamp_px / 2, lamp_px, lamp_px), self._light)
        left = lamp_px + look.px(6)
        box = QRectF(left, caption_px, self.width() - left, self.height() - caption_px)
        paint_text(painter, box, self._text, self._face(box.width()), self._text_color())
        painter.end()

    def _face(self, room_px: float) -> QFont:
        faces = [font(size) for size in (self._size, *_NARROWER)]
        return next((face for face in faces if text_width(self._text, face) <= room_px), faces[-1])

    def _text_color(self) -> QColor:
        if self._light in ("yellow", "red") and self._stopped_ms is None:
            return light_color(self._light)
        if self._said:
            return tokens().text_second
        return tokens().text if self._light != "off" else tokens().text_muted

    def _renew(self, force: bool = False) -> None:
        light, text = self._reading()
        if not force and (light, text) == (self._light, self._text):
            return
        light_turned = light != self._light
        self._light, self._text = light, text
        self.setAccessibleName(f"{self._caption} {text}".strip())
        self.update()
        if light_turned:
            self.light_changed.emit(light)

    def _reading(self) -> tuple[Light, str]:
        if self._limits_ms is None:
            return "off", "--:--"
        warn_ms, deadline_ms = self._limits_ms
        now_ms = self._now_ms if self._stopped_ms is None else self._stopped_ms
        light = deadline_light(now_ms, warn_ms, deadline_ms)
        if self._said:
            return (light if light == "red" else "off"), self._said
        return light, remaining_text(now_ms, deadline_ms)
