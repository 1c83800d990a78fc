"""Files of words: a centre's are added, every fault names file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault
from app.centre.types_file import load_incident_types
from app.centre.words_file import NAME, load_word_rules
from app.domain.type_words import HINT, SURE, suggest_types

TYPES = load_incident_types()
SMALL = """\
[negation]
zh = ["没有"]
zh_reach = 4

[misheard]
"打价" = "打架"

[word.security]
sure.zh = ["打架", "打斗"]
hint.en = ["Knife"]
"""


def test_a_districts_words_are_added_to_the_bundled_ones(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(
        '[word.environment]\nsure.zh = ["泔水"]\nhint.zh = ["垃圾"]\n', encoding="utf-8"
    )
    rules = load_word_rules(TYPES, tmp_path)
    assert rules.weights["泔水"] == {"environment": SURE}
    assert rules.weights["垃圾"]["environment"] == SURE
    assert suggest_types("门口倒泔水", rules)[0].incident_type == "environment"
    assert "泔水" not in load_word_rules(TYPES).weights


def test_words_are_alike_in_wide_signs_and_capitals(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(SMALL, encoding="utf-8")
    assert load_word_rules(TYPES, files=[path]).weights["knife"] == {"security": HINT}


@pytest.mark.parametrize(
    ("found", "put", "line", "field", "named"),
    [
        ("[word.security]", "[word.securty]", 8, "word.securty", "securty"),
        ("sure.zh", "sure.jp", 9, "word.security.sure.jp", "zh"),
        ("sure.zh", "certain.zh", 9, "word.security.certain", "sure"),
        ('["打架", "打斗"]', '"打架"', 9, "word.security.sure.zh", "打架"),
        ('"打斗"', '"打架"', 9, "word.security.sure.zh", "打架"),
        ('"打斗"', '""', 9, "word.security.sure.zh", ""),
        ('"打斗"', "7", 9, "word.security.sure.zh", "7"),
        ('"打价" = "打架"', '"打价" = "打仗"', 6, "misheard.打价", "打仗"),
        ('"打价" = "打架"', '"打斗" = "打架"', 6, "misheard.打斗", "打斗"),
        ("zh_reach = 4", "zh_reach = -1", 3, "negation.zh_reach", "-1"),
        ("zh_reach = 4\n", "", 1, "negation.zh_reach", ""),
        ("zh_reach", "zh_range", 3, "negation.zh_range", "zh_reach"),
        ("[misheard]", "[misherd]", 5, "misherd", "misheard"),
    ],
)
def test_every_fault_names_file_line_and_field(
    tmp_path: Path, found: str, put: str, line: int, field: str, named: str
) -> None:
    assert found in SMALL
    path = tmp_path / NAME
    path.write_text(SMALL.replace(found, put, 1), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_word_rules(TYPES, files=[path])
    assert (fault.value.file, fault.value.line, fault.value.field) == (path, line, field)
    assert named in fault.value.reason
