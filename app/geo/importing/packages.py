"""Owns the packages that only an import needs: found when a file asks for them, or named as missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from app.geo.importing.faults import ImportFault

MODULES = ("openpyxl", "osmium", "pyogrio", "pyogrio.errors", "pyogrio.raw", "pyproj")
"""All that are asked for by name: a release has to be told of them, nothing else in the source names them."""


def package(name: str, file: str) -> ModuleType:
    """The module `name`, one of MODULES, wanted to read `file`. Raises ImportFault that says what to install."""
    assert name in MODULES, name
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportFault(file, "needs_package", package=name.partition(".")[0]) from None
