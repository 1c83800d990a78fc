"""Owns the note that incidents or units are not shown: it stands as long as that is so, and shows them on a press.

Must not hide a layer. A map without them looks like a quiet district.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.i18n import tr
from widgets.map.strip import Strip

if TYPE_CHECKING:
    from widgets.map.map_view import MapView

NEVER_SILENT = ("incidents", "units")
_ROW = 2


class HiddenNote(Strip):
    """Esc gives the keyboard back to the map; the note stays."""

    def __init__(self, over: MapView) -> None:
        self.show_again = QPushButton()
        self._stack = over.stack
        super().__init__(over, _ROW)
        self._close.hide()
        self.show_again.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_again.setProperty("kind", "quiet")
        self.show_again.clicked.connect(self._show_again)
        self.line.insertWidget(1, self.show_again)
        self._stack.changed.connect(self._follow)
        self.say()

    @property
    def hidden(self) -> list[str]:
        """The layers that the note is about."""
        return [name for name in NEVER_SILENT if not self._stack.visible(name)]

    def say(self) -> None:
        """In the language in force; nothing while both are shown."""
        names = tr("map_tools.hidden.and").join(tr(f"map.layer.{name}") for name in self.hidden)
        text = tr("map_tools.hidden", layers=names) if names else ""
        self.text.set_text(text)
        self.setAccessibleName(text)
        self.show_again.setText(tr("map_tools.hidden.show"))
        self.setVisible(bool(text))
        self.stand()

    def close_by_hand(self) -> None:
        self._over.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, layer: str) -> None:
        if layer in ("", *NEVER_SILENT):
            self.say()

    def _show_again(self) -> None:
        self._over.setFocus(Qt.FocusReason.OtherFocusReason)
        for name in self.hidden:
            self._stack.show(name, True)
