"""A document that another process makes: the desk goes on as if nobody were at work.

Owns the child from its start to its end, and the file that becomes of its answer: the child is told everything on its
standard input and answers with the document's bytes, so it never touches a file. Must not know what is in either.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from app.domain.errors import StreetdeskError
from app.exchange.frames import framed
from app.exchange.whole_file import whole_file
from app.i18n import language, tr
from app.paths import program
from app.service.aside import aside


class NotMade(StreetdeskError):
    """The child ended without a document; the sentence is its own."""


class Stopped(StreetdeskError):
    """Somebody did not want the document any more."""

    def __init__(self) -> None:
        super().__init__(tr("cli.make.stopped"))


class DocumentChild:
    """One document: `command` is one of those that app/cli_make.py knows."""

    def __init__(self, command: str) -> None:
        self._words = [*program(), command, "--lang", language()]
        self.process: subprocess.Popen[bytes] | None = None
        self.told = 0
        """How many pieces the child has taken: it reads on as it goes."""
        self._is_stopped = False
        self._lock = threading.Lock()

    async def write(self, path: Path, pieces: Sequence[bytes]) -> None:
        """The file is there whole or not at all. Raises Stopped, NotMade or OSError; ends the child when cancelled."""
        await aside(lambda: self._write(path, pieces), "document", stop=self.stop)

    def stop(self) -> None:
        """From any thread, at any time: the child is gone soon, and the file is not there."""
        with self._lock:
            self._is_stopped = True
            if self.process is not None:
                self.process.kill()

    def _write(self, path: Path, pieces: Sequence[bytes]) -> None:
        """A place where nothing can be written is found out before the work, not after it."""
        with whole_file(path) as beside:
            beside.touch()
            beside.write_bytes(self._answer(pieces))
            if self._is_stopped:
                raise Stopped

    def _answer(self, pieces: Sequence[bytes]) -> bytes:
        with self._started() as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            self._tell(process.stdin, pieces)
            answer, said = process.stdout.read(), process.stderr.read()
        if self._is_stopped:
            raise Stopped
        if process.returncode != 0:
            raise NotMade(_last_words(said))
        return answer

    def _tell(self, child: IO[bytes], pieces: Sequence[bytes]) -> None:
        """A child that has ended reads no more; why it did is in its last words."""
        with suppress(BrokenPipeError):
            for piece in pieces:
                child.write(framed(piece))
                self.told += 1
        with suppress(BrokenPipeError):
            child.close()

    def _started(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        with self._lock:
            if self._is_stopped:
                raise Stopped
            self.process = subprocess.Popen(self._words, stdin=pipe, stdout=pipe, stderr=pipe)
            return self.process


def _last_words(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("streetdesk: ") if lines else tr("cli.make.died")
