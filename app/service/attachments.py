"""Files of incidents: durable in their folder before the journal names them, erased when nothing names them any more.

Owns the order of the two. Must not write or read a file on the loop's thread, and must not judge: app/domain/triage.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from app.domain import commands as cmd
from app.domain.desk import Desk
from app.domain.errors import Refusal
from app.domain.guards import MAX_NAME, required_line
from app.domain.incident import Incident
from app.domain.masking import mask_text
from app.journal.store import Journal
from app.paths import user_data_dir
from app.service.aside import aside
from app.service.attachment_files import AttachmentFolder, StoredFile, read_limited
from app.service.bus import Bus
from app.service.shared_files import SharedFiles


def attachments_dir(db: str) -> Path:
    """Beside a database that is a file; for a server's in the user's data folder, one for each database."""
    if "://" not in db:
        return Path(f"{db}.files").absolute()
    scheme, _, rest = db.partition("://")
    if scheme.startswith("sqlite"):
        path = rest.partition("?")[0].removeprefix("/")
        return Path(f"{path}.files").absolute()
    server = rest.rpartition("@")[2].partition("?")[0]  # without its password
    return user_data_dir() / "files" / re.sub(r"[^\w.-]+", "-", server)


class FileStore(Protocol):
    """Where the bytes lie: a desk's own folder, or the database of several desks. It blocks as long as that takes."""

    def put(self, name: str, data: bytes) -> StoredFile: ...

    def read(self, attachment: str) -> bytes: ...

    def erase(self, attachment: str) -> None: ...


def file_store(db: str, journal: Journal) -> FileStore:
    """Desks that share a database share their files in it; a desk alone keeps them beside its own."""
    folder = AttachmentFolder(attachments_dir(db))
    return SharedFiles(journal, folder) if db.startswith("postgresql") else folder


class Attachments:
    """`desk()` is the newest state: what it names in any incident is kept."""

    def __init__(self, files: FileStore, bus: Bus, desk: Callable[[], Desk]) -> None:
        self._files = files
        self._bus = bus
        self._desk = desk
        self._in_hand: Counter[str] = Counter()

    async def attach(self, context: cmd.Context, incident: str, name: str, data: bytes) -> str:
        """The id under which the bytes lie. Raises Refusal, then nothing is kept of them, or JournalError."""
        shown = mask_text(required_line(incident, "file_name", name, MAX_NAME))
        stored = await aside(lambda: self._files.put(shown, data), "attach")
        await self._record(context, incident, shown, stored)
        return stored.id

    async def attach_file(self, context: cmd.Context, incident: str, path: Path) -> str:
        """As `attach`, from a file that the officer chose or dropped."""
        data = await aside(lambda: read_limited(path), "read attachment")
        return await self.attach(context, incident, path.name, data)

    async def read(self, attachment: str) -> bytes:
        """The bytes, checked against their hash. Raises Refusal when they are gone or damaged."""
        return await aside(lambda: self._files.read(attachment), "read attachment")

    async def detach(self, context: cmd.Context, incident: str, attachment: str, reason: str) -> None:
        """Takes it from the incident, and from the disk when no other one has it. Raises Refusal or JournalError."""
        await self._bus.submit(cmd.DetachAttachment(incident, attachment, reason), context)
        await self._erase_unnamed(attachment)

    async def _record(self, context: cmd.Context, incident: str, name: str, stored: StoredFile) -> None:
        command = cmd.AttachFile(incident, stored.id, name, stored.media_type, stored.size_bytes)
        try:
            with self._held(stored.id):
                await self._bus.submit(command, context)
        except Refusal:  # after anything else the journal may hold it after all
            await self._erase_unnamed(stored.id)
            raise

    @contextmanager
    def _held(self, attachment: str) -> Iterator[None]:
        """While it is on its way into the journal nobody erases it."""
        self._in_hand[attachment] += 1
        try:
            yield
        finally:
            self._in_hand[attachment] -= 1

    async def _erase_unnamed(self, attachment: str) -> None:
        incidents = list(self._desk().incidents.values())

        def erase() -> None:
            if not self._in_hand[attachment] and not _is_named(incidents, attachment):
                self._files.erase(attachment)

        await aside(erase, "erase attachment")


def _is_named(incidents: list[Incident], attachment: str) -> bool:
    return any(file.id == attachment for incident in incidents for file in incident.files)
