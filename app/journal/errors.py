"""What can go wrong with the journal.

Owns the tree below; the sentences (what happened and the mend) stand in resources/i18n/journal.toml.

    StreetdeskError
    └── JournalError            anything below, and data that cannot be stored
        ├── VersionConflict     another desk was first; nothing of the batch was written
        ├── AlreadyReceived     the source's message was taken in before; nothing of the batch was written
        ├── JournalUnavailable  locked, full, read-only, out of reach: mend the surroundings and try again
        └── JournalDamaged      not a journal, not this journal, or not what was acknowledged: do not write to it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import StreetdeskError
from app.i18n import tr

if TYPE_CHECKING:
    from app.journal.store import Receipt


class JournalError(StreetdeskError):
    """`key` names the sentence in area `journal`, `facts` fill it; `str()` is that sentence in the current language."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return tr(f"journal.{self.key}", **self.facts)


class VersionConflict(JournalError):
    """`stream` stands at version `actual`, not at `expected`; `by_actor` at `by_desk` wrote what came in between.

    `by_actor` and `by_desk` are empty when nobody did: the caller is ahead of the journal.
    """

    def __init__(self, stream: str, expected: int, actual: int, by_actor: str, by_desk: str) -> None:
        key = "conflict" if by_actor or by_desk else "conflict_ahead"
        super().__init__(key, stream=stream, expected=expected, actual=actual, actor=by_actor, desk=by_desk)
        self.stream = stream
        self.expected = expected
        self.actual = actual
        self.by_actor = by_actor
        self.by_desk = by_desk


class AlreadyReceived(JournalError):
    """`receipts` are those of the batch that the journal held already."""

    def __init__(self, receipts: frozenset[Receipt]) -> None:
        names = ", ".join(sorted(f"{receipt.source}:{receipt.source_event}" for receipt in receipts))
        super().__init__("already_received", receipts=names)
        self.receipts = receipts


class JournalUnavailable(JournalError):
    """The store cannot be used now; nothing of the batch was acknowledged."""


class NotBegun(JournalUnavailable):
    """The store ended the connection before anything was asked of it: a fresh one may do at once."""


class JournalDamaged(JournalError):
    """The store must not be used as it is; it was left untouched."""
