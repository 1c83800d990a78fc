"""Owns the lines of units on their way to a post: where to, how far the order is, what of it is overdue.

Must not order or recall: the unit board does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.field_clocks import post_overdue, post_stage
from app.domain.unit import PostOrder
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.parts.age_text import format_age
from widgets.parts.row_list import Row, RowList

MOST: Final = 4
"""More than these are counted."""


class MovingUp(RowList):
    """Hidden while nobody moves up; `picked` carries the unit. What waits longest for an answer stands first."""

    def __init__(
        self, bridge: Bridge, call_sign: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._bridge, self._call_sign = bridge, call_sign
        self._grids: Mapping[str, str] = {}
        self._units: set[str] = set()
        bridge.units_changed.connect(self._changed)
        bridge.restored.connect(self._load)
        self.hide()
        if bridge.app.is_restored:
            self._load()

    def _load(self) -> None:
        self._changed(self._bridge.desk.units)

    def retranslate(self, grids: Mapping[str, str]) -> None:
        """`grids` are names by code."""
        self._grids = grids
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        if self._units:
            self._show()

    def _changed(self, keys: Iterable[str]) -> None:
        units, before = self._bridge.desk.units, set(self._units)
        for key in keys:
            is_moving = key in units and units[key].post_order is not None
            (self._units.add if is_moving else self._units.discard)(key)
        if self._units or before:
            self._show()

    def _show(self) -> None:
        units = self._bridge.desk.units
        orders = [(key, order) for key in self._units if (order := units[key].post_order) is not None]
        orders.sort(key=lambda one: (bool(one[1].answered), one[1].since_at, one[0]))
        rows = [self._row(key, order) for key, order in orders[:MOST]]
        if len(orders) > MOST:
            rows.append(Row("", tr("post.on_way.more", count=len(orders) - MOST), tone="second"))
        self.set_rows(rows)
        self.setVisible(bool(rows))

    def _row(self, key: str, order: PostOrder) -> Row:
        now = self._bridge.clock.now()
        late = post_overdue(order, self._bridge.app.field_limits, now)
        stage = tr(f"field.late.{late.awaited}" if late else f"dispatch.progress.{post_stage(order)}")
        where = self._grids.get(order.code, order.code) or tr("common.none")
        text = tr("post.on_way", unit=self._call_sign(key), grid=where)
        note = f"{stage} {format_age((now - order.since_at) / 1000)}"
        return Row(key, text, note, tone="warn" if late else "")
