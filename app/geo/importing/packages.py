"""Owns the packages that only an import needs: found when a file asks for them, or named as missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from app.geo.importing.faults import ImportFault


def package(name: str, file: str) -> ModuleType:
    """The module `name`, which is wanted to read `file`. Raises ImportFault that says what to install."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportFault(file, "needs_package", package=name.partition(".")[0]) from None
