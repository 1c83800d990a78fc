"""Owns an online base map: what is on disk is shown at once, what is missing or past its time is fetched meanwhile.

`read` never waits for the network. When the line drops, everything that was ever seen is still there, marked stale.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from app.domain.instants import Instant
from app.geo.tilesets.cache_control import expires_at, may_be_stored
from app.geo.tilesets.tile_cache import KeptTile, TileCache
from app.geo.tilesets.tile_fetcher import Answer, TileFetcher
from app.geo.tilesets.tile_source import TileAddress, TilesetFacts
from app.geo.tilesets.url_template import UrlTemplate
from app.i18n import tr

_MOST_UNSTORED = 64


class OnlineTiles:
    """Tiles of a server. `arrived` and `told` are called on the fetcher's thread.

    `arrived(address)`: another `read` of this tile gives something new. `told(line)`: what is wrong with the line or
    the server in one sentence, "" when all is well again.
    """

    def __init__(
        self,
        facts: TilesetFacts,
        template: UrlTemplate,
        cache: TileCache,
        now: Callable[[], Instant],
        arrived: Callable[[TileAddress], None],
        told: Callable[[str], None],
        *,
        first_pause_s: float = 1.0,
    ) -> None:
        self._facts = facts
        self._host = template.host
        # The key is not part of it: another key brings the same pictures, and nothing on disk can tell one.
        self._tileset = hashlib.blake2s(template.text.encode(), digest_size=12).hexdigest()
        self._cache = cache
        self._now = now
        self._arrived, self._told = arrived, told
        self._trouble = ""
        self._stale: set[TileAddress] = set()
        self._unstored: OrderedDict[TileAddress, KeptTile] = OrderedDict()
        self._lock = threading.Lock()
        self._fetcher = TileFetcher(template, self._answered, first_pause_s=first_pause_s)

    @property
    def facts(self) -> TilesetFacts:
        return self._facts

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """See TileSource; None also for what has been asked for and is still to arrive."""
        address = TileAddress(z, x, y)
        tile = self._take_unstored(address) or self._cache.get(self._tileset, address, self._now())
        if tile is None or tile.expires_at <= self._now():
            self._fetcher.want(address, tile.etag if tile is not None else "")
        if tile is not None and tile.expires_at <= self._now():
            self._stale.add(address)
        else:
            self._stale.discard(address)
        return (tile.body or None) if tile is not None else None

    def is_stale(self, z: int, x: int, y: int) -> bool:
        return TileAddress(z, x, y) in self._stale

    def close(self) -> None:
        self._fetcher.close()
        self._cache.close()

    # -- on the fetcher's thread -------------------------------------------------------------------------------------

    def _answered(self, answer: Answer) -> None:
        if not answer.is_good:
            self._tell(
                tr(f"tileset.{answer.outcome}", name=self._facts.name, host=self._host, status=answer.status)
            )
            return
        self._tell("")
        now = self._now()
        if answer.outcome == "unchanged":
            self._cache.renew(self._tileset, answer.address, expires_at(answer.headers, now))
        else:
            self._keep(answer, now)
        self._arrived(answer.address)

    def _keep(self, answer: Answer, now: Instant) -> None:
        tile = KeptTile(answer.body, answer.headers.get("ETag", ""), expires_at(answer.headers, now))
        stored = may_be_stored(answer.headers) and self._cache.put(self._tileset, answer.address, tile, now)
        if not stored:
            with self._lock:
                self._unstored[answer.address] = tile
                if len(self._unstored) > _MOST_UNSTORED:
                    self._unstored.popitem(last=False)

    def _take_unstored(self, address: TileAddress) -> KeptTile | None:
        with self._lock:
            return self._unstored.pop(address, None)

    def _tell(self, line: str) -> None:
        if line != self._trouble:
            self._trouble = line
            self._told(line)
