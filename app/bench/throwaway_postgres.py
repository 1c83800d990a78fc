"""A real PostgreSQL that lives as long as a bench or a test: a fresh folder, a free port, no password.

Owns the server's life, and what can happen to one: stopped, killed, started again. Must not know any table.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from app.bench.own_port import own_port
from app.domain.errors import ConfigError
from app.i18n import tr

START_TIMEOUT_S: Final = 30
STOP_TIMEOUT_S: Final = 20
_LOOK_S: Final = 0.05


def binaries() -> Path | None:
    """The newest installed version's; Debian keeps them out of PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


class ThrowawayPostgres:
    """As a context manager: made and started; at the end stopped and gone. `durable=False` waits for no disk."""

    def __init__(self, *, durable: bool = True) -> None:
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ThrowawayPostgres:
        found = binaries()
        if found is None:
            raise ConfigError(tr("cli.no_postgres"))
        self._binaries = found
        self._folder = Path(tempfile.mkdtemp(prefix="streetdesk-postgres-"))
        self._identity = _unprivileged(self._folder)
        self.log = self._folder / "server.log"
        self.port = own_port()
        make: list[str | Path] = [
            "-D",
            self._folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(
            [found / "initdb", *make], check=True, capture_output=True, cwd=self._folder, **self._identity
        )
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        shutil.rmtree(self._folder)

    # -- databases ---------------------------------------------------------------------------------------------------

    def conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def administrate(self, statement: str) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def make_database(self, name: str) -> str:
        """The URL of a new, empty one."""
        self.administrate(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.url(name)

    # -- life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Raises ConfigError with the server's own words when it does not come up."""
        settings: dict[str, object] = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "on" if self._durable else "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._folder / "data", *options],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._identity,
            )
        self._wait_until_it_answers()

    def end(self) -> None:
        """As an administrator does: connections are broken off, everything is written."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """As a power cut does. Nobody is left when it returns: a new server would not start beside them."""
        assert self._process is not None
        process, self._process = self._process, None
        everybody = _stopped(process.pid)
        _signal(everybody, signal.SIGKILL)
        process.wait()
        while not all(map(_has_ended, everybody)):
            time.sleep(_LOOK_S)

    def fall_silent(self) -> None:
        """As a cut line does: nothing is answered, nothing is broken off."""
        assert self._process is not None
        _stopped(self._process.pid)

    def speak_again(self) -> None:
        assert self._process is not None
        server = self._process.pid
        _signal([server, *_children(server)], signal.SIGCONT)

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is None and time.monotonic() < deadline:
                    time.sleep(_LOOK_S)
                    continue
                self.end()
                said = self.log.read_text(encoding="utf-8", errors="replace")
                raise ConfigError(said or str(error)) from error


def _stopped(server: int) -> list[int]:
    """The server and all its processes, standing still; it stops first, so that it makes no further one meanwhile."""
    os.kill(server, signal.SIGSTOP)
    while _state(server) not in ("T", "Z", ""):
        time.sleep(_LOOK_S)
    children = _children(server)
    _signal(children, signal.SIGSTOP)
    return [server, *children]


def _signal(pids: list[int], number: signal.Signals) -> None:
    """One by one: they stand in groups of their own."""
    for pid in pids:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(pid, number)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Who runs the server: it refuses root, so root hands it to Debian's user `postgres`."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _has_ended(pid: int) -> bool:
    """Also when nobody has asked after it yet: it holds nothing any more."""
    return _state(pid) in ("", "Z")


def _state(pid: int) -> str:
    """The letter of /proc; "" for who is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return stat.rpartition(")")[2].split()[0]
