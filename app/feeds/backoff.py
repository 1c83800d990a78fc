"""How long to wait before the next attempt.

Owns exponential back-off with full jitter. Must not wait itself.
"""

from __future__ import annotations

import random
from typing import Final

LEAST_S: Final = 0.2
MOST_S: Final = 15.0


class Backoff:
    """Waits grow from LEAST_S to MOST_S; the jitter keeps the desks of a building from calling all at once."""

    def __init__(
        self, least_s: float = LEAST_S, most_s: float = MOST_S, rng: random.Random | None = None
    ) -> None:
        self._least_s = least_s
        self._most_s = most_s
        self._rng = rng or random.Random()
        self._attempts = 0

    def reset(self) -> None:
        """The attempt was a success: the next failure starts small again."""
        self._attempts = 0

    def next_s(self) -> float:
        """Seconds until the next attempt, drawn between the least wait and a ceiling that doubles each time."""
        ceiling_s = min(self._most_s, self._least_s * 2 ** min(self._attempts + 1, 32))
        self._attempts += 1
        return self._rng.uniform(self._least_s, ceiling_s)
