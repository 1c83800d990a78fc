"""What type a text speaks of: longest word, negation, misheard words, bad input; the bundled words on drill texts."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.centre.types_file import load_incident_types
from app.centre.words_file import load_word_rules
from app.domain.type_words import (
    HINT,
    MISHEARD,
    MOST_SIGNS,
    SURE,
    Negation,
    WordRules,
    is_clear,
    suggest_types,
)
from app.paths import bundled_data_dir

TYPES = load_incident_types()
BUNDLED = load_word_rules(TYPES)
RULES = WordRules(
    {
        "打架": {"security": SURE}, "打架斗殴": {"security": SURE}, "fight": {"security": SURE},
        "起火": {"fire": SURE}, "烟": {"fire": HINT, "noise": HINT}, "漏水": {"dispute": HINT},
        "未归": {"missing": SURE}, "没有呼吸": {"medical": SURE},
    },
    {"medical": 0, "fire": 1, "security": 2, "missing": 3, "dispute": 4, "noise": 5},
    (
        Negation(("没有", "没", "不是", "未"), 4, ("是", "但"), ("没完没了",)),
        Negation(("no", "not"), 12, ("but",)),
    ),
    {"打价": "打架"},
)  # fmt: skip


def heard(text: str, rules: WordRules = RULES) -> dict[str, list[str]]:
    return {one.incident_type: [word.written for word in one.words] for one in suggest_types(text, rules)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("楼下打架", {"security": ["打架"]}),
        ("打架斗殴", {"security": ["打架斗殴"]}),  # the longest word, once
        ("打架，打架，又打架", {"security": ["打架"]}),
        ("没有打架", {}),
        ("没有人打架", {}),
        ("没有打架、起火", {}),  # joined to what is denied
        ("没有打架，起火了", {"fire": ["起火"]}),  # a clause ends
        ("不是打架是起火", {"fire": ["起火"]}),  # a turn
        ("没有打架但起火", {"fire": ["起火"]}),
        ("没有物业的小区里起火", {"fire": ["起火"]}),  # beyond its reach
        ("没完没了地打架", {"security": ["打架"]}),  # only looks like a negation
        ("老人未归", {"missing": ["未归"]}),
        ("没有呼吸", {"medical": ["没有呼吸"]}),  # a word that begins with one
        ("有人打价", {"security": ["打价"]}),
        ("ＦＩＧＨＴ", {"security": ["fight"]}),
        ("they were Fighting", {"security": ["fighting"]}),
        ("firefighter", {}),
        ("no fight here", {}),
        ("no fight but 起火", {"fire": ["起火"]}),
        ("not here, a fight", {"security": ["fight"]}),
        ("", {}),
    ],
)
def test_the_rule(text: str, found: dict[str, list[str]]) -> None:
    assert heard(text) == found


def test_types_are_ranked_by_what_speaks_for_them_and_a_tie_by_urgency() -> None:
    ranked = suggest_types("有烟，打价，漏水，起火", RULES)
    assert [(one.incident_type, one.score) for one in ranked] == [
        ("fire", SURE + HINT), ("security", SURE + MISHEARD), ("dispute", HINT), ("noise", HINT),
    ]  # fmt: skip
    assert ranked[1].words[0].meant == "打架"
    assert [one.incident_type for one in suggest_types("打架起火", RULES)] == ["fire", "security"]


@pytest.mark.parametrize(
    ("text", "clear"), [("起火", True), ("打价", True), ("漏水", False), ("打架起火", False), ("", False)]
)
def test_only_what_is_clear_may_be_filled_in(text: str, clear: bool) -> None:
    assert is_clear(suggest_types(text, RULES)) is clear


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    for one in suggest_types(text, BUNDLED):
        assert one.incident_type in TYPES
        assert one.score == sum(word.weight for word in one.words) > 0


@given(st.lists(st.sampled_from(sorted(BUNDLED.weights)), min_size=1, max_size=6))
def test_words_in_clauses_of_their_own_are_all_heard(words: list[str]) -> None:
    found = suggest_types("。".join(words), BUNDLED)
    said = {word.meant for one in found for word in one.words}
    assert set(words) <= said


def test_a_long_text_is_read_only_so_far() -> None:
    assert heard("，" * (MOST_SIGNS - 2) + "起火") == {"fire": ["起火"]}
    assert heard("，" * (MOST_SIGNS - 1) + "起火") == {}
    assert heard("\x00\u202e<script>打架</script>'; DROP TABLE") == {"security": ["打架"]}


# -- the bundled words -------------------------------------------------------------------------------------------------


def drill(name: str) -> dict[str, Any]:
    return tomllib.loads((bundled_data_dir() / "drills" / name).read_text(encoding="utf-8"))


TEMPLATES = drill("templates.toml")
ALSO = {"noise": "noise", "one_key_elder": "one_key"}
"""Templates whose text speaks of a narrower type than the one that their source sends."""


def filled(text: str) -> str:
    words = TEMPLATES["words"] | {"place": ["人民广场"], "road": ["建国路"]}
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], ["3"])[0], text)


def share_right(told: list[tuple[str, str]]) -> float:
    """Of (template, text), how many are given the type of their template first."""
    types = {one["name"]: one["type"] for one in TEMPLATES["template"]}
    right = 0
    for name, text in told:
        found = suggest_types(filled(text), BUNDLED)
        right += bool(found) and found[0].incident_type in (types[name], ALSO.get(name))
    return right / len(told)


def test_what_the_drill_tells_is_understood() -> None:
    told = [
        (one["name"], f"{title}。{description}")
        for one in TEMPLATES["template"]
        for title in one["titles"]
        for description in one["descriptions"]
    ]
    assert share_right(told) == 1.0


def test_what_second_callers_tell_in_their_own_words_is_mostly_understood() -> None:
    """These texts were not looked at when the words were chosen."""
    told = [
        (name, f"{title}。{description}")
        for name, one in drill("second_reports.toml")["told"].items()
        for title in one["titles"]
        for description in one["descriptions"]
    ]
    assert share_right(told) > 0.85
