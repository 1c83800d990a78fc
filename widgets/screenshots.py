"""Pictures of the window and of each of its panels, as files.

Owns names and order of the files. The window is taken as it stands; what is put away or behind
a tab is brought up for its picture.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from widgets.console import Console

SETTLE_S = 1.5
"""A panel that has just come up reads what it shows."""


async def save_all(console: Console, directory: Path) -> list[Path]:
    """Writes window.png and one PNG per panel into `directory`, which is made; returns the files."""
    files = [_save(console, directory / "window.png"), _save(console.strip, directory / "strip.png")]
    stood = [dock for dock in console.docks.values() if dock.in_sight]
    for name, dock in console.docks.items():
        was_hidden = dock.isHidden()
        if not dock.in_sight:
            dock.show()
            dock.raise_()
            await asyncio.sleep(SETTLE_S)
        files.append(_save(dock.panel, directory / f"{name}.png"))
        dock.setVisible(not was_hidden)
    for dock in stood:
        dock.raise_()
    return files


def _save(widget: QWidget, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(path)):
        raise OSError(f"{path}: the picture could not be written")
    return path
