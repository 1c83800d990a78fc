"""Owns one file of a map in the making: its pieces gathered between the desk's other work, and the child that makes
the file of them.

Must not know where the pieces come from nor what the officer is told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from pathlib import Path

from app.domain.errors import ConfigError
from app.exchange.child import DocumentChild, Stopped
from app.i18n import tr
from widgets.style import ThemeName, dressed

SLICE_S, GAP_S = 0.002, 0.004
Steps = Generator[bytes | None, None, None]
"""Pieces of a file; None is a step that has made none."""


class Making:
    """One file. `command` is the child's, see app/cli_make.py."""

    def __init__(self, command: str, path: Path) -> None:
        self.path = path
        self.child = DocumentChild(command)
        self.is_stopped = False

    def stop(self) -> None:
        """Nobody wants it any more: `make` raises Stopped soon, and there is no file."""
        self.is_stopped = True
        self.child.stop()

    async def make(self, steps: Steps, theme: ThemeName) -> None:
        """Each of `steps` takes a few milliseconds, and sees the program in `theme`.

        Raises ConfigError that names the file and what to do, Stopped, or NotMade.
        """
        pieces = await self._gathered(steps, theme)
        try:
            await self.child.write(self.path, pieces)
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise ConfigError(tr("map_tools.export.not_written", path=self.path, reason=reason)) from fault

    async def _gathered(self, steps: Steps, theme: ThemeName) -> list[bytes]:
        pieces: list[bytes] = []
        going = True
        try:
            while going:
                if self.is_stopped:
                    raise Stopped
                with dressed(theme):
                    going = _carry_on(steps, pieces, time.perf_counter() + SLICE_S)
                await asyncio.sleep(GAP_S)
        finally:
            steps.close()
        return pieces


def _carry_on(steps: Steps, pieces: list[bytes], until_s: float) -> bool:
    """Go on until then; whether there is more."""
    for piece in steps:
        if piece is not None:
            pieces.append(piece)
        if time.perf_counter() >= until_s:
            return True
    return False
