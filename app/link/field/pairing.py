"""One-time codes that let a phone speak for a unit, and the tokens that it gets for one.

Owns codes (in memory only: a restart voids what nobody has used yet), their expiry, and how often an address may guess.
Must not write events: the server does.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Final

from app.domain.instants import Instant

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that is read for something else over the radio or from a screen."""
LENGTH: Final = 8
LASTS_MS: Final = 10 * 60_000
MOST_CODES: Final = 1_000

WRONG_MOST: Final = 6
WRONG_WITHIN_MS: Final = 5 * 60_000
WRONG_MOST_OF_ALL: Final = 200
ADDRESSES_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A code that was given out. `by` is who did it."""

    unit: str
    by: str
    expires_at: Instant


class PairingCodes:
    """Codes that wait for a phone, one for a unit."""

    def __init__(self) -> None:
        self._offers: dict[str, Offer] = {}

    def offer(self, unit: str, by: str, now: Instant) -> str:
        """A new code for a unit, as it is shown; an older one of the unit is void."""
        self.revoke(unit)
        for key in [key for key, known in self._offers.items() if known.expires_at <= now]:
            del self._offers[key]
        while len(self._offers) >= MOST_CODES:
            self._offers.pop(next(iter(self._offers)))
        code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
        self._offers[hash_of(code)] = Offer(unit, by, now + LASTS_MS)
        return f"{code[:4]}-{code[4:]}"

    def revoke(self, unit: str) -> None:
        self._offers = {key: known for key, known in self._offers.items() if known.unit != unit}

    def take(self, typed: str, now: Instant) -> Offer | None:
        """What a code stands for, once; None for a wrong, used or expired one."""
        code = "".join(sign for sign in typed.upper() if sign.isalnum())
        found = self._offers.pop(hash_of(code), None)
        return found if found is not None and now < found.expires_at else None


class Guesses:
    """Wrong codes and tokens, by the address that they came from, and of all together."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[Instant]] = {}
        self._all: deque[Instant] = deque()

    def may(self, address: str, now: Instant) -> bool:
        """Whether an address may try once more."""
        own = self._wrong.get(address)
        if own is not None:
            _forget(own, now)
        _forget(self._all, now)
        return (own is None or len(own) < WRONG_MOST) and len(self._all) < WRONG_MOST_OF_ALL

    def wrong(self, address: str, now: Instant) -> None:
        if address not in self._wrong and len(self._wrong) >= ADDRESSES_KEPT:
            self._wrong.pop(next(iter(self._wrong)))
        self._wrong.setdefault(address, deque(maxlen=WRONG_MOST)).append(now)
        self._all.append(now)


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_phone() -> str:
    return secrets.token_hex(4)


def hash_of(secret: str) -> str:
    """SHA-256 in hex; a secret of 256 random bits needs no slower one, a code does not live long enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _forget(times: deque[Instant], now: Instant) -> None:
    while times and times[0] <= now - WRONG_WITHIN_MS:
        times.popleft()
