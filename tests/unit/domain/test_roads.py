"""Closed roads: what closes them, until when, who was first, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain import commands as cmd
from app.domain import events as ev
from app.domain.errors import Refusal
from app.domain.instants import DAY_MS
from app.domain.road import LONGEST_MS, MOST_REASON, MOST_ROADS
from app.domain.road_rules import permit_roads
from app.i18n import LANGUAGES, set_language
from app.service.refusals import refusal_text
from tests.unit.domain.desk_driver import START_AT, DeskDriver

HOUR_MS = 3_600_000
CLOSE: dict[str, Any] = {
    "roads": ("r1", "r2"), "name": "Renmin Road", "reason": "burst main",
    "from_at": START_AT, "until_at": START_AT + HOUR_MS,
}  # fmt: skip


def close(**other: Any) -> cmd.CloseRoad:
    return cmd.CloseRoad(**{**CLOSE, **other})


def refused(driver: DeskDriver, command: cmd.Command) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        permit_roads(driver.desk, command, START_AT)
        driver.do(command)
    for language in LANGUAGES:
        set_language(language)
        assert "{" not in refusal_text(refusal.value) and "refusal." not in refusal_text(refusal.value)
    return refusal.value


def test_each_piece_of_a_street_is_closed_until_its_end_and_opened_before_it() -> None:
    driver = DeskDriver()
    events = driver.do(close())
    assert [(event.road, event.name) for event in events] == [("r1", "Renmin Road"), ("r2", "Renmin Road")]  # type: ignore[attr-defined]
    known = driver.desk.roads["r1"]
    assert [known.holds(START_AT + ms) for ms in (-1, 0, HOUR_MS - 1, HOUR_MS)] == [False, True, True, False]
    assert driver.desk.versions["road/r1"] == 1
    driver.do(cmd.OpenRoad(("r1",), "Renmin Road"))
    assert not driver.desk.roads["r1"].holds(START_AT + 1) and driver.desk.roads["r2"].holds(START_AT + 1)


def test_what_is_closed_already_stays_as_it_is_and_only_the_rest_is_closed() -> None:
    driver = DeskDriver()
    driver.do(close(roads=("r1",)))
    (event,) = driver.do(close(reason="fire"))
    assert isinstance(event, ev.RoadClosed) and (event.road, event.reason) == ("r2", "fire")
    again = refused(driver, close())
    assert (again.rule, again.facts["at"], again.facts["why"]) == (
        "road_closed_already", CLOSE["until_at"], "burst main",
    )  # fmt: skip


def test_a_closure_is_given_another_end_where_that_is_asked_for() -> None:
    driver = DeskDriver()
    driver.do(close())
    driver.do(close(extends=True, until_at=START_AT + 2 * HOUR_MS))
    assert driver.desk.roads["r2"].holds(START_AT + HOUR_MS)


def test_a_road_may_be_closed_again_once_its_closure_is_over() -> None:
    driver = DeskDriver()
    driver.do(close())
    assert len(driver.do(close(from_at=START_AT + HOUR_MS, until_at=START_AT + 2 * HOUR_MS))) == 2


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"until_at": START_AT - 1, "from_at": START_AT - 2}, "road_end_over"),
        ({"from_at": START_AT + HOUR_MS}, "road_end_before_begin"),
        ({"until_at": START_AT + LONGEST_MS + DAY_MS}, "road_end_far"),
        ({"reason": " \u200b "}, "field_empty"),
        ({"reason": "x" * (MOST_REASON + 1)}, "field_length"),
        ({"name": "x" * 300}, "field_length"),
        ({"roads": ()}, "road_none"),
        ({"roads": tuple(map(str, range(MOST_ROADS + 1)))}, "road_too_many"),
        ({"roads": ("a\nb",)}, "field_code"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(other: dict[str, Any], rule: str) -> None:
    assert refused(DeskDriver(), close(**other)).rule == rule


def test_numbers_of_people_do_not_stand_in_a_reason() -> None:
    driver = DeskDriver()
    driver.do(close(reason="ask 13900001111"))
    assert "13900001111" not in driver.desk.roads["r1"].reason


def test_what_is_open_is_not_opened() -> None:
    driver = DeskDriver()
    opening = cmd.OpenRoad(("r1",), "Renmin Road")
    assert refused(driver, opening).rule == "road_not_closed"
    driver.do(close())
    driver.do(opening)
    assert refused(driver, opening).rule == "road_not_closed"
    driver.do(replace(opening, roads=("r2",)))
    driver.do(close())
    with pytest.raises(Refusal, match="road_not_closed"):
        permit_roads(driver.desk, opening, START_AT + HOUR_MS)
