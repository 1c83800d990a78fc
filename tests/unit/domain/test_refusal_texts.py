"""Every refusal that the source can raise has its sentence, and the sentence asks only for facts that are given.

So has every kind of line in the story of an incident.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

from app.domain.events import EVENT_TYPES
from app.i18n import set_language, tr
from app.paths import resource_dir

ROOT = Path(__file__).resolve().parents[3]
SENTENCES = tomllib.loads((resource_dir() / "i18n" / "refusal.toml").read_text(encoding="utf-8"))
WORDED_IN_THE_LIST = {"incident.updated": {"changes"}}


def refusals() -> Iterator[tuple[str, set[str], str]]:
    """(rule, names of its facts, place) of every Refusal raised in app."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).split(".")[-1] == "Refusal"
                and node.args
            ):
                rule = node.args[0]
                assert isinstance(rule, ast.Constant), f"{path}:{node.lineno}: name the rule in place"
                facts = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield str(rule.value), facts, f"{path.relative_to(ROOT)}:{node.lineno}"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_rule_has_a_sentence_that_asks_for_given_facts_only() -> None:
    wrong = []
    for rule, facts, place in refusals():
        if rule not in SENTENCES:
            wrong.append(f"{place}: no sentence for {rule}")
            continue
        for language, text in SENTENCES[rule].items():
            if missing := placeholders(text) - facts:
                wrong.append(f"{place}: {rule} ({language}) wants {sorted(missing)}")
    assert not wrong, "\n".join(wrong)


def test_every_sentence_belongs_to_a_rule() -> None:
    assert set(SENTENCES) == {rule for rule, _, _ in refusals()}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_sentence_says_why_not_and_what_to_do(language: str) -> None:
    set_language("en" if language == "en" else "zh_CN")
    parts = (";", ":") if language == "en" else ("；", "：")
    try:
        for rule in SENTENCES:
            text = tr(f"refusal.{rule}")
            assert any(part in text for part in parts), f"{rule}: {text}"
    finally:
        set_language("zh_CN")


def test_every_event_of_an_incident_has_a_line_that_asks_for_its_fields_only() -> None:
    lines = tomllib.loads((resource_dir() / "i18n" / "timeline.toml").read_text(encoding="utf-8"))
    for name, event in EVENT_TYPES.items():
        if name.startswith("incident."):
            known = {f.name for f in fields(event)} | WORDED_IN_THE_LIST.get(name, set())  # type: ignore[arg-type]
            for text in lines[name].values():
                assert placeholders(text) <= known, name
