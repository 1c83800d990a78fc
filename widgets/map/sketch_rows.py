"""Owns one entry of the list of sketches: what it is, who sent it until when, and its buttons. Must not act on them."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.overlay_names import sketch_title
from widgets.map.shared_sketch import SharedItem
from widgets.map.sheet import dress, tool_button
from widgets.map.sketch import SketchItem
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens

Act = Callable[[str], object]
"""Called with the sketch's id."""


class SketchRow(QWidget):
    """A title with buttons after it; `line` stands under the title, smaller."""

    def __init__(self, item: SketchItem, parent: QWidget, line: str = "") -> None:
        super().__init__(parent)
        self.key = item.id
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(sketch_title(item), parent=self))
        if line:
            words.addWidget(ElidedLabel(line, "small", second=True, parent=self))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, tokens().space_xs if line else 0, 0, 0)
        self._line.setSpacing(tokens().space_xs)
        self._line.addLayout(words, 1)

    def offer(self, name: str, icon: str, text_key: str, act: Act) -> None:
        """A button `map_<name>_<id>` at the end of the row."""
        button = tool_button(self, f"{name}_{self.key}")
        dress(button, icon, tr(text_key))
        button.clicked.connect(lambda: act(self.key))
        self._line.addWidget(button)


def own_row(item: SketchItem, parent: QWidget, show: Act, send: Act | None, drop: Act) -> SketchRow:
    """A sketch that only this desk sees; `send` is None where there are no other desks."""
    row = SketchRow(item, parent)
    row.offer("show", "fit", "map.sketch.show", show)
    if send is not None:
        row.offer("send", "send", "sharing.send", send)
    row.offer("drop", "close", "map.sketch.drop", drop)
    return row


def shared_row(shared: SharedItem, parent: QWidget, show: Act, withdraw: Act) -> SketchRow:
    """A sketch that all desks see."""
    row = SketchRow(shared.item, parent, shared.line)
    row.offer("show", "fit", "map.sketch.show", show)
    if shared.withdrawable:
        row.offer("withdraw", "withdraw", "sharing.withdraw", withdraw)
    return row
