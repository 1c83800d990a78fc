"""Owns the sheet of measures and sketches: the tools, and a list of what has been drawn. Must not draw.

A click on an entry shows it on the map; its button deletes it.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import tr
from widgets.map.overlay_names import sketch_title
from widgets.map.sheet import Sheet, dress, tool_button
from widgets.map.sketch import KINDS, SketchItem
from widgets.map.sketching import Sketching
from widgets.parts.elided_label import ElidedLabel
from widgets.style import tokens


class SketchSheet(Sheet):
    """Tools above, sketches below, the newest first."""

    wanted = Signal(str)

    def __init__(self, sketching: Sketching, parent: QWidget) -> None:
        super().__init__("map.sketch.title", parent)
        self._sketching = sketching
        self._tools: dict[str, QToolButton] = {}
        line = QHBoxLayout()
        for kind in KINDS:
            button = self._tools[kind] = tool_button(self, f"tool_{kind}", checkable=True)
            button.clicked.connect(lambda _checked=False, kind=kind: sketching.start(kind))
            line.addWidget(button)
        line.addStretch(1)
        self._hint = QLabel(self)
        self._hint.setWordWrap(True)
        self._hint.setProperty("tone", "second")
        self._rows: list[_SketchRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(line)
        self.body.addWidget(self._hint)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        sketching.changed.connect(self._fill)
        sketching.tool_changed.connect(self._follow)
        self.renew()

    def focus_first(self) -> None:
        self._tools[KINDS[0]].setFocus(Qt.FocusReason.TabFocusReason)

    def renew(self) -> None:
        super().renew()
        for kind, button in self._tools.items():
            dress(button, kind, tr(f"map.sketch.tool.{kind}"))
        self._hint.setContentsMargins(0, tokens().space_xs, 0, tokens().space_s)
        self._follow()
        self._fill()

    def _follow(self) -> None:
        held = self._sketching.tool.kind
        for kind, button in self._tools.items():
            button.setChecked(kind == held)
        idle = "choose" if self._sketching.items else "empty"
        self._hint.setText(tr("map.sketch.keys") if held else tr(f"map.sketch.{idle}"))

    def _fill(self) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_SketchRow(sketch, self) for sketch in reversed(self._sketching.items)]
        for row in self._rows:
            self._list.addWidget(row)
        self._follow()

    def drop(self, key: str) -> None:
        self._sketching.drop(key)
        self.focus_first()


class _SketchRow(QWidget):
    def __init__(self, item: SketchItem, sheet: SketchSheet) -> None:
        super().__init__(sheet)
        name = ElidedLabel(sketch_title(item), parent=self)
        show, drop = tool_button(self, f"show_{item.id}"), tool_button(self, f"drop_{item.id}")
        dress(show, "fit", tr("map.sketch.show"))
        dress(drop, "close", tr("map.sketch.drop"))
        show.clicked.connect(lambda: sheet.wanted.emit(item.id))
        drop.clicked.connect(lambda: sheet.drop(item.id))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens().space_xs)
        line.addWidget(name, 1)
        line.addWidget(show)
        line.addWidget(drop)
