"""Owns the one loop of the desk: asyncio inside Qt's own (docs/adr/0003). Must not know what runs on it."""

import asyncio
import sys

from qasync import QEventLoop

TURN_S = 0.001
"""So soon another thread gives Python back to this one; by default five times as much passes at every event."""


class DeskLoop(QEventLoop):
    """qasync's loop that asyncio knows as the running one for as long as it is open.

    Qt calls back what is due whenever it processes events, also between two `run_until_complete`. Without a running
    loop an `Event.wait()` or `get_running_loop()` in such a step raises, now and then, and the task is gone.

    While it is open, threads that work aside hold Python no longer than TURN_S against it.
    """

    def __init__(self, app: object) -> None:
        super().__init__(app)
        self._turn_before_s = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)

    def run_forever(self) -> int:
        asyncio._set_running_loop(self)
        try:
            return int(super().run_forever())
        finally:
            asyncio._set_running_loop(self)

    def close(self) -> None:
        try:
            super().close()
        finally:
            sys.setswitchinterval(self._turn_before_s)
            asyncio._set_running_loop(None)
