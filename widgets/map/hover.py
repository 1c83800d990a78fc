"""Owns what the glass says of the pointer: the position, and a card of the thing under it. Must not emit or paint."""

from collections.abc import Callable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QRegion

from widgets.map import cards
from widgets.map.ground import Ground
from widgets.map.hit import Hit
from widgets.map.measures import position_text
from widgets.map.overlay import Card, Overlay
from widgets.map.scene import Scene
from widgets.map.view import Viewport

NOTHING: Hit = ("", "")


class Hover:
    """The pointer over one map. `at` is None while it is elsewhere."""

    def __init__(self, overlay: Overlay, scene: Scene, view: Viewport) -> None:
        self._overlay = overlay
        self._scene = scene
        self._view = view
        self.at: QPointF | None = None
        self.hit: Hit = NOTHING
        self.cluster_card: Callable[[str], cards.Text | None] = lambda _key: None
        self.grid_lines: Callable[[str], tuple[str, ...]] | None = None

    def follow(self, at: QPointF | None, hit: Hit, ground: Ground | None, now_ms: int | None) -> QRegion:
        """Say what is under the pointer now; the part of the map that reads otherwise than before."""
        self.at, self.hit = at, hit
        overlay, changed = self._overlay, QRegion()
        position = "" if at is None else self._position(at)
        card = (
            None if at is None else self._card(at, cards.Facts(self._scene, ground, now_ms, self.grid_lines))
        )
        if position != overlay.position:
            overlay.position = position
            changed += overlay.position_rect()
        if card != overlay.card:
            changed += overlay.card_rect()
            overlay.card = card
            changed += overlay.card_rect()
        return changed

    def _position(self, at: QPointF) -> str:
        lat, lon = self._scene.projection.to_degrees(*self._view.to_plane(at.x(), at.y()))
        return position_text(lat, lon)

    def _card(self, at: QPointF, facts: cards.Facts) -> Card | None:
        kind, key = self.hit
        text = self.cluster_card(key) if kind == "cluster" else cards.card_text(self.hit, facts)
        return None if text is None else Card(*text, at.x(), at.y())
