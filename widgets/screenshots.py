"""Pictures of the window and of each of its panels, as files.

Owns names and order of the files. Must not arrange, select or wait: the window is taken as it stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from widgets.console import Console


def save_all(console: Console, directory: Path) -> list[Path]:
    """Writes window.png and one PNG per panel into `directory`, which is made; returns the files."""
    directory.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, QWidget] = {"window": console, **console.pictured()}
    return [_save(widget, directory / f"{name}.png") for name, widget in pictures.items()]


def _save(widget: QWidget, path: Path) -> Path:
    if not widget.grab().save(str(path)):
        raise OSError(f"{path}: the picture could not be written")
    return path
