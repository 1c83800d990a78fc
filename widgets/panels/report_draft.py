"""Owns the keeping of what is being typed: soon after each key on disk, and back into the form after a crash.

Words, place, type and time survive; who reports and what was attached do not, and the notice says so. Must not touch
the disk on the Qt thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.service.aside import aside
from widgets.bridge import Bridge

if TYPE_CHECKING:
    from app.service.drafts import Draft

PAUSE_MS: Final = 500


class DraftKeeper(QObject):
    """`draft` says what stands in the form. `found` carries what the program before left behind, at most once."""

    found = Signal(object)

    def __init__(self, bridge: Bridge, draft: Callable[[], Draft], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._draft = bridge, draft
        self._is_read = self._is_writing = self._is_due = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._write)

    def look(self) -> None:
        """Reads what was left behind; nothing is written before that is known."""
        if self._is_read or not self._bridge.app.is_restored:
            return
        self._is_read = True
        self._is_writing = True

        def told(draft: Draft | None) -> None:
            self._is_writing = False
            if draft is not None and not draft.is_blank:
                self.found.emit(draft)
            if self._is_due:
                self._write()

        file = self._bridge.app.draft
        self._bridge.fetch(aside(file.read, "draft"), told)

    def keep_soon(self) -> None:
        self._pause.start()

    def keep_now(self) -> None:
        self._pause.stop()
        self._write()

    def _write(self) -> None:
        """One at a time, the newest words last."""
        if not self._is_read:
            return
        if self._is_writing:
            self._is_due = True
            return
        self._is_due, self._is_writing = False, True
        draft, file = self._draft(), self._bridge.app.draft
        self._bridge.fetch(
            aside(lambda: file.write(draft), "draft"), lambda _none: self._written(), self._failed
        )

    def _failed(self, sentence: str) -> None:
        """Told as trouble, once a failure: the report itself can still be taken."""
        self._is_writing = self._is_due = False
        self._bridge.trouble_changed.emit(sentence)

    def _written(self) -> None:
        self._is_writing = False
        if self._is_due:
            self._write()
