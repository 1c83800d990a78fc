"""Owns the sheet in which the officer says as what the map is to be kept. Must not paint or write anything."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.i18n import tr
from widgets.map.sheet import Sheet
from widgets.style import tokens

FORMATS = ("png", "a4", "a3", "html")
_KEYS = {Qt.Key.Key_1: "png", Qt.Key.Key_2: "a4", Qt.Key.Key_3: "a3", Qt.Key.Key_4: "html"}


class ExportSheet(Sheet):
    """A button a format; the digits before them are their keys. `wanted` carries one of FORMATS."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("map_tools.export.title", parent)
        self.buttons: dict[str, QPushButton] = {}
        self._hints: dict[str, QLabel] = {}
        for name in FORMATS:
            button = self.buttons[name] = QPushButton(self)
            button.setObjectName(f"export_{name}")
            button.setProperty("kind", "outline")
            button.clicked.connect(lambda _checked=False, name=name: self._choose(name))
            hint = self._hints[name] = QLabel(self)
            hint.setProperty("tone", "second")
            hint.setProperty("type", "small")
            hint.setWordWrap(True)
            self.body.addWidget(button)
            self.body.addWidget(hint)
        self.body.addStretch(1)
        self.renew()

    def renew(self) -> None:
        super().renew()
        for number, name in enumerate(FORMATS, 1):
            self.buttons[name].setText(f"{number}  {tr(f'map_tools.export.{name}')}")
            self.buttons[name].setMinimumHeight(tokens().size_button)
            self._hints[name].setText(tr(f"map_tools.export.{name}.hint"))
            self._hints[name].setContentsMargins(0, tokens().space_xs, 0, tokens().space_m)

    def focus_first(self) -> None:
        self.buttons[FORMATS[0]].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = _KEYS.get(Qt.Key(event.key()))
        if name is None:
            super().keyPressEvent(event)
        else:
            self._choose(name)

    def _choose(self, name: str) -> None:
        self.close_by_hand()
        self.wanted.emit(name)
