"""Owns what a desk keeps of its ledger while it runs: reading it once, and having it written soon after a change.

A file that cannot be read is told and never written: what is kept afterwards lasts as long as the program runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.i18n import tr
from widgets.bridge import Bridge
from widgets.models.ledger_columns import ORDER_FIRST, SHOWN_FIRST
from widgets.models.ledger_filter import LedgerFilter
from widgets.panels.ledger_file import (
    MOST_NAME,
    LedgerFileError,
    LedgerSettings,
    SavedView,
    ledger_path,
    ledger_text,
    read_ledger_file,
)
from widgets.settings_keeper import SettingsKeeper


class KeptLedger(QObject):
    """`settings` as they are now. While `is_quiet` the table is being put as it was: that is no choice of anybody's."""

    def __init__(self, bridge: Bridge, parent: QObject, *, remember: bool) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.settings = LedgerSettings()
        self.is_quiet = True
        self._keeper: SettingsKeeper | None = None
        if remember:
            self._read()

    def _read(self) -> None:
        path = ledger_path(self._bridge.app.config.desk)
        try:
            self.settings = read_ledger_file(path)
        except LedgerFileError as fault:
            self._tell(tr("ledger.file.unreadable", reason=fault))
            return
        if self.settings.lost:
            self._tell(tr("ledger.file.lost", count=self.settings.lost, path=path))
        self._keeper = SettingsKeeper(self._bridge, path, self._content, self)
        self._keeper.failed.connect(lambda fault: self._tell(tr("ledger.file.not_kept", reason=fault)))

    def _content(self) -> str:
        return ledger_text(self.settings)

    def _tell(self, text: str) -> None:
        """The window that shows it may still be being built."""
        QTimer.singleShot(0, self, lambda: self._bridge.trouble_changed.emit(text))

    # -- pages ---------------------------------------------------------------------------------------------------------

    def page(self, page: str) -> Mapping[str, Any]:
        """The layout of a page: as it was left, else as it is made."""
        column, descending = ORDER_FIRST[page]
        made = {"shown": list(SHOWN_FIRST[page]), "sorted_by": column, "descending": descending}
        return {**made, **self.settings.pages.get(page, {})}

    def put_page(self, page: str, layout: Mapping[str, Any]) -> None:
        if not self.is_quiet:
            self.settings.pages[page] = dict(layout)
            self._touch()

    def forget_page(self, page: str) -> None:
        self.settings.pages.pop(page, None)
        self._touch()

    # -- views ---------------------------------------------------------------------------------------------------------

    def keep(self, name: str, wanted: LedgerFilter, group: str, layout: Mapping[str, Any]) -> None:
        self.settings.keep(SavedView(name[:MOST_NAME], wanted, group, dict(layout)))
        self._touch()

    def drop(self, name: str) -> None:
        self.settings.drop(name)
        self._touch()

    def _touch(self) -> None:
        if self._keeper is not None:
            self._keeper.touch()

    def close(self) -> None:
        """Write what has not been written yet."""
        if self._keeper is not None:
            self._keeper.close()
