"""The simulator as a real process for tests. Owns its start and its end; must not know what is tested."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bench.own_port import own_port
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


class Simulator:
    """A running `simulate`; `url` is where its events are."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self._start(own_port())

    def _start(self, port: int) -> None:
        command = [sys.executable, "main.py", "simulate", "--port", str(port), *self._options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        if not line:
            raise RuntimeError(f"simulate did not start: {self.end()[1]}")
        self.url = line.split()[-1]
        self.port = int(self.url.split(":")[2].split("/")[0])

    def kill_and_restart(self) -> None:
        """Killed, and up again on the same port with the same options."""
        self.kill()
        self._start(self.port)

    def http(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def kill(self) -> None:
        """As a power cut does it."""
        self._end(signal.SIGKILL)

    def end(self) -> tuple[int, str]:
        """As a system that shuts down does it: the exit code and what was said on standard error."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> tuple[int, str]:
        if self._process.poll() is None:
            self._process.send_signal(number)
        _, said = self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode, said.decode()


@contextmanager
def simulator(*options: str) -> Iterator[Simulator]:
    """A simulator that is gone at the end of the block."""
    running = Simulator(*options)
    try:
        yield running
    finally:
        running.kill()
