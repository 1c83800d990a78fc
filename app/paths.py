"""Owns where the program's read-only files stand, in a checkout and in a frozen package.

Must not create or write anything.
"""

import sys
from functools import lru_cache
from pathlib import Path

import platformdirs


@lru_cache(maxsize=1)
def _root_dir() -> Path:
    """Asked for with every icon; it never moves."""
    frozen_dir: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen_dir) if frozen_dir else Path(__file__).resolve().parent.parent


def program() -> list[str]:
    """The words that start this program once more: a package is its own interpreter."""
    is_package = getattr(sys, "frozen", False)
    return [sys.executable] if is_package else [sys.executable, str(_root_dir() / "main.py")]


def resource_dir() -> Path:
    """The folder of style, texts, icons and sounds."""
    return _root_dir() / "resources"


def bundled_data_dir() -> Path:
    """The folder of bundled districts, procedures, run cards and drills."""
    return _root_dir() / "data"


def user_data_dir() -> Path:
    """Where the journal of this user stands. It is not created here."""
    return Path(platformdirs.user_data_dir("streetdesk", appauthor=False))


def user_config_dir() -> Path:
    """Where the layout and the choices of this user stand. It is not created here."""
    return Path(platformdirs.user_config_dir("streetdesk", appauthor=False))


def user_cache_dir() -> Path:
    """Where what can be fetched again is kept for this user. It is not created here."""
    return Path(platformdirs.user_cache_dir("streetdesk", appauthor=False))
