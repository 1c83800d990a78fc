"""Owns that a settings file follows what it describes while the desk runs: who is killed comes back as he stood.

Must not know what is in the file. It is written aside from the Qt thread, as a whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.service.aside import aside
from widgets.bridge import Bridge

REST_MS = 1_500
"""A window that is dragged, a view that glides, are written once."""


class SettingsKeeper(QObject):
    """One file. `content` gives its text as things stand, None for nothing to keep; `failed` carries why it was not.

    What is in the file from before is never read here: `known` is its text where that is known.
    """

    failed = Signal(str)

    def __init__(
        self, bridge: Bridge, path: Path, content: Callable[[], str | None], parent: QObject, known: str = ""
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._path = path
        self._content = content
        self._newest = known
        self._one_at_a_time = threading.Lock()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REST_MS)
        self._soon.timeout.connect(self._write_aside)

    def touch(self) -> None:
        """Something may be otherwise: written soon, however long it goes on to change."""
        if not self._soon.isActive():
            self._soon.start()

    def close(self) -> None:
        """Write what has not been written yet; until it is touched again nothing is under way."""
        if self._soon.isActive():
            self.write_now()

    def write_now(self) -> None:
        """Without waiting for anything to come to rest."""
        self._soon.stop()
        text = self._news()
        if text is not None:
            self._tell(self._put(text))

    def _write_aside(self) -> None:
        text = self._news()
        if text is not None:
            self._bridge.fetch(aside(lambda: self._put(text), "settings"), self._tell)

    def _news(self) -> str | None:
        text = self._content()
        if text is None or text == self._newest:
            return None
        self._newest = text
        return text

    def _put(self, text: str) -> str:
        """Why it could not be written; a text that is no longer the newest is left out."""
        with self._one_at_a_time:
            try:
                if text == self._newest:
                    replace_file(self._path, text)
            except OSError as fault:
                return str(fault)
        return ""

    def _tell(self, fault: str) -> None:
        if fault:
            self.failed.emit(fault)


def replace_file(path: Path, text: str) -> None:
    """All of the new text or all of the old one, even after a power cut. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
