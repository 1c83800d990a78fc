"""Owns the sketch that is being drawn: its kind, its points so far, the pointer. Must not paint or read events.

A line or an area grows point by point and ends when the officer says so; rings and a note are one point.
"""

from app.i18n import tr
from widgets.map.measures import area_text, length_text
from widgets.map.sketch import (
    LEAST_POINTS,
    MOST_POINTS,
    RING_RADII_M,
    SketchItem,
    SketchKind,
    area_m2,
    path_length_m,
)

Position = tuple[float, float]
"""lat, lon"""


class SketchTool:
    """One sketch at a time; `kind` is None while nothing is being drawn."""

    def __init__(self) -> None:
        self.kind: SketchKind | None = None
        self.points: list[Position] = []
        self.pointer: Position | None = None
        self.radii_m: tuple[float, ...] = RING_RADII_M
        """Of the rings that are drawn next; as they were last."""
        self.fault = ""
        """Why what is typed beside the point is not taken."""

    def start(self, kind: SketchKind) -> None:
        """Begin another sketch; what was begun before is given up."""
        self.kind, self.points, self.pointer, self.fault = kind, [], None, ""

    def stop(self) -> None:
        self.kind, self.points, self.pointer, self.fault = None, [], None, ""

    def add(self, at: Position) -> bool:
        """Set the next point; whether the sketch is complete with it."""
        if not self.points or self.points[-1] != at:
            self.points.append(at)
        return self.kind in ("rings", "note") or len(self.points) >= MOST_POINTS

    def back(self) -> None:
        """Take the last point back; without one the tool is put away."""
        if self.points:
            self.points.pop()
        else:
            self.stop()

    def finish(self, key: str, made_at: int, text: str = "") -> SketchItem | None:
        """The sketch, after which nothing is being drawn; None where it has too few points to be one."""
        kind, points = self.kind, tuple(self.points)
        self.stop()
        if kind is None or len(points) < LEAST_POINTS[kind]:
            return None
        return SketchItem(key, kind, points, text, self.radii_m if kind == "rings" else (), made_at)

    def outline(self) -> list[Position]:
        """The points with the pointer as the next one; what is one point has no next."""
        if self.points and self.kind in ("rings", "note"):
            return list(self.points)
        return [*self.points, self.pointer] if self.pointer is not None else list(self.points)

    def reading(self) -> str:
        """What is measured so far, with the pointer as the next point; else what to do."""
        outline = tuple(self.outline())
        if self.points and self.kind == "rings":
            return self.fault or tr("map.sketch.rings_hint")
        if self.points and self.kind == "note":
            return ""
        if self.kind is None or len(self.points) == 0 or len(outline) < 2:
            return tr(f"map.sketch.hint.{self.kind}") if self.kind else ""
        if self.kind == "area" and len(outline) > 2:
            return f"{area_text(area_m2(outline))} · {length_text(path_length_m((*outline, outline[0])))}"
        return length_text(path_length_m(outline))
