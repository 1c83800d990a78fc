"""The table of suitable kinds is checked when it is read; every fault names file, entry and mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.types_in_force import incident_types
from app.dispatch.kinds import load_kinds, suitable
from app.domain.errors import ConfigError


def test_every_type_of_incident_has_kinds_that_suit_it() -> None:
    kinds = load_kinds()
    assert set(kinds) == {known.id for known in incident_types()}
    assert suitable(kinds, "fire")[0] == "fire"
    assert suitable(kinds, "never heard of") == kinds["other"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[kinds", "kinds.toml"),
        ("[kinds]\nfire = ['fire']", "other"),
        ("[kinds]\nother = 'fire'", "other"),
        ("[kinds]\nother = []", "other"),
        ("[kinds]\nother = ['dragon']", "dragon"),
        ("[kinds]\nother = ['fire']\nfier = ['fire']", "fier"),
    ],
)
def test_a_fault_in_the_table_names_itself(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "kinds.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=named):
        load_kinds(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml"):
        load_kinds(tmp_path / "gone.toml")
