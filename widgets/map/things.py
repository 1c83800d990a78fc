"""Owns what stands at a point of the screen and what stands in a rectangle of it, of everything that the map shows.

Must not paint or change anything. A point is asked of the symbols as they were drawn; a rectangle of the places on the
ground, so that what a crowd or a cluster covers is counted too.
"""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from widgets.map.hit import Hit, pick_all

if TYPE_CHECKING:
    from widgets.map.map_view import MapView

CHOSEN_KINDS = ("incident", "unit")


def things_at(view: "MapView", at: QPointF) -> list[Hit]:
    """Everything under a point of the widget, in the order of the layers; the grid comes last."""
    frame, dpr = view.frame, view.frame.dpr
    x_px, y_px = at.x() * dpr, at.y() * dpr
    found = pick_all(frame.layers_by_pick(), x_px, y_px, dpr)
    origin = frame.at.origin_px
    named = frame.labels.labeller.still_at(x_px + origin[0], y_px + origin[1])
    grid = frame.ground.grid_at(*view.view.to_plane(at.x(), at.y())) if frame.ground is not None else None
    still = [named] if named is not None and named[0] else []
    still += [("grid", grid)] if grid is not None and ("grid", grid) not in still else []
    return found + [hit for hit in still if hit not in found]


def place_of(view: "MapView", hit: Hit) -> QPointF | None:
    """Where an incident, a unit or a camera stands on the widget; None for what is not on the map."""
    place = plane_place_of(view, hit)
    return None if place is None else QPointF(*view.view.to_screen(*place))


def plane_place_of(view: "MapView", hit: Hit) -> tuple[float, float] | None:
    """The same in metres on the plane."""
    kind, key = hit
    layer = view.scene.layer(kind)
    slot = layer.slot(key) if layer is not None and layer.visible else None
    if layer is None or slot is None:
        return None
    return float(layer.x_m[slot]), float(layer.y_m[slot])


def things_in(view: "MapView", box: QRectF) -> list[Hit]:
    """Every incident and unit that is shown and stands in a rectangle of the widget, the most urgent first."""
    left, top = view.view.to_plane(box.left(), box.top())
    right, bottom = view.view.to_plane(box.right(), box.bottom())
    found: list[Hit] = []
    for kind in CHOSEN_KINDS:
        layer = view.scene.layer(kind)
        if layer is None or not layer.visible:
            continue
        inside = layer.alive & (layer.x_m >= left) & (layer.x_m <= right)
        slots = np.flatnonzero(inside & (layer.y_m >= top) & (layer.y_m <= bottom))
        ordered = slots[np.argsort(layer.order[slots], kind="stable")]
        found += [(kind, mark.key) for slot in ordered if (mark := layer.marks[int(slot)]) is not None]
    return found
