"""Real call logs of two cities, over a real socket into a real journal.

Owns the counting: every row is an incident, a unit's history, or held with a reason.
The logs are not part of the repository; they stand beside it.
"""

from __future__ import annotations

import asyncio
import csv
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from app.bootstrap import App
from app.config import Config, default_district
from app.exchange.call_log import LogMessage, load_mapping, read_call_log
from app.feeds.envelope import Envelope, decode
from app.journal.store import Receipt
from app.paths import bundled_data_dir
from tests.servers.simulator import simulator

CALLS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "calls"
SAN_FRANCISCO = CALLS / "sf_fire_unit_responses.csv"
SEATTLE = CALLS / "seattle_911_2015_first20000.csv"
RATE = 4000
LIMIT_S = 400

pytestmark = pytest.mark.skipif(not CALLS.is_dir(), reason=f"the call logs are not there: {CALLS}")


def told(path: Path, mapping: str) -> list[LogMessage]:
    return read_call_log(path, load_mapping(bundled_data_dir() / "mappings" / f"{mapping}.toml"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="latin-1", newline="") as file:
        return list(csv.DictReader(file))


@asynccontextmanager
async def desk_after(path: Path, mapping: str, folder: Path) -> AsyncIterator[App]:
    """A desk that has taken in a whole log from a simulator in another process."""
    log = told(path, mapping)
    options = ("--replay-log", str(path), "--mapping", mapping, "--rate", str(RATE), "--keep", str(len(log)))
    with simulator(*options) as server:
        app = App(Config(db=str(folder / "journal.db"), district_dir=default_district(), feeds=(server.url,)))
        await app.start()
        await app.connect()
        try:
            await until_durable(app, server.url, log[-1].id)
            yield app
        finally:
            await app.close()


async def until_durable(app: App, feed: str, last_id: str) -> None:
    """A place becomes known just after the change that it belongs to is told, hence the second look."""
    news = asyncio.Event()
    app.on_changes = lambda _changes, _records: news.set()
    async with asyncio.timeout(LIMIT_S):
        while app.intake.places.get(feed) != last_id:
            news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await news.wait()


async def taken_in(app: App, log: list[LogMessage]) -> tuple[set[Receipt], set[Receipt]]:
    """What the log said, and what of it the journal has a receipt of."""
    said = {Receipt(e.source, e.id) for e in map(decode, (message.body for message in log))}
    return said, await app.journal.call(lambda journal: journal.known_receipts(said))


async def test_every_san_francisco_row_is_an_incident_and_a_units_history(tmp_path: Path) -> None:
    log = told(SAN_FRANCISCO, "sf_fire")
    async with desk_after(SAN_FRANCISCO, "sf_fire", tmp_path) as app:
        desk = app.projections.desk
        for row in rows(SAN_FRANCISCO):
            assert f"sf_fire:{row['Incident Number']}" in desk.by_source
            assert row["Unit ID"] in desk.units
        assert len(desk.incidents) == 901
        said, known = await taken_in(app, log)
        assert len(said) == len(known) + len(desk.quarantine), "nothing received is dropped"
        assert len(known) > 0.9 * len(said)
        assert all(held.reason for held in desk.quarantine.values())


async def test_every_seattle_row_is_an_incident(tmp_path: Path) -> None:
    log = told(SEATTLE, "seattle_911")
    async with desk_after(SEATTLE, "seattle_911", tmp_path) as app:
        desk = app.projections.desk
        assert len(log) == len(rows(SEATTLE)) == 20_000
        said, known = await taken_in(app, log)
        assert len(said) == len(known) + len(desk.quarantine)
        assert len(desk.incidents) == len(known)
        assert all(i.title.isprintable() for i in desk.incidents.values())


def test_the_mapping_of_san_francisco_leaves_out_no_time_that_the_row_has() -> None:
    steps = {"Dispatch DtTm", "Response DtTm", "On Scene DtTm", "Available DtTm"}
    expected = sum(bool(row[step]) for row in rows(SAN_FRANCISCO) for step in steps)
    kinds: Counter[str] = Counter(envelope.kind for envelope in envelopes(SAN_FRANCISCO, "sf_fire"))
    assert kinds == {"incident.reported": 4_340, "unit.status": expected}


def test_positions_are_in_their_city() -> None:
    assert all(37.6 < (e.lat or 37.7) < 37.9 for e in envelopes(SAN_FRANCISCO, "sf_fire"))
    assert all(47.4 < (e.lat or 0) < 47.8 for e in envelopes(SEATTLE, "seattle_911"))


def envelopes(path: Path, mapping: str) -> list[Envelope]:
    return [decode(message.body) for message in told(path, mapping)]
