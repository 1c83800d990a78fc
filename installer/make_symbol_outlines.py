"""Owns how the map's symbols become SVG paths for what is drawn without Qt: resources/style/symbols.toml.

`python -m installer.make_symbol_outlines` writes it anew after a change of symbol_shapes.py; a test notices
when that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import shapely
from PySide6.QtGui import QPainterPath

from widgets.parts.symbols import names, symbol

FILE = Path(__file__).resolve().parents[1] / "resources" / "style" / "symbols.toml"
UNITS_PER_HALF = 100
"""The unit box -1..1 becomes -100..100: whole numbers are fine enough for a symbol of 40 pixels."""
TOLERANCE = 0.6
Kind = QPainterPath.ElementType
Point = tuple[float, float]
HEAD = "# Outlines of the map's symbols as SVG paths in a box of -100..100. Made, not written.\n"


BELL_BODY = (
    "M-74 54C-54 36 -52 16 -52 -14C-52 -44 -36 -66 -12 -72L-12 -84C-12 -92 12 -92 12 -84L12 -72C36 -66 52"
    " -44 52 -14C52 16 54 36 74 54L-74 54"
)
BELL_LINE = "M-24 66L24 66C24 94 -24 94 -24 66"
"""An alarm has no symbol on the live map; on the page that is passed on it has this one."""


def outlines() -> str:
    """The file's text."""
    made = [_line(name) for name in names() if not name.startswith("incident/")]
    bell = f'"alarm" = {{body = "{BELL_BODY}", line = "{BELL_LINE}"}}'
    return HEAD + "\n" + "\n".join([*made, bell]) + "\n"


def _line(name: str) -> str:
    layers = symbol(name)
    drawn = {"body": layers.body, "line": layers.line, "detail": layers.detail}
    parts = [f'{layer} = "{svg_path(path)}"' for layer, path in drawn.items() if not path.isEmpty()]
    if layers.body_opacity != 1:
        parts.append(f"body_opacity = {layers.body_opacity}")
    return f'"{name}" = {{{", ".join(parts)}}}'


def svg_path(path: QPainterPath) -> str:
    """M, L and C commands; a closed part comes back to its first point, as in Qt."""
    words: list[str] = []
    straight: list[Point] = []
    last = (0.0, 0.0)
    for letter, points in _commands(path):
        if letter != "L" and straight:
            words += _lines(straight)
            straight = []
        if letter == "L":
            straight = [*(straight or [last]), points[0]]
        else:
            words.append(letter + " ".join(_place(point) for point in points))
        last = points[-1]
    return "".join(words + _lines(straight))


def _commands(path: QPainterPath) -> Iterator[tuple[str, list[Point]]]:
    elements = [path.elementAt(i) for i in range(path.elementCount())]
    at = 0
    while at < len(elements):
        letter = {Kind.MoveToElement: "M", Kind.LineToElement: "L", Kind.CurveToElement: "C"}[
            elements[at].type
        ]
        end = at + (3 if letter == "C" else 1)
        yield letter, [(e.x * UNITS_PER_HALF, e.y * UNITS_PER_HALF) for e in elements[at:end]]
        at = end


def _lines(points: list[Point]) -> list[str]:
    """Qt flattens curves when it unites areas, far finer than a screen shows: what lies on the way is left out."""
    if not points:
        return []
    kept = shapely.get_coordinates(shapely.simplify(shapely.linestrings(points), TOLERANCE)).tolist()
    return [f"L{_place(point)}" for point in kept[1:]]


def _place(point: Point) -> str:
    return f"{round(point[0])} {round(point[1])}"


if __name__ == "__main__":
    FILE.write_text(outlines(), encoding="utf-8")
    print(FILE)
