"""Sending back, ordering, supervising, calling back, linking, undoing a merge, files: what holds, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commands as cmd
from app.domain import incident as inc
from app.domain.decide import decide
from app.domain.errors import Refusal
from app.domain.incident import Incident
from app.domain.incident_parts import Link
from app.domain.rights import permit
from app.domain.roles import ADMINISTRATOR, DUTY_OFFICER, FEED, GRID_MEMBER, SHIFT_LEAD
from app.domain.triage import MOST_FILE_BYTES, MOST_FILES, MOST_LINKS, permit_triage
from tests.unit.domain.desk_driver import START_AT, DeskDriver

HASH = "ab" * 32


@pytest.fixture
def driver() -> DeskDriver:
    made = DeskDriver()
    made.report("i1")
    return made


def refused(driver: DeskDriver, command: cmd.Command) -> Refusal:
    before = dict(driver.desk.incidents), dict(driver.desk.units)
    with pytest.raises(Refusal) as refusal:
        driver.do(command)
    assert (dict(driver.desk.incidents), dict(driver.desk.units)) == before
    return refusal.value


def one(driver: DeskDriver, incident: str = "i1") -> Incident:
    return driver.desk.incidents[incident]


# -- sending back ----------------------------------------------------------------------------------------------------


def test_the_last_unit_sends_it_back_and_it_waits_with_the_clocks_of_its_report(driver: DeskDriver) -> None:
    opened_at = one(driver).opened_at
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    accepted_at = one(driver).accepted_at
    driver.do(cmd.SetUnitStatus("p1", "on_scene"))
    driver.do(cmd.ReturnIncident("i1", "p1", " not ours\n"))
    incident = one(driver)
    assert (incident.status, incident.units, incident.returned, incident.returned_by) == (
        inc.ACCEPTED,
        (),
        1,
        "p1",
    )
    assert (incident.opened_at, incident.accepted_at) == (opened_at, accepted_at)
    assert incident.dispatched_at is None and incident.arrived_at is None
    assert driver.desk.units["p1"].assignments == ()
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert one(driver).dispatched_at == driver.now


def test_one_of_two_units_sends_it_back_and_the_other_goes_on(driver: DeskDriver) -> None:
    driver.do(cmd.DispatchUnits("i1", ("p1", "p2")))
    driver.do(cmd.SetUnitStatus("p2", "on_scene"))
    driver.do(cmd.ReturnIncident("i1", "p1", "too far"))
    incident = one(driver)
    assert (incident.status, incident.units, incident.returned) == (inc.HANDLING, ("p2",), 1)
    assert incident.dispatched_at is not None


def test_a_department_sends_it_back_and_the_desks_clocks_go_on(driver: DeskDriver) -> None:
    driver.do(cmd.HandOverIncident("i1", "urban management", "their trade"))
    driver.do(cmd.ReturnIncident("i1", "urban management", "not our street"))
    incident = one(driver)
    assert (incident.status, incident.department, incident.handed_over_at) == (inc.ACCEPTED, "", None)
    driver.do(cmd.HandOverIncident("i1", "sanitation", "theirs then"))
    driver.do(cmd.ReturnIncident("i1", "sanitation", "nor ours"))
    assert one(driver).returned == 2
    assert one(driver).returned_by == "sanitation"


@pytest.mark.parametrize(("arrives", "status"), [(False, inc.DISPATCHED), (True, inc.HANDLING)])
def test_a_department_sends_it_back_while_a_unit_of_the_street_is_on_it(
    driver: DeskDriver, arrives: bool, status: str
) -> None:
    driver.do(cmd.DispatchUnits("i1", ("u1",)))
    if arrives:
        driver.do(cmd.SetUnitStatus("u1", "on_scene"))
    driver.do(cmd.HandOverIncident("i1", "urban management", "their trade"))
    driver.do(cmd.ReturnIncident("i1", "urban management", "not our street"))
    assert (one(driver).status, one(driver).units) == (status, ("u1",))


def test_only_who_has_it_can_send_it_back_and_says_why(driver: DeskDriver) -> None:
    assert refused(driver, cmd.ReturnIncident("i1", "p1", "no")).rule == "nobody_has_it"
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    assert refused(driver, cmd.ReturnIncident("i1", "p2", "no")).rule == "not_theirs_to_return"
    assert refused(driver, cmd.ReturnIncident("i1", "p1", " \t")).rule == "reason_missing"
    driver.do(cmd.CloseIncident("i1", "false_alarm", "nothing there"))
    assert refused(driver, cmd.ReturnIncident("i1", "p1", "late")).rule == "incident_ended"


# -- by order --------------------------------------------------------------------------------------------------------


def test_an_order_sends_units_and_a_department_and_says_so(driver: DeskDriver) -> None:
    events = driver.do(cmd.AssignByOrder("i1", ("p1", "p1"), "urban management", "the street decides"))
    assert [event.TYPE for event in events] == [
        "incident.accepted", "incident.ordered", "incident.handed_over", "unit.dispatched", "incident.unit_assigned",
    ]  # fmt: skip
    assert one(driver).ordered == ("p1", "urban management")
    assert one(driver).holders == ("urban management", "p1")


def test_an_order_needs_a_reason_somebody_to_take_it_and_a_unit_that_can(driver: DeskDriver) -> None:
    assert refused(driver, cmd.AssignByOrder("i1", reason="go")).rule == "order_to_nobody"
    assert refused(driver, cmd.AssignByOrder("i1", ("p1",))).rule == "reason_missing"
    assert refused(driver, cmd.AssignByOrder("i1", ("nobody",), reason="go")).rule == "unit_unknown"
    driver.report("i2")
    driver.do(cmd.DispatchUnits("i2", ("p1",)))
    assert refused(driver, cmd.AssignByOrder("i1", ("p1",), reason="go")).rule == "unit_busy"


@pytest.mark.parametrize("role", [DUTY_OFFICER, FEED, GRID_MEMBER, SHIFT_LEAD])
@pytest.mark.parametrize(
    "command", [cmd.AnswerTask("p1", "i1", accepted=False), cmd.ReturnIncident("i1", "p1", "no")]
)
def test_only_the_shift_lead_lets_an_order_be_sent_back(
    driver: DeskDriver, role: str, command: cmd.Command
) -> None:
    driver.do(cmd.AssignByOrder("i1", ("p1",), reason="no other"))
    context = cmd.Context("somebody", role, "desk-1", START_AT)
    if role == SHIFT_LEAD:
        permit_triage(driver.desk, command, context)
        driver.do(command)
        assert one(driver).ordered == ()
    else:
        with pytest.raises(Refusal, match="order_stands"):
            permit_triage(driver.desk, command, context)


def test_what_is_no_order_may_be_declined_and_a_unit_that_left_has_no_order(driver: DeskDriver) -> None:
    context = cmd.Context("somebody", FEED, "desk-1", START_AT)
    decline = cmd.AnswerTask("p1", "i1", accepted=False)
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    permit_triage(driver.desk, decline, context)
    driver.do(decline)
    driver.do(cmd.AssignByOrder("i1", ("p1",), reason="no other"))
    driver.do(cmd.RecallUnit("i1", "p1", "its car broke down"))
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    permit_triage(driver.desk, decline, context)


def test_an_order_ends_with_the_next_department_and_with_reopening(driver: DeskDriver) -> None:
    driver.do(cmd.AssignByOrder("i1", department="sanitation", reason="theirs"))
    driver.do(cmd.HandOverIncident("i1", "parks", "the tree is theirs"))
    assert one(driver).ordered == ()
    driver.do(cmd.AssignByOrder("i1", department="sanitation", reason="theirs after all"))
    driver.do(cmd.CloseIncident("i1", "resolved", "swept"))
    driver.do(cmd.ReopenIncident("i1", "still there"))
    assert (one(driver).ordered, one(driver).holders) == ((), ())


# -- supervising, calling back ---------------------------------------------------------------------------------------


def test_supervision_says_who_and_when_and_ends(driver: DeskDriver) -> None:
    assert refused(driver, cmd.SuperviseIncident("i1", "")).rule == "reason_missing"
    for stream, event in decide(driver.desk, cmd.SuperviseIncident("i1", "the mayor asks")):
        driver.desk.apply(stream, event, START_AT + 5, START_AT + 9, "lead", "desk-1")
    assert (one(driver).supervised_at, one(driver).supervised_by) == (START_AT + 5, "lead")
    assert driver.do(cmd.SuperviseIncident("i1", "again")) == []
    driver.do(cmd.CloseIncident("i1", "false_alarm", "nothing there"))
    driver.do(cmd.EndSupervision("i1", "done"))
    assert (one(driver).supervised_at, one(driver).supervised_by) == (None, "")
    assert driver.do(cmd.EndSupervision("i1", "again")) == []
    assert refused(driver, cmd.SuperviseIncident("i1", "late")).rule == "incident_ended"


@pytest.mark.parametrize("command", [cmd.SuperviseIncident("i1", "why"), cmd.EndSupervision("i1", "why")])
def test_supervision_is_the_leads(command: cmd.Command) -> None:
    permit(SHIFT_LEAD, command, "i1")
    for role in (DUTY_OFFICER, FEED, GRID_MEMBER, ADMINISTRATOR):
        with pytest.raises(Refusal, match="role_forbidden"):
            permit(role, command, "i1")


def test_only_the_first_time_somebody_was_reached_counts_as_contact(driver: DeskDriver) -> None:
    driver.do(cmd.ContactReporter("i1", "no_answer"))
    assert one(driver).contacted_at is None
    driver.do(cmd.ContactReporter("i1", "reached"))
    first = driver.now
    driver.do(cmd.ContactReporter("i1", "reached"))
    assert one(driver).contacted_at == first
    assert refused(driver, cmd.ContactReporter("i1", "shouted")).rule == "contact_result_unknown"


def test_a_revisit_after_the_end_is_kept_and_stops_no_clock(driver: DeskDriver) -> None:
    driver.do(cmd.CloseIncident("i1", "false_alarm", "nothing there"))
    assert len(driver.do(cmd.ContactReporter("i1", "reached"))) == 1
    assert one(driver).contacted_at is None


def test_supervision_is_not_lost_in_a_merge(driver: DeskDriver) -> None:
    driver.report("i2")
    driver.do(cmd.SuperviseIncident("i1", "the mayor asks"))
    assert refused(driver, cmd.MergeIncident("i1", "i2")).rule == "merge_loses_supervision"
    driver.do(cmd.MergeIncident("i2", "i1"))
    assert one(driver).source_ids == ("110:i1", "110:i2")


# -- links -----------------------------------------------------------------------------------------------------------


def test_a_link_is_seen_from_both_sides_and_a_second_one_replaces_it(driver: DeskDriver) -> None:
    driver.report("i2")
    driver.do(cmd.LinkIncidents("i1", "i2", "cause"))
    assert one(driver).links == (Link("i2", "cause"),)
    assert one(driver, "i2").links == (Link("i1", "effect"),)
    assert driver.do(cmd.LinkIncidents("i2", "i1", "effect")) == []
    driver.do(cmd.LinkIncidents("i2", "i1", "same_place"))
    assert one(driver).links == (Link("i2", "same_place"),)
    driver.do(cmd.UnlinkIncidents("i2", "i1"))
    assert one(driver).links == one(driver, "i2").links == ()
    assert driver.do(cmd.UnlinkIncidents("i1", "i2")) == []


def test_what_cannot_be_linked(driver: DeskDriver) -> None:
    assert refused(driver, cmd.LinkIncidents("i1", "i1")).rule == "link_with_itself"
    assert refused(driver, cmd.LinkIncidents("i1", "i9")).rule == "incident_unknown"
    driver.report("i2", person_ref="110:2")
    assert refused(driver, cmd.LinkIncidents("i1", "i2", "cousin")).rule == "relation_unknown"
    assert refused(driver, cmd.LinkIncidents("i1", "i2", "same_person")).rule == "reporter_unknown"
    for place in range(MOST_LINKS):
        driver.report(f"o{place}")
        driver.do(cmd.LinkIncidents("i1", f"o{place}"))
    assert refused(driver, cmd.LinkIncidents("i2", "i1")).rule == "too_many_links"
    assert (
        len(driver.do(cmd.LinkIncidents("o0", "i1", "cause"))) == 2
    )  # another word for a link that is there


# -- undoing a merge -------------------------------------------------------------------------------------------------


def test_undoing_a_merge_gives_sources_and_status_back_and_leaves_units_where_they_are(
    driver: DeskDriver,
) -> None:
    driver.report("i2")
    driver.do(cmd.DispatchUnits("i1", ("p1",)))
    before = dict(driver.desk.incidents), dict(driver.desk.by_source)
    driver.do(cmd.MergeIncident("i1", "i2"))
    driver.do(cmd.UpdateIncident("i2", title="two calls about it"))
    driver.do(cmd.UnmergeIncident("i1", "another corner"))
    i1, i2 = one(driver), one(driver, "i2")
    assert (i1.status, i1.merged_into, i1.closed_at, i1.units) == (inc.ACCEPTED, None, None, ())
    assert (i2.title, i2.units) == ("two calls about it", ("p1",))
    assert (i1.source_ids, i2.source_ids) == tuple(before[0][key].source_ids for key in ("i1", "i2"))
    assert driver.desk.by_source == before[1]
    assert refused(driver, cmd.UnmergeIncident("i1", "again")).rule == "not_merged"


def test_a_merge_is_undone_after_the_other_one_has_ended(driver: DeskDriver) -> None:
    driver.report("i2")
    driver.do(cmd.MergeIncident("i1", "i2"))
    assert refused(driver, cmd.UnmergeIncident("i1", "")).rule == "reason_missing"
    driver.do(cmd.CloseIncident("i2", "false_alarm", "nothing there"))
    driver.do(cmd.UnmergeIncident("i1", "this one is real"))
    assert (one(driver).status, one(driver, "i2").status) == (inc.REPORTED, inc.CLOSED)
    driver.do(cmd.MergeIncident("i1", driver.report("i3") and "i3"))
    assert one(driver, "i3").source_ids == ("110:i3", "110:i1")


def test_chained_merges_are_undone_from_the_outside_in(driver: DeskDriver) -> None:
    driver.report("i2")
    driver.report("i3")
    driver.do(cmd.MergeIncident("i1", "i2"))
    driver.do(cmd.MergeIncident("i2", "i3"))
    refusal = refused(driver, cmd.UnmergeIncident("i1", "wrong"))
    assert (refusal.rule, refusal.facts["other"]) == ("unmerge_the_other_first", one(driver, "i2").number)
    driver.do(cmd.UnmergeIncident("i2", "wrong"))
    assert driver.desk.by_source["110:i1"] == "i2"
    driver.do(cmd.UnmergeIncident("i1", "wrong"))
    assert driver.desk.by_source == {f"110:{key}": key for key in ("i1", "i2", "i3")}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_undoing_merges_in_reverse_gives_every_source_its_incident_back(
    wanted: list[tuple[int, int]],
) -> None:
    driver = DeskDriver()
    for key in range(6):
        driver.report(f"i{key}")
    before = (
        {i.id: (i.source_ids, i.status) for i in driver.desk.incidents.values()},
        dict(driver.desk.by_source),
    )
    merged = []
    for incident, into in wanted:
        try:
            driver.do(cmd.MergeIncident(f"i{incident}", f"i{into}"))
        except Refusal:
            continue
        merged.append(f"i{incident}")
    for incident in reversed(merged):
        driver.do(cmd.UnmergeIncident(incident, "wrong"))
    after = (
        {i.id: (i.source_ids, i.status) for i in driver.desk.incidents.values()},
        dict(driver.desk.by_source),
    )
    assert after == before


# -- files -----------------------------------------------------------------------------------------------------------

PHOTO = cmd.AttachFile("i1", HASH, "gate.jpg", "image/jpeg", 1_000)


def test_a_file_is_attached_once_and_taken_away_with_a_reason(driver: DeskDriver) -> None:
    driver.do(PHOTO)
    (file,) = one(driver).files
    assert (file.id, file.name, file.attached_at) == (HASH, "gate.jpg", driver.now)
    assert driver.do(replace(PHOTO, name="again.jpg")) == []
    assert refused(driver, cmd.DetachAttachment("i1", HASH, "")).rule == "reason_missing"
    driver.do(cmd.DetachAttachment("i1", HASH, "shows a face"))
    assert one(driver).files == ()
    assert driver.do(cmd.DetachAttachment("i1", HASH, "again")) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"media_type": "application/x-msdownload"}, "file_kind"),
        ({"media_type": "text/html"}, "file_kind"),
        ({"size_bytes": 0}, "file_size"),
        ({"size_bytes": MOST_FILE_BYTES + 1}, "file_size"),
        ({"attachment": "../../etc/passwd"}, "file_id_unknown"),
        ({"name": "\u202e \x00"}, "field_empty"),
        ({"name": "x" * 1_000_000}, "field_length"),
        ({"incident": "i9"}, "incident_unknown"),
    ],
)
def test_a_file_that_is_not_taken(driver: DeskDriver, fields: dict[str, object], rule: str) -> None:
    assert refused(driver, replace(PHOTO, **fields)).rule == rule  # type: ignore[arg-type]


def test_there_is_an_end_to_the_files_of_one_incident(driver: DeskDriver) -> None:
    for place in range(MOST_FILES):
        driver.do(replace(PHOTO, attachment=f"{place:064x}"))
    assert refused(driver, replace(PHOTO, attachment="f" * 64)).rule == "too_many_files"


def test_a_files_name_shows_no_number_of_a_person(driver: DeskDriver) -> None:
    driver.do(replace(PHOTO, name="call 138\u200b12345678.mp3", media_type="audio/mpeg"))
    assert one(driver).files[0].name == "call 138****5678.mp3"
