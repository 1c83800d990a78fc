"""Where the docks stand: the default arrangement and those that the officer has named.

Owns the settings file of layouts. Must not know what is in a dock.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from widgets.docks import Dock

NARROW_PX = 1440
"""Below this width the camera wall is a tab beside the incident card."""


def arrange(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """The default: queue and alarms left, map with the wall under it, card, dispatch and units right."""
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["queue"])
    window.splitDockWidget(docks["queue"], docks["map"], Qt.Orientation.Horizontal)
    window.splitDockWidget(docks["map"], docks["card"], Qt.Orientation.Horizontal)
    window.splitDockWidget(docks["queue"], docks["alarms"], Qt.Orientation.Vertical)
    window.splitDockWidget(docks["map"], docks["wall"], Qt.Orientation.Vertical)
    window.splitDockWidget(docks["card"], docks["units"], Qt.Orientation.Vertical)
    window.tabifyDockWidget(docks["card"], docks["dispatch"])
    window.tabifyDockWidget(docks["alarms"], docks["quarantine"])
    docks["card"].raise_()
    docks["alarms"].raise_()
