"""Places on a map: nobody gets what somebody has, and everybody gets what is best of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from widgets.map.room import Room, Wish

AREA = QRect(0, 0, 400, 300)
GAP = 8

BOXES = st.lists(
    st.builds(QRect, st.integers(0, 380), st.integers(0, 280), st.integers(10, 200), st.integers(10, 150)),
    max_size=6,
)
WISHES = st.builds(
    lambda least, more, height: Wish(
        least + more, least, lambda width: height if width >= least + more else 2 * height
    ),
    st.integers(20, 200),
    st.integers(0, 200),
    st.integers(10, 120),
)


@given(BOXES, WISHES, st.booleans())
def test_a_place_is_inside_and_beside_all_others(taken: list[QRect], wish: Wish, from_top: bool) -> None:
    room = Room(AREA, GAP, taken)
    places = [room.row(wish, from_top=from_top), room.column(392, wish), room.lowest_left(QSize(60, 40))]
    places.append(room.corner(392, wish))
    for place in (place for place in places if not place.isEmpty()):
        assert AREA.contains(place)
        assert not any(place.adjusted(-GAP, -GAP, GAP, GAP).intersects(box) for box in taken)


@given(BOXES, WISHES)
def test_a_row_is_never_narrower_than_can_be_read(taken: list[QRect], wish: Wish) -> None:
    place = Room(AREA, GAP, taken).row(wish, from_top=False)
    assert place.isEmpty() or wish.least <= place.width() <= wish.width


def test_a_row_stands_at_the_edge_in_the_middle() -> None:
    assert Room(AREA, GAP).row(Wish.fixed(100, 20), from_top=False) == QRect(149, 272, 100, 20)
    assert Room(AREA, GAP).row(Wish.fixed(100, 20), from_top=True) == QRect(149, 8, 100, 20)


def test_a_row_would_rather_be_whole_further_away_than_cut_at_the_edge() -> None:
    corner = QRect(0, 250, 150, 50)
    whole = Room(AREA, GAP, [corner]).row(Wish(300, 100, lambda _: 20), from_top=False)
    assert (whole.width(), whole.bottom() + 1) == (300, corner.top() - GAP)
    beside = Room(AREA, GAP, [corner, QRect(0, 0, 400, 240)]).row(
        Wish(300, 100, lambda _: 20), from_top=False
    )
    assert (beside.left(), beside.width()) == (158, 234)


def test_a_row_that_would_stand_too_deep_has_no_place() -> None:
    room = Room(AREA, GAP, [QRect(0, 0, 400, 100)])
    assert room.row(Wish.fixed(50, 20), from_top=True, deepest_px=50).isEmpty()
    assert room.row(Wish.fixed(50, 20), from_top=True).top() == 108


@pytest.mark.parametrize(("height", "top"), [(40, 8), (100, 68), (900, 68)])
def test_a_column_takes_the_first_span_that_is_high_enough_else_the_highest(height: int, top: int) -> None:
    room = Room(AREA, GAP, [QRect(200, 56, 200, 4)])
    place = room.column(392, Wish.fixed(150, height))
    assert (place.top(), place.right() + 1) == (top, 392)
    assert place.height() == min(height, 224)


def test_a_column_is_narrower_where_that_lets_it_be_higher() -> None:
    room = Room(AREA, GAP, [QRect(0, 100, 100, 200)])
    assert room.column(392, Wish(380, 200, lambda _: 284)).getRect() == (192, 8, 200, 284)
