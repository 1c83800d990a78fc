"""On record: who let a document with personal data out of a journal, when, why and what.

Owns the one record that such an export writes. Must be called before the document is written: none may exist without
its record. A document with masked data needs none, and its journal is only read.
"""

from __future__ import annotations

from app.domain import commands as cmd
from app.domain.decide import decide
from app.domain.desk import Desk
from app.domain.events import Recorded
from app.domain.rights import permit
from app.domain.roles import DUTY_OFFICER
from app.journal.store import ANY_MODE, Batch, Entry, open_journal
from app.service.clock import SystemClock

DESK = "export"
"""What the record names as the desk: the command line, not a console."""


def record_unmasked_export(db: str, command: cmd.ExportUnmasked, officer: str) -> tuple[Recorded, ...]:
    """Durable on return. Raises Refusal without a purpose, JournalError when the journal cannot be written."""
    permit(DUTY_OFFICER, command, command.export)
    now = SystemClock().now()
    entries = tuple(
        Entry(stream, 1, event, now, officer, DESK, command.export, command.export)
        for stream, event in decide(Desk(), command)
    )
    journal = open_journal(db, clock=SystemClock().now, mode=_mode_of(db))
    try:
        return journal.append(Batch(entries))
    finally:
        journal.close()


def _mode_of(db: str) -> str:
    """Live or drill, as the journal says. Raises JournalError when there is none: an export makes no journal."""
    journal = open_journal(db, clock=SystemClock().now, mode=ANY_MODE, readonly=True)
    try:
        return journal.mode
    finally:
        journal.close()
