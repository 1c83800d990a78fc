"""Two desks on one PostgreSQL journal: of two that send the same unit one wins, and each sees what the other does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.bootstrap import App
from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.event import EVENT_TYPES, Event
from app.i18n import set_language
from app.journal import codec
from app.journal.errors import JournalUnavailable
from app.journal.store import Batch, Entry
from app.service.attachment_files import AttachmentFolder
from app.service.attachments import attachments_dir
from app.service.refusals import refusal_text
from tests.scenario.desks import comes_true, desk, report, seen

pytestmark = pytest.mark.postgres


async def test_a_change_of_one_desk_appears_on_the_other(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        await seen(b, lambda: "i1" in b.projections.desk.incidents)
        await b.bus.submit(cmd.DispatchUnits("i1", ("p1",)), b.context())
        await seen(a, lambda: a.projections.seq >= b.projections.seq)
        assert a.projections.desk.incidents["i1"].status == "dispatched"
        assert a.projections.desk == b.projections.desk


async def test_of_two_desks_that_send_the_same_unit_one_wins(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        await a.bus.submit(report("i2"), a.context())
        await seen(b, lambda: "i2" in b.projections.desk.incidents)
        sent = await asyncio.gather(
            a.bus.submit(cmd.DispatchUnits("i1", ("p1",)), a.context()),
            b.bus.submit(cmd.DispatchUnits("i2", ("p1",)), b.context()),
            return_exceptions=True,
        )
        (refused,) = [answer for answer in sent if isinstance(answer, Refusal)]
        assert (refused.rule, refused.subject) == ("unit_busy", "p1")
        winner = "a" if a.projections.desk.incidents["i1"].units else "b"
        assert refused.by is not None
        assert (refused.by.desk, refused.by.actor, refused.by.did) == (
            winner,
            f"officer of {winner}",
            "unit.dispatched",
        )
        for language, word in (("en", "was first at"), ("zh_CN", "先派出")):
            set_language(language)
            sentence = refusal_text(refused)
            assert word in sentence
            assert f"officer of {winner}" in sentence
        lines = await a.timeline("i1" if a.projections.desk.incidents["i1"].units else "i2")
        assert lines[-1].actor in ("officer of a", "officer of b")


async def test_a_sketch_of_one_desk_is_the_others_to_see_and_not_to_withdraw(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        outline = ((31.22, 121.47), (31.23, 121.47), (31.22, 121.48))
        share = cmd.ShareSketch("s1", "area", outline, "cordon", (), a.clock.now() + 3_600_000)
        await a.bus.submit(share, a.context())
        await seen(b, lambda: "s1" in b.projections.desk.sketches)
        assert b.projections.desk.sketches == a.projections.desk.sketches
        assert (b.projections.desk.sketches["s1"].desk, b.projections.desk.sketches["s1"].points) == (
            "a",
            outline,
        )
        with pytest.raises(Refusal) as refusal:
            await b.bus.submit(cmd.WithdrawSketch("s1", "not ours"), b.context())
        assert refusal.value.rule == "sketch_of_other_desk"
        await a.bus.submit(cmd.WithdrawSketch("s1", "road is open"), a.context())
        await seen(b, lambda: b.projections.desk.sketches["s1"].status == "withdrawn")


BOTH_AT_ONCE = [
    (cmd.AcceptIncident("i1"), "overtaken", "incident.accepted"),
    (cmd.CloseIncident("i1", "false_alarm", "nothing there"), "incident_ended", "incident.closed"),
    (cmd.MergeIncident("i1", "i2"), "incident_ended", "incident.merged"),
    (cmd.ClaimIncident("i1"), "claimed_by_other", ""),
]


@pytest.mark.parametrize(("command", "rule", "did"), BOTH_AT_ONCE, ids=lambda v: type(v).__name__)
async def test_of_two_desks_that_do_the_same_the_second_is_told_by_whom(
    postgres_url: str, command: cmd.Command, rule: str, did: str
) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        await a.bus.submit(report("i2"), a.context())
        await seen(b, lambda: "i2" in b.projections.desk.incidents)
        answers = await asyncio.gather(
            a.bus.submit(command, a.context()), b.bus.submit(command, b.context()), return_exceptions=True
        )
        (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
        (won,) = [answer for answer in answers if isinstance(answer, tuple)]
        assert refused.rule == rule
        assert won[-1].desk in refusal_text(refused)
        assert won[-1].actor in refusal_text(refused)
        if did:
            assert refused.by is not None
            assert (refused.by.desk, refused.by.did) == (won[-1].desk, did)


async def test_a_desk_that_does_not_understand_the_other_goes_on_showing_and_stops_writing(
    postgres_url: str,
) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await b.bus.submit(report("i1"), b.context())
        await seen(a, lambda: "i1" in a.projections.desk.incidents)
        async with a._projector._folding:  # type: ignore[union-attr] - in this process a would understand it too
            await write_as_a_newer_program(b, "incident/i1")
        await b.bus.submit(report("i2"), b.context())
        await b.bus.submit(cmd.AcceptIncident("i2"), b.context())
        await seen(a, lambda: a.projections.seq >= b.projections.seq)
        assert a.projections.desk.incidents["i2"].status == "accepted", "what came after it is folded in"
        await comes_true(lambda: "test.teleported" in a.bus.trouble, "it is said what is not understood")
        assert " b " in a.bus.trouble, "and which desk wrote it"
        with pytest.raises(JournalUnavailable) as refused:
            await a.bus.submit(cmd.AcceptIncident("i1"), a.context())
        assert refused.value.key == "desk_outdated"
        assert await a.timeline("i1"), "the story can still be read"
        assert a.projections.seq == b.projections.seq, "and nothing was written"


async def write_as_a_newer_program(app: App, stream: str) -> None:
    @dataclass(frozen=True, slots=True)
    class Teleported(Event, type_name="test.teleported"):
        incident: str

    try:
        version = app.projections.desk.versions[stream] + 1
        entry = Entry(stream, version, Teleported("i1"), app.clock.now(), "officer of b", "b", "", "")
        records = await app.journal.append(Batch((entry,)))
        await app._projector.take(records)  # type: ignore[union-attr]
    finally:
        del EVENT_TYPES["test.teleported"]
        for kind in [kind for kind in codec._decoders if kind[0] == "test.teleported"]:
            del codec._decoders[kind]


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(2_000)


async def test_a_file_of_one_desk_is_opened_and_erased_at_the_other(postgres_url: str) -> None:
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        await a.bus.submit(report("i1"), a.context())
        file = await a.attachments.attach(a.context(), "i1", "scene.png", PICTURE)
        await seen(b, lambda: b.projections.seq >= a.projections.seq)
        assert await b.attachments.read(file) == PICTURE
        await b.attachments.detach(b.context(), "i1", file, "not of this matter")
        for app in (a, b):
            with pytest.raises(Refusal) as refused:
                await app.attachments.read(file)
            assert refused.value.rule == "file_gone"


async def test_a_file_that_an_older_program_left_on_one_desk_is_moved_over(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.attachments.user_data_dir", lambda: tmp_path)
    async with desk("a", postgres_url) as a, desk("b", postgres_url) as b:
        stored = AttachmentFolder(attachments_dir(postgres_url)).put("scene.png", PICTURE)
        assert await a.attachments.read(stored.id) == PICTURE
        monkeypatch.setattr("app.service.attachments.user_data_dir", lambda: tmp_path / "of b")
        assert await b.attachments.read(stored.id) == PICTURE
        assert not files_under(tmp_path)


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
