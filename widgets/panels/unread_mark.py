"""Owns the mark on the status strip that units have written what nobody has read. Must not read it for anybody."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.field_link import unread_count
from app.i18n import tr
from widgets.bridge import Bridge


class UnreadMark(QToolButton):
    """Hidden while everything is read. `counted` carries how many messages are not."""

    counted = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._by_unit: dict[str, int] = {}
        self.setProperty("mark", True)
        bridge.units_changed.connect(self._count)
        bridge.restored.connect(lambda: self._count(bridge.desk.units))
        self.hide()
        if bridge.app.is_restored:
            self._count(bridge.desk.units)

    @property
    def count(self) -> int:
        """Messages that nobody at a desk has read."""
        return sum(self._by_unit.values())

    def _count(self, keys: Iterable[str]) -> None:
        units, before = self._bridge.desk.units, dict(self._by_unit)
        for key in keys:
            unread = unread_count(units[key].messages) if key in units else 0
            if unread:
                self._by_unit[key] = unread
            else:
                self._by_unit.pop(key, None)
        if self._by_unit != before:
            self.retranslate()
            self.setVisible(bool(self._by_unit))
            self.counted.emit(self.count)

    def retranslate(self) -> None:
        """The language has changed, or the number."""
        self.setText(tr("strip.unread", count=self.count))
        self.setToolTip(tr("strip.unread_tip", count=self.count, units=len(self._by_unit)))
        self.setAccessibleName(self.toolTip())
