"""Owns the keys that work in the whole window and in its floating docks. Must not do what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from widgets.actions import NEW_INCIDENT
from widgets.console_menu import SECOND_MAP_KEY

if TYPE_CHECKING:
    from widgets.console import Console

DOCK_KEYS = ("queue", "map", "card", "dispatch", "units", "wall", "alarms", "quarantine", "ledger", "shift")
"""Alt+1 is the first, and so on to Alt+0."""


HEALTH_KEY = "Ctrl+I"

OWN_FIND = ("queue", "units", "ledger")
"""Docks in which Ctrl+F looks through their own rows; everywhere else it searches the map."""


def bind_keys(console: Console) -> None:
    """Binds every key of the window."""
    keys: dict[str, Callable[[], object]] = {
        "?": console.show_keys,
        "/": console.head.open_line,
        "Ctrl+K": console.head.open_line,
        "F11": console.toggle_wall,
        "Ctrl+M": console.toggle_mute,
        HEALTH_KEY: console.head.toggle_health,
        "Ctrl+J": console.wiring.next_alarm,
        "Ctrl+L": console.dock("field").bring_up,
        NEW_INCIDENT.key: console.take_report,
        SECOND_MAP_KEY: console.second_map.toggle,
        "Ctrl+Shift+F": console.wiring.search_map,
    }
    for number, name in enumerate(DOCK_KEYS, 1):
        keys[f"Alt+{number % 10}"] = console.dock(name).bring_up
    for key, action in keys.items():
        shortcut = QShortcut(QKeySequence(key), console, context=Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(action)
    for name, dock in console.docks.items():
        if name not in OWN_FIND:
            find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), dock)
            find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            find.activated.connect(console.wiring.search_map)
