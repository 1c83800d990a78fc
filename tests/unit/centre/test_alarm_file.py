"""The limits of alarms as a file: the bundled one is what the program assumes, a wrong one names line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.alarm_file import load_alarm_limits
from app.centre.layered_toml import DeclarationFault
from app.domain.alarm_limits import AlarmLimits
from app.paths import bundled_data_dir

BUNDLED = bundled_data_dir() / "alarms.toml"


def test_the_bundled_file_says_what_the_defaults_say() -> None:
    assert load_alarm_limits() == AlarmLimits()


def test_a_districts_own_file_lies_over_it(tmp_path: Path) -> None:
    (tmp_path / "alarms.toml").write_text('[emergency]\ntypes = ["gas"]\n[shelving.longest_min]\n4 = 60\n')
    limits = load_alarm_limits(tmp_path)
    assert limits.emergency_types == {"gas"}
    assert limits.shelf_longest_ms == {**AlarmLimits().shelf_longest_ms, 4: 3_600_000}


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('types = ["one_key", "officer_down", "sos"]', "types = [1]", "emergency.types"),
        ("gap_s = 300", "gap_s = 0", "grouping.gap_s"),
        ("gap_s = 300", "gap_s = inf", "grouping.gap_s"),
        ("gap_s = 300", "gap_s = true", "grouping.gap_s"),
        ("count = 5", "count = 1", "chattering.count"),
        ("count = 5", "count = 5.5", "chattering.count"),
        ("2 = 30", "1 = 30", "shelving.longest_min.1"),
        ("2 = 30", "2 = -30", "shelving.longest_min.2"),
        ("choices_min = [15, 30, 60, 120, 240, 480]", "choices_min = []", "shelving.choices_min"),
        ("flood_end = 5", "flood_end = 11", "load.flood_end"),
        ("flood_share = 0.01", "flood_share = 1.5", "load.flood_share"),
        ("repeat_s = 10", "repeats = 10", "sound.repeats"),
        ('starts = ["08:00", "20:00"]', 'starts = ["8", "24:00"]', "shift.starts"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, before: str, after: str, field: str) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert before in text
    file = tmp_path / "alarms.toml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_alarm_limits(files=[file])
    line = next(number for number, each in enumerate(text.splitlines(), 1) if each == before)
    assert (fault.value.file, fault.value.line, fault.value.field) == (file, line, field)


def test_what_is_missing_is_named_where_it_belongs(tmp_path: Path) -> None:
    file = tmp_path / "alarms.toml"
    file.write_text(BUNDLED.read_text(encoding="utf-8").replace("count = 5\n", ""), encoding="utf-8")
    with pytest.raises(DeclarationFault, match=r"chattering\.count"):
        load_alarm_limits(files=[file])
