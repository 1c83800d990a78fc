"""The simulator as a child process of a desk that holds an exercise.

Owns the child from start to end and where the exercise's story stands: a desk that was killed finds the same story
again, going on where it was. Must not touch a journal: a drill reaches the desk only as a feed.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from app.arguments import listed
from app.config import Config
from app.domain.errors import ConfigError
from app.domain.instants import Instant, format_iso
from app.drill.options import bundled_scenarios
from app.i18n import tr
from app.paths import program

STORY_MS = 8 * 3_600_000
"""An exercise that was begun within a shift is gone on with; an older one begins anew."""
STOP_S = 3.0


@dataclass(frozen=True, slots=True)
class Story:
    """Which scenario runs since when; kept beside the exercise's journal."""

    scenario: str
    epoch_at: Instant


@contextmanager
def attached_drill(config: Config, now: Instant) -> Iterator[Config]:
    """The same desk with the simulator as its feed; the child ends with the block, or with this process.

    Raises ConfigError when the scenario is not there. Without a drill the desk is handed back as it is.
    """
    if config.drill is None:
        yield config
        return
    if not config.drill.is_file():
        raise ConfigError(tr("cli.scenario_missing", text=config.drill, names=listed(bundled_scenarios())))
    story = _story(config, now)
    port = _free_port()
    child = subprocess.Popen(_command(config, story, port), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield replace(config, feeds=(*config.feeds, f"ws://127.0.0.1:{port}/events"))
    finally:
        _stop(child)


def _command(config: Config, story: Story, port: int) -> list[str]:
    options = {
        "--port": str(port),
        "--scenario": story.scenario,
        "--district": str(config.district_dir),
        "--epoch": format_iso(story.epoch_at),
    }
    if "://" not in config.db:
        options["--orders"] = f"{config.db}.orders.json"
    return [*program(), "simulate", *(word for pair in options.items() for word in pair), "--until-eof"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop(child: subprocess.Popen[bytes]) -> None:
    """The end of its standard input tells the child to go; it is made to when it does not."""
    assert child.stdin is not None
    child.stdin.close()
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _story(config: Config, now: Instant) -> Story:
    """The story that the journal's sidecar tells, while it is of this scenario and of this shift."""
    assert config.drill is not None
    scenario = str(config.drill.resolve())
    if "://" in config.db:
        return Story(scenario, now)
    sidecar = Path(f"{config.db}.drill.json")
    known = _read(sidecar)
    if known is not None and known.scenario == scenario and now - known.epoch_at < STORY_MS:
        return known
    _put_away(Path(config.db), now)
    story = Story(scenario, now)
    sidecar.write_bytes(msgspec.json.encode(story))
    return story


def _read(sidecar: Path) -> Story | None:
    """None when there is none; a damaged sidecar means a new story, and loses nothing of the journal."""
    try:
        return msgspec.json.decode(sidecar.read_bytes(), type=Story)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _put_away(journal: Path, now: Instant) -> None:
    """An ended exercise is kept under the time at which the next one began; it is evidence for the review."""
    stamp = format_iso(now)[:19].replace(":", "")
    for part in ("", "-wal", "-shm"):
        old = Path(f"{journal}{part}")
        if old.exists():
            old.rename(journal.with_name(f"{journal.stem}-{stamp}{journal.suffix}{part}"))
