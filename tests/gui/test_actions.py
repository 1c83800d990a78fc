"""Operator actions: each has its words, no key means two things at once, what is offered is not refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from app.domain import commands as cmd
from app.domain import incident as inc
from app.domain.commands import AssignByOrder
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.events import IncidentReported
from app.domain.ids import incident_stream
from app.domain.unit import Unit
from app.i18n import LANGUAGES, set_language
from widgets import actions as act

WORDS = act.Words(
    "resolved", "已劝离", "城管中队", "county", "走错路", "记一笔", ("u1",),
    to="园林所", result="reached", other="i2", linked="i2", relation="cause",
)  # fmt: skip


def words_for(target: act.Target) -> act.Words:
    """Whoever has it sends it back."""
    holders = target.incident.holders if target.incident else ()
    return replace(WORDS, by=holders[0] if holders else "")


@pytest.fixture(autouse=True)
def chinese() -> None:
    set_language("zh_CN")


def desk_at(*actions: tuple[act.Action, str | None]) -> Desk:
    """A desk with one incident and one unit, taken through these actions."""
    desk = Desk(units={"u1": Unit("u1", "police", "滨江一队")})
    for key in ("i1", "i2"):
        report = IncidentReported(key, "110", key, "crowd", 2, "商场门口人群聚集")
        desk.apply(incident_stream(key), report, 1, 1)
    for action, unit in actions:
        give(desk, action, unit)
    return desk


def give(desk: Desk, action: act.Action, unit: str | None = None) -> None:
    assert action.command is not None
    target = act.target_of(desk, "i1", unit)
    for stream, event in decide(desk, action.command(target, words_for(target))):
        desk.apply(stream, event, 2, 2)


SENT = ((act.ACCEPT, None), (act.DISPATCH, None))
THERE = (*SENT, (act.EN_ROUTE, "u1"), (act.ON_SCENE, "u1"))
ENDS = {
    "reported": (),
    "accepted": SENT[:1],
    "dispatched": SENT,
    "handling": THERE,
    "reported_back": (*THERE, (act.REPORT_BACK, None)),
    "verified": (*THERE, (act.REPORT_BACK, None), (act.VERIFY, None)),
    "closed": (*THERE, (act.CLOSE, None)),
    "withdrawn": ((act.WITHDRAW, None),),
    "handed_over": ((act.HAND_OVER, None),),
    "returned": (*THERE, (act.RETURN, None)),
    "supervised": ((act.SUPERVISE, None), (act.LINK, None)),
}


@pytest.mark.parametrize("action", [*act.ACTIONS, *act.CARD_ACTIONS], ids=lambda action: action.id)
def test_an_action_has_a_title_and_a_consequence_in_both_languages(action: act.Action) -> None:
    for language in LANGUAGES:
        set_language(language)
        assert action.title()
        assert "{" not in action.consequence(act.Target(), "一队")


def test_no_key_means_two_things() -> None:
    assert max(Counter(action.key for action in act.ACTIONS).values()) == 1


@pytest.mark.parametrize("status", ENDS)
def test_every_status_of_the_loop_is_reached_by_actions_alone(status: str) -> None:
    expected = {"returned": "accepted", "supervised": "reported"}.get(status, status)
    assert desk_at(*ENDS[status]).incidents["i1"].status == expected


@pytest.mark.parametrize("status", ENDS)
def test_what_is_offered_is_not_refused_but_for_what_it_asks(status: str) -> None:
    """Closing as resolved from afar is offered, for other outcomes than resolved end an incident there too."""
    desk = desk_at(*ENDS[status])
    for action in (*act.INCIDENT_ACTIONS, *act.UNIT_ACTIONS):
        target = act.target_of(desk, "i1", "u1")
        if not action.enabled(target) or action is act.DISPATCH or action.command is None:
            continue
        words = words_for(target) if action is not act.CLOSE else act.Words("false_alarm", "误报")
        assert decide(desk, action.command(target, words)) is not None


@pytest.mark.parametrize("status", ENDS)
def test_what_is_not_offered_would_change_nothing(status: str) -> None:
    desk = desk_at(*ENDS[status])
    for action in act.INCIDENT_ACTIONS:
        target = act.target_of(desk, "i1")
        if action.enabled(target) or action.command is None:
            continue
        try:
            assert decide(desk, action.command(target, words_for(target))) == []
        except Refusal:
            continue


@pytest.mark.parametrize("status", ENDS)
def test_the_next_action_is_offered(status: str) -> None:
    desk = desk_at(*ENDS[status])
    step = act.next_action(act.target_of(desk, "i1"))
    if step is None:
        assert status in (inc.DISPATCHED, inc.CLOSED, inc.WITHDRAWN)
    else:
        assert step.enabled(act.target_of(desk, "i1"))


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("reported", act.ACCEPT),
        ("accepted", act.DISPATCH),
        ("dispatched", None),
        ("handling", act.REPORT_BACK),
        ("reported_back", act.VERIFY),
        ("verified", act.CLOSE),
        ("handed_over", act.REPORT_BACK),
    ],
)
def test_the_next_action_follows_the_step(status: str, step: act.Action | None) -> None:
    assert act.next_action(act.target_of(desk_at(*ENDS[status]), "i1")) is step


def test_nothing_invites_to_close_while_units_drive_or_somebody_asks_for_more() -> None:
    """A second unit is on its way to what the first has settled."""
    desk = desk_at(*ENDS["verified"])
    desk.units["u2"] = Unit("u2", "police", "滨江二队")
    for command, step in (
        (cmd.DispatchUnits("i1", ("u2",)), None),
        (cmd.SetUnitStatus("u2", "en_route"), None),
        (cmd.SetUnitStatus("u2", "on_scene"), act.CLOSE),
        (cmd.RequestForce("i1", "q1", "u2", ("police",), 1, "crowd"), act.DISPATCH),
        (cmd.SettleForceRequest("i1", "q1", met=False, reason="nobody free"), act.CLOSE),
    ):
        for stream, event in decide(desk, command):
            desk.apply(stream, event, 3, 3)
        assert act.next_action(act.target_of(desk, "i1")) is step


def test_what_goes_outward_or_ends_is_held() -> None:
    assert {a.id for a in act.ACTIONS if a.confirm == "hold"} == {
        "order",
        "recall",
        "withdraw",
        "hand_over",
        "escalate",
    }


def test_a_units_target_is_the_incident_that_it_works_on() -> None:
    desk = desk_at(*SENT)
    target = act.target_of(desk, None, "u1")
    assert target.incident is not None and target.incident.id == "i1"
    assert target.phase == "dispatched"


def test_supervision_is_offered_to_the_lead_alone() -> None:
    desk = desk_at()
    for role, offered in (("shift_lead", True), ("duty_officer", False)):
        assert act.SUPERVISE.enabled(act.target_of(desk, "i1", role=role)) is offered
    give(desk, act.SUPERVISE)
    for role, offered in (("shift_lead", True), ("duty_officer", False)):
        target = act.target_of(desk, "i1", role=role)
        assert not act.SUPERVISE.enabled(target)
        assert act.END_SUPERVISION.enabled(target) is offered


def test_an_order_goes_to_a_unit_or_to_the_department_that_was_written() -> None:
    target = act.target_of(desk_at(), "i1")
    assert act.ORDER.command is not None
    to_unit = act.ORDER.command(target, act.Words(to="unit:u1", reason="走错路"))
    assert to_unit == AssignByOrder("i1", ("u1",), "", "走错路")
    to_department = act.ORDER.command(target, act.Words(to="园林所", reason="走错路"))
    assert to_department == AssignByOrder("i1", (), "园林所", "走错路")


def test_a_key_finds_its_action() -> None:
    assert act.action_for_key(act.INCIDENT_ACTIONS, "A") is act.ACCEPT
    assert act.action_for_key(act.INCIDENT_ACTIONS, "E") is None
