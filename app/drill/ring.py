"""What was sent and is still kept, for clients that come late or come back.

Owns resume by id and forgetting. Must not know sockets.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from app.domain.instants import Instant
from app.drill.message import Message

FIXES_KEPT_MS: Final = 30_000
"""Positions older than this are of no use to anybody."""


class Ring:
    """Messages in the order of sending, numbered from 1. The last `keep` of them stay, but for old positions."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._numbers: list[int] = []
        self._messages: list[Message] = []
        self._number_of: dict[str, int] = {}
        self._last = 0
        self._forgotten = 0
        self._tidy_at = 2 * keep + 1000

    @property
    def last(self) -> int:
        """The number of the newest message, 0 when there is none."""
        return self._last

    @property
    def forgotten(self) -> int:
        """The number of the newest message that is no longer kept though it was no position."""
        return self._forgotten

    def extend(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._last += 1
            self._numbers.append(self._last)
            self._messages.append(message)
            self._number_of[message.id] = self._last
        if len(self._messages) > self._tidy_at:
            self._tidy()

    def number_after(self, message_id: str | None) -> int:
        """The number after which a client goes on: that of the id it names, or 0 - everything - for an unknown one."""
        return self._number_of.get(message_id, 0) if message_id is not None else 0

    def since(self, number: int, limit: int) -> tuple[list[Message], int]:
        """Up to `limit` messages after a number, and the number of the last of them."""
        start = bisect_right(self._numbers, number)
        stop = min(start + limit, len(self._numbers))
        return self._messages[start:stop], self._numbers[stop - 1] if stop > start else number

    def number_at(self, at: Instant) -> int:
        """The number of the newest message that is not newer than an instant, 0 when none is kept."""
        index = bisect_right(self._messages, at, key=lambda message: message.at)
        return self._numbers[index - 1] if index else 0

    def _tidy(self) -> None:
        oldest_fix_at = self._messages[-1].at - FIXES_KEPT_MS
        pairs = zip(self._numbers, self._messages, strict=True)
        useful = [(n, m) for n, m in pairs if not m.is_fix or m.at >= oldest_fix_at]
        dropped, kept = useful[: -self._keep], useful[-self._keep :]
        self._forgotten = max((n for n, m in dropped if not m.is_fix), default=self._forgotten)
        self._numbers = [number for number, _ in kept]
        self._messages = [message for _, message in kept]
        self._number_of = {message.id: number for number, message in kept}
