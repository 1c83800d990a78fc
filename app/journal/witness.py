"""The note beside a SQLite journal of what was acknowledged last.

Owns the file FILE-acknowledged. SQLite reads a cut-off or overwritten write-ahead log as "those transactions never
happened" and says nothing. This note says they did: it is overwritten in place after each commit, without a sync of its
own, so it may lag behind the journal (after a power cut) but is never ahead of it.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

_log = logging.getLogger(__name__)
_NOTE = re.compile(rb"(\d{19}) ([0-9a-f]{64})\n")


class Witness:
    """The last acknowledged seq and hash of the journal at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}-acknowledged")
        self._file = self.path.open("r+b" if self.path.exists() else "w+b", buffering=0)

    def note(self, seq: int, head_hash: bytes) -> None:
        try:
            self._file.seek(0)
            self._file.write(b"%019d %s\n" % (seq, head_hash.hex().encode()))
        except OSError as error:
            # The events themselves are durable: only the proof of a later loss is weaker.
            _log.warning("%s could not be written: %s", self.path, error)

    def close(self) -> None:
        self._file.close()


def acknowledged(path: Path) -> tuple[int, bytes]:
    """(seq, hash) noted for the journal at `path`; (0, b"") without a legible note."""
    note = path.with_name(f"{path.name}-acknowledged")
    found = _NOTE.fullmatch(note.read_bytes()) if note.is_file() else None
    return (int(found[1]), bytes.fromhex(found[2].decode())) if found else (0, b"")
