"""The database goes away under two desks - silent, killed, started again - and comes back: told, refused, resumed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from app.bootstrap import App
from app.domain import commands as cmd
from app.journal.errors import JournalUnavailable
from tests.scenario.desks import comes_true, desk, report, seen
from tests.servers.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def told(allow_log: Callable[[str], None]) -> None:
    allow_log("following the journal broke off")


async def both_know_it_is_away(a: App, b: App) -> None:
    await comes_true(lambda: bool(a.bus.trouble and b.bus.trouble), "the trouble is told")
    with pytest.raises(JournalUnavailable) as refused:
        await a.bus.submit(cmd.AcceptIncident("i1"), a.context())
    assert a.bus.trouble == str(refused.value)
    assert "i1" in a.projections.desk.incidents, "what it has it keeps showing"


async def both_go_on(a: App, b: App) -> None:
    await comes_true(lambda: not (a.bus.trouble or b.bus.trouble), "both desks come back by themselves")
    await b.bus.submit(report("i2"), b.context())
    await b.bus.submit(cmd.AcceptIncident("i1"), b.context())
    await seen(a, lambda: a.projections.seq >= b.projections.seq)
    assert a.projections.desk == b.projections.desk
    assert (await a.journal.call(lambda journal: journal.verify())).ok


async def test_a_silent_server_is_noticed_and_taken_up_again_with_presence(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.make_database("street")
    async with desk("a", url, connected=True) as a, desk("b", url, connected=True) as b:
        await a.bus.submit(report("i1"), a.context())
        await seen(b, lambda: "i1" in b.projections.desk.incidents)
        assert a.presence is not None
        assert b.presence is not None
        b.presence.look("i1")
        await comes_true(lambda: [p.desk for p in a.presence.others("i1")] == ["b"], "b is seen")
        own_postgres.fall_silent()
        try:
            await both_know_it_is_away(a, b)
            await comes_true(lambda: not a.presence.others("i1"), "who is not heard is not shown")
        finally:
            own_postgres.speak_again()
        await both_go_on(a, b)
        await comes_true(lambda: [p.desk for p in a.presence.others("i1")] == ["b"], "b is seen again")


async def test_a_killed_server_that_is_started_again_costs_no_event(own_postgres: PostgresServer) -> None:
    url = own_postgres.make_database("street")
    async with desk("a", url) as a, desk("b", url) as b:
        await a.bus.submit(report("i1"), a.context())
        await seen(b, lambda: "i1" in b.projections.desk.incidents)
        own_postgres.kill()
        await both_know_it_is_away(a, b)
        own_postgres.start()
        await both_go_on(a, b)


async def test_the_first_command_after_the_server_is_back_goes_through(own_postgres: PostgresServer) -> None:
    """Nobody wrote meanwhile: the connection that writes has died unnoticed."""
    url = own_postgres.make_database("street")
    async with desk("a", url) as a:
        await a.bus.submit(report("i1"), a.context())
        own_postgres.kill()
        await comes_true(lambda: bool(a.bus.trouble), "the trouble is told")
        assert a.bus.trouble.startswith("数据库连不上，请检查服务器和网络后重试"), "the mend comes first"
        assert "\n" not in a.bus.trouble
        own_postgres.start()
        await comes_true(lambda: not a.bus.trouble, "it can be written, says the lamp")
        await a.bus.submit(cmd.AcceptIncident("i1"), a.context())
        assert a.bus.trouble == ""


async def reports(app: App, incident: str) -> None:
    """Again when it was refused, as an officer does; the same report twice is one incident."""
    while incident not in app.projections.desk.incidents:
        await comes_true(lambda: not app.bus.trouble, "it can be written")
        with suppress(JournalUnavailable):
            await app.bus.submit(report(incident), app.context())


async def test_what_others_wrote_while_one_desk_was_cut_off_is_there_afterwards(
    own_postgres: PostgresServer,
) -> None:
    """Both desks' tails are thrown out again and again while one of them writes."""
    url = own_postgres.make_database("street")
    async with desk("a", url) as a, desk("b", url) as b:
        for number in range(20):
            await reports(b, f"i{number}")
            if number % 5 == 0:
                own_postgres.administrate(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'streetdesk' AND state = 'idle' AND query LIKE 'SELECT seq%'"
                )
        await seen(a, lambda: len(a.projections.desk.incidents) == 20)
        assert a.projections.desk == b.projections.desk
