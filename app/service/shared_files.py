"""Attached files in the database, where every desk of it reads them.

Owns nothing but the way to the journal's table: same ids, same checks and same sentences as the folder of a desk that
works alone (attachment_files.py). Nothing is kept on the desk, so that what is erased is erased for all; what an older
program left in this desk's folder is moved over when it is asked for. Never on the Qt thread.
"""

from __future__ import annotations

import hashlib

from app.domain.errors import Refusal
from app.journal.store import Journal
from app.service.attachment_files import AttachmentFolder, StoredFile, stored_file_of


class SharedFiles:
    """As AttachmentFolder. What the database refuses comes out as JournalError."""

    def __init__(self, journal: Journal, left_behind: AttachmentFolder) -> None:
        self._journal = journal
        self._left_behind = left_behind

    def put(self, name: str, data: bytes) -> StoredFile:
        stored = stored_file_of(name, data)
        if self._journal.file(stored.id) != data:
            self._journal.put_file(stored.id, data)
        return stored

    def read(self, attachment: str) -> bytes:
        data = self._journal.file(attachment)
        if data is None:
            return self._moved_over(attachment)
        if hashlib.sha256(data).hexdigest() != attachment:
            raise Refusal("file_damaged", attachment)
        return data

    def _moved_over(self, attachment: str) -> bytes:
        data = self._left_behind.read(attachment)
        self._journal.put_file(attachment, data)
        self._left_behind.erase(attachment)
        return data

    def erase(self, attachment: str) -> None:
        self._left_behind.erase(attachment)
        self._journal.erase_file(attachment)
