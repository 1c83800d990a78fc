"""Busy units: when they are expected to be free, who is worth waiting for, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.centre.layered_toml import DeclarationFault
from app.centre.types_file import load_incident_types
from app.dispatch.candidates import Member, Post, Preference, Question, Reason
from app.dispatch.engaged import Engaged, Work
from app.dispatch.force import Force
from app.dispatch.recommendation import Recommendation, recommend
from app.dispatch.run_card import Need, RunCard, Words
from app.dispatch.turns import Turns
from app.dispatch.waiting import Together, solve_together
from app.dispatch.work_file import NAME, load_work_times
from app.dispatch.work_times import WorkSpan, WorkTimes
from app.domain.duty import DutyTurn
from app.domain.incident import Incident
from app.domain.unit import Assignment, Unit
from app.geo.road_graph import DETOUR_FACTOR, SPEED_M_PER_S, RoadGraph
from app.journal.store import TrackPoint
from app.paths import bundled_data_dir
from tests.unit.dispatch.test_recommendation import road, roads
from tests.unit.geo.small_district import position

NOW = 1_795_330_626_000
MINUTE = 60_000
SPAN = WorkSpan(600, 2_400)
STREET = road(1, (1, 2), (0, 0), (4_000, 0))
CAR_M_PER_S = SPEED_M_PER_S["car"]["residential"]
LEAD = Need("lead", ("police",), 1)


class Beat:
    """Police on a street to the east of the middle; some of them at work there."""

    def __init__(self, graph: RoadGraph | None = None) -> None:
        self.graph = graph
        self.members: dict[str, Member] = {}
        self.units: list[Unit] = []
        self.works: dict[str, Work] = {}
        self.plan: tuple[DutyTurn, ...] = ()

    def free(self, key: str, x_m: float, **facts: object) -> None:
        self.members[key] = Member("car", (), Post(*position(x_m, 0)))
        self.units.append(replace(Unit(key, "police", key), **facts))  # type: ignore[arg-type]

    def busy(
        self, key: str, x_m: float, on_scene_min: float | None, span: WorkSpan = SPAN, **facts: object
    ) -> None:
        held = Assignment("w", "en_route" if on_scene_min is None else "on_scene", NOW)
        self.free(key, x_m, assignments=(held,), **facts)
        at = None if on_scene_min is None else NOW - round(on_scene_min * MINUTE)
        self.works[key] = Work(*position(x_m, 0), at, span)

    def force(self) -> tuple[Force, Engaged]:
        force, engaged = Force(self.members, self.graph), Engaged(self.graph)
        posts = ((key, member.post) for key, member in self.members.items())
        force.put(self.units, ((key, TrackPoint(key, NOW, p.lat, p.lon)) for key, p in posts if p))
        Turns().put(force, self.plan, NOW)
        engaged.put(force, self.works)
        return force, engaged

    def ask(self, need: Need = LEAD, **facts: object) -> Recommendation:
        force, engaged = self.force()
        return recommend(force, question("i", 0, need, **facts), engaged)

    def together(self, *questions: Question) -> Together:
        force, engaged = self.force()
        return solve_together(force, questions, engaged, WorkTimes())


def question(key: str, x_m: float, need: Need = LEAD, **facts: object) -> Question:
    lat, lon = position(x_m, 0)
    incident = Incident(key, (f"110:{key}",), "crowd", 3, "", NOW, lat=lat, lon=lon)
    incident = replace(incident, **facts)  # type: ignore[arg-type]
    card = RunCard("x", Words("甲", "A"), {}, (need,))
    return Question(incident, NOW, ("police",), card.response(3))


@pytest.mark.parametrize("graph", [roads(STREET), None])
def test_a_busy_unit_that_would_be_there_sooner_is_named_with_whom_it_beats(graph: RoadGraph | None) -> None:
    beat = Beat(graph)
    beat.free("free", 3_600)
    beat.busy("busy", 450, on_scene_min=38)
    found = beat.ask()
    (soon,) = found.soon
    detour = 1 if graph else DETOUR_FACTOR
    assert found.units == ("free",), "it is a word, the free one is recommended all the same"
    assert (soon.unit_id, soon.instead) == ("busy", "free")
    assert soon.free_in_s == pytest.approx(60), "38 minutes gone, 40 at most: halfway"
    assert soon.there_in_s == pytest.approx(60 + detour * 450 / CAR_M_PER_S, rel=0.02)
    assert soon.instead_s == pytest.approx(detour * 3_600 / CAR_M_PER_S, rel=0.02)


def test_by_less_than_the_margin_nothing_is_said() -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", 450, on_scene_min=38)
    there_s = 60 + 450 / CAR_M_PER_S
    beat.free("free", (there_s + 170) * CAR_M_PER_S)
    assert beat.ask().soon == ()
    beat.free("free", (there_s + 190) * CAR_M_PER_S)
    assert [soon.unit_id for soon in beat.ask().soon] == ["busy"]


def test_where_nobody_is_free_the_first_to_be_is_named() -> None:
    beat = Beat(roads(STREET))
    beat.busy("later", 100, on_scene_min=5)
    beat.busy("sooner", 900, on_scene_min=39)
    found = beat.ask()
    (soon,) = found.soon
    assert (soon.unit_id, soon.instead, soon.instead_s) == ("sooner", "", np.inf)
    assert found.shortfalls[0].reason.key == "all_busy"


@pytest.mark.parametrize(
    "facts",
    [
        {"on_scene_min": 41},  # beyond the rule: nobody knows
        {"on_duty_at": NOW - 13 * 60 * MINUTE},
        {"kind": "volunteer"},
        {"x_m": 999_000},
    ],
)
def test_nobody_waits_for_who_would_not_be_sent_or_may_need_any_time(facts: dict[str, object]) -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", **({"x_m": 100, "on_scene_min": 39} | facts))  # type: ignore[arg-type]
    assert beat.ask().soon == ()


def test_nobody_waits_for_who_goes_off_duty_before_he_could_be_there() -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", 100, on_scene_min=39)
    beat.plan = (DutyTurn(NOW - 60 * MINUTE, NOW + 25 * MINUTE, "busy", leader="a"),)
    assert beat.ask().soon == (), "half an hour of work belongs to it"
    beat.plan = (DutyTurn(NOW - 60 * MINUTE, NOW + 60 * MINUTE, "busy", leader="a"),)
    assert [soon.unit_id for soon in beat.ask().soon] == ["busy"]


def test_who_is_at_work_on_this_one_is_not_waited_for() -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", 100, on_scene_min=39)
    two = replace(LEAD, count=2)
    assert beat.ask(two, units=("busy",)).soon == ()
    assert beat.ask(two).soon


def test_who_is_still_on_the_way_has_all_his_work_before_him() -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", 450, on_scene_min=None)
    force, engaged = beat.force()
    (left_s,) = engaged.left_s(force, NOW).tolist()
    assert left_s == pytest.approx((600 + 2_400) / 2, abs=5), "it stands where its work is"


def test_places_of_work_and_roads_are_followed() -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", 450, on_scene_min=39)
    force, engaged = beat.force()

    def there_s() -> float:
        found = recommend(force, question("i", 0), engaged)
        return found.soon[0].there_in_s if found.soon else np.inf

    near_s = there_s()
    engaged.put(force, {"busy": replace(beat.works["busy"], lon=position(1_350, 0)[1])})
    assert there_s() - near_s == pytest.approx(900 / CAR_M_PER_S, rel=0.02)
    cut = roads(STREET, closed={"R1"})
    force.use_roads(cut)
    engaged.use_roads(force, cut)
    assert there_s() == np.inf, "no way is known"
    engaged.put(force, {})
    assert len(engaged.rows) == 0


# -- second tasks ----------------------------------------------------------------------------------------------------

LOCAL = Need("lead", ("grid_member",), 1)
"""A grid member may be given a second task while it is at the first."""


def local(key: str, x_m: float, need: Need = LOCAL, **facts: object) -> Question:
    return replace(question(key, x_m, need, **facts), kinds=("grid_member",))


def local_beat(free_x_m: float | None, on_scene_min: float) -> Beat:
    beat = Beat(roads(STREET))
    if free_x_m is not None:
        beat.free("free", free_x_m, kind="grid_member")
    beat.busy("busy", 100, on_scene_min, kind="grid_member")
    return beat


def recommended(beat: Beat) -> Recommendation:
    force, engaged = beat.force()
    return recommend(force, local("i", 0), engaged)


def test_who_has_long_to_do_next_to_it_stands_behind_who_is_free_far_away() -> None:
    found = recommended(local_beat(3_600, on_scene_min=5))
    assert found.units == ("free",)
    second = next(one for one in found.ranking if one.unit_id == "busy")
    assert second.excluded is None, "it can be sent all the same"
    assert Reason("second_task_after", {"incident": "w", "minutes": 20}) in second.reasons


def test_who_is_nearly_done_is_sent_before_who_is_free_far_away() -> None:
    found = recommended(local_beat(3_600, on_scene_min=38))
    assert found.units == ("busy",)
    assert found.soon == (), "it is recommended, so nothing has to be said of waiting for it"


def test_a_second_task_begins_where_the_first_is() -> None:
    """Near by it was seen, but it is on its way to work at the other end of the street."""
    beat = local_beat(1_800, on_scene_min=38)
    beat.works["busy"] = replace(beat.works["busy"], lat=position(4_000, 0)[0], lon=position(4_000, 0)[1])
    found = recommended(beat)
    assert found.units == ("free",)
    row = list(found.ranking.ids).index("busy")
    assert found.ranking.expected_s[row] == pytest.approx(60 + 4_000 / CAR_M_PER_S, rel=0.02)
    assert found.ranking.etas_s[row] == pytest.approx(100 / CAR_M_PER_S, rel=0.02), "its way is said as it is"


def test_whose_end_nobody_knows_is_sent_only_where_nobody_else_is_left() -> None:
    assert recommended(local_beat(4_000, on_scene_min=50)).units == ("free",)
    alone = recommended(local_beat(None, on_scene_min=50))
    assert alone.units == ("busy",)
    (second,) = alone.ranking
    assert Reason("second_task", {"incident": "w"}) in second.reasons, "no minutes that nobody knows"


def test_the_plan_for_all_waits_for_who_has_room_instead_of_binding_it() -> None:
    (going,) = local_beat(None, on_scene_min=38).together(local("i", 0)).errands
    assert (going.units, going.missing) == ((), ())
    assert [(wait.soon.unit_id, wait.soon.instead) for wait in going.waits] == [("busy", "")]
    (going,) = local_beat(900, on_scene_min=5).together(local("i", 0)).errands
    assert [unit for unit, _ in going.units] == ["free"]


# -- all that waits ---------------------------------------------------------------------------------------------------


def test_an_incident_waits_for_the_busy_one_next_to_it_and_nobody_is_sent_there() -> None:
    beat = Beat(roads(STREET))
    beat.free("free", 4_000)
    beat.busy("busy", 100, on_scene_min=38)
    (going,) = beat.together(question("i", 0, priority=1)).errands
    assert (going.units, going.missing) == ((), ())
    (wait,) = going.waits
    assert (wait.soon.unit_id, wait.soon.instead, wait.sent_to) == ("busy", "free", "")
    assert wait.soon.instead_s > wait.soon.there_in_s + WorkTimes().margin_s


def test_an_urgent_one_does_not_wait_where_somebody_free_is_as_soon() -> None:
    beat = Beat(roads(STREET))
    beat.free("free", 1_200)
    beat.busy("busy", 100, on_scene_min=36)
    (urgent,) = beat.together(question("i", 0, priority=2)).errands
    assert ([unit for unit, _ in urgent.units], urgent.waits) == (["free"], ())


def test_who_is_kept_from_it_is_named_with_where_it_goes() -> None:
    """The free one is nearer to the first, but the second has nobody else: the first waits."""
    beat = Beat(roads(STREET))
    beat.free("free", 900)
    beat.busy("busy", 0, on_scene_min=36)
    first, second = question("first", 0), question("second", 3_600)
    one, two = beat.together(first, second).errands
    assert one.units == ()
    assert [(w.soon.unit_id, w.soon.instead, w.sent_to) for w in one.waits] == [("busy", "free", "second")]
    assert [unit for unit, _ in two.units] == ["free"]


def test_what_has_waited_for_ten_minutes_is_not_held_back_any_more() -> None:
    """The free one is sooner by less than the five minutes for which it is kept where it is."""
    beat = Beat(roads(STREET))
    beat.free("free", 2_700)
    beat.busy("busy", 900, on_scene_min=22)
    for waited_min, sent in ((9, []), (11, ["free"])):
        (going,) = beat.together(question("i", 0, opened_at=NOW - waited_min * MINUTE)).errands
        assert [unit for unit, _ in going.units] == sent


def test_one_place_may_be_filled_and_the_other_wait() -> None:
    beat = Beat(roads(STREET))
    beat.free("free", 100)
    beat.busy("busy", 200, on_scene_min=39)
    (going,) = beat.together(question("i", 0, replace(LEAD, count=3))).errands
    assert [unit for unit, _ in going.units] == ["free"]
    assert [(wait.soon.unit_id, wait.sent_to) for wait in going.waits] == [("busy", "i")]
    assert len(going.missing) == 1


def test_nobody_is_waited_for_twice() -> None:
    beat = Beat(roads(STREET))
    beat.busy("busy", 0, on_scene_min=39)
    found = beat.together(question("a", 0), question("b", 100))
    assert [len(going.waits) for going in found.errands] == [1, 0]
    assert len(found.errands[1].missing) == 1
    assert found.comparison.saved_s >= 0


# -- the file --------------------------------------------------------------------------------------------------------

TYPES = load_incident_types()
BUNDLED = bundled_data_dir() / NAME


def test_the_bundled_times_say_what_the_defaults_say() -> None:
    times = load_work_times(TYPES)
    assert (times.default, times.margin_s, times.longer_s, times.held_s) == (WorkSpan(), 180, 300, 600)
    assert times.prefer == Preference()
    assert times.of("fire").most_s > times.of("other").most_s
    assert times.of("other") == times.default


def test_a_districts_own_times_lie_over_them(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("[work.type.noise]\nleast_min = 3\nmost_min = 7.5\n", encoding="utf-8")
    assert load_work_times(TYPES, tmp_path).of("noise") == WorkSpan(180, 450)
    (tmp_path / NAME).write_text("[prefer]\nkind_step_s = 0\n", encoding="utf-8")
    assert load_work_times(TYPES, tmp_path).prefer == Preference(0, 60)


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("margin_min = 3", "margin_min = 0", "wait.margin_min"),
        ("margin_min = 3", "margin = 3", "wait.margin"),
        ("held_min = 10", "held_min = 1441", "wait.held_min"),
        ("kind_step_s = 30", "kind_step_s = -1", "prefer.kind_step_s"),
        ("far_grid_s = 60", "far_grid_s = true", "prefer.far_grid_s"),
        ("far_grid_s = 60", "far_grid_min = 1", "prefer.far_grid_min"),
        ("least_min = 10\nmost_min = 40", "least_min = 50\nmost_min = 40", "work.most_min"),
        ("least_min = 10\nmost_min = 40", 'least_min = "10"\nmost_min = 40', "work.least_min"),
        ("[work.type.fire]", "[work.type.dragon]", "work.type.dragon"),
        ("most_min = 180", "most = 180", "work.type.fire.most"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, before: str, after: str, field: str) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert before in text
    file = tmp_path / NAME
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DeclarationFault) as fault:
        load_work_times(TYPES, files=[file])
    assert (fault.value.file, fault.value.field) == (file, field)
    assert fault.value.line > 1
