"""Pictures of the window and of each of its panels, as files.

Owns names and order of the files. The window is taken as it stands; what is put away is brought up for its picture.
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


def save_all(console: Console, directory: Path) -> list[Path]:
    """Writes window.png and one PNG per panel into `directory`, which is made; returns the files."""
    directory.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, QWidget] = {"window": console, **console.pictured()}
    return [_save(widget, directory / f"{name}.png") for name, widget in pictures.items()]


async def save_put_away(console: Console, directory: Path) -> list[Path]:
    """One PNG for each panel that nobody has asked for, in the place where it comes up."""
    files = []
    for name in console.put_away:
        dock = console.dock(name)
        dock.show()
        dock.raise_()
        await asyncio.sleep(SETTLE_S)
        files.append(_save(dock.panel, directory / f"{name}.png"))
        dock.hide()
    return files


def _save(widget: QWidget, path: Path) -> Path:
    if not widget.grab().save(str(path)):
        raise OSError(f"{path}: the picture could not be written")
    return path
