"""Labels on their way with the zoom: of two that come together the later one goes, and nobody goes without need."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.map.carried_labels import CarriedLabels
from widgets.map.labels import Label

SCALE = 0.9
PLACES = st.tuples(st.integers(-900, 900), st.integers(-600, 600), st.integers(10, 140), st.integers(12, 30))


def labels(places: list[tuple[int, int, int, int]]) -> list[Label]:
    return [Label(0, *place, layer="units", key=str(number)) for number, place in enumerate(places)]


def overlap(one: list[int], other: list[int]) -> bool:
    return all(one[axis] < other[axis] + other[axis + 2] for axis in (0, 1)) and all(
        other[axis] < one[axis] + one[axis + 2] for axis in (0, 1)
    )


@given(st.lists(PLACES, max_size=40), st.floats(0.6, 0.999))
def test_a_label_goes_when_and_only_when_it_meets_one_before_it_that_stays(
    places: list[tuple[int, int, int, int]], part: float
) -> None:
    carried = CarriedLabels(labels(places), SCALE, lambda _label: None)
    boxes, shown = (column.tolist() for column in carried.at(SCALE * part))
    for number, stays in enumerate(shown):
        before = [boxes[other] for other in range(number) if shown[other]]
        assert stays == (not any(overlap(boxes[number], box) for box in before))


@given(st.lists(PLACES, max_size=20), st.floats(1.0, 1.7))
def test_nobody_goes_while_labels_come_apart(places: list[tuple[int, int, int, int]], part: float) -> None:
    _boxes, shown = CarriedLabels(labels(places), SCALE, lambda _label: None).at(SCALE * part)
    assert shown.all()
