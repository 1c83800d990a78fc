"""Owns the proof that the simulated district is believable, keeps its pace and is the same again from its seed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ConfigError
from app.domain.instants import Instant, parse_iso
from app.drill.ground import Ground
from app.drill.message import Message
from app.drill.orders import Order
from app.drill.scenario_file import Scenario, load_scenario
from app.drill.simulation import Simulation
from app.drill.stories import OPENINGS_PER_S
from app.drill.templates import load_templates
from app.drill.unit import KEENNESS
from app.feeds.envelope import KINDS, Envelope, Malformed, decode
from app.geo.coordinates import distance_m
from app.geo.road_graph import RoadGraph
from app.paths import bundled_data_dir
from tests.unit.drill.districts import small_district

EPOCH: Instant = parse_iso("2026-11-22T06:00:00Z")
DRILLS = bundled_data_dir() / "drills"
BOOK = load_templates(DRILLS / "templates.toml")
DISTRICT = small_district()


def simulation(scenario: Scenario | None = None, **options: Any) -> Simulation:
    scenario = scenario or Scenario(title={}, stories_per_s=0.5)
    return Simulation(DISTRICT, BOOK, scenario, **{"seed": 7, "epoch_at": EPOCH, **options})


def told(of: Simulation, seconds: float, step_ms: int = 500) -> list[Message]:
    """Everything up to so many seconds after the epoch, asked for in steps."""
    messages = []
    for at in range(EPOCH, EPOCH + round(seconds * 1000) + 1, step_ms):
        messages += of.advance(at)
    return messages


def envelopes(messages: list[Message]) -> list[Envelope]:
    return [decode(message.body) for message in messages if message.is_sound]


def test_the_same_seed_tells_the_same_to_the_byte_however_often_it_is_asked() -> None:
    often = told(simulation(rate=50.0, malformed=0.1), 60, step_ms=10)
    seldom = told(simulation(rate=50.0, malformed=0.1), 60, step_ms=7_500)
    assert [m.body for m in often] == [m.body for m in seldom]
    assert len(often) > 2000


def test_another_seed_tells_another_story() -> None:
    assert [m.body for m in told(simulation(), 120)] != [m.body for m in told(simulation(seed=8), 120)]


def test_it_goes_on_from_anywhere_as_if_it_had_never_stopped() -> None:
    whole = told(simulation(rate=40.0), 90)
    late = simulation(rate=40.0)
    late.advance(EPOCH + 45_000, with_fixes=False, with_stories=False)
    rest = [message.body for message in late.advance(EPOCH + 90_000)]
    assert rest == [message.body for message in whole if message.at > EPOCH + 45_000]


def test_every_sound_message_is_an_envelope_and_every_kind_but_answers_occurs() -> None:
    kinds = Counter(e.kind for e in envelopes(told(simulation(rate=40.0), 120)))
    assert set(kinds) == set(KINDS) - {"task.ack"}


def test_ids_are_unique_and_times_never_go_back() -> None:
    messages = told(simulation(rate=40.0, malformed=0.2), 120)
    assert len({m.id for m in messages if m.is_sound}) == sum(m.is_sound for m in messages)
    assert [m.at for m in messages] == sorted(m.at for m in messages)


def test_a_flood_goes_on_with_what_has_begun_rather_than_report_more_than_a_district_can() -> None:
    kinds = Counter(e.kind for e in envelopes(told(simulation(rate=1500.0), 20)))
    opened = sum(
        kinds[kind] for kind in ("incident.reported", "order.placed", "report.filed", "alarm.raised")
    )
    assert sum(kinds.values()) == pytest.approx(30_000, rel=0.02)
    assert opened == pytest.approx(20 * OPENINGS_PER_S, rel=0.15)
    assert kinds["incident.updated"] > 10 * opened


@pytest.mark.parametrize(("rate", "seconds"), [(40.0, 180), (1500.0, 6)])
def test_what_is_updated_or_withdrawn_was_reported_before_and_what_is_cleared_was_raised(
    rate: float, seconds: float
) -> None:
    reported, raised, ended = set(), set(), set()
    for e in envelopes(told(simulation(rate=rate), seconds)):
        if e.kind == "incident.reported":
            reported.add(f"{e.source}:{e.id}")
        elif e.kind == "alarm.raised":
            raised.add(e.alarm)
        elif e.kind in ("incident.updated", "incident.withdrawn"):
            assert e.incident in reported
            assert e.incident not in ended
            if e.kind == "incident.withdrawn":
                ended.add(e.incident)
        elif e.kind == "alarm.cleared":
            assert e.alarm in raised
    assert len(ended) > 10


def test_equipment_that_failed_comes_back() -> None:
    down: Counter[str] = Counter()
    for e in envelopes(told(simulation(rate=40.0), 180)):
        if e.kind == "camera.status":
            down[str(e.camera)] += -1 if e.online else 1
    assert max(down.values()) <= 1
    assert min(down.values()) >= 0


def test_texts_are_filled_and_short_enough_for_a_queue_row() -> None:
    for e in envelopes(told(simulation(rate=40.0), 180)):
        assert "{" not in e.title + e.description + e.reason
        assert len(e.title) <= 30


def test_telephone_numbers_are_nobodys() -> None:
    phones = [e.reporter.phone or "" for e in envelopes(told(simulation(rate=40.0), 60)) if e.reporter]
    assert phones
    assert all(phone.startswith("12") and len(phone) == 11 for phone in phones)


def test_the_rate_governs_all_messages() -> None:
    for rate in (2.0, 20.0, 300.0):
        per_s = len(told(simulation(rate=rate, malformed=0.1), 60)) / 60
        assert per_s == pytest.approx(rate, rel=0.08)


def test_the_wished_fraction_is_broken_and_has_reasons_of_many_kinds() -> None:
    messages = [m for m in told(simulation(rate=100.0, malformed=0.25), 120) if not m.is_fix]
    wrong = [m for m in messages if not m.is_sound]
    assert len(wrong) / len(messages) == pytest.approx(0.25, rel=0.05)
    reasons = set()
    for message in wrong:
        with pytest.raises(Malformed) as caught:
            decode(message.body)
        reasons.add(caught.value.reason)
    assert len(reasons) >= 10


def fixes_of(messages: list[Message], unit: str) -> list[Envelope]:
    return [e for e in envelopes(messages) if e.kind == "unit.position" and e.unit == unit]


def test_moving_units_tell_their_place_each_second_and_standing_ones_now_and_then() -> None:
    messages = told(simulation(), 60)
    assert len(fixes_of(messages, "p1")) == pytest.approx(60, abs=1)
    assert len(fixes_of(messages, "f1")) == pytest.approx(4, abs=1)


@pytest.mark.parametrize(("unit", "most_mps"), [("p1", 9.0), ("g1", 5.0), ("j1", 2.0)])
def test_patrols_move_along_roads_at_the_speed_of_their_feet_or_wheels(unit: str, most_mps: float) -> None:
    roads, travel = RoadGraph(DISTRICT), next(u.travel for u in DISTRICT.units if u.id == unit)
    fixes = fixes_of(told(simulation(), 240), unit)
    for fix in fixes:
        assert fix.lat is not None
        assert fix.lon is not None
        assert roads.nearest_edge_point(fix.lat, fix.lon, travel).off_m < 1.0  # type: ignore[arg-type]
    gone_m = [distance_m(a.lat, a.lon, b.lat, b.lon) for a, b in pairwise(fixes)]  # type: ignore[arg-type]
    assert max(gone_m) < most_mps
    assert sum(gone_m) > 60


def order(act: str, at_s: float, **fields: Any) -> Order:
    return Order(at=EPOCH + round(at_s * 1000), act=act, **fields)  # type: ignore[arg-type]


SCENE = {"lat": 31.2245, "lon": 121.4762}


def lived(*orders: Order, seconds: float = 900, **options: Any) -> list[Message]:
    """The messages of a run in which units were told things."""
    of = simulation(**options)
    messages = []
    for one in orders:
        messages += of.advance(one.at)
        of.carry_out(one)
    return messages + of.advance(EPOCH + round(seconds * 1000))


def said_by(messages: list[Message], unit: str) -> list[Envelope]:
    return [
        e for e in envelopes(messages) if e.unit == unit and e.kind in ("task.ack", "unit.status") and e.task
    ]


def test_a_unit_answers_drives_arrives_and_comes_back_when_recalled() -> None:
    give = order("give", 10, task="t", unit="f1", incident="i9", **SCENE)
    messages = lived(give, order("recall", 400, task="t"))
    ack, en_route, on_scene = said_by(messages, "f1")
    assert (ack.kind, ack.accepted, ack.task, ack.incident) == ("task.ack", True, "t", "i9")
    assert [en_route.status, on_scene.status] == ["en_route", "on_scene"]
    assert EPOCH + 10_000 < ack.occurred_at < en_route.occurred_at < on_scene.occurred_at < EPOCH + 400_000
    after = [
        e.status
        for e in envelopes(messages)
        if e.unit == "f1" and e.occurred_at > EPOCH + 400_000 and e.status
    ]
    assert after == ["returning", "available"]


def test_on_the_way_it_is_on_the_road_and_at_the_scene_when_it_says_so() -> None:
    messages = lived(order("give", 10, task="t", unit="f1", incident="i9", **SCENE))
    on_scene = said_by(messages, "f1")[-1]
    arrived = next(f for f in fixes_of(messages, "f1") if f.occurred_at >= on_scene.occurred_at)
    assert distance_m(arrived.lat, arrived.lon, SCENE["lat"], SCENE["lon"]) < 2.0  # type: ignore[arg-type]
    driving = [f for f in fixes_of(messages, "f1") if f.occurred_at < on_scene.occurred_at and f.speed_mps]
    assert len(driving) > 5
    assert max(f.speed_mps or 0 for f in driving) < 20
    assert all(f.heading_deg is not None for f in driving)


def test_it_never_jumps_whatever_it_is_told() -> None:
    orders = (
        order("give", 5, task="a", unit="p1", incident="i1", **SCENE),
        order("recall", 9, task="a"),
        order("give", 20, task="b", unit="p1", incident="i2", **SCENE),
        order("recall", 40, task="b"),
        order("give", 45, task="c", unit="p1", incident="i3", lat=31.2201, lon=121.4701),
        order("give", 50, task="d", unit="p1", incident="i4", **SCENE),
        order("recall", 200, task="c"),
        order("recall", 420, task="d"),
    )
    fixes = fixes_of(lived(*orders), "p1")
    for before, after in pairwise(fixes):
        gone_m = distance_m(before.lat, before.lon, after.lat, after.lon)  # type: ignore[arg-type]
        gone_s = (after.occurred_at - before.occurred_at) / 1000
        assert gone_m <= 22 * gone_s, f"{gone_m} m in {gone_s} s at {after.occurred_at - EPOCH}"


def test_a_second_task_waits_until_the_first_is_taken_back() -> None:
    messages = lived(
        order("give", 5, task="a", unit="f1", incident="i1", **SCENE),
        order("give", 10, task="b", unit="f1", incident="i2", lat=31.2201, lon=121.4701),
        order("recall", 300, task="a"),
    )
    story = [(e.task, e.status) for e in said_by(messages, "f1") if e.kind == "unit.status"]
    assert story == [("a", "en_route"), ("a", "on_scene"), ("b", "en_route"), ("b", "on_scene")]


def test_an_incident_without_a_place_is_reached_all_the_same() -> None:
    messages = lived(order("give", 5, task="a", unit="f1", incident="i1"))
    assert [e.status for e in said_by(messages, "f1")][1:] == ["en_route", "on_scene"]


def answers(scenario: Scenario, count: int) -> list[Envelope]:
    """What a unit says to as many tasks, each in a run of its own."""
    found = []
    for n in range(count):
        give = order("give", 5, task=f"t{n}", unit="f1", incident="i", **SCENE)
        answer, *rest = said_by(lived(give, seconds=30, scenario=scenario), "f1")
        assert bool(answer.reason) == (answer.accepted is False)
        assert bool(rest) == bool(answer.accepted), "who declines does nothing"
        found.append(answer)
    return found


def test_as_many_tasks_are_declined_as_the_scenario_says() -> None:
    few = answers(Scenario(title={}), 150)
    assert 1 <= sum(answer.accepted is False for answer in few) <= 25
    assert all(a.accepted for a in answers(Scenario(title={}, decline_share=0.0), 40))
    assert not any(a.accepted for a in answers(Scenario(title={}, decline_share=1.0), 5))


def test_the_demo_says_itself_how_many_decline() -> None:
    assert "decline_share = 0.06" in (DRILLS / "demo.toml").read_text(encoding="utf-8")
    assert load_scenario(DRILLS / "demo.toml").decline_share == 0.06


@pytest.mark.parametrize("share", ["-0.1", "1.5", "nan"])
def test_a_share_that_is_none_names_file_field_and_value(tmp_path: Path, share: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'title = {{zh = "自", en = "own"}}\ndecline_share = {share}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"own\.toml.*decline_share.*{share}"):
        load_scenario(path)


def test_speeds_are_the_units_own_and_steady_between_start_and_stop() -> None:
    messages = lived(*(order("give", 5, task=f"t{u}", unit=u, incident="i", **SCENE) for u in ("p1", "f1")))
    own = {}
    for unit in ("p1", "f1"):
        out_at, there_at = (e.occurred_at for e in said_by(messages, unit) if e.kind == "unit.status")
        on_way = [f for f in fixes_of(messages, unit) if out_at + 7_000 < f.occurred_at < there_at - 7_000]
        assert len(on_way) > 20
        (own[unit],) = {f.speed_mps for f in on_way}
        out = next(f for f in fixes_of(messages, unit) if f.occurred_at >= out_at)
        start, scene = (out.lat, out.lon), (SCENE["lat"], SCENE["lon"])
        estimate_s = Ground(DISTRICT).route(start, scene, "car").duration_s  # type: ignore[arg-type]
        margin_s = estimate_s * KEENNESS / (1 - KEENNESS) + 8  # and a start and a stop
        assert (there_at - out_at) / 1000 == pytest.approx(estimate_s, abs=margin_s), (
            "the simulator travels at the speeds by which the desk estimates"
        )
    assert own["p1"] != own["f1"]


def test_the_same_orders_at_the_same_instants_are_the_same_day_again() -> None:
    orders = (
        order("give", 10, task="t", unit="f1", incident="i9", **SCENE),
        order("give", 30, task="u", unit="p1", incident="i8", **SCENE),
        order("recall", 200, task="t"),
    )
    assert [m.body for m in lived(*orders)] == [m.body for m in lived(*orders)]


def test_a_recall_or_a_task_of_somebody_unknown_changes_nothing() -> None:
    plain = [m.body for m in lived(seconds=60)]
    strange = lived(
        order("recall", 5, task="x"), order("give", 6, task="y", unit="zz", incident="i"), seconds=60
    )
    assert [m.body for m in strange] == plain


@pytest.mark.parametrize("name", ["demo", "quiet", "alarm_storm"])
def test_bundled_scenarios_load(name: str) -> None:
    assert load_scenario(DRILLS / f"{name}.toml").title.keys() == {"zh", "en"}


def test_the_demo_is_alive_within_seconds_and_begins_with_a_crowd() -> None:
    scenario = load_scenario(DRILLS / "demo.toml")
    found = [e for e in envelopes(told(simulation(scenario), 8)) if e.kind == "incident.reported"]
    assert any(e.type == "crowd" and e.priority == 2 and e.occurred_at <= EPOCH + 2_000 for e in found)
    assert len(found) >= 6
    assert {e.priority for e in found} == {1, 2, 3, 4}


def test_an_alarm_storm_floods_chatters_and_calls_for_help() -> None:
    found = [
        e for e in envelopes(told(simulation(load_scenario(DRILLS / "alarm_storm.toml")), 60)) if e.alarm
    ]
    raised = [e for e in found if e.kind == "alarm.raised"]
    assert len({e.id for e in found}) == len(found)
    shaky = [e for e in raised if e.type == "occlusion"]
    assert len(shaky) >= 10
    assert len({e.device for e in shaky}) == 1
    assert len({e.device for e in raised if e.type == "water"}) >= 50
    assert {"one_key", "officer_down"} <= {e.type for e in raised}
    cleared = {e.alarm for e in found if e.kind == "alarm.cleared"}
    assert {e.alarm for e in raised if e.type == "one_key" and e.source == "one_key"} & cleared


@pytest.mark.parametrize("wrong", ["count = 0", "count = 20001", "every_s = -1", "clear_after_s = -1"])
def test_an_injection_that_cannot_be_repeated_so_is_refused(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        f'title = {{zh = "自", en = "own"}}\n[[inject]]\nat_s = 2\ntemplate = "order"\n{wrong}\n',
        encoding="utf-8",
    )
    with pytest.raises(
        ConfigError, match=rf"own\.toml.*1.*{wrong.split(maxsplit=1)[0]}.*{wrong.rsplit(maxsplit=1)[-1]}"
    ):
        load_scenario(path)


@pytest.mark.parametrize("wrong", ["at_s = nan", "at_s = inf", "at_s = -3"])
def test_an_injection_happens_at_a_second(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        f'title = {{zh = "自", en = "own"}}\n[[inject]]\n{wrong}\ntemplate = "order"\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"own\.toml.*at_s"):
        load_scenario(path)


def test_an_injection_can_give_a_whole_envelope(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'title = {zh = "自", en = "own"}\nstories_per_s = 0\n[[inject]]\nat_s = 2\n[inject.fields]\n'
        'id = "x-1"\nkind = "report.filed"\nsource = "app"\ntitle = "自定"\nweather = "rain"\n',
        encoding="utf-8",
    )
    sound = [m for m in told(simulation(load_scenario(path)), 5) if not m.is_fix]
    assert [json.loads(m.body)["weather"] for m in sound] == ["rain"]
    assert decode(sound[0].body).occurred_at == EPOCH + 2_000


@pytest.mark.parametrize("rate", [2.0, 400.0])
@pytest.mark.parametrize("bare", [{"units": ()}, {"cameras": ()}, {"units": (), "cameras": ()}])
def test_a_district_without_units_or_cameras_has_its_drill_too(bare: dict[str, Any], rate: float) -> None:
    district = replace(DISTRICT, **bare)
    scenario = Scenario(title={}, stories_per_s=0.5)
    messages = told(Simulation(district, BOOK, scenario, seed=7, epoch_at=EPOCH, rate=rate), 60)
    kinds = Counter(envelope.kind for envelope in envelopes(messages))
    assert kinds["incident.reported"] > 10
    assert ("camera.status" in kinds) <= bool(district.cameras)
    assert ("unit.status" in kinds) <= bool(district.units)
