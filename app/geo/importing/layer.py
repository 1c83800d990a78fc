"""Owns the common shape of what outline files hold before anything is checked. Must not read files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.i18n import tr


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry as read (shapely, or None with the problem in words), where it stands, its attributes as text."""

    where: str
    cells: tuple[str, ...]
    geometry: Any
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """All shapes of a file in its own coordinates; `crs` is None where the file does not say."""

    file: str
    header: tuple[str, ...]
    shapes: tuple[Shape, ...]
    crs: str | None = None


def feature(number: int) -> str:
    """How a feature is named in a fault; features count from 1 as GIS tables show them."""
    return tr("importing.where_feature", number=number)


def row(number: int) -> str:
    """How a row of a table is named in a fault."""
    return tr("importing.where_row", number=number)


def text_of(value: object) -> str:
    """An attribute as text: whole numbers without a point, nothing as ""."""
    if value is None or value != value:  # noqa: PLR0124 - not a number is what is unequal to itself
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
