"""Every refusal has its sentence, and every event of an incident its line, in both languages."""

from __future__ import annotations

import ast
import string
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import app
from app.domain.events import EVENT_TYPES
from app.paths import resource_dir

APP = Path(app.__file__).parent
ADDED_BY_THE_PANEL = {"incident.updated": {"changes"}, "incident.ordered": {"to"}}
"""Facts that are worded from an event's fields before the sentence is filled."""


def texts(area: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((resource_dir() / "i18n" / f"{area}.toml").read_text(encoding="utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def raised() -> Iterator[tuple[str, frozenset[str], str]]:
    """(rule, names of its facts, where) of every Refusal("rule", subject, fact=…) in app/."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                rule = node.args[0]
                assert isinstance(rule, ast.Constant), f"{path.name}:{node.lineno} names no rule"
                facts = frozenset(word.arg for word in node.keywords if word.arg)
                yield str(rule.value), facts, f"{path.name}:{node.lineno}"


RAISED = list(raised())


def test_refusals_are_found() -> None:
    assert len({rule for rule, _, _ in RAISED}) > 30


@pytest.mark.parametrize(("rule", "facts", "where"), RAISED, ids=[f"{r}@{w}" for r, _, w in RAISED])
def test_a_refusal_has_a_sentence_that_its_facts_fill(rule: str, facts: frozenset[str], where: str) -> None:
    sentence = texts("refusal").get(rule)
    assert sentence is not None, f"{where} raises {rule}, resources/i18n/refusal.toml has no sentence"
    for language in ("zh", "en"):
        missing = placeholders(sentence[language]) - facts
        assert not missing, f"refusal.{rule} ({language}) wants {missing}, {where} gives {set(facts)}"


def test_a_sentence_says_what_to_do() -> None:
    """Who, what and why not stand before the semicolon or colon, the mend after it."""
    for rule, sentence in texts("refusal").items():
        assert any(sign in sentence["zh"] for sign in "；：，"), rule
        assert any(sign in sentence["en"] for sign in ";:,"), rule


INCIDENT_EVENTS = sorted(name for name in EVENT_TYPES if name.startswith("incident."))


@pytest.mark.parametrize("name", INCIDENT_EVENTS)
def test_an_event_of_an_incident_has_a_line_that_its_fields_fill(name: str) -> None:
    names = {field.name for field in fields(_dataclass(name))} | ADDED_BY_THE_PANEL.get(name, set())
    sentence = texts("timeline")[name]
    for language in ("zh", "en"):
        assert sentence[language].format(**dict.fromkeys(names, "x"))
        assert placeholders(sentence[language]) <= names


def _dataclass(name: str) -> Any:
    return EVENT_TYPES[name]
