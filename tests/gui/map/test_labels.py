"""Labels never share a pixel, and the important ones stand first."""

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from tests.gui.map.test_map_view import incident, unit
from widgets.map import MapView
from widgets.map.labels import MAX_LABELS, Label, Occupancy


def overlapping(labels: list[Label]) -> list[tuple[Label, Label]]:
    return [
        (a, b)
        for a, b in itertools.combinations(labels, 2)
        if a.left_px < b.left_px + b.width_px
        and b.left_px < a.left_px + a.width_px
        and a.top_px < b.top_px + b.height_px
        and b.top_px < a.top_px + a.height_px
    ]


def test_cells_that_are_taken_are_not_given_twice() -> None:
    cells = Occupancy(-100, -100, 400, 400)
    assert cells.take(-50, -50, 40, 20)
    assert not cells.take(-20, -40, 40, 20)
    assert cells.take(-50, -20, 40, 20)
    assert not cells.take(290, 290, 40, 20)  # hangs over the edge
    twin = cells.copy()
    assert twin.take(100, 100, 10, 10)
    assert cells.take(100, 100, 10, 10)


@pytest.mark.parametrize("zoom", [15.0, 16.0, 17.0, 18.5])
def test_no_label_overlaps_another_in_a_crowd(
    town_map: MapView, settle: Callable[[MapView], None], zoom: float
) -> None:
    town_map.put_incidents(
        [incident(f"i{i}", i * 7 - 150, (i * 53) % 200 - 100, 1 + i % 4) for i in range(40)]
    )
    town_map.put_units([unit(f"u{i}", (i * 37) % 400 - 200, (i * 61) % 300 - 150) for i in range(200)])
    town_map.view.jump(town_map.view.fitted((-200, -200, 200, 200), 0))
    town_map.fly_to(*town_map.lat_lon_at(town_map.rect().center()), zoom)
    settle(town_map)
    labels = town_map.frame.labels.drawn()
    assert 4 < len(labels) <= MAX_LABELS
    assert overlapping(labels) == []


def test_where_there_is_room_for_one_the_alarm_has_it(
    town_map: MapView, settle: Callable[[MapView], None]
) -> None:
    crowd = [incident(f"low{i}", 0, 0, 4) for i in range(6)]
    town_map.put_incidents([*crowd, incident("high", 0, 0, 1)])
    settle(town_map)
    high = town_map.frame.labels.sprites.text("事件high", "alarm")
    standing = [label.sprite for label in town_map.frame.labels.labeller.plan.incidents]
    assert high in standing
    assert len(standing) < 7


def test_labels_have_the_pixels_of_the_screen(qapp: QApplication) -> None:
    from widgets.map.labels import LabelSprites

    one, two = LabelSprites(1.0), LabelSprites(2.0)
    small, large = one.sheet.size(one.text("警01", "unit")), two.sheet.size(two.text("警01", "unit"))
    assert large[0] == pytest.approx(2 * small[0], abs=2)
    assert large[1] == pytest.approx(2 * small[1], abs=2)
