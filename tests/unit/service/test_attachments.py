"""Attached files: durable before they are named, checked when read, gone from the disk when nothing names them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.triage import MEDIA_TYPES, MOST_FILE_BYTES
from app.service.attachment_files import AttachmentFolder, media_type_of
from app.service.attachments import Attachments, attachments_dir
from tests.unit.service.conftest import BusUnderTest, report, start_bus

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20
KINDS = {
    "image/jpeg": JPEG,
    "image/png": b"\x89PNG\r\n\x1a\n....",
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n",
    "audio/wav": b"RIFF\x10\x00\x00\x00WAVEfmt ",
    "audio/mpeg": b"ID3\x04...",
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A ....",
    "video/mp4": b"\x00\x00\x00\x20ftypisom....",
}
NOT_SHOWN = (
    b"",
    b"MZ\x90\x00",
    b"<svg onload=alert(1)>",
    b"PK\x03\x04",
    b"\x00\x00\x00\x20ftypheic",
    b"RIFF....AVI ",
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[BusUnderTest]:
    bus = await start_bus("desk-1", tmp_path / "journal.db")
    for incident in ("i1", "i2"):
        await bus.do(report(incident))
    yield bus
    await bus.close()


@pytest.fixture
def files(desk: BusUnderTest, tmp_path: Path) -> Attachments:
    return Attachments(AttachmentFolder(tmp_path / "journal.db.files"), desk.bus, lambda: desk.desk)


def on_disk(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "journal.db.files").rglob("*") if path.is_file()]


def test_kinds_are_told_by_the_bytes_and_all_that_are_allowed_are_told() -> None:
    assert {kind: media_type_of(data) for kind, data in KINDS.items()} == {kind: kind for kind in KINDS}
    assert set(KINDS) == MEDIA_TYPES
    assert [media_type_of(data) for data in NOT_SHOWN] == [""] * len(NOT_SHOWN)


async def test_a_photo_is_attached_and_read_again(
    desk: BusUnderTest, files: Attachments, tmp_path: Path
) -> None:
    attachment = await files.attach(desk.officer(), "i1", "gate.jpg", JPEG)
    assert attachment == hashlib.sha256(JPEG).hexdigest()
    (file,) = desk.desk.incidents["i1"].files
    assert (file.id, file.name, file.media_type, file.size_bytes) == (
        attachment,
        "gate.jpg",
        "image/jpeg",
        len(JPEG),
    )
    assert await files.read(attachment) == JPEG
    (path,) = on_disk(tmp_path)
    if os.name != "nt":
        assert path.parent.stat().st_mode & 0o077 == 0


async def test_two_incidents_share_the_bytes_and_the_last_one_takes_them_along(
    desk: BusUnderTest, files: Attachments, tmp_path: Path
) -> None:
    attachment = await files.attach(desk.officer(), "i1", "gate.jpg", JPEG)
    assert await files.attach(desk.officer(), "i2", "same.jpg", JPEG) == attachment
    assert len(on_disk(tmp_path)) == 1
    await files.detach(desk.officer(), "i1", attachment, "wrong incident")
    assert await files.read(attachment) == JPEG
    await files.detach(desk.officer(), "i2", attachment, "shows a face")
    assert on_disk(tmp_path) == []
    with pytest.raises(Refusal, match="file_gone"):
        await files.read(attachment)


@pytest.mark.parametrize("data", [*NOT_SHOWN, JPEG + bytes(MOST_FILE_BYTES)], ids=lambda data: repr(data[:9]))
async def test_what_is_not_taken_leaves_nothing_behind(
    desk: BusUnderTest, files: Attachments, tmp_path: Path, data: bytes
) -> None:
    with pytest.raises(Refusal, match=r"file_kind|file_size"):
        await files.attach(desk.officer(), "i1", "gate.jpg", data)
    assert desk.desk.incidents["i1"].files == ()
    assert on_disk(tmp_path) == []


async def test_a_refused_command_leaves_nothing_behind_but_what_others_have(
    desk: BusUnderTest, files: Attachments, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="incident_unknown"):
        await files.attach(desk.officer(), "i9", "gate.jpg", JPEG)
    assert on_disk(tmp_path) == []
    await files.attach(desk.officer(), "i1", "gate.jpg", JPEG)
    with pytest.raises(Refusal, match="role_forbidden"):
        await files.attach(replace(desk.officer(), role="trainer"), "i2", "gate.jpg", JPEG)
    assert len(on_disk(tmp_path)) == 1


async def test_a_damaged_file_is_not_shown_and_is_mended_by_attaching_it_again(
    desk: BusUnderTest, files: Attachments, tmp_path: Path
) -> None:
    attachment = await files.attach(desk.officer(), "i1", "gate.jpg", JPEG)
    on_disk(tmp_path)[0].write_bytes(JPEG[:-1])
    with pytest.raises(Refusal, match="file_damaged"):
        await files.read(attachment)
    await files.attach(desk.officer(), "i2", "gate.jpg", JPEG)
    assert await files.read(attachment) == JPEG


async def test_a_dropped_file_is_read_no_further_than_is_allowed(
    desk: BusUnderTest, files: Attachments, tmp_path: Path
) -> None:
    photo, film = tmp_path / "gate.jpg", tmp_path / "film.mp4"
    photo.write_bytes(JPEG)
    with film.open("wb") as file:
        file.write(KINDS["video/mp4"])
        file.truncate(200 * MOST_FILE_BYTES)
    await files.attach_file(desk.officer(), "i1", photo)
    with pytest.raises(Refusal, match="file_size"):
        await files.attach_file(desk.officer(), "i1", film)
    for missing in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(Refusal, match="file_unreadable"):
            await files.attach_file(desk.officer(), "i1", missing)


async def test_a_full_disk_is_told_and_leaves_no_half(
    desk: BusUnderTest, files: Attachments, tmp_path: Path
) -> None:
    (tmp_path / "journal.db.files").write_text("in the way")
    with pytest.raises(Refusal, match="file_unwritable"):
        await files.attach(desk.officer(), "i1", "gate.jpg", JPEG)
    assert desk.desk.incidents["i1"].files == ()


def test_erasing_what_is_not_there_is_done_already(tmp_path: Path) -> None:
    AttachmentFolder(tmp_path / "files").erase("ab" * 32)


@pytest.mark.parametrize(
    ("db", "folder"),
    [
        ("/data/journal.db", "/data/journal.db.files"),
        ("sqlite:////data/journal.db?timeout=5", "/data/journal.db.files"),
        ("sqlite:///journal.db", str(Path("journal.db.files").absolute())),
    ],
)
def test_the_folder_lies_beside_the_database(db: str, folder: str) -> None:
    assert attachments_dir(db) == Path(folder)


def test_a_servers_folder_has_no_password_in_its_name() -> None:
    folder = attachments_dir("postgresql+psycopg://street:secret@db.local:5432/desk?sslmode=require")
    assert folder.name == "db.local-5432-desk"
    assert "secret" not in str(folder)


async def test_a_command_that_names_no_hash_is_refused(desk: BusUnderTest) -> None:
    with pytest.raises(Refusal, match="file_id_unknown"):
        await desk.do(cmd.AttachFile("i1", "../" * 21 + "x", "gate.jpg", "image/jpeg", 5))
