"""An officer's change counts only for what he saw: of two who change one field the second is told, not obeyed."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.events import IncidentReported, IncidentUpdated
from app.domain.ids import incident_stream


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    report = IncidentReported("i1", "110", "1", "crowd", 2, "人群聚集", address="东门")
    desk.apply(incident_stream("i1"), report, 1, 1)
    return desk


def change(desk: Desk, command: cmd.UpdateIncident) -> list[object]:
    changes = decide(desk, command)
    for stream, event in changes:
        desk.apply(stream, event, 2, 2)
    return [event for _, event in changes]


def test_a_field_that_is_as_it_was_seen_is_changed(desk: Desk) -> None:
    command = cmd.UpdateIncident("i1", title="百人聚集", seen=(("title", "人群聚集"),))
    assert change(desk, command) == [IncidentUpdated("i1", title="百人聚集")]


def test_the_second_of_two_who_saw_the_same_is_refused_and_changes_nothing(desk: Desk) -> None:
    change(desk, cmd.UpdateIncident("i1", title="百人聚集", seen=(("title", "人群聚集"),)))
    with pytest.raises(Refusal) as refusal:
        change(desk, cmd.UpdateIncident("i1", title="有推搡", seen=(("title", "人群聚集"),)))
    assert (refusal.value.rule, refusal.value.facts["field"]) == ("changed_meanwhile", "title")
    assert desk.incidents["i1"].title == "百人聚集"


def test_two_fields_do_not_get_in_each_others_way(desk: Desk) -> None:
    change(desk, cmd.UpdateIncident("i1", title="百人聚集", seen=(("title", "人群聚集"),)))
    change(desk, cmd.UpdateIncident("i1", address="西门", seen=(("address", "东门"), ("lat", None))))
    known = desk.incidents["i1"]
    assert (known.title, known.address) == ("百人聚集", "西门")
