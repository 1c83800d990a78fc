"""Owns the sheet of sketches: the tools, what has been drawn here, what stands on all desks. Must not draw.

A click on an entry shows it on the map; its other buttons delete it, send it to all desks or withdraw it from them.
"""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.domain.sketching import sent_text
from app.i18n import tr
from widgets.map.overlay_names import sketch_title
from widgets.map.sharing_bar import SharingBar
from widgets.map.sheet import Sheet, dress, tool_button
from widgets.map.sketch import KINDS
from widgets.map.sketch_rows import own_row, shared_row
from widgets.map.sketching import Sketching
from widgets.style import tokens


class SketchSheet(Sheet):
    """Tools above, sketches below, the newest first; `reshaped` says that it wants another height."""

    wanted = Signal(str)
    reshaped = Signal()

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
        self.sharing = SharingBar(self)
        self._heads = {name: self._head() for name in ("own", "all")}
        self._lists = {name: QVBoxLayout() for name in self._heads}
        self._rows: list[QWidget] = []
        self.body.addLayout(line)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.sharing)
        for name, head in self._heads.items():
            self._lists[name].setSpacing(0)
            self.body.addWidget(head)
            self.body.addLayout(self._lists[name])
        self.body.addStretch(1)
        self._connect()
        self.renew()

    def _connect(self) -> None:
        sketching = self._sketching
        sketching.changed.connect(self._fill)
        sketching.shared_changed.connect(self._fill)
        sketching.tool_changed.connect(self._follow)
        self.sharing.share_confirmed.connect(sketching.share_wanted)
        self.sharing.withdraw_confirmed.connect(sketching.withdraw_wanted)
        self.sharing.closed.connect(self._bar_closed)

    def focus_first(self) -> None:
        self._tools[KINDS[0]].setFocus(Qt.FocusReason.TabFocusReason)

    def renew(self) -> None:
        super().renew()
        for kind, button in self._tools.items():
            dress(button, kind, tr(f"map.sketch.tool.{kind}"))
        self._hint.setContentsMargins(0, tokens().space_xs, 0, tokens().space_s)
        for name, head in self._heads.items():
            head.setText(tr(f"sharing.{name}"))
            head.setContentsMargins(0, tokens().space_s, 0, 0)
        self.sharing.renew()
        self._fill()

    def _head(self) -> QLabel:
        head = QLabel(self)
        head.setProperty("tone", "second")
        head.setProperty("type", "small")
        return head

    def _follow(self) -> None:
        held = self._sketching.tool.kind
        for kind, button in self._tools.items():
            button.setChecked(kind == held)
        idle = "choose" if self._sketching.items or self._sketching.shared else "empty"
        self._hint.setText(tr("map.sketch.keys") if held else tr(f"map.sketch.{idle}"))

    def _fill(self) -> None:
        """Both lists anew. News of another desk must not take the keyboard out of a row that has it."""
        focused = QApplication.focusWidget()
        held = (
            focused.objectName() if focused and any(row.isAncestorOf(focused) for row in self._rows) else ""
        )
        self._clear()
        shared = {each.item.id: each for each in self._sketching.shared}
        own = [item for item in reversed(self._sketching.items) if item.id not in shared]
        send = self._ask_share if self._sketching.can_share else None
        for item in own:
            self._add("own", own_row(item, self, self.wanted.emit, send, self.drop))
        for each in shared.values():
            self._add("all", shared_row(each, self, self.wanted.emit, self._ask_withdraw))
        self._heads["own"].setVisible(bool(own and shared))
        self._heads["all"].setVisible(bool(shared))
        if self.sharing.key not in {"", *shared, *(item.id for item in own)}:
            self.sharing.dismiss()
        self._follow()
        if held:
            self._give_focus(held)

    def _clear(self) -> None:
        for row in self._rows:
            for rows in self._lists.values():
                rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []

    def _add(self, name: str, row: QWidget) -> None:
        self._rows.append(row)
        self._lists[name].addWidget(row)

    def _give_focus(self, name: str) -> None:
        for row in self._rows:
            button = row.findChild(QToolButton, name)
            if button is not None:
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.focus_first()

    def drop(self, key: str) -> None:
        self._sketching.drop(key)
        self.focus_first()

    def _ask_share(self, key: str) -> None:
        """It is named as the others will read it."""
        item = next(item for item in self._sketching.items if item.id == key)
        self.sharing.ask_share(key, sketch_title(replace(item, text=sent_text(item.text))))
        self.reshaped.emit()

    def _ask_withdraw(self, key: str) -> None:
        title = next(sketch_title(each.item) for each in self._sketching.shared if each.item.id == key)
        self.sharing.ask_withdraw(key, title)
        self.reshaped.emit()

    def _bar_closed(self, had_keyboard: bool) -> None:
        if self.isVisible() and had_keyboard:
            self.focus_first()
        self.reshaped.emit()
