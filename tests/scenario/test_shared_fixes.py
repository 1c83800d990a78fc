"""A feed speaks to one desk: the other one knows where the units are all the same, and recommends by it."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap import App
from app.domain import commands as cmd
from app.journal.store import TrackPoint
from tests.scenario.desks import comes_true, desk

CROWD = "i1"


def fix_of(app: App, unit: str, north: float) -> TrackPoint:
    """A fix of now, so many degrees north of the middle of the district."""
    here = app.district
    return TrackPoint(unit, app.clock.now(), here.centre_lat + north, here.centre_lon)


async def nearest_police(app: App) -> str:
    """Whom of two a desk would rather send."""
    advice = await app.dispatching.advise(app.projections.desk.incidents[CROWD], None, 60)
    return next(one.unit_id for one in advice.listed if one.unit_id in ("p1", "p2"))


async def move(fed: App, other: App, *fixes: TrackPoint) -> None:
    """What the feed of one desk says, until the other one knows it."""
    for fix in fixes:
        fed.positions.put(fix)
    await comes_true(lambda: all(other.positions.fixes.get(fix.unit) == fix for fix in fixes), "the fixes")


async def both_recommend_alike(db: str) -> None:
    async with desk("a", db, connected=True) as fed, desk("b", db, connected=True) as other:
        assert fed.presence is not None
        presence = fed.presence
        await comes_true(lambda: not presence.is_alone, "the other desk")
        lat, lon = fed.district.centre_lat, fed.district.centre_lon
        crowd = cmd.ReportIncident(CROWD, "110", CROWD, "crowd", 2, "crowd", lat=lat, lon=lon)
        await fed.bus.submit(crowd, fed.context())
        await comes_true(lambda: CROWD in other.projections.desk.incidents, "the crowd")
        for first, second in (("p1", "p2"), ("p2", "p1")):
            await move(fed, other, fix_of(fed, first, 0.0001), fix_of(fed, second, 0.02))
            assert await nearest_police(other) == await nearest_police(fed) == first
        assert not other.positions.is_stale("p1", other.clock.now())


async def test_on_postgresql(postgres_url: str) -> None:
    await both_recommend_alike(postgres_url)


async def test_on_one_sqlite_file(tmp_path: Path) -> None:
    await both_recommend_alike(str(tmp_path / "j.db"))


async def test_what_another_desk_has_heard_is_not_written_twice(postgres_url: str) -> None:
    async with (
        desk("a", postgres_url, connected=True) as fed,
        desk("b", postgres_url, connected=True) as other,
    ):
        assert fed.presence is not None
        presence = fed.presence
        await comes_true(lambda: not presence.is_alone, "the other desk")
        fix = fix_of(fed, "p1", 0.0)
        fed.positions.put(fix)
        await comes_true(lambda: other.positions.fixes.get("p1") == fix, "the fix")
        other.positions.hear(TrackPoint("p1", fix.at - 1, 0.0, 0.0))
        assert other.positions.fixes["p1"] == fix, "an older one never replaces a newer one"
        assert other.positions._unwritten == []
