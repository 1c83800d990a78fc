"""Who acted last and what was noted last: folded from the stream, short, and never a feed's name."""

from __future__ import annotations

from dataclasses import replace

from app.domain import commands as cmd
from app.domain.events import IncidentNoted
from app.projections.case_handling import NOTE_SIGNS, CaseHandling, Handling
from tests.unit.projections.records import Folded, report


def test_the_last_officer_and_the_last_note_are_kept() -> None:
    folded = Folded()
    folded.do(report("i1"), cmd.NoteIncident("i1", "tree on\n a wire"), cmd.NoteIncident("i1", "tree cut"))
    assert folded.projections.handling.get("i1") == Handling("i1", "officer", "tree cut", folded.now)


def test_a_feed_notes_but_is_nobody_who_handles() -> None:
    folded, handling = Folded(), CaseHandling()
    folded.do(report("i1"), cmd.NoteIncident("i1", "from the app"), cmd.AcceptIncident("i1"))
    for record in folded.records[:2]:
        handling.put("i1", replace(record, actor="feed:grid"))
    assert handling.get("i1") == Handling("i1", "", "from the app", folded.records[1].occurred_at)
    handling.put("i1", folded.records[2])
    found = handling.get("i1")
    assert found is not None
    assert (found.officer, found.note) == ("officer", "from the app")


def test_what_nobody_touched_takes_no_room_and_a_long_note_is_cut() -> None:
    folded, handling = Folded(), CaseHandling()
    folded.do(report("i1"), cmd.NoteIncident("i1", "x"))
    handling.put("i1", replace(folded.records[0], actor="feed:110"))
    assert handling.all() == []
    long = replace(folded.records[1], event=IncidentNoted("i1", "好 " * 10_000))
    handling.put("i1", long)
    (kept,) = handling.all()
    assert len(kept.note) == NOTE_SIGNS
    assert kept.note.endswith("…")
