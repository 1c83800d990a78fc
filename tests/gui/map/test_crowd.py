"""A flood of incidents: what a frame costs does not grow with them, and what finds no time comes in a later frame."""

import itertools
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from tests.gui.map.test_labels import overlapping
from tests.gui.map.test_map_view import incident
from tests.gui.map.town import lat_lon, small_town
from widgets.map import IncidentMark, MapView
from widgets.map.ground import Ground
from widgets.map.ground_changes import GroundChanges
from widgets.map.label_plan import MOST_INCIDENT_LABELS, Area, Crowd, Labeller
from widgets.map.labels import LabelSprites, Occupancy
from widgets.map.marks import CameraMark
from widgets.map.near import Extent, NearSlots
from widgets.map.pace import Pace
from widgets.map.point_layer import PointLayer
from widgets.map.pulses import Pulses
from widgets.map.sprites import SpriteSheet
from widgets.map.tiles import TileCache

Settle = Callable[[MapView], None]

AREA = Area(17.0, 1.0, -2_000, -2_000, 4_000, 4_000)
LONG_S = 60.0


def spread(count: int) -> Iterator[tuple[IncidentMark, float, float]]:
    """Incidents with room for a label each, most urgent first, at metres x, y."""
    for index, (row, column) in enumerate(itertools.islice(itertools.product(range(60), range(10)), count)):
        x_m, y_m = column * 350 - 1_700, row * 60 - 1_800
        yield incident(f"i{index:03d}", x_m, -y_m), float(x_m), float(y_m)


def crowd(count: int) -> Crowd:
    named = list(spread(count))
    return Crowd(named, np.array([[x_m - 13, y_m - 13, 26, 26] for _, x_m, y_m in named], dtype=np.int32))


@pytest.fixture
def labeller(qapp: QApplication) -> Labeller:
    return Labeller(LabelSprites(1.0))


NO_OBSTACLES = np.zeros((0, 4), dtype=np.int32)


# -- labels ---------------------------------------------------------------------------------------------------------


def test_labels_beyond_the_budget_appear_in_later_frames_the_most_urgent_first(labeller: Labeller) -> None:
    labeller.begin(AREA, crowd(30), NO_OBSTACLES, None)
    counts = []
    while not labeller.complete:
        labeller.go_on(until_s=0.0)
        counts.append(len(labeller.plan.incidents))
    assert counts[1] == 1
    assert counts[-1] == 30
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(counts))
    tops = [label.top_px for label in labeller.plan.incidents]
    assert tops == sorted(tops)


def test_however_much_time_there_is_a_frame_paints_few_new_texts(labeller: Labeller) -> None:
    sheet = labeller._sprites.sheet
    labeller.begin(AREA, crowd(MOST_INCIDENT_LABELS), NO_OBSTACLES, None)
    painted = []
    while not labeller.complete:
        before = sheet.painted_count
        labeller.go_on(time.perf_counter() + LONG_S)
        painted.append(sheet.painted_count - before)
    assert max(painted) <= 8
    assert sum(painted) == MOST_INCIDENT_LABELS


def test_what_stands_stays_until_the_next_plan_is_complete(labeller: Labeller) -> None:
    labeller.begin(AREA, crowd(5), NO_OBSTACLES, None)
    while not labeller.complete:
        labeller.go_on(0.0)
    standing = list(labeller.plan.incidents)
    labeller.begin(AREA, crowd(20), NO_OBSTACLES, None)
    labeller.go_on(0.0)
    assert labeller.plan.incidents == standing
    while not labeller.complete:
        labeller.go_on(0.0)
    assert len(labeller.plan.incidents) == 20


def test_a_map_full_of_incidents_names_few_of_them_and_none_over_another(
    town_map: MapView, settle: Settle
) -> None:
    random = np.random.default_rng(5)
    places = random.uniform(-450, 450, (3_000, 2)).tolist()
    town_map.put_incidents([incident(f"i{i}", x, y, 1 + i % 4) for i, (x, y) in enumerate(places)])
    settle(town_map)
    labels = town_map.frame.labels.labeller.plan.incidents
    assert len(labels) <= MOST_INCIDENT_LABELS
    assert overlapping(labels) == []
    assert len(town_map.frame.clusters) > 0
    assert len(town_map.frame.incidents.slots) + len(town_map.frame.clusters) <= 900


