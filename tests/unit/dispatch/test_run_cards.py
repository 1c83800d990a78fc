"""The bundled cards hold; every fault of a file names file, line and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.centre.layered_toml import DeclarationFault
from app.centre.types_file import load_incident_types
from app.config import default_district
from app.dispatch.kinds import load_kinds
from app.dispatch.override import RunCards, dispatch_rule
from app.dispatch.run_card import LEVELS
from app.dispatch.run_card_file import load_run_cards, read_run_cards
from app.domain import commands as cmd
from app.domain.alarm import Alarm
from app.domain.desk import Desk
from app.domain.duty import DutyTurn
from app.domain.errors import Refusal
from app.domain.field_link import Decline
from app.domain.incident import PRIORITIES, Incident
from app.domain.shift_limits import ShiftLimits
from app.domain.unit import Unit
from app.geo.district import load_district
from app.i18n import has_text
from app.paths import bundled_data_dir

TYPES = load_incident_types()
GOOD = """name = {zh = "甲", en = "A"}
[need.lead]
kinds = ["police"]
"""
NOW = 1_795_330_626_000
HOUR = 3_600_000


def test_every_type_has_a_card_whose_leading_kind_suits_it() -> None:
    cards, kinds = load_run_cards(TYPES), load_kinds()
    for known in TYPES:
        card = cards[known.run_card]
        for priority in PRIORITIES:
            assert card.response(priority).needs[0].kinds[0] in kinds[known.id], known.id
        counts = [sum(n.count for n in card.response(4, (), level).needs) for level in LEVELS]
        assert counts[0] < counts[1] < counts[2], f"{card.id}: each level asks for more"


def test_every_skill_that_a_card_asks_for_has_a_name() -> None:
    skills = {s for card in load_run_cards(TYPES).values() for need in card.needs for s in need.skills}
    assert all(has_text(f"terms.skill.{skill}") for skill in skills)


def test_every_piece_of_equipment_that_a_card_asks_for_has_a_name_and_somebody_has_it() -> None:
    needs = [need for card in load_run_cards(TYPES).values() for need in card.needs if need.equipment]
    units = load_district(default_district()).units
    assert needs
    for need in needs:
        assert all(has_text(f"terms.equipment.{piece}") for piece in need.equipment)
        assert any(u.kind in need.kinds and set(need.equipment) <= set(u.equipment) for u in units)


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("name = {zh = '甲', en = 'A'}", 1, "need"),
        (GOOD.replace('"police"', '"dragon"'), 3, "need.lead.kinds"),
        (GOOD + "count = 0", 4, "need.lead.count"),
        (GOOD + "level = 4", 4, "need.lead.level"),
        (GOOD + "equipment = 'pump'", 4, "need.lead.equipment"),
        (GOOD + "equipment = []", 4, "need.lead.equipment"),
        (GOOD + "level = 2", 2, "need"),
        (GOOD + "sills = ['x']", 4, "need.lead.sills"),
        (GOOD + "[bar.dragon]\nwhy = {zh = '否', en = 'no'}", 4, "bar.dragon"),
        (GOOD + "[place.x]\nkinds = ['school']", 4, "place.x.within_m"),
        (GOOD + "[task.x]\ntext = {zh = '做'}", 5, "task.x.text.en"),
        ("start = {P5 = 1}\n" + GOOD, 1, "start.P5"),
        (GOOD + "[need.lead", 4, ""),
    ],
)
def test_a_fault_names_itself(tmp_path: Path, text: str, line: int, field: str) -> None:
    own = tmp_path / "runcards"
    own.mkdir()
    (own / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_run_cards(TYPES, folders=[bundled_data_dir() / "runcards", own])
    assert (fault.value.file.name, fault.value.line, fault.value.field) == ("mine.toml", line, field)


@pytest.mark.parametrize("wrong", ['[need.engine]\nkinds = ["fyre"]\n', "[need.engine\n"])
def test_below_a_file_that_is_wrong_the_bundled_card_holds_and_the_fault_is_told(
    tmp_path: Path, wrong: str
) -> None:
    (tmp_path / "fire.toml").write_text(wrong, encoding="utf-8")
    (tmp_path / "crowd.toml").write_text("[need.lead]\ncount = 7\n", encoding="utf-8")
    bundled = bundled_data_dir() / "runcards"
    cards, faults = read_run_cards(TYPES, folders=[bundled, tmp_path])
    assert cards["fire"] == load_run_cards(TYPES, folders=[bundled])["fire"]
    assert cards["crowd"].needs[0].count == 7, "another file of the same folder holds all the same"
    assert [fault.file for fault in faults] == [tmp_path / "fire.toml"]


def test_a_type_whose_own_card_is_wrong_goes_by_that_of_others(tmp_path: Path) -> None:
    own, bundled = tmp_path / "own", tmp_path / "bundled"
    shutil.copytree(bundled_data_dir() / "runcards", bundled)
    own.mkdir()
    (bundled / "crowd.toml").rename(own / "crowd.toml")
    (own / "crowd.toml").write_text("[need.lead]\nkinds = []\n", encoding="utf-8")
    (bundled / "noise.toml").unlink()
    cards, faults = read_run_cards(TYPES, folders=[bundled, own])
    assert cards["crowd"] == cards["noise"] == cards["other"]
    assert {fault.file.name for fault in faults} == {"crowd.toml", "noise.toml"}


def test_a_type_whose_card_is_missing_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DeclarationFault, match=r"\.toml"):
        load_run_cards(TYPES, folders=[tmp_path])


def test_a_centre_changes_one_line_of_a_card(tmp_path: Path) -> None:
    (tmp_path / "fire.toml").write_text("[need.engine]\ncount = 3\n", encoding="utf-8")
    cards = load_run_cards(TYPES, folders=[bundled_data_dir() / "runcards", tmp_path])
    assert cards["fire"].needs[0].count == 3
    assert cards["fire"].needs[0].kinds == ("fire",)


def test_who_is_barred_goes_only_with_a_reason() -> None:
    rule = dispatch_rule(RunCards(TYPES, load_run_cards(TYPES)), ShiftLimits())
    desk = Desk()
    desk.incidents["i"] = Incident("i", ("110:1",), "fire", 1, "", NOW, number="001")
    desk.units |= {"v": Unit("v", "volunteer", "志1"), "f": Unit("f", "fire", "消1")}
    tired = Unit("p", "police", "警1", on_duty_at=NOW - 13 * 3_600_000)
    rested_little = Unit("q", "police", "警2", on_duty_at=NOW - HOUR, off_duty_at=NOW - 8 * HOUR)
    would_not = Unit("r", "fire", "消2", declines=(Decline("i", "tied up", NOW),))
    desk.units |= {"p": tired, "q": rested_little, "r": would_not}
    context = cmd.Context("officer", "duty_officer", "desk-1", NOW)
    rule(desk, cmd.DispatchUnits("i", ("f",)), context)
    rule(desk, cmd.DispatchUnits("i", ("f", "v"), "引导群众"), context)
    for party in (("f", "v"), ("p",), ("q",), ("r",)):
        with pytest.raises(Refusal) as refusal:
            rule(desk, cmd.DispatchUnits("i", party, "  "), context)
        assert refusal.value.rule == "override_needed"
    desk.alarms["e"] = Alarm("e", "field", "officer_down", 1, "F calls", NOW, device="unit:f", emergency=True)
    with pytest.raises(Refusal, match="override_needed"):
        rule(desk, cmd.DispatchUnits("i", ("f",)), context)
    desk.duty = (DutyTurn(NOW - 9 * HOUR, NOW + HOUR, "q", leader="a"),)
    rule(desk, cmd.DispatchUnits("i", ("q",)), context)
