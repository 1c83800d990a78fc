"""Owns the lamp of a feed or another thing that is alive, late or down, with its age beside it."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.parts.age_text import format_age
from widgets.parts.painting import Light, follow_theme, paint_focus_ring, paint_light, paint_text, text_width
from widgets.parts.plain_tip import plain_tip
from widgets.style import font, tokens

LampState = Literal["ok", "late", "down", "off"]

_LIGHT: dict[LampState, Light] = {"ok": "green", "late": "yellow", "down": "red", "off": "off"}
_WIDEST_AGE = "88:88h"


class Lamp(QAbstractButton):
    """Light, name and age; `clicked` asks for the details.

    `set_state` takes what the light means in words.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: LampState = "off"
        self._age = ""
        self.setText(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_theme(self)
        self.set_state("off", None, "")

    @property
    def state(self) -> LampState:
        """The state that is shown."""
        return self._state

    @property
    def age(self) -> str:
        """The age that is shown, empty when there is none."""
        return self._age

    def set_state(self, state: LampState, age_s: float | None, detail: str) -> None:
        """Show a state and the age of the last sign of life.

        `detail` says it in words for tool tip and reader.
        """
        age = "" if age_s is None else format_age(age_s)
        self.setToolTip(plain_tip(detail))
        if (state, age) == (self._state, self._age) and self.accessibleName():
            return
        self._state, self._age = state, age
        self.setAccessibleName(f"{self.text()} {detail} {age}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        look = tokens()
        width = (
            look.px(18)
            + text_width(self.text(), font("body"))
            + look.space_xs
            + text_width(_WIDEST_AGE, font("small"))
        )
        return QSize(round(width) + look.space_s, look.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        middle = self.height() / 2
        lamp_px = look.px(10)
        paint_light(
            painter, QRectF(look.space_xs, middle - lamp_px / 2, lamp_px, lamp_px), _LIGHT[self._state]
        )
        name = QRectF(look.px(18), 0, text_width(self.text(), font("body")), self.height())
        paint_text(
            painter,
            name,
            self.text(),
            font("body"),
            look.text if self._state != "off" else look.text_muted,
        )
        age = QRectF(
            name.right() + look.space_xs, 0, self.width() - name.right() - look.space_xs, self.height()
        )
        color = {"late": look.yellow, "down": look.red}.get(self._state, look.text_second)
        paint_text(painter, age, self._age, font("small"), color)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()
