"""Owns one lamp per feed: alive, late or down, with the age of its last message and the details in its tool tip.

Must not connect or end a feed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import tr
from widgets.bridge import Bridge
from widgets.local_time import clock_text
from widgets.panels.strip_parts import PlainLamp
from widgets.parts.age_text import format_age
from widgets.parts.lamp import Lamp, LampState
from widgets.style import tokens

if TYPE_CHECKING:
    from app.bootstrap import FeedStatus

LATE_S = 60.0
"""A live feed that has said nothing for this long is late: units alone report every few seconds."""
TOLD_SKEW_MS = 2_000


class FeedLamps(QWidget):
    """A row of lamps, made anew when feeds come or go."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.lamps: list[Lamp] = []
        self._shown: list[str] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens().space_xs)
        bridge.feeds_changed.connect(self.refresh)
        bridge.restored.connect(self.refresh)

    def refresh(self) -> None:
        """Every feed's state and age as they are now."""
        feeds = self.bridge.app.feeds
        if [feed.name for feed in feeds] != self._shown:
            self._make_lamps()
        if not feeds:
            self.lamps[0].set_state("off", None, tr("strip.feed_none_tip"))
        for lamp, feed in zip(self.lamps, feeds, strict=False):
            lamp.set_state(lamp_state(feed), feed.silent_s, self._detail(feed))

    def retranslate(self) -> None:
        self._make_lamps()
        self.refresh()

    def _make_lamps(self) -> None:
        for lamp in self.lamps:
            lamp.deleteLater()
        feeds = self.bridge.app.feeds
        self._shown = [feed.name for feed in feeds]
        names = [self._short_name(feed, len(feeds)) for feed in feeds]
        self.lamps = [Lamp(name) for name in names] or [PlainLamp(tr("strip.feed_none"))]
        layout = self.layout()
        assert layout is not None
        for lamp in self.lamps:
            layout.addWidget(lamp)

    @staticmethod
    def _short_name(feed: FeedStatus, count: int) -> str:
        return tr("strip.feed") if count == 1 else urlsplit(feed.url).netloc or feed.name

    def _detail(self, feed: FeedStatus) -> str:
        lines = [tr("strip.feed_tip.url", name=feed.name, state=tr(f"feed.state.{feed.state}"))]
        if feed.since_at is not None:
            offset_min = self.bridge.district.utc_offset_min
            lines.append(tr("strip.feed_tip.since", time=clock_text(feed.since_at, offset_min)))
        lines.append(tr("strip.feed_tip.received", received=f"{feed.received:,}", reconnects=feed.reconnects))
        if feed.silent_s is not None:
            lines.append(tr("strip.feed_tip.last", age=format_age(feed.silent_s)))
        lines += self._skews()
        if feed.error_text:
            lines.append(feed.error_text)
        if feed.state == "retrying":
            lines.append(tr("strip.feed_tip.retry", seconds=round(feed.retry_in_s)))
        return "\n".join(lines)

    def _skews(self) -> list[str]:
        """Sources whose clock is noticeably fast; slow ones cannot be told from a slow network."""
        intake = getattr(self.bridge.app, "intake", None)
        skews = intake.skew_ms if intake is not None else {}
        return [
            tr("strip.feed_tip.skew", source=source, skew=round(skew_ms / 1000))
            for source, skew_ms in sorted(skews.items())
            if skew_ms >= TOLD_SKEW_MS
        ]


def lamp_state(feed: FeedStatus) -> LampState:
    """What the light says of a feed."""
    if feed.state == "live":
        return "late" if (feed.silent_s or 0.0) > LATE_S else "ok"
    states: dict[str, LampState] = {"connecting": "late", "retrying": "down"}
    return states.get(feed.state, "off")
