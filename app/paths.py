"""Owns where the program's read-only files stand, in a checkout and in a frozen package.

Must not create or write anything.
"""

import sys
from pathlib import Path


def _root_dir() -> Path:
    frozen_dir: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen_dir) if frozen_dir else Path(__file__).resolve().parent.parent


def resource_dir() -> Path:
    """The folder of style, texts, icons and sounds."""
    return _root_dir() / "resources"


def bundled_data_dir() -> Path:
    """The folder of bundled districts, procedures, run cards and drills."""
    return _root_dir() / "data"
