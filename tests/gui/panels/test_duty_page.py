"""The duty plan as rows: one civil day, and above it whoever came on yesterday and is on still."""

from __future__ import annotations

from app.domain.duty import DutyTurn
from app.domain.instants import parse_iso
from tests.gui.conftest import DeskUnderTest
from widgets.panels.shift_words import ShiftWords, turn_key

HOUR = 3_600_000
FIVE = parse_iso("2026-11-22T21:00:00Z")
"""In China five in the morning of the 23rd."""
NIGHT = DutyTurn(FIVE - 9 * HOUR, FIVE + 3 * HOUR, "p1", "", "a")
DAY = DutyTurn(FIVE + 3 * HOUR, FIVE + 15 * HOUR, "p2", "", "b")
NEXT_NIGHT = DutyTurn(FIVE + 15 * HOUR, FIVE + 27 * HOUR, "p3", "", "c")
PLAN = (NIGHT, DAY, NEXT_NIGHT)


def shown(desk: DeskUnderTest, now: int, days_ahead: int = 0) -> list[str]:
    """Heads by their words, turns by their keys."""
    rows = ShiftWords(desk.bridge).duty_rows(PLAN, now, days_ahead, 8 * HOUR)
    return [row.key[1] if row.key[0] else row.title for row in rows]


def test_after_midnight_the_night_shift_is_still_in_sight(desk: DeskUnderTest) -> None:
    night, day, next_night = map(turn_key, PLAN)
    assert shown(desk, FIVE) == ["昨天开始、正在当班", night, "今天 11-23", day, next_night]


def test_who_has_gone_is_not_and_tomorrow_lists_nobody_of_today(desk: DeskUnderTest) -> None:
    _, day, next_night = map(turn_key, PLAN)
    assert shown(desk, FIVE + 4 * HOUR) == ["今天 11-23", day, next_night]
    assert shown(desk, FIVE + 16 * HOUR, days_ahead=1) == ["明天 11-24", "没有排班"]
