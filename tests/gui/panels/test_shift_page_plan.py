"""Which lines of a hand-over are printed on which page, for sections of any length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.panels.shift_page_plan import Block, Placed, planned

NOTE = 18.0
blocks = st.lists(
    st.builds(
        lambda rows, more, weight: Block(34.0, tuple(rows), NOTE, len(rows) + more, weight),
        st.lists(st.sampled_from([18.0, 40.0, 94.0]), max_size=120),
        st.sampled_from([0, 0, 500]),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=9,
)
ROOMS = [880.0, 900.0, 900.0]
LAST = 144.0


def height(block: Block, piece: Placed) -> float:
    return {"head": block.head_px, "note": NOTE}.get(piece.kind) or block.rows_px[piece.row]


@given(blocks)
def test_every_section_is_there_in_order_and_no_page_runs_over(sections: list[Block]) -> None:
    pages = planned(sections, ROOMS, LAST)
    assert len(pages) <= len(ROOMS)
    for number, page in enumerate(pages):
        used = sum(height(sections[piece.section], piece) for piece in page)
        assert used <= ROOMS[number] - (LAST if number == len(pages) - 1 else 0)
        assert not page or page[-1].kind != "head"
    flat = [piece for page in pages for piece in page]
    assert [piece.section for piece in flat] == sorted(piece.section for piece in flat)
    for place, block in enumerate(sections):
        own = [piece for piece in flat if piece.section == place]
        shown = [piece.row for piece in own if piece.kind == "row"]
        assert own[0].kind == "head"
        assert shown == list(range(len(shown)))
        notes = [piece.row for piece in own if piece.kind == "note"]
        assert notes == ([len(shown)] if len(shown) < block.count or not block.count else [])


@given(blocks)
def test_nothing_is_left_out_while_there_is_room(sections: list[Block]) -> None:
    kept = sum(piece.kind == "row" for page in planned(sections, ROOMS, LAST) for piece in page)
    whole = sum(block.head_px + NOTE + sum(block.rows_px) for block in sections)
    if whole <= sum(ROOMS) - LAST - 2 * (34.0 + 94.0):
        assert kept == sum(len(block.rows_px) for block in sections)
