"""Files of canned phrases: what fits comes first, a centre's are laid over, every fault names file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault
from app.centre.phrases_file import NAME, load_phrases
from app.centre.types_file import load_incident_types

TYPES = load_incident_types()
SMALL = """\
[phrase.told]
zh = "已通知社区"
en = "The community was told"

[phrase.fire_out]
zh = "人员已疏散"
en = "People are out"
types = ["fire"]
steps = ["handling"]
"""


def test_what_fits_type_and_step_stands_first_and_the_rest_is_found_by_words(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(SMALL, encoding="utf-8")
    phrases = load_phrases(TYPES, files=[path])
    assert [p.id for p in phrases.fitting("fire", "handling", "zh_CN")] == ["fire_out", "told"]
    assert [p.id for p in phrases.fitting("crowd", "handling", "zh_CN")] == ["told"]
    assert [p.id for p in phrases.fitting("crowd", "handling", "zh_CN", "疏散")] == ["fire_out"]
    assert [p.id for p in phrases.fitting("fire", "handling", "en", "WAS community")] == ["told"]
    assert phrases.fitting("fire", "handling", "en", "疏散") == []


def test_a_centres_phrase_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('[phrase.told_community]\nzh = "已告知居委会"\n', encoding="utf-8")
    texts = {p.id: p.zh for p in load_phrases(TYPES, tmp_path).phrases}
    assert texts["told_community"] == "已告知居委会"
    assert len(texts) == len(load_phrases(TYPES).phrases) >= 30


@pytest.mark.parametrize(
    ("found", "put", "line", "field", "named"),
    [
        ('zh = "已通知社区"', 'zh = ""', 2, "phrase.told.zh", "120"),
        ('zh = "已通知社区"\n', "", 1, "phrase.told.zh", ""),
        ('"fire"]', '"fyre"]', 8, "phrase.fire_out.types", "fyre"),
        ('"handling"]', '"working"]', 9, "phrase.fire_out.steps", "working"),
        ('["fire"]', "[]", 8, "phrase.fire_out.types", "[]"),
        ("types =", "kinds =", 8, "phrase.fire_out.kinds", "types"),
        ("[phrase.told]", "[phrases.told]", 1, "phrases", "phrase"),
    ],
)
def test_a_fault_names_line_field_and_mend(
    tmp_path: Path, found: str, put: str, line: int, field: str, named: str
) -> None:
    path = tmp_path / NAME
    assert found in SMALL
    path.write_text(SMALL.replace(found, put), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_phrases(TYPES, files=[path])
    assert (fault.value.file, fault.value.line, fault.value.field) == (path, line, field)
    assert named in fault.value.reason
