"""What positions say of units that move up: one that was sent to a post is there.

Owns how near that is and asking once. Must not decide: it gives commands, and of two desks that watch one writes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import StreetdeskError
from app.domain.roles import SYSTEM
from app.journal.store import TrackPoint
from app.service.bus import Submission, Told
from app.service.geofence import away_m

log = logging.getLogger(__name__)

ACTOR: Final = "post_watch"
THERE_M: Final = 60.0
"""Posts stand at the kerb and positions are some metres off: so near it stands by."""

Post = Callable[[Submission, Told], None]


class PostWatch:
    """`put` takes every fix; `post` takes submissions to the bus, `desk` is the state as it is now."""

    def __init__(self, desk: Callable[[], Desk], post: Post, desk_name: str) -> None:
        self._desk, self._post, self._desk_name = desk, post, desk_name
        self._asked: set[str] = set()

    def put(self, fix: TrackPoint) -> None:
        """The newest fix of a unit; one from before the order says nothing of it."""
        unit = self._desk().units.get(fix.unit)
        order = unit.post_order if unit is not None else None
        if order is None or order.id in self._asked or fix.at < order.since_at:
            return
        if away_m(fix.lat, fix.lon, order.lat, order.lon) <= THERE_M:
            self._say(cmd.ReachPost(fix.unit, order.id), fix)

    def _say(self, command: cmd.ReachPost, fix: TrackPoint) -> None:
        self._asked.add(command.order)
        context = cmd.Context(ACTOR, SYSTEM, self._desk_name, fix.at)

        def told(failure: BaseException | None) -> None:
            self._asked.discard(command.order)
            if isinstance(failure, StreetdeskError):
                log.info("%s was not written: %s", command, failure)

        self._post(Submission((command,), context), told)
