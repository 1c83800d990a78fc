"""Owns by what the unit board of this desk is put together, from one start to the next. Must not group anything."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from app.paths import user_config_dir
from widgets.bridge import Bridge
from widgets.models.unit_board import GROUPINGS
from widgets.settings_keeper import SettingsKeeper

log = logging.getLogger(__name__)

FILE_NAME: Final = "unit_board.json"


class GroupingFile(QObject):
    """`value` is one of GROUPINGS; `failed` is told why it could not be written."""

    def __init__(
        self, bridge: Bridge, parent: QObject, failed: Callable[[str], None], *, remember: bool
    ) -> None:
        super().__init__(parent)
        path = user_config_dir() / FILE_NAME
        self._remember = remember
        self.value = _read(path) if remember else ""
        self._keeper = SettingsKeeper(bridge, path, lambda: json.dumps({"group": self.value}), self)
        self._keeper.failed.connect(failed)

    def keep(self, grouping: str) -> None:
        """Written soon, aside."""
        if grouping != self.value:
            self.value = grouping
            if self._remember:
                self._keeper.touch()

    def close(self) -> None:
        """Writes what has not been written yet."""
        self._keeper.close()


def _read(path: Path) -> str:
    """A file that cannot be read is none: the board stands as it comes."""
    try:
        group = json.loads(path.read_text(encoding="utf-8"))["group"]
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as fault:
        log.info("%s is left out: %s", path, fault)
        return ""
    return group if group in GROUPINGS else ""