def test_who_is_chosen_stands_out_of_a_crowd(town_map: MapView, settle: Settle) -> None:
    town_map.put_incidents([incident(f"low{i}", i % 40 - 20, i // 40 - 20, 4) for i in range(1_600)])
    town_map.put_incidents([incident("high", 0, 0, 1)])
    town_map.select("incident", "high")
    settle(town_map)
    drawn = {town_map.scene.incidents.marks[slot].key for slot in town_map.frame.incidents.slots.tolist()}
    assert "high" in drawn
    assert len(drawn) < 1_600


@pytest.mark.parametrize("count", [80, 120])
def test_cells_taken_in_one_go_are_those_taken_one_by_one(count: int) -> None:
    """Few boxes for the area are filled, many are summed up: 105 times 105 cells lie between."""
    random = np.random.default_rng(3)
    places, sizes = random.integers(-150, 350, (count, 2)), random.integers(1, 60, (count, 2))
    boxes = np.column_stack([places, sizes]).astype(np.int32)
    together, single = Occupancy(-100, -100, 412, 412), Occupancy(-100, -100, 412, 412)
    together.block_all(boxes)
    for box in boxes.tolist():
        single.block(*box)
    free = [
        [cells.copy().take(x, y, 4, 4) for x in range(-100, 296, 4) for y in range(-100, 296, 4)]
        for cells in (together, single)
    ]
    assert free[0] == free[1]
    assert any(free[0])
    assert not all(free[0])


# -- work a frame ---------------------------------------------------------------------------------------------------


def test_a_frame_looks_only_at_what_changed_however_many_there_are_elsewhere() -> None:
    layer: PointLayer[IncidentMark] = PointLayer()
    for index in range(20_000):
        layer.put(incident(f"far{index}", 0, 0), 50_000.0 + index, 0.0)
    for index in range(50):
        layer.put(incident(f"near{index}", 0, 0), float(index), 0.0)
    near = NearSlots(layer)
    bounds = (-100.0, -100.0, 100.0, 100.0)
    assert len(near.of(bounds)) == 50
    examined = near.examined_count
    for index in range(10):
        layer.put(incident(f"new{index}", 0, 0), float(index), 9.0)
        layer.put(incident(f"gone{index}", 0, 0), 60_000.0, 9.0)
        assert len(near.of(bounds)) == 51 + index
    assert near.examined_count - examined == 20
    layer.drop("near7")
    assert layer.slot("near8") in near.of(bounds)
    assert len(near.of(bounds)) == 59


def test_a_small_pan_looks_at_nothing_a_large_one_at_everything() -> None:
    layer: PointLayer[IncidentMark] = PointLayer()
    for index in range(500):
        layer.put(incident(f"i{index}", 0, 0), index * 10.0, 0.0)
    near = NearSlots(layer)
    near.of((0.0, -100.0, 200.0, 100.0))
    examined = near.examined_count
    near.of((20.0, -100.0, 220.0, 100.0))
    assert near.examined_count == examined
    found = near.of((2_000.0, -100.0, 2_200.0, 100.0))
    assert layer.slot("i210") in found
    assert near.examined_count == examined + 500


def test_the_extent_of_all_incidents_follows_what_comes_and_goes() -> None:
    layer: PointLayer[IncidentMark] = PointLayer()
    extent = Extent(layer)
    assert extent.bounds() is None
    for key, x_m in (("a", 0.0), ("b", 100.0), ("c", 50.0)):
        layer.put(incident(key, 0, 0), x_m, -x_m)
    assert extent.bounds() == (0.0, -100.0, 100.0, 0.0)
    layer.put(incident("d", 0, 0), 300.0, 5.0)
    assert extent.bounds() == (0.0, -100.0, 300.0, 5.0)
    layer.drop("d")
    assert extent.bounds() == (0.0, -100.0, 100.0, 0.0)


def test_frames_for_changes_have_their_distance_and_their_share_of_the_time() -> None:
    pace = Pace()
    pace.begin(100.0)
    assert not pace.due(200.0)
    pace.want()
    assert not pace.due(100.039)
    assert pace.due(100.041)
    pace.paid(0.020)
    assert not pace.due(100.1)
    pace.want_now()
    assert pace.due(100.009)


def test_only_so_many_pulse_at_a_time(qapp: QApplication) -> None:
    pulses = Pulses()
    for index in range(500):
        pulses.start(f"i{index}", 10.0)
    assert len(pulses.phases(10.1)) == 20


# -- what lies in the tiles -----------------------------------------------------------------------------------------


def test_a_load_that_changes_all_the_time_makes_tiles_old_at_most_twice_a_second(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[object] = []
    monkeypatch.setattr(
        TileCache, "invalidate_under", lambda _tiles, boxes: touched.extend(boxes) or len(boxes)
    )
    ground, changes, grid = Ground(small_town(), 1.0), GroundChanges(), small_town().grids[0].code
    for step in range(1, 31):
        changes.put_load({grid: step % 4})
        changes.bring_to(ground, 1_000.0 + step * 0.02)  # thirty frames within 0.6 s
    assert len(touched) == 2
    for now_s, level in ((2_000.0, 4), (3_000.0, 900)):  # both are "four and more": one colour
        changes.put_load({grid: level})
        changes.bring_to(ground, now_s)
    assert len(touched) == 3


def test_another_theme_leaves_no_label_of_the_old_one(town_map: MapView, settle: Settle) -> None:
    town_map.put_incidents([incident(f"i{i}", 150 * i - 400, 0) for i in range(6)])
    settle(town_map)
    assert town_map.frame.labels.drawn()
    town_map._renew_look()
    assert town_map.frame.labels.drawn() == []
    town_map.grab()
    settle(town_map)
    labels = town_map.frame.labels
    assert {label.layer for label in labels.drawn()} >= {"incidents", "roads"}
    assert all(label.sprite < len(labels.sprites.sheet.sources) for label in labels.drawn())


def test_a_load_that_had_to_wait_is_shown_in_the_end(town_map: MapView, settle: Settle) -> None:
    grid = small_town().grids[3].code
    for count in (1, 2, 3):
        town_map.set_grid_load({grid: count})
        town_map._make_frame(time.perf_counter())
    settle(town_map)
    assert town_map.frame.ground is not None
    assert town_map.frame.ground.load == {grid: 3}


# -- sprites --------------------------------------------------------------------------------------------------------


def test_making_room_on_the_sheet_keeps_pictures_and_numbers(qapp: QApplication) -> None:
    sheet = SpriteSheet(max_height_px=512)
    colors = ["red", "green", "blue", "yellow"]
    for index in range(40):
        color = colors[index % 4]
        sheet.add(index, (200, 40), (0, 0), lambda p, c=color: p.fillRect(0, 0, 200, 40, c))
    kept = [sheet.find(index) for index in (3, 17, 38)]
    full = sheet.fullness
    sheet.keep_only({number for number in kept if number is not None})
    assert sheet.fullness < full / 4
    assert sheet.generation == 0
    assert [sheet.find(index) for index in (3, 17, 38)] == kept
    assert sheet.find(4) is None
    picture = sheet.pixmap.toImage()
    for number, index in zip(kept, (3, 17, 38), strict=True):
        left, top, width, height = sheet.sources[number].tolist()
        assert picture.pixelColor(left + width // 2, top + height // 2).name() == {
            "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "yellow": "#ffff00",
        }[colors[index % 4]]  # fmt: skip
    assert sheet.add("new", (200, 40), (0, 0), lambda p: None) not in kept


def test_marks_of_one_look_share_a_number(qapp: QApplication) -> None:
    layer: PointLayer[CameraMark] = PointLayer()
    for index in range(10):
        layer.put(CameraMark(f"c{index}", "", *lat_lon(0, 0), 90.0 + index % 2, 60, 40), 0, 0)
    assert len(layer.looks) == 1
