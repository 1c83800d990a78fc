"""The file of the field link: what it says holds, and a wrong entry is named with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.field_file import load_field_limits
from app.centre.layered_toml import DeclarationFault
from app.domain.field_limits import FieldLimits
from app.paths import bundled_data_dir

BUNDLED = bundled_data_dir() / "field_link.toml"


def test_the_bundled_file_and_the_defaults_agree() -> None:
    limits = load_field_limits(files=[BUNDLED])
    assert (limits.tasks, limits.roll_ms, limits.grace_ms) == (
        FieldLimits().tasks, FieldLimits().roll_ms, FieldLimits().grace_ms,
    )  # fmt: skip
    assert (limits.unread_ms, limits.reading_ms) == (FieldLimits().unread_ms, FieldLimits().reading_ms)
    assert {phrase.id for phrase in limits.desk_phrases if phrase.asks_reading} == {"call", "wait", "careful"}
    assert limits.roll_every_ms("fire", 4) == 600_000
    assert limits.roll_every_ms("crowd", 4) == 0
    assert all(phrase.zh and phrase.en for phrase in limits.unit_phrases + limits.desk_phrases)


@pytest.mark.parametrize(
    ("said", "line", "field"),
    [
        ("[order.P1]\nread_s = 5\n", 2, "order.P1.read_s"),
        ("[order.P1]\n\nanswer_s = 1\n", 3, "order.P1.answer_s"),
        ("[order.P1]\nalarm = 1\n", 2, "order.P1.alarm"),
        ("[order.P9]\nread_s = 5\n", 1, "order.P9"),
        ("[order.P1]\nread_s = 'x'\n", 2, "order.P1.read_s"),
        ("[roll]\ngrace_s = 0\n", 2, "roll.grace_s"),
        ("[roll]\ngrace_s = nan\n", 2, "roll.grace_s"),
        ("[roll.every_min]\nP5 = 1\n", 2, "roll.every_min.P5"),
        ("[roll.type_min]\nfire = 100000\n", 2, "roll.type_min.fire"),
        ("[phrase.desk]\nA-1 = {zh = '好', en = 'ok'}\n", 2, "phrase.desk.A-1"),
        ("[phrase.desk]\nok = {zh = '好'}\n", 2, "phrase.desk.ok.en"),
        ("[phrase.desk]\nok = 3\n", 2, "phrase.desk.ok"),
        ("[phrase.desk]\nok = {zh = '好', en = 'ok', asks_reading = 1}\n", 2, "phrase.desk.ok.asks_reading"),
        (
            "[phrase.unit]\nok = {zh = '好', en = 'ok', asks_reading = true}\n",
            2,
            "phrase.unit.ok.asks_reading",
        ),
        ("[message]\nreading_s = 0\n", 2, "message.reading_s"),
        ("[message]\nreading_alarm = 'yes'\n", 2, "message.reading_alarm"),
        ("[phrase]\nothers = {}\n", 2, "phrase.others"),
        ("order = 3\n", 1, "order"),
    ],
)
def test_a_wrong_entry_names_its_place(tmp_path: Path, said: str, line: int, field: str) -> None:
    own = tmp_path / "field_link.toml"
    own.write_text(said, encoding="utf-8")
    with pytest.raises(DeclarationFault) as told:
        load_field_limits(files=[BUNDLED, own])
    assert (told.value.file, told.value.line, told.value.field) == (own, line, field)
