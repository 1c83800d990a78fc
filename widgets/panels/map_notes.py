"""What the map notes quietly of units that leave their area and come back.

Owns the comparison with what was known before, so that each crossing is told once. Must not judge positions.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject

from app.domain.unit import GRID
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.map.strip import Telling
from widgets.panels.map_names import ThingNames

Crossing = tuple[str, str, bool]
"""Unit, area, and whether it has left it."""

_MOST_NAMED = 2


class MapNotes(QObject):
    """The notes of one map: they stand for a few seconds, and never in the place of a failure."""

    def __init__(self, bridge: Bridge, told: Telling) -> None:
        super().__init__(told)
        self._bridge = bridge
        self._told = told
        self._names = ThingNames(bridge)
        self._outside: dict[str, frozenset[str]] = {}
        bridge.restored.connect(self._begin)
        bridge.units_changed.connect(self._compare)
        if bridge.app.is_restored:
            self._begin()

    def _begin(self) -> None:
        """What was so before this start is no news."""
        self._outside = {
            unit.id: _areas(unit.outside) for unit in self._bridge.desk.units.values() if unit.outside
        }

    def _compare(self, keys: Iterable[str]) -> None:
        crossings: list[Crossing] = []
        for key in sorted(keys):
            unit = self._bridge.desk.units.get(key)
            now = _areas(unit.outside) if unit is not None else frozenset()
            before = self._outside.get(key, frozenset())
            if now == before:
                continue
            self._outside[key] = now
            crossings += [(key, area, area in now) for area in sorted(now ^ before)]
        if crossings:
            self._tell(crossings)

    def _tell(self, crossings: list[Crossing]) -> None:
        if self._told.isVisible() and self._told.failed:
            return
        words = [self._word(*crossing) for crossing in crossings[:_MOST_NAMED]]
        if len(crossings) > _MOST_NAMED:
            words.append(tr("motion.note.more", count=len(crossings) - _MOST_NAMED))
        self._told.tell(tr("motion.note.separator").join(words))

    def _word(self, unit: str, area: str, has_left: bool) -> str:
        where = tr("motion.note.own_grid" if area == GRID else "motion.note.district")
        return tr(
            "motion.note.left" if has_left else "motion.note.entered", unit=self._names.unit(unit), area=where
        )


def _areas(outside: tuple[tuple[str, int], ...]) -> frozenset[str]:
    return frozenset(area for area, _ in outside)
