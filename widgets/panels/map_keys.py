"""Owns the keys of the map that reach beyond it: from incident to incident, copying, the menu of what is chosen.

Panning, zooming and drawing are the map's own (gestures.py, sketching.py). Must not do more than say what was pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent

from widgets.map.things import place_of
from widgets.map.view import Camera2D

if TYPE_CHECKING:
    from widgets.panels.map import MapPanel

_SEEN_MARGIN_PX = 32
_STEPS = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}


class MapKeys(QObject):
    """`open_menu(at)` opens the menu of a point of the map, `copy(lat, lon)` copies a place.

    `keys` are further keys, by (key, modifiers).
    """

    def __init__(
        self, panel: MapPanel, open_menu: Callable[[QPointF], None], copy: Callable[[float, float], None]
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._view = panel.view
        self._open_menu = open_menu
        self._copy = copy
        self._pointer: QPointF | None = None
        control, none = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
        self.keys: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Home, none): self._view.steering.show_all_by_hand,
            (Qt.Key.Key_C, control): self.copy_place,
            (Qt.Key.Key_Menu, none): self.open_menu,
            (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier): self.open_menu,
        }
        self._view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._pointer = event.position()
        elif kind == QEvent.Type.Leave:
            self._pointer = None
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        elif isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_menu()
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _STEPS and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            return self.walk(_STEPS[key])
        do = self.keys.get((key, modifiers))
        if do is None:
            return False
        do()
        return True

    # -- walking -----------------------------------------------------------------------------------------------------

    def walk(self, step: int) -> bool:
        """To the next open incident on the map, the most urgent first; False when there is none to go to."""
        keys = self.urgent_first()
        if not keys:
            return False
        key = self._view.scene.chosen_incident
        at = keys.index(key) + step if key in keys else (0 if step > 0 else -1)
        chosen = keys[at % len(keys)]
        self._panel.picked.emit("incident", chosen)
        self._panel.select("incident", chosen)
        self._bring_into_sight(chosen)
        return True

    def urgent_first(self) -> list[str]:
        """Open incidents with a place in the order of the queue: by priority, then who has waited longest."""
        layer = self._view.scene.incidents
        marks = [mark for _, mark in layer.items()] if layer.visible else []
        return [mark.key for mark in sorted(marks, key=lambda mark: (mark.priority, mark.opened_at or 0))]

    def _bring_into_sight(self, incident: str) -> None:
        """What stands in sight moves nothing; the rest is brought to the middle, no nearer than it was."""
        layer = self._view.scene.incidents
        slot = layer.slot(incident)
        if slot is None:
            return
        left, top, right, bottom = self._view.view.target_bounds(-_SEEN_MARGIN_PX)
        x_m, y_m = float(layer.x_m[slot]), float(layer.y_m[slot])
        if not QRectF(left, top, right - left, bottom - top).contains(x_m, y_m):
            self._view.steering.go_to(Camera2D(x_m, y_m, self._view.view.target.zoom))

    # -- the place in question ---------------------------------------------------------------------------------------

    def place(self) -> QPointF:
        """Where the pointer is, else what is selected, else the middle of the map."""
        return self._pointer if self._pointer is not None else self._chosen_place()

    def copy_place(self) -> None:
        self._copy(*self._view.lat_lon_at(self.place()))

    def open_menu(self) -> None:
        self._open_menu(self._chosen_place())

    def _chosen_place(self) -> QPointF:
        chosen = place_of(self._view, self._view.scene.selected)
        if chosen is not None and self._view.rect().contains(chosen.toPoint()):
            return chosen
        return QPointF(self._view.rect().center())
