"""What every feed has in common: the inbox it fills and the state it shows.

Owns `Inbox` and `FeedStatus`. Must not know any transport.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from app.domain.instants import Instant
from app.i18n import tr

FeedState: TypeAlias = Literal["connecting", "live", "retrying", "stopped"]
Frame: TypeAlias = str | bytes


class Inbox(Protocol):
    """Where frames go, in the order in which they came."""

    async def take(self, feed: str, frames: Sequence[Frame]) -> None:
        """Takes frames that a feed received; while it waits the feed reads no further and its server slows down."""
        ...


@dataclass(slots=True)
class FeedStatus:
    """How a feed is now; one object for the feed's life, changed in place.

    `url` has neither credentials nor query. `error` names the sentence `feed.error.<error>` and `error_facts` fill
    it; "" while there is none. `last_message_s` is on the feed's monotonic clock; instants are None while unknown.
    """

    name: str
    url: str
    monotonic: Callable[[], float] = field(repr=False)
    state: FeedState = "stopped"
    since_at: Instant | None = None
    last_message_at: Instant | None = None
    last_message_s: float | None = None
    received: int = 0
    reconnects: int = 0
    retry_in_s: float = 0.0
    error: str = ""
    error_facts: dict[str, object] = field(default_factory=dict)

    @property
    def silent_s(self) -> float | None:
        """Seconds since the last message, steady even when the wall clock is set; None before the first one."""
        return None if self.last_message_s is None else self.monotonic() - self.last_message_s

    @property
    def error_text(self) -> str:
        """The sentence about what is wrong, "" when nothing is."""
        return tr(f"feed.error.{self.error}", **self.error_facts) if self.error else ""
