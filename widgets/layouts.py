"""Where the docks stand: the default arrangement, the one of last time, and those that the officer has named.

Owns the settings file of layouts. Must not know what is in a dock.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QMainWindow

from app.paths import user_config_dir
from widgets.docks import Dock

LAYOUT_VERSION = 1
"""Raised when docks come or go: a state of another version is not restored."""
FILE_NAME = "layouts.json"
ON_DEMAND = ("ledger", "shift", "field")
"""Docks that are shown when somebody asks for them; a layout from before there were any is not touched by them."""

SHIFT_WORKSPACE = "@shift"
"""The default arrangement with the shift in front."""

AS_SCREEN = 0.0
"""A text scale that follows the screen: see `scale_for`."""
_PLAIN_PX = 1080
_SCALE_STEP = 0.25

NARROW_PX = 1440
"""Below this width the wall, dispatch and units are tabs beside the incident card."""
_COLUMNS = {True: (0.22, 0.50, 0.28), False: (0.20, 0.58, 0.22)}
_WALL_SHARE = 0.19
_LANE_SHARE = 0.30
_DISPATCH_SHARE = 0.48


class LayoutFileError(Exception):
    """The settings file of layouts cannot be used; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stood: Qt's own two descriptions."""

    geometry: bytes
    state: bytes

    @classmethod
    def of(cls, window: QMainWindow) -> Layout:
        return cls(bytes(window.saveGeometry().data()), bytes(window.saveState(LAYOUT_VERSION).data()))

    def restore(self, window: QMainWindow, *, geometry: bool = True) -> bool:
        """False when Qt does not know the description; the window is then as it was."""
        if geometry and self.geometry:
            window.restoreGeometry(QByteArray(self.geometry))
        return window.restoreState(QByteArray(self.state), LAYOUT_VERSION)


@dataclass(slots=True)
class Layouts:
    """The layout of last time and the named ones. `workspace` is the name in force, "" for the default.

    `text_scale` is what the officer has chosen; AS_SCREEN until then.
    """

    last: Layout | None = None
    named: dict[str, Layout] = field(default_factory=dict)
    workspace: str = ""
    text_scale: float = 0.0


def layouts_path() -> Path:
    return user_config_dir() / FILE_NAME


def read_layouts(path: Path) -> Layouts:
    """What was written last; empty when there is no file. Raises LayoutFileError."""
    if not path.exists():
        return Layouts()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != LAYOUT_VERSION:
            raise LayoutFileError(f"{path}: version {content['version']!r} is not {LAYOUT_VERSION}")
        named = {str(name): _layout(value) for name, value in content["named"].items()}
        return Layouts(
            _layout(content["last"]), named, str(content["workspace"]), _scale(content["text_scale"])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise LayoutFileError(f"{path}: {fault}") from fault


def layouts_text(layouts: Layouts) -> str:
    """What stands in the file; there is a layout of last time in it."""
    assert layouts.last is not None
    content = {
        "version": LAYOUT_VERSION,
        "workspace": layouts.workspace,
        "text_scale": layouts.text_scale,
        "last": _plain(layouts.last),
        "named": {name: _plain(layout) for name, layout in layouts.named.items()},
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _layout(value: Any) -> Layout:
    return Layout(b64decode(value["geometry"], validate=True), b64decode(value["state"], validate=True))


def _plain(layout: Layout) -> dict[str, str]:
    return {"geometry": b64encode(layout.geometry).decode(), "state": b64encode(layout.state).decode()}


def _scale(value: Any) -> float:
    scale = float(value)
    if scale != AS_SCREEN and not 0.5 <= scale <= 4:
        raise ValueError(f"text_scale {scale} is not between 0.5 and 4")
    return scale


def scale_for(height_px: int) -> float:
    """The text scale of a screen so many logical pixels high: sizes are made for 1080 and grow with what is more.

    A wall display without scaling of its own would else be written on in letters for a desk.
    """
    steps = round((height_px / _PLAIN_PX - 1) / _SCALE_STEP - 0.2)
    return min(2.0, 1.0 + max(0, steps) * _SCALE_STEP)


def arrange(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """The default: queue and alarms left, map with the wall under it, card and dispatch right.

    In a narrow window everything on the right is a tab beside the card.
    """
    narrow = window.width() < NARROW_PX
    for dock in docks.values():
        dock.set_wall(False)
        window.removeDockWidget(dock)
    _place(window, docks, narrow)
    for name, dock in docks.items():
        dock.setFloating(False)
        dock.setVisible(name not in ON_DEMAND)
    for front in ("dispatch", "card", "alarms"):
        docks[front].raise_()
    _share_out(window, docks)


def _place(window: QMainWindow, docks: Mapping[str, Dock], narrow: bool) -> None:
    flat, upright = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["queue"])
    window.splitDockWidget(docks["queue"], docks["map"], flat)
    window.splitDockWidget(docks["map"], docks["card"], flat)
    window.splitDockWidget(docks["queue"], docks["alarms"], upright)
    window.tabifyDockWidget(docks["alarms"], docks["quarantine"])
    if narrow:
        for name in ("dispatch", "units", "wall"):
            window.tabifyDockWidget(docks["card"], docks[name])
    else:
        window.splitDockWidget(docks["card"], docks["dispatch"], upright)
        window.tabifyDockWidget(docks["dispatch"], docks["units"])
        window.splitDockWidget(docks["map"], docks["wall"], upright)
    for name in ON_DEMAND:
        window.tabifyDockWidget(docks["units" if name == "field" else "map"], docks[name])


def _share_out(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """The default sizes of what stands in the default arrangement."""
    narrow, width, height = window.width() < NARROW_PX, window.width(), window.height()
    columns = [round(width * share) for share in _COLUMNS[narrow]]
    flat, upright = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    window.resizeDocks([docks["queue"], docks["map"], docks["card"]], columns, flat)
    for upper, lower, share in (
        ("queue", "alarms", _LANE_SHARE),
        ("card", "dispatch", _DISPATCH_SHARE),
        ("map", "wall", _WALL_SHARE),
    ):
        if not narrow or lower == "alarms":
            heights = [round(height * (1 - share)), round(height * share)]
            window.resizeDocks([docks[upper], docks[lower]], heights, upright)
