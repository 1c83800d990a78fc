"""Owns the row of buttons below the field link: what makes sense for the chosen unit just now. Must not act."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.i18n import tr
from widgets.actions import RECALL
from widgets.follow_actions import CONFIRM, PRESENT, RESEND
from widgets.style import tokens

KEYS: Final = {
    "present": PRESENT.key,
    "confirm": CONFIRM.key,
    "resend": RESEND.key,
    "pause": "J",
    "write": "M",
    "recall": RECALL.key,
}
"""What can be pressed, with its key; those that make no sense are not there, their keys say why."""
WIDEST_PX: Final = 136


class FieldActs(QWidget):
    """`wanted` carries one of KEYS."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        look = tokens()
        self.buttons = {name: QPushButton() for name in KEYS}
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space_s, look.space_xs, look.space_s, look.space_xs)
        row.setSpacing(look.space_xs)
        for name, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(1)
            button.setMaximumWidth(look.px(WIDEST_PX))
            button.setProperty("tight", True)
            button.clicked.connect(lambda _checked=False, name=name: self.wanted.emit(name))
            row.addWidget(button, 1)
        row.addStretch(0)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def offer(self, possible: Collection[str], *, is_paused: bool) -> None:
        """Shows what can be done; the row is gone where nothing can."""
        self.setVisible(bool(possible))
        for name, button in self.buttons.items():
            button.setVisible(name in possible)
            button.setEnabled(name in possible)
        pause = self.buttons["pause"]
        pause.setText(f"{tr('field.act.resume' if is_paused else 'field.act.pause')}  {KEYS['pause']}")

    def retranslate(self) -> None:
        """The language has changed; what is offered is said anew by the panel."""
        for name, button in self.buttons.items():
            button.setText(f"{tr(f'field.act.{name}')}  {KEYS[name]}")
            button.setToolTip(tr(f"field.act.{name}.tip"))
