"""The command `drill SCENARIO`: an exercise played through without a window, and what it came to.

Owns its options, the pace, a clean stop and the printed summary. The playing is drill_play.py's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.arguments import Parser, listed, number, whole
from app.domain.errors import ConfigError
from app.drill.options import POLICIES, RECOMMENDED, bundled_scenarios, district_folder, scenario_file
from app.i18n import tr

DONE, FAILED = 0, 1
MOST_SPEED = 100_000.0
LONGEST_S = 7 * 86_400.0


def add_drill(commands: Any, common: Parser) -> None:
    about = tr("drill.help.drill")
    drill = commands.add_parser("drill", help=about, description=about, parents=[common])
    names = listed(bundled_scenarios())
    drill.add_argument(
        "scenario", type=scenario_file, metavar="SCENARIO", help=tr("drill.help.scenario", names=names)
    )

    def add(option: str, help_key: str = "", **kind: Any) -> None:
        text = tr(help_key or f"drill.help.{option.removeprefix('--')}")
        drill.add_argument(option, help=text, **kind)

    add("--speed", type=number(float, 0.0, MOST_SPEED), default=0.0, metavar="N")
    add("--seed", type=whole, metavar="N")
    add("--policy", choices=POLICIES, default=RECOMMENDED, metavar="|".join(POLICIES))
    add("--report", type=Path, metavar="OUT.json")
    add("--duration", type=number(float, 1.0, LONGEST_S), metavar="S")
    add("--db", metavar="URL")
    add("--district", "cli.help.district", type=Path, metavar="DIR")
    drill.set_defaults(run=_drill)


def _drill(options: argparse.Namespace) -> int:
    """Raises StreetdeskError with one line that says what was wrong."""
    if options.report is not None and not options.report.absolute().parent.is_dir():
        folder = options.report.absolute().parent
        raise ConfigError(tr("cli.folder_missing", folder=folder, path=options.report))
    return asyncio.run(_played(options))


async def _played(options: argparse.Namespace) -> int:
    from app.drill_play import DrillPlan, open_drill, paced

    stop = _Stop()
    plan = DrillPlan(
        options.scenario,
        district_folder(options.district),
        options.policy,
        options.seed,
        options.duration,
        options.db,
    )
    async with open_drill(plan) as drill:
        if not await drill.play(paced(options.speed, time.monotonic, stop.wait)):
            print(f"streetdesk: {tr('drill.stopped', at=drill.story_time)}", file=sys.stderr)
            return FAILED
        report = await drill.report()
    if options.report is not None:
        _write(options.report, report)
    for line in _summary(report["metrics"]):
        print(line)
    if options.report is not None:
        print(tr("drill.report", path=options.report))
    return DONE


class _Stop:
    """What SIGINT and SIGTERM say; made on the loop that they are to stop."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows: Ctrl+C raises KeyboardInterrupt there
                asyncio.get_running_loop().add_signal_handler(signal_number, self._told.set)

    async def wait(self, seconds: float) -> bool:
        """False as soon as it was told to stop; nothing to wait for still lets signals in."""
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            return not self._told.is_set()
        return False


def _write(path: Path, report: dict[str, Any]) -> None:
    from app.exchange.whole_file import whole_file

    text = json.dumps(report, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    try:
        with whole_file(path) as beside:
            beside.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise ConfigError(tr("cli.not_written", path=path, reason=fault.strerror)) from None


# -- what is printed -------------------------------------------------------------------------------------------------


def _summary(metrics: dict[str, Any]) -> Iterator[str]:
    names = ("scenario", "seed", "policy", "incidents", "arrived")
    yield tr("drill.summary", **{name: metrics[name] for name in names})
    if metrics["arrived"]:
        yield tr("drill.arrival", **_times(metrics["arrival_s"]))
        for priority, found in metrics["arrival_s_by_priority"].items():
            yield tr("drill.arrival_of", priority=priority, count=found["count"], **_times(found))
    yield tr("drill.orders", sent=metrics["orders_sent"], declined=metrics["orders_declined"])
    if "alarms" in metrics:
        yield tr("drill.alarms", **metrics["alarms"])
    if metrics["not_served"]:
        causes = (
            tr("drill.cause", why=tr(f"drill.why.{why}"), count=count)
            for why, count in metrics["not_served_why"].items()
        )
        yield tr("drill.not_served", count=metrics["not_served"], causes=listed(causes))


def _times(found: dict[str, Any]) -> dict[str, str]:
    return {name: _clock(found[name]) for name in ("mean", "p50", "p90")}


def _clock(seconds: float | None) -> str:
    """As on a stop watch: minutes and seconds."""
    if seconds is None:
        return tr("drill.nothing")
    minutes, rest_s = divmod(round(seconds), 60)
    return f"{minutes}:{rest_s:02}"
