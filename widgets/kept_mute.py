"""Owns that a mute outlives the program, with its end: who is started again is as silent as he was, and no longer.

Must not decide what a mute silences, nor how long one may last.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from app.domain.instants import Instant
from app.paths import user_config_dir
from widgets.bridge import Bridge
from widgets.settings_keeper import SettingsKeeper
from widgets.sound import SoundBoard

FILE_NAME: Final = "mute.json"
_LONGEST_FILE: Final = 200


class KeptMute(QObject):
    """Takes up the mute that was kept, unless it has ended, and keeps what the officer does to it."""

    def __init__(self, bridge: Bridge, board: SoundBoard, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        path = user_config_dir() / FILE_NAME
        until, now = _kept(path), bridge.clock.now()
        self._keeper = SettingsKeeper(bridge, path, self._content, self, _text(until))
        if until is not None and now < until <= now + bridge.app.alarm_limits.mute_ms:
            board.mute_until(until)
        board.changed.connect(self._keeper.touch)

    def close(self) -> None:
        """What was done last is kept too; comes before the board's own end."""
        self._keeper.close()

    def _content(self) -> str:
        return _text(self._board.muted_until)


def _text(until: Instant | None) -> str:
    return json.dumps({"until": until}) + "\n"


def _kept(path: Path) -> Instant | None:
    """None also for a file that is not ours: a mute is nothing to fail over."""
    try:
        with path.open(encoding="utf-8") as file:
            until = json.loads(file.read(_LONGEST_FILE)).get("until")
    except (OSError, ValueError, AttributeError):
        return None
    return until if type(until) is int else None
