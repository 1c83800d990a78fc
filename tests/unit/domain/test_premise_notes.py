"""Premise notes: where, until when, replaced under the same id, taken back, and no number of a person in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain import commands as cmd
from app.domain.errors import Refusal
from app.domain.instants import DAY_MS
from app.domain.premise import LONGEST_MS
from app.domain.premise_rules import permit_premise_note
from tests.unit.domain.desk_driver import START_AT, DeskDriver

GAS = cmd.PutPremiseNote(
    "n1",
    "gas bottles in the back yard",
    True,
    START_AT + 30 * DAY_MS,
    "12 Riverside Road",
    31.2211,
    121.475,
    "g1",
)


def refused(driver: DeskDriver, command: cmd.Command) -> str:
    with pytest.raises(Refusal) as refusal:
        driver.do(command)
    return refusal.value.rule


def test_a_note_stands_until_it_runs_out_and_is_replaced_under_its_id() -> None:
    driver = DeskDriver()
    driver.do(GAS)
    note = driver.desk.premises["n1"]
    assert (note.text, note.hazard, note.put_at) == ("gas bottles in the back yard", True, driver.now)
    assert note.holds(GAS.expires_at - 1) and not note.holds(GAS.expires_at)
    assert driver.do(GAS) == []
    driver.do(replace(GAS, text="gas bottles are gone, dog in the yard"))
    assert driver.desk.premises["n1"].text.endswith("dog in the yard")
    assert driver.desk.versions["premise/n1"] == 2


def test_a_note_taken_back_keeps_no_text_and_may_be_put_again() -> None:
    driver = DeskDriver()
    driver.do(GAS)
    assert refused(driver, cmd.WithdrawPremiseNote("n1", " ")) == "reason_missing"
    driver.do(cmd.WithdrawPremiseNote("n1", "yard was cleared"))
    note = driver.desk.premises["n1"]
    assert (note.holds(driver.now), note.text) == (False, "")
    assert driver.do(cmd.WithdrawPremiseNote("n1", "again")) == []
    driver.do(GAS)
    assert driver.desk.premises["n1"].holds(driver.now)
    assert refused(driver, cmd.WithdrawPremiseNote("n2", "never put")) == "premise_unknown"


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"text": " \u202e "}, "field_empty"),
        ({"text": "x" * 501}, "field_length"),
        ({"address": "x" * 1_000_000}, "field_length"),
        ({"address": "", "lat": None, "lon": None}, "premise_placeless"),
        ({"lat": 91.0}, "position_impossible"),
        ({"lon": None}, "position_impossible"),
        ({"grid": "g\u202e1"}, "field_code"),
        ({"premise": "n" * 1_000_000}, "field_code"),
    ],
)
def test_a_note_that_is_not_taken(fields: dict[str, object], rule: str) -> None:
    driver = DeskDriver()
    assert refused(driver, replace(GAS, **fields)) == rule  # type: ignore[arg-type]
    assert not driver.desk.premises


def test_an_address_alone_is_a_place_and_so_is_a_position() -> None:
    driver = DeskDriver()
    driver.do(replace(GAS, lat=None, lon=None))
    driver.do(replace(GAS, premise="n2", address=""))
    assert len(driver.desk.premises) == 2


def test_no_number_of_a_person_stands_in_a_note() -> None:
    driver = DeskDriver()
    driver.do(replace(GAS, text="ring 138\u200b12345678 first", address="13812345678's shop"))
    note = driver.desk.premises["n1"]
    assert (note.text, note.address) == ("ring 138****5678 first", "138****5678's shop")


@pytest.mark.parametrize("expires_at", [START_AT, START_AT - 1, START_AT + LONGEST_MS + 1, 0])
def test_a_note_begins_now_and_ends_within_a_year(expires_at: int) -> None:
    with pytest.raises(Refusal, match="premise_end"):
        permit_premise_note(replace(GAS, expires_at=expires_at), START_AT)
    permit_premise_note(replace(GAS, expires_at=START_AT + LONGEST_MS), START_AT)
