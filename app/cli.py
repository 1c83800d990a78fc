"""The command line: what can be asked, and the commands that need no window.

Owns arguments, one clear line per error and exit codes: 0 done, 1 failed, 2 wrong use. Must not import Qt: main.py
hands `console` and `bench` over to the widgets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from app.config import Config, default_db, default_district
from app.domain.errors import StreetdeskError
from app.domain.instants import parse_iso
from app.i18n import LANGUAGES, set_language, tr
from app.paths import bundled_data_dir

DONE, FAILED, WRONG_USE = 0, 1, 2
COMMANDS = ("console", "simulate", "serve", "replay", "verify", "bench")
BENCHES = ("startup", "journal", "latency")


class _Help(argparse.HelpFormatter):
    """Help whose own words are in the language of the call too."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, tr("cli.usage") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        known = {"positional arguments": "cli.arguments", "options": "cli.options"}
        super().start_section(tr(known[heading]) if heading in known else heading)


class _Parser(argparse.ArgumentParser):
    """Says in one line what was wrong and where help is."""

    def __init__(self, add_help: bool = True, **options: Any) -> None:
        super().__init__(add_help=False, **({"formatter_class": _Help} | options))
        if add_help:
            self.add_argument("-h", "--help", action="help", help=tr("cli.help.help"))

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message} ({tr('cli.see_help', command=self.prog)})\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of one call; no command means console. Exits with 2 on wrong use."""
    common, words = _common(verbose=False, lang=LANGUAGES[0]).parse_known_args(list(argv))
    set_language(common.lang)
    asks_help = any(word in ("-h", "--help") for word in words)
    if not words or (words[0].startswith("-") and not asks_help):
        words.insert(0, "console")
    return _parser().parse_args(words, namespace=common)


def run(options: argparse.Namespace) -> int:
    """Runs a command without a window."""
    return guarded(options, lambda: int(options.run(options)))


def guarded(options: argparse.Namespace, action: Callable[[], int]) -> int:
    """Any failure is one clear line on standard error; --verbose adds where it came from."""
    logging.basicConfig(level=logging.INFO if options.verbose else logging.WARNING, stream=sys.stderr)
    try:
        return action()
    except KeyboardInterrupt:
        return DONE
    except (StreetdeskError, OSError, ValueError) as fault:
        if options.verbose:
            traceback.print_exc()
        print(f"streetdesk: {fault}", file=sys.stderr)
        return FAILED


def config_of(options: argparse.Namespace) -> Config:
    """The desk that the options of console and serve describe."""
    drill = _drill_file(options)
    return Config(
        db=options.db or default_db("drill" if drill else "live"),
        district_dir=options.district or default_district(),
        feeds=tuple(options.feed),
        drill=drill,
        desk=options.desk,
        actor=options.officer,
        language=options.lang,
        theme=options.theme,
    )


def _drill_file(options: argparse.Namespace) -> Path | None:
    """A scenario by path or by the name of a bundled one. Without any source named, the bundled exercise is shown."""
    name = options.drill
    if name is None:
        if options.feed or options.db:
            return None
        name = "demo"
    path = Path(name)
    return path if path.suffix else bundled_data_dir() / "drills" / f"{name}.toml"


# -- commands --------------------------------------------------------------------------------------------------------


def _simulate(options: argparse.Namespace) -> int:
    from app.drill.options import options_of
    from app.drill.server import serve

    return serve(options_of(options))


def _serve(options: argparse.Namespace) -> int:
    from app.drill.child import attached_drill
    from app.service.clock import SystemClock

    with attached_drill(config_of(options), SystemClock().now()) as config:
        return asyncio.run(_serve_until_told(config))


async def _serve_until_told(config: Config) -> int:
    from app.bootstrap import App

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = App(config)
    try:
        await app.start()
        await app.connect()
        print(tr("cli.serving", db=config.db, feeds=len(config.feeds)), flush=True)
        await stop.wait()
    finally:
        await app.close()
    return DONE


def _replay(options: argparse.Namespace) -> int:
    from app.service.past import dump_at

    at = parse_iso(options.at) if options.at else None
    state = dump_at(options.db, at)
    Path(options.dump).write_text(
        json.dumps(state, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from app.journal.store import ANY_MODE, open_journal
    from app.service.clock import SystemClock

    journal = open_journal(options.db, clock=SystemClock().now, mode=ANY_MODE, readonly=True)
    try:
        verdict = journal.verify()
    finally:
        journal.close()
    if verdict.ok:
        print(tr("cli.chain_holds", events=verdict.events))
        return DONE
    print(tr("cli.chain_broken", seq=verdict.first_bad_seq, reason=verdict.reason), file=sys.stderr)
    return FAILED


# -- arguments -------------------------------------------------------------------------------------------------------


def _common(**defaults: object) -> _Parser:
    """What may stand before a command as well as behind it; help speaks the language that the call asks for."""
    common = _Parser(prog="streetdesk", add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--verbose", action="store_true", help=tr("cli.help.verbose"))
    common.add_argument("--lang", choices=LANGUAGES, help=tr("cli.help.lang"))
    common.set_defaults(**defaults)
    return common


def _parser() -> _Parser:
    common = _common()
    parser = _Parser(prog="streetdesk", description=tr("cli.help.streetdesk"), parents=[common])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, action: Callable[[argparse.Namespace], int] | None) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, help=tr(f"cli.help.{name}"), description=tr(f"cli.help.{name}"), parents=[common]
        )
        added.set_defaults(run=action)
        return added

    console = add("console", None)
    _add_desk(console)
    console.add_argument("--screenshot", type=Path, metavar="DIR", help=tr("cli.help.screenshot"))
    console.add_argument("--after", type=_seconds, default=8.0, metavar="SECONDS", help=tr("cli.help.after"))
    console.add_argument("--size", type=_size, metavar="WxH", help=tr("cli.help.size"))
    _add_desk(add("serve", _serve))
    _add_simulate(add("simulate", _simulate))
    replay = add("replay", _replay)
    replay.add_argument("db", metavar="DB", help=tr("cli.help.db"))
    replay.add_argument("--at", metavar="ISO_TIME", help=tr("cli.help.at"))
    replay.add_argument("--dump", required=True, metavar="OUT.json", help=tr("cli.help.dump"))
    add("verify", _verify).add_argument("db", metavar="DB", help=tr("cli.help.db"))
    bench = add("bench", None)
    bench.add_argument("name", nargs="?", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    return parser


def _add_desk(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", metavar="URL", help=tr("cli.help.db"))
    parser.add_argument("--district", type=Path, metavar="DIR", help=tr("cli.help.district"))
    parser.add_argument(
        "--feed", action="append", type=_feed_url, default=[], metavar="URL", help=tr("cli.help.feed")
    )
    parser.add_argument("--drill", metavar="SCENARIO", help=tr("cli.help.drill"))
    parser.add_argument("--desk", default="desk-1", metavar="NAME", help=tr("cli.help.desk"))
    parser.add_argument("--officer", default="officer", metavar="NAME", help=tr("cli.help.officer"))
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help=tr("cli.help.theme"))


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    from app.drill.options import add_arguments

    add_arguments(parser)


def _feed_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_feed = parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_feed = False
    if not is_feed:
        raise argparse.ArgumentTypeError(tr("cli.bad_feed", text=text))
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < 3600:
        raise argparse.ArgumentTypeError(tr("cli.bad_seconds", text=text))
    return seconds


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 640 and int(height) >= 480):
        raise argparse.ArgumentTypeError(tr("cli.bad_size", text=text))
    return int(width), int(height)
