"""Owns the one loop of the desk: asyncio inside Qt's own (docs/adr/0003). Must not know what runs on it."""

import asyncio

from qasync import QEventLoop


class DeskLoop(QEventLoop):
    """qasync's loop that asyncio knows as the running one for as long as it is open.

    Qt calls back what is due whenever it processes events, also between two `run_until_complete`. Without a running
    loop an `Event.wait()` or `get_running_loop()` in such a step raises, now and then, and the task is gone.
    """

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
            asyncio._set_running_loop(None)
