"""Every text that the program asks for by name exists, and every text in both languages."""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules

AREAS = sorted((ROOT / "resources" / "i18n").glob("*.toml"))


def asked_for() -> list[tuple[str, str]]:
    """(place, key) of every tr("literal")."""
    return [
        (module.at(call), call.args[0].value)
        for module in modules("app", "widgets", "main.py")
        for call, name in module.calls()
        if name == "tr" and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_every_text_that_is_asked_for_by_name_exists() -> None:
    known = {
        f"{path.stem}.{key}" for path in AREAS for key in tomllib.loads(path.read_text(encoding="utf-8"))
    }
    asked = asked_for()
    assert asked
    assert [(place, key) for place, key in asked if key not in known] == []


@pytest.mark.parametrize("area", AREAS, ids=[path.stem for path in AREAS])
def test_every_text_is_there_in_both_languages(area: Path) -> None:
    texts = tomllib.loads(area.read_text(encoding="utf-8"))
    assert [key for key, text in texts.items() if set(text) != {"zh", "en"} or not all(text.values())] == []
