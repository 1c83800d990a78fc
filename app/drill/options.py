"""The options of `simulate`, and the scenarios and policies that `drill` knows by name.

Owns names, defaults and the check of their values. Must not start anything.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from app.arguments import Parser, instant, listed, number, whole
from app.config import default_district
from app.domain.errors import ConfigError
from app.domain.instants import Instant
from app.i18n import tr
from app.paths import bundled_data_dir

DEFAULT_SCENARIO = "quiet"
DEFAULT_PORT = 8765
KEEP = 20_000
TEMPLATES = "templates.toml"
RECOMMENDED, NEAREST, NONE = "recommended", "nearest", "none"
POLICIES = (RECOMMENDED, NEAREST, NONE)
"""Who is sent in a drill without a window: officers.py."""
_NO_SCENARIOS = (TEMPLATES, "second_reports.toml")
"""They stand beside the bundled scenarios and are none."""


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """`rate` is in messages a second; None leaves the scenario's pace. `epoch_at` None is the moment of starting.

    `orders` is a file in which tasks are kept, so that a simulator that was killed goes on with them. With
    `replay_log` and `mapping` the messages come from a call log instead of a scenario, `speed` times as fast as it
    happened or, where `speed` is None, at `rate`.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    rate: float | None = None
    seed: int | None = None
    scenario: Path | None = None
    district: Path | None = None
    malformed: float = 0.0
    duration_s: float | None = None
    epoch_at: Instant | None = None
    keep: int = KEEP
    orders: Path | None = None
    stamp: bool = False
    until_eof: bool = False
    replay_log: Path | None = None
    mapping: Path | None = None
    speed: float | None = None


def add_arguments(parser: Parser) -> None:
    """Adds the options of `simulate` to a parser."""
    pace, count = number(float, 0.001, 1e6), number(int, 1, 10_000_000)

    def add(name: str, kind: object, metavar: str, default: object = None) -> None:
        text = tr(f"feed.simulate.help.{name.removeprefix('--').replace('-', '_')}")
        parser.add_argument(name, type=kind, metavar=metavar, default=default, help=text)  # type: ignore[arg-type]

    add("--host", str, "ADDRESS", "127.0.0.1")
    add("--port", number(int, 0, 65_535), "N", DEFAULT_PORT)
    add("--rate", pace, "EVENTS_PER_S")
    add("--seed", whole, "N")
    add("--scenario", scenario_file, "FILE")
    add("--district", Path, "DIR")
    add("--malformed", number(float, 0.0, 0.95), "FRACTION", 0.0)
    add("--duration", pace, "S")
    add("--epoch", instant, "ISO_TIME")
    add("--keep", count, "N", KEEP)
    add("--orders", Path, "FILE")
    add("--replay-log", Path, "CSV")
    add("--mapping", mapping_file, "TOML")
    add("--speed", pace, "X")
    parser.add_argument("--stamp", action="store_true", help=tr("feed.simulate.help.stamp"))
    parser.add_argument("--until-eof", action="store_true", help=tr("feed.simulate.help.until_eof"))
    parser.check = fault_of


def options_of(parsed: argparse.Namespace) -> SimulateOptions:
    """What was parsed, in one typed piece."""
    return SimulateOptions(
        host=parsed.host,
        port=parsed.port,
        rate=parsed.rate,
        seed=parsed.seed,
        scenario=parsed.scenario,
        district=parsed.district,
        malformed=parsed.malformed,
        duration_s=parsed.duration,
        epoch_at=parsed.epoch,
        keep=parsed.keep,
        orders=parsed.orders,
        stamp=parsed.stamp,
        until_eof=parsed.until_eof,
        replay_log=parsed.replay_log,
        mapping=parsed.mapping,
        speed=parsed.speed,
    )


def fault_of(parsed: argparse.Namespace) -> str | None:
    """What is wrong with options that only mean something together."""
    if parsed.replay_log is not None and parsed.mapping is None:
        return tr("feed.simulate.mapping_missing", names=listed(_stems("mappings")))
    if parsed.replay_log is None and (parsed.mapping is not None or parsed.speed is not None):
        return tr("feed.simulate.log_missing", option="--mapping" if parsed.mapping else "--speed")
    return None


def scenario_file(name: str) -> Path:
    """A kind of value: a scenario by path, or by the name of a bundled one."""
    return _bundled(name, "drills", "cli.scenario_missing")


def is_bundled(scenario: Path) -> bool:
    """Whether it came with the program, and so was read by its tests."""
    return scenario.parent == bundled_data_dir() / "drills"


def mapping_file(name: str) -> Path:
    """A kind of value: a mapping by path, or by the name of a bundled one."""
    return _bundled(name, "mappings", "feed.simulate.no_mapping")


def bundled_scenarios() -> list[str]:
    """The names of the scenarios that come with the program."""
    return _stems("drills")


def district_folder(asked: Path | None) -> Path:
    """The district that was asked for, else the bundled one. Raises ConfigError when there is no such folder."""
    if asked is not None and not asked.is_dir():
        raise ConfigError(tr("cli.not_a_folder" if asked.exists() else "cli.district_missing", path=asked))
    return asked or default_district()


def _bundled(name: str, folder: str, missing: str) -> Path:
    path, bundled = Path(name), _stems(folder)
    if path.is_file() if path.suffix else name in bundled:
        return path if path.suffix else bundled_data_dir() / folder / f"{name}.toml"
    raise argparse.ArgumentTypeError(tr(missing, text=name, names=listed(bundled)))


def _stems(folder: str) -> list[str]:
    files = (bundled_data_dir() / folder).glob("*.toml")
    return sorted(path.stem for path in files if path.name not in _NO_SCENARIOS)
