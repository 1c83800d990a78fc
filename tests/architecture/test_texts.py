"""Every text that the program asks for by name exists, in both languages, with the same placeholders."""

import ast
import string
import tomllib
from pathlib import Path

import pytest

from app.i18n import has_text
from tests.architecture.source import ROOT, modules

AREAS = sorted((ROOT / "resources" / "i18n").glob("*.toml"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def asked_for() -> list[tuple[str, str]]:
    """(place, key) of every tr("literal")."""
    return [
        (module.at(call), call.args[0].value)
        for module in modules("app", "widgets", "main.py")
        for call, name in module.calls()
        if name == "tr" and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_every_text_that_is_asked_for_by_name_exists() -> None:
    asked = asked_for()
    assert asked
    assert [(place, key) for place, key in asked if not has_text(key)] == []


@pytest.mark.parametrize("area", AREAS, ids=[path.stem for path in AREAS])
def test_every_text_says_the_same_in_both_languages(area: Path) -> None:
    texts = tomllib.loads(area.read_text(encoding="utf-8"))
    assert [key for key, text in texts.items() if set(text) != {"zh", "en"} or not all(text.values())] == []
    assert [key for key, text in texts.items() if placeholders(text["zh"]) != placeholders(text["en"])] == []
