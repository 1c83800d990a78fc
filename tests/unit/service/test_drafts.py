"""A draft's words survive, its reporter never gets there; a broken file stands in nobody's way."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.service.drafts import Draft, DraftFile, draft_path

DRAFT = Draft(
    1_700_000_000_000, "what <b>", "where \u202e", "14:30", "fire", True, 1, True, 31.2, 121.4, "g", "c1"
)


@pytest.fixture
def file(tmp_path: Path) -> DraftFile:
    return DraftFile(draft_path(tmp_path / "journal.db.files", "desk/../1"))


def test_it_comes_back_as_it_was_typed_and_is_its_owners_alone(file: DraftFile) -> None:
    file.write(DRAFT)
    assert file.read() == DRAFT
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


def test_numbers_in_the_words_are_masked_on_disk(file: DraftFile) -> None:
    file.write(Draft(what="call 13812341234", where="next to 13912341234"))
    assert b"12341234" not in file.path.read_bytes()


def test_a_blank_one_leaves_nothing(file: DraftFile) -> None:
    file.write(DRAFT)
    file.write(Draft(written_at=1, what="  ", priority=3, incident_type="fire"))
    assert not file.path.exists()
    assert file.read() is None


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{", b'{"what": 5}', b'{"lat": "x"}', b"\xff\xfe", b'{"priority": true']
)
def test_a_broken_one_is_none(file: DraftFile, text: bytes) -> None:
    file.path.write_bytes(text)
    assert file.read() is None


def test_a_field_that_a_newer_program_wrote_is_left_out(file: DraftFile) -> None:
    file.path.write_text('{"what": "x", "colour": "red"}')
    assert file.read() == Draft(what="x")


def test_a_disk_that_says_no_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        DraftFile(tmp_path / "no folder" / "draft.json").write(DRAFT)
    assert refused.value.rule == "draft_unwritable"
