"""The options of `simulate`.

Owns names, defaults and the check of their values. Must not start anything.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.config import default_district
from app.domain.instants import Instant, parse_iso
from app.i18n import tr
from app.paths import bundled_data_dir

DEFAULT_SCENARIO = "quiet"
DEFAULT_PORT = 8765
KEEP = 20_000

Number = TypeVar("Number", int, float)


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `simulate` to a parser."""

    def add(name: str, kind: object, metavar: str, default: object = None) -> None:
        text = tr(f"feed.simulate.help.{name.removeprefix('--').replace('-', '_')}")
        parser.add_argument(name, type=kind, metavar=metavar, default=default, help=text)  # type: ignore[arg-type]

    add("--host", str, "ADDRESS", "127.0.0.1")
    add("--port", _port, "N", DEFAULT_PORT)
    add("--rate", _positive, "EVENTS_PER_S")
    add("--seed", int, "N")
    add("--scenario", scenario_file, "FILE")
    add("--district", Path, "DIR")
    add("--malformed", _fraction, "FRACTION", 0.0)
    add("--duration", _positive, "S")
    add("--epoch", _instant, "ISO_TIME")
    add("--keep", _count, "N", KEEP)
    add("--orders", Path, "FILE")
    add("--replay-log", Path, "CSV")
    add("--mapping", mapping_file, "TOML")
    add("--speed", _positive, "X")
    parser.add_argument("--stamp", action="store_true", help=tr("feed.simulate.help.stamp"))
    parser.add_argument("--until-eof", action="store_true", help=tr("feed.simulate.help.until_eof"))


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


def scenario_file(name: str) -> Path:
    """A scenario by path, or by the name of a bundled one."""
    return _bundled(name, "drills")


def mapping_file(name: str) -> Path:
    """A mapping by path, or by the name of a bundled one."""
    return _bundled(name, "mappings")


def district_dir(options: SimulateOptions) -> Path:
    """The district that was asked for, else the bundled one."""
    return options.district or default_district()


def _bundled(name: str, folder: str) -> Path:
    path = Path(name)
    return path if path.suffix else bundled_data_dir() / folder / f"{name}.toml"


def _port(text: str) -> int:
    return _checked(int(text), 0, 65535, text)


def _count(text: str) -> int:
    return _checked(int(text), 1, 10_000_000, text)


def _positive(text: str) -> float:
    return _checked(float(text), 1e-6, 1e6, text)


def _fraction(text: str) -> float:
    return _checked(float(text), 0.0, 0.95, text)


def _checked(value: Number, least: float, most: float, text: str) -> Number:
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(tr("feed.simulate.bad_number", text=text, least=least, most=most))
    return value


def _instant(text: str) -> Instant:
    try:
        return parse_iso(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
