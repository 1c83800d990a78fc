"""Clusters: what would cover each other is one ring that counts, nobody is lost in it, and a click opens it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.i18n import tr
from tests.gui.map.test_map_view import on_screen
from tests.gui.map.town import lat_lon
from widgets.map import IncidentMark, MapView, UnitMark
from widgets.map.cluster_groups import grouped
from widgets.map.cluster_symbols import ring_codes, total_text
from widgets.map.clusters import CELL_PX

Settle = Callable[[MapView], None]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu is opened


def incident(
    key: str, east_m: float, north_m: float, priority: int = 3, *, is_new: bool = False
) -> IncidentMark:
    return IncidentMark(
        key, "crowd", priority, f"情况{key}", *lat_lon(east_m, north_m), "reported", 1_000, is_new, f"0{key}"
    )


def crowd(count: int, around: tuple[float, float] = (0.0, 0.0), apart_m: float = 4.0) -> list[IncidentMark]:
    """Incidents of every priority in a square, a few metres apart."""
    side = int(np.ceil(np.sqrt(count)))
    return [
        incident(str(n), around[0] + n % side * apart_m, around[1] + n // side * apart_m, 1 + n % 4)
        for n in range(count)
    ]


def singles(view: MapView) -> set[str]:
    marks = (view.scene.incidents.marks[slot] for slot in view.frame.incidents.slots.tolist())
    return {mark.key for mark in marks if mark is not None}


def cluster_points(view: MapView) -> list[QPoint]:
    boxes = view.frame.clusters.boxes
    return [QPoint(left + width // 2, top + height // 2) for left, top, width, height in boxes.tolist()]


def members_of(view: MapView, at: QPoint) -> list[str]:
    kind, key = view.hit_at(at.toPointF())
    assert kind == "cluster"
    return [mark.key for mark in view.frame.clusters.members(key)]


@pytest.fixture
def held(town_map: MapView, settle: Settle) -> MapView:
    """A town at a zoom where 40 m are 20 pixels, the view held."""
    town_map.set_locked(True)
    town_map.fly_to(*lat_lon(0, 0), zoom=16.0)
    settle(town_map)
    return town_map


# -- the officer's choice -------------------------------------------------------------------------------------------


def test_without_clusters_every_incident_has_its_own_symbol_until_they_are_wanted_again(
    held: MapView, settle: Settle, qtbot: QtBot
) -> None:
    held.put_incidents(crowd(9))
    settle(held)
    assert singles(held) == set()
    held.open_sheet("layers")
    switch = held.sheets["layers"].findChild(QToolButton, "map_incidents_clusters_True")
    assert switch is not None and switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    settle(held)
    assert len(singles(held)) == 9 and cluster_points(held) == []
    assert held.stack.choices.options["incidents", "clusters"] is False
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    settle(held)
    assert singles(held) == set() and len(cluster_points(held)) == 1


# -- grouping -------------------------------------------------------------------------------------------------------


POINTS = st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900), st.integers(1, 4)), max_size=120)


@given(POINTS)
def test_everybody_is_counted_once(points: list[tuple[float, float, int]]) -> None:
    x_m, y_m = (np.array([p[axis] for p in points], dtype=np.float64) for axis in (0, 1))
    priority = np.array([p[2] for p in points], dtype=np.int64)
    groups = grouped(x_m, y_m, priority, CELL_PX)
    assert len(np.unique(groups.keys)) == len(groups)
    for index in range(len(groups)):
        own = priority[groups.group_of == index]
        assert groups.counts[index].tolist() == [int((own == p).sum()) for p in (1, 2, 3, 4)]
        assert len(own) >= 2
    assert int(groups.counts.sum()) + int((groups.group_of < 0).sum()) == len(points)


@given(POINTS)
def test_a_ring_stands_near_to_everyone_in_it(points: list[tuple[float, float, int]]) -> None:
    x_m, y_m = (np.array([p[axis] for p in points], dtype=np.float64) for axis in (0, 1))
    groups = grouped(x_m, y_m, np.ones(len(points), dtype=np.int64), CELL_PX)
    inside = groups.group_of >= 0
    own = groups.group_of[inside]
    away = np.hypot(groups.x_m[own] - x_m[inside], groups.y_m[own] - y_m[inside])
    assert bool((away <= 1.6 * CELL_PX).all())


def test_who_stands_apart_is_left_alone_and_two_on_one_spot_are_not() -> None:
    one = np.ones(4, dtype=np.int64)
    apart = grouped(np.array([10.0, 50.0, 130.0, 170.0]), np.zeros(4) + 30, one, CELL_PX)
    assert len(apart) == 0
    spot = grouped(np.array([10.0, 10.0, 130.0, 170.0]), np.zeros(4) + 30, one, CELL_PX)
    assert spot.counts.sum(axis=1).tolist() == [2]
    assert (spot.x_m[0], spot.y_m[0]) == (10.0, 30.0)


def test_a_crowd_on_the_edge_of_a_cell_is_found() -> None:
    x_m = np.array([CELL_PX - 2, CELL_PX + 2])
    groups = grouped(x_m, np.zeros(2) + 30, np.ones(2, dtype=np.int64), CELL_PX)
    assert groups.counts.sum(axis=1).tolist() == [2]


@given(st.lists(st.integers(0, 5_000), min_size=4, max_size=4).filter(any))
def test_a_ring_has_eight_parts_and_shows_every_priority_that_is_there(counts: list[int]) -> None:
    code = int(ring_codes(np.array([counts], dtype=np.int64))[0])
    parts = [code // 1000, code // 100 % 10, code // 10 % 10, code % 10]
    assert sum(parts) == 8
    assert [part > 0 for part in parts] == [count > 0 for count in counts]


def test_totals_are_exact_as_far_as_they_fit() -> None:
    assert [total_text(n) for n in (2, 99, 999, 2_340)] == ["2", "99", "999", "2.3k"]


# -- on the map -----------------------------------------------------------------------------------------------------


def test_with_few_incidents_that_stand_apart_nothing_changes(held: MapView, settle: Settle) -> None:
    marks = [incident(str(n), n % 4 * 200 - 300, n // 4 * 200 - 200) for n in range(10)]
    held.put_incidents(marks)
    settle(held)
    assert singles(held) == {mark.key for mark in marks}
    assert len(held.frame.clusters) == 0


def test_a_dense_spot_is_one_ring_and_says_who_is_in_it(held: MapView, settle: Settle) -> None:
    held.put_incidents([*crowd(9), incident("far", 300, 200)])
    settle(held)
    assert singles(held) == {"far"}
    (at,) = cluster_points(held)
    assert set(members_of(held, at)) == {str(n) for n in range(9)}
    QTest.mouseMove(held, at)
    card = held._overlay.card
    assert card is not None
    assert card.title == tr("cluster.title", count=9)
    assert card.lines[0].split() == ["P1×3", "P2×2", "P3×2", "P4×2"]


def test_no_label_names_who_is_in_a_ring(held: MapView, settle: Settle) -> None:
    held.put_incidents([*crowd(9), incident("far", 300, 200)])
    settle(held)
    named = {label.key for label in held.frame.labels.labeller.plan.incidents}
    assert named == {"far"}


def test_the_chosen_incident_keeps_its_symbol_and_goes_back_when_another_is_chosen(
    held: MapView, settle: Settle
) -> None:
    held.put_incidents(crowd(9))
    settle(held)
    held.select("incident", "4")
    settle(held)
    assert singles(held) == {"4"}
    (key,) = held.frame.clusters._groups.keys.tolist()
    assert [mark.key for mark in held.frame.clusters.members(str(key))] == [
        "0",
        "8",
        "1",
        "5",
        "2",
        "6",
        "3",
        "7",
    ]
    held.select("incident", "")
    settle(held)
    assert singles(held) == set()


def test_the_chosen_incident_keeps_symbol_and_ring_while_a_unit_is_looked_at(
    held: MapView, settle: Settle
) -> None:
    held.put_incidents(crowd(9))
    held.put_units([UnitMark("u1", "police", "警u1", *lat_lon(200, 100), "available", None, None)])
    held.select("incident", "4")
    settle(held)
    held.select("unit", "u1")
    settle(held)
    assert held.scene.selected == ("unit", "u1")
    assert singles(held) == {"4"}
    assert len(held.frame._rings()) == 2
    held.select("", "")
    assert len(held.frame._rings()) == 1
    assert held.scene.chosen_incident == "4"


def test_a_cluster_gives_way_to_the_chosen_one_so_that_its_number_can_be_read(
    held: MapView, settle: Settle
) -> None:
    held.put_incidents(crowd(9))
    held.select("incident", "4")
    settle(held)
    (point,) = cluster_points(held)
    slot = held.scene.incidents.slot("4")
    chosen = held.frame.at.point(held.scene.incidents.x_m[slot], held.scene.incidents.y_m[slot])
    away = point.toPointF() - chosen
    assert np.hypot(away.x(), away.y()) >= held.frame.clusters.symbols.side_px / 2 + 23
    assert held.hit_at(point.toPointF())[0] == "cluster"
    assert held.hit_at(chosen) == ("incident", "4")


def test_one_that_the_chosen_one_would_cover_stands_beside_it_and_a_click_chooses_it(
    held: MapView, settle: Settle
) -> None:
    held.put_incidents([incident("top", 0, 0, 1), incident("under", 5, 5, 4), incident("far", 300, 200)])
    held.select("incident", "top")
    settle(held)
    assert singles(held) == {"top", "far"}
    (at,) = cluster_points(held)
    assert held.hit_at(on_screen(held, 0, 0)) == ("incident", "top")
    QTest.mouseMove(held, at)
    card = held._overlay.card
    assert card is not None and "情况under" in card.title and card.lines == (tr("cluster.chooses"),)
    picked: list[tuple[str, str]] = []
    held.picked.connect(lambda kind, key: picked.append((kind, key)))
    QTest.mouseClick(held, Qt.MouseButton.LeftButton, pos=at)
    assert picked == [("incident", "under")]
    held.select("incident", "far")
    settle(held)
    assert singles(held) == {"far"}, "without a chosen one they are a ring of two"


def test_a_new_incident_of_the_first_priority_is_never_hidden(held: MapView, settle: Settle) -> None:
    held.put_incidents(crowd(9))
    settle(held)
    held.put_incidents([incident("new", 4, 4, 1, is_new=True), incident("new too", 4, 8, 2, is_new=True)])
    settle(held)
    assert singles(held) == {"new"}


def test_after_its_minute_it_may_join(held: MapView, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    held.put_incidents([*crowd(9), incident("new", 4, 4, 1, is_new=True)])
    settle(held)
    held.frame.clusters._apart = dict.fromkeys(held.frame.clusters._apart, 0.0)
    held.draw_now()
    assert singles(held) == set()


def test_a_click_zooms_in_until_the_ring_opens(held: MapView, settle: Settle) -> None:
    held.put_incidents(crowd(4, apart_m=20.0))
    settle(held)
    picked: list[tuple[str, str]] = []
    held.picked.connect(lambda kind, key: picked.append((kind, key)))
    before = held.view.zoom
    (at,) = cluster_points(held)
    QTest.mouseClick(held, Qt.MouseButton.LeftButton, pos=at)
    settle(held)
    assert held.view.zoom > before
    assert singles(held) or len(cluster_points(held)) > 1
    assert picked == []


def list_opened(view: MapView, qtbot: QtBot) -> QMenu:
    menu = view.clusters.menu
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    return menu


def test_on_one_spot_a_click_lists_them_and_the_keyboard_takes_one(
    held: MapView, settle: Settle, qtbot: QtBot
) -> None:
    held.put_incidents([incident(str(n), 0, 0, 4 - n) for n in range(3)])
    settle(held)
    picked: list[tuple[str, str]] = []
    held.picked.connect(lambda kind, key: picked.append((kind, key)))
    (at,) = cluster_points(held)
    QTest.mouseClick(held, Qt.MouseButton.LeftButton, pos=at)
    menu = list_opened(held, qtbot)
    texts = [action.text() for action in menu.actions()]
    assert texts == ["02  P2  情况2", "01  P3  情况1", "00  P4  情况0"]
    assert not menu.actions()[0].icon().isNull()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert picked == [("incident", "1")]
    settle(held)
    assert singles(held) == {"1"}


def test_a_list_is_left_with_escape_and_nothing_was_chosen(
    held: MapView, settle: Settle, qtbot: QtBot
) -> None:
    held.put_incidents([incident(str(n), 0, 0) for n in range(40)])
    settle(held)
    picked: list[tuple[str, str]] = []
    held.picked.connect(lambda kind, key: picked.append((kind, key)))
    QTest.mouseClick(held, Qt.MouseButton.LeftButton, pos=cluster_points(held)[0])
    menu = list_opened(held, qtbot)
    assert menu.actions()[-1].text() == tr("cluster.more", count=10)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert picked == []


def test_what_ends_leaves_the_ring_and_the_last_one_stands_alone(held: MapView, settle: Settle) -> None:
    held.put_incidents(crowd(3))
    settle(held)
    held.drop_incidents(["1"])
    settle(held)
    assert set(members_of(held, cluster_points(held)[0])) == {"0", "2"}
    held.drop_incidents(["0"])
    settle(held)
    assert singles(held) == {"2"}
    assert cluster_points(held) == []


def test_only_what_changed_is_painted_anew(held: MapView, settle: Settle) -> None:
    held.put_incidents([*crowd(9), *(incident(f"e{n}", 300 + n, 150) for n in range(4))])
    settle(held)
    before = held.frame.clusters.rows
    held.put_incidents([incident("e9", 300, 151)])
    settle(held)
    changed = held.frame.clusters.changes(before)
    assert len(cluster_points(held)) == 2
    assert len(changed) > 0
    assert min(left for left, *_ in changed.tolist()) > held.width() / 2 + 100


def test_a_hidden_layer_has_no_rings(held: MapView, settle: Settle) -> None:
    held.put_incidents(crowd(9))
    settle(held)
    (at,) = cluster_points(held)
    held.stack.show("incidents", False)
    settle(held)
    assert cluster_points(held) == []
    assert held.hit_at(at.toPointF())[0] != "cluster"


def test_ten_thousand_are_all_accounted_for(held: MapView, settle: Settle) -> None:
    places = np.random.default_rng(1).uniform(-350, 350, (10_000, 2)).tolist()
    held.put_incidents(incident(f"n{n}", *place, 1 + n % 4) for n, place in enumerate(places))
    settle(held)
    clusters = held.frame.clusters
    counted = sum(sum(clusters.counts(str(key))) for key in clusters._groups.keys.tolist())
    alone = int((clusters._groups.group_of < 0).sum())
    assert counted + alone == 10_000
    assert held.frame.clusters.complete
