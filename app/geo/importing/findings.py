"""Owns what a check of a district finds and how it is told: one line each. Must not look for anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.geo.importing.faults import one_line
from app.i18n import tr

Severity = Literal["error", "warning"]
_LONGEST_CHARS = 160


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is a fixed word for scripts, `place` says which object and where, `text` what is wrong with it."""

    severity: Severity
    kind: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{tr(f'importing.{self.severity}')} {self.kind} · {self.place}: {self.text}"


def error(kind: str, place: str, **params: object) -> Finding:
    """Something that makes answers of the desk wrong."""
    return Finding("error", kind, place, _text(kind, params))


def warning(kind: str, place: str, **params: object) -> Finding:
    """Something that is worth a look."""
    return Finding("warning", kind, place, _text(kind, params))


def grade(is_error: bool, kind: str, place: str, **params: object) -> Finding:
    """An error or a warning, by size."""
    return Finding("error" if is_error else "warning", kind, place, _text(kind, params))


def at(lat: float, lon: float) -> str:
    """A position as every map program takes it: latitude first."""
    return f"{lat:.6f},{lon:.6f}"


def _text(kind: str, params: dict[str, object]) -> str:
    return one_line(tr(f"importing.finding.{kind}", **{k: _shown(v) for k, v in params.items()}))


def _shown(value: object) -> object:
    return value[:_LONGEST_CHARS] if isinstance(value, str) else value
