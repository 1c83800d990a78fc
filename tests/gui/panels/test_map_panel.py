"""The map's dock: what the desk knows is on the map, and what is picked is told."""

from __future__ import annotations

import pytest

from app.domain import commands as cmd
from app.i18n import set_language
from app.journal.store import TrackPoint
from app.service.positions import STALE_MS
from tests.gui.conftest import DeskUnderTest
from widgets.map.marks import IncidentMark, UnitMark
from widgets.panels.map import MapPanel


@pytest.fixture
def panel(desk: DeskUnderTest) -> MapPanel:
    panel = MapPanel(desk.bridge)
    desk.qtbot.addWidget(panel)
    panel.resize(640, 480)
    panel.show()
    desk.settle()
    return panel


def incidents_on(panel: MapPanel) -> dict[str, IncidentMark]:
    return {mark.key: mark for _, mark in panel.view.scene.incidents.items()}


def unit_marks(panel: MapPanel, monkeypatch: pytest.MonkeyPatch) -> dict[str, UnitMark]:
    """Filled with every unit that is told to the map from now on."""
    told: dict[str, UnitMark] = {}
    monkeypatch.setattr(panel.view, "put_units", lambda marks: told.update((m.key, m) for m in marks))
    return told


def report_at_camera(desk: DeskUnderTest, incident: str, **fields: object) -> None:
    camera = desk.app.district.cameras[0]
    desk.report(incident, lat=camera.lat, lon=camera.lon, **fields)


def test_open_incidents_with_a_place_are_marked_and_go_when_they_end(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    report_at_camera(desk, "i1", priority=1)
    desk.report("i2")
    marks = incidents_on(panel)
    assert set(marks) == {"i1"}
    assert (marks["i1"].priority, marks["i1"].is_new) == (1, True)
    desk.do(cmd.WithdrawIncident("i1", "报错了"))
    assert incidents_on(panel) == {}


def test_units_without_a_fix_stand_stale_at_their_post_and_with_one_where_they_are(
    desk: DeskUnderTest, panel: MapPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, now = desk.app.district.units[0], desk.app.clock.now()
    told = unit_marks(panel, monkeypatch)
    panel._put_units([spec.id])
    assert (told[spec.id].lat, told[spec.id].stale) == (spec.home_lat, True)
    desk.app.positions.put(TrackPoint(spec.id, now, 31.22, 121.47, 90.0))
    desk.settle()
    assert (told[spec.id].lat, told[spec.id].heading_deg, told[spec.id].stale) == (31.22, 90.0, False)


def test_a_unit_that_falls_silent_becomes_stale_by_the_clock_alone(
    desk: DeskUnderTest, panel: MapPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, now = desk.app.district.units[0], desk.app.clock.now()
    desk.app.positions.put(TrackPoint(spec.id, now, 31.22, 121.47))
    desk.settle()
    told = unit_marks(panel, monkeypatch)
    desk.bridge.ticked.emit(now + 1_000)
    assert spec.id not in told
    monkeypatch.setattr(desk.app.clock, "now", lambda: now + STALE_MS + 1_000)
    desk.bridge.ticked.emit(now + STALE_MS + 1_000)
    assert told[spec.id].stale


def test_who_works_on_what_is_linked_until_the_unit_is_recalled(desk: DeskUnderTest, panel: MapPanel) -> None:
    unit = desk.app.district.units[0].id
    report_at_camera(desk, "i1")
    desk.do(cmd.AcceptIncident("i1"), cmd.DispatchUnits("i1", (unit,)))
    assert panel.view.scene.links == ((unit, "i1"),)
    desk.do(cmd.RecallUnit("i1", unit, "另有任务"))
    assert panel.view.scene.links == ()


def test_grids_are_coloured_by_what_is_open_in_them(
    desk: DeskUnderTest, panel: MapPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[dict[str, int]] = []
    monkeypatch.setattr(panel.view, "set_grid_load", loads.append)
    grid = desk.app.district.grids[0].code
    desk.report("i1", grid=grid)
    desk.report("i2", grid=grid)
    assert loads[-1] == {grid: 2}


def test_a_camera_that_goes_offline_is_drawn_so(desk: DeskUnderTest, panel: MapPanel) -> None:
    camera = desk.app.district.cameras[0].id
    desk.do_as_feed(cmd.SetCameraStatus(camera, False, "停电"))
    marks = {mark.key: mark for _, mark in panel.view.scene.cameras.items()}
    assert not marks[camera].online
    assert marks[desk.app.district.cameras[1].id].online


def test_picks_are_told_and_choices_of_others_are_ringed(desk: DeskUnderTest, panel: MapPanel) -> None:
    picked: list[tuple[str, str]] = []
    panel.picked.connect(lambda kind, key: picked.append((kind, key)))
    panel.view.picked.emit("unit", "U001")
    assert picked == [("unit", "U001")]
    panel.select("incident", "i1")
    assert panel.view.scene.selected == ("incident", "i1")
    assert picked == [("unit", "U001")]


def test_flying_brings_the_place_to_the_middle_and_ignores_what_has_none(
    desk: DeskUnderTest, panel: MapPanel
) -> None:
    camera = desk.app.district.cameras[5]
    panel.fly_to("camera", camera.id)
    target = panel.view.view.target
    lat, lon = panel.view.scene.projection.to_degrees(target.x_m, target.y_m)
    assert (lat, lon) == pytest.approx((camera.lat, camera.lon), abs=1e-5)
    desk.report("nowhere")
    panel.fly_to("incident", "nowhere")
    panel.fly_to("camera", "no such camera")
    assert panel.view.view.target == target


def test_call_signs_follow_the_language(
    desk: DeskUnderTest, panel: MapPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = desk.app.district.units[0]
    told = unit_marks(panel, monkeypatch)
    panel.retranslate()
    assert told[spec.id].call_sign == spec.call_sign_zh
    set_language("en")
    panel.retranslate()
    assert told[spec.id].call_sign == spec.call_sign_en
    set_language("zh_CN")
