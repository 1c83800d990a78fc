"""Owns how the card shares its height while something is asked on it: the head leaves out what can wait.

Must not know what is asked.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from widgets.panels.case_head import CaseHead, HeadParts

_CHANGES: Final = frozenset({QEvent.Type.Resize, QEvent.Type.LayoutRequest})
_LESS_AND_LESS: Final[tuple[HeadParts, ...]] = ("all", "clocks", "what")


class CaseRoom(QObject):
    """Watches the card: in a low one head, field and sheet would lie on each other, and none could be read."""

    def __init__(self, card: QWidget, head: CaseHead) -> None:
        super().__init__(card)
        self._card, self._head = card, head
        self._is_sharing = False
        card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self.share_out()
        return False

    def share_out(self) -> None:
        """As much of the head as fits beside the whole sheet, or beside a field that is edited in it."""
        # What is shown or hidden is laid out at once, which tells this again.
        if self._is_sharing:
            return
        self._is_sharing = True
        try:
            self._head.show_only(self._what_fits())
        finally:
            self._is_sharing = False

    def _what_fits(self) -> HeadParts:
        layout, head = self._card.layout(), self._head
        assert layout is not None
        least_px = max(layout.minimumSize().height(), layout.minimumHeightForWidth(self._card.width()))
        others_px = least_px - head.height_of(head.shown)
        left_px = self._card.height() - others_px
        return next((parts for parts in _LESS_AND_LESS if head.height_of(parts) <= left_px), "what")
