"""Sketches that stand on all desks, on one map: shown until they run out, sent and withdrawn by the officer.

Owns what this map has of the desk's shared sketches, and the quiet note of what another desk has sent. Must not judge:
whether a sketch may be sent is the domain's to say, and its refusal is told where the officer acted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QObject

from app.domain.commands import ShareSketch, WithdrawSketch
from app.domain.instants import Instant
from app.domain.roles import SHIFT_LEAD
from app.domain.sketch import HOUR_MS, SharedSketch, SketchKind
from app.i18n import tr
from widgets.bridge import Bridge
from widgets.local_time import minute_text
from widgets.map.map_view import MapView
from widgets.map.overlay_names import sketch_title
from widgets.map.shared_sketch import SharedItem
from widgets.map.sketch import KINDS, SketchItem
from widgets.map.strip import Telling


class MapSharing(QObject):
    """The shared sketches of one map panel."""

    def __init__(self, bridge: Bridge, view: MapView, told: Telling) -> None:
        super().__init__(told)
        self._bridge = bridge
        self._sketching = view.sketching
        self._told = told
        self._shown: dict[str, SharedSketch] = {}
        self._withdrawing: set[str] = set()
        view.sketching.share_wanted.connect(self._share)
        view.sketching.withdraw_wanted.connect(self._withdraw)
        view.sketching.offer_sharing()
        bridge.restored.connect(self._begin)
        bridge.sketches_changed.connect(self._follow)
        bridge.ticked.connect(self._let_go)
        if bridge.app.is_restored:
            self._begin()

    def retranslate(self) -> None:
        self._show()

    # -- what stands on all desks -----------------------------------------------------------------------------------

    def _begin(self) -> None:
        """What was sent before this start is shown, and is no news."""
        now = self._bridge.clock.now()
        known = self._bridge.desk.sketches.values()
        self._shown = {sketch.id: sketch for sketch in known if _stands(sketch, now)}
        self._show()

    def _follow(self, keys: Iterable[str]) -> None:
        if not self._bridge.app.is_restored:
            return
        now, arrived, gone = self._bridge.clock.now(), [], []
        for key in sorted(keys):
            sketch, before = self._bridge.desk.sketches[key], self._shown.pop(key, None)
            if _stands(sketch, now):
                self._shown[key] = sketch
                if before is None and sketch.desk != self._desk:
                    arrived.append(sketch)
            elif key in self._withdrawing:
                self._withdrawing.discard(key)
            elif before is not None:
                gone.append(before)
        self._show()
        self._note("sharing.arrived", arrived)
        self._note("sharing.gone", gone)

    def _let_go(self, now: Instant) -> None:
        """Nobody says that a sketch has run out: the clock has to notice."""
        over = [key for key, sketch in self._shown.items() if not sketch.is_shown(now)]
        for key in over:
            del self._shown[key]
        if over:
            self._show()

    def _show(self) -> None:
        newest_first = sorted(self._shown.values(), key=lambda sketch: (-sketch.shared_at, sketch.id))
        self._sketching.set_shared(tuple(self._shared_item(s) for s in newest_first))

    def _shared_item(self, sketch: SharedSketch) -> SharedItem:
        config = self._bridge.app.config
        is_own = sketch.desk == config.desk
        line = tr(
            "sharing.line",
            desk=tr("sharing.this_desk") if is_own else sketch.desk,
            actor=sketch.actor,
            shared=self._time(sketch.shared_at),
            until=self._time(sketch.expires_at),
        )
        return SharedItem(_item(sketch), sketch.desk, line, is_own or config.role == SHIFT_LEAD)

    def _note(self, key: str, sketches: list[SharedSketch]) -> None:
        """For a few seconds, without sound or keyboard, and never in the place of a failure."""
        if not sketches or (self._told.isVisible() and self._told.failed):
            return
        first = sketches[0]
        text = tr(key, desk=first.desk, title=sketch_title(_item(first)))
        more = len(sketches) - 1
        self._told.tell(text + tr("sharing.arrived.more", count=more) if more else text)

    @property
    def _desk(self) -> str:
        return self._bridge.app.config.desk

    def _time(self, at: Instant) -> str:
        return minute_text(at, self._bridge.clock.now(), self._bridge.district.utc_offset_min)

    # -- what the officer wants -------------------------------------------------------------------------------------

    def _share(self, key: str, hours: int) -> None:
        item = next((item for item in self._sketching.items if item.id == key), None)
        if item is None:
            return
        expires_at = self._bridge.clock.now() + hours * HOUR_MS
        command = ShareSketch(key, item.kind, item.points, item.text, item.radii_m, expires_at)
        done = tr("sharing.sent", title=sketch_title(item), until=self._time(expires_at))
        self._bridge.submit(command, lambda refused: self._answer(refused, done))

    def _withdraw(self, key: str, reason: str) -> None:
        sketch = self._shown.get(key)
        if sketch is None:
            return
        done = tr("sharing.withdrawn", title=sketch_title(_item(sketch)))
        self._withdrawing.add(key)

        def answered(refused: str | None) -> None:
            if refused is not None:
                self._withdrawing.discard(key)
            self._answer(refused, done)

        self._bridge.submit(WithdrawSketch(key, reason), answered)

    def _answer(self, refused: str | None, done: str) -> None:
        self._told.tell(refused or done, failed=refused is not None)


def _stands(sketch: SharedSketch, now: Instant) -> bool:
    """Shown just now, and of a kind that this program can draw: another desk's may be newer."""
    return sketch.kind in KINDS and sketch.is_shown(now)


def _item(sketch: SharedSketch) -> SketchItem:
    return SketchItem(
        sketch.id,
        cast(SketchKind, sketch.kind),  # `_stands` lets no other kinds in
        sketch.points,
        sketch.text,
        sketch.radii_m,
        sketch.shared_at,
    )
