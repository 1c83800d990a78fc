"""What is left behind: the share of grids that somebody could still reach in time, and who should move up.

Owns the table of times to each grid's middle and the counting. Must not know incidents: kinds, units and a limit come
from outside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.dispatch.candidates import Post
from app.dispatch.force import TRAVELS, Bools, Floats, Force, Ints
from app.geo.district import Mode
from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S, RoadGraph

Seconds = npt.NDArray[np.uint16]

MOST_S: Final = 900
"""Grids further than this count as out of reach, whatever the limit: coverage is about being at hand."""
_NEVER: Final = 65_535


@dataclass(frozen=True, slots=True)
class MoveUp:
    """`unit` should wait at `post`; with it there `share` of the grids are within reach."""

    unit: str
    post: Post
    share: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares 0 to 1 of `grids` within `limit_s`, before and after sending; `lost` are the codes of those left bare."""

    before: float
    after: float
    grids: int
    limit_s: float
    lost: tuple[str, ...] = ()
    move_up: MoveUp | None = None


class Reach:
    """Times from everywhere to the middle of each grid, searched once for each mode of travel when first wanted."""

    def __init__(self, graph: RoadGraph | None, middles: Sequence[tuple[str, float, float]]) -> None:
        self.codes = tuple(code for code, _, _ in middles)
        self._graph = graph
        self._lat = np.array([lat for _, lat, _ in middles])
        self._lon = np.array([lon for _, _, lon in middles])
        self._tables: dict[Mode, Seconds] = {}

    def within(self, force: Force, rows: Ints, limit_s: float) -> Bools:
        """(rows, grids): who would be there within the limit from where he is now."""
        found = np.zeros((len(rows), len(self.codes)), dtype=bool)
        for number, mode in enumerate(TRAVELS):
            mine = np.flatnonzero(force.travel[rows] == number)
            if len(mine):
                found[mine] = self._times_s(force, rows[mine], mode) <= min(limit_s, MOST_S)
        return found

    def from_posts(self, posts: Sequence[Post], mode: Mode, limit_s: float) -> Bools:
        """(posts, grids): what is within the limit of somebody who waits there."""
        lats, lons = np.array([post.lat for post in posts]), np.array([post.lon for post in posts])
        if self._graph is None:
            return np.asarray(self._straight_s(lats, lons, mode) <= min(limit_s, MOST_S))
        starts = self._graph.starts(lats, lons, mode)
        return np.asarray(
            self._road_s(starts.nodes, starts.exit_s, starts.walk_s, mode) <= min(limit_s, MOST_S)
        )

    def _times_s(self, force: Force, rows: Ints, mode: Mode) -> Floats:
        if self._graph is None:
            return self._straight_s(force.lat[rows], force.lon[rows], mode)
        return self._road_s(force.nodes[rows], force.exit_s[rows], force.walk_s[rows], mode)

    def _road_s(self, nodes: Ints, exit_s: Floats, walk_s: Floats, mode: Mode) -> Floats:
        table = self._table(mode)
        by_exit = [table[:, nodes[:, end]].T + exit_s[:, end, None] for end in (0, 1)]
        return np.asarray(np.minimum(*by_exit) + walk_s[:, None])

    def _table(self, mode: Mode) -> Seconds:
        """(grids, nodes) whole seconds, _NEVER beyond MOST_S."""
        assert self._graph is not None
        mode = self._graph.as_good_as(mode)
        if mode not in self._tables:
            table = np.full((len(self.codes), self._graph.node_count), _NEVER, dtype=np.uint16)
            for row, (lat, lon) in enumerate(zip(self._lat, self._lon, strict=True)):
                goal = self._graph.goal(float(lat), float(lon), mode, MOST_S)
                if goal is not None:
                    table[row] = np.minimum(np.nan_to_num(goal.node_s, posinf=_NEVER), _NEVER).astype(
                        np.uint16
                    )
            self._tables[mode] = table
        return self._tables[mode]

    def _straight_s(self, lats: Floats, lons: Floats, mode: Mode) -> Floats:
        north_m = (lats[:, None] - self._lat) * 111_195
        east_m = (lons[:, None] - self._lon) * 111_195 * np.cos(np.radians(self._lat))
        return np.asarray(np.hypot(north_m, east_m) * DETOUR_FACTOR / SPEED_M_PER_S[mode]["residential"])


