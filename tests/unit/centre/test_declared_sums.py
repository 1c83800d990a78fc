"""Checksums of declared data: what a file says counts, not how it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.declared_sums import declared_sums
from app.centre.layered_toml import DeclarationFault


def differing(one: Path, other: Path) -> set[str]:
    first, second = declared_sums(one), declared_sums(other)
    return {name for name in first | second if first.get(name) != second.get(name)}


def test_only_what_is_said_otherwise_differs(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    (one / "runcards").mkdir(parents=True)
    other.mkdir()
    assert differing(one, other) == set()
    assert {"types.toml", "field_link.toml", "dispatch.toml", "runcards/fire.toml"} <= declared_sums(
        one
    ).keys()
    (one / "field_link.toml").write_text("[order.P1]\ndeliver_s = 21\n", encoding="utf-8")
    (one / "dispatch.toml").write_text("# as it was\n[wait]\nmargin_min = 3\n", encoding="utf-8")
    (one / "types.toml").write_text("# nothing\n", encoding="utf-8")
    assert differing(one, other) == {"field_link.toml"}
    (one / "runcards" / "flood.toml").write_text("x = 1\n", encoding="utf-8")
    assert differing(one, other) == {"field_link.toml", "runcards/flood.toml"}


def test_what_cannot_be_read_is_a_fault_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "shift.toml").write_text("[", encoding="utf-8")
    with pytest.raises(DeclarationFault, match="shift"):
        declared_sums(tmp_path)


def test_however_many_cards_a_centre_writes_desks_can_still_say_what_they_go_by(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        (folder / "runcards").mkdir(parents=True)
        for number in range(300):
            (folder / "runcards" / f"own_card_{number}.toml").write_text("x = 1\n", encoding="utf-8")
    assert len(str(declared_sums(one))) < 5_000
    assert differing(one, other) == set()
    (one / "runcards" / "own_card_7.toml").write_text("x = 2\n", encoding="utf-8")
    assert differing(one, other) == {"runcards"}
