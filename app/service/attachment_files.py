"""The folder of attached files: bytes under their own hash, whole or not there at all.

Owns names, durability and the check on reading, and which kind of file some bytes are. Must not know incidents. What
it does takes as long as the disk does: never on the Qt thread.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.errors import Refusal
from app.domain.triage import MOST_FILE_BYTES, sane_file

_OWNER_ONLY: Final = 0o700
"""A photo may show people: nobody else on this machine has a look at it."""

_MP4_SOUND: Final = (b"M4A ", b"M4B ")
_MP4_PICTURE: Final = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"dash",
    b"3gp4",
    b"3gp5",
)
_KINDS: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    ("image/jpeg", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("image/png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("image/webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ("application/pdf", lambda head: head.startswith(b"%PDF-")),
    ("audio/wav", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
    ("audio/mpeg", lambda head: head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"))),
    ("audio/mp4", lambda head: head[4:8] == b"ftyp" and head[8:12] in _MP4_SOUND),
    ("video/mp4", lambda head: head[4:8] == b"ftyp" and head[8:12] in _MP4_PICTURE),
)
_HEAD_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What lies in the folder; `id` is the SHA-256 of the bytes in hex."""

    id: str
    media_type: str
    size_bytes: int


def media_type_of(data: bytes) -> str:
    """By what the bytes begin with, never by a name; "" for a kind that the desk does not show."""
    head = data[:_HEAD_BYTES]
    return next((kind for kind, begins in _KINDS if begins(head)), "")


def stored_file_of(name: str, data: bytes) -> StoredFile:
    """What the bytes are to be kept as. Raises Refusal for a kind or size that is not taken."""
    kind = media_type_of(data)
    sane_file(name, name, kind, len(data))
    return StoredFile(hashlib.sha256(data).hexdigest(), kind, len(data))


def read_limited(path: Path) -> bytes:
    """The file's bytes, one more than is allowed at most: enough to be refused. Raises Refusal if unreadable."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_FILE_BYTES + 1)
    except OSError as fault:
        raise Refusal("file_unreadable", path.name, name=path.name, reason=fault.strerror or "") from fault


class AttachmentFolder:
    """`<folder>/<first two signs>/<sha256>`; made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> StoredFile:
        """Durable when it returns. Raises Refusal for a kind or size that is not taken, and when the disk says no."""
        stored = stored_file_of(name, data)
        if not self._holds(stored.id):
            try:
                self._write(self._path(stored.id), data)
            except OSError as fault:
                raise Refusal("file_unwritable", name, name=name, reason=fault.strerror or "") from fault
        return stored

    def read(self, attachment: str) -> bytes:
        """Raises Refusal when it was erased, and when it is not what was once put in."""
        try:
            data = self._path(attachment).read_bytes()
        except FileNotFoundError:
            raise Refusal("file_gone", attachment) from None
        except OSError as fault:
            raise Refusal("file_unreadable", attachment, name="", reason=fault.strerror or "") from fault
        if hashlib.sha256(data).hexdigest() != attachment:
            raise Refusal("file_damaged", attachment)
        return data

    def erase(self, attachment: str) -> None:
        """Nothing of it is left here; what is not there is erased already."""
        path = self._path(attachment)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync(path.parent)

    def _holds(self, attachment: str) -> bool:
        try:
            self.read(attachment)
        except Refusal:
            return False
        return True

    def _path(self, attachment: str) -> Path:
        """An id comes from the journal, which takes nothing but a hash: it leads nowhere else."""
        return self.folder / attachment[:2] / attachment

    def _write(self, path: Path, data: bytes) -> None:
        """Beside its place first, so that a crash leaves no half of it under its name."""
        path.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            _sync(path.parent)
            _sync(self.folder)
        finally:
            beside.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """A name is durable when its folder is; Windows keeps folders by itself and lets nobody open one."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