def coverage(
    reach: Reach, force: Force, kinds: Collection[str], sent: Collection[str], limit_s: float, now: int
) -> Coverage:
    """What idle units of `kinds` reach in time, with and without those that are `sent`; a move-up if it helps."""
    rows = _idle(force, kinds, now)
    covers = _as_if_there(reach, force, rows, reach.within(force, rows, limit_s), limit_s)
    stays = np.array([force.ids[row] not in sent for row in rows.tolist()], dtype=bool)
    before: Bools = np.logical_or.reduce(covers, axis=0)
    after: Bools = np.logical_or.reduce(covers[stays], axis=0)
    grids = len(reach.codes)
    lost = tuple(
        code
        for code, was, still in zip(reach.codes, before.tolist(), after.tolist(), strict=True)
        if was and not still
    )
    move = _move_up(reach, force, kinds, rows[stays], covers[stays], limit_s) if lost else None
    return Coverage(_share(before), _share(after), grids, limit_s, lost, move)


def _as_if_there(reach: Reach, force: Force, rows: Ints, covers: Bools, limit_s: float) -> Bools:
    """Who moves up already counts where it will stand by: else the same hole would be filled twice."""
    for place, row in enumerate(rows.tolist()):
        order = force.units[row].post_order if force.is_moving_up[row] else None
        if order is not None:
            mode = TRAVELS[force.travel[row]]
            covers[place] = reach.from_posts([Post(order.lat, order.lon, order.code)], mode, limit_s)[0]
    return covers


def _idle(force: Force, kinds: Collection[str], now: int) -> Ints:
    from app.dispatch.candidates import STALE_FIX_S

    count = len(force)
    is_stale = (now - force.fix_at[:count]) / 1000 > STALE_FIX_S
    has_place = ~np.isnan(force.lat[:count])
    idle = ~force.is_barred[:count] & (force.load[:count] == 0) & force.is_of(kinds) & has_place & ~is_stale
    return np.flatnonzero(idle)


def _share(covered: Bools) -> float:
    return float(covered.mean()) if covered.size else 0.0


def _move_up(
    reach: Reach, force: Force, kinds: Collection[str], rows: Ints, covers: Bools, limit_s: float
) -> MoveUp | None:
    """The idle unit and the post that restore most; None when no move gains anything."""
    posts = _posts(force, kinds)
    if not len(rows) or not posts:
        return None
    often = covers.sum(axis=0)
    best: tuple[int, int, int] | None = None
    for number, mode in enumerate(TRAVELS):
        stays = force.is_moving_up[rows] | force.has_declined_post[rows]
        mine = np.flatnonzero((force.travel[rows] == number) & ~stays)
        if not len(mine):
            continue
        from_posts = reach.from_posts(posts, mode, limit_s)
        # What only this unit covers is bare once it has left; what is bare then and near the post is gained.
        bare = (often - covers[mine]) == 0
        gained = bare.astype(np.int64) @ from_posts.T.astype(np.int64)
        net = gained - (bare & covers[mine]).sum(axis=1)[:, None]
        row, post = np.unravel_index(int(net.argmax()), net.shape)
        if net[row, post] > 0 and (best is None or net[row, post] > best[0]):
            best = int(net[row, post]), int(rows[mine[row]]), int(post)
    if best is None:
        return None
    share = (int((often > 0).sum()) + best[0]) / max(1, len(reach.codes))
    return MoveUp(force.ids[best[1]], posts[best[2]], share)


def _posts(force: Force, kinds: Collection[str]) -> list[Post]:
    """Where units of these kinds stand by, each place once."""
    of_kind = np.flatnonzero(force.is_of(kinds)).tolist()
    members = (force.members.get(force.ids[row]) for row in of_kind)
    return list(dict.fromkeys(member.post for member in members if member is not None and member.post))
