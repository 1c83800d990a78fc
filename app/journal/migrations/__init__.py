"""Every schema of the journal's store, numbered, kept for ever.

Owns plain SQL. No migration may import anything of the program: it says what was true when it was written. A new one
is a new module at the end of MIGRATIONS; a released one is never edited.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.journal.migrations import m0001_journal, m0002_unknown_fields, m0003_phone, m0004_attached_file

MIGRATIONS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    m0001_journal.STATEMENTS,
    m0002_unknown_fields.STATEMENTS,
    m0003_phone.STATEMENTS,
    m0004_attached_file.STATEMENTS,
)
"""Statements by SQLAlchemy dialect name; MIGRATIONS[n] leads from schema n to n + 1."""
