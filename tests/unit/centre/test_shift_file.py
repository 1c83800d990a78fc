"""The limits of a shift and the patrol plan as files: a wrong one names file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault
from app.centre.shift_file import load_shift_limits
from app.config import default_district
from app.domain.shift_limits import ShiftLimits
from app.geo.district import load_district
from app.geo.patrol_plan import NAME, load_patrol_plans
from app.paths import bundled_data_dir

BUNDLED = bundled_data_dir() / "shift.toml"


def test_the_bundled_file_says_what_the_defaults_say() -> None:
    assert load_shift_limits() == ShiftLimits()


def test_a_districts_own_file_lies_over_it(tmp_path: Path) -> None:
    (tmp_path / "shift.toml").write_text("[status.en_route]\nnotice_min = 5\n[duty]\nrest_h = 11\n")
    limits = load_shift_limits(tmp_path)
    assert limits.status["en_route"] == (300_000, ShiftLimits().status["en_route"][1])
    assert limits.rest_ms == 11 * 3_600_000


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("overdue_min = 5", "overdue_min = 2", "status.dispatched.overdue_min"),
        ("notice_min = 15", "notice_min = -1", "status.en_route.notice_min"),
        ("[status.returning]", "[status.sleeping]", "status.sleeping"),
        ("rest_h = 8", 'rest_h = "8"', "duty.rest_h"),
        ("ending_min = 30", "ending_min = -1", "duty.ending_min"),
        ("late_min = 120", "late = 120", "handover.late_min"),
        ("gap_s = 120", "gap_s = nan", "patrol.gap_s"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, before: str, after: str, field: str) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert before in text
    file = tmp_path / "shift.toml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_shift_limits(files=[file])
    assert (fault.value.file, fault.value.field) == (file, field)
    assert fault.value.line > 1


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('route = "T1"', 'route = "T9"', "plan.plaza.route"),
        ('unit = "j1"', 'unit = "j99"', "plan.plaza.unit"),
        ('from = "08:00"', 'from = "8"', "plan.plaza.from"),
        ('until = "20:00"', 'until = "07:00"', "plan.plaza.until"),
        ("every_min = 120", "every_min = 0", "plan.plaza.every_min"),
        ("dwell_s = 30", "dwell = 30", "plan.plaza.dwell"),
    ],
)
def test_a_wrong_patrol_plan_is_told_where(tmp_path: Path, before: str, after: str, field: str) -> None:
    district = load_district(default_district())
    text = (default_district() / NAME).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / NAME).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_patrol_plans(tmp_path, district)
    assert fault.value.field == field


def test_a_district_may_have_no_patrol_plan(tmp_path: Path) -> None:
    assert load_patrol_plans(tmp_path, load_district(default_district())) == ()
