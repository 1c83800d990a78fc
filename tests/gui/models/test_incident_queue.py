"""The queue's filter and order: what is shown does not depend on the way there."""

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app.centre.types_file import load_incident_types
from app.domain.incident import CLOSED, REPORTED, Incident
from widgets.models.incident_queue import IncidentQueueModel, QueueFilter, QueueRows

ROWS = QueueRows(load_incident_types().limits, {"g1": "滨江一", "g2": "Old Town"}, {})
KNOWN = ROWS.of(
    Incident(
        id=f"i{n}",
        source_ids=(),
        incident_type="crowd",
        priority=1 + n % 4,
        title=("望浦广场人群", "old wharf fire", "旧 码头")[n % 3],
        opened_at=1_000 * n,
        grid=("g1", "g2")[n % 2],
        number=f"20261122-{n:03d}",
        status=CLOSED if n % 5 == 0 else REPORTED,
    )
    for n in range(60)
)
FILTERS = st.builds(
    QueueFilter,
    text=st.text("望广场old wf码2 ", max_size=6),
    priorities=st.sets(st.integers(1, 4), min_size=1).map(frozenset),
    open_only=st.booleans(),
    status=st.sampled_from([None, REPORTED, CLOSED]),
)
COLUMNS = st.tuples(st.integers(0, 6), st.sampled_from(list(Qt.SortOrder)))


def model() -> IncidentQueueModel:
    made = IncidentQueueModel()
    made.put(KNOWN)
    return made


@settings(max_examples=150)
@given(st.lists(st.one_of(FILTERS, COLUMNS), min_size=1, max_size=6))
def test_what_is_shown_is_what_a_fresh_table_would_show(
    steps: list[QueueFilter | tuple[int, Qt.SortOrder]],
) -> None:
    walked, wanted, order = model(), QueueFilter(), (0, Qt.SortOrder.AscendingOrder)
    for step in steps:
        if isinstance(step, QueueFilter):
            wanted = step
            walked.apply_filter(step)
        else:
            order = step
            walked.sort(*step)
    fresh = model()
    fresh.sort(*order)
    fresh.apply_filter(wanted)
    assert walked.keys() == fresh.keys()
    assert set(walked.keys()) == {key for key, row in KNOWN.items() if wanted.passes(row)}


def test_another_letter_narrows_and_another_word_does_but_a_changed_one_does_not() -> None:
    before = QueueFilter(text="old wh")
    assert QueueFilter(text="old wharf").is_narrower_than(before)
    assert QueueFilter(text="wharf old fire").is_narrower_than(before)
    assert not QueueFilter(text="old").is_narrower_than(before)
    assert not QueueFilter(text="old wharf", open_only=False).is_narrower_than(before)


def test_a_row_that_came_while_the_filter_grew_is_found() -> None:
    table = model()
    table.apply_filter(QueueFilter(text="w"))
    table.hold()
    fresh = ROWS.of(
        [Incident(id="new", source_ids=(), incident_type="crowd", priority=1, title="wharf", opened_at=9)]
    )
    table.put(fresh)
    table.apply_filter(QueueFilter(text="wharf"))
    assert "new" in table.keys()  # noqa: SIM118 - a method of the model, no dictionary
